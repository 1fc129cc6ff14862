"""Which configs a run is about."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.changes import changes_since
from cfglint.dependents import dependents
from cfglint.discover import discover
from cfglint.era import is_below_base_folder
from cfglint.language.errors import ConfigError
from cfglint.language.files import read
from cfglint.recognition import is_expected, why_no_config
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.workspace import Workspace


def find_configs(paths: Sequence[str]) -> list[str]:
    """Return the configs that files, folders and globs stand for, without the fragments that folders hold.

    Raises:
        UsageError: There are none.
    """
    found = []
    for path in paths:
        given = discover([path])
        found += given.named
        found += [file for file in sorted(given.candidates) if not is_below_base_folder(file) and _is_config(file)]
    if not found:
        raise UsageError('no configs here (files below a `_base_` folder are fragments)')
    return list(dict.fromkeys(found))


def _is_config(path: str) -> bool:
    try:
        return not path.endswith('.py') or why_no_config(read(path)) is None
    except ConfigError:
        return is_expected(path)


def changed_configs(configs: Sequence[str], revision: str, workspace: Workspace) -> list[str]:
    """Return those of some configs that changed since a revision, or depend on what did: a base, a file, a class.

    Raises:
        UsageError: Git cannot tell what changed.
    """
    absolute = {os.path.abspath(config): config for config in configs}
    changes = changes_since(os.path.commonpath([os.path.dirname(path) for path in absolute]), revision)
    changes = changes.as_given(list(absolute))
    through = dependents(workspace, changes.files, among=list(absolute), before=changes.before).through
    return [config for path, config in absolute.items() if path in changes.files or path in through]
