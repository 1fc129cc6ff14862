"""What one config depends on: what it was read from, and the files that its rules read for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from cfglint.findings import Dependencies
from cfglint.language.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.language.config import Config


def reads_of(known: Config | ConfigError, path: str, roots: Sequence[str]) -> Dependencies:
    """Return what is known of a file depends on, beside the user's modules.

    Args:
        known: The config, or why there is none.
        path: The file.
        roots: The folders of the user's own code.
    """
    reads = known.reads
    found = Dependencies({path}) if reads is None else Dependencies({path, *reads.paths}, dict(reads.environment))
    if not isinstance(known, ConfigError):
        found.paths.update(_metainfo_files(known, roots))
        found.paths.update(_bases_of_repository(known, roots))
    return found


def _metainfo_files(config: Config, roots: Sequence[str]) -> Iterator[str]:
    """Yield the paths that `from_file` may name: mmpose looks from the current folder, a user starts it at a root."""
    if any('from_file' in each.source.text for each in config.lineage()):
        for file in _values_of('from_file', config.table):
            for folder in (os.getcwd(), *roots):
                yield os.path.normpath(os.path.join(folder, file))


def _bases_of_repository(config: Config, roots: Sequence[str]) -> Iterator[str]:
    """Yield where a loader of the repository's own may find a base that is missing; see `Libraries.finds_base`."""
    for each in config.lineage() if config.partial is not None else ():
        for error in each.errors:
            written = getattr(error.place, 'value', None)
            if error.rule == 'missing-base' and isinstance(written, str):
                yield from (os.path.normpath(os.path.join(root, written)) for root in roots)


def _values_of(key: str, value: Any) -> Iterator[str]:
    """Yield the strings that stand at a key, however deep; values are shared, so each is looked into once."""
    waiting, seen = [value], set()
    while waiting:
        each = waiting.pop()
        if not isinstance(each, (dict, list, tuple)) or id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, dict) and isinstance(each.get(key), str):
            yield each[key]
        waiting += each.values() if isinstance(each, dict) else each
