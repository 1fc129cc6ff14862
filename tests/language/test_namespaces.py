"""``globals()``, ``locals()``, ``vars()`` and ``dir()``, against the real MMEngine."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.language.config import Config
from cfglint.language.loader import Loader
from cfglint.language.values import Unknown
from tests.language.oracle import Files, agree, write
from tests.language.test_partial import read

HEAD = "b_datasets = [dict(abbr='b')]\na_datasets = [dict(abbr='a', n=1), dict(abbr='c')]\nmodels = [dict(type='M')]\nn = 3\n"
ENDS = "if k.endswith('_datasets')"

READS = {
    'sum of locals': f'datasets = sum((v for k, v in locals().items() {ENDS}), [])',
    'sum of a list': f'datasets = sum([v for k, v in locals().items() {ENDS}], [])',
    'sum, start by name': f'datasets = sum((v for k, v in globals().items() {ENDS}), start=[])',
    'or itself': "datasets = sum((v for k, v in locals().items() if k.endswith('_datasets') or k == 'datasets'), [])",
    'flat': f'datasets = [x for k, v in globals().items() {ENDS} for x in v]',
    'item': "x = globals()['a_datasets']",
    'item of a loop': "x = [globals()[f'{k}_datasets'] for k in 'ab']",
    'item that is changed': "x = globals()['a_datasets'][0]\nx['abbr'] = 'z'",
    'append': "for k in 'ab':\n    globals()[f'{k}_datasets'].append(dict(abbr=k))",
    'extend': "globals()['a_datasets'] += [1]",
    'nested item': "globals()['a_datasets'][0]['n'] += 1",
    'write': "for k in 'xyz':\n    globals()[f'{k}_1'] = dict(k=k)",
    'write over': "globals()['n'] = 4\nm = n",
    'locals write': "locals()['m'] = 5\nx = m",
    'vars write': "vars()['m'] = 5\nx = m + 1",
    'del': "del globals()['n']",
    'update': "globals().update(n=4, m=dict(a=1))\nx = m['a']",
    'update by dict': "globals().update({'q': [1]}, n=2)",
    'setdefault': "globals().setdefault('n', 9)\nglobals().setdefault('m', 9)",
    'pop': "x = globals().pop('n')",
    'pop default': "x = globals().pop('nowhere', 7)",
    'get': "x = vars().get('n')\ny = vars().get('nowhere')\nz = locals().get('nowhere', 2)",
    'in': "x = 'n' in locals()\ny = 'nowhere' in globals()\nz = 'n' not in vars()",
    'in keys': "x = 'n' in globals().keys()",
    'conditional': "if 'nowhere' not in globals():\n    nowhere = 1\nif 'n' in globals():\n    n = 5",
    'list': "x = [k for k in list(globals()) if not k.startswith('_')]",
    'keys': "x = [k for k in globals().keys() if 'datasets' in k]",
    'dict comprehension': "x = {k: v for k, v in locals().items() if k in ('n', 'models')}",
    'names and values': f'x = [(k, len(v)) for k, v in vars().items() {ENDS}]',
    'all names': "x = [k for k in globals() if k not in ('LazyObject', '__file__', '_base_')]",
    'sorted': "x = sorted(k for k in globals() if k[0] != '_')",
    'dir': "x = [k for k in dir() if 'data' in k]",
    'isinstance': 'x = [k for k, v in globals().items() if isinstance(v, list)]',
    'isinstance of more': "x = [k for k, v in globals().items() if isinstance(v, (int, str)) and not k.startswith('_')]",
    'loop over a copy': "x = []\nk = v = None\nfor k, v in list(globals().items()):\n    if k.endswith('_datasets'):\n        x += v",
    'loop over a dict of them': "k = v = x = None\nfor k, v in dict(locals()).items():\n    if k == 'n':\n        x = v",
    'loop, names bound before': "k = v = None\nx = []\nfor k, v in locals().items():\n    x.append(k) if 'data' in k else None",
    'in a function': "def f(k):\n    return globals()[k]\n\n\nx = f('n')",
    'write in a function': "def f(k):\n    globals()[k] = 1\n\n\nf('m')",
    'parameters of a function': 'def f(p, q=2):\n    return locals()\n\n\nx = f(1)',
    'by keywords': "def f(**kw):\n    return kw\n\n\nx = f(**{k: v for k, v in globals().items() if k in ('n', 'models')})",
    'filter': "x = list(filter(lambda k: k.endswith('s'), globals()))",
    'map': "x = list(map(lambda k: globals()[k], ['n', 'models']))",
    'any': "x = any(k.startswith('model') for k in globals())",
    'max': "x = max((k for k in globals() if k.endswith('datasets')), key=len)",
    'after del': "del b_datasets\nb_datasets = [1]\nx = [k for k in globals() if 'data' in k]",
    'order of new names': 'zz = 1\naa = 2\nx = [k for k in globals() if len(k) == 2]',
    'is the same': 'x = globals() is locals()',
    'with functions': "def f():\n    pass\n\n\nx = [k for k in locals() if k[0] in 'fn']",
    'rebound': "n = globals()['n'] + 1\nn = globals()['n'] + 1",
    'lambda': "f = lambda k: globals()[k]\nx = f('n')\ndel f",
}  # fmt: skip
LAZY = 'from mmengine.config import read_base\n'


@pytest.mark.parametrize('name', READS)
def test_text_style(name: str, tmp_path: Path) -> None:
    decided(agree(tmp_path, f'{HEAD}{READS[name]}\n'))


@pytest.mark.parametrize('name', READS)
def test_text_style_with_a_base(name: str, tmp_path: Path) -> None:
    files: Files = {
        'base.py': 'c_datasets = [1]\nlr = 1\nmodels = []\n',
        'config.py': f"_base_ = 'base.py'\n{HEAD}{READS[name]}\n",
    }
    decided(agree(tmp_path, files))


@pytest.mark.parametrize('name', READS)
def test_pure_python(name: str, tmp_path: Path) -> None:
    files: Files = {
        'base.py': HEAD,
        'other.py': "from torch.optim import SGD\nc_datasets = [dict(abbr='c', type=SGD)]\n",
        'config.py': f'{LAZY}with read_base():\n    from .base import *\n    from .other import c_datasets\n{READS[name]}\n',
    }
    decided(agree(tmp_path, files))


def decided(config: object) -> None:
    """Make sure that all of a config is known."""
    if isinstance(config, Config):
        assert config.partial is None
        assert not [name for name, value in config.table.items() if isinstance(value, Unknown)]


FAILING = {
    'loop that binds names': 'for k, v in globals().items():\n    pass',
    'loop that writes': "k = None\nfor k in globals():\n    globals()[k + '_2'] = 1",
    'no such name': "x = globals()['nowhere']",
    'loop that deletes': "x = dict(a=1, b=2)\nfor k in x:\n    del x['a']",
}


@pytest.mark.parametrize('name', FAILING)
def test_what_fails(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, f'{HEAD}{FAILING[name]}\n').refusal is not None


UNKNOWN: dict[str, Files | str] = {
    'star of an absent package': f'{LAZY}with read_base():\n    from mmhuman3d.configs.x import *\n{HEAD}x = [k for k in locals()]\n',
    'branch': f'import os\n{HEAD}if os.path.exists("y"):\n    globals()["n"] = 4\nx = n\n',
    'loop': f'import os\n{HEAD}for k in os.listdir("."):\n    globals()[k] = 4\nx = n\n',
    'key': f'import os\n{HEAD}globals()[os.getcwd()] = 1\nx = n\n',
    'call': f'import json\n{HEAD}json.dumps(globals())\nx = models\n',
    'locals of a function': f'{HEAD}def f(a):\n    b = a\n    return locals()\nx = f(1)\n',
    'locals in a comprehension': f'{HEAD}x = [k for _ in "a" for k in locals()]\n',
    'vars of an object': f'import os\n{HEAD}x = vars(os)\n',
}  # fmt: skip


@pytest.mark.parametrize('name', UNKNOWN)
def test_what_cannot_be_known_is_unknown(name: str, tmp_path: Path) -> None:
    config = Loader(package_root=lambda name: None).load(str(write(tmp_path, UNKNOWN[name])))
    assert isinstance(config.table['x'], Unknown)


def test_a_star_of_an_absent_package_may_replace_what_came_before(tmp_path: Path) -> None:
    text = f'{LAZY}with read_base():\n    from .base import *\n    from mmhuman3d.configs.x import *\n    from .last import lr\n'
    files: Files = {'config.py': f'{text}m = n\n', 'base.py': 'n = 3\n', 'last.py': 'lr = 1\n'}
    table = Loader(package_root=lambda name: None).load(str(write(tmp_path, files))).table
    assert isinstance(table['m'], Unknown) and table['lr'] == 1


def test_sums_of_lists_keep_where_items_are_written(tmp_path: Path) -> None:
    config = agree(tmp_path, f'{HEAD}{READS["sum of locals"]}\n')
    assert isinstance(config, Config)
    assert [origin.value.lineno for origin in config.table['datasets'].origins] == [1, 2, 2]


def test_names_that_an_absent_package_gives_by_name_are_all_names(tmp_path: Path) -> None:
    text = f'{LAZY}with read_base():\n    from mmhuman3d.configs.x import y\n    from .base import *\n{READS["sum of locals"]}\n'
    table = (
        Loader(package_root=lambda name: None).load(str(write(tmp_path, {'config.py': text, 'base.py': HEAD}))).table
    )
    assert [each['abbr'] for each in table['datasets']] == ['b', 'a', 'c'] and isinstance(table['y'], Unknown)


def test_a_base_that_is_not_all_known_may_have_any_name(tmp_path: Path) -> None:
    files: Files = {
        'config.py': f'{LAZY}with read_base():\n    from .base import n, other\nx = other\n',
        'base.py': f'{LAZY}with read_base():\n    from mmhuman3d.configs.x import *\nn = 3\n',
    }
    table = Loader(package_root=lambda name: None).load(str(write(tmp_path, files))).table
    assert table['n'] == 3 and isinstance(table['x'], Unknown)
