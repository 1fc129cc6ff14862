"""What belongs to Python itself: what it has not cannot be read, and nothing can be added to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.language.errors import ConfigError
from cfglint.language.evaluation.limits import MAX_FRAMES
from tests.language.oracle import agree, cfglint, refuse, write

REFUSED = {
    'a = dict\na.append(3)\n': 'AttributeError',
    'str.foo\n': 'AttributeError',
    'len.foo\n': 'AttributeError',
    '[].append.foo\n': 'AttributeError',
    'dict.x = 3\n': 'TypeError',
    'len.x = 3\n': 'AttributeError',
    'a = [].append\na.x = 3\n': 'AttributeError',
    'dict["x"] = 3\n': 'TypeError',
    'del dict.keys\n': 'TypeError',
    'del len["x"]\n': 'TypeError',
    'len["x"]\n': 'TypeError',
    'print(*len)\n': 'TypeError',
    'print(seb="")\n': 'TypeError',
    'print(**len)\n': 'TypeError',
    'vars(len)\n': 'TypeError',
    'vars(dict(x=1))\n': 'TypeError',
    'vars(dict(x=1).keys())\n': 'TypeError',
    'vars([].append)\n': 'TypeError',
}
ALLOWED = {
    'names and documentation': 'dict.__name__\nlen.__doc__\n[].append.__self__\na = 1\n',
    'ordered dicts': 'from collections import OrderedDict\nOrderedDict.move_to_end\na = OrderedDict(x=1)\n',
    'methods of a ConfigDict': '_base_ = "base.py"\n_base_.model.items.__func__\nvars(_base_.model.items)\n',
    'a ConfigDict': '_base_ = "base.py"\nvars(_base_.model)\n',
    'classes': 'class A: pass\nA.x = 1\nvars(A)\nvars(dict)\n',
    'functions': 'def f(): pass\nf.x = 1\nvars(f)\n',
    'what a type takes': 'list[int]\ndict | None\na = 1\n',
    'forgiven': 'try:\n    len.x = 1\nexcept AttributeError:\n    a = 1\ntry:\n    dict.x = 1\nexcept TypeError:\n    b = 1\n',
}


@pytest.mark.parametrize(('text', 'exception'), REFUSED.items())
def test_what_python_refuses_is_refused(text: str, exception: str, tmp_path: Path) -> None:
    refuse(tmp_path, text, exception, 'failing-expression')


@pytest.mark.parametrize('text', ALLOWED.values(), ids=ALLOWED)
def test_what_python_allows_is_allowed(text: str, tmp_path: Path) -> None:
    files = {'config.py': text, 'base.py': 'model = dict(x=1)\n'}
    assert not isinstance(cfglint(write(tmp_path, files)), ConfigError)  # type: ignore[arg-type]
    agree(tmp_path, files)


@pytest.mark.skipif(MAX_FRAMES < 20_000, reason="each call takes from the process's own stack here")
def test_recursion_is_as_deep_as_mmengine_allows(tmp_path: Path) -> None:
    text = 'def f(n):\n    if n:\n        for x in [n]:\n            return 1 + f(x - 1)\n    return 0\na = f({})\n'
    agree(tmp_path, {'config.py': text.format(940)})
    found = cfglint(write(tmp_path, text.format(1_000)))
    assert isinstance(found, ConfigError) and found.exception == 'RecursionError'
