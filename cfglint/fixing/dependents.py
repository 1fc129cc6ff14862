"""Finding the configs that inherit a file, wherever in the user's repository they are."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.discover import discover
from cfglint.language.errors import ConfigError
from cfglint.language.source import MAX_FILE_SIZE
from cfglint.workspace import CarefulLoader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_MAX_FILES = 20_000
"""How many files of a repository are looked into."""


class Dependents(NamedTuple):
    """The configs that inherit some files, and all paths that were looked at to find them."""

    configs: list[str]
    looked_at: set[str]


def dependents(files: Collection[str], known: Collection[str], roots: Iterable[str | os.PathLike[str]]) -> Dependents:
    """Return the configs below some folders that inherit one of `files`, but those that are `known`.

    A config names its bases: only files in whose text the name of a base stands are loaded.
    """
    found = discover([root for root in map(os.fspath, roots) if os.path.isdir(root)])
    known = frozenset(known)
    waiting = {path: text for path in found.files[:_MAX_FILES] if path not in known for text in [_text(path)]}
    looked_at = {*waiting, *map(os.path.dirname, waiting)}
    loader, inherited, new = CarefulLoader(), set(files), set(files)
    while new and waiting:
        names = re.compile(b'|'.join(sorted({re.escape(_stem(path)) for path in new})))
        named = [path for path, text in waiting.items() if names.search(text)]
        new = {path for path in named if _inherits(path, inherited, loader)}
        inherited |= new
        for path in new:
            del waiting[path]
    return Dependents(sorted(inherited.difference(files)), looked_at)


def _text(path: str) -> bytes:
    try:
        if os.path.getsize(path) > MAX_FILE_SIZE or not os.path.isfile(path):
            return b''
        with open(path, 'rb') as file:
            return file.read()
    except OSError:
        return b''


def _stem(path: str) -> bytes:
    return os.path.splitext(os.path.basename(path))[0].encode('utf-8', 'surrogateescape')


def _inherits(path: str, files: Collection[str], loader: CarefulLoader) -> bool:
    try:
        lineage = loader.load(path).lineage()
    except ConfigError:
        return False
    return any(each.path in files for each in lineage)
