"""What is left of 0.x in a 1.x config becomes what `cfglint migrate` makes of it: as advice, and as a fix."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability, Edit, Fix
from cfglint.migrate.change import Dict, Kept, Todo, todos_in
from cfglint.migrate.items import Item as Part
from cfglint.migrate.parts import mentions, new_fields, part, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfglint.migrate.change import Tree
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_INLINE = 60
"""How long code may be that stands in a sentence."""
_Told = tuple[Advice, Fix | None]


def whole(context: Context, item: Item, owner: str, table: str) -> _Told | None:
    """Return what to do about a component that is gone; none if that is not known. The arguments are those of `part`."""
    tree = part(Part(item.value, item.origin), owner, table)
    if tree is None:
        return None
    reasons = [reason for _, reason in todos_in(tree)]
    if reasons:
        return Advice('; '.join(dict.fromkeys(reasons))), None
    fields = _written(context, item, new_fields(tree, Part(item.value, item.origin)))
    kind = item.get('type')
    if 'type' not in fields:
        return None
    if kind is None or fields.keys() != {'type'}:
        return _advice(fields), None
    new = fields['type'][1:-1]
    scope, dot, _ = kind.value.rpartition('.')
    new = new if '.' in new else f'{scope}{dot}{new}'
    quote = (context.source_text(kind) or '')[:1]
    is_text = kind.origin is not None and isinstance(kind.origin.value, ast.Constant) and quote in ('"', "'")
    fix = context.replace_value(kind, f'{quote}{new}{quote}', f'Write `{new}`', anywhere=True) if is_text else None
    return Advice(f'write `{new}`'), fix


def argument(context: Context, table: Item, item: Item, owner: str, kind: str) -> _Told:
    """Return what to do about an argument that is gone.

    Args:
        context: The config.
        table: The component.
        item: The argument.
        owner: The library of 0.x that it is of.
        kind: The table of the library's file that has the component.
    """
    whole, old = Part(table.value, table.origin), Part(item.value, item.origin)
    tree = part(whole, owner, kind)
    if tree is None:
        return Advice('remove it: this does nothing'), None
    fields = new_fields(tree, whole)
    own = {name: each for name, each in fields.items() if mentions(each, old)}
    if 'type' in fields:
        own = fields  # another component does it
    elif own and kind == 'transforms':
        own |= {name: each for name, each in fields.items() if not _is_from(each, whole)}
    reasons = [each.reason for each in own.values() if isinstance(each, Todo)] + list(tree.todos)
    if reasons:
        return Advice('; '.join(dict.fromkeys(reasons))), None
    if not own:
        return Advice('remove it'), None
    written = _written(context, table, own)
    return _advice(written), _fix(context, table, item, own, written)


def _is_from(tree: Tree, whole: Part) -> bool:
    return any(mentions(tree, each) for each in whole.fields().values())


def _written(context: Context, item: Item, trees: Mapping[str, Tree]) -> dict[str, str]:
    source = context.source_of(item)
    config = next((each for each in context.lineage if each.source is source), context.config)
    return texts(config, dict(trees))


def _advice(fields: Mapping[str, str]) -> Advice:
    code = '\n'.join(f'{name}={text}' for name, text in fields.items())
    return Advice(f'write `{code}`') if len(code) <= _INLINE and '\n' not in code else Advice('write', code)


def _fix(
    context: Context, table: Item, item: Item, trees: Mapping[str, Tree], written: Mapping[str, str]
) -> Fix | None:
    """Make a fix that writes other arguments where the old one is; none where they are there already."""
    if 'type' in trees or not trees.keys().isdisjoint(table.value):
        return None
    (name, tree), *more = trees.items()
    fix = context.replace_key(item, name, f'Write `{name}`')
    value = context.value_span(item)
    if fix is None or value is None or item.origin is None or item.origin.key is None:
        return None
    if isinstance(tree, Dict):
        return None  # what inherits it may say the rest of that dict
    edits: tuple[Edit, ...] = fix.edits
    if not isinstance(tree, Kept):
        if not isinstance(item.origin.value, ast.Constant):
            return None
        edits += (Edit(value, written[name]),)
    for other, _ in more:
        edits += (Edit(value._replace(start=value.end), _pair(context, item, other, written[other])),)
    keys = (*fix.keys, *(f'*.{other}' for other, _ in more))
    return Fix(fix.message, edits, Applicability.UNSAFE, keys)


def _pair(context: Context, item: Item, name: str, text: str) -> str:
    span = context.key_span(item)
    old = '' if span is None or item.origin is None else item.origin.source.text[span.start : span.end]
    quote = old[0] if old[:1] in ('"', "'") else ''
    return f', {quote}{name}{quote}: {text}' if quote else f', {name}={text}'
