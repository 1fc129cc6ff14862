"""What no concern has taken care of: components and arguments of 0.x that the library of 1.x does not have.

The catalogs tell. What neither era has is the user's own, and nobody's business here.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog.framework import holds_plain
from cfglint.catalog.libraries import library_of
from cfglint.catalog.targets import Targets
from cfglint.migrate.change import Computed, Dict, Kept, List, Todo, Tree, opened, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfglint.catalog import Installation


class Finding(NamedTuple):
    """What is left over in a component.

    Attributes:
        reason: Why it is left over as a whole.
        type: What to write for its type: libraries of 1.x name those that they borrow from.
        arguments: What is to say about its arguments.
    """

    reason: str | None = None
    type: str | None = None
    arguments: Mapping[str, str] = MappingProxyType({})
    reads_backends: bool = False
    """Whether it takes `backend_args`."""


_NOTHING = Finding()
_NOT_OF_MODELS = frozenset({'torch', 'torchvision', 'mmengine'})
"""Libraries whose components take what only their builders know."""
_OPEN = frozenset({'_delete_', '_scope_', '_base_', 'type', 'priority'})


class Leftovers:
    """Finds what is left over of 0.x.

    Args:
        old: The scope of the library in 0.x.
        new: Its scope in 1.x.
        era: The era that the old scope is of: 1 if the library was renamed within 1.x.
        releases: The releases of 1.x, such as `mmdet==3.3.0`; the newest where none is given.
    """

    def __init__(self, old: str, new: str, era: int, releases: tuple[str, ...]) -> None:
        self.old_scope, self.new_scope = old, new
        self.old, self.new = _installation(old, era), _installation(new, 1, releases)
        self.newest = _installation(new, 1)
        self._known: dict[tuple[str, tuple[Any, ...]], Finding] = {}

    @property
    def knows(self) -> bool:
        """Whether there are catalogs of both eras."""
        return self.new.has_scope(self.new_scope) and self.old.has_scope(self.old_scope)

    def marked(self, tree: Tree) -> Tree:
        """Return a tree in which what is left over is an open question."""
        if isinstance(tree, Todo):
            return tree
        value = tree.item.value if isinstance(tree, Kept) else tree.value if isinstance(tree, Computed) else None
        if isinstance(tree, (Kept, Computed)):
            if isinstance(tree, Computed) or not isinstance(value, (dict, list, tuple)) or not self._is_wrong(value):
                return tree
            tree = opened(tree)
        if isinstance(tree, Dict):
            if not holds_plain(_type(tree)) and not self._is_gone(tree):
                tree = tree._replace(items={key: self.marked(each) for key, each in tree.items.items()})
            return self._marked_dict(tree)
        if isinstance(tree, List):
            return tree._replace(items=tuple(map(self.marked, tree.items)))
        return tree

    def _marked_dict(self, tree: Dict) -> Tree:
        name = _type(tree)
        if not name or tree.todos:
            return tree  # one question about the whole
        found = self._problems(name, tuple(tree.items))
        if found.reason is not None:
            return tree._replace(todos=(found.reason,))
        if not found.arguments and found.type is None:
            return tree
        items = dict(tree.items)
        if found.type is not None:
            kind = items['type']
            items['type'] = Computed(found.type, kind.item if isinstance(kind, Kept) else None)
        for argument, why in found.arguments.items():
            each = items[argument]
            if argument == _FILES and found.reads_backends and 'backend_args' not in items:
                items = _with_backend(items)
            elif isinstance(each, Kept):
                items[argument] = Todo(why, each.item)
        return tree._replace(items=items)

    def _is_wrong(self, value: Any) -> bool:
        if isinstance(value, dict):
            name = value.get('type')
            if isinstance(name, str) and self._problems(name, tuple(value)) != _NOTHING:
                return True
            if isinstance(name, str) and holds_plain(name):
                return False
            return any(self._is_wrong(each) for each in value.values() if isinstance(each, (dict, list, tuple)))
        return any(self._is_wrong(each) for each in value if isinstance(each, (dict, list, tuple)))

    def _is_gone(self, tree: Dict) -> bool:
        """Tell whether all of a component is a question: who answers it writes its parts anew."""
        name = _type(tree)
        if not name or self.new.find(name, None, self.new_scope) is not None:
            return False
        return bool(tree.todos) or self._problems(name, tuple(tree.items)).reason is not None

    def _problems(self, name: str, keys: tuple[Any, ...]) -> Finding:
        known = self._known.get((name, keys))
        if known is None:
            known = self._known[name, keys] = self._found(name, keys)
        return known

    def _found(self, name: str, keys: tuple[Any, ...]) -> Finding:
        was = self.old.find(name, None, self.old_scope)
        if was is None or was.kind == 'unknown':
            return self._of_new(name, keys)
        component, qualified = self.new.find(name, None, self.new_scope), None
        if component is None:
            qualified = f'{was.scope}.{name}'
            component = self.new.find(qualified, None, self.new_scope) if was.scope != self.old_scope else None
            if component is None or component.kind == 'unknown':
                return Finding(f'{self.new_scope} has no `{name}`; write what does the same')
        if component.kind != 'class' or component.library in ('torch', 'torchvision'):
            return Finding(type=qualified)
        before, now = self.old.signature(was), self.new.signature(component)
        given = [key for key in keys if isinstance(key, str) and key not in _OPEN]
        wrong = [key for key in given if now.accepts(key) is False and (key == _FILES or before.accepts(key))]
        why = {key: f'`{name}` has no argument `{key}`' for key in wrong}
        return Finding(None, qualified, why, _FILES in why and now.accepts('backend_args') is True)

    def _of_new(self, name: str, keys: tuple[Any, ...]) -> Finding:
        """Return what is wrong with a component that only 1.x has: it was renamed, or the user wrote it ahead."""
        component = self.new.find(name, None, self.new_scope)
        if component is None and self.newest.find(name, None, self.new_scope) is not None:
            return Finding(f'{self._release()} does not have `{name}` yet; write what does the same')
        if component is None or component.kind != 'class' or component.library in _NOT_OF_MODELS:
            return _NOTHING
        now = self.new.signature(component)
        given = [key for key in keys if isinstance(key, str) and key not in _OPEN]
        return Finding(
            None, None, {key: f'`{name}` has no argument `{key}`' for key in given if now.accepts(key) is False}
        )

    def _release(self) -> str:
        """Return the library of 1.x with its release."""
        release = self.new.release(library_of(self.new_scope) or self.new_scope)
        return self.new_scope if release is None else f'{self.new_scope} {release.version}'


def _type(tree: Dict) -> str:
    kind = tree.items.get('type')
    name = kind.item.value if isinstance(kind, Kept) else kind.value if isinstance(kind, Computed) else None
    return name if isinstance(name, str) else ''


_FILES = 'file_client_args'


def _with_backend(items: dict[Any, Tree]) -> dict[Any, Tree]:
    """Return fields with `backend_args`; the backend that was called `disk` is the default."""
    given = value_of(items[_FILES])
    if given == {'backend': 'disk'}:
        return {name: each for name, each in items.items() if name != _FILES}
    return {'backend_args' if name == _FILES else name: each for name, each in items.items()}


def takes(old: str, new: str, kind: str, argument: str) -> bool:
    """Tell whether a component of 1.x takes an argument; a class that is not known may take any."""
    installation = leftovers(old, new).new
    component = installation.find(kind, None, new)
    return (
        component is None
        or component.kind != 'class'
        or installation.signature(component).accepts(argument) is not False
    )


@cache
def _installation(scope: str, era: int, releases: tuple[str, ...] = ()) -> Installation:
    return Targets(releases, installed=lambda distribution: None).installation([scope], None, era=era)


@cache
def leftovers(old: str, new: str, era: int = 0, releases: tuple[str, ...] = ()) -> Leftovers:
    """Return what finds the leftovers of a library."""
    return Leftovers(old, new, era, releases)
