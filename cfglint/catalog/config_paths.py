"""Which library ships a config, by its path: whose base it is that a config names and that is not there.

`data/configs/` is made by `tools/build_config_paths.py`. `paths.json.zz`: package → the paths below its ``configs`` in releases
for 0.x only, and in those for 1.x; `renamed.json.zz`: package of 0.x → old path → the path in the library that took it over;
`archive/`: the configs of each library's last release for 0.x (Apache License 2.0, Copyright OpenMMLab).
They are read when a base is missing, and else never.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from functools import cache
from typing import Any, Final, NamedTuple

from cfglint.catalog.store import DATA, SUFFIX

NAME: Final = os.path.join('configs', f'paths{SUFFIX}')
RENAMED: Final = os.path.join('configs', f'renamed{SUFFIX}')
_LONGEST: Final = 6
"""How many folders and files the longest path below ``configs`` has, about."""
_NAMED: Final = re.compile(r'[\w.+-]*/[\w./+-]+\.py\b')


class Shipped(NamedTuple):
    """A config of libraries.

    Attributes:
        path: Its path below their ``configs``.
        packages: Their packages, sorted.
        modern: Whether a release for 1.x has it.
    """

    path: str
    packages: tuple[str, ...]
    modern: bool


def shipped(path: str, text: str) -> Shipped | None:
    """Return the config of a library that a path means, None if no library has one.

    Args:
        path: The path, absolute.
        text: The text of the config that names it: what else it names tells among several libraries.
    """
    found = _find(path)
    if found is None or len(found.packages) == 1:
        return found
    for named in _NAMED.findall(text):
        other = _find(named)
        both = [] if other is None else [name for name in found.packages if name in other.packages]
        found = found._replace(packages=tuple(both)) if both else found
    return found


class Archived(NamedTuple):
    """A config that a library of 0.x shipped.

    Attributes:
        package: The package of the library.
        path: Its path below ``configs``.
        successor: What a config of 1.x inherits instead, such as `mmdet::_base_/default_runtime.py`.
    """

    package: str
    path: str
    successor: str


def archived(path: str, text: str, library: str | None = None) -> Archived | None:
    """Return the config of 0.x that a path means; None if that is not sure, or 1.x has none in its place.

    Args:
        path: The path, absolute.
        text: The text of the config that names it.
        library: The library of 0.x that the text is for; found out if not given.
    """
    from cfglint.catalog.library_facts import library as facts

    found = shipped(path, text)
    if found is None:
        return None
    packages = [name for name in found.packages if found.path in texts(name) and library in (None, name)]
    if len(packages) != 1:
        return None
    scope = facts(packages[0]).scope
    moved = _renamed().get(packages[0], {}).get(found.path)
    if moved is None and found.path in _table().get(scope, _NONE)[True]:
        moved = found.path
    return None if moved is None else Archived(packages[0], found.path, f'{scope}::{moved}')


def _find(path: str) -> Shipped | None:
    parts = [part for part in re.split(r'[/\\]', path) if part not in ('', '.', '..')]
    for count in range(min(len(parts), _LONGEST), 1, -1):
        tail = '/'.join(parts[-count:])
        homes = [
            (package, modern) for package, eras in _table().items() for modern in (False, True) if tail in eras[modern]
        ]
        if homes:
            before = set(parts[:-count])
            named = [home for home in homes if home[0] in before]
            homes = named or homes
            return Shipped(tail, tuple(sorted(home[0] for home in homes)), any(modern for _, modern in homes))
    return None


_NONE: Final[tuple[frozenset[str], frozenset[str]]] = (frozenset(), frozenset())


@cache
def _table() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    return {
        package: (frozenset(old.split('\n')), frozenset(new.split('\n'))) for package, (old, new) in _read(NAME).items()
    }


@cache
def _renamed() -> dict[str, dict[str, str]]:
    return _read(RENAMED)


@cache
def texts(package: str) -> dict[str, str]:
    """Return the configs of the last release of a library for 0.x: path below ``configs`` → text."""
    try:
        return _read(os.path.join('configs', 'archive', f'{package}{SUFFIX}'))
    except OSError:
        return {}


def _read(name: str) -> Any:
    with open(os.path.join(DATA, name), 'rb') as file:
        return json.loads(zlib.decompress(file.read()))
