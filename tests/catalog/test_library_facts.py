"""Facts of libraries: what does not follow the schema is refused, and all files that are shipped follow it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from cfglint.catalog.library_facts import Library, known, library
from cfglint.catalog.schema import build


class Inner(NamedTuple):
    a: int


class Outer(NamedTuple):
    name: str
    ratio: float = 1
    names: frozenset[str] = frozenset()
    pairs: tuple[str, ...] = ()
    both: tuple[Any, Any] = (1, 2)
    inner: Inner | None = None
    by_name: Mapping[str, Inner] = {}


def test_all_kinds() -> None:
    given = {
        'name': 'n',
        'ratio': 2,
        'names': ['x'],
        'pairs': ['y'],
        'both': [3, None],
        'inner': {'a': 1},
        'by_name': {'k': {'a': 2}},
    }
    assert build(Outer, given, 'f') == Outer('n', 2, frozenset({'x'}), ('y',), (3, None), Inner(1), {'k': Inner(2)})
    assert build(Outer, {'name': 'n', 'inner': None}, 'f') == Outer('n')


@pytest.mark.parametrize('given', [
    {}, [], {'name': 1}, {'name': 'n', 'more': 1}, {'name': 'n', 'ratio': 'x'}, {'name': 'n', 'names': 'xy'},
    {'name': 'n', 'both': [1]}, {'name': 'n', 'inner': {'b': 1}}, {'name': 'n', 'by_name': {'k': 1}}, {'name': 'n', 'pairs': [1]},
])  # fmt: skip
def test_what_does_not_fit_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match='f: '):
        build(Outer, given, 'f')


@pytest.mark.parametrize('name', known())
def test_files_follow_the_schema(name: str) -> None:
    assert isinstance(library(name), Library) and library(name).library == name
