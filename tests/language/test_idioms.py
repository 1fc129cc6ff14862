"""What configs of forks and suites compute, against the real MMEngine."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.language.config import Config
from cfglint.language.loader import Loader
from cfglint.language.values import Unknown
from tests.language.oracle import agree
from tests.language.test_partial import read

KNOWN = [
    "import itertools\nx = [dict(a=a, b=b) for a, b in itertools.product([1, 2], 'xy')]\n",
    'import itertools\nx = list(itertools.product((1, 2), repeat=2))\n',
    'import itertools\nx = list(itertools.chain.from_iterable([[1], [2, 3]]))\n',
    'import functools\nx = functools.reduce(lambda a, b: a + b, [[1], [2]], [0])\n',
    'import math\nx = math.prod([2, 3])\n',
    'x = next(iter([3, 4]))\ny = next((i for i in [] if i), None)\nz = next(i for i in [1, 2])\n',
    'it = iter([1, 2, 3])\nx = next(it)\ny = list(it)\ndel it\n',
    "x = format(3.14159, '.2f')\ny = format('a')\n",
    "a_datasets = [1]\nb_datasets = [2]\nx = [eval(f'{name}_datasets') for name in 'ab']\n",
    "x = eval('[1, dict(a=2)]')\ny = eval(\"x[1]['a'] + 1\")\n",
    "a = [1]\neval('a').append(2)\n",
    "import copy\nbase = [dict(abbr='a', n=dict(m=1))]\nx = []\nfor k in (1, 2):\n    for d in copy.deepcopy(base):\n        d['abbr'] += f'_{k}'\n        x.append(d)\n",
    "x = [dict(a=1), dict(b=2)]\nfor d in x:\n    d.update(n=3) if 'a' in d else d.pop('b')\n",
    'x = sum([[1], [2]], [])\ny = sum(([i] for i in range(2)), [9])\n',
]  # fmt: skip


@pytest.mark.parametrize('text', KNOWN)
def test_what_can_be_known(text: str, tmp_path: Path) -> None:
    config = agree(tmp_path, text)
    assert isinstance(config, Config) and config.partial is None
    assert not [name for name, value in config.table.items() if isinstance(value, Unknown)]


@pytest.mark.parametrize(
    'text', ["x = eval('a b')\n", "x = eval('nothing')\n", 'x = next([1])\n', 'x = next(iter([]))\n', 'x = sum([(1,)], [])\n']
)  # fmt: skip
def test_what_fails(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text).refusal is not None


@pytest.mark.parametrize('call', ["eval('x', {})", 'eval(compile("x", "", "eval"))', "exec('x = 2')"])
def test_other_code_in_strings_may_change_any_name(call: str, tmp_path: Path) -> None:
    (tmp_path / 'config.py').write_text(f'x = [1]\n{call}\n')
    config = Loader().load(str(tmp_path / 'config.py'))
    assert isinstance(config.table['x'], Unknown) and config.partial is not None


def test_a_base_that_is_put_into_itself_is_read(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text('a = dict(x=1)\nb = dict(c=2)\n')
    (tmp_path / 'config.py').write_text("_base_ = './base.py'\n_base_.a.y = _base_\n")
    table = Loader().load(str(tmp_path / 'config.py')).table
    assert isinstance(table['a'], Unknown) and table['b'] == {'c': 2}
