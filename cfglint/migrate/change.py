"""What a piece of 0.x becomes: trees of the user's own items, of computed values, and of open questions.

A tree is turned into a value by `value_of`, into source text by `cfglint.migrate.writing`, and into advice by rules.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.values import Opaque, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.migrate.items import Item


class Kept(NamedTuple):
    """An item of the user's, as it is: its text, comments and all, can be moved."""

    item: Item


class Computed(NamedTuple):
    """A value that the user did not write."""

    value: Any
    near: Item | None = None
    """The item that it was computed from, if it takes that item's place."""


class Todo(NamedTuple):
    """What cannot be derived: the item stays as it is, and a person has to decide."""

    reason: str
    item: Item


class Dict(NamedTuple):
    """A dict; `like` is the item that it rewrites, if it rewrites one."""

    items: dict[str, Tree]
    like: Item | None = None
    todos: tuple[str, ...] = ()
    """Why a person has to look at it."""
    delete: bool = False
    """Whether what a base says of it does not count (`_delete_=True`)."""


class List(NamedTuple):
    """A list or tuple; `like` is the item that it rewrites, if it rewrites one."""

    items: tuple[Tree, ...]
    like: Item | None = None
    is_tuple: bool = False
    todos: tuple[str, ...] = ()


Tree = Kept | Computed | Todo | Dict | List


class Change(NamedTuple):
    """What one concern makes of a config.

    Attributes:
        reads: The top-level keys of 0.x that it comes from, the main one first.
        writes: What is written, by dotted path; writes to one dict are merged.
        removes: The top-level keys that are gone afterwards; all that it reads, if not given.
    """

    reads: tuple[str, ...]
    writes: Mapping[str, Tree] = MappingProxyType({})
    removes: tuple[str, ...] | None = None

    @property
    def removed(self) -> tuple[str, ...]:
        """The top-level keys that are gone afterwards."""
        return self.reads if self.removes is None else self.removes


def same(first: Any, second: Any) -> bool:
    """Tell whether two values are equal, as MMEngine's user would see it: 1 is not True, a list is no tuple."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, (list, tuple)) and type(first) is type(second):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, (Opaque, Unknown)):
        # Functions, and what only running would tell, are made anew by each reading: the same words make the same.
        return repr(first) == repr(second)
    return type(first) is type(second) and (first == second or first is second or first != first)


def value_of(tree: Tree) -> Any:
    """Return the plain value of a tree: dicts, lists and tuples without origins."""
    match tree:
        case Kept(item) | Todo(_, item):
            return plain(item.value)
        case Computed(value):
            return plain(value)
        case Dict(items):
            return {key: value_of(each) for key, each in items.items()}
        case List(items, is_tuple=is_tuple):
            values = [value_of(each) for each in items]
            return tuple(values) if is_tuple else values


def plain(value: Any) -> Any:
    """Return a value without the origins of its parts, and without what only merging reads."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key != '_delete_'}
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, list):
        return list(map(plain, value))
    return value


def todos_in(tree: Tree, path: str = '') -> Iterator[tuple[str, str]]:
    """Yield each open question in a tree: the dotted path and the reason."""
    match tree:
        case Todo(reason):
            yield path, reason
        case Dict(items, todos=todos):
            yield from ((path, reason) for reason in todos)
            for key, each in items.items():
                yield from todos_in(each, f'{path}.{key}' if path else str(key))
        case List(items, todos=todos):
            yield from ((path, reason) for reason in todos)
            for index, each in enumerate(items):
                yield from todos_in(each, f'{path}.{index}')


def without_todos(tree: Tree) -> Tree:
    """Return a tree without open questions: what they are about stays as it is."""
    match tree:
        case Todo(_, item):
            return Kept(item)
        case Dict(items):
            return tree._replace(items={key: without_todos(each) for key, each in items.items()}, todos=())
        case List(items):
            return tree._replace(items=tuple(map(without_todos, items)), todos=())
    return tree


def merged(first: Tree, second: Tree) -> Tree:
    """Return two writes to one path as one: dicts are merged, of all else the second counts."""
    first, second = opened(first), opened(second)
    if not isinstance(first, Dict) or not isinstance(second, Dict):
        return second
    items = dict(first.items)
    for key, tree in second.items.items():
        items[key] = merged(items[key], tree) if key in items else tree
    return Dict(items, first.like or second.like, (*first.todos, *second.todos))


def opened(tree: Tree) -> Tree:
    """Return a tree whose outermost dict or list can be changed: what is kept as a whole becomes kept parts."""
    match tree:
        case Kept(item) if isinstance(item.value, dict):
            return Dict({key: Kept(each) for key, each in item.fields().items()}, item)
        case Kept(item) if isinstance(item.value, (list, tuple)):
            return List(tuple(map(Kept, item.entries())), item, isinstance(item.value, tuple))
        case Computed(value, near) if isinstance(value, dict):
            return Dict({key: Computed(each) for key, each in value.items()}, near)
    return tree
