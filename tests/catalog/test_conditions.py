"""What constructors demand: computed node by node, and never guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cfglint.catalog.conditions import CONDITIONS, Condition, Undecided, conditions_of, holds, is_computable


def condition(text: str, when: str = '') -> Condition:
    return Condition(text, 'AssertionError', when, (), ())


@pytest.mark.parametrize(
    ('text', 'values', 'expected'),
    [
        ('max(out_indices) < num_stages', {'out_indices': (0, 3), 'num_stages': 4}, True),
        ('max(out_indices) < num_stages', {'out_indices': (0, 4), 'num_stages': 4}, False),
        ('len(a) == len(b) == 4', {'a': [1] * 4, 'b': [1] * 3}, False),
        ("mode in ['a', 'b'] or mode is None", {'mode': None}, True),
        ('a is None or b is None', {'a': 1, 'b': 2}, False),
        ('a is None or b is None', {'a': None}, True),
        ('isinstance(a, (int, float)) and a > 0', {'a': '1'}, False),
        ('is_list_of(a, int)', {'a': (1, 2)}, False),
        ('is_seq_of(a, int)', {'a': (1, 2)}, True),
        ('all((each > 0 for each in a))', {'a': [1, 0]}, False),
        ('0 <= -a % 3 <= 1', {'a': 2}, True),
        ('a[0] // 2 == 4', {'a': [8]}, True),
    ],
)
def test_computed(text: str, values: dict[str, Any], expected: bool) -> None:
    assert is_computable(text)
    assert holds(condition(text), values) is expected


@pytest.mark.parametrize(
    ('text', 'values'),
    [
        ('a < b', {'a': 1}),
        ('a < b', {'a': 1, 'b': 'x'}),
        ('len(a) == 2', {'a': 5}),
        ('a[3] == 1', {'a': [1]}),
        ('a * b == 1', {'a': 'x', 'b': 10**9}),
        ("a['b'] == 1", {'a': {}}),
        ('a is 3', {'a': 3}),
        ('a / b > 1', {'a': 1, 'b': 0}),
        ('a is None or b', {'a': 1}),
        ('a.b', {'a': 1}),
    ],
)
def test_not_known(text: str, values: dict[str, Any]) -> None:
    with pytest.raises(Undecided):
        holds(condition(text), values)


def test_what_counts_only_sometimes() -> None:
    demanded = condition('size is not None', 'mode == "slide"')
    assert holds(demanded, {'size': None, 'mode': 'whole'})
    assert not holds(demanded, {'size': None, 'mode': 'slide'})


@pytest.mark.parametrize('text', ['os.remove(a)', 'open(a)', 'a.b()', '(lambda: a)()', 'a ** 9', 'f"{a}"'])
def test_what_may_not_be_computed(text: str) -> None:
    assert not is_computable(text)


def test_all_that_is_known_can_be_computed() -> None:
    files = sorted(Path(CONDITIONS).glob('*.json'))
    assert len(files) > 10
    for file in files:
        for each in json.loads(file.read_text('utf-8')).values():
            assert all(is_computable(text) for text, _, when in each for text in (text, when or '0'))


def test_constants_of_a_subclass_count() -> None:
    (depth,) = (each for each in conditions_of('mmpose.models.backbones.resnest.ResNeSt') if 'depth' in each.names)
    assert holds(depth, {'depth': 269})
    assert not holds(depth, {'depth': 18})
