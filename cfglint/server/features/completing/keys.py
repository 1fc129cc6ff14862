"""Completion of sections, fields, arguments, and keys of bases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from cfglint.language.values import Table
from cfglint.report.python import inline
from cfglint.sections.described import described
from cfglint.sections.table import TABLE
from cfglint.server.components import built_at, parameter_since
from cfglint.server.features.completing.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.sections.described import Field
    from cfglint.server.components import Built
    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document
    from cfglint.server.syntax import Key, Node

_MAX_SHOWN = 60
_BOOKKEEPING = ('type', '_scope_', '_delete_')


def new_keys(document: Document, cursor: Cursor) -> Iterator[Proposal]:
    """Yield the keys that may be typed at a place, as `key=`."""
    holder = cursor.holder
    if holder.parent is None:
        sign = ': ' if document.is_yaml else ' = '
        yield from (each._replace(inserted=f'{each.label}{sign}') for each in _sections(document, holder))
        return
    path = holder.path
    if holder.kind != 'dict' or not path or _is_display(document, holder):
        return
    written = {child.key for child in holder.children if child.key_start is not None and child is not cursor.node}
    for proposal in _of_dict(document, path, holder):
        if proposal.label not in written:
            yield proposal._replace(inserted=f'{proposal.label}{": " if document.is_yaml else "="}')


def in_string(document: Document, cursor: Cursor) -> Iterator[Proposal]:
    """Yield the keys that may stand in quotes, in `{'key': …}`."""
    holder = cursor.holder
    is_key = cursor.role == 'key' or (cursor.role == 'value' and cursor.node.key_start is None)
    path = holder.path
    if not is_key or holder.kind != 'dict' or not _is_display(document, holder) or path is None:
        return
    written = {child.key for child in holder.children if child is not cursor.node}
    proposals = _of_dict(document, path, holder) if path else _sections(document, holder)
    yield from (each._replace(inserted='') for each in proposals if each.label not in written)


def _is_display(document: Document, holder: Node) -> bool:
    """Tell whether a dict is written as `{…}`, or the file is one of JSON."""
    return holder.opened is not None and document.source.text[holder.opened - 1 : holder.opened] == '{'


def _sections(document: Document, root: Node) -> Iterator[Proposal]:
    written = {child.key for child in root.children}
    inherited = document.config.table if document.config is not None else {}
    for each in TABLE:
        if each.era == '0.x' or each.name in written:
            continue
        found = described((each.name,), None) if each.model is not None else None
        detail = 'inherited' if each.name in inherited else 'variable, by convention' if each.helper else ''
        text = '' if found is None else found.text
        yield Proposal(each.name, '', types.CompletionItemKind.Module, 6 if each.helper else 4, detail, text)
    for name, value in inherited.items():
        if isinstance(name, str) and name.isidentifier() and name not in written:
            yield Proposal(name, '', types.CompletionItemKind.Variable, 5, f'inherited: {_short(value)}')


def _of_dict(document: Document, path: Sequence[Key], node: Node) -> Iterator[Proposal]:
    """Yield the keys of a dict: what its component takes, what a model describes, what is inherited."""
    item = document.item(path)
    inherited = item.value if item is not None and isinstance(item.value, Table) else Table()
    built = built_at(document, path, node)
    fields = _fields(document, path, node)
    if built is not None and not fields:
        yield from _arguments(document, built, inherited)
    for field in fields:
        if not field.name.startswith('_') and field.name != 'type':
            yield _of_field(field, inherited)
    for key, value in inherited.items():
        if isinstance(key, str) and key.isidentifier() and key not in _BOOKKEEPING:
            yield Proposal(key, rank=4, detail=f'inherited: {_short(value)}', kind=types.CompletionItemKind.Property)
    if node.get('type') is None and not inherited.get('type'):
        yield Proposal('type', rank=1, kind=types.CompletionItemKind.Class, text='The class to build.')
    if inherited:
        yield Proposal('_delete_', rank=8, text='Replaces the inherited dict instead of merging into it.')


def _fields(document: Document, path: Sequence[Key], node: Node) -> tuple[Field, ...]:
    """Return the fields of the model that describes a dict, by the type that is typed or inherited."""
    section = document.item(path[:1])
    value: Any = None if section is None else section.value
    literal = None if (kind := node.get('type')) is None else kind.literal()
    if literal is not None:
        value = _with_type(value, path[1:], literal)
    found = described(path, value)
    return () if found is None else found.fields


def _with_type(value: Any, keys: Sequence[Key], kind: str) -> Any:
    """Return a value in which the dict at some keys has another type."""
    if not keys:
        return {**(value if isinstance(value, dict) else {}), 'type': kind}
    key, *rest = keys
    if isinstance(key, int):
        items = list(value) if isinstance(value, (list, tuple)) else []
        items += [None] * (key + 1 - len(items))
        items[key] = _with_type(items[key], rest, kind)
        return items
    inner = value if isinstance(value, dict) else {}
    return {**inner, key: _with_type(inner.get(key), rest, kind)}


def _arguments(document: Document, built: Built, inherited: Table) -> Iterator[Proposal]:
    context = document.context
    for each in built.parameters():
        if each.name.startswith('*'):
            continue
        added = None if context is None else parameter_since(context, each)
        parts = [
            each.annotation or '',
            'required' if each.required else f'default: {each.default}',
            f'since {added}' if added else '',
        ]
        now = f'inherited: {_short(inherited[each.name])}' if each.name in inherited else ''
        yield Proposal(
            each.name,
            rank=2 if each.required else 3,
            detail=now or (f'default: {_cut(each.default)}' if each.default is not None else 'required'),
            text=f'argument of `{built.component.name}`: {"; ".join(filter(None, parts))}',
            deprecated=each.deprecated is not None,
        )


def _of_field(field: Field, inherited: Table) -> Proposal:
    now = f'inherited: {_short(inherited[field.name])}' if field.name in inherited else ''
    default = 'required' if field.required else '' if field.default is None else f'default: {_cut(field.default)}'
    text = f'{field.text}\n\n{field.accepts}'.strip()
    return Proposal(field.name, rank=2 if field.required else 3, detail=now or default, text=text)


def _short(value: Any) -> str:
    return _cut(inline(value))


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f'{text[: _MAX_SHOWN - 1]}…'
