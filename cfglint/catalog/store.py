"""The shipped catalogs: one compressed text file a library, all its releases together.

A file is zlib-compressed UTF-8 text, a JSON value a line:

1. the header: library, package, releases (oldest first), era of each, version windows, registries;
2. `REGISTRY@scope` → name → path of the object, or `[since, until, path, …]` where releases differ;
3. module → its objects (names, separated by blanks), in the order of their lines;
4. the modules, in the order of their lines;
5. then a line for each object, and a line for each module.

`since` and `until` are indexes into the releases, both included. A line is decoded only when it is asked for.

What reading the source cannot tell is written by hand in `data/patches`, a plain JSON file a library:

- `components`: `registry`, `names` and `path` (`*` stands for the name), from release `since` to `until`; `force`
  where another component that has the name is only there for old environments;
- `absent`: `registry` and `names` that the source registers in a module which nothing imports;
- `each`: everything that a `module` of another library has, under `prefix` and the name, see `Each`;
- `objects`: path → what replaces entries of the object's body; with a `kind`, an object that the source does not show.
"""

from __future__ import annotations

import json
import os
import zlib
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATA: Final = os.path.join(os.path.dirname(__file__), 'data')
SUFFIX: Final = '.json.zz'
_HEAD = 4
_RATIO = 12
"""How much smaller compressed catalogs are, at most: a buffer that does not have to grow is filled sooner."""


class Window(NamedTuple):
    """The versions of another distribution that a release asserts when it is imported."""

    minimum: str
    maximum: str
    inclusive: bool
    """Whether the maximum itself is allowed."""

    @property
    def specifier(self) -> str:
        """Return it as pip would write it."""
        return f'>={self.minimum},{"<=" if self.inclusive else "<"}{self.maximum}'


class Stored(NamedTuple):
    """A class or function as it was in one release."""

    body: Mapping[str, Any]
    line: int


class Each(NamedTuple):
    """A loop that registers what another library happens to have: the optimizers of torch."""

    key: str
    module: str
    base: str | None
    """Only subclasses of it."""
    without: str | None
    """But not subclasses of this."""
    prefix: str
    rename: Mapping[str, str]
    since: int
    until: int


class Catalog:
    """All releases of one library. Everything is asked for by the index of a release in `releases`."""

    def __init__(self, text: bytes, patch: Mapping[str, Any]) -> None:
        self._lines = text.split(b'\n')
        header = json.loads(self._lines[0])
        self.library: str = header['library']
        self.package: str = header['package']
        self.releases: tuple[str, ...] = tuple(header['releases'])
        self.scopes: tuple[str, ...] = tuple(header['scopes'])
        self._eras: list[int] = header['eras']
        self._windows: list[list[Any]] = header['windows']
        self._registries: dict[str, Any] = header['registries']
        self._patch = patch
        self._decoded: dict[int, Any] = {}
        self._root_names: dict[int, dict[str, str]] = {}
        self._tables: dict[tuple[str, int], Mapping[str, str]] = {}
        self._objects: dict[tuple[str, int], Stored | None] = {}

    def __repr__(self) -> str:
        return f'Catalog({self.library!r}, {self.releases[0]}…{self.releases[-1]})'

    @staticmethod
    def load(library: str) -> Catalog:
        """The catalog of a library by the name of its distribution; `KeyError` when there is none."""
        return _load(library)

    def index(self, release: str) -> int | None:
        """The place of a release, None when the catalog does not hold it."""
        try:
            return self.releases.index(release)
        except ValueError:
            return None

    def era(self, index: int) -> int:
        """0 for an mmcv-based release (0.x configs), 1 for an MMEngine-based one."""
        return self._eras[index]

    def windows(self, index: int) -> dict[str, Window]:
        """Distribution → the versions that this release accepts."""
        return {
            name: Window(*window)
            for since, until, found in self._windows
            if since <= index <= until
            for name, window in found.items()
        }

    def asserts(self, library: str) -> bool:
        """Whether any release says which versions of another distribution it accepts."""
        return any(library in found for _, _, found in self._windows)

    def registry_keys(self) -> Iterator[str]:
        """Every `REGISTRY@scope` that the library registers into."""
        yield from dict.fromkeys(
            [*self._names, *(item['registry'] for kind in ('components', 'each') for item in self._patch.get(kind, ()))]
        )

    def registered(self, key: str, index: int) -> Mapping[str, str]:
        """Name → path of the object, of what a release registers into `REGISTRY@scope`."""
        table = self._tables.get((key, index))
        if table is None:
            table = {
                name: path
                for name, entry in self._names.get(key, {}).items()
                if (path := _at(entry, index)) is not None
            }
            table = self._tables[key, index] = self._patched_names(key, index, table)
        return table

    def registries(self, index: int) -> Mapping[str, str]:
        """Path of a variable → `REGISTRY@scope`."""
        return {path: key for path, entry in self._registries.items() if (key := _at(entry, index)) is not None}

    def registry_key(self, path: str, index: int) -> str | None:
        """`REGISTRY@scope` of one variable."""
        return _at(self._registries[path], index) if path in self._registries else None

    def root_name(self, variable: str, index: int) -> str:
        """The root registry's name of a variable of the library (0.x: `BACKBONES` → `MODELS`)."""
        if not self._root_names.get(index):
            self._root_names[index] = {
                path.rpartition('.')[2]: key.partition('@')[0] for path, key in self.registries(index).items()
            }
        return self._root_names[index].get(variable, variable)

    def each(self, key: str, index: int) -> list[Each]:
        """The loops over another library that fill `REGISTRY@scope`."""
        return [item for item in self._each.get(key, ()) if item.since <= index <= item.until]

    @cached_property
    def _each(self) -> dict[str, list[Each]]:
        """The loops of all releases, by `REGISTRY@scope`."""
        found: dict[str, list[Each]] = {}
        for item in self._patch.get('each', ()):
            loop = Each(
                item['registry'],
                item['module'],
                item.get('base'),
                item.get('without'),
                item.get('prefix', ''),
                item.get('rename', {}),
                *self._range(item),
            )
            found.setdefault(loop.key, []).append(loop)
        return found

    def _range(self, item: Mapping[str, Any]) -> tuple[int, int]:
        """`since` and `until` of a patch, given as releases, as indexes."""
        return (
            self.releases.index(item['since']) if 'since' in item else 0,
            self.releases.index(item['until']) if 'until' in item else len(self.releases) - 1,
        )

    def written(self, key: str, index: int) -> Mapping[str, str]:
        """Name → path of what is written by hand about `REGISTRY@scope`, since the source does not show it."""
        return self._patched_names(key, index, {})

    def _patched_names(self, key: str, index: int, table: dict[str, str]) -> dict[str, str]:
        for item in self._patch.get('absent', ()):
            if item['registry'] == key:
                for name in item['names']:
                    table.pop(name, None)
        for item in self._patch.get('components', ()):
            since, until = self._range(item)
            if item['registry'] == key and since <= index <= until:
                for name in item['names']:
                    if name not in table or item.get('force'):
                        table[name] = item['path'].replace('*', name)
        return table

    def history(self, key: str, name: str) -> list[tuple[int, int]]:
        """The ranges of releases in which `REGISTRY@scope` has the name."""
        entry = self._names.get(key, {}).get(name)
        if entry is None:
            return []
        if isinstance(entry, str):
            return [(0, len(self.releases) - 1)]
        return [(entry[at], entry[at + 1]) for at in range(0, len(entry), 3)]

    def object(self, path: str, index: int) -> Stored | None:
        """The class or function defined at `path`."""
        key = (path, index)
        if key not in self._objects:
            self._objects[key] = self._object(path, index)
        return self._objects[key]

    def _object(self, path: str, index: int) -> Stored | None:
        patch = self._patch.get('objects', {}).get(path)
        if patch is not None and 'since' in patch:
            patch = (
                {key: value for key, value in patch.items() if key != 'since'}
                if self._is_since(patch['since'], index)
                else None
            )
        for ranges, lines, body in self._variants(self._object_lines.get(path)):
            if _covers(ranges, index):
                return Stored(body if patch is None else _patched(body, patch), _last(lines, index))
        return Stored(patch, 0) if patch is not None and 'kind' in patch else None

    def _is_since(self, release: str, index: int) -> bool:
        first = self.index(release)
        return first is not None and first <= index

    def module(self, name: str, index: int) -> Names | None:
        """The names that a module binds, None when the release has no such module."""
        line = self._module_lines.get(name)
        if line is None:
            return None
        for ranges, entry in self._variants(line):
            if _covers(ranges, index):
                if not isinstance(entry, Names):
                    entry = self._names_of(line, ranges, entry)
                return entry
        return None

    def modules(self) -> Iterator[str]:
        """Every module of any release."""
        yield from self._module_lines

    def _names_of(self, line: int, ranges: list[int], entry: dict[str, Any]) -> Names:
        names = unpack_names(entry)
        for variant in self._decoded[line]:
            if variant[0] is ranges:
                variant[1] = names
        return names

    def _variants(self, line: int | None) -> list[list[Any]]:
        if line is None:
            return []
        if line not in self._decoded:
            self._decoded[line] = json.loads(self._lines[line])
        variants: list[list[Any]] = self._decoded[line]
        return variants

    @cached_property
    def _names(self) -> dict[str, dict[str, Any]]:
        names: dict[str, dict[str, Any]] = json.loads(self._lines[1])
        return names

    @cached_property
    def _object_lines(self) -> dict[str, int]:
        paths = (f'{module}.{name}' for module, names in json.loads(self._lines[2]).items() for name in names.split())
        return {path: line for line, path in enumerate(paths, _HEAD)}

    @cached_property
    def _module_lines(self) -> dict[str, int]:
        return {name: line for line, name in enumerate(json.loads(self._lines[3]), _HEAD + len(self._object_lines))}


def _patched(body: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A body with a patch laid over it, and over the dicts in it."""
    return {
        **body,
        **{
            key: {**body[key], **value} if isinstance(value, dict) and key in body else value
            for key, value in patch.items()
        },
    }


def _at(entry: Any, index: int) -> str | None:
    if isinstance(entry, str):
        return entry
    return next((entry[at + 2] for at in range(0, len(entry), 3) if entry[at] <= index <= entry[at + 1]), None)


def _covers(ranges: list[int], index: int) -> bool:
    return any(ranges[at] <= index <= ranges[at + 1] for at in range(0, len(ranges), 2))


def _last(lines: list[int], index: int) -> int:
    """The line in a run-length list `[index, line, index, line, …]`."""
    line = 0
    for at in range(0, len(lines), 2):
        if lines[at] > index:
            break
        line = lines[at + 1]
    return line


def pack_names(names: Names) -> dict[str, Any]:
    """The stored form of a module's names; imports grouped by module."""
    packed: dict[str, Any] = {}
    defined: list[str] = []
    for name, target in sorted(names.bound.items()):
        if name.startswith('__'):
            continue
        if target == '':
            defined.append(name)
        elif target.startswith('='):
            packed.setdefault('a', {})[name] = target[1:]
        else:
            module, _, attribute = target.partition(':')
            word = name if attribute == name else f'{name}={attribute}'
            packed.setdefault('i', {}).setdefault(module, []).append(word)
    if defined:
        packed['n'] = ' '.join(defined)
    if 'i' in packed:
        packed['i'] = {module: ' '.join(words) for module, words in packed['i'].items()}
    if names.stars:
        packed['s'] = list(names.stars)
    if names.dynamic:
        packed['o'] = 1
    if names.exports is not None:
        packed['x'] = ' '.join(names.exports)
    return packed


def unpack_names(packed: Mapping[str, Any]) -> Names:
    """The inverse of `pack_names`."""
    bound = dict.fromkeys(packed.get('n', '').split(), '')
    for name, target in packed.get('a', {}).items():
        bound[name] = '=' + target
    for module, words in packed.get('i', {}).items():
        for word in words.split():
            name, equal, attribute = word.partition('=')
            attribute = attribute if equal else name
            bound[name] = f'{module}:{attribute}' if attribute else module
    exports = tuple(packed['x'].split()) if 'x' in packed else None
    return Names(bound, tuple(packed.get('s', ())), bool(packed.get('o')), exports)


@cache
def _load(library: str) -> Catalog:
    try:
        with open(os.path.join(DATA, f'{library}{SUFFIX}'), 'rb') as file:
            data = file.read()
    except FileNotFoundError:
        raise KeyError(library) from None
    try:
        patch = read_json('patches', f'{library}.json')
    except FileNotFoundError:
        patch = {}
    return Catalog(zlib.decompress(data, bufsize=_RATIO * len(data)), patch)


def read_json(*names: str) -> Any:
    """Return what a file of the shipped data holds."""
    with open(os.path.join(DATA, *names), 'rb') as file:
        return json.load(file)
