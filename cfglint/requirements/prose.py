"""Whether a repository says, anywhere, that a package is to be installed: then its own folder of that name is no whole one."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cfglint.requirements.model import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_installed_by(folder: str, package: str, touched: set[str]) -> bool:
    """Tell whether a repository's lists of requirements have a package, or whether its README says to install it.

    What is read, or looked for, is added to `touched`.
    """
    name = re.escape(package).replace('_', '[-_]')
    listed = re.compile(rf'^[ \t]*-?[ \t]*["\']?{name}\b', re.MULTILINE | re.IGNORECASE)
    told = re.compile(rf'\binstall\b[^\n;]{{0,80}}\b{name}\b(?!/)', re.IGNORECASE)
    reader = Reader()
    found = any(
        (told if os.path.basename(path).lower().startswith(('readme', 'install', 'dockerfile')) else listed).search(
            text
        )
        for path in _files(folder, reader)
        if (text := reader.text(path)) is not None
    )
    touched |= reader.touched
    return found


def _files(folder: str, reader: Reader) -> Iterator[str]:
    for name in reader.names(folder):
        if name.lower().startswith(('readme', 'install', 'dockerfile', 'requirements', 'environment')):
            yield os.path.join(folder, name)
    below = os.path.join(folder, 'requirements')
    yield from (os.path.join(below, name) for name in reader.names(below))
