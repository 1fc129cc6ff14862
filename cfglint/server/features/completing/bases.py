"""Completion of what bases are called, and of what is in them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from cfglint.language.bases import EXTENSIONS
from cfglint.report.python import inline
from cfglint.server.features.completing.proposal import Proposal
from cfglint.server.features.references import item_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document

_PREFIX = re.compile(r'_base_\.((?:\w+\.)*)(\w*)$')
_WORD = re.compile(r'\w*')
_MAX_ENTRIES = 300
_MAX_SHOWN = 60


def paths(document: Document, cursor: Cursor) -> Iterator[Proposal]:
    """Yield the configs and folders that an entry of `_base_` may name."""
    path = cursor.path
    if not path or path[0] != '_base_':
        return
    folder, slash, _ = cursor.typed.rpartition('/')
    start = os.path.normpath(os.path.join(os.path.dirname(document.path), folder))
    try:
        with os.scandir(start) as found:
            entries = sorted(found, key=lambda entry: entry.name)[:_MAX_ENTRIES]
    except (OSError, ValueError):  # a NUL in the path
        return
    for entry in entries:
        label = f'{folder}{slash}{entry.name}'
        if os.path.isdir(entry.path) and not entry.name.startswith(('.', '__')):
            yield Proposal(f'{label}/', kind=types.CompletionItemKind.Folder, rank=6)
        elif entry.name.endswith(EXTENSIONS) and entry.path != document.path and not entry.name.startswith('__'):
            yield Proposal(label, kind=types.CompletionItemKind.File)
    if not folder:
        yield Proposal('../', kind=types.CompletionItemKind.Folder, rank=4)
        above = _base_folder(document)
        if above is not None:
            yield Proposal(above, kind=types.CompletionItemKind.Folder, rank=3)


def _base_folder(document: Document) -> str | None:
    """Return the nearest `_base_` folder above a config, as it is named from there."""
    up = ''
    folder = os.path.dirname(document.path)
    while folder.startswith(document.project.root):
        if os.path.isdir(os.path.join(folder, '_base_')):
            return f'{up}_base_/'
        folder, up = os.path.dirname(folder), f'../{up}'
    return None


class Taken(NamedTuple):
    """A place in `_base_.x.y`.

    Attributes:
        keys: The keys before it.
        start: Where the word that it is in begins.
        end: Where that ends.
    """

    keys: list[str]
    start: int
    end: int


def taken_from_base(document: Document, cursor: Cursor) -> Taken | None:
    """Return what a place takes from a base; None where it takes nothing."""
    text, offset = document.source.text, cursor.offset
    match = _PREFIX.search(text[text.rfind('\n', 0, offset) + 1 : offset])
    if match is None:
        return None
    word = _WORD.match(text, offset)
    return Taken(match[1].split('.')[:-1], offset - len(match[2]), word.end() if word else offset)


def values_of_bases(document: Document, keys: list[str]) -> Iterator[Proposal]:
    """Yield the keys below some keys of the bases, with their values."""
    for base in () if document.config is None else document.config.bases:
        item = item_of(base.config, keys)
        for child in () if item is None or not isinstance(item.value, dict) else item.items():
            if child.name.isidentifier():
                shown = inline(child.value)
                detail = shown if len(shown) <= _MAX_SHOWN else f'{shown[: _MAX_SHOWN - 1]}…'
                yield Proposal(child.name, kind=types.CompletionItemKind.Variable, detail=detail)
