"""The answer of a whole run, repeated as long as nothing has changed that it depends on.

What an answer depends on is known only once it is there: the bases of the configs, the user's own modules. So an entry
holds which files these are, and a digest of what the system says of them (sizes, times); when that is still the same,
nothing is read. An entry is data, never code.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cfglint import __version__
from cfglint.catalog.libraries import libraries
from cfglint.catalog.targets import installed_version
from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix, Related, Severity
from cfglint.findings import Dependencies, Findings, Outcome, Result
from cfglint.language.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORMAT = 3
_MAX_ENTRIES = 60
_MAX_BYTES = 256_000_000
"""What all entries may take together; the newest one is kept whatever it takes."""
_SETTLED = 2 * 10**9
"""Nanoseconds after which a change of a file is sure to show in its times."""

_ABANDONED = 3600 * 10**9
"""Nanoseconds after which a file that is not finished belongs to no run any more."""


class Answers:
    """Keeps the answer to one question: the same files, checked in the same way.

    Args:
        folder: Where entries are kept.
        question: All that decides the answer beside files and installed packages.
        roots: The folders of the user's own code.
    """

    def __init__(self, folder: str, question: object, roots: Sequence[str | os.PathLike[str]]) -> None:
        self._folder = folder
        self._roots = roots
        self._began = time.time_ns()
        asked = _digest([_FORMAT, __version__, sys.version, repr(question), *map(os.fspath, roots)])
        self._path = os.path.join(folder, f'{asked}.json')

    def recall(self) -> Result | None:
        """Return the answer of an earlier run, None if there is none or if anything has changed since."""
        try:
            with open(self._path, 'rb') as file:
                entry = json.load(file)
            reads = Dependencies(set(entry['paths']), entry['environment'], entry['local_code'])
            if any(os.environ.get(name) != value for name, value in reads.environment.items()):
                return None
            if entry['state'] != self._state(reads):
                return None
            os.utime(self._path)
            return _unpacked(entry['result'])
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            return None  # there is none, or not one of ours

    def keep(self, result: Result) -> None:
        """Keep an answer, unless a failure of our own took part in it, or a file has changed only just now."""
        reads = result.dependencies
        state = self._state(reads)
        if result.crashes or state is None:
            return
        entry = {
            'state': state,
            'paths': sorted(reads.paths),
            'environment': reads.environment,
            'local_code': reads.local_code,
            'result': _packed(result),
        }
        temporary = f'{self._path}.{os.getpid()}.tmp'
        try:
            os.makedirs(self._folder, exist_ok=True)
            with open(temporary, 'w', encoding='utf-8') as file:
                file.write(json.dumps(entry, separators=(',', ':')))
            os.replace(temporary, self._path)
            self._evict()
        except OSError:  # a cache that cannot be written only costs time
            with suppress(OSError):
                os.unlink(temporary)

    def _evict(self) -> None:
        """Remove the entries that were not used for longest, and what runs that died have left."""
        entries = []
        with os.scandir(self._folder) as files:
            for each in files:
                with suppress(OSError):  # another run removes the same
                    status = each.stat()
                    if each.name.endswith('.json'):
                        entries.append((status.st_mtime_ns, status.st_size, each.path))
                    elif self._began - status.st_mtime_ns > _ABANDONED:
                        os.unlink(each.path)
        total = 0
        for count, (_, size, path) in enumerate(sorted(entries, reverse=True)):
            total += size
            if count and (count >= _MAX_ENTRIES or total > _MAX_BYTES):
                with suppress(OSError):
                    os.unlink(path)

    def _state(self, reads: Dependencies) -> str | None:
        """Return a digest of all that an answer depends on, None if some of it has changed only just now."""
        states: list[object] = [[installed_version(name) for name in libraries()]]
        for path in self._paths(reads):
            try:
                status = os.stat(path)
            except (OSError, ValueError):  # what cannot be a path is no file
                states.append((path, None))
                continue
            if max(status.st_mtime_ns, status.st_ctime_ns) > self._began - _SETTLED:
                return None
            states.append((path, status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino))
        return _digest(states)

    def _paths(self, reads: Dependencies) -> Iterable[str]:
        """Yield the files, and the folders in which something new would matter."""
        yield from sorted(reads.paths)
        yield from sys.path  # what is installed: the folder changes with it
        yield from _below(os.path.dirname(__file__))
        for root in self._roots:
            yield os.fspath(root)
            if reads.local_code:
                from cfglint.catalog.local import python_files

                yield from python_files(root)


def _below(folder: str) -> Iterable[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != '__pycache__')
        yield from (os.path.join(where, name) for name in sorted(names))


def _digest(parts: object) -> str:
    import hashlib  # takes as long as a third of all rules, and many a run asks for no answer

    return hashlib.sha256(repr(parts).encode('utf-8', 'backslashreplace')).hexdigest()


def _packed(result: Result) -> list[Any]:
    # Named tuples are lists in JSON.
    return [result.diagnostics, result.outcomes, result.against, result.refused]


def _unpacked(packed: list[Any]) -> Result:
    diagnostics, outcomes, against, refused = packed
    found = [_diagnostic(*each) for each in diagnostics]
    result = Result(found, [Outcome(*each) for each in outcomes], Findings(), against)
    result.refused = refused
    return result


def _diagnostic(
    rule: str,
    family: str,
    severity: int,
    message: str,
    path: str,
    span: list[Any] | None,
    key: str | None,
    related: list[Any],
    fix: list[Any] | None,
    consequence: str,
    advice: list[Any] | None,
    affects: list[str],
    is_upstream: bool,
) -> Diagnostic:
    places = tuple(Related(words, _span(place)) for words, place in related)
    return Diagnostic(
        rule,
        family,
        Severity(severity),
        message,
        path,
        _span(span),
        key,
        places,
        _fix(fix),
        consequence,
        None if advice is None else Advice(*advice),
        tuple(affects),
        is_upstream,
    )


def _span(packed: list[Any] | None) -> Span | None:
    return None if packed is None else Span(*packed)


def _fix(packed: list[Any] | None) -> Fix | None:
    if packed is None:
        return None
    message, edits, applicability, keys = packed
    changes = tuple(Edit(Span(*span), content) for span, content in edits)
    return Fix(message, changes, Applicability(applicability), tuple(keys))
