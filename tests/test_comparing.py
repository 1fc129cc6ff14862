"""Texts are compared line by line, as `difflib` does, and whatever they hold in bounded time."""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable

import pytest

from cfglint.comparing import Comparison, unified
from tests.hostile.fuzzing.kit import watch


@pytest.mark.parametrize('seed', range(40))
def test_a_diff_is_that_of_difflib(seed: int) -> None:
    chance = random.Random(seed)
    before = [chance.choice(('a\n', 'b\n', '\n', f'{number}\n')) for number in range(chance.randrange(60))]
    after = [line for line in before if chance.random() > 0.1]
    for _ in range(chance.randrange(5)):
        after.insert(chance.randrange(len(after) + 1), chance.choice(('new\n', 'a\n')))
    ours = [*unified(before, after, ('x', 'y'))]
    assert apply(before, ours) == after
    changed = sum(line[0] in '+-' for line in ours)
    theirs = sum(line[0] in '+-' for line in difflib.unified_diff(before, after, 'x', 'y'))
    assert changed <= theirs + 8
    middle = [*difflib.unified_diff(['a\n', 'b\n', 'c\n'], ['a\n', 'x\n', 'c\n'], 'x', 'y')]
    assert [*unified(['a\n', 'b\n', 'c\n'], ['a\n', 'x\n', 'c\n'], ('x', 'y'))] == middle


def apply(before: list[str], diff: list[str]) -> list[str]:
    """Return what a diff makes of some lines."""
    made, at = [], 0
    for line in diff[2:]:
        if line.startswith('@@'):
            start, _, length = line.split()[1][1:].partition(',')
            first = int(start) - (length != '0')
            made += before[at:first]
            at = first
        elif line[0] in ' -':
            assert before[at] == line[1:]
            at += 1
            made += [line[1:]] if line[0] == ' ' else []
        else:
            made.append(line[1:])
    return made + before[at:]


LINES: dict[str, Callable[[random.Random], str]] = {
    'the same': lambda chance: '\n',
    'two kinds': lambda chance: chance.choice('ab') + '\n',
    'a hundred kinds': lambda chance: f'{chance.randrange(100)}\n',
    'all others': lambda chance: f'{chance.random()}\n',
}


@pytest.mark.parametrize('kind', LINES)
def test_many_lines_are_compared_in_bounded_time(kind: str) -> None:
    chance = random.Random(1)
    lines = [LINES[kind](chance) for _ in range(60_000)]
    other = ['x\n', *lines[:30_000], 'y\n', *lines[30_000:][::-1], 'z\n']
    with watch(10):
        blocks = Comparison(lines, other).get_matching_blocks()
    assert all(lines[a : a + size] == other[b : b + size] for a, b, size in blocks)
