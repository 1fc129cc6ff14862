"""Find the Python modules of a repository, in time that does not grow with its data."""

from __future__ import annotations

import os
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from cfglint import files

if TYPE_CHECKING:
    from cfglint.patterns import Patterns

MAX_FILES: Final = 20_000
MAX_ENTRIES: Final = 400_000
"""Files and folders that are looked at in all."""
_MAX_LEVELS: Final = 40
_MAX_LEVELS_WITHOUT: Final = 4
"""Folders without Python that may lie above one with Python, one in the other."""
_MAX_ENTRIES_WITHOUT: Final = 400
"""Entries after which a folder is no folder of code if none of them is Python."""
_MAX_FOLDERS_WITHOUT: Final = 60
"""Folders without Python, one beside the other, after which the next ones are not looked into."""
_SKIPPED: Final = frozenset({
    '__pycache__', '__pypackages__', 'node_modules', 'site-packages', 'dist-packages', 'build', 'dist', 'work_dir',
    'work_dirs', 'venv', 'env', 'virtualenv', 'wandb', 'mlruns', 'lightning_logs', 'tensorboard',
})  # fmt: skip
"""Folders of tools, environments and results."""
_MAY_BE_PACKAGES: Final = frozenset({'build', 'dist', 'env', 'tensorboard', 'wandb'})
_DATA: Final = frozenset(
    {'data', 'dataset', 'datasets', 'checkpoints', 'weights', 'outputs', 'output', 'results', 'logs'}
)
"""Folders of data, unless there is Python in them."""
_ENVIRONMENT: Final = frozenset({'pyvenv.cfg', 'conda-meta'})
"""What tells that a folder is an environment of Python's or conda's."""


class Walk:
    """The Python files below a folder, in order.

    Attributes:
        files: Their paths.
        is_complete: Whether all of the folder was looked at; else there may be more.
        left: How many more entries might have been looked at.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.files: list[str] = []
        self.is_complete = True
        self.left = MAX_ENTRIES
        self._ignored = _ignored(os.fspath(root))
        self._folder(os.fspath(root), 0, 0)

    def _folder(self, path: str, level: int, without: int) -> bool:
        """Add what is in a folder; return whether there is any Python.

        Args:
            path: The folder.
            level: How deep it lies.
            without: How many folders right above it hold no Python themselves.
        """
        entries = self._entries(path, may_be_data=level > 0)
        own = [entry.path for entry in entries if entry.name.endswith('.py') and _is_file(entry)]
        if len(self.files) + len(own) > MAX_FILES:
            own = own[: MAX_FILES - len(self.files)]
            self.is_complete = False
        self.files += own
        without = 0 if own else without + 1
        if level and not own and (self._is_data(path) or without > _MAX_LEVELS_WITHOUT):
            return False
        if level >= _MAX_LEVELS:
            self.is_complete = False
            return bool(own)
        found, empty = bool(own), 0
        for entry in entries:
            if not _may_hold_code(entry) or (not own and empty > _MAX_FOLDERS_WITHOUT):
                continue
            has_any = self._folder(entry.path, level + 1, without)
            found, empty = found or has_any, 0 if has_any else empty + 1
        return found

    def _entries(self, folder: str, *, may_be_data: bool) -> list[os.DirEntry[str]]:
        """Return what is in a folder, sorted; nothing of environments, and of folders that hold data only."""
        found: list[os.DirEntry[str]] = []
        has_python = False
        if len(self.files) >= MAX_FILES:
            self.is_complete = False
            return found
        try:
            with os.scandir(folder) as entries:
                for count, entry in enumerate(entries):
                    has_python = has_python or entry.name.endswith('.py')
                    if self.left <= 0:
                        self.is_complete = False
                        break
                    if may_be_data and count > _MAX_ENTRIES_WITHOUT and not has_python:
                        return []
                    if entry.name in _ENVIRONMENT:
                        return []
                    self.left -= 1
                    found.append(entry)
        except OSError:
            return []
        return sorted(found, key=attrgetter('name'))

    def _is_data(self, folder: str) -> bool:
        """Tell whether a folder without Python of its own is one of data: by its name, or since git ignores it."""
        if os.path.basename(folder) in _DATA:
            return True
        return self._ignored is not None and bool(self._ignored.decide(folder, is_folder=True))


def _ignored(root: str) -> Patterns | None:
    """Return what git ignores by the file at the root, None where nothing is ignored or the file cannot be read."""
    try:
        data = files.contents(os.path.join(root, '.gitignore'), follow=False)
    except OSError:
        return None
    from cfglint.patterns import Patterns, lines_of

    return Patterns(root, lines_of(data))


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether it is a file, or a link to one: a named pipe would block whoever reads it."""
    return entry.is_file(follow_symlinks=False) or (entry.is_symlink() and os.path.isfile(entry.path))


def _may_hold_code(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if name.startswith('.') or name.endswith('.egg-info') or not entry.is_dir(follow_symlinks=False):
        return False
    # `env` and `build` are names of packages as well.
    return name not in _SKIPPED or (
        name in _MAY_BE_PACKAGES and os.path.exists(os.path.join(entry.path, '__init__.py'))
    )
