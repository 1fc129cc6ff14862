"""From the paths that a user gives to the files to check."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.git import Repository, ignore_file, repository_of
from cfglint.patterns import Patterns
from cfglint.recognition import OF_OTHER_TOOL, data_kind, is_expected
from cfglint.roots import is_top
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cfglint.settings import Settings

DEFAULT_EXCLUDE = frozenset({
    '.bzr', '.direnv', '.eggs', '.git', '.git-rewrite', '.hg', '.ipynb_checkpoints', '.mypy_cache', '.nox', '.pyenv',
    '.pytest_cache', '.ruff_cache', '.svn', '.tox', '.venv', '.vscode', '__pycache__', '__pypackages__', 'build',
    'dist', 'node_modules', 'site-packages', 'venv', 'work_dirs',
})  # fmt: skip
"""The names of folders that are left out of a walk: tools' own, environments, and MMEngine's output."""
_GIT_NAMES = frozenset({'.git', '.gitignore'})
_LIKE_CONFIGS = re.compile(r'(?:.*[_-])?(?:configs?|cfgs?)(?:[_-].*)?|experiments?', re.IGNORECASE)
_MAX_LEVEL = 3
_MAX_FOLDERS = 2000
_DATA_EXTENSIONS = ('.yaml', '.yml', '.json')
_CONFIG_DATA = ('child', 'config')
NO_CONFIG_DATA = 'a data file without the keys of a config'


class Found(NamedTuple):
    """What paths stand for; all absolute.

    Attributes:
        files: The files to look at.
        skipped: Those that are left out, each with the reason.
        named: Those of the files that the user named: they are read whatever they hold.
        groups: The folders that were asked for: in each group there has to be a config.
    """

    files: list[str]
    skipped: list[tuple[str, str]]
    named: list[str]
    groups: list[list[str]]

    @property
    def folders(self) -> list[str]:
        """The folders that were asked for."""
        return [folder for group in self.groups for folder in group]

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


def excludes_of(settings: Settings, folder: str, more: Sequence[str] = (), *, force: bool = False) -> Excludes:
    """Return what settings leave out of a walk.

    Args:
        settings: The settings.
        folder: What their patterns are relative to.
        more: Further patterns, relative to the current folder.
        force: Whether files that are named are left out, too.
    """
    patterns = (*(settings.exclude or ()), *settings.extend_exclude)
    return Excludes(
        names=DEFAULT_EXCLUDE if settings.exclude is None else frozenset(),
        patterns=(Patterns(folder, patterns), Patterns(os.getcwd(), more)),
        named_too=force,
    )


def discover(paths: Iterable[str], excludes: Excludes = NO_MORE, *, known: bool = False) -> Found:
    """Return the files that `paths` (files, folders, globs) stand for, sorted, each once.

    A file that is named is always among them. In folders, these are: ``.py`` files; and ``.yaml``, ``.yml`` and ``.json``
    files that look like a config. What git ignores is left out, and links to folders are not followed.

    Args:
        paths: The paths.
        excludes: What to leave out.
        known: Whether the paths are those of files, which need not exist: their text is in memory.

    Raises:
        UsageError: A path does not exist, or a glob matches nothing.
    """
    found: dict[str, None] = {}
    skipped: dict[str, str] = {}
    named: dict[str, None] = {}
    groups: list[list[str]] = []
    for path in paths if known else (each for given in paths for each in _expand(given)):
        absolute = os.path.abspath(path)
        if excludes.named_too and any(patterns.match(absolute) for patterns in excludes.patterns):
            skipped[absolute] = 'excluded by the settings'
        elif os.path.isdir(path):
            groups.append([absolute])
            _Walk(excludes, found, skipped).folder(absolute)
        elif (
            excludes.named_too
            and not known
            and path.endswith(_DATA_EXTENSIONS)
            and (kind := data_kind(absolute)) not in _CONFIG_DATA
        ):
            skipped[absolute] = NO_CONFIG_DATA if kind == 'no config' else OF_OTHER_TOOL
        else:
            found[absolute] = None
            if not excludes.named_too:
                named[absolute] = None
    left_out = sorted((path, why) for path, why in skipped.items() if path not in found)
    return Found(sorted(found), left_out, sorted(named), groups)


def discover_by_default(start: str, excludes: Excludes = NO_MORE, *, anywhere: bool = True) -> Found:
    """Return what is checked if nobody says what: the folders of configs below `start`, or below its repository's root.

    Args:
        start: A folder.
        excludes: What to leave out.
        anywhere: Whether all of a repository is looked at where none of its folders is called like one of configs.

    Raises:
        UsageError: There is no such folder.
    """
    repository = repository_of(start)
    root = start if repository is None else repository.root
    if is_expected(os.path.join(os.path.relpath(start, root), 'config.py')):
        folders = [start]
    else:
        folders = _config_folders(start, excludes) or _config_folders(root, excludes)
    if not folders and anywhere and (repository is not None or is_top(start)):
        folders = [root]
    if not folders:
        raise UsageError('name what to check, or set `paths`: no folder here is called `configs`')
    return discover(folders, excludes)._replace(groups=[folders])


def _config_folders(start: str, excludes: Excludes) -> list[str]:
    """Return the folders named like one of configs that are not too deep below `start`: ``projects/x/y/configs``."""
    walk, found, places = _Walk(excludes, {}, {}), [], [(_start(start), 0)]
    for place, level in places:  # grows
        try:
            with os.scandir(place.path) as entries:
                names = {
                    entry.name for entry in entries if entry.name in _GIT_NAMES or entry.is_dir(follow_symlinks=False)
                }
        except OSError:
            continue
        place = _inside(place, names & _GIT_NAMES, is_start=not level)
        for name in sorted(name for name in names if not name.startswith('.') and name not in excludes.names):
            inner = walk.inner(os.path.join(place.path, name), place)
            if inner is not None and _LIKE_CONFIGS.fullmatch(name):
                found.append(inner.path)
            elif inner is not None and level < _MAX_LEVEL and len(places) < _MAX_FOLDERS:
                places.append((inner, level + 1))
    return found


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


class _Place(NamedTuple):
    """A folder to walk through.

    Attributes:
        path: Its path.
        ignores: The patterns that hold there, those of the nearest folder last.
        repository: The repository that it belongs to, if any.
        tracked_only: Whether git ignores it, so that only what git tracks all the same counts.
    """

    path: str
    ignores: tuple[Patterns, ...]
    repository: Repository | None
    tracked_only: bool = False


class _Walk:
    """One walk through a folder."""

    def __init__(self, excludes: Excludes, found: dict[str, None], skipped: dict[str, str]) -> None:
        self.excludes = excludes
        self.found = found
        self.skipped = skipped
        self.standing_alone: list[str] = []
        self.of_other_tools: list[str] = []

    def folder(self, path: str) -> None:
        """Collect the files of a folder and of those below it."""
        places = [_start(path)]
        while places:
            place = places.pop()
            try:
                with os.scandir(place.path) as entries:
                    below = list(entries)
            except OSError as error:
                self.skipped[place.path] = f'a folder that cannot be read ({(error.strerror or "").lower()})'
                continue
            place = _inside(place, {entry.name for entry in below} & _GIT_NAMES, is_start=place.path == path)
            for entry in below:
                if not entry.is_dir(follow_symlinks=False):
                    self._file(entry, place)
                elif entry.name not in self.excludes.names and (inner := self.inner(entry.path, place)) is not None:
                    places.append(inner)
        # A tool that replaces `${…}` in one file reads what lies beside it and below it, too.
        others = tuple(self.of_other_tools)
        for each in self.standing_alone:
            if each.startswith(others):
                self.skipped[each] = OF_OTHER_TOOL
            else:
                self.found[each] = None

    def inner(self, path: str, place: _Place) -> _Place | None:
        """Return a folder below another one, None if it is left out."""
        if self._is_excluded(path, is_folder=True):
            return None
        ignored = place.tracked_only or _is_ignored(path, place.ignores, is_folder=True)
        if ignored and (place.repository is None or not place.repository.tracks(path, is_folder=True)):
            return None
        return place._replace(path=path, tracked_only=ignored)

    def _file(self, entry: os.DirEntry[str], place: _Place) -> None:
        name = entry.name
        is_python = name.endswith('.py')
        if not is_python and not name.endswith(_DATA_EXTENSIONS):
            return
        # `DirEntry.is_dir` fails for a link to itself.
        if (entry.is_symlink() and os.path.isdir(entry.path)) or self._is_excluded(entry.path):
            return
        ignored = place.tracked_only or _is_ignored(entry.path, place.ignores)
        if ignored and (place.repository is None or not place.repository.tracks(entry.path)):
            return
        kind = 'child' if is_python else data_kind(entry.path)
        if kind == 'child':
            self.found[entry.path] = None
        elif kind == 'config':
            self.standing_alone.append(entry.path)
        else:
            self.skipped[entry.path] = NO_CONFIG_DATA if kind == 'no config' else OF_OTHER_TOOL
            if kind == 'other tool':
                self.of_other_tools.append(os.path.dirname(entry.path) + os.sep)

    def _is_excluded(self, path: str, *, is_folder: bool = False) -> bool:
        return any(patterns.decide(path, is_folder=is_folder) for patterns in self.excludes.patterns)


def _is_ignored(path: str, ignores: tuple[Patterns, ...], *, is_folder: bool = False) -> bool:
    """Tell whether ignore files leave a path out; the nearest file that says something decides."""
    for ignore in reversed(ignores):
        decision = ignore.decide(path, is_folder=is_folder)
        if decision is not None:
            return decision
    return False


def _start(folder: str) -> _Place:
    """Return the folder that a walk begins with, with the ignore files from the root of its repository down to it."""
    repository = repository_of(folder)
    if repository is None:
        return _Place(folder, (), None)
    above = []
    outer = folder
    while outer != repository.root:
        outer = os.path.dirname(outer)
        above.append(outer)
    ignores = repository.excludes()
    for each in reversed(above):
        ignores += ignore_file(each, os.path.join(each, '.gitignore'))
    return _Place(folder, ignores, repository)


def _inside(place: _Place, names: set[str], *, is_start: bool) -> _Place:
    """Return a folder with what its own ``.git`` and ``.gitignore`` say: a repository in another one is on its own."""
    if '.git' in names and not is_start:
        repository = Repository(place.path)
        place = _Place(place.path, repository.excludes(), repository)
    if '.gitignore' in names:
        own = ignore_file(place.path, os.path.join(place.path, '.gitignore'))
        place = place._replace(ignores=(*place.ignores, *own))
    return place
