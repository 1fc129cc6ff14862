"""Numbers that equal values have in common: whether a value stands among many others is one look-up then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CONTAINERS = (dict, list, tuple)


def items_of(value: Any) -> Iterable[Any]:
    """Return the items of a dict, list or tuple; none of another value."""
    return value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()


def containers_in(values: Iterable[Any]) -> Iterator[Any]:
    """Yield the dicts, lists and tuples in some values, themselves included, each once however many others hold it."""
    seen: dict[int, Any] = {}
    left = list(values)
    while left:
        value = left.pop()
        if isinstance(value, _CONTAINERS) and id(value) not in seen:
            seen[id(value)] = value
            left.extend(items_of(value))
            yield value


class Digests:
    """Makes digests of values that live as long as it does, and do not change."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, value: Any) -> int:
        """Return the digest of a value: equal ones of one type have the same, others hardly ever."""
        if not isinstance(value, _CONTAINERS):
            try:
                return hash(value)
            except TypeError:
                return id(value)
        known = self._known.get(id(value))
        if known is None:
            items = map(self.of, items_of(value))
            content = frozenset(zip(value, items, strict=True)) if isinstance(value, dict) else tuple(items)
            known = self._known[id(value)] = hash((isinstance(value, dict), isinstance(value, list), content))
        return known
