"""Moving sections to a base of their own: the config that is left resolves to the same."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cfglint.language.errors import ConfigError
from cfglint.language.source import SourceFile
from cfglint.server.edits import text_edits, workspace_edit
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lsprotocol import types

    from cfglint.server.document import Document
    from cfglint.server.syntax import Node

_MAX_NUMBER = 100


def chosen(document: Document, start: int, end: int) -> list[Node]:
    """Return the sections that a selection is in; the whole file is no selection."""
    if document.config is None or document.config.style != 'text' or not document.is_current:
        return []
    children = [child for child in document.tree.children if child.key_start is not None and child.key != '_base_']
    found = [child for child in children if (child.key_start or 0) <= end and start <= child.end]
    return found if len(found) < len(children) and all(_is_whole(document, child) for child in found) else []


def _is_whole(document: Document, node: Node) -> bool:
    """Tell whether a section begins its line: it is not one of several in a row."""
    start = node.key_start or 0
    return isinstance(node.key, str) and (start == 0 or document.source.text[start - 1] == '\n')


def extracted(document: Document, sections: Sequence[Node]) -> types.WorkspaceEdit:
    """Return the edits that move sections to a new base, which inherits what the config has inherited.

    Raises:
        UsageError: The config would not resolve to the same.
    """
    text, config = document.source.text, document.config
    assert config is not None
    path = _free_path(document, str(sections[0].key).partition('.')[0])
    name = os.path.basename(path)
    base = document.tree.get('_base_')
    inherited = '' if base is None else f'{_lines(text, base)}\n'
    moved = ''.join(f'{_lines(text, each)}\n' for each in sections)
    left = text
    removed = sorted([*sections, *([base] if base is not None else [])], key=lambda each: each.start, reverse=True)
    for each in removed:
        first, last = _extent(left, each)
        left = left[:first] + (f"_base_ = './{name}'\n" if each is base else '') + left[last:]
    if base is None:
        left = f"_base_ = './{name}'\n{left}"
    _require_the_same(document, path, f'{inherited}{moved}', left)
    return workspace_edit(
        {document.path: text_edits(document.source, left, document.positions)}, {path: f'{inherited}{moved}'}
    )


def _free_path(document: Document, section: str) -> str:
    stem = os.path.splitext(os.path.basename(document.path))[0]
    for number in range(1, _MAX_NUMBER):
        name = f'{stem}_{section}{"" if number == 1 else number}.py'
        path = os.path.join(os.path.dirname(document.path), name)
        if not document.project.workspace.loader.exists(path):
            return path
    raise UsageError('there are too many files of such names already')


def _extent(text: str, node: Node) -> tuple[int, int]:
    """Return where the lines of a statement begin and end, with the comments directly above it."""
    start = text.rfind('\n', 0, node.key_start or 0) + 1
    while start:
        above = text.rfind('\n', 0, start - 1) + 1
        if not text[above:start].startswith('#'):
            break
        start = above
    end = text.find('\n', node.end)
    return start, len(text) if end < 0 else end + 1


def _lines(text: str, node: Node) -> str:
    first, last = _extent(text, node)
    return text[first:last].rstrip('\n')


def _require_the_same(document: Document, path: str, base: str, left: str) -> None:
    overlay = {**document.project.workspace.overlay}
    overlay[path], overlay[document.path] = SourceFile(path, base), SourceFile(document.path, left)
    try:
        after = document.project.workspace.over(overlay).loader.load(document.path)
    except ConfigError as error:
        raise UsageError(f'cannot move it: {error.message}') from None
    if document.config is None or _plain(after.table) != _plain(document.config.table):
        raise UsageError('cannot move it: other lines of the config depend on it')


def _plain(value: object) -> str:
    return re.sub(r' at 0x[0-9a-f]+', '', repr(value))
