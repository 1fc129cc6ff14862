"""A file that is open, and what a feature may ask of it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from cfglint.era import era_of, is_entry
from cfglint.language.values import Table, Unknown
from cfglint.rules.context import Context
from cfglint.rules.reading.items import Item
from cfglint.server.cursor import Cursor, cursor
from cfglint.server.syntax import Node, parse
from cfglint.server.yaml_syntax import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.language.config import Config
    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile
    from cfglint.language.values import Origin
    from cfglint.server.positions import Positions
    from cfglint.server.project import Project
    from cfglint.server.syntax import Key

_ASKED_HEIRS = 20
"""How many configs that inherit a fragment are asked for its scope."""


class Document:
    """A file as it stands in the editor.

    Args:
        project: The project that it belongs to.
        path: The file.
        positions: Converts places.
    """

    def __init__(self, project: Project, path: str, positions: Positions) -> None:
        self.project = project
        self.path = path
        self.positions = positions
        self.source: SourceFile = project.source(path)

    @cached_property
    def tree(self) -> Node:
        """What stands where in the text."""
        if self.is_yaml:
            return parse_yaml(self.source.text)
        root = parse(self.source.text)
        if self.path.endswith('.json') and root.children and root.children[0].kind == 'dict':
            root = root.children[0]
            root.parent = None
        return root

    @property
    def is_yaml(self) -> bool:
        """Whether the file is YAML."""
        return self.path.endswith(('.yaml', '.yml'))

    @cached_property
    def config(self) -> Config | None:
        """What the file resolves to, or did when it could last be read."""
        return self.project.config(self.path)

    @property
    def is_current(self) -> bool:
        """Whether `config` is what the text says now."""
        return self.config is not None and self.config.source.text == self.source.text

    @cached_property
    def context(self) -> Context | None:
        """The config as rules see it; a fragment without a scope has that of the configs that inherit it."""
        config = self.config
        if config is None:
            return None
        if 'default_scope' not in config.table and (scope := self._scope_of_heirs()) is not None:
            config = config.with_table(Table({**config.table, 'default_scope': scope}, config.table.origins))
        return Context(config, era_of(config), is_entry=is_entry(config), workspace=self.project.workspace)

    def _scope_of_heirs(self) -> str | None:
        scopes: Counter[str] = Counter()
        for path in self.project.checks.dependents(self.path)[:_ASKED_HEIRS]:
            config = self.project.config(path)
            scope = None if config is None else config.get('default_scope')
            if isinstance(scope, str):
                scopes[scope] += 1
        return scopes.most_common(1)[0][0] if scopes else None

    def item(self, path: Sequence[Key]) -> Item | None:
        """Return the item of the config at some keys; where a broken line hides it, that of the bases; None without one."""
        if self.context is None or self.config is None:
            return None
        found = item_at(self.context.root, path)
        if found is not None and not isinstance(found.value, Unknown):
            return found
        inherited = (item_at(Item('', base.config.table, None, None), path) for base in self.config.bases)
        return next((each for each in inherited if each is not None), found)

    def at(self, position: types.Position) -> Cursor:
        """Return what is at a position."""
        return cursor(self.source.text, self.tree, self.positions.offset(self.source, position))

    def range(self, start: int, end: int) -> types.Range:
        """Return the range between two characters of the text."""
        return self.positions.range(self.source, start, end)

    def location(self, span: Span, source: SourceFile | None = None) -> types.Location:
        """Return the place of a span, of a file that is as it was when the span was made."""
        source = source or self.project.source(span.path)
        return types.Location(uris.from_fs_path(span.path) or '', self.positions.of_span(source, span))

    def key_location(self, origin: Origin) -> types.Location:
        """Return where a key is written; for an item of a list, where the item is."""
        return self.location(key_span(origin), origin.source)


def key_span(origin: Origin) -> Span:
    """Return where a key is written; for an item of a list, where the item is."""
    place = origin.value if origin.key is None else origin.key
    name = getattr(place, 'arg', None)  # the node of a keyword covers the value, too
    return origin.source.span_of_prefix(place, len(name)) if isinstance(name, str) else origin.source.span(place)


def item_at(root: Item, path: Sequence[Key]) -> Item | None:
    """Return the item at some keys below another one, None when there is none."""
    found: Item | None = root
    for key in path:
        found = None if found is None else found.get(key)
    return found
