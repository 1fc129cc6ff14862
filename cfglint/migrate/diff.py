"""What a file has to say itself, once its bases are migrated: the rest is inherited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cfglint.migrate.change import Computed, Dict, Kept, List, Todo, Tree, opened, value_of
from cfglint.migrate.items import Item

if TYPE_CHECKING:
    from cfglint.language.config import Config

IsOwn = Callable[[Item], bool]
"""Tells whether an item was written in the file."""

_MISSING = object()


def own_part(config: Config, wanted: dict[str, Tree], base: dict[str, Any]) -> dict[str, Tree]:
    """Return the part of what a config becomes that its file has to say itself.

    Args:
        config: The config as it was.
        wanted: What it becomes.
        base: What its migrated bases say.
    """

    def is_own(item: Item) -> bool:
        return item.origin is not None and item.origin.source.path == config.path

    parts = {key: own(tree, base.get(key, _MISSING), is_own) for key, tree in wanted.items()}
    return {key: part for key, part in parts.items() if part is not None}


def own(tree: Tree, base: Any, is_own: IsOwn) -> Tree | None:
    """Return the part of a tree that a file has to write over what its bases say; none if they say it all.

    What the user wrote in the file stays, whether a base says the same or not.
    """
    if not isinstance(base, dict):
        if base is _MISSING:
            return tree
        same = value_of(tree) == base and type(value_of(tree)) is type(base)
        if same and not mentions(tree, is_own):
            return None
        return _replacing(tree) if isinstance(value_of(tree), dict) else tree
    value = value_of(tree)
    if not isinstance(value, dict):
        return tree
    tree = opened(tree)
    if not isinstance(tree, Dict):
        return None if value == base else _replacing(tree)
    if _deletes(tree, is_own) or base.keys() - value.keys():
        return tree._replace(delete=True)
    items = {}
    for key, each in tree.items.items():
        part = own(each, base.get(key, _MISSING), is_own)
        if part is not None:
            items[key] = part
    return tree._replace(items=items) if items or _is_left_empty(tree, is_own) else None


def _is_left_empty(tree: Dict, is_own: IsOwn) -> bool:
    """Tell whether the user wrote an empty dict there: one whose parts have all moved away goes with them."""
    if tree.like is None or not is_own(tree.like):
        return False
    node: Any = tree.like.origin.value if tree.like.origin is not None else None
    return not (getattr(node, 'keywords', ()) or getattr(node, 'args', ()) or getattr(node, 'keys', ()))


def with_questions(parts: dict[str, Tree], wanted: dict[str, Tree], paths: list[str]) -> dict[str, Tree]:
    """Return what a file says itself together with what it inherits and has to ask about: no base asks that."""
    found = dict(parts)
    for path in paths:
        key, *names = path.split('.')
        if key in wanted:
            found[key] = _asking(found.get(key), wanted[key], names)
    return found


def _asking(part: Tree | None, wanted: Tree, names: list[str]) -> Tree:
    if not isinstance(wanted, Dict):
        return wanted
    mine = Dict({}) if part is None else opened(part)
    if not isinstance(mine, Dict):
        return mine
    if not names:
        return mine._replace(todos=wanted.todos)
    key = next((each for each in wanted.items if str(each) == names[0]), None)
    if key is None:
        return mine
    return mine._replace(items={**mine.items, key: _asking(mine.items.get(key), wanted.items[key], names[1:])})


def _replacing(tree: Tree) -> Tree:
    """Return a dict that takes the place of something that is no dict: MMEngine wants `_delete_=True` for that."""
    tree = opened(tree)
    return tree._replace(delete=True) if isinstance(tree, Dict) else tree


def _deletes(tree: Dict, is_own: IsOwn) -> bool:
    """Tell whether the user wrote `_delete_=True` there."""
    if tree.like is None or not is_own(tree.like):
        return False
    node: Any = tree.like.origin.value if tree.like.origin is not None else None
    return any(keyword.arg == '_delete_' for keyword in getattr(node, 'keywords', ()))


def mentions(tree: Tree, is_own: IsOwn) -> bool:
    """Tell whether some of a tree was written in the file."""
    match tree:
        case Kept(item) | Todo(_, item):
            return _within(item, is_own)
        case Computed(_, near):
            return near is not None and is_own(near)
        case Dict(items, like):
            return (like is not None and is_own(like)) or any(mentions(each, is_own) for each in items.values())
        case List(items, like):
            return (like is not None and is_own(like)) or any(mentions(each, is_own) for each in items)


def _within(item: Item, is_own: IsOwn) -> bool:
    if is_own(item):
        return True
    parts = item.fields().values() if item.is_dict else item.entries()
    return any(_within(each, is_own) for each in parts)
