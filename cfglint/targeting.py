"""The releases of libraries that files are checked against, and the code of the user around them."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from cfglint.catalog.asked import TargetError
from cfglint.catalog.code import library_packages
from cfglint.catalog.run_libraries import Libraries
from cfglint.catalog.targets import Targets, installed_version, is_fork_installed
from cfglint.language.bases import find_package
from cfglint.roots import roots_of
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cfglint.settings import Project


def libraries_for(files: Sequence[str], where: Project, options: Sequence[str], python: str | None = None) -> Libraries:
    """Return what the libraries have, and the user's own code around the files.

    Args:
        files: The configs.
        where: The settings, and the folder that their paths are relative to.
        options: Targets that go before all others, such as ``mmdet==3.3.0``.
        python: The interpreter whose packages count, or the folder of its environment; the running one if not given.

    Raises:
        UsageError: There is no catalog of a target.
    """
    roots = roots_of(files)
    try:
        targets = Targets(options, where.settings.targets, _stating(files, roots) or [where.folder], *_packages(python))
    except TargetError as error:
        raise UsageError(str(error)) from None
    extra = [os.path.join(where.folder, path) for path in where.settings.extra_paths]
    return Libraries(targets, tuple(dict.fromkeys([*roots, *_inner_roots(files, roots), *extra])), cache_folder())


def _packages(
    python: str | None,
) -> tuple[Callable[[str], str | None], Callable[[str], str | None], Callable[[str], bool]]:
    """Return what tells the versions of installed distributions, where packages are, and what is a fork of a library."""
    installed: Callable[[str], str | None] = installed_version
    find = find_package
    if python is not None:
        from cfglint.catalog.interpreters import interpreter

        found = interpreter(python)
        find = found.find_package

        def installed(name: str) -> str | None:
            return installed_version(name, found.installed)

    return installed, find, lambda library: is_fork_installed(library, installed, find)


def _inner_roots(files: Sequence[str], roots: Sequence[str]) -> Iterator[str]:
    """Yield further folders from which modules are imported: `src`, and those above a config that have a library's package.

    In a repository of several projects, each may have a copy of a library beside its configs.
    """
    for root in roots:
        source = os.path.join(root, 'src')
        if os.path.isdir(source) and not os.path.exists(os.path.join(source, '__init__.py')):
            yield source
    seen = set(roots)
    for folder in dict.fromkeys(os.path.realpath(os.path.dirname(path)) for path in files):
        while folder not in seen and any(_is_within(folder, root) for root in roots):
            seen.add(folder)
            if library_packages(folder):
                yield folder
            folder = os.path.dirname(folder)


def _stating(files: Sequence[str], roots: Sequence[str]) -> list[str]:
    """Return the folders whose files say what is required.

    These are what the configs have in common, and up from there to the repository; then the parts of it that they are in.
    """
    if not files:
        return list(roots)
    common = os.path.commonpath([os.path.dirname(path) for path in files])
    above = _up_to_repository(os.path.realpath(common), roots)
    parts = {os.path.relpath(path, common).split(os.sep)[0] for path in files}
    return [
        *above,
        *(folder for part in sorted(parts)[:_MAX_PARTS] if os.path.isdir(folder := os.path.join(common, part))),
    ]


def _up_to_repository(folder: str, roots: Sequence[str]) -> list[str]:
    found: list[str] = []
    while folder not in found:
        found.append(folder)
        if os.path.exists(os.path.join(folder, '.git')):
            return found
        folder = os.path.dirname(folder)
    # In no work tree: the folders with project files, and what is between them and the configs.
    return [each for each in found if any(_is_within(each, root) for root in roots)] or list(roots)


def _is_within(folder: str, root: str) -> bool:
    return folder == root or folder.startswith(os.path.join(root, ''))


_MAX_PARTS = 50


def cache_folder() -> str | None:
    """Return our folder below the user's caches, None when the user has no home, or the folder may be somebody else's."""
    if sys.platform == 'win32':
        base = os.environ.get('LOCALAPPDATA', '')
    else:
        at_home = '~/Library/Caches' if sys.platform == 'darwin' else '~/.cache'
        base = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser(at_home)
    folder = os.path.join(base, 'cfglint')
    return folder if os.path.isabs(base) and _is_own(folder) else None


def _is_own(folder: str) -> bool:
    """Tell whether nobody but the user can have written what is in a folder, or made it a link; one to be made is."""
    if sys.platform == 'win32':
        return True
    try:
        states = os.lstat(folder), os.stat(folder)
    except FileNotFoundError:
        return not os.path.islink(folder)
    except OSError:
        return False
    # Many systems give each user a group of the same number, that nobody else is in, and let it write all that the user makes.
    shared = stat.S_IWOTH if states[1].st_gid == states[1].st_uid else stat.S_IWOTH | stat.S_IWGRP
    return all(state.st_uid == os.geteuid() for state in states) and not states[1].st_mode & shared
