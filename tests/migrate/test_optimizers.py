from typing import Any

from tests.migrate.kit import mapped, value


def wrapper(text: str, lib: str = 'mmdet') -> dict[str, Any]:
    return value(text, lib)['optim_wrapper']


def test_an_optimizer_is_wrapped() -> None:
    assert wrapper("optimizer = dict(type='SGD', lr=0.02)\noptimizer_config = dict(grad_clip=None)") == {
        'type': 'OptimWrapper',
        'optimizer': {'type': 'SGD', 'lr': 0.02},
    }


def test_what_is_no_argument_of_the_optimizer_moves_beside_it() -> None:
    text = """
optimizer = dict(type='AdamW', lr=1e-4, constructor='DefaultOptimizerConstructor', paramwise_cfg=dict(norm_decay_mult=0.0))
optimizer_config = dict(grad_clip=dict(max_norm=0.1, norm_type=2))
"""
    assert wrapper(text) == {
        'type': 'OptimWrapper',
        'optimizer': {'type': 'AdamW', 'lr': 1e-4},
        'constructor': 'DefaultOptimWrapperConstructor',
        'paramwise_cfg': {'norm_decay_mult': 0.0},
        'clip_grad': {'max_norm': 0.1, 'norm_type': 2},
    }


def test_mixed_precision_keeps_the_scale_of_mmcv() -> None:
    assert wrapper("optimizer = dict(type='SGD', lr=0.02)\nfp16 = dict()")['loss_scale'] == 512.0
    assert wrapper("optimizer = dict(type='SGD', lr=0.02)\nfp16 = dict(loss_scale=8)") == {
        'type': 'AmpOptimWrapper',
        'optimizer': {'type': 'SGD', 'lr': 0.02},
        'loss_scale': 8.0,
    }
    assert wrapper("optimizer = dict(type='SGD', lr=0.02)\nfp16 = None")['type'] == 'OptimWrapper'


def test_accumulation() -> None:
    text = "optimizer = dict(type='SGD', lr=1)\noptimizer_config = dict(type='GradientCumulativeOptimizerHook', cumulative_iters=4)"
    assert wrapper(text)['accumulative_counts'] == 4


def test_an_optimizer_a_module() -> None:
    text = "optimizer = dict(generator=dict(type='Adam', lr=1e-4), discriminator=dict(type='Adam', lr=4e-4))"
    assert wrapper(text, 'mmgen') == {
        'constructor': 'MultiOptimWrapperConstructor',
        'generator': {'optimizer': {'type': 'Adam', 'lr': 1e-4}},
        'discriminator': {'optimizer': {'type': 'Adam', 'lr': 4e-4}},
    }


def test_regular_expressions_are_a_question() -> None:
    text = r"optimizer = dict(type='LARS', lr=1, paramwise_options={'^head\\.[a-c]': dict(weight_decay=0.)})"
    (path, reason) = mapped(text, 'mmselfsup').todos()[0]
    assert path == 'optim_wrapper.paramwise_cfg.custom_keys'
    assert 'regular expressions' in reason
