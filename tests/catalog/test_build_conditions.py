"""What the tool finds in constructors, and what it leaves out since it does not depend on arguments as they were given."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / 'tools'))

import build_conditions

HEAD = 'def __init__(self, depth, mode="a", sizes=None, out=(3,), **kwargs):\n'


def found(*lines: str) -> dict[tuple[str, str], str]:
    node = ast.parse(HEAD + ''.join(f'    {line}\n' for line in lines)).body[0]
    assert isinstance(node, ast.FunctionDef)
    return build_conditions.Constructor(node, {'MODES': ast.parse('("a", "b")').body[0].value}).conditions  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ('lines', 'expected'),
    [
        (('assert max(out) < depth',), ('max(out) < depth', '', 'AssertionError')),
        (("assert mode in MODES, f'no'",), ("mode in ('a', 'b')", '', 'AssertionError')),
        (('self.mode = mode', "assert self.mode != 'c', 'not c'"), ("mode != 'c'", '', 'AssertionError: not c')),
        (("if mode not in ('a', 'b'):", "    raise ValueError('odd')"), ("mode in ('a', 'b')", '', 'ValueError: odd')),
        (("if mode == 'b':", '    assert sizes is not None'), ('sizes is not None', "mode == 'b'", 'AssertionError')),
        (('for each in out:', '    assert each > 0'), ('all((each > 0 for each in out))', '', 'AssertionError')),
    ],
)
def test_demands(lines: tuple[str, ...], expected: tuple[str, str, str]) -> None:
    ((text, when), raised), *others = found(*lines).items()
    assert (text, when, raised) == expected
    assert others == []


@pytest.mark.parametrize(
    'lines',
    [
        ('out = tuple(out)', 'assert len(out) == depth'),
        ('if isinstance(out, int):', '    out = (out, )', 'assert len(out) == depth'),
        ('out.append(1)', 'assert len(out) == depth'),
        ('sizes["a"] = mode', 'assert sizes == "a"'),
        ('assert self.layers == depth + OTHER',),
        ('if depth > 3:', '    return', 'assert mode == "a"'),
        ('if self.odd():', '    assert mode == "a"'),
        ('assert os.path.exists(mode)',),
    ],
)
def test_what_depends_on_something_else(lines: tuple[str, ...]) -> None:
    assert found(*lines) == {}
