"""What MMEngine accepts in each section of a config.

`validate` compares one section with its model and says what MMEngine would refuse, ignore, or take differently than
it was meant. It knows nothing of files: a place is a path of keys and indices below the section.

Importing this package is cheap. A section's models are imported when that section is first validated, and Pydantic
builds a model when a value first needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from cfglint.sections.table import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Collection

    from cfglint.sections.slots import Slot
    from cfglint.sections.violations import Violation

__all__ = ['SECTIONS', 'json_schema', 'slot_of', 'validate']

_NOTHING: Final[frozenset[str]] = frozenset()
_slots: dict[str, Slot] = {}


def validate(section: str, value: object, *, shadowed: Collection[str] = _NOTHING) -> list[Violation]:
    """What MMEngine would not accept, or not take as meant, in this section of a config.

    A dict is validated when its `type` is MMEngine's own. `shadowed` names the classes that the config's default
    scope registers under a name of MMEngine's: without a prefix, those are not MMEngine's there.

    The value is only read. A section without a model has no violations.
    """
    return list(slot_of(section).check(value, (), shadowed)) if section in SECTIONS else []


def slot_of(section: str) -> Slot:
    """What is built from a section that has a model."""
    slot = _slots.get(section)
    if slot is None:
        slot = _slots[section] = _load(SECTIONS[section])
    return slot


def json_schema(section: str) -> dict[str, Any]:
    """The section as JSON Schema (draft 2020-12), for editors and other tools."""
    from cfglint.sections.jsonschema import document

    return document(section, slot_of(section))


def _load(where: str) -> Slot:
    module, _, name = where.partition(':')
    slot: Slot = getattr(import_module(f'{__name__}.{module}'), name)
    return slot
