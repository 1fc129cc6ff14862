"""What earlier runs have found, repeated as long as nothing has changed that it depends on.

What a config depends on is known only once it was checked: its bases, the user's own modules. So an entry holds, for
each file, what was found in it and which paths that depends on; and what the run concluded from all of it, which is repeated
as a whole where nothing at all has changed. An entry is data, never code.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint import __version__, entries
from cfglint.cache.packing import READS, Packer, Unpacker, pack_result, unpack_result
from cfglint.cache.states import NAMES, States, digest
from cfglint.catalog.libraries import libraries
from cfglint.catalog.targets import installed_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cfglint.cache.modules import Difference, Modules
    from cfglint.cache.states import State
    from cfglint.discover import Found
    from cfglint.findings import Dependencies, Findings, Parts, Result
    from cfglint.workspace import Workspace

_FORMAT = 5
_MAX_ENTRIES = 60
_MAX_BYTES = 256_000_000
"""What all entries may take together; the newest one is kept whatever it takes."""
_MAX_ENTRY = 256_000_000
"""Bytes of an entry that is read."""
_ABANDONED = 3600 * 10**9
"""Nanoseconds after which a file that is not finished belongs to no run any more."""
_BROKEN = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)
"""What an entry may raise that is not ours, or not whole."""


class Recalled(NamedTuple):
    """What is known from an earlier run.

    Attributes:
        result: What it concluded, None where something has changed.
        parts: What it found in the files that have not changed.
    """

    result: Result | None
    parts: Parts


class RunCache:
    """Keeps the answer to one question: the same paths, checked in the same way.

    Args:
        folder: Where entries are kept.
        question: All that decides the answer beside files and installed packages.
        found: The files.
        workspace: Where they are.
    """

    def __init__(self, folder: str, question: object, found: Found, workspace: Workspace) -> None:
        self._folder = folder
        self._found = found
        self._workspace = workspace
        self._roots = [os.fspath(root) for root in workspace.libraries.roots]
        self._began = time.time_ns()
        self._states = States(self._began)
        self._texts: dict[str, str] = {}
        asked = digest([_FORMAT, __version__, sys.version, _own_files(), question, *self._roots])
        self._path = os.path.join(folder, f'{asked}.json')

    def load(self) -> Recalled:
        """Return what of an earlier run is still true."""
        try:
            recalled = self._recalled(json.loads(entries.load(self._path, _MAX_ENTRY)))
            os.utime(self._path)
            return recalled
        except _BROKEN:
            return Recalled(None, {})  # there is none, or not one of ours

    def _recalled(self, entry: dict[str, Any]) -> Recalled:
        if entry['packages'] != _packages() or not self._is_same(entry['general']):
            return Recalled(None, {})
        difference = self._difference(entry['modules'])
        if difference == 'modules':
            return Recalled(None, {})
        paths = entry['paths']
        changed = self._changed(paths, entry['states'])
        variables = {name for name, value in entry['environment'].items() if os.environ.get(name) != value}
        if not changed and not variables and difference == 'none' and entry['found'] == digest(self._found):
            return Recalled(unpack_result(entry['result']), {})
        unpacker = Unpacker(entry['diagnostics'], paths, entry['usages'], self._text)
        parts: Parts = {}
        for path, is_candidate, asks, packed in entry['parts']:
            reads, environment = packed[READS]
            is_same = changed.isdisjoint(reads) and variables.isdisjoint(environment)
            if is_same and (difference == 'none' or not asks):
                parts[path, is_candidate] = unpacker.part(path, packed)
        return Recalled(None, parts)

    def _changed(self, paths: Iterable[str], states: Iterable[list[Any]]) -> set[int]:
        pairs = zip(paths, states, strict=True)
        return {number for number, (path, state) in enumerate(pairs) if not self._states.is_same(path, *state)}

    def keep(self, result: Result, parts: Parts) -> None:
        """Keep what was found, unless a failure of our own took part in it, or what all of it depends on was changed meanwhile."""
        reads = result.dependencies
        general = self._general(reads)
        modules = self._modules() if reads.local_code else None
        if result.crashes or general is None or (modules is None and reads.local_code):
            return
        packer = Packer()
        packed = [
            (path, is_candidate, modules is not None and self._imports(part), packer.part(path, part))
            for (path, is_candidate), part in parts.items()
        ]
        for path in sorted(reads.paths):
            packer.paths.number(path)
        entry = {
            'packages': _packages(),
            'general': general,
            'modules': modules,
            'environment': reads.environment,
            'found': digest(self._found),
            'paths': packer.paths.rows,
            'states': [self._states.take(path) or _UNKNOWN for path in packer.paths.rows],
            'diagnostics': packer.diagnostics.rows,
            'usages': packer.usages.rows,
            'parts': packed,
            'result': pack_result(result),
        }
        self._write(json.dumps(entry, separators=(',', ':')).encode())

    def _write(self, data: bytes) -> None:
        with suppress(OSError):  # a cache that cannot be written only costs time
            entries.save(self._path, data)
            self._evict()

    def _evict(self) -> None:
        """Remove the entries that were not used for longest, and what runs that died have left."""
        kept = []
        with os.scandir(self._folder) as found:
            for each in found:
                with suppress(OSError):  # another run removes the same
                    status = each.stat()
                    if each.name.endswith('.json'):
                        kept.append((status.st_mtime_ns, status.st_size, each.path))
                    elif self._began - status.st_mtime_ns > _ABANDONED:
                        os.unlink(each.path)
        total = 0
        for count, (_, size, path) in enumerate(sorted(kept, reverse=True)):
            total += size
            if count and (count >= _MAX_ENTRIES or total > _MAX_BYTES):
                with suppress(OSError):
                    os.unlink(path)

    def _general(self, reads: Dependencies) -> dict[str, State] | None:
        """Return the states of what all findings depend on, None if some of it has changed since the run began."""
        found: dict[str, State] = {}
        for path in sorted({*reads.general, *sys.path, *self._roots}):
            state = self._states.take(path)
            if state is None:
                return None
            is_watched = not reads.local_code and path in self._roots  # a module there would be one that is asked for
            found[path] = state if is_watched or not os.path.isdir(path) else (None, self._states.names(path))
        return found

    def _is_same(self, general: Mapping[str, list[Any]]) -> bool:
        return all(
            self._states.names(path) == content
            if content.startswith(NAMES)
            else self._states.is_same(path, told, content)
            for path, (told, content) in general.items()
        )

    def _modules(self) -> Modules | None:
        from cfglint.cache.modules import modules_below

        return modules_below(self._roots, self._states)

    def _difference(self, modules: Modules | None) -> Difference:
        if modules is None:
            return 'none'
        from cfglint.cache.modules import difference

        return difference(self._roots, modules, self._states)

    def _imports(self, part: Findings) -> bool:
        """Tell whether a config imports something: it may be told which modules there are."""
        return any('import' in self._text(path) for path in part.dependencies.paths if path.endswith('.py'))

    def _text(self, path: str) -> str:
        if path not in self._texts:
            try:
                self._texts[path] = self._workspace.loader.source(path).text
            except ValueError:  # what cannot be a path is no file
                self._texts[path] = ''
        return self._texts[path]


_UNKNOWN = None, 'changed while it was read'


def _packages() -> list[str | None]:
    return [*map(installed_version, libraries()), *sys.path]


def _own_files() -> list[tuple[str, int, int]]:
    """Return what the system says of our own files, where they are those of a checkout: there, the version does not tell."""
    folder = os.path.dirname(os.path.dirname(__file__))
    if not os.path.exists(os.path.join(os.path.dirname(folder), 'pyproject.toml')):
        return []
    return [(path, status.st_mtime_ns, status.st_size) for path in _below(folder) for status in [os.stat(path)]]


def _below(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != '__pycache__')
        yield from (os.path.join(where, name) for name in sorted(names))
