"""Bases that are configs of a library and not in the tree: its configs of 0.x are read, and those of 1.x inherited instead."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING, Final

from cfglint.catalog.config_paths import archived, texts
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from cfglint.language.source import SourceFile
from cfglint.migrate.change import Computed, Dict, List, Tree, opened, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.language.config import Config
    from cfglint.migrate.text import Text

_MARK: Final = '::configs'
"""What follows the package in the first part of a path into the archive."""


def is_archived(path: str) -> bool:
    """Tell whether a path is one of a config in the archive."""
    return path.split(os.sep, 2)[1].endswith(_MARK)


class OldTree(Loader):
    """Reads files of 0.x, and the bases that only a library has.

    Attributes:
        library: The library of 0.x that the files are of; found out if not given.
        replaced: For each file, its bases that only a library has: as it names them, the path in the archive, and what
            replaces them.
    """

    def __init__(self, held: int, library: str | None) -> None:
        super().__init__(held=held)
        self.library = library
        self.replaced: dict[str, dict[str, tuple[str, str]]] = {}

    def stand_in(self, entry: str, path: str | None, source: SourceFile) -> Config | None:
        """Return the config of a library that a base means which is not in the tree."""
        if path is None or '::' in entry or self.exists(path):
            return None
        found = archived(path, source.text, self.library)
        if found is None:
            return None
        place = os.path.join(os.sep, f'{found.package}{_MARK}', *found.path.split('/'))
        try:
            config = self.load_known(place)
        except ConfigError:
            return None
        self.replaced.setdefault(source.path, {})[entry] = (place, found.successor)
        return config

    def exists(self, path: str) -> bool:
        """Tell whether there is something at a path, or a config in the archive."""
        return self._text(path) is not None if is_archived(path) else super().exists(path)

    def read(self, path: str) -> SourceFile:
        """Return the text of a file, or of a config in the archive.

        Raises:
            ConfigError: It cannot be read.
        """
        text = self._text(path) if is_archived(path) else None
        return super().read(path) if text is None else SourceFile(path, text)

    def _text(self, path: str) -> str | None:
        _, root, *parts = path.split(os.sep)
        return texts(root.removesuffix(_MARK)).get('/'.join(parts))


class NewTree(Loader):
    """Reads the files that they become; for what they inherit of a library counts what its configs of 0.x become.

    Attributes:
        replaced: What `OldTree` noted.
    """

    def __init__(self, held: int, replaced: Mapping[str, Mapping[str, tuple[str, str]]]) -> None:
        super().__init__(held=held)
        self.replaced = replaced

    def stand_in(self, entry: str, path: str | None, source: SourceFile) -> Config | None:
        """Return what a config in the archive became, which is loaded."""
        for place, new in self.replaced.get(source.path, {}).values():
            if entry == new:
                return self.held(place)
        return None


def entries(file: Text) -> Iterator[tuple[ast.Constant, str]]:
    """Yield the strings in the `_base_` of a file: the nodes and the texts."""
    statement = file.assignments.get('_base_')
    for node in ast.walk(statement.value) if statement is not None else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value


# What configs of 1.x do with paths


_PATHS: Final = ('data_root', 'ann_file', 'data_prefix')


def with_roots(trees: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return a config in which each dataset says its root: those of libraries have other roots, and paths below them."""
    return {key: _rooted(tree) if key.endswith('_dataloader') else tree for key, tree in trees.items()}


def _rooted(tree: Tree) -> Tree:
    tree = opened(tree)
    if isinstance(tree, List):
        return tree._replace(items=tuple(map(_rooted, tree.items)))
    if not isinstance(tree, Dict):
        return tree
    items = {key: _rooted(each) if key in ('dataset', 'datasets') else each for key, each in tree.items.items()}
    if 'data_root' not in items and not items.keys().isdisjoint(_PATHS):
        items['data_root'] = Computed('')
    if 'num_workers' in items and value_of(items['num_workers']) == 0:
        items.setdefault('persistent_workers', Computed(False))  # it is on in configs of libraries
    return tree._replace(items=items)


def with_paths(own: Mapping[str, Tree], wanted: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return what a file says itself, with all paths of each dataset of which it says one."""
    return {
        key: _with_paths(tree, wanted[key]) if key.endswith('_dataloader') and key in wanted else tree
        for key, tree in own.items()
    }


def _with_paths(own: Tree, wanted: Tree) -> Tree:
    own, wanted = opened(own), opened(wanted)
    if not isinstance(own, Dict) or not isinstance(wanted, Dict):
        return own
    items = dict(own.items)
    if 'dataset' in items and 'dataset' in wanted.items:
        items['dataset'] = _with_paths(items['dataset'], wanted.items['dataset'])
    if not items.keys().isdisjoint(_PATHS):
        items.update({name: wanted.items[name] for name in _PATHS if name in wanted.items and name not in items})
        if 'data_prefix' in wanted.items:
            items['data_prefix'] = wanted.items['data_prefix']
    if 'num_workers' in items and 'persistent_workers' in wanted.items:
        items.setdefault('persistent_workers', wanted.items['persistent_workers'])
    return own._replace(items=items)
