"""A rule is not asked about what it was silent about, and about everything else it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cfglint.diagnostics import Severity
from cfglint.engine import check
from cfglint.engine import check as check_files
from cfglint.rules import all_rules
from cfglint.rules.libraries import Libraries
from cfglint.rules.memo import Memos
from cfglint.rules.rule import Given, Rule
from cfglint.workspace import Workspace
from tests.kit.complete import complete, examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.rules.context import Context

BASE = 'model = dict(type="A")\ntrain_cfg = dict(by_epoch=True, max_epochs=3)\nval_cfg = dict()\n'
CHILDREN = {
    'same.py': '',
    'again.py': '',
    'other_model.py': 'model = dict(type="B")\n',
    'other_loop.py': 'train_cfg = dict(max_epochs=4)\n',
    'new_section.py': 'resume = True\n',
}


def asked(folder: Path, look: Callable[[Context], object], given: Given | None = None) -> list[str]:
    """Return the names of the configs that a silent rule was asked about, or two that tell of what is given."""
    names: list[str] = []

    def check(context: Context) -> list[object]:
        names.append(Path(context.path).stem)
        look(context)
        return []

    names_of_rules = ['silent'] if given is None else ['silent', 'as-silent']
    rules = [
        Rule(name, 'consistency', Severity.ERROR, 'config', 'all', check, None, False, given)  # type: ignore[arg-type]
        for name in names_of_rules
    ]
    (folder / '_base_').mkdir()
    (folder / '_base_' / 'base.py').write_text(BASE)
    for name, text in CHILDREN.items():
        (folder / name).write_text(f'_base_ = "./_base_/base.py"\n{text}')
    check_files([str(folder / name) for name in CHILDREN], rules)
    return names


@pytest.mark.parametrize(
    ('look', 'expected'),
    [
        (lambda context: None, ['same']),
        (lambda context: context.value('train_cfg.max_epochs'), ['same', 'other_loop']),
        (lambda context: context.find('model.type'), ['same', 'other_model']),
        (lambda context: 'resume' in context, ['same', 'new_section']),
        (lambda context: context.present({'resume': 0, 'model': 0}), ['same', 'other_model', 'new_section']),
        (lambda context: context.scope, ['same']),
        (lambda context: list(context.root.items()), [Path(name).stem for name in CHILDREN]),
        (lambda context: context.config, [Path(name).stem for name in CHILDREN]),
        (lambda context: context.lineage, [Path(name).stem for name in CHILDREN]),
        (lambda context: context.once('x', lambda: context.value('model')), ['same', 'other_model']),
    ],
)
def test_what_is_read_decides(look: Callable[[Context], object], expected: list[str], tmp_path: Path) -> None:
    assert asked(tmp_path, look) == expected


def test_what_rules_have_in_common_is_looked_for_once(tmp_path: Path) -> None:
    looked: list[str] = []

    def given(context: Context) -> bool:
        looked.append(Path(context.path).stem)
        return context.value('train_cfg.max_epochs') == 4

    assert asked(tmp_path, lambda context: context.value('model'), given) == ['other_loop', 'other_loop']
    assert len(looked) == len(set(looked))


def test_what_was_read_for_another_rule_counts(tmp_path: Path) -> None:
    def look(context: Context) -> None:
        context.once('x', lambda: context.value('model'))
        context.root.reads = set()  # what the next rule reads
        context.once('x', lambda: context.value('model'))

    assert asked(tmp_path, look) == ['same', 'other_model']


def test_configs_do_not_hide_each_others_defects(tmp_path: Path) -> None:
    """All examples of all rules, checked together and one by one, tell the same."""
    rules = list(all_rules().values())
    paths = []
    for rule in rules:
        for kind, files in examples(rule.doc).items():
            folder = tmp_path / rule.name / kind
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                is_whole = rule.scope == 'entry' and '_base_' not in text and name.endswith('.py')
                path.write_text(complete(text) if is_whole else text)
                if name.startswith('config.'):
                    paths.append(str(path))
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
        memos.next_file()
        memos['x'].keep('key', value, 'other')
        assert memos['x'].get('key', values[0]) == first
    assert memos['x'].get('key', values[-1]) == 'other'
    assert memos['x'].get('key', values[1]) is None
    assert memos['x'].get('another key', values[0]) is None


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
    for file, text in TREES[name].items():
        (tmp_path / file).write_text(text)
    rules = list(all_rules().values())
    paths = [str(tmp_path / file) for file in order]

    def said(*chosen: str) -> set[tuple[str, str, str | None]]:
        return {(each.rule, each.message, each.key) for each in check(chosen, rules).diagnostics}

    assert said(*paths) == said(paths[0]) | said(paths[1])


def test_a_file_tells_of_itself_before_its_heirs_do(tmp_path: Path) -> None:
    (tmp_path / 'b.py').write_text('model = dict(_delete_=True, type="X")\n')
    (tmp_path / 'a.py').write_text('_base_ = "b.py"\nmodel = dict(y=1)\n')
    rules = list(all_rules().values())
    for names in (('a.py', 'b.py'), ('b.py', 'a.py')):
        result = check([str(tmp_path / name) for name in names], rules)
        assert [each.fix is not None for each in result.diagnostics if each.rule == 'leaked-delete'] == [True]
