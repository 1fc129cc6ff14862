"""Defects of the libraries' own configs are theirs; what the user adds, changes or inherits is the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog import official
from cfglint.catalog.run_libraries import Libraries
from cfglint.diagnostics import Severity
from cfglint.engine import check
from cfglint.rules import all_rules
from cfglint.workspace import Workspace
from tests.kit.repo import diagnose, write

BASE = "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', neck=dict(type='FPN', num_outs=5, extra_convs=1))\n"
"""Has an argument that `FPN` does not take."""


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the base for a config of mmdet 3.3.0."""
    monkeypatch.setattr(
        official,
        '_ranges',
        lambda: [
            official._Range('mmdet', *[official.libraries.releases('mmdet').index('3.3.0')] * 2, official.digest(BASE))
        ],
    )


def found(folder: Path, files: dict[str, str], *names: str) -> list[tuple[str, Severity, bool]]:
    """Return the findings about arguments: file, severity, whether they are a library's."""
    ours = (each for each in diagnose(folder, files, *names) if each.rule in ('unknown-argument', 'misspelt-argument'))
    return [(Path(each.path).name, each.severity, each.is_upstream) for each in ours]


def test_equal_but_for_comments_and_white_space(shipped: None, tmp_path: Path) -> None:
    text = '# mine\n' + BASE.replace('(type', '(\n    type').replace('=5', ' = 5') + '\n\n'
    assert found(tmp_path, {'a.py': text}) == [('a.py', Severity.INFO, True)]


@pytest.mark.parametrize('text', [BASE.replace('num_outs=5', 'num_outs=4'), BASE + 'work_dir = 1\n'])
def test_one_change_makes_it_the_users(shipped: None, tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {'a.py': text}) == [('a.py', Severity.ERROR, False)]


def test_another_release_is_targeted(shipped: None, tmp_path: Path) -> None:
    assert found(tmp_path, {'a.py': BASE, 'requirements.txt': 'mmdet==3.2.0'}, 'a.py') == [
        ('a.py', Severity.ERROR, False)
    ]


def test_a_child_of_the_users_inherits_the_librarys_defect(shipped: None, tmp_path: Path) -> None:
    child = "_base_ = 'a.py'\nmodel = dict(type='RetinaNet')\n"
    assert found(tmp_path, {'a.py': BASE, 'b.py': child}, 'b.py') == [('a.py', Severity.INFO, True)]


def test_what_only_the_users_child_makes_wrong_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = "neck = dict(type='FPN', num_outs=5, extra_convs=1)\n"  # nothing says yet what it is for
    monkeypatch.setattr(official, 'releases', lambda text: {'mmdet': frozenset(['3.3.0'])} if text == base else {})
    child = "_base_ = 'a.py'\ndefault_scope = 'mmdet'\nmodel = dict(type='RetinaNet', neck={{_base_.neck}})\n"
    assert [each[2] for each in found(tmp_path, {'a.py': base, 'b.py': child}, 'b.py')] == [False]


def test_a_class_of_the_users_that_makes_it_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = BASE.replace(', extra_convs=1', '')
    monkeypatch.setattr(official, 'releases', lambda text: {'mmdet': frozenset(['3.3.0'])} if text == good else {})
    own = (
        'from mmdet.registry import MODELS\n\n\n@MODELS.register_module()\nclass FPN:\n'
        '    def __init__(self, in_channels):\n        pass\n'
    )
    assert found(tmp_path, {'a.py': good}) == []
    assert found(tmp_path, {'a.py': good, 'mmdet/models/necks/fpn.py': own}, 'a.py') == [
        ('a.py', Severity.ERROR, False)
    ]


def test_a_changed_base_that_makes_it_wrong(shipped: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = "_base_ = 'a.py'\nmodel = dict(neck=dict(extra_convs=1))\n"
    monkeypatch.setattr(official, 'releases', lambda text: {'mmdet': frozenset(['3.3.0'])} if text == child else {})
    base = BASE.replace(', extra_convs=1', '')
    assert found(tmp_path, {'a.py': base, 'b.py': child}) == [('b.py', Severity.ERROR, False)]


def test_a_changed_base_of_a_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child, grandchild = "_base_ = 'a.py'\nmodel = dict(neck=dict(extra_convs=1))\n", "_base_ = 'b.py'\n"
    shipped = (child, grandchild)
    monkeypatch.setattr(official, 'releases', lambda text: {'mmdet': frozenset(['3.3.0'])} if text in shipped else {})
    files = {'a.py': BASE.replace(', extra_convs=1', ''), 'b.py': child, 'c.py': grandchild}
    assert found(tmp_path, files, 'c.py') == [('b.py', Severity.ERROR, False)]


def test_installed_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {'lib/site-packages/own/.mim/configs/a.py': BASE, 'lib/site-packages/own/__init__.py': ''}
    # What a pull request calls so is not installed.
    assert found(tmp_path, files) == [('a.py', Severity.ERROR, False)]
    monkeypatch.syspath_prepend(tmp_path / 'lib/site-packages')
    assert found(tmp_path, files) == [('a.py', Severity.INFO, True)]
    assert found(tmp_path / 'x', {'mmdet/.mim/configs/a.py': BASE}) == [('a.py', Severity.ERROR, False)]


def test_a_link_to_what_looks_installed_hides_nothing(tmp_path: Path) -> None:
    write(tmp_path, {'site-packages/mmdet/a.py': BASE, 'site-packages/a.py': BASE})
    for number, name in enumerate(('mmdet/a.py', 'a.py')):
        (tmp_path / f'{number}.py').symlink_to(f'site-packages/{name}')
        (tmp_path / f'b{number}.py').write_text(f'_base_ = "site-packages/{name}"\n')
    [*ours] = found(tmp_path, {}, '0.py', '1.py', 'b0.py', 'b1.py')
    assert ours and not any(is_upstream for *_, is_upstream in ours)


def test_a_misspelt_base_is_the_librarys_an_absent_one_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    texts = ["_base_ = 'bsae.py'\nmodel = dict()\n", "_base_ = '../_base_/datasets/ade20k.py'\nmodel = dict()\n"]
    newest = [official.libraries.releases('mmsegmentation').index('1.2.2')] * 2
    ranges = [official._Range('mmsegmentation', *newest, b''.join(map(official.digest, texts)))]
    monkeypatch.setattr(official, '_ranges', lambda: ranges)
    for name, text in {'base.py': 'x = 1\n', 'a.py': texts[0], 'b.py': texts[1]}.items():
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / 'a.py'), str(tmp_path / 'b.py')]
    result = check(paths, list(all_rules().values()), workspace=Workspace(Libraries(roots=(tmp_path,))))
    said = [each for each in result.diagnostics if each.rule == 'missing-base']
    assert [(Path(each.path).name, each.severity) for each in said] == [
        ('a.py', Severity.INFO),
        ('b.py', Severity.ERROR),
    ]
