"""The tables of the migration guides: each left side is reported with what the right side says.

The guides are those of MMGeneration, MMagic, MMEditing and MMEngine; where they contradict themselves (a learning rate
that changes, a sample model), the old value counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.deprecated.kit import advised, diagnose, found

if TYPE_CHECKING:
    from pathlib import Path

GUIDES: dict[str, tuple[str, dict[str, str]]] = {
    'runner and schedule': (
        """
total_iters = 1000000
runner = dict(type='DynamicIterBasedRunner', is_dynamic_ddp=False, pass_training_status=True)
""",
        {
            'total_iters': 'train_cfg = dict(by_epoch=False, val_begin=1, max_iters=1000000)',
            'runner': 'train_cfg = dict(by_epoch=False, val_begin=1, max_iters=1000000)',
        },
    ),
    'evaluation': (
        """
evaluation = dict(
    type='GenerativeEvalHook',
    interval=10000,
    metrics=[dict(type='FID', num_images=50000, bgr2rgb=True, inception_args=dict(type='StyleGAN'))],
    best_metric=['fid', 'is'],
    sample_kwargs=dict(sample_model='ema'))
""",
        {'evaluation': 'decide by hand: 1.x has no metric `FID`'},
    ),
    'distributed training': (
        """
use_ddp_wrapper = True
find_unused_parameters = False
runner = dict(type='DynamicIterBasedRunner', is_dynamic_ddp=True)
""",
        {
            'use_ddp_wrapper': "dict(type='MMSeparateDistributedDataParallel', broadcast_buffers=False, find_unused_",
            'runner': 'train_cfg = dict(by_epoch=False',
        },
    ),
    'optimizers': (
        """
optimizer = dict(
    generator=dict(type='Adam', lr=0.0001, betas=(0.0, 0.999), eps=1e-6),
    discriminator=dict(type='Adam', lr=0.0004, betas=(0.0, 0.999), eps=1e-6))
""",
        {'optimizer': "generator=dict(optimizer=dict(type='Adam', lr=0.0001"},
    ),
    'accumulation': (
        """
data = dict(train=dict(type='UnconditionalImageDataset'))
model = dict(type='BasiccGAN', gan_loss=dict(type='GANLoss', gan_type='hinge'))
train_cfg = dict(disc_steps=8, gen_steps=1, batch_accumulation_steps=8, use_ema=True)
""",
        {'train_cfg': '`batch_accumulation_steps` is called `accumulative_counts` now'},
    ),
    'learning rate': (
        """
lr_config = dict(policy='Linear', by_epoch=False, target_lr=0, start=135000, interval=1350)
""",
        {'lr_config': 'decide by hand: write `start_factor` of `LinearLrInterval`'},
    ),
    'visualization': (
        """
data = dict()
custom_hooks = [dict(type='VisualizeUnconditionalSamples', output_dir='training_samples', interval=1000)]
""",
        {'custom_hooks': "vis_kwargs_list=dict(type='GAN', name='fake_img')"},
    ),
    'mixed precision': (
        "optimizer = dict(type='SGD', lr=0.1)\nrunner = dict(type='IterBasedRunner', fp16_loss_scaler=dict(init_scale=512))\n",
        {'optimizer': "type='AmpOptimWrapper'"},
    ),
    'data': (
        """
data = dict(samples_per_gpu=None, workers_per_gpu=4, train=dict(a=1), val=dict(a=1), test=dict(a=1))
""",
        {'data': 'train_dataloader = dict(batch_size=None, num_workers=4'},
    ),
    'pipelines': (
        """
train_pipeline = [
    dict(type='LoadImageFromFile', key='real_img', io_backend='disk'),
    dict(type='Flip', keys=['real_img'], direction='horizontal'),
    dict(type='Normalize', keys=['real_img'], mean=[127.5] * 3, std=[127.5] * 3, to_rgb=False),
    dict(type='ImageToTensor', keys=['real_img']),
    dict(type='Collect', keys=['real_img'], meta_keys=['real_img_path'])
]
data = dict(train=dict(type='UnconditionalImageDataset', pipeline=train_pipeline))
""",
        {
            # The guide is for MMGeneration 1.x, which calls the picture `img`; for MMagic, which took it over, it is `gt`.
            'train_pipeline': "dict(type='Flip', keys=['gt'], direction='horizontal'), dict(type='PackInputs', meta_keys=['gt_path'])]"
        },
    ),
    'runtime settings': (
        """
checkpoint_config = dict(interval=5000, save_optimizer=True, by_epoch=False)
log_config = dict(
    interval=100,
    hooks=[dict(type='TextLoggerHook', by_epoch=False), dict(type='TensorboardLoggerHook')])
visual_config = None
dist_params = dict(backend='nccl')
log_level = 'INFO'
load_from = None
resume_from = None
workflow = [('train', 1)]
""",
        {
            'checkpoint_config': "type='CheckpointHook', interval=5000, save_optimizer=True, by_epoch=False",
            'log_config': "logger=dict(type='LoggerHook', interval=100",
            'visual_config': 'remove it',
            'dist_params': "env_cfg = dict(dist_cfg=dict(backend='nccl'))",
            'resume_from': 'resume = False',
            'workflow': 'remove it',
        },
    ),
    'hand-written runner': (
        """
lr_config = dict(policy='step', step=[2, 3])
optimizer_config = dict(grad_clip=None)
log_config = dict(interval=10, hooks=[dict(type='TextLoggerHook')])
""",
        {
            'lr_config': "dict(type='MultiStepLR', milestones=[2, 3], by_epoch=True, begin=0)",
            'optimizer_config': 'remove it',
            'log_config': 'interval=10',
        },
    ),
}


@pytest.mark.parametrize('name', GUIDES)
def test_guide(name: str, tmp_path: Path) -> None:
    text, expected = GUIDES[name]
    said = [each for each in diagnose(tmp_path, text.lstrip('\n')) if each.rule != 'legacy-config']
    assert len({each.key for each in said}) == len(said)
    for key, words in expected.items():
        assert words in advised(found(said, key)), key
    assert not {'log_level', 'load_from', 'find_unused_parameters'} & {each.key for each in said}
