"""Configs of 1.x whose library was renamed: scopes, types and imports, all together (REN-01 to REN-35)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.catalog.library_facts import known, library
from cfglint.migrate.change import Computed, Dict, Kept, List, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.leftovers import leftovers
from cfglint.migrate.mapping.transforms import component
from cfglint.migrate.mapping.whole import Mapped

if TYPE_CHECKING:
    from cfglint.catalog.library_facts import Library, Renamed


def renamed_library(table: dict[str, Any]) -> str | None:
    """Return the library of a resolved 1.x config, by its default scope, if it has another name now."""
    scope = table.get('default_scope')
    return scope if isinstance(scope, str) and scope in known() and library(scope).renamed is not None else None


def map_renamed(table: dict[str, Any], facts: Library, releases: tuple[str, ...] = ()) -> Mapped:
    """Return what a resolved 1.x config of a library becomes under the library's new name."""
    assert facts.renamed is not None
    root, rename = Item(table), _Rename(facts.library, facts.renamed)
    trees = {key: rename.tree(item, key) for key, item in root.fields().items()}
    found = leftovers(facts.library, facts.renamed.scope, 1, releases)
    if found.knows:
        trees = {key: found.marked(tree) for key, tree in trees.items()}
    changed: dict[str, tuple[str, ...]] = {key: (key,) for key, tree in trees.items() if not isinstance(tree, Kept)}
    return Mapped(trees, changed, frozenset())


class _Rename:
    def __init__(self, old: str, facts: Renamed) -> None:
        self.old, self.facts = old, facts

    def tree(self, item: Item, key: Any) -> Tree:
        if item.is_list:
            trees = [self.tree(each, key) for each in item.entries()]
            if all(isinstance(each, Kept) for each in trees):
                return Kept(item)
            return List(tuple(trees), item, isinstance(item.value, tuple))
        if item.is_dict:
            return self._dict(item)
        new = self._name(item.value, key)
        return Kept(item) if new is None else Computed(new, item)

    def _dict(self, item: Item) -> Tree:
        kind = item.plain('type')
        scope, _, name = kind.rpartition('.') if isinstance(kind, str) else ('', '', '')
        facts = self.facts.components.get(name) if scope in ('', self.old) else None
        tree = component(item, facts)
        own = tree.items if isinstance(tree, Dict) else {key: Kept(each) for key, each in item.fields().items()}
        fields = {key: self.tree(each.item, key) if isinstance(each, Kept) else each for key, each in own.items()}
        if facts is not None and facts.type is not None and scope:
            fields['type'] = Computed(f'{self.facts.scope}.{facts.type}', item.get('type'))
        if isinstance(tree, Kept) and all(isinstance(each, Kept) for each in fields.values()):
            return tree
        return Dict(fields, item, tree.todos if isinstance(tree, Dict) else ())

    def _name(self, value: Any, key: Any) -> str | None:
        """Return the new form of a scope, of a type with a scope, or of a module; none if it has none."""
        if not isinstance(value, str) or key not in ('default_scope', '_scope_', 'type', 'imports'):
            return None
        first, dot, rest = value.partition('.')
        return f'{self.facts.scope}{dot}{rest}' if first == self.old else None
