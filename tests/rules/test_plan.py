"""A rule is not asked about what it was silent about, and about everything else it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.memos import Memos
from cfglint.rules import all_rules
from cfglint.rules.rule import rule
from cfglint.workspace import Workspace
from tests.kit.complete import example_files
from tests.kit.repo import diagnose, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

BASE = 'model = dict(type="A")\ntrain_cfg = dict(by_epoch=True, max_epochs=3)\nval_cfg = dict()\n'
CHILDREN = {
    'same.py': '',
    'again.py': '',
    'other_model.py': 'model = dict(type="B")\n',
    'other_loop.py': 'train_cfg = dict(max_epochs=4)\n',
    'new_section.py': 'resume = True\n',
}


def asked(folder: Path, **declared: Any) -> list[str]:
    """Return the names of the configs that a silent rule is asked about."""
    names: list[str] = []

    def check(context: Context) -> list[Diagnostic]:
        names.append(Path(context.path).stem)
        return []

    check.__module__ = 'cfglint.rules.consistency.silent'
    children = {name: f'_base_ = "./_base_/base.py"\n{text}' for name, text in CHILDREN.items()}
    diagnose(folder, {'_base_/base.py': BASE, **children}, *children, rules=[rule(era='all', **declared)(check)])
    return names


ALL = [Path(name).stem for name in CHILDREN]


@pytest.mark.parametrize(
    ('declared', 'expected'),
    [
        pytest.param({}, ALL, id='reads everything'),
        pytest.param({'reads': ()}, ['same'], id='reads nothing'),
        pytest.param({'reads': ('train_cfg',)}, ['same', 'other_loop'], id='one section'),
        pytest.param(
            {'reads': ('resume', 'model')}, ['same', 'other_model', 'new_section'], id='sections that are not there'
        ),
        pytest.param({'needs': ('resume',)}, ['new_section'], id='needs a section'),
        pytest.param({'needs': ('resume', 'model')}, ALL, id='needs one of two sections'),
        pytest.param({'needs': ('resume',), 'reads': ('model',)}, ['new_section'], id='needs what it does not read'),
        pytest.param({'words': ('max_epochs',)}, ALL, id='a key that stands somewhere'),
        pytest.param({'words': ('B',)}, ['other_model'], id='a type'),
        pytest.param({'words': ('B',), 'reads': ('train_cfg',)}, [], id='a word that is not in what it reads'),
        pytest.param({'words': ('A', 'C'), 'reads': ('model',)}, ['same'], id='one of two words'),
        pytest.param({'words': ('C',), 'needs': ('model',)}, [], id='the section without the word'),
    ],
)
def test_a_rule_is_asked_only_where_it_may_have_something_to_say(
    declared: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    assert asked(tmp_path, **declared) == expected


def test_a_rule_that_has_spoken_is_asked_again(tmp_path: Path) -> None:
    def loud(context: Context) -> Iterator[Diagnostic]:
        yield context.report(context.root.get('model'), Path(context.path).stem)  # type: ignore[arg-type]

    loud.__module__ = 'cfglint.rules.consistency.loud'
    files = {'base.py': BASE, 'a.py': '_base_ = "./base.py"\n', 'b.py': '_base_ = "./base.py"\n'}
    found = diagnose(tmp_path, files, 'a.py', 'b.py', rules=[rule(era='all', reads=('model',))(loud)])
    assert {each.message for each in found} == {'a', 'b'}


def test_configs_do_not_hide_each_others_defects(tmp_path: Path) -> None:
    """All examples of all rules, checked together and one by one, tell the same."""
    rules = list(all_rules().values())
    paths = []
    for each in rules:
        for kind in ('bad', 'good'):
            written = write(tmp_path / each.name / kind, example_files(each, kind))
            paths += [path for path in written if Path(path).name.startswith('config.')]
    libraries = Libraries()
    together = check(paths, rules, workspace=Workspace(libraries))
    alone = [each for path in paths for each in check([path], rules, workspace=Workspace(libraries)).diagnostics]
    said = {(each.rule, each.span, each.message) for each in together.diagnostics}
    assert said == {(each.rule, each.span, each.message) for each in alone}


def test_memo_keeps_what_is_still_met() -> None:
    memos = Memos()
    values = [[number] for number in range(4 * Memos.FILES)]
    first = memos['x'].keep('key', values[0], 'first')
    for value in values[1:]:
        memos.next_file(0)
        memos['x'].keep('key', value, 'other')
        assert memos['x'].get('key', values[0]) == first
    assert memos['x'].get('key', values[-1]) == 'other'
    assert memos['x'].get('key', values[1]) is None
    assert memos['x'].get('another key', values[0]) is None


def test_memo_keeps_no_more_of_long_files() -> None:
    memos = Memos()
    values = [[number] for number in range(12)]
    for number, value in enumerate(values):
        memos.next_file(number * Memos.CHARACTERS // 3)
        memos['x'].keep('key', value, 'known')
    assert [memos['x'].get('key', value) for value in values] == [None] * 6 + ['known'] * 6


WIDE = 'default_scope = "mmseg"\nmodel = dict(type="RetinaNet")\nds = dict(type="VOCDataset", pipeline=[])\n'
REFUSED = (
    'default_scope = "mmdet"\n'
    'model = dict(type="RetinaNet", bbox_head=dict(type="RetinaHead", num_classes=3, in_channels=4, foo=dict(\n'
    '    a=dict(type="FPN", bad_arg_x=1))))\n'
)
FLIP = 'dict(type="CocoDataset", pipeline=[dict(type="RandomFlip", flip_ratio=0.5)])'
TREES = {
    'a dict at another place': {
        'base.py': f'{WIDE}train_dataloader = dict(batch_size=1, dataset=ds)\n',
        'a.py': '_base_ = "base.py"\n',
        'b.py': '_base_ = "base.py"\ntrain_dataloader = dict(_delete_=True, batch_size=1,\n'
        '    dataset=dict(type="RepeatDataset", times=2, dataset={{_base_.ds}}))\n',
    },
    'a dict below a changed one': {
        'base.py': REFUSED,
        'a.py': '_base_ = "base.py"\n',
        'b.py': '_base_ = "base.py"\nmodel = dict(bbox_head=dict(foo=dict(z=1)))\n',
    },
    'a key that is only around': {
        'base.py': f'train_dataloader = dict(batch_size=1, dataset={FLIP})\ntrain_cfg = dict(max_epochs=3, by_epoch=True)\n',
        'a.py': '_base_ = "base.py"\n',
        'b.py': '_base_ = "base.py"\n_scope_ = "mmdet"\n',
    },
}


@pytest.mark.parametrize('name', TREES)
@pytest.mark.parametrize('order', [('a.py', 'b.py'), ('b.py', 'a.py')])
def test_what_configs_share_does_not_know_where_it_was_found(name: str, order: tuple[str, str], tmp_path: Path) -> None:
    write(tmp_path, TREES[name])
    rules = list(all_rules().values())
    paths = [str(tmp_path / file) for file in order]

    def said(*chosen: str) -> set[tuple[str, str, str | None]]:
        return {(each.rule, each.message, each.key) for each in check(chosen, rules).diagnostics}

    assert said(*paths) == said(paths[0]) | said(paths[1])


def test_a_file_tells_of_itself_before_its_heirs_do(tmp_path: Path) -> None:
    files = {'a.py': '_base_ = "b.py"\nmodel = dict(y=1)\n', 'b.py': 'model = dict(_delete_=True, type="X")\n'}
    for names in (('a.py', 'b.py'), ('b.py', 'a.py')):
        found = diagnose(tmp_path, files, *names)
        assert [each.fix is not None for each in found if each.rule == 'leaked-delete'] == [True]


SHARED = {
    'misspelt-field': "train_cfg = dict(type='EpochBasedTrainLoop', max_epoch=12)\n",
    'removed-transform': (
        "default_scope = 'mmdet'\n"
        "train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='DefaultFormatBundle')]))\n"
    ),
    'misspelt-argument': "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=dict(type='ResNet', dept=50))\n",
}


@pytest.mark.parametrize('rule', SHARED)
def test_all_that_share_a_section_show_what_is_in_it(rule: str, tmp_path: Path) -> None:
    children = {f'child{number}.py': f"_base_ = './_base_/base.py'\nwork_dir = './{number}'\n" for number in range(3)}
    found = diagnose(tmp_path, {'_base_/base.py': SHARED[rule], **children}, *children)
    (said,) = [each for each in found if each.rule == rule]
    assert len(said.affects) == 3
