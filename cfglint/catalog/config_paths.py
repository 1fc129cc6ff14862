"""Which library ships a config, by its path: whose base it is that a config names and that is not there.

`data/configs/paths.json.zz` is made by `tools/build_config_paths.py`: package → the paths below its ``configs`` in releases for
0.x only, and in those for 1.x. It is read when a base is missing, and else never.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from functools import cache
from typing import Final, NamedTuple

from cfglint.catalog.store import DATA, SUFFIX

NAME: Final = os.path.join('configs', f'paths{SUFFIX}')
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


@cache
def _table() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    with open(os.path.join(DATA, NAME), 'rb') as file:
        data = json.loads(zlib.decompress(file.read()))
    return {package: (frozenset(old.split('\n')), frozenset(new.split('\n'))) for package, (old, new) in data.items()}
