"""In what two resolved configs differ."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.encoding import encode
from cfglint.language.values import Array, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.values import Origin


_MOST_ITEMS = 1000
"""Lists with more items are compared as a whole: to find out what moved takes the square of their length."""


class Side(NamedTuple):
    """A value of one of the configs, with where it was written; none for what code computed."""

    value: Any
    origin: Origin | None


class Difference(NamedTuple):
    """A value that one config has and the other has not, or has otherwise.

    Attributes:
        key: The dotted key, by the numbers of the config that has it, the new one if both have.
        before: The old value; none where it is new.
        after: The new value; none where it is gone.
    """

    key: str
    before: Side | None
    after: Side | None

    @property
    def section(self) -> str:
        """The top-level key."""
        return self.key.partition('.')[0]


def differences(before: Table, after: Table) -> Iterator[Difference]:
    """Yield the differences, in the order of the new config; what is gone stands last in its dict."""
    yield from _in_dicts('', before, after)


def _in_dicts(key: str, before: dict[Any, Any], after: dict[Any, Any]) -> Iterator[Difference]:
    for name in [*after, *(name for name in before if name not in after)]:
        path = f'{key}.{name}' if key else str(name)
        yield from _between(path, _side(before, name), _side(after, name))


def _between(key: str, before: Side | None, after: Side | None) -> Iterator[Difference]:
    if before is None or after is None:
        yield Difference(key, before, after)
        return
    old, new = before.value, after.value
    if _text(old) == _text(new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _in_dicts(key, old, new)
    elif _are_lists(old, new) and max(len(old), len(new)) <= _MOST_ITEMS:
        yield from _in_lists(key, old, new)
    else:
        yield Difference(key, before, after)


def _in_lists(key: str, before: Any, after: Any) -> Iterator[Difference]:
    """Yield the differences of lists of dicts: items that moved along are the same."""
    matcher = SequenceMatcher(None, [*map(_text, before)], [*map(_text, after)], autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == 'equal':
            continue
        pairs = min(end - start, last - first) if _are_alike(before[start:end], after[first:last]) else 0
        for index in range(pairs):
            yield from _between(f'{key}.{first + index}', _side(before, start + index), _side(after, first + index))
        for index in range(start + pairs, end):
            yield Difference(f'{key}.{index}', _side(before, index), None)
        for index in range(first + pairs, last):
            yield Difference(f'{key}.{index}', None, _side(after, index))


def _are_alike(before: Any, after: Any) -> bool:
    """Tell whether items stand for each other: dicts of the same types, as far as there are as many."""
    return all(
        isinstance(old, dict) and isinstance(new, dict) and _text(old.get('type')) == _text(new.get('type'))
        for old, new in zip(before, after, strict=False)
    )


def _are_lists(before: Any, after: Any) -> bool:
    """Tell whether both are lists, or both tuples, with parts of which each is compared."""
    if type(before) is not type(after) or not isinstance(after, (list, tuple)):
        return False
    return all(any(isinstance(each, (dict, list, tuple)) for each in value) for value in (before, after))


def _side(parent: Any, name: Any) -> Side | None:
    if isinstance(parent, Table):
        return Side(parent[name], parent.origins.get(name)) if name in parent else None
    if isinstance(parent, dict):
        return Side(parent[name], None) if name in parent else None
    known = isinstance(parent, (Array, Row)) and name < len(parent.origins)
    return Side(parent[name], parent.origins[name] if known else None)


def _text(value: Any) -> str:
    """Return a value as text that is equal where the values are, in the eyes of MMEngine."""
    return json.dumps(encode(value))
