"""From the paths that a user gives to the files to check."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cfglint.patterns import Patterns
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEFAULT_EXCLUDE = frozenset({
    '.bzr', '.direnv', '.eggs', '.git', '.git-rewrite', '.hg', '.ipynb_checkpoints', '.mypy_cache', '.nox', '.pyenv',
    '.pytest_cache', '.ruff_cache', '.svn', '.tox', '.venv', '.vscode', '__pycache__', '__pypackages__', 'build',
    'dist', 'node_modules', 'site-packages', 'venv', 'work_dirs',
})  # fmt: skip
"""The names of folders that are left out of a walk: tools' own, environments, and MMEngine's output."""
_DATA_EXTENSIONS = ('.yaml', '.yml', '.json')
_MAX_HEAD = 64 * 1024
NO_CONFIG_DATA = 'a data file without the keys of a config'


class Found(NamedTuple):
    """What paths stand for; all absolute.

    Attributes:
        files: The files to look at.
        skipped: Those that are left out, each with the reason.
        named: Those of the files that the user named: they are read whatever they hold.
        folders: The folders that the user named.
    """

    files: list[str]
    skipped: list[tuple[str, str]]
    named: list[str]
    folders: list[str]

    @property
    def candidates(self) -> frozenset[str]:
        """The files that count only if they are configs."""
        return frozenset(self.files).difference(self.named)


class Excludes(NamedTuple):
    """What to leave out of a walk."""

    names: frozenset[str] = DEFAULT_EXCLUDE
    patterns: tuple[Patterns, ...] = ()
    named_too: bool = False
    """Whether files that the user names are treated like those of folders (as a hook wants it)."""


NO_MORE = Excludes()


def discover(paths: Iterable[str], excludes: Excludes = NO_MORE) -> Found:
    """Return the files that `paths` (files, folders, globs) stand for, sorted, each once.

    A file that is named is always among them. In folders, these are: ``.py`` files; and ``.yaml``, ``.yml`` and ``.json``
    files that look like a config. What git ignores is left out, and links to folders are not followed.

    Raises:
        UsageError: A path does not exist, or a glob matches nothing.
    """
    found: dict[str, None] = {}
    skipped: dict[str, str] = {}
    named: dict[str, None] = {}
    folders: dict[str, None] = {}
    for path in (each for given in paths for each in _expand(given)):
        absolute = os.path.abspath(path)
        if excludes.named_too and any(patterns.match(absolute) for patterns in excludes.patterns):
            skipped[absolute] = 'excluded by the settings'
        elif os.path.isdir(path):
            folders[absolute] = None
            _Walk(excludes, found, skipped).folder(absolute, _ignore_files_above(absolute))
        else:
            found[absolute] = None
            if not excludes.named_too:
                named[absolute] = None
    left_out = sorted((path, why) for path, why in skipped.items() if path not in found)
    return Found(sorted(found), left_out, sorted(named), list(folders))


def _expand(path: str) -> Sequence[str]:
    if os.path.lexists(path):
        return (path,)
    import glob

    if glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))
        if matches:
            return matches
        raise UsageError(f'no file matches `{path}`')
    raise UsageError(f'`{path}` does not exist')


class _Walk:
    """One walk through a folder."""

    def __init__(self, excludes: Excludes, found: dict[str, None], skipped: dict[str, str]) -> None:
        self.excludes = excludes
        self.found = found
        self.skipped = skipped

    def folder(self, path: str, ignores: tuple[Patterns, ...]) -> None:
        """Collect the files of a folder and of those below it."""
        folders = [(path, ignores)]
        while folders:
            path, ignores = folders.pop()
            try:
                with os.scandir(path) as entries:
                    below = list(entries)
            except OSError as error:
                self.skipped[path] = f'a folder that cannot be read ({(error.strerror or "").lower()})'
                continue
            if any(entry.name == '.gitignore' for entry in below):
                ignores = (*ignores, *_ignore_file(path, os.path.join(path, '.gitignore')))
            for entry in below:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in self.excludes.names and not self._is_left_out(
                        entry.path, ignores, is_folder=True
                    ):
                        folders.append((entry.path, ignores))
                else:
                    self._file(entry, ignores)

    def _file(self, entry: os.DirEntry[str], ignores: tuple[Patterns, ...]) -> None:
        name = entry.name
        is_python = name.endswith('.py')
        if not is_python and not name.endswith(_DATA_EXTENSIONS):
            return
        # `DirEntry.is_dir` fails for a link to itself.
        if (entry.is_symlink() and os.path.isdir(entry.path)) or self._is_left_out(entry.path, ignores):
            return
        if is_python or looks_like_config(entry.path):
            self.found[entry.path] = None
        else:
            self.skipped[entry.path] = NO_CONFIG_DATA

    def _is_left_out(self, path: str, ignores: tuple[Patterns, ...], *, is_folder: bool = False) -> bool:
        if any(patterns.decide(path, is_folder=is_folder) for patterns in self.excludes.patterns):
            return True
        for ignore in reversed(ignores):  # the nearest file decides
            decision = ignore.decide(path, is_folder=is_folder)
            if decision is not None:
                return decision
        return False


def _ignore_files_above(folder: str) -> tuple[Patterns, ...]:
    """Return the ignore files from the root of the repository down to the folder, without the folder's own."""
    above = []
    root = folder
    while not os.path.exists(os.path.join(root, '.git')):
        parent = os.path.dirname(root)
        if parent == root:
            return ()  # not in a repository
        root = parent
        above.append(root)
    top = above[-1] if above else folder
    found = _ignore_file(top, os.path.join(top, '.git', 'info', 'exclude'))
    for each in reversed(above):
        found = (*found, *_ignore_file(each, os.path.join(each, '.gitignore')))
    return found


def _ignore_file(folder: str, path: str) -> tuple[Patterns, ...]:
    try:
        with open(path, encoding='utf-8', errors='surrogateescape') as file:
            return (Patterns(folder, file.read().splitlines()),)
    except OSError:
        return ()  # git does not read what is absent or unreadable either


def looks_like_config(path: str) -> bool:
    """Tell whether a YAML or JSON file in a folder is a config: it inherits one, or has a section of one.

    Folders of configs hold other such files as well: ``metafile.yml``, workflows, annotations.
    """
    if f'{os.sep}_base_{os.sep}' in path:
        return True
    try:
        if not os.path.isfile(path):
            return False
        with open(path, 'rb') as file:
            head = file.read(_MAX_HEAD)
    except OSError:
        return True  # the check says why it cannot be read
    at_line_start, in_json = _config_keys()
    return at_line_start.search(b'\n' + head) is not None or any(
        head[: match.start()].rstrip().endswith((b'"', b'{', b',')) for match in in_json.finditer(head)
    )


@cache
def _config_keys() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return patterns of a key at the start of a line, and of one in quotes."""
    from cfglint.era import LEGACY_KEYS, MODERN_KEYS

    # Names that other tools use as well tell nothing.
    distinctive = (LEGACY_KEYS | MODERN_KEYS | {'_base_', 'custom_imports', 'train_cfg', 'train_pipeline'}) - {
        'data', 'runner', 'optimizer', 'optimizers', 'evaluation', 'workflow', 'seed', 'deterministic', 'resume',
        'fp16', 'gpu_ids', 'log_config', 'visualizer',
    }  # fmt: skip
    names = '|'.join(sorted(distinctive)).encode()
    # Each starts with a character, which is found faster than what may be one of several.
    return re.compile(rb'\n["\']?(?:%s)["\']?\s*:' % names), re.compile(rb'"(?:%s)"\s*:' % names)
