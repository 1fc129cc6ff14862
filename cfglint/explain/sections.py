"""The page of a section of a config: what it is, what may stand in it, and the rules about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.explain import families
from cfglint.rules import all_rules
from cfglint.sections import SECTIONS, slot_of
from cfglint.sections.described import described, fields_of
from cfglint.sections.slots import Component

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.declaration import Rule
    from cfglint.sections.described import Field

_FEW = 3
"""A rule that looks at more sections is not about one of them."""


def page(section: str) -> str:
    """Return what is known about a section."""
    found = described((section,), None) or described((section,), {})
    lines = [section, '=' * len(section), '']
    if found is not None and found.text:
        lines += [found.text, '']
    for title, fields in _fields(section):
        lines += [title, *(f'  {_line(each)}' for each in fields), '']
    if found is not None and len(found.types) > _FEW:
        lines += [f'MMEngine has {", ".join(found.types)}: `cfglint explain {found.types[0]}` says what one takes.', '']
    listed = families.listing(rules_about(section))
    return (
        '\n'.join([*lines, *([listed] if listed else []), f'`cfglint schema {section}` prints it as JSON Schema.'])
        + '\n'
    )


def holding(name: str) -> dict[str, Field]:
    """Return the sections that have a field of that name at their top, each with the field."""
    return {
        section: field
        for section in SECTIONS
        for _, fields in _fields(section)
        for field in fields
        if field.name == name
    }


def _fields(section: str) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Yield what is built there, with its fields: each class of MMEngine that has fields of its own."""
    slot = slot_of(section)
    if isinstance(slot, Component):
        for kind, spec in slot.specs.items():
            default = ' (the default)' if kind == slot.default else ''
            yield f'{kind}{default}:', _own(fields_of(spec))
        return
    found = described((section,), None)
    if found is not None and found.fields:
        yield 'Fields:', _own(found.fields)


def _own(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields but those that every dict has from which something is built."""
    return tuple(each for each in fields if each.name != 'type' and not each.name.startswith('_'))


def _line(field: Field) -> str:
    facts = [field.accepts] if field.accepts else []
    if field.required:
        facts.append('required')
    elif field.default is not None:
        facts.append(f'default {field.default}')
    told = f' ({"; ".join(facts)})' if facts else ''
    return f'{field.name}: {field.text}{told}' if field.text else f'{field.name}{told}'


def rules_about(section: str) -> list[Rule]:
    """Return the rules that look at a section, and at few others."""
    return [
        rule
        for rule in all_rules().values()
        if section in rule.needs or (rule.reads is not None and section in rule.reads and len(rule.reads) <= _FEW)
    ]
