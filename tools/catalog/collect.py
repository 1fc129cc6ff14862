"""Read every release of a library and merge them."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.fetch import archive, sources
from catalog.windows import windows
from cfglint.catalog.definitions import read_module
from cfglint.catalog.names import Names
from cfglint.catalog.tables import Tables, build_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from catalog.releases import Library
    from cfglint.catalog.facts import ModuleFacts


class Release(NamedTuple):
    """One release, read."""

    version: str
    tables: Tables
    windows: dict[str, list[object]]
    era: int


class Reader:
    """Reads releases; a file that several releases share is parsed once."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._facts: dict[tuple[str, str], ModuleFacts | None] = {}

    def release(self, library: Library, version: str, outside_registry: Callable[[str, int], str | None]) -> Release:
        """Read one release; `outside_registry(path, era)` knows the registries of the libraries read before."""
        facts: dict[str, ModuleFacts] = {}
        start: dict[str, list[object]] = {}
        left_out: list[str] = []
        for path, data in sources(archive(library, version, self._cache), library.package):
            module = path.removesuffix('.py').replace('/', '.').removesuffix('.__init__')
            if module == library.package:
                start = windows(data)
            if not _wanted(module, library):
                if not library.only:
                    left_out.append(module)
                continue
            found = self._read(data, module, path.endswith('/__init__.py'))
            if found is None:
                print(f'{library.distribution} {version}: {path} cannot be parsed', file=sys.stderr)
            else:
                facts[module] = found
        era = _era(library, facts)
        tables = build_tables(facts, lambda path: outside_registry(path, era))
        # What is not read must not look as if it did not exist.
        left_out += [
            '.'.join(prefix.split('.')[:depth]) for prefix in library.only for depth in range(1, prefix.count('.') + 1)
        ]
        for module in left_out:
            tables.modules.setdefault(module, Names({}, (), True))
        return Release(version, tables, start, era)

    def _read(self, data: bytes, module: str, is_package: bool) -> ModuleFacts | None:
        key = module, hashlib.sha1(data).hexdigest()
        if key not in self._facts:
            self._facts[key] = read_module(data, module, is_package)
        return self._facts[key]


def _wanted(module: str, library: Library) -> bool:
    if any(part in ('testing', 'tests') for part in module.split('.')[1:2]) and library.package != 'torch':
        # Test helpers register toys.
        return False
    return not library.only or any(module == prefix or module.startswith(prefix + '.') for prefix in library.only)


def _era(library: Library, facts: dict[str, ModuleFacts]) -> int:
    if library.package in ('mmengine', 'torch', 'torchvision'):
        return 1
    return int(
        any(
            target.split(':')[0].split('.')[0] == 'mmengine'
            for item in facts.values()
            for target in item['imports'].values()
        )
    )


def merge(variants: list[tuple[int, Any]]) -> Iterator[tuple[list[int], Any]]:
    """Equal values of several releases, with the ranges of releases that have them."""
    grouped: dict[str, tuple[list[int], Any]] = {}
    for index, value in variants:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False)
        ranges, _ = grouped.setdefault(text, ([], value))
        if ranges and ranges[-1] == index - 1:
            ranges[-1] = index
        else:
            ranges += [index, index]
    yield from grouped.values()
