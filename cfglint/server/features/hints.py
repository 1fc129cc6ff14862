"""Inlay hints: what a dict inherits beside what stands there; and code lenses: who inherits a file."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from cfglint.language.values import Table
from cfglint.report.python import inline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.reading.items import Item
    from cfglint.server.document import Document
    from cfglint.server.syntax import Node

_MAX_KEYS = 4
_MAX_VALUE = 24
SHOW_DEPENDENTS = 'cfglint.showDependents'


def hints(document: Document, within: types.Range) -> list[types.InlayHint]:
    """Return what the dicts in a range inherit: `from schedule_1x.py: lr=0.02, …`, behind their opening brackets."""
    if not document.is_current:
        return []
    start, end = (document.positions.offset(document.source, each) for each in (within.start, within.end))
    return [
        hint
        for node in document.tree.walk()
        if node.kind == 'dict' and node.opened is not None and node.path and start <= node.opened <= end
        for hint in _of_dict(document, node)
    ]


def _of_dict(document: Document, node: Node) -> Iterator[types.InlayHint]:
    item = document.item(node.path or ())
    if item is None or not isinstance(item.value, Table):
        return
    inherited: defaultdict[str, list[Item]] = defaultdict(list)
    for child in item.items():
        if child.origin is not None and child.origin.source.path != document.path:
            inherited[child.origin.source.path].append(child)
    if not inherited:
        return
    label = '; '.join(f'from {os.path.basename(path)}: {_listed(items)}' for path, items in sorted(inherited.items()))
    tooltip = '\n'.join(f'{each.name}={inline(each.value)}'[:300] for items in inherited.values() for each in items)
    yield types.InlayHint(
        document.positions.position(document.source, node.closed),
        label,
        types.InlayHintKind.Parameter,
        tooltip=types.MarkupContent(types.MarkupKind.Markdown, f'```python\n{tooltip}\n```'),
        padding_left=True,
    )


def _listed(items: list[Item]) -> str:
    shown = []
    for each in items[:_MAX_KEYS]:
        text = inline(each.value)
        shown.append(f'{each.name}={text}' if len(text) <= _MAX_VALUE else f'{each.name}=…')
    return ', '.join(shown) + (', …' if len(items) > _MAX_KEYS else '')


def lenses(document: Document) -> list[types.CodeLens]:
    """Return a line above the file that says how many configs depend on it, and how many of them show something."""
    checks = document.project.checks
    heirs = checks.dependents(document.path)
    if not heirs:
        return []
    waiting = sum(path in checks.waiting for path in heirs)
    wrong = sum(checks.shows_something(path) for path in heirs)
    words = f'{len(heirs)} config{"s" * (len(heirs) != 1)} depend{"s" * (len(heirs) == 1)} on this file'
    if waiting:
        words += f', {waiting} not checked yet'
    elif wrong:
        words += f', {wrong} with findings'
    top = types.Range(types.Position(0, 0), types.Position(0, 0))
    return [types.CodeLens(top, types.Command(words, SHOW_DEPENDENTS, arguments=[uris.from_fs_path(document.path)]))]
