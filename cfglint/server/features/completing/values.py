"""Completion of values: choices of fields, truth values, metrics, variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from cfglint.catalog.data_facts import data_facts
from cfglint.catalog.libraries import scope_of
from cfglint.report.python import inline
from cfglint.rules.reading.metrics import results
from cfglint.sections.described import field_at
from cfglint.server.components import built_at
from cfglint.server.features.completing.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document

_METRIC_KEYS = ('save_best', 'monitor')
_MAX_SHOWN = 60


def in_string(document: Document, cursor: Cursor) -> Iterator[Proposal]:
    """Yield the texts that may stand at a value."""
    path = cursor.path
    if not path or cursor.role != 'value':
        return
    yield from (Proposal(each, kind=types.CompletionItemKind.EnumMember) for each in _texts(document, cursor))


def bare(document: Document, cursor: Cursor) -> Iterator[Proposal]:
    """Yield what may stand at a value where no quote is typed: choices, truth values, and variables of the file."""
    for each in _texts(document, cursor):
        yield Proposal(each, repr(each), types.CompletionItemKind.EnumMember, 3)
    for each in _numbers(document, cursor):
        yield Proposal(each, kind=types.CompletionItemKind.Value, rank=3)
    if _is_flag(document, cursor):
        for word in ('True', 'False'):
            yield Proposal(word, kind=types.CompletionItemKind.Keyword, rank=3)
    config = document.config
    names = {child.key for child in document.tree.children if child.end < cursor.offset}
    if config is not None and config.style == 'lazy':
        names |= config.table.keys()
    for name in names:
        if isinstance(name, str) and name.isidentifier() and name != '_base_':
            value = None if config is None else config.get(name)
            yield Proposal(name, kind=types.CompletionItemKind.Variable, rank=6, detail=inline(value)[:_MAX_SHOWN])
    if config is not None and config.style == 'text' and config.bases:
        yield Proposal('_base_', '_base_.', types.CompletionItemKind.Module, 7, 'what the bases say')


def _texts(document: Document, cursor: Cursor) -> Iterator[str]:
    path = cursor.path
    if not path:
        return
    keys = [key for key in path if isinstance(key, str)]
    section = document.item(path[:1])
    field = field_at(path, None if section is None else section.value)
    yield from (each for each in (field.choices if field is not None else ()) if isinstance(each, str))
    if keys[-1] in _METRIC_KEYS and document.context is not None:
        if keys[-1] == 'save_best':
            yield 'auto'
        for known in results(document.context) or ():
            yield from (each for each in known.examples if not each.endswith('…'))
    yield from _choices(document, cursor)


def _choices(document: Document, cursor: Cursor) -> Iterator[str]:
    """Yield the values that an argument of a component of a library takes, as far as that is known."""
    path = cursor.path or ()
    while path and isinstance(path[-1], int):
        path = path[:-1]
    if len(path) < 2:
        return
    holder = cursor.node.parent
    while holder is not None and holder.path != tuple(path[:-1]):
        holder = holder.parent
    built = built_at(document, path[:-1], holder)
    if built is None or not built.component.library:
        return
    facts = data_facts(scope_of(built.component.library))
    values = facts.choices.get(built.component.name, {}).get(str(path[-1]), ())
    yield from (each for each in values if isinstance(each, str))


def _numbers(document: Document, cursor: Cursor) -> Iterator[str]:
    """Yield the depths, or the architectures, that a backbone of a library knows, as Python."""
    path = cursor.path
    built = built_at(document, path[:-1], cursor.node.parent) if path and len(path) > 1 else None
    if path and built is not None and built.component.library:
        facts = data_facts(scope_of(built.component.library))
        yield from map(repr, facts.architectures.get(built.component.name, {}).get(str(path[-1]), ()))


def _is_flag(document: Document, cursor: Cursor) -> bool:
    path = cursor.path
    if not path:
        return False
    section = document.item(path[:1])
    field = field_at(path, None if section is None else section.value)
    if field is not None:
        return field.accepts == 'a bool'
    built = built_at(document, path[:-1], cursor.node.parent) if len(path) > 1 else None
    parameter = None if built is None else built.resolved.signature.parameters.get(str(path[-1]))
    return parameter is not None and (parameter.default in ('True', 'False') or parameter.annotation == 'bool')
