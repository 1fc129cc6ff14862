"""Imports of what a package of the user's own does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit import repo
from tests.rules.code.kit import diagnose

CONFIG = "default_scope = 'mmdet'\ncustom_imports = dict(imports=['own'], allow_failed_imports=False)\n"
NET = 'class OwnNet:\n    pass\n'


def broken(tmp_path: Path, files: dict[str, str], config: str = CONFIG) -> list[str]:
    found = diagnose(tmp_path, {'config.py': config, **files})
    return [each.message for each in found if each.rule == 'broken-import']


def test_a_package_that_imports_a_module_that_is_not_there(tmp_path: Path) -> None:
    files = {
        'own/__init__.py': 'from .net import OwnNet\nfrom .metric import M\n',
        'own/net.py': NET,
        'own/metric_v2.py': '',
    }
    found = [each for each in diagnose(tmp_path, {'config.py': CONFIG, **files}) if each.rule == 'broken-import']
    [each] = found
    assert each.message == '`own` imports `own.metric`, which does not exist'
    assert each.span is not None and Path(each.span.path).name == 'config.py'
    place = each.related[0].span
    assert place is not None and Path(place.path) == tmp_path / 'own/__init__.py'


@pytest.mark.parametrize(('line', 'words'), [
    ('from own.heads.point import P', '`own.heads.point`, which does not exist'),
    ('import own.nett', '`own.nett`, which does not exist'),
    ('from .net import OwnNett', '`OwnNett` from `own.net`, which does not have it'),
    ('from . import nett', '`nett` from `own`, which does not have it'),
])  # fmt: skip
def test_what_is_broken(line: str, words: str, tmp_path: Path) -> None:
    files = {'own/__init__.py': f'{line}\n', 'own/net.py': NET, 'own/heads/__init__.py': ''}
    assert broken(tmp_path, files) == [f'`own` imports {words}']


@pytest.mark.parametrize('text', [
    'from .net import OwnNet\nfrom . import net, heads\nimport own.heads',
    'try:\n    from .metric import M\nexcept ImportError:\n    M = None',
    'def build():\n    from .metric import M\n    return M',
    'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .metric import M',
    'from ._ext import ops\nfrom .version import __version__',  # made when the package is built
    'from .fast import nms',  # of another language
    'from .net import Made',  # bound in a way that the source does not show
    'from elsewhere.net import X',
    'from .many import Anything',
])  # fmt: skip
def test_what_is_not(text: str, tmp_path: Path) -> None:
    files = {
        'own/__init__.py': f'{text}\n',
        'own/net.py': f"{NET}globals()['Made'] = OwnNet\n",
        'own/heads/__init__.py': '',
        'own/fast.pyx': '',
        'own/many.py': 'from elsewhere import *\n',
    }
    assert broken(tmp_path, files) == []


def test_files_to_lay_over_an_installed_package(tmp_path: Path) -> None:
    config = CONFIG.replace("'own'", "'own.models'")
    assert broken(tmp_path, {'own/models/__init__.py': 'from .plain import P\n'}, config) == []


def test_an_import_that_may_fail(tmp_path: Path) -> None:
    config = CONFIG.replace('allow_failed_imports=False', 'allow_failed_imports=True')
    found = diagnose(tmp_path, {'config.py': config, 'own/__init__.py': 'from .metric import M\n'})
    assert [str(each.severity) for each in found if each.rule == 'broken-import'] == ['warning']


@pytest.mark.parametrize(('name', 'text', 'count'), [
    ('README.md', 'First `pip install own==1.2`, then copy these files over it.', 0),
    ('requirements.txt', 'torch\nown>=1.0\n', 0),
    ('README.md', 'pip install -e .; own is great', 1),
    ('requirements.txt', 'torch\nowner\n', 1),
])  # fmt: skip
def test_a_package_that_is_installed_besides(name: str, text: str, count: int, tmp_path: Path) -> None:
    assert len(broken(tmp_path, {'own/__init__.py': 'from .metric import M\n', name: text})) == count


def test_one_broken_line_is_told_once_however_many_configs_import_it(tmp_path: Path) -> None:
    lenient = CONFIG.replace('False', 'True')
    files = {'a.py': CONFIG, 'b.py': CONFIG, 'c.py': lenient, 'own/__init__.py': 'from .metric import M\n'}
    found = repo.diagnose(tmp_path, files, 'a.py', 'b.py', 'c.py', rules=['broken-import'])
    assert [
        (Path(each.path).name, str(each.severity), [Path(path).name for path in each.affects]) for each in found
    ] == [
        ('a.py', 'error', ['b.py']),
        ('c.py', 'warning', []),
    ]
