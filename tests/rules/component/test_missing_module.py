"""Modules in `custom_imports` that are not there, and what may well be."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.diagnostics import Advice, Severity
from tests.kit.repo import diagnose

TREE = {
    'own/__init__.py': '',
    'own/net.py': 'class OwnNet:\n    pass\n',
    'own/heads/point_head.py': '',
    'own/heads/__init__.py': '',
    'own/ops.cpython-310-x86_64-linux-gnu.so': '',
    'projects/fusion/fusion.py': '',
    'src/inner/__init__.py': '',
    'src/inner/parts.py': '',
    'plugins.py': '',
}


def absent(name: str, folder: Path, more: str = '') -> list[tuple[Severity, str | None]]:
    config = f"custom_imports = dict(imports=['{name}']{more})\n"
    found = diagnose(folder, {**TREE, 'configs/a.py': config}, 'configs/a.py')
    return [(each.severity, each.advice and each.advice.code) for each in found if each.rule == 'missing-module']


@pytest.mark.parametrize(
    ('name', 'instead'),
    [
        ('own.nett', "'own.net'"),
        ('own.net.OwnNet', None),
        ('own.heads.pointhead', "'own.heads.point_head'"),
        ('own.quite_another', None),
        ('ownn', "'own'"),
        ('ownn.net', "'own.net'"),
        ('plugin', "'plugins'"),
        ('projects.fusionn.fusion', "'projects.fusion'"),
        ('inner.part', "'inner.parts'"),
        ('mmdet.modelz', None),
    ],
)
def test_absent(name: str, instead: str | None, tmp_path: Path) -> None:
    ((severity, code),) = absent(name, tmp_path)
    assert severity is Severity.ERROR
    assert code == instead


@pytest.mark.parametrize(
    'name',
    [
        'own', 'own.net', 'own.heads', 'own.heads.point_head', 'own.ops', 'projects', 'projects.fusion.fusion',
        'projects.of_another_folder', 'inner.parts', 'src.inner.parts', 'plugins', 'another_package.net', 'os.path',
        'mmdet.models', 'mmpretrain.models.backbones', 'mmengine', 'pytest', 'own/nett',
    ],
)  # fmt: skip
def test_present_or_not_known(name: str, tmp_path: Path) -> None:
    assert absent(name, tmp_path) == []


def test_failing_may_be_allowed(tmp_path: Path) -> None:
    ((severity, _),) = absent('own.nett', tmp_path, ', allow_failed_imports=True')
    assert severity is Severity.WARNING


def test_advice_can_be_pasted(tmp_path: Path) -> None:
    found = diagnose(tmp_path, {**TREE, 'a.py': "custom_imports = dict(imports='own.nett')\n"}, 'a.py')
    assert [each.advice for each in found if each.rule == 'missing-module'] == [Advice('write', "'own.net'")]


@pytest.mark.parametrize(
    ('name', 'targets', 'told'),
    [
        ('mmcls.models', (), [('renamed-module', Severity.WARNING)]),
        ('mmcls.foo', (), [('renamed-module', Severity.ERROR)]),
        ('mmcv.runner', (), [('renamed-module', Severity.ERROR)]),
        ('mmcls.foo', ('mmcls==1.0.0rc6',), [('missing-module', Severity.ERROR)]),
        ('mmpretrain.foo', (), [('missing-module', Severity.ERROR)]),
    ],
)
def test_a_module_of_a_renamed_library_is_told_once(
    name: str, targets: tuple[str, ...], told: list[tuple[str, Severity]], tmp_path: Path
) -> None:
    config = f"default_scope = 'mmpretrain'\ncustom_imports = dict(imports=['{name}'], allow_failed_imports=False)\n"
    found = diagnose(tmp_path, config, rules=['missing-module', 'renamed-module'], targets=targets)
    assert [(each.rule, each.severity) for each in found] == told
