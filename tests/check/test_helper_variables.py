"""What is left of variables in a config that was written out is no key that MMEngine ignores."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.helper_variables import helper_variables
from cfglint.language.loader import Loader
from tests.kit.repo import diagnose, write

SGD = "dict(lr=0.01, type='SGD')"
WRITTEN_OUT = f"""
default_scope = 'mmengine'
load_from = None
model = dict(head=dict(num_classes=4, type='Head'), type='Net')
optim_wrapper = dict(optimizer={SGD}, type='OptimWrapper')
train_cfg = dict(by_epoch=True, max_epochs=3, type='EpochBasedTrainLoop')
"""


def written_out(**names: str) -> str:
    """Return a config as `Config.dump` writes it, with more names."""
    lines = [*WRITTEN_OUT.strip().splitlines(), *(f'{name} = {value}' for name, value in names.items())]
    return '\n'.join(sorted(lines)) + '\n'


def variables(folder: Path, text: str) -> frozenset[str]:
    (path,) = write(folder, text)
    return helper_variables(Loader().load(path))


LEFT = {
    'an optimizer that a child replaced': {'optimizer': "dict(lr=0.1, type='Adam')"},
    'a length': {'total_iters': '3'},
    'an argument of a dataset': {'metainfo': "dict(classes=('a', ))"},
    'any other name': {'num_classes': '80'},
}
KEYS = {
    'a misspelt section': {'default_hook': "dict(timer=dict(type='IterTimerHook'))"},
    'a key of 0.x without its section': {'lr_config': "dict(policy='step', step=[1])"},
}


@pytest.mark.parametrize('names', LEFT.values(), ids=LEFT)
def test_written_out_by_mmengine(names: dict[str, str], tmp_path: Path) -> None:
    assert variables(tmp_path, written_out(**names)) == names.keys()


def test_written_out_in_the_order_of_the_config(tmp_path: Path) -> None:
    pipeline = "[dict(type='LoadImageFromFile')]"
    unsorted = f'{WRITTEN_OUT}optimizer = dict(type="Adam")\ntrain_pipeline = {pipeline}\n'
    data = f'train_dataloader = dict(dataset=dict(pipeline={pipeline}))\n'
    assert variables(tmp_path, unsorted + data) == {'optimizer', 'train_pipeline'}
    assert variables(tmp_path, unsorted) == frozenset()


def test_what_a_child_inherits(tmp_path: Path) -> None:
    """A child that has such a key itself is told."""
    files = {'base.py': written_out(optimizer="dict(lr=0.1, type='Adam')", total_epochs='3')}
    child = "_base_ = 'base.py'\ntotal_epochs = 4\n"
    _, path = write(tmp_path, {**files, 'child.py': child})
    assert helper_variables(Loader().load(path)) == {'optimizer'}
    found = diagnose(tmp_path, {**files, 'child.py': child}, rules=['removed-optimizer', 'removed-total-epochs'])
    assert {each.rule for each in found} == {'removed-total-epochs'}
    assert path in {each.path for each in found}


@pytest.mark.parametrize('names', KEYS.values(), ids=KEYS)
def test_what_stays_a_key(names: dict[str, str], tmp_path: Path) -> None:
    assert variables(tmp_path, written_out(**names)) == frozenset()


def test_mmengine_writes_so(tmp_path: Path) -> None:
    """The real thing: an optimizer that a variable holds, and a child replaces."""
    from mmengine import Config

    base = f"optimizer = dict(type='SGD', lr=0.01)\noptim_wrapper = dict(type='OptimWrapper', optimizer=optimizer)\n{WRITTEN_OUT}"
    child = "_base_ = 'base.py'\noptim_wrapper = dict(_delete_=True, type='OptimWrapper', optimizer=dict(type='Adam', lr=0.1))\n"
    _, path = write(tmp_path, {'base.py': base, 'child.py': child})
    for name in ('dumped.py', 'dumped.yaml'):
        dumped = str(tmp_path / name)
        Config.fromfile(path).dump(dumped)
        config = Loader().load(dumped)
        assert 'optimizer' in config.table and helper_variables(config) == {'optimizer'}


@pytest.mark.parametrize(
    ('name', 'value', 'section'),
    [
        ('optimizer', "dict(type='SGD', lr=0.01)", "optim_wrapper = dict(type='OptimWrapper', optimizer={})"),
        ('val_evaluator_a', "dict(type='Metric')", "val_evaluator = dict(type='Evaluator', metrics=[{}])"),
        ('test_pipelines', "[[dict(type='A')], [dict(type='B')]]", 'test_dataloader = [dict(pipeline=each) for each in {}]'),
    ],
)  # fmt: skip
def test_components_that_stand_in_a_section_as_well(name: str, value: str, section: str, tmp_path: Path) -> None:
    text = f'{name} = {value}\n{section.format(value)}\n'
    assert variables(tmp_path, text) >= {name}
    assert name not in variables(tmp_path, f"{name} = dict(type='Other')\n{section.format(value)}\n")


def test_a_section_that_equals_another_is_no_variable(tmp_path: Path) -> None:
    text = "val_evaluator = dict(type='Metric')\ntest_evaluatr = dict(type='Metric')\n"
    assert variables(tmp_path, text) == frozenset()
    assert [each.rule for each in diagnose(tmp_path, text, rules=['misspelt-section'])] == ['misspelt-section']


def test_no_rule_tells_of_them(tmp_path: Path) -> None:
    text = written_out(optimizer="dict(lr=0.1, type='Adam')", weight_decay='0.1', total_epochs='3')
    asked = ['removed-optimizer', 'dead-argument', 'removed-total-epochs', 'misspelt-section']
    assert diagnose(tmp_path, text, rules=asked) == []
    by_hand = text.replace("default_scope = 'mmengine'\n", '') + "default_scope = 'mmengine'\n"
    assert {each.rule for each in diagnose(tmp_path, by_hand, rules=asked)} == {
        'removed-optimizer',
        'removed-total-epochs',
    }
