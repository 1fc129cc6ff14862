"""Choosing and applying edits; what a fix declares."""

from __future__ import annotations

import pytest

from cfglint.diagnostics import Applicability, Edit, Fix
from cfglint.fixing.compare import Declared, differences
from cfglint.fixing.edits import Candidate, apply, choose
from cfglint.language.places import Span
from cfglint.language.values import Lazy, Unknown


def a_fix(*edits: tuple[str, int, int, str]) -> Candidate:
    """Make a fix of some edits: path, start, end and content."""
    return Candidate(Fix('Fix', tuple(Edit(Span(*place), text) for *place, text in edits), Applicability.SAFE))


def test_fixes_that_touch_each_other_wait_for_the_next_pass() -> None:
    some = [a_fix(('/a', 0, 3, 'a')), a_fix(('/a', 3, 5, 'b')), a_fix(('/a', 2, 9, 'c')), a_fix(('/a', 6, 6, 'd'))]
    assert choose(some) == [some[0], some[3]]


def test_edits_of_a_fix_are_applied_together_or_not_at_all() -> None:
    first, both = a_fix(('/b', 0, 1, 'y')), a_fix(('/a', 0, 1, 'x'), ('/b', 0, 1, 'x'))
    assert choose([first, both]) == [first]
    assert choose([both, first]) == [both]


def test_inserted_lines_end_like_those_of_the_file() -> None:
    assert apply('a\r\nb\r\n', [Edit(Span('/a', 3, 3), 'x\ny\r\n')]) == 'a\r\nx\r\ny\r\nb\r\n'
    assert apply('ab', [Edit(Span('/a', 0, 1), 'x\n'), Edit(Span('/a', 1, 1), 'y')]) == 'x\nyb'


@pytest.mark.parametrize(
    ('before', 'after', 'keys'),
    [
        ({'a': 1}, {'a': 1}, []),
        ({'a': 1}, {'a': True}, ['a']),
        ({'a': 1}, {'a': 1.0}, ['a']),
        ({'a': {'b': 1, 'c': 2}}, {'a': {'c': 2, 'd': 1}}, ['a.b', 'a.d']),
        ({'a': [1, {'b': 2}]}, {'a': [1, {'b': 3}]}, ['a.1.b']),
        ({'a': [1]}, {'a': [1, 2]}, ['a']),
        ({'a': [1]}, {'a': (1,)}, ['a']),
        ({'a': float('nan')}, {'a': float('nan')}, []),
        ({'a': Lazy('m.A')}, {'a': Lazy('m.A')}, []),
        ({'a': Lazy('m.A')}, {'a': Lazy('m.B')}, ['a']),
        ({'a': Unknown('x')}, {'a': Unknown('y')}, []),
    ],
)
def test_differences(before: dict[str, object], after: dict[str, object], keys: list[str]) -> None:
    assert ['.'.join(key) for key in differences(before, after)] == keys


def test_what_a_fix_declares() -> None:
    declared = Declared({0: ['a'], 1: ['a.b', 'x.y'], 7: ['*.type']})
    assert declared.by(('a', 'b')) == [0, 1] and declared.by(('a',)) == [0]
    assert declared.by(('ab',)) == declared.by(('x',)) == declared.by(('x', 'kind')) == []
    assert declared.by(('x', '0', 'type')) == [7] and declared.by(('a', 'type', 'b')) == [0, 7]
