"""How the interfaces of 0.x became those of 1.x: methods of the classes that users derive from.

`data/interfaces.json` is written by hand, from the sources of the releases; `tools/measure_code.py` compares it with them.
It is a list of kinds of classes, see `Interface`.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.store import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Set


class Became(NamedTuple):
    """What became of a method.

    Attributes:
        to: Its successor; empty where there is none.
        old: Where the successor has the same name, or another method of 1.x has the old one: the parameters of which one
            tells that a method is the old one.
        rename: Parameters that have another name.
        new: The parameters that came in the place of those in `gives`, as they are written.
        gives: Parameters that are not given any more → what they are today, an expression.
        note: What a person has to change.
        unless: Parameters that only methods of 1.x have.
        minor: Whether it does no harm: a method that nothing calls, and that nothing is lost without.
    """

    to: str = ''
    old: tuple[str, ...] | None = None
    rename: Mapping[str, str] = MappingProxyType({})
    new: tuple[str, ...] = ()
    gives: Mapping[str, str] = MappingProxyType({})
    note: str = ''
    unless: tuple[str, ...] = ()
    minor: bool = False

    def is_old(self, parameters: Set[str]) -> bool:
        """Tell whether a method with these parameters is the old one."""
        return (self.old is None or not parameters.isdisjoint(self.old)) and parameters.isdisjoint(self.unless)


class Interface(NamedTuple):
    """What libraries call of a kind of class.

    Attributes:
        of: What the classes are, in the plural.
        classes: `package.Name` of the base classes.
        methods: Method of 0.x → what became of it.
        attributes: Attribute of 0.x → its new name.
        takes: Method → the parameters with which it is called by keyword.
        parts: The attributes of models that hold one.
    """

    of: str
    classes: frozenset[str]
    methods: Mapping[str, Became]
    attributes: Mapping[str, str] = MappingProxyType({})
    takes: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    parts: tuple[str, ...] = ()


def _became(row: dict[str, object]) -> Became:
    return Became(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})  # type: ignore[arg-type]


@cache
def interfaces() -> tuple[Interface, ...]:
    """Return all kinds of classes.

    Raises:
        TypeError: The file does not follow the schema.
    """
    return tuple(
        Interface(
            of=row['of'],
            classes=frozenset(row['classes']),
            methods={name: _became(each) for name, each in row['methods'].items()},
            attributes=row.get('attributes', {}),
            takes={name: tuple(each) for name, each in row.get('takes', {}).items()},
            parts=tuple(row.get('parts', ())),
        )
        for row in read_json('interfaces.json')
    )


@cache
def part_interfaces() -> Mapping[str, tuple[Interface, ...]]:
    """Return the attributes of models → the kinds of what they hold."""
    found: dict[str, list[Interface]] = {}
    for each in interfaces():
        for part in each.parts:
            found.setdefault(part, []).append(each)
    return {part: tuple(kinds) for part, kinds in found.items()}
