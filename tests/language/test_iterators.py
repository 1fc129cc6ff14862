"""Iterators make their items when they are asked for, as Python does: what happens meanwhile counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.language.config import Config
from cfglint.language.values import Unknown
from tests.language.oracle import agree, cfglint, write

TEXTS = {
    'a list that the loop shortens': 'a = [1, 2, 3, 4]\nfor x in a:\n    a.remove(x)\n',
    'a list that the loop pops from': 'a = [1, 2, 3, 4]\nb = []\nfor x in a:\n    b.append(a.pop(0))\n',
    'a list that the loop extends': 'a = [1, 2, 3]\nfor x in a:\n    if len(a) < 6: a.append(x)\n',
    'a list that a comprehension pops from': 'a = [1, 2, 3]\nb = [a.pop() for x in a]\n',
    'a list that is numbered': 'a = [1, 2]\nb = []\nfor i, x in enumerate(a):\n    if i < 2: a.insert(0, 9)\n    b.append(x)\n',
    'a dict that grows': 'a = dict(x=1)\nfor k in a:\n    a["y"] = 2\n',
    'a dict that keeps its size': 'a = dict(x=1)\nfor k in a:\n    a[k] = 2\n',
    'a view of a dict that shrinks': 'a = dict(x=1, y=2)\nfor k, v in a.items():\n    a.pop(k)\n',
    'a dict that the loop leaves': 'a = dict(x=1, y=2)\nfor k in a:\n    a.pop(k)\n    break\n',
    'map before it is asked': 'a = []\nm = map(a.append, [1, 2, 3])\nb = len(a)\nlist(m)\nc = len(a)\ndel m\n',
    'map that would fail': 'm = map(lambda x: 1 / x, [1, 0])\na = next(m)\ndel m\n',
    'map that goes on after it failed': 'm = map(lambda x: 1 / x, [0, 1])\ntry:\n    next(m)\nexcept ZeroDivisionError:\n    a = list(m)\ndel m\n',
    'filter of a list that grows': 'a = [1, 2, 3]\nm = filter(lambda x: x > 1, a)\na.append(9)\nb = list(m)\ndel m\n',
    'zip of a list that grows': 'a = [1, 2, 3]\nm = zip(a, a)\na.append(9)\nb = list(m)\ndel m\n',
    'zip of one iterator twice': 'i = iter([1, 2, 3, 4])\na = list(zip(i, i))\ndel i\n',
    'zip that leaves some': 'i = iter([1, 2, 3, 4])\na = list(zip(i, [1]))\nb = list(i)\ndel i\n',
    'reversed': 'a = [1, 2, 3]\nm = reversed(a)\na[0] = 9\nb = list(m)\ndel m\n',
    'chain': 'import itertools\na = [1]\nc = itertools.chain(a, [2])\na.append(5)\nb = list(c)\ndel c, a\n',
    'a generator of a name that changes': 'a = [1, 2]\nk = 1\nm = (x + k for x in a)\nk = 5\nb = list(m)\ndel m\n',
    'a generator that would fail': 'm = (1 / x for x in [1, 0])\na = next(m)\ndel m\n',
    'a generator over nothing': 'try:\n    m = (x for x in nothing)\nexcept NameError:\n    a = 1\n',
    'a generator over a number': 'try:\n    m = (x for x in 1)\nexcept TypeError:\n    a = 1\n',
    'a generator that a function returns': 'def f(a):\n    k = 2\n    return (k * x for x in a)\nb = list(f([1, 2]))\n',
    'any stops': 'b = []\na = any(b.append(x) or x > 1 for x in [1, 2, 3])\n',
    'all stops': 'a = all(1 / x < 0 for x in [1, 0])\n',
    'in stops': 'i = iter([0, 1, 2])\na = 1 in i\nb = 5 not in i\ndel i\n',
    'unpacking takes one more': 'i = iter([1, 2, 3, 4, 5])\ntry:\n    a, b = i\nexcept ValueError:\n    a = list(i)\ndel i\n',
    'reduce': 'import functools\nb = []\na = functools.reduce(lambda x, y: b.append(x) or y, (b.append(-x) or x for x in [1, 2, 3]))\n',
    'a huge range': 'r = range(10**12)\na = [5 in r, -1 in r, len(r), r[5], list(r[5:9]), r == range(10**12), r.stop]\ndel r\n',
    'a huge range that the loop leaves': 'for x in range(10**12):\n    if x > 3: break\n',
    'a huge range beside a short list': 'a = list(zip("ab", range(10**12)))\nb = list(zip(range(10**12), "ab"))\n',
    'a huge range backwards': 'a = next(iter(reversed(range(10**12))))\n',
    'recursion': 'def f(n):\n    return [] if n == 0 else [f(n - 1)]\na = f(60)\n',
}  # fmt: skip
ALSO = {
    'pairs added to a dict': 'a = dict(x=1)\nb = a\na |= [("y", 2)]\n',
    'no pairs added to a dict': 'a = dict(x=1)\ntry:\n    a |= [1]\nexcept TypeError:\n    b = 1\n',
    'what setdefault hands out': '_base_ = "base.py"\na = _base_.model.setdefault("z", dict(q=1))\na["q"] = 2\nb = _base_.model.z.q\n',
    'what setdefault hands out has no attributes': '_base_ = "base.py"\na = _base_.model.setdefault("z", dict(q=1)).q\n',
    'raise of nothing': 'try:\n    raise\nexcept RuntimeError:\n    a = 1\n',
    'raise again': 'try:\n    try:\n        {}["a"]\n    except KeyError:\n        raise\nexcept KeyError:\n    a = 1\n',
    'raise again, in a function': 'def f():\n    raise\ntry:\n    try:\n        {}["a"]\n    except KeyError:\n        f()\nexcept KeyError:\n    a = 1\n',
    'raise after all is handled': 'try:\n    {}["a"]\nexcept KeyError:\n    pass\nraise\n',
}  # fmt: skip
"""Other things in which it is easy to differ."""


@pytest.mark.parametrize('call', ['zip(o, [1])', 'enumerate(o)', 'map(str, o)', 'filter(None, o)', 'iter(o)', 'any(o)', 'reversed(o)',
                                  '(x for x in o)', 'chain(o)', 'chain.from_iterable(o)', 'reduce(max, o)'])  # fmt: skip
def test_what_is_in_an_object_is_not_known(call: str, tmp_path: Path) -> None:
    text = f'from functools import reduce\nfrom itertools import chain\nclass O: pass\no = O\na = [*{call}]\nb = 1\n'
    config = cfglint(write(tmp_path, text))
    assert isinstance(config, Config) and isinstance(config.table['a'], Unknown) and config.table['b'] == 1


@pytest.mark.parametrize('text', [*TEXTS.values(), *ALSO.values()], ids=[*TEXTS, *ALSO])
def test_as_mmengine_reads_it(text: str, tmp_path: Path) -> None:
    agree(tmp_path, {'config.py': text, 'base.py': 'model = dict(x=1)\n'})
