"""The repositories that configs are in: the folders from which their own modules are imported."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARKS = ('.git', 'pyproject.toml', 'setup.py', '.hg')
_SIGNS = ('requirements.txt', 'setup.cfg', 'LICENSE', 'LICENSE.md', 'LICENSE.txt', '.gitignore', '.github')
"""What lies at the top of a repository that was unpacked from an archive: no mark is in it then."""
_CONFIGS = ('configs', 'config')
_OF_CONFIGS = ('_base_', *_CONFIGS)
"""Packages that hold pure-Python configs, as a rule."""
_PROJECTS = 'projects'
_SHARED = ('configs', 'tools')
"""What lies beside `projects` in a repository, as in those of OpenMMLab; `~/projects` holds repositories."""


def roots_of(files: Sequence[str]) -> list[str]:
    """Return the repositories of the files; a file that is in none has the modules beside it."""
    folders = dict.fromkeys(os.path.dirname(path) for path in files)
    marked: dict[str, str | None] = {}
    return list(dict.fromkeys(_marked(folder, marked) or _unmarked(folder) or folder for folder in folders))


def is_top(folder: str) -> bool:
    """Tell whether a folder is the top of a repository, by the files that lie there."""
    return any(os.path.exists(os.path.join(folder, name)) for name in (*_MARKS, *_SIGNS))


def _marked(folder: str, known: dict[str, str | None]) -> str | None:
    """Return the repository that a folder belongs to: the nearest folder with a `.git` or a `pyproject.toml`.

    The folder's path may lead through symbolic links. What is found is noted in `known`, for folders that are near.
    """
    if folder not in known:
        if any(os.path.exists(os.path.join(folder, mark)) for mark in _MARKS):
            known[folder] = os.path.realpath(folder)
        else:
            parent = os.path.dirname(os.path.realpath(folder) if os.path.islink(folder) else folder)
            known[folder] = None if parent == folder else _marked(parent, known)
    return known[folder]


def _unmarked(folder: str) -> str | None:
    """Return what must be the top of a repository, by the files that lie there, else by where configs lie in one."""
    if _has_packages(folder):  # they are imported from there, whatever lies above
        return None
    above = list(_above(os.path.realpath(folder)))
    for each in above:
        if any(os.path.exists(os.path.join(each, sign)) for sign in _SIGNS):
            return each
    return next((top for below, top in reversed(list(pairwise(above))) if _is_not_the_top(below)), None)


def _has_packages(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            packages = (each for each in entries if os.path.isfile(os.path.join(each.path, '__init__.py')))
            return any(each.name not in _OF_CONFIGS for each in packages)
    except OSError:
        return False


def _is_not_the_top(folder: str) -> bool:
    """Tell whether a folder lies in a repository: a package, one of configs, or one of projects that share tools."""
    name, above = os.path.basename(folder), os.path.dirname(folder)
    if name == _PROJECTS:
        beside = [os.path.join(folder, each) for each in _CONFIGS] + [os.path.join(above, each) for each in _SHARED]
        return any(map(os.path.isdir, beside))
    return name in _CONFIGS or os.path.isfile(os.path.join(folder, '__init__.py'))


def _above(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, but none that holds much else: somebody's home, that of temporary files."""
    import tempfile

    shared = {os.path.realpath(os.path.expanduser('~')), os.path.realpath(tempfile.gettempdir())}
    while folder not in shared and os.path.dirname(folder) != folder:
        yield folder
        folder = os.path.dirname(folder)
