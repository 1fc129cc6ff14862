"""All that the folders of a repository say, the weightiest first."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from cfglint.requirements.copies import copies
from cfglint.requirements.environments import conda, dockerfile
from cfglint.requirements.pip_files import pip_files
from cfglint.requirements.projects import pyproject, setup_cfg
from cfglint.requirements.setup_script import setup_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.requirements.model import Reader, Requirement

_SOURCES: Final = (pyproject, setup_cfg, setup_script, pip_files, conda, dockerfile)
_MAX_FOLDERS: Final = 200


def read_folders(folders: Sequence[str], reader: Reader, packages: Sequence[str]) -> Iterator[Requirement]:
    """Yield what folders say, the first folder first; where none of them says anything, what the folders in them say.

    Args:
        folders: The repository, from the folder of the configs up to its root.
        reader: Reads files.
        packages: The packages whose copies are looked for.
    """
    said = False
    for folder in folders:
        for each in _read(folder, reader, packages):
            said = True
            yield each
    if not said:
        for folder in folders[-1:]:
            names = [name for name in reader.names(folder) if not name.startswith('.')][:_MAX_FOLDERS]
            for name in names:
                if os.path.isdir(os.path.join(folder, name)):
                    yield from _read(os.path.join(folder, name), reader, packages)


def _read(folder: str, reader: Reader, packages: Sequence[str]) -> Iterator[Requirement]:
    yield from copies(folder, reader, packages)
    for source in _SOURCES:
        yield from source(folder, reader)
