"""When the section models are asked, and where what they say is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules import family
from tests.kit import repo


def diagnose(folder: Path, files: dict[str, str]) -> list[Diagnostic]:
    """Return what the rules of the family say of the last of the files."""
    return repo.diagnose(folder, files, list(files)[-1], rules=family('schema'))


def test_none_in_a_fragment_is_left_for_a_child(tmp_path: Path) -> None:
    text = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=None)\n"
    assert diagnose(tmp_path, {'_base_/schedule.py': text}) == []
    (found,) = diagnose(tmp_path, {'config.py': text + "model = dict(type='A')\n"})
    assert (found.rule, found.key) == ('wrong-type', 'train_cfg.max_epochs')


def test_what_a_replaced_type_leaves_over_is_told_at_the_new_type(tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, {
        'base.py': "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1, momentum=0.9))\n",
        'config.py': "_base_ = 'base.py'\noptim_wrapper = dict(optimizer=dict(type='Adam'))\n",
    })  # fmt: skip
    assert found.key == 'optim_wrapper.optimizer.momentum'
    assert Path(found.path).name == 'config.py' and '`SGD`' in found.message


def test_a_name_that_the_library_has_for_its_own_is_left_to_it(tmp_path: Path) -> None:
    loader = "train_dataloader = dict(dataset=dict(type='ConcatDataset', datasets=[], pipeline=[]), batch_size=1)\n"
    assert diagnose(tmp_path, {'own.py': "default_scope = 'mmocr'\n" + loader}) == []
    keys = {found.key for found in diagnose(tmp_path, {'plain.py': "default_scope = 'mmengine'\n" + loader})}
    assert 'train_dataloader.dataset.pipeline' in keys


def test_the_model_settings_of_0x_are_not_a_loop(tmp_path: Path) -> None:
    model = "default_scope = 'mmdet'\nmodel = dict(type='A')\n"
    assert diagnose(tmp_path, {'a.py': model + 'test_cfg = dict(score_thr=0.05, max_per_img=100)\n'}) == []
    assert diagnose(tmp_path, {'b.py': model + 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'}) != []


def test_wrappers_of_mmengine_within_those_of_libraries(tmp_path: Path) -> None:
    wrapped = (
        "dict(type='mmdet.MultiImageMixDataset', dataset=dict(type='RepeatDataset', times='3', dataset=dict(type='A')))"
    )
    (found,) = diagnose(tmp_path, {'config.py': f'train_dataloader = dict(batch_size=1, dataset={wrapped})\n'})
    assert (found.rule, found.key) == ('wrong-type', 'train_dataloader.dataset.dataset.times')
    several = "dict(type='Mine', datasets=[dict(type='A'), dict(type='RepeatDataset', dataset=dict(type='A'))])"
    (found,) = diagnose(
        tmp_path, {'b.py': f'model = dict(type="M")\ntrain_dataloader = dict(batch_size=1, dataset={several})\n'}
    )
    assert (found.rule, found.key) == ('missing-field', 'train_dataloader.dataset.datasets.1')


def test_the_optimizer_under_another_name(tmp_path: Path) -> None:
    text = "model = dict(type='A')\noptim_wrapper = dict(optimiser=dict(type='SGD', lr=0.1))\n"
    (found,) = diagnose(tmp_path, {'config.py': text})
    assert (found.rule, found.key) == ('misspelt-field', 'optim_wrapper.optimiser')
    assert found.fix is not None and found.fix.edits[0].content == 'optimizer'


def test_optimizers_of_a_custom_constructor(tmp_path: Path) -> None:
    optimizers = (
        "a=dict(optimizer=dict(type='Adam', lr='many')), b=dict(optimizer=dict(type='Adam', lr=1, bettas=(0, 0.9)))"
    )
    text = f"model = dict(type='A')\noptim_wrapper = dict(constructor='MultiOptimWrapperConstructor', {optimizers})\n"
    assert sorted((found.rule, found.key) for found in diagnose(tmp_path, {'config.py': text})) == [
        ('misspelt-field', 'optim_wrapper.b.optimizer.bettas'),
        ('wrong-type', 'optim_wrapper.a.optimizer.lr'),
    ]
    # What a constructor takes for itself, or gives, only it knows.
    text = "optim_wrapper = dict(constructor='Mine', optimizer=dict(type='Adam', groups=3))\n"
    assert diagnose(tmp_path, {'b.py': "model = dict(type='A')\n" + text}) == []


def test_wrappers_of_a_custom_constructor(tmp_path: Path) -> None:
    wrappers = (
        "a=dict(type='OptimWrapper', opttimizer=dict(type='Adam', lr=0.1)), "
        "b=dict(type='AmpOptimWrapper', optimizer=dict(type='Adam', lr=0.1), accumulative_counts=0, loss_scale='dynamic'), "
        "c=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=0.1), groups=3)"
    )
    text = f"model = dict(type='A')\noptim_wrapper = dict(constructor='MultiOptimWrapperConstructor', {wrappers})\n"
    assert sorted((found.rule, found.key) for found in diagnose(tmp_path, {'config.py': text})) == [
        ('misspelt-field', 'optim_wrapper.a.opttimizer'),
        ('value-out-of-range', 'optim_wrapper.b.accumulative_counts'),
    ]


def test_what_a_constructor_takes_out_of_the_optimizer(tmp_path: Path) -> None:
    text = (
        "default_scope = 'mmselfsup'\nmodel = dict(type='MAE')\noptim_wrapper = dict(\n"
        "    optimizer=dict(type='AdamW', lr=1e-3, model_type='vit', layer_decay_rate=0.65, momentum=0.9),\n"
        "    constructor='mmselfsup.LearningRateDecayOptimWrapperConstructor')\n"
    )
    found = diagnose(tmp_path, {'config.py': text})
    assert [each.key for each in found] == ['optim_wrapper.optimizer.momentum']


def test_what_the_users_constructor_takes_out_of_the_optimizer(tmp_path: Path) -> None:
    code = (
        'from mmengine.optim import DefaultOptimWrapperConstructor\n'
        'from mmengine.registry import OPTIM_WRAPPER_CONSTRUCTORS\n'
        '@OPTIM_WRAPPER_CONSTRUCTORS.register_module()\n'
        'class Scaling(DefaultOptimWrapperConstructor):\n'
        '    def __call__(self, model):\n'
        "        self.optimizer_cfg.pop('batch_size_per_gpu')\n"
        '        return super().__call__(model)\n'
        '@OPTIM_WRAPPER_CONSTRUCTORS.register_module()\n'
        'class Other(Scaling):\n    pass\n'
    )
    for name in ('Scaling', 'Other'):
        text = (
            "default_scope = 'mmdet'\ncustom_imports = dict(imports=['own'])\noptim_wrapper = dict(\n"
            f"    constructor='{name}', optimizer=dict(type='AdamW', lr=1, batch_size_per_gpu=16, nesterov=True))\n"
        )
        found = diagnose(tmp_path, {'mmdet/version.py': "__version__ = '3.3.0'\n", 'own.py': code, 'config.py': text})
        assert [each.key for each in found] == ['optim_wrapper.optimizer.nesterov']


@pytest.mark.parametrize(
    ('text', 'keys'),
    [
        ('train_cfg = dict(max_epochs=3)', []),
        ("train_cfg = dict(type='IterBasedTrainLoop', max_epochs=3)", ['train_cfg.max_epochs']),
        ('default_hooks = dict(checkpoint=dict(total=3))', []),
        ("optim_wrapper = dict(optimizer=dict(type='AdamW', lr=1, layer_decay_rate=0.65))", []),
        (
            "optim_wrapper = dict(constructor=None, optimizer=dict(type='AdamW', lr=1, layer_decay_rate=0.65))",
            ['optim_wrapper.optimizer.layer_decay_rate'],
        ),
        ('env_cfg = dict(total=3)', ['env_cfg.total']),
    ],
)
def test_a_base_that_is_not_known_may_name_the_class(text: str, keys: list[str], tmp_path: Path) -> None:
    files = {'config.py': f"_base_ = 'mmhuman3d::_base_/default_runtime.py'\n{text}\n"}
    assert [each.key for each in diagnose(tmp_path, files) if each.rule == 'unknown-field'] == keys


def test_a_value_without_name_is_never_logged(tmp_path: Path) -> None:
    text = "model = dict(type='A')\nlog_processor = dict(custom_cfg=[dict(data_src='{}', method='mean')])\n"
    (found,) = diagnose(tmp_path, {'config.py': text.format('')})
    assert (found.rule, found.key) == ('value-out-of-range', 'log_processor.custom_cfg.0.data_src')
    assert found.severity is Severity.WARNING
    assert 'misspelt-field' in [each.rule for each in diagnose(tmp_path, {'config.py': text.format('loss')})]


@pytest.mark.parametrize('written', ['[]', '{}', "['A']", "('A',)"])
def test_a_type_that_cannot_be_one_is_told_as_such(tmp_path: Path, written: str) -> None:
    (found,) = diagnose(tmp_path, {'config.py': f'model = dict(type={written}, backbone=dict(depth=50))\n'})
    assert (found.rule, found.key) == ('wrong-type', 'model.type')


def test_a_slip_beside_the_field_that_it_is_for_is_to_be_removed(tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, {'config.py': 'train_cfg = dict(by_epoch=True, max_epoch=3, max_epochs=12)\n'})
    assert found.advice is not None and found.advice.text == 'remove it: `max_epochs` is given as well'
    (found,) = diagnose(tmp_path, {
        'base.py': 'train_cfg = dict(by_epoch=True, max_epochs=12)\n',
        'config.py': "_base_ = 'base.py'\ntrain_cfg = dict(max_epoch=3)\n",
    })  # fmt: skip
    assert found.advice is not None and found.advice.code == 'max_epochs'


def test_the_scope_of_a_pure_python_fragment_is_that_of_its_types(tmp_path: Path) -> None:
    loader = "train_dataloader = dict(dataset=dict(type='ConcatDataset', datasets=[dict(type='OCRDataset')], pipeline=[]), batch_size=1)\n"
    assert diagnose(tmp_path, {'_base_/data.py': f'from mmocr.datasets import OCRDataset\n{loader}'}) == []


@pytest.mark.parametrize(
    ('more', 'keys'), [('', []), ('test_cfg = dict()\ntest_evaluator = []\n', ['test_dataloader.dataset'])]
)
def test_inferencers_read_the_pipeline_of_a_dataloader_alone(more: str, keys: list[str], tmp_path: Path) -> None:
    text = "default_scope = 'mmpose'\nmodel = dict(type='TopdownPoseEstimator')\ntest_dataloader = dict(dataset=dict(pipeline=[]))\n"
    found = repo.diagnose(tmp_path, text + more, rules=['missing-field', 'unset-sampler'])
    assert [each.key for each in found if each.rule == 'missing-field' and 'dataset' in each.key] == keys
    assert bool(found) == bool(more)


def test_one_dict_under_two_keys_lacks_its_type_once(tmp_path: Path) -> None:
    text = (
        "model = dict(type='A')\nval_dataloader = test_dataloader = dict(batch_size=1, dataset=dict(type='A'))\n"
        'val_cfg = test_cfg = dict()\nval_evaluator = dict(prefix="a")\ntest_evaluator = {}\n'
    )
    for last, keys in (('val_evaluator', ['val_evaluator']), ('dict(prefix="a")', ['val_evaluator', 'test_evaluator'])):
        found = diagnose(tmp_path, {'config.py': text.format(last)})
        assert [each.key for each in found if each.rule == 'missing-field'] == keys


@pytest.mark.parametrize(('package', 'keys'), [
    ('mmdet', ['default_hooks.checkpoint.intervall', 'train_cfg.max_epoch']),
    ('own', []),
])  # fmt: skip
def test_what_comes_from_the_package_of_a_library(package: str, keys: list[str], tmp_path: Path) -> None:
    """MMEngine writes `_scope_` into what it takes from a package: a library's scope falls back to MMEngine."""
    base = (
        "default_scope = 'mmdet'\nmodel = dict(type='A')\ndefault_hooks = dict(checkpoint=dict(type='CheckpointHook'))\n"
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)\n"
    )
    found = diagnose(tmp_path, {
        f'{package}/__init__.py': '',
        f'{package}/.mim/configs/zoo/base.py': base,
        'configs/config.py': (
            f"_base_ = '{package}::zoo/base.py'\ntrain_cfg = dict(max_epoch=2)\n"
            'default_hooks = dict(checkpoint=dict(intervall=2))\n'
        ),
    })  # fmt: skip
    assert sorted(str(each.key) for each in found if each.rule == 'misspelt-field') == keys


@pytest.mark.parametrize('scope', ['[]', '{}', '3', "''"])
def test_a_scope_that_is_no_name(scope: str, tmp_path: Path) -> None:
    text = f"model = dict(type='A')\ntrain_cfg = dict(type='EpochBasedTrainLoop', _scope_={scope}, max_epoch=2)\n"
    assert 'misspelt-field' not in [each.rule for each in diagnose(tmp_path, {'config.py': text})]
