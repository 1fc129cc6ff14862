"""The baseline: findings that a project has accepted for now, so that only new ones count.

It is a JSON file to be committed. Entries are fingerprints by file (see `cfglint.fingerprint`), with paths relative to the
folder of the baseline, so that they survive moved lines; those of a file that is gone are looked for in files under new
names.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from cfglint import files
from cfglint.fingerprint import fingerprints
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.report.sources import Sources

_VERSION = 1
_MAX_SIZE = 64 * 1024 * 1024

Entries = dict[str, dict[str, str]]
"""Path → fingerprint → rule."""


class Compared(NamedTuple):
    """What a baseline says of the findings of a run.

    Attributes:
        new: The findings that it does not have.
        known: How many findings it has.
        removable: How many of its entries are of no use any more: what they were about is gone.
        left: The entries that still are of use, or that this run could not judge.
    """

    new: list[Diagnostic]
    known: int
    removable: int
    left: Entries


def load(path: str) -> Entries:
    """Read a baseline.

    Raises:
        UsageError: It cannot be read, or is no baseline of this version.
    """
    try:
        data = json.loads(files.contents(path, _MAX_SIZE))
    except OSError as error:
        raise UsageError(f'cannot read the baseline `{path}`: {files.reason(error)}') from None
    except (ValueError, RecursionError):
        raise UsageError(f'the baseline `{path}` is not valid JSON: write it anew with --write-baseline') from None
    if not isinstance(data, dict) or data.get('version') != _VERSION or not _is_entries(data.get('findings')):
        raise UsageError(f'`{path}` is no baseline of this cfglint: write it anew with --write-baseline')
    return data['findings']


def _is_entries(data: object) -> bool:
    return isinstance(data, dict) and all(
        isinstance(entries, dict) and all(isinstance(rule, str) for rule in entries.values())
        for entries in data.values()
    )


def dump(entries: Entries) -> str:
    """Return the text of a baseline: sorted, an entry a line, so that its diffs can be read."""
    findings = {path: dict(sorted(each.items())) for path, each in sorted(entries.items()) if each}
    return json.dumps({'version': _VERSION, 'findings': findings}, indent=1, ensure_ascii=False) + '\n'


def entries_of(diagnostics: Sequence[Diagnostic], sources: Sources, folder: str) -> Entries:
    """Return the entries of findings, with paths relative to a folder."""
    found: Entries = {}
    for each, mark in zip(diagnostics, fingerprints(diagnostics, sources), strict=True):
        found.setdefault(_relative(each.path, folder), {})[mark] = each.rule
    return found


def compare(
    entries: Entries, diagnostics: Sequence[Diagnostic], sources: Sources, folder: str, checked: Collection[str]
) -> Compared:
    """Tell new findings from those that a baseline has.

    Args:
        entries: The baseline.
        diagnostics: The findings of a run.
        sources: Their texts.
        folder: The folder that the paths of the baseline are relative to.
        checked: The files that were checked: what the baseline has in others is not judged.
    """
    left = {path: dict(each) for path, each in entries.items()}
    gone = {path: each for path, each in left.items() if not os.path.lexists(os.path.join(folder, path))}
    moved = {(rule, mark): path for path, each in gone.items() for mark, rule in each.items()}
    used: Entries = {}
    new = []
    for each, mark in zip(diagnostics, fingerprints(diagnostics, sources), strict=True):
        path = _relative(each.path, folder)
        if left.get(path, {}).pop(mark, None) is None:
            old = moved.pop((each.rule, mark), None)
            if old is None:
                new.append(each)
                continue
            del left[old][mark]
        used.setdefault(path, {})[mark] = each.rule
    judged = {_relative(path, folder) for path in checked} | gone.keys()
    removable = sum(len(marks) for path, marks in left.items() if path in judged)
    for path, marks in left.items():
        if path not in judged:
            used.setdefault(path, {}).update(marks)
    return Compared(new, len(diagnostics) - len(new), removable, used)


def _relative(path: str, folder: str) -> str:
    try:
        return os.path.relpath(path, folder).replace(os.sep, '/')
    except ValueError:  # another drive
        return path.replace(os.sep, '/')
