"""Nothing of a config is ever executed, whatever it tries: no file is left behind, no module imported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cfglint.language.encoding import encode
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader

TRICKS = {
    'import': "__import__('os').system('touch {marker}')\n",
    'import statement': "import os\nos.system('touch {marker}')\n",
    'open': "open({marker!r}, 'w')\n",
    'eval': 'eval("open({marker!r}, \'w\')")\n',
    'exec': 'exec("open({marker!r}, \'w\')")\n',
    'compile': 'exec(compile("open({marker!r}, \'w\')", "", "exec"))\n',
    'pathlib': 'from pathlib import Path\nPath({marker!r}).touch()\n',
    'subprocess': "import subprocess\nsubprocess.run(['touch', {marker!r}])\n",
    'builtins': "import builtins\nbuiltins.open({marker!r}, 'w')\n",
    'getattr': "import os\ngetattr(os, 'sys' + 'tem')('touch {marker}')\n",
    'map': "import os\nlist(map(os.system, ['touch {marker}']))\n",
    'map of open': "list(map(lambda x: open(x, 'w'), [{marker!r}]))\n",
    'sorted key': "import os\nsorted(['touch {marker}'], key=os.system)\n",
    'max key': "import os\nmax(['touch {marker}', 'x'], key=os.system)\n",
    'sort key': "import os\na = ['touch {marker}']\na.sort(key=os.system)\n",
    'format': "a = '{{0.__class__.__init__.__globals__}}'.format(open)\n",
    'format of a function': "def f(): pass\na = '{{0.__globals__[__builtins__]}}'.format(f)\n",
    'format_map': "class D(dict):\n    def __missing__(self, key):\n        open({marker!r}, 'w')\na = '{{x}}'.format_map(D())\n",
    'class body': "class A:\n    open({marker!r}, 'w')\n",
    'metaclass': "class M(type):\n    def __new__(*args):\n        open({marker!r}, 'w')\nclass A(metaclass=M):\n    pass\n",
    'init_subclass': "class A:\n    def __init_subclass__(cls):\n        open({marker!r}, 'w')\nclass B(A):\n    pass\n",
    'decorator': "def d(f):\n    open({marker!r}, 'w')\n    return f\n@d\ndef g():\n    pass\n@d\nclass C:\n    pass\n",
    'default': "def f(x=open({marker!r}, 'w')):\n    pass\ng = lambda x=open({marker!r}, 'w'): 1\n",
    'getattr of a class': "class A:\n    def __getattr__(self, name):\n        open({marker!r}, 'w')\na = A().x\n",
    'repr': "class A:\n    def __repr__(self):\n        open({marker!r}, 'w')\n        return ''\na = f'{{A()!r}}'\nb = str([A()])\nc = '%r' % A()\n",
    'eq': "class A:\n    def __eq__(self, other):\n        open({marker!r}, 'w')\na = A() == 1\nb = A() in [1]\nc = [A()].index(1)\n",
    'hash': "class A:\n    def __hash__(self):\n        open({marker!r}, 'w')\n        return 1\na = {{A(): 1}}\nb = {{A()}}\n",
    'iter': "class A:\n    def __iter__(self):\n        open({marker!r}, 'w')\nfor x in A():\n    pass\na = [*A()]\n",
    'bool': "class A:\n    def __bool__(self):\n        open({marker!r}, 'w')\nif A():\n    pass\na = A() and 1\n",
    'add': "class A:\n    def __add__(self, other):\n        open({marker!r}, 'w')\na = A() + 1\n",
    'del': "class A:\n    def __del__(self):\n        open({marker!r}, 'w')\na = A()\ndel a\n",
    'with': "class A:\n    def __enter__(self):\n        open({marker!r}, 'w')\n_base_ = []\nwith A():\n    pass\n",
    'call': "class A:\n    def __call__(self):\n        open({marker!r}, 'w')\nA()()\n",
    'property': "class A:\n    @property\n    def x(self):\n        open({marker!r}, 'w')\na = A().x\n",
    'annotation': "x: open({marker!r}, 'w') = 1\ndef f(a: open({marker!r}, 'w')) -> open({marker!r}, 'w'):\n    pass\n",
    'match': "match open({marker!r}, 'w'):\n    case _:\n        pass\n",
    'f-string': "a = f\"{{open({marker!r}, 'w')}}\"\n",
    'comprehension': "a = [open(x, 'w') for x in [{marker!r}]]\n",
    'generator': "list(open(x, 'w') for x in [{marker!r}])\n",
    'async': "import asyncio\nasync def f():\n    open({marker!r}, 'w')\nasyncio.run(f())\n",
    'raise': "class E(Exception):\n    def __init__(self):\n        open({marker!r}, 'w')\ntry:\n    raise E()\nexcept E:\n    pass\n",
    'assert': "assert False, open({marker!r}, 'w')\n",
    'custom_imports': "custom_imports = dict(imports=['cfglint_trap'], allow_failed_imports=False)\n",
    'base': "_base_ = [open({marker!r}, 'w') and 'x.py']\n",
    'base expression': "_base_ = __import__('os').popen('touch {marker}').read()\n",
    'trap in text style': '_base_ = []\nimport cfglint_trap\nfrom cfglint_trap import x\na = x\nb = cfglint_trap.y\n',
    'trap in lazy style': 'import cfglint_trap\nfrom cfglint_trap import x\na = dict(type=x, y=cfglint_trap.y)\n',
    'trap in a function': 'from mmdet.x import y\ndef f():\n    import cfglint_trap\nf()\n',
    'trap as a package base': "_base_ = 'mmyolo::x/y.py'\na = _base_.x\n",
    'trap as a lazy base': 'from mmengine.config import read_base\nwith read_base():\n    from mmyolo.x.y import *\n',
    'environment': "a = '{{{{$PATH:x}}}}'\n__import__('os').system('touch {marker}')\n",
}  # fmt: skip

YAML_TRICKS = {
    'apply': "a: !!python/object/apply:os.system ['touch {marker}']\n",
    'new': "a: !!python/object/new:os.system ['touch {marker}']\n",
    'name': 'a: !!python/name:os.system\n',
    'module': 'a: !!python/module:cfglint_trap\n',
    'object': 'a: !!python/object:cfglint_trap.X {{}}\n',
    'tuple': "a: !!python/tuple [!!python/object/apply:os.system ['touch {marker}']]\n",
    'key': "!!python/object/apply:os.system ['touch {marker}'] : 1\n",
}


@pytest.fixture
def marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set traps: a module and an installed package that leave a file behind when they are imported."""
    marker = tmp_path / 'marker'
    trap = f"open({str(marker)!r}, 'w').close()\nx = y = X = 1\n"
    (tmp_path / 'cfglint_trap.py').write_text(trap)
    for folder in ('mmyolo/x', 'mmyolo/.mim/configs/x'):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / 'y.py').write_text('x = 1\n' + trap)
    (tmp_path / 'mmyolo' / '__init__.py').write_text(trap)
    (tmp_path / 'mmyolo' / 'x' / '__init__.py').write_text(trap)
    monkeypatch.syspath_prepend(str(tmp_path))
    return marker


def read(path: Path) -> None:
    """Read a config and look at all of its values."""
    try:
        encode(Loader().load(str(path)).table)
    except ConfigError as error:
        str(error)


@pytest.mark.parametrize('name', TRICKS)
def test_python(name: str, tmp_path: Path, marker: Path) -> None:
    before = set(sys.modules)
    path = tmp_path / 'config.py'
    path.write_text(TRICKS[name].format(marker=str(marker)))
    read(path)
    assert not marker.exists()
    assert not {'cfglint_trap', 'mmyolo'} & (set(sys.modules) - before)


@pytest.mark.parametrize('name', YAML_TRICKS)
def test_yaml(name: str, tmp_path: Path, marker: Path) -> None:
    path = tmp_path / 'config.yaml'
    path.write_text(YAML_TRICKS[name].format(marker=str(marker)))
    read(path)
    assert not marker.exists()


def test_the_traps_work(tmp_path: Path, marker: Path) -> None:
    """The test can fail: MMEngine falls into them."""
    from mmengine.config import Config

    path = tmp_path / 'config.py'
    path.write_text(TRICKS['import'].format(marker=str(marker)))
    Config.fromfile(path)
    assert marker.exists()
    marker.unlink()
    __import__('cfglint_trap')
    sys.modules.pop('cfglint_trap')
    assert marker.exists()
