"""Values that can be iterated, but hold no data of a config: iterators and views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.values import Opaque

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Iterated(Opaque):
    """What can be walked over once: a generator expression, ``zip(…)``, ``map(…)``."""

    __slots__ = ('items', 'python')

    def __init__(self, python: type, items: list[Any]) -> None:
        super().__init__(python.__name__)
        self.python = python
        self.items = items

    def take(self) -> list[Any]:
        """Return what is left, and leave nothing."""
        items, self.items = self.items, []
        return items


class View(Opaque):
    """What ``d.keys()``, ``d.values()`` and ``d.items()`` give: always the present content of the dict."""

    __slots__ = ('content', 'owner', 'python')

    def __init__(self, name: str, owner: dict[Any, Any], content: Callable[[Any], Iterable[Any]]) -> None:
        super().__init__(f'dict_{name}')
        self.python = type(getattr({}, name)())
        self.owner = owner
        self.content = content
