"""What became of the Python interfaces of 0.x: where names are today, and what took over what has gone.

`data/moved/LIB.json` is found by `tools/build_moved_names.py`: where a name was defined → from where to import it today.
`data/code.json` is written by hand:

- `registries`: a registry of 0.x → the root registry that took over;
- `builders`: a function of 0.x that builds → the registry whose `build` does the same;
- `decorators`: what to do about those that can be removed; `{}` stands for the names;
- `renamed`: `package.name` (`*` for any package) → what took over, see `Renamed`;
- `advice`: what to do about names that nothing took over;
- `packages`: where the parts of a module are.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.store import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTHING: Mapping[str, str] = MappingProxyType({})
PACKAGES = (
    'mmcv', 'mmdet', 'mmseg', 'mmcls', 'mmselfsup', 'mmgen', 'mmedit', 'mmpose', 'mmaction', 'mmocr', 'mmdet3d',
    'mmrotate', 'mmtrack', 'mmrazor',
)  # fmt: skip
"""The packages that had a release of 0.x whose names are known."""


class Renamed(NamedTuple):
    """What took over something of 0.x.

    Attributes:
        to: From where to import it.
        call: The method to call, where the old thing was a function.
        differs: What else is different; where something is, a person has to change the code.
        drops_arguments: Whether the arguments of the old function have no meaning any more.
    """

    to: str
    call: str = ''
    differs: str = ''
    drops_arguments: bool = False


class CodeFacts(NamedTuple):
    """All that is written by hand; see above."""

    registries: Mapping[str, str] = _NOTHING
    builders: Mapping[str, str] = _NOTHING
    decorators: Mapping[str, str] = _NOTHING
    renamed: Mapping[str, Renamed] = MappingProxyType({})
    advice: Mapping[str, str] = _NOTHING
    packages: Mapping[str, str] = _NOTHING

    def successor(self, package: str, name: str) -> Renamed | None:
        """Return what took over a name of a package."""
        return self.renamed.get(f'{package}.{name}') or self.renamed.get(f'*.{name}')


@cache
def code_facts() -> CodeFacts:
    """Return what is written by hand.

    Raises:
        TypeError: The file does not follow the schema.
    """
    given = read_json('code.json')
    renamed = {name: Renamed(**row) for name, row in given.pop('renamed').items()}
    return CodeFacts(**given, renamed=renamed)


@cache
def moved(package: str) -> Mapping[str, str]:
    """Return where names of a package were defined → from where to import them today."""
    return read_json('moved', f'{package}.json')['moved'] if package in PACKAGES else _NOTHING


@cache
def moved_by_name(package: str) -> Mapping[str, str]:
    """Return the same for the names that only one definition had: it may have been elsewhere in earlier releases."""
    found: dict[str, list[str]] = {}
    for path, place in moved(package).items():
        found.setdefault(path.rpartition('.')[2], []).append(place)
    return {name: places[0] for name, places in found.items() if len(set(places)) == 1}
