"""Download releases without running anything of them.

`pip download` of a source distribution runs its `setup.py`; `unearth`, the finder that PDM uses, only fetches the file
and checks its hash. It is needed to regenerate the catalogs, not to use them (`pip install unearth`).
"""

from __future__ import annotations

import posixpath
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from catalog.releases import Library


def archive(library: Library, version: str, cache: Path) -> Path:
    """The wheel or source distribution of one release, downloaded to `cache` unless it is there."""
    folder = cache / f'{library.distribution}-{version}'
    if folder.is_dir() and (kept := sorted(folder.iterdir())):
        return kept[0]
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, '-m', 'unearth', f'{library.distribution}=={version}', '--download', str(folder)]
    if library.wheels:
        platform, python = library.wheels[library.versions.index(version)]
        command += ['--platforms', platform, '--python-version', python, '--only-binary']
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.iterdir())


def sources(path: Path, package: str) -> Iterator[tuple[str, bytes]]:
    """Each Python file of `package` in an archive, as its path from the package's parent, sorted."""
    read = _zip_sources if path.suffix in ('.whl', '.zip') else _tar_sources
    yield from sorted(
        (name, data) for name, data in read(path, package) if '/.mim/' not in name and name.endswith('.py')
    )


def _zip_sources(path: Path, package: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive_:
        for name in archive_.namelist():
            if (inner := _inside(name, package)) is not None:
                yield inner, archive_.read(name)


def _tar_sources(path: Path, package: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as archive_:
        for member in archive_:
            inner = _inside(member.name, package)
            if inner is not None and member.isfile() and (data := archive_.extractfile(member)) is not None:
                yield inner, data.read()


def _inside(name: str, package: str) -> str | None:
    """`name` from the package on: a wheel holds `mmdet/…`, a source distribution `mmdet-2.28.2/mmdet/…`."""
    parts = posixpath.normpath(name).split('/')
    for depth in (0, 1):
        if len(parts) > depth + 1 and parts[depth] == package and parts[-1].endswith('.py'):
            return '/'.join(parts[depth:])
    return None
