"""The packages of another environment, read from the folders of its interpreter; nothing of it is run or imported."""

from __future__ import annotations

import os
import re
import shutil
from typing import NamedTuple

from cfglint import files
from cfglint.catalog.distributions import version_in
from cfglint.usage import UsageError

_LIBRARY = re.compile(r'(?:python|pypy)(\d+)\.(\d+)')
_SITES = ('site-packages', 'dist-packages')
_VERSION = re.compile(r'^version(?:_info)?\s*=\s*(\d+)\.(\d+)', re.MULTILINE)


class Interpreter(NamedTuple):
    """An interpreter.

    Attributes:
        folders: The folders that hold its packages, in the order of its `sys.path`.
        version: Its version, None where no folder names it.
    """

    folders: tuple[str, ...]
    version: tuple[int, int] | None = None

    def installed(self, distribution: str) -> str | None:
        """Return the version of an installed distribution, None when it is not installed."""
        return version_in(self.folders, distribution)

    def find_package(self, name: str) -> str | None:
        """Return the folder of an installed package."""
        places = (os.path.join(folder, *name.split('.')) for folder in self.folders)
        return next((place for place in places if os.path.isfile(os.path.join(place, '__init__.py'))), None)


def interpreter(path: str) -> Interpreter:
    """Return the interpreter at a path: an executable, or the folder of an environment (venv, virtualenv, conda).

    Raises:
        UsageError: There is none.
    """
    found = path if os.path.exists(path) else shutil.which(path)
    if found is None:
        raise UsageError(f'there is no interpreter `{path}`')
    found = os.path.abspath(found)
    prefix = found if os.path.isdir(found) else os.path.dirname(os.path.dirname(found))
    version = None
    if os.path.isfile(found) and not _sites(prefix, None):  # a link such as ~/bin/python
        found = os.path.realpath(found)
        prefix = os.path.dirname(os.path.dirname(found))
    named = re.fullmatch(r'python(\d+)\.(\d+)(?:\.exe)?', os.path.basename(os.path.realpath(found)))
    settings = _text(os.path.join(prefix, 'pyvenv.cfg'))
    match = named or _VERSION.search(settings)
    if match is not None:
        version = int(match[1]), int(match[2])
    folders = _sites(prefix, version)
    if re.search(r'^include-system-site-packages\s*=\s*true', settings, re.MULTILINE | re.IGNORECASE):
        home = re.search(r'^home\s*=\s*(.+)$', settings, re.MULTILINE)
        folders += _sites(os.path.dirname(home[1].strip()), version) if home else []
    if not folders:
        raise UsageError(f'`{path}` is no Python environment: there is no `site-packages` in `{prefix}`')
    if version is None:
        match = next((match for each in folders if (match := _LIBRARY.search(each))), None)
        version = None if match is None else (int(match[1]), int(match[2]))
    return Interpreter(tuple(dict.fromkeys([*folders, *(path for each in folders for path in _added(each))])), version)


def _sites(prefix: str, version: tuple[int, int] | None) -> list[str]:
    """Return the folders of packages below a prefix, those of another version left out."""
    found = [os.path.join(prefix, 'Lib', 'site-packages')] if os.name == 'nt' else []
    for base in (prefix, os.path.join(prefix, 'local')):
        for library in (os.path.join(base, 'lib'), os.path.join(base, 'lib64')):
            for name in _listed(library):
                match = _LIBRARY.fullmatch(name)
                if match is not None and version in (None, (int(match[1]), int(match[2]))):
                    found += [os.path.join(library, name, site) for site in _SITES]
            found += [os.path.join(library, 'python3', site) for site in _SITES]
    real = {os.path.realpath(path): path for path in reversed(found) if os.path.isdir(path)}
    return [path for path in found if path in real.values()]


def _added(site: str) -> list[str]:
    """Return the folders that `.pth` files add: packages that are installed for development."""
    found = []
    for name in _listed(site):
        if name.endswith('.pth'):
            lines = _text(os.path.join(site, name)).splitlines()
            places = (os.path.join(site, line.strip()) for line in lines if line.strip() and line[0] not in '#\t ')
            found += [place for place in places if os.path.isdir(place)]
    return found


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _text(path: str) -> str:
    try:
        return files.contents(path, 100_000, cut=True).decode('utf-8', 'replace')
    except OSError:
        return ''
