"""Repositories that carry a library: a copy, files to lay over it, several projects, code in `src`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cfglint.catalog import walk
from tests.kit.repo import write

if TYPE_CHECKING:
    from collections.abc import Callable

REGISTRY = (
    'from mmengine.registry import MODELS as ROOT, Registry\n'
    "MODELS = Registry('model', parent=ROOT, locations=['{name}.models'])\n"
)
HEAD = 'from {name}.registry import MODELS\n@MODELS.register_module()\nclass FCNHead:\n    def __init__(self, {args}): ...\n'
MODEL = "default_scope = 'mmseg'\nmodel = dict(type='FCNHead', edge=1, num_convs=2)\n"


def copy(args: str, name: str = 'mmseg', at: str = '') -> dict[str, str]:
    """Return a small copy of a library."""
    files = {
        '__init__.py': "__version__ = '1.2.2'\n",
        'registry.py': REGISTRY.format(name=name),
        'models/__init__.py': 'from .head import FCNHead\n',
        'models/head.py': HEAD.format(name=name, args=args),
    }
    return {f'{at}{name}/{path}': text for path, text in files.items()}


def said(cli: Callable, *paths: str) -> list[tuple[str, str, str]]:
    """Return what is said at warning or above: file, rule and key."""
    ran = cli('check', '--no-cache', '--isolated', '--output-format', 'json', *paths)
    found = [each for each in json.loads(ran.out) if each['severity'] != 'info']
    return [(str(Path(each['filename']).relative_to(Path.cwd())), each['code'], each['key']) for each in found]


def test_a_copy_decides(cli: Callable, tmp_path: Path) -> None:
    absent = MODEL.replace('FCNHead', 'PSPHead')
    write(tmp_path, {'.git/HEAD': '', **copy('edge'), 'configs/a.py': MODEL, 'configs/b.py': absent})
    assert said(cli, 'configs') == [
        ('configs/a.py', 'unknown-argument', 'model.num_convs'),
        ('configs/b.py', 'unknown-type', 'model.type'),
    ]


def test_a_class_of_a_copy_may_take_arguments_away(cli: Callable, tmp_path: Path) -> None:
    holder = (
        'from mmseg.registry import MODELS\n@MODELS.register_module()\nclass Holder:\n'
        "    def __init__(self, head):\n        self.task = head.pop('num_convs')\n        MODELS.build(head)\n"
    )
    files = {**copy('edge'), 'mmseg/models/holder.py': holder}
    head = "dict(type='FCNHead', edge=1, num_convs=2, widht=3)"
    config = f"default_scope = 'mmseg'\ncustom_imports = dict(imports=['mmseg.models.holder'])\nmodel = dict(type='Holder', head={head})\n"
    write(tmp_path, {'.git/HEAD': '', **files, 'configs/a.py': config})
    assert said(cli, 'configs') == [('configs/a.py', 'unknown-argument', 'model.head.widht')]


def test_a_part_of_an_unknown_library_decides_nothing(cli: Callable, tmp_path: Path) -> None:
    files = {path: text for path, text in copy('edge', 'otherlib').items() if path != 'otherlib/__init__.py'}
    files['otherlib/models/__init__.py'] += 'from .plain import PlainNet\n'
    config = MODEL.replace('mmseg', 'otherlib')
    plain = "default_scope = 'otherlib'\nmodel = dict(type='PlainNet', width=3)\n"
    write(tmp_path, {'.git/HEAD': '', **files, 'configs/a.py': config, 'configs/b.py': plain})
    assert said(cli, 'configs') == [('configs/a.py', 'unknown-argument', 'model.num_convs')]


def test_each_project_has_its_own_copy(cli: Callable, tmp_path: Path) -> None:
    one, two = copy('edge', at='one/'), copy('num_convs', at='two/')
    write(tmp_path, {'.git/HEAD': '', **one, **two, 'one/configs/a.py': MODEL, 'two/configs/a.py': MODEL})
    assert said(cli, 'one/configs', 'two/configs') == [
        ('one/configs/a.py', 'unknown-argument', 'model.num_convs'),
        ('two/configs/a.py', 'unknown-argument', 'model.edge'),
    ]


def test_past_the_bound_nothing_is_absent(cli: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = MODEL.replace('FCNHead', 'MyHead')
    write(tmp_path, {'.git/HEAD': '', **{f'own/m{number}.py': '' for number in range(9)}, 'configs/a.py': config})
    assert [code for _, code, _ in said(cli, 'configs')] == ['unknown-type']
    monkeypatch.setattr(walk, 'MAX_FILES', 5)
    assert said(cli, 'configs') == []
    ran = cli('check', '--no-cache', '--isolated', 'configs')
    assert '1 component not checked (code that is too large to be indexed whole: 1)' in ran.err


def test_code_in_src(cli: Callable, tmp_path: Path) -> None:
    own = 'from mmengine.registry import MODELS\n@MODELS.register_module()\nclass Own:\n    def __init__(self, width): ...\n'
    config = "default_scope = 'mmseg'\ncustom_imports = dict(imports=['{}'])\nmodel = dict(type='Own', widht=1)\n"
    files = {f'configs/{number}.py': config.format(name) for number, name in enumerate(['own.net', 'src.own.net'])}
    write(tmp_path, {'.git/HEAD': '', 'src/own/__init__.py': '', 'src/own/net.py': own, **files})
    assert [code for _, code, _ in said(cli, 'configs')] == ['misspelt-argument'] * 2


def test_bases_of_a_package_in_the_tree(cli: Callable, tmp_path: Path) -> None:
    base = MODEL.replace(', num_convs=2', '')
    child = "_base_ = 'mmseg::_base_/fcn.py'\nmodel = dict(num_convs=2)\n"
    write(tmp_path, {'.git/HEAD': '', **copy('edge'), 'configs/_base_/fcn.py': base, 'configs/mine/a.py': child})
    assert said(cli, 'configs/mine') == [('configs/mine/a.py', 'unknown-argument', 'model.num_convs')]


def test_bases_of_a_package_in_the_tree_that_has_no_configs(cli: Callable, tmp_path: Path) -> None:
    child = "_base_ = 'mmseg::_base_/fcn.py'\nmodel = dict(type='FCNHead', num_convs=2)\n"
    write(tmp_path, {'.git/HEAD': '', **copy('edge'), 'mine/a.py': child})
    assert [code for _, code, _ in said(cli, 'mine/a.py') if code == 'missing-base'] == []
