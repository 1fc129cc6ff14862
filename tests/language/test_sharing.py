"""Names and dicts that stand for more than one thing: what is said, and what the real MMEngine makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cfglint.rules import all_rules
from tests.kit.complete import examples
from tests.language.oracle import Files, mmengine, write
from tests.language.test_rules import diagnose, says

if TYPE_CHECKING:
    from pathlib import Path

LAZY = 'from mmengine.config import read_base\nwith read_base():\n    '
BASE = {'base.py': "a = dict(x=1, y=[2])\nb = [dict(type='C')]\n"}


def example(folder: Path, rule: str, kind: str) -> Any:
    """Return what MMEngine makes of an example of a rule."""
    return mmengine(write(folder / kind, dict(examples(all_rules()[rule].doc)[kind])))


def test_the_later_base_wins_and_nothing_is_merged(tmp_path: Path) -> None:
    assert example(tmp_path, 'replaced-base-name', 'bad')['train_cfg'] == {'val_interval': 2}


def test_an_update_of_the_same_file_drops_the_type(tmp_path: Path) -> None:
    assert example(tmp_path, 'shallow-update', 'bad')['optim_wrapper']['optimizer'] == {'lr': 0.01}
    assert example(tmp_path, 'shallow-update', 'good')['optim_wrapper']['optimizer']['type'] == 'SGD'


def test_the_base_changes_with_its_other_name(tmp_path: Path) -> None:
    assert len(example(tmp_path, 'changed-base-value', 'bad')['train_pipeline']) == 1
    assert len(example(tmp_path, 'changed-base-value', 'good')['train_pipeline']) == 2


@pytest.mark.parametrize(('kind', 'is_saved'), [('bad', False), ('good', True)])
def test_an_imported_name_is_not_saved(kind: str, is_saved: bool, tmp_path: Path) -> None:
    from mmengine.config import Config

    path = write(tmp_path / kind, dict(examples(all_rules()['undumped-name'].doc)[kind]))
    config = Config.fromfile(path)
    assert config.visualizer.name == 'vis'
    config.dump(tmp_path / 'saved.py')
    assert ('visualizer' in Config.fromfile(tmp_path / 'saved.py')) is is_saved


@pytest.mark.parametrize(
    ('rule', 'files', 'keys'),
    [
        # The same value from both, a name that is asked for, and one that is assigned anew.
        ('replaced-base-name', {'one.py': 'a = 1\n', 'two.py': 'a = 1\n', 'config.py': f'{LAZY}from .one import *\n    from .two import *\n'}, []),
        ('replaced-base-name', {'one.py': 'a = 1\n', 'two.py': 'a = 2\n', 'config.py': f'{LAZY}from .one import *\n    from .two import a\n'}, []),
        ('replaced-base-name', {'one.py': 'a = 1\n', 'two.py': 'a = 2\n', 'config.py': f'{LAZY}from .one import a\n    from .two import *\n'}, ['a']),
        ('replaced-base-name', {'one.py': 'a = 1\n', 'two.py': 'a = 2\n', 'config.py': f'{LAZY}from .one import *\n    from .two import *\na = 3\n'}, []),
        # Both bases have bases, and so the name `read_base` itself.
        ('replaced-base-name', {**BASE, 'one.py': f'{LAZY}from .base import *\n', 'two.py': f'{LAZY}from .base import *\n', 'config.py': f'{LAZY}from .one import *\n    from .two import *\n'}, []),
        ('shallow-update', {'config.py': "a = dict(b=dict(type='C', d=1))\na.update(dict(b=dict(d=2)))\n"}, ['a.b']),
        ('shallow-update', {'config.py': "a = {'b': {'type': 'C', 'd': 1}}\na.update({'b': {'type': 'E'}})\n"}, []),
        ('shallow-update', {'config.py': 'a = dict(b=dict(d=1), e=1)\na.update(b=dict(f=2), e=2)\n'}, []),
        ('shallow-update', {**BASE, 'config.py': f'{LAZY}from .base import *\na.update(dict(b=dict(d=2)))\n'}, []),
        ('changed-base-value', {**BASE, 'config.py': "_base_ = 'base.py'\nc = _base_.a\nc.x = 2\ndel c['y']\n"}, ['a']),
        ('changed-base-value', {**BASE, 'config.py': "_base_ = 'base.py'\nc = _base_.a['y']\nc += [3]\n"}, ['a']),
        # The same name, a value that is written anew, another value, and what only reads.
        ('changed-base-value', {**BASE, 'config.py': "_base_ = 'base.py'\na = _base_.a\na.x = 2\n"}, []),
        ('changed-base-value', {**BASE, 'config.py': "_base_ = 'base.py'\nc = _base_.a\nc.x = 2\na = dict(x=3)\n"}, []),
        ('changed-base-value', {**BASE, 'config.py': "_base_ = 'base.py'\nc = _base_.a\nc = dict(c)\nc['x'] = 2\n"}, []),
        ('changed-base-value', {**BASE, 'config.py': "_base_ = 'base.py'\nc = _base_.a\nd = c['y'].index(2)\n"}, []),
        ('undumped-name', {'config.py': 'from mmengine.x import Y\nmodel = dict(type=Y)\n'}, []),
        ('undumped-name', {'config.py': 'from mmengine.x import Y as model\nmodel = dict(type=model)\n'}, ['model']),
        ('undumped-name', {**BASE, 'config.py': f'{LAZY}from .base import a\na = dict(b=1)\n'}, []),
    ],
)  # fmt: skip
def test_keys(rule: str, files: Files, keys: list[str], tmp_path: Path) -> None:
    assert [key for key, _ in says(tmp_path, files, rule)] == keys


def test_a_section_that_is_not_saved_is_a_warning(tmp_path: Path) -> None:
    text = 'from mmengine.x import Y as {name}\n{name} = dict(type={name})\n'
    severities = [
        str(each.severity)
        for name in ('model', 'helper')
        for each in diagnose(tmp_path / name, text.format(name=name), 'undumped-name')
    ]
    assert severities == ['warning', 'info']


def test_a_base_named_for_each_of_its_names_counts_once(tmp_path: Path) -> None:
    imports = '\n    '.join(f'from .base import few as few_{number}' for number in range(4))
    files = {
        'base.py': 'few = [1]\nmany = list(range(90_000))\n',
        'config.py': f'from mmengine.config import read_base\nwith read_base():\n    {imports}\n',
    }
    assert says(tmp_path, files, 'endless-evaluation') == []
    assert mmengine(tmp_path / 'config.py')['few_3'] == [1]
