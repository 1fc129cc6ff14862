"""Values that can be iterated, but hold no data of a config: iterators and views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.evaluation.limits import MAX_DEPTH, TooLarge
from cfglint.language.values import Opaque, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cfglint.language.values import Unknown


class UnknownItem(Exception):
    """What an iterator hands out next is not known.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Unknown) -> None:
        self.reason = reason


class Iterated(Opaque):
    """What can be walked over once: a generator expression, ``zip(…)``, ``map(…)``; an item is made when it is asked for.

    Args:
        python: Its type.
        source: Makes the items.
        owners: What it walks over.

    Attributes:
        python: The same.
        owners: The same.
        depth: How many iterators it goes through.

    Raises:
        TooLarge: They are too many: Python calls itself for each.
    """

    __slots__ = ('_reason', '_source', 'depth', 'owners', 'python')

    def __init__(self, python: type, source: Iterator[Any], owners: Sequence[Any] = ()) -> None:
        super().__init__(python.__name__)
        self.python = python
        self.owners = owners
        self.depth: int = 1 + max((each.depth for each in owners if isinstance(each, Iterated)), default=0)
        if self.depth > MAX_DEPTH:
            raise TooLarge(f'more than {MAX_DEPTH} iterators over each other')
        self._source = source
        self._reason: Unknown | None = None

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        """Return the next item.

        Raises:
            UnknownItem: It is not known, and so are all that follow.
            StopIteration: There is none.
        """
        if self._reason is not None:
            raise UnknownItem(self._reason)
        try:
            return next(self._source)
        except UnknownItem as error:
            self._reason = error.reason
            raise


class View(Opaque):
    """What ``d.keys()``, ``d.values()`` and ``d.items()`` give: always the present content of the dict."""

    __slots__ = ('content', 'owner', 'python')

    def __init__(self, name: str, owner: dict[Any, Any], content: Callable[[Any], Iterable[Any]]) -> None:
        super().__init__(f'dict_{name}')
        self.python = type(getattr({}, name)())
        self.owner = owner
        self.content = content

    def __iter__(self) -> Iterator[Any]:
        """Walk over the dict itself: it must not grow meanwhile."""
        if self.kind != 'dict_items':
            return iter(self.owner) if self.kind == 'dict_keys' else iter(self.owner.values())
        origins = getattr(self.owner, 'origins', {})
        return (Row(item, (None, origins.get(item[0]))) for item in self.owner.items())
