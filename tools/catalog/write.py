"""Write a catalog in the format that `cfglint.catalog.store` reads."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from catalog.collect import Release, merge
from cfglint.catalog.store import pack_names

if TYPE_CHECKING:
    from collections.abc import Container

    from catalog.releases import Library

LOCAL_ONLY = ('methods',)
"""What is kept of a user's own classes only."""


def text(library: Library, releases: list[Release], functions: Container[str]) -> str:
    """The catalog as text; of the functions, only registered ones and `functions` are kept."""
    objects = _objects(releases, functions)
    modules = _modules(releases)
    index: dict[str, list[str]] = {}
    for path in objects:
        module, _, name = path.rpartition('.')
        index.setdefault(module, []).append(name)
    ordered = [f'{module}.{name}' for module, names in index.items() for name in names]
    lines = [
        _header(library, releases),
        _names(releases),
        {module: ' '.join(names) for module, names in index.items()},
        list(modules),
        *(objects[path] for path in ordered),
        *modules.values(),
    ]
    return '\n'.join(json.dumps(line, ensure_ascii=False, separators=(',', ':')) for line in lines)


def compress(catalog: str) -> bytes:
    """The bytes of the file."""
    return zlib.compress(catalog.encode(), 9)


def _header(library: Library, releases: list[Release]) -> dict[str, Any]:
    registries: dict[str, list[tuple[int, str]]] = {}
    for index, release in enumerate(releases):
        for path, key in release.tables.registries.items():
            registries.setdefault(path, []).append((index, key))
    scopes = {key.split('@')[1] for release in releases for key in release.tables.registries.values()}
    return {
        'library': library.distribution,
        'package': library.package,
        'releases': [release.version for release in releases],
        'scopes': sorted(scopes),
        'eras': [release.era for release in releases],
        'windows': [
            [ranges[at], ranges[at + 1], value]
            for ranges, value in merge([(at, release.windows) for at, release in enumerate(releases)])
            for at in range(0, len(ranges), 2)
            if value
        ],
        'registries': {path: _path(registries[path], len(releases)) for path in sorted(registries)},
    }


def _names(releases: list[Release]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for index, release in enumerate(releases):
        for key, names in release.tables.names.items():
            for name, path in names.items():
                found.setdefault(key, {}).setdefault(name, []).append((index, path))
    return {key: {name: _path(found[key][name], len(releases)) for name in sorted(found[key])} for key in sorted(found)}


def _path(variants: list[tuple[int, str]], count: int) -> Any:
    merged = list(merge(variants))
    if len(merged) == 1 and merged[0][0] == [0, count - 1]:
        return merged[0][1]
    return [
        item
        for ranges, path in merged
        for at in range(0, len(ranges), 2)
        for item in (ranges[at], ranges[at + 1], path)
    ]


def _objects(releases: list[Release], functions: Container[str]) -> dict[str, list[Any]]:
    registered = {path for release in releases for names in release.tables.names.values() for path in names.values()}
    found: dict[str, list[tuple[int, Any]]] = {}
    lines: dict[str, dict[int, int]] = {}
    for index, release in enumerate(releases):
        for path, body in release.tables.objects.items():
            if body['kind'] == 'function' and path not in registered and path not in functions:
                continue
            kept = {key: value for key, value in body.items() if key not in ('line', *LOCAL_ONLY)}
            found.setdefault(path, []).append((index, kept))
            lines.setdefault(path, {})[index] = body['line']
    return {
        path: [[ranges, _runs(ranges, lines[path]), body] for ranges, body in merge(found[path])]
        for path in sorted(found)
    }


def _runs(ranges: list[int], lines: dict[int, int]) -> list[int]:
    runs: list[int] = []
    for index in sorted(lines):
        inside = any(ranges[at] <= index <= ranges[at + 1] for at in range(0, len(ranges), 2))
        if inside and (not runs or runs[-1] != lines[index]):
            runs += [index, lines[index]]
    return runs


def _modules(releases: list[Release]) -> dict[str, list[Any]]:
    found: dict[str, list[tuple[int, Any]]] = {}
    # `__all__` matters only where a star import takes it.
    starred = {star for release in releases for names in release.tables.modules.values() for star in names.stars}
    for index, release in enumerate(releases):
        for module, names in release.tables.modules.items():
            if module not in starred:
                names = names._replace(exports=None)
            found.setdefault(module, []).append((index, pack_names(names)))
    return {module: [list(item) for item in merge(found[module])] for module in sorted(found)}
