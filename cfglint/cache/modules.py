"""The user's own modules, as far as the answers about configs depend on them.

A config is Python, too, so that the index of the user's code holds all configs. What one of them says is of no matter to
the others, as far as they do not inherit it: it defines and registers nothing, and nothing imports it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Literal

from cfglint import files
from cfglint.catalog.local import python_files
from cfglint.language.source import SourceFile
from cfglint.recognition import why_no_config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.cache.states import State, States

_DEFINES = re.compile(r'register_module|Registry\(|^(?:class|def|async def)\s', re.MULTILINE)

Modules = dict[str, tuple['State', bool]]
"""The state of each Python file below the roots, and whether it is a config and no more."""
Difference = Literal['none', 'configs', 'modules']
"""What has changed since: nothing, which configs there are, or a module."""


def modules_below(roots: Sequence[str | os.PathLike[str]], states: States) -> Modules | None:
    """Return the modules below folders, None if one of them has changed since the run began."""
    found: Modules = {}
    folders: dict[str, bool] = {}
    for path in _files(roots):
        state = states.take(path)
        if state is None:
            return None
        found[path] = state, _is_config_only(path, folders)
    return found


def module_files(roots: Sequence[str | os.PathLike[str]]) -> list[str]:
    """Return the Python files below folders that configs may import: those that are more than a config."""
    folders: dict[str, bool] = {}
    return [path for path in _files(roots) if not _is_config_only(path, folders)]


def difference(roots: Sequence[str | os.PathLike[str]], known: Modules, states: States) -> Difference:
    """Tell what has changed below folders."""
    now = dict.fromkeys(_files(roots))
    folders: dict[str, bool] = {}
    for path in now:
        before = known.get(path)
        if before is not None and states.is_same(path, *before[0]):
            continue
        if (before is not None and not before[1]) or not _is_config_only(path, folders):
            return 'modules'
    if any(not known[path][1] for path in known.keys() - now.keys()):
        return 'modules'
    return 'none' if now.keys() == known.keys() else 'configs'


def _files(roots: Sequence[str | os.PathLike[str]]) -> list[str]:
    return [path for root in roots for path in python_files(root)]


def _is_config_only(path: str, folders: dict[str, bool]) -> bool:
    """Tell whether a file is a config, in no package, that defines nothing which others may use."""
    folder = os.path.dirname(path)
    if folder not in folders:
        folders[folder] = os.path.exists(os.path.join(folder, '__init__.py'))
    if folders[folder]:
        return False
    try:
        text = files.text(path)
    except (OSError, ValueError):
        return False
    return _DEFINES.search(text) is None and why_no_config(SourceFile(path, text)) is None
