"""Completion of `type`: what the registry of the place has, in the targeted releases and in the user's own code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from cfglint.catalog import libraries
from cfglint.language.values import Table
from cfglint.rules.reading.places import Where, where
from cfglint.sections.described import described
from cfglint.server.components import built_as, doc_of, signature, since
from cfglint.server.features.completing.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.catalog import Installation
    from cfglint.rules.context import Context
    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document
    from cfglint.server.syntax import Key

_WORD = re.compile(r'[a-z0-9]+')
_PARTS = ('MODELS', 'TASK_UTILS')
"""Where the parts of a model are looked up, when the place does not tell."""


def types_in_string(document: Document, cursor: Cursor) -> Iterator[Proposal]:
    """Yield the components that may stand at the `type` that a place is in."""
    path = cursor.path
    if path and len(path) > 1 and path[-1] == 'type' and cursor.role == 'value':
        yield from _types(document, path[:-1], cursor.typed)


def types_without_quotes(document: Document, cursor: Cursor) -> Iterator[Proposal]:
    """Yield the same where no quote is typed yet; pure-Python configs name classes that they import."""
    path = cursor.path
    if not path or len(path) < 2 or path[-1] != 'type' or document.config is None:
        return
    if document.config.style == 'lazy':
        for name in document.config.imported:
            yield Proposal(name, kind=types.CompletionItemKind.Class)
        return
    for each in _types(document, path[:-1], cursor.typed):
        yield each if document.is_yaml else each._replace(inserted=repr(each.label))


def documentation(document: Document, data: dict[str, str]) -> str:
    """Return what is known of a component that was proposed, in Markdown; empty if that is nothing."""
    context = document.context
    if context is None:
        return ''
    place = Where(data['registry'], context.scope, '')
    built = built_as(context, place, Table({'type': data['type']}))
    if built is None:
        return ''
    first = since(built.component)
    parts = [f'```python\n{signature(built)}\n```', doc_of(context, built.component), f'since {first}' if first else '']
    return '\n\n'.join(filter(None, parts))


def _types(document: Document, path: Sequence[Key], typed: str) -> Iterator[Proposal]:
    context = document.context
    if context is None:
        return
    place = where(context, path)
    section = document.item(path[:1])
    model = described(path, None if section is None else section.value)
    for name in () if model is None else model.types:
        yield Proposal(name, kind=types.CompletionItemKind.Class, rank=2, detail='mmengine')
    if place is None:
        return
    installation = context.libraries.installation(context.scope, with_local=True)
    prefix, dot, _ = typed.rpartition('.')
    scopes = (prefix,) if dot else installation.chain(place.scope)
    for scope in scopes:
        for registry in _registries(place, scope, installation):
            yield from _registered(context, installation, place, registry, scope, f'{prefix}.' if dot else '')
    if not dot:
        for scope in _other_scopes(installation, place.scope):
            yield Proposal(f'{scope}.', kind=types.CompletionItemKind.Module, rank=9, detail='of another scope')


def _registries(place: Where, scope: str, installation: Installation) -> Sequence[str]:
    if place.registry is not None:
        return (place.registry,)
    known = installation.registries(scope)
    return [each for each in _PARTS if each in known] or known


def _registered(
    context: Context, installation: Installation, place: Where, registry: str, scope: str, prefix: str
) -> Iterator[Proposal]:
    for name, (path, code) in installation.names(registry, scope).items():
        if not name.isidentifier():
            continue
        release = f'{code.library} {code.version}' if code.library else 'your code'
        yield Proposal(
            f'{prefix}{name}',
            kind=types.CompletionItemKind.Class,
            rank=_rank(place, name, path, is_own=not code.library),
            detail=release,
            data={'file': context.path, 'type': f'{prefix}{name}', 'registry': registry},
        )


def _rank(place: Where, name: str, path: str, *, is_own: bool) -> int:
    """Put what fits the key first, where the registry holds everything: a `neck` from `…necks…`, an `anchor_generator`."""
    if place.registry is not None and place.slot not in ('model',) and place.registry not in _PARTS:
        return 3 if is_own else 4
    words = _WORD.findall(place.slot.lower())
    last = words[-1] if words else ''
    module = path.rpartition('.')[0].lower()
    if last and (last in name.lower() or f'.{last}s' in module or f'_{last}s' in module):
        return 3
    return 4 if is_own else 5


def _other_scopes(installation: Installation, scope: str) -> list[str]:
    chain = installation.chain(scope)
    return [
        each
        for name in installation.used
        if (each := libraries.scope_of(name) if name in libraries.libraries() else name) not in chain
    ]
