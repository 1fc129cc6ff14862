"""No fix does harm: what it does to other configs decides whether it is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.diagnostics import Applicability, Diagnostic, Severity
from cfglint.rules.rule import rule
from tests.fixing.kit import fixed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfglint.rules.context import Context

TYPO = "train_cfg = dict(type='EpochBasedTrainLoop', max_epoch=12)\n"
MODEL = "default_scope = 'mmengine'\nmodel = dict(type='ToyModel')\n"
LOADER = "dict(batch_size=2, sampler=dict(type='DefaultSampler', shuffle=True), dataset=dict(type='ToyDataset'))"
EVALUATION = (
    "val_cfg = dict()\nval_evaluator = dict(type='ToyMetric')\ntest_cfg = dict()\ntest_evaluator = val_evaluator\n"
)
TRAINING = "train_cfg = dict(by_epoch=True, max_epochs=2)\noptim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"


def test_two_bases_never_come_to_share_a_key(tmp_path: Path) -> None:
    files = {
        '_base_/model.py': f'{MODEL}cudnn_benchmark = True\n',
        '_base_/runtime.py': 'env_cfg = dict(cudnn_benchmark=False)\n',
        'a.py': f"_base_ = ['./_base_/model.py', './_base_/runtime.py']\n{TYPO}",
    }
    tree = fixed(tmp_path, files)
    assert tree.text('_base_/model.py') == files['_base_/model.py']
    assert 'max_epochs=12' in tree.text('a.py')
    assert tree.done.result.refused == {'would break a config': 1}
    assert tree.done.result.crashes == []


def test_a_shared_value_is_not_changed_through_one_of_its_keys(tmp_path: Path) -> None:
    text = f'{MODEL}{TRAINING}{EVALUATION}train_dataloader = {LOADER}\nval_dataloader = train_dataloader\n'
    files = {'a.py': f'{text}test_dataloader = {LOADER}\n'}
    tree = fixed(tmp_path, files)
    train, test = tree.text('a.py').splitlines()[-3], tree.text('a.py').splitlines()[-1]
    assert 'shuffle=True' in train, 'training goes on to shuffle'
    assert 'shuffle=False' in test, 'the other fix of the file is applied'
    assert tree.done.result.refused == {'would change more than it should': 1}


def test_a_value_that_stands_under_two_keys_and_is_wrong_under_both_is_fixed(tmp_path: Path) -> None:
    text = f'{MODEL}{TRAINING}{EVALUATION}train_dataloader = {LOADER}\nval_dataloader = {LOADER}\n'
    tree = fixed(tmp_path, {'a.py': f'{text}test_dataloader = val_dataloader\n'})
    assert tree.text('a.py').count('shuffle=False') == 1
    assert tree.done.result.refused == {}


def by_epoch(loop: str) -> str:
    return f"_base_ = './base.py'\n{loop}\noptim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"


ITERATIONS = by_epoch('train_cfg = dict(by_epoch=False, max_iters=8)')
EPOCHS = by_epoch('train_cfg = dict(by_epoch=True, max_epochs=8)')
BASE = f"{MODEL}train_dataloader = {LOADER}\nparam_scheduler = dict(type='MultiStepLR', milestones=[4, 6], by_epoch=True)\n"


def test_a_base_is_not_changed_for_one_of_its_children(tmp_path: Path) -> None:
    alone = fixed(
        tmp_path / 'alone', {'base.py': BASE, 'iterations.py': ITERATIONS}, named=('base.py', 'iterations.py')
    )
    both = fixed(tmp_path / 'both', {'base.py': BASE, 'iterations.py': ITERATIONS, 'epochs.py': EPOCHS})
    assert both.text('base.py') == BASE
    assert alone.done.result.refused == {} or alone.text('base.py') == BASE


def test_configs_that_were_not_named_count(tmp_path: Path) -> None:
    files = {
        'base.py': TYPO,
        'sub/child.py': f"_base_ = '../base.py'\n{MODEL}note = {{{{_base_.train_cfg.max_epoch}}}}\n",
    }
    tree = fixed(tmp_path, files, named=('base.py',))
    assert tree.text('base.py') == files['base.py']
    assert sum(tree.done.result.refused.values()) == 1


def test_a_name_that_another_file_reads_is_kept(tmp_path: Path) -> None:
    files = {
        'base.py': f"{MODEL}workflow = []\nload_from = 'x.pth'\n",
        'a.py': "_base_ = './base.py'\nauto = {{_base_.workflow}}\n",
    }
    assert fixed(tmp_path, files).text('base.py') == files['base.py']
    files['a.py'] = "_base_ = './base.py'\n"
    assert 'workflow' not in fixed(tmp_path, files, Applicability.SAFE).text('base.py')


def test_a_config_of_0x_does_not_become_half_of_each(tmp_path: Path) -> None:
    files = {
        '_base_/runtime.py': "checkpoint_config = dict(interval=1)\nworkflow = [('train', 1)]\n",
        '_base_/schedule.py': "optimizer = dict(type='SGD', lr=0.1)\nlr_config = dict(policy='step', step=[8])\n",
        'old.py': "_base_ = ['./_base_/runtime.py', './_base_/schedule.py']\nmodel = dict(type='ToyModel')\n",
        'new.py': f"_base_ = ['./_base_/runtime.py']\n{MODEL}",
    }
    tree = fixed(tmp_path, files)
    assert {name: tree.text(name) for name in files} == files


@pytest.mark.parametrize('type_', ["'mmcls.ResNet'", "'mmcls.' + 'ResNet'"])
def test_a_library_is_renamed_everywhere_or_nowhere(type_: str, tmp_path: Path) -> None:
    files = {
        'imports.py': "custom_imports = dict(imports=['mmcls.models'], allow_failed_imports=False)\n",
        'model.py': f"model = dict(type='RetinaNet', backbone=dict(type={type_}, depth=50, out_indices=(1, 2)))\n",
        'a.py': "_base_ = ['./imports.py', './model.py']\ndefault_scope = 'mmdet'\n",
    }
    tree = fixed(tmp_path, files)
    renamed = type_.startswith("'mmcls.R")
    assert ('mmpretrain.models' in tree.text('imports.py')) is renamed
    assert ('mmpretrain.ResNet' in tree.text('model.py')) is renamed
    tree = fixed(tmp_path, files, named=('imports.py', 'a.py'))
    assert tree.text('imports.py') == files['imports.py'], 'one of the files may not be changed'


def test_what_is_offered_is_what_would_be_fixed(tmp_path: Path) -> None:
    files = {
        '_base_/model.py': f'{MODEL}cudnn_benchmark = True\n',
        '_base_/runtime.py': 'env_cfg = dict(cudnn_benchmark=False)\n',
        'a.py': f"_base_ = ['./_base_/model.py', './_base_/runtime.py']\n{TYPO}",
    }
    before = fixed(tmp_path, files, Applicability.SAFE).done.before
    offered = {each.rule: each.fix.applicability for each in before.diagnostics if each.fix is not None}
    assert offered == {'removed-environment-key': Applicability.DISPLAY, 'misspelt-field': Applicability.UNSAFE}


def test_a_comment_makes_a_removal_unsafe(tmp_path: Path) -> None:
    files = {'a.py': f"{MODEL}workflow = [\n    ('train', 1),  # validate by hand\n]\nenv_cfg = dict(_delete_=True)\n"}
    safe = fixed(tmp_path, files, Applicability.SAFE)
    assert '# validate by hand' in safe.text('a.py') and '_delete_' not in safe.text('a.py')
    assert '# validate by hand' not in fixed(tmp_path, files).text('a.py')


@pytest.mark.parametrize('trust', [Applicability.SAFE, Applicability.UNSAFE])
def test_fixing_twice_changes_nothing_more(trust: Applicability, tmp_path: Path) -> None:
    files = {'a.py': f'{MODEL}{TYPO}workflow = []\n'}
    once = fixed(tmp_path, files, trust)
    again = fixed(tmp_path, {'a.py': once.text('a.py')}, trust)
    assert again.done.texts == {} and again.done.applied == {}


@rule(era='all', fixable=True)
def old_name(context: Context) -> Iterator[Diagnostic]:
    """A name that is to be another one."""
    item = context.root.get('old')
    if item is not None:
        fix = context.replace_key(item, 'new', 'Rename to `new`', Applicability.SAFE)
        yield context.report(item, 'it has another name', fix=fix)


@rule(era='all', severity=Severity.WARNING)
def new_name(context: Context) -> Iterator[Diagnostic]:
    """The other name, which is wrong for another reason."""
    item = context.root.get('new')
    if item is not None:
        yield context.report(item, 'nobody knows it')


def test_a_fix_that_causes_another_diagnostic_is_dropped(tmp_path: Path) -> None:
    files = {'a.py': f'{MODEL}old = 1\n'}
    assert fixed(tmp_path, files, rules=[old_name]).text('a.py') == f'{MODEL}new = 1\n'
    both = fixed(tmp_path, files, rules=[old_name, new_name])
    assert both.text('a.py') == files['a.py']
    assert both.done.result.refused == {'would cause another diagnostic': 1}
