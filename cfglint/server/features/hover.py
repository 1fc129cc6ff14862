"""Hover: what a key or a component is, what a value is after inheritance, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from cfglint.language.values import Array, Lazy, Row, Table
from cfglint.report.origins import history
from cfglint.report.python import inline, text
from cfglint.report.sources import shown
from cfglint.sections.described import Described, Field, described, field_at
from cfglint.server.components import Built, built_at, doc_of, parameter_since, signature, since
from cfglint.server.features.references import reference_at
from cfglint.server.features.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.language.values import Origin
    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document
    from cfglint.server.syntax import Key

_MAX_LINES = 30
_MAX_VALUE = 80


def hover(document: Document, position: types.Position) -> types.Hover | None:
    """Return what is known of what stands at a position, None where nothing is."""
    cursor = document.at(position)
    parts = [*_of_reference(document, cursor)] or [*_of_item(document, cursor)]
    if not parts:
        return None
    node, token = cursor.node, cursor.token
    around = None if token is None else document.range(token.start, token.end)
    if cursor.role == 'key' and node.key_start is not None:
        around = document.range(node.key_start, node.key_end)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, '\n\n'.join(parts)), around)


def _of_reference(document: Document, cursor: Cursor) -> Iterator[str]:
    """Yield what is said of a base, of a value of one, or of a variable."""
    reference = reference_at(document, cursor)
    if reference is None:
        return
    if reference.config is not None and not reference.keys:
        config = reference.config
        yield f'**`{shown(config.path)}`**'
        heirs = len(document.project.checks.dependents(config.path))
        yield f'sets {", ".join(f"`{name}`" for name in config.own) or "nothing"}'
        yield f'{heirs} config{"s" * (heirs != 1)} depend{"s" * (heirs == 1)} on it'
    elif reference.item is not None:
        yield f'**`{".".join(map(str, reference.keys))}`**'
        yield _value(reference.item.value)
        yield from _story(reference.item.origin)


def _of_item(document: Document, cursor: Cursor) -> Iterator[str]:
    path = cursor.path
    if not path or cursor.role == 'inside':
        return
    section = document.item(path[:1])
    value = None if section is None else section.value
    item = document.item(path)
    if cursor.role == 'value' and path[-1] == 'type' and len(path) > 1:
        built = built_at(document, path[:-1], cursor.node.parent)
        if built is not None:
            yield from _of_component(document, built)
            return
    yield f'**`{".".join(map(str, path))}`**'
    yield from _of_key(document, cursor, path, value)
    if item is not None:
        yield _value(item.value)
        yield from _story(item.origin)
        yield from shape_of(document, path)


def _of_key(document: Document, cursor: Cursor, path: Sequence[Key], value: Any) -> Iterator[str]:
    """Yield what a key means: by the model of its dict, or as an argument of the component around it."""
    own = described(path, value)
    if len(path) == 1 or (own is not None and own.own is None and own.text):
        yield from _of_described(own)
    field = field_at(path, value)
    if field is not None:
        yield from _of_field(field)
        return
    if len(path) < 2 or not isinstance(path[-1], str):
        return
    built = built_at(document, path[:-1], cursor.node.parent)
    parameter = None if built is None else built.resolved.signature.parameters.get(path[-1])
    if built is None or parameter is None:
        return
    annotation = f': {parameter.annotation}' if parameter.annotation else ''
    default = '' if parameter.default is None else f' = {parameter.default}'
    yield f'```python\n{parameter.name}{annotation}{default}\n```'
    component = built.component
    context = document.context
    added = None if context is None else parameter_since(context, parameter)
    yield f'argument of `{component.name}`' + (f', since {added}' if added else '') + _required(parameter.required)


def _required(is_required: bool) -> str:
    return '; it must be given' if is_required else ''


def _of_described(found: Described | None) -> Iterator[str]:
    if found is not None and found.text:
        yield found.text


def _of_field(field: Field) -> Iterator[str]:
    if field.text:
        yield field.text
    facts = [field.accepts] if field.accepts else []
    if field.choices:
        facts.append(f'one of {", ".join(f"`{each!r}`" for each in field.choices[:12])}')
    if field.required:
        facts.append('it must be given')
    elif field.default is not None:
        facts.append(f'default: `{field.default}`')
    if facts:
        yield '; '.join(facts)


def _of_component(document: Document, built: Built) -> Iterator[str]:
    component, context = built.component, document.context
    assert context is not None
    release = f'{component.library} {component.release}' if component.library else 'your code'
    yield f'```python\n{signature(built)}\n```'
    if component.deprecated:
        yield f'**deprecated**: {component.deprecated}'
    yield doc_of(context, component)
    first = since(component)
    yield f'`{component.path}`, {release}' + (f'; since {first}' if first else '')


def _value(value: Any) -> str:
    if not isinstance(value, (Table, Array, Row)) or not value:
        shortened = value.name if isinstance(value, Lazy) else inline(value)
        return f'```python\n{shortened[:2000]}\n```'
    lines = text(value).splitlines()
    more = [f'# … {len(lines) - _MAX_LINES} more lines'] if len(lines) > _MAX_LINES else []
    return '```python\n' + '\n'.join([*lines[:_MAX_LINES], *more]) + '\n```'


def _story(origin: Origin | None) -> Iterator[str]:
    """Yield where a value is written, and what it overrides there."""
    if origin is None:
        return
    lines = [f'set in {_place(origin)}']
    for overridden, value in history(origin):
        verb = 'extends' if isinstance(value, dict) else 'overrides'
        told = '' if isinstance(value, dict) else f': `{inline(value)[:_MAX_VALUE]}`'
        lines.append(f'{verb} {_place(overridden)}{told}')
    yield '  \n'.join(lines)


def _place(origin: Origin) -> str:
    source = origin.source
    span = source.span(origin.value if origin.key is None else origin.key)
    return f'`{shown(source.path)}:{source.location(span.start).row}`'
