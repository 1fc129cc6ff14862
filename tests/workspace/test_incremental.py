"""What is found stays the same as in a run from scratch, whatever changes; and a change costs only what it is about."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from cfglint.catalog import official
from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import Engine
from cfglint.incremental import Incremental
from cfglint.language.source import SourceFile
from cfglint.rules import all_rules
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

ENGINE = Engine(list(all_rules().values()))

BASE = """\
default_scope = 'mmengine'
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1))
"""
CHILD = "_base_ = ['base.py']\nrandomness = dict(seed=3)\n"


@pytest.fixture
def checks(tmp_path: Path) -> Incremental:
    """Return three configs, two of which inherit the first one, all checked."""
    texts = {'base.py': BASE, 'one.py': CHILD, 'two.py': "_base_ = 'one.py'\nlog_level = 'INFO'\n", 'alone.py': BASE}
    for name, text in texts.items():
        (tmp_path / 'configs' / name).parent.mkdir(exist_ok=True)
        (tmp_path / 'configs' / name).write_text(text, encoding='utf-8')
    files = sorted(map(str, (tmp_path / 'configs').iterdir()))
    return settled(Incremental(ENGINE, Workspace(Libraries(roots=(tmp_path,))), files))


def settled(checks: Incremental) -> Incremental:
    while checks.check_next() is not None:
        pass
    return checks


def path_of(checks: Incremental, name: str) -> str:
    return next(path for path in checks.files if path.endswith(f'/{name}'))


def edit(checks: Incremental, name: str, text: str | None) -> None:
    path = path_of(checks, name)
    checks.change(path, None if text is None else SourceFile(path, text))


def said(checks: Incremental) -> list[Diagnostic]:
    found = checks.conclude({*checks.files, *checks.unsettled})
    return sorted((each for several in found.values() for each in several), key=lambda each: each.sort_key())


def fresh(checks: Incremental) -> list[Diagnostic]:
    """Return what a run from scratch says."""
    workspace = Workspace(checks.workspace.libraries, checks.workspace.overlay)
    return ENGINE.for_single_files().check(workspace, sorted(checks.files), checks.files).diagnostics


def test_an_edit_of_a_base_is_seen_in_what_inherits_it(checks: Incremental) -> None:
    assert said(checks) == []
    edit(checks, 'base.py', BASE.replace('max_epochs', 'max_epoch'))
    assert [path.rpartition('/')[2] for path in checks.waiting] == ['base.py', 'one.py', 'two.py']
    found = said(settled(checks))
    assert [(each.rule, each.path, len(each.affects)) for each in found] == [
        ('misspelt-field', path_of(checks, 'base.py'), 2)
    ]


def test_only_what_depends_on_the_file_is_checked_again(checks: Incremental) -> None:
    edit(checks, 'two.py', "_base_ = 'one.py'\nlog_level = 'LOUD'\n")
    assert [path.rpartition('/')[2] for path in checks.waiting] == ['two.py']
    assert {each.path for each in said(settled(checks))} == {path_of(checks, 'two.py')}


def test_the_open_file_goes_first_and_its_own_defects_are_known_then(checks: Incremental) -> None:
    edit(checks, 'base.py', BASE.replace('max_epochs', 'max_epoch'))
    path = path_of(checks, 'base.py')
    checks.check(path)
    assert [each.rule for each in checks.conclude([path])[path]] == ['misspelt-field']
    assert len(checks.waiting) == 2
    assert checks.dependents(path) == [path_of(checks, 'one.py'), path_of(checks, 'two.py')]


def test_a_base_that_goes_away_and_comes_back(checks: Incremental) -> None:
    path = path_of(checks, 'base.py')
    checks.change(path, None)
    assert {each.rule for each in said(settled(checks))} == {'missing-base'}
    checks.reread(path)
    assert said(settled(checks)) == []


def test_a_file_that_breaks_while_it_is_typed_is_a_config_all_the_same(checks: Incremental) -> None:
    edit(checks, 'alone.py', 'model = dict(\n')
    assert [each.rule for each in said(settled(checks))] == ['syntax-error']
    edit(checks, 'alone.py', BASE)
    assert said(settled(checks)) == []


def test_a_python_module_that_nothing_inherits_is_none(checks: Incremental) -> None:
    edit(checks, 'alone.py', 'def main():\n    return 1\n')
    settled(checks)
    outcome = checks.outcome(path_of(checks, 'alone.py'))
    assert outcome is not None and outcome.status == 'no config'


EDITS = (
    ('max_epochs=12', 'max_epoch=12'),
    ("type='SGD'", "type='SGDD'"),
    ("'base.py'", "'bases.py'"),
    ("'one.py'", "'base.py'"),
    ('lr=0.1', "lr='0.1'"),
    ('seed=3', "seed='x'"),
    (')\n', '\n'),
    ('default_scope', 'default_scop'),
    ("log_level = 'INFO'", "log_level = 'LOUD'\nmodel = dict(type='ResNet')"),
)


@pytest.mark.parametrize('seed', range(12))
def test_after_any_edits_the_same_is_said_as_from_scratch(checks: Incremental, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(15):
        path = chance.choice(sorted(checks.files))
        text = checks.workspace.loader.source(path).text
        old, new = chance.choice(EDITS)
        old, new = (old, new) if old in text else (new, old)
        if chance.random() < 0.05:
            checks.change(path, None)
        elif chance.random() < 0.1:
            checks.reread(path)
        else:
            checks.change(path, SourceFile(path, text.replace(old, new, 1)))
        for _ in range(chance.randrange(3)):  # as if typing went on before all was checked
            checks.check_next()
    assert said(settled(checks)) == fresh(checks)


def test_a_text_is_judged_once_until_it_changes(checks: Incremental) -> None:
    asked = []

    def check(context: Context) -> list[Diagnostic]:
        asked.append(context.path.rpartition('/')[2])
        return []

    rule = all_rules()['overwritten-key']._replace(check=check)
    checks = settled(Incremental(Engine([rule]), checks.workspace, checks.files))
    assert sorted(asked) == ['alone.py', 'base.py', 'one.py', 'two.py']
    asked.clear()
    edit(checks, 'base.py', BASE.replace('12', '24'))
    settled(checks)
    assert asked == ['base.py']


NECK = "neck = dict(type='FPN', num_outs=5, extra_convs=1)\n"
"""Has an argument that `FPN` of mmdet does not take; nothing says yet that it is mmdet's."""
WHOLE = f"{NECK}default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', neck=neck)\n"
HEIR = "_base_ = 'base.py'\ndefault_scope = 'mmdet'\nmodel = dict(type='RetinaNet', neck={{_base_.neck}})\n"


def of_library(checks: Incremental, folder: Path) -> list[tuple[str, bool]]:
    """Return what is found in the base: the rule, and whether the library's own config shows it, too."""
    found = settled(checks).conclude([str(folder / 'base.py')])[str(folder / 'base.py')]
    return [(each.rule, each.is_upstream) for each in found]


def test_what_a_librarys_config_shows_is_looked_for_again_once_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, 'releases', lambda text: {} if text == HEIR else {'mmdet': frozenset(['3.3.0'])})
    (tmp_path / 'base.py').write_text(WHOLE)
    (tmp_path / 'heir.py').write_text(HEIR)
    checks = Incremental(ENGINE, Workspace(Libraries(roots=(tmp_path,))), [str(tmp_path / 'heir.py')])
    assert of_library(checks, tmp_path) == [('unknown-argument', True)]
    checks.change(str(tmp_path / 'base.py'), SourceFile(str(tmp_path / 'base.py'), NECK))
    assert of_library(checks, tmp_path) == [('unknown-argument', False)]
    checks.reread(str(tmp_path / 'base.py'))
    assert of_library(checks, tmp_path) == [('unknown-argument', True)]


def test_what_a_librarys_config_shows_is_looked_for_again_with_other_releases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, both = WHOLE.replace('RetinaNet', 'GroundingDINO'), {'mmdet': frozenset(['3.0.0', '3.3.0'])}
    monkeypatch.setattr(official, 'releases', lambda given: both if given == text else {})
    (tmp_path / 'base.py').write_text(text)
    (tmp_path / 'heir.py').write_text("_base_ = 'base.py'\n")

    def found(release: str) -> list[tuple[str, bool]]:
        (tmp_path / 'requirements.txt').write_text(f'mmdet=={release}\n')
        result = ENGINE.check(Workspace(Libraries(roots=(tmp_path,))), [str(tmp_path / 'heir.py')])
        return [(each.rule, each.is_upstream) for each in result.diagnostics if each.family == 'component']

    assert found('3.3.0') == [('unknown-argument', True)]
    assert found('3.0.0') == [('unknown-argument', True), ('type-of-another-release', True)]


def test_what_depends_on_a_change_is_not_parsed_again(tmp_path: Path) -> None:
    base, child = tmp_path / 'base.py', tmp_path / 'child.py'
    base.write_text('a = 1\n')
    child.write_text("_base_ = 'base.py'\nb = 2\n")
    workspace = Workspace()
    before = workspace.loader.load(str(child))
    workspace.change(str(base), SourceFile(str(base), 'a = 3\n'))
    after = workspace.loader.load(str(child))
    assert (before.table['a'], after.table['a']) == (1, 3)
    assert after.tree is before.tree
    child.write_text("_base_ = 'base.py'\nb = 4\n")
    workspace.reread(str(child))
    assert workspace.loader.load(str(child)).table['b'] == 4
