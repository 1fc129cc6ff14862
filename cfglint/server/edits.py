"""Changes of files as the protocol has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from cfglint.comparing import Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfglint.language.source import SourceFile
    from cfglint.server.positions import Positions


def text_edits(before: SourceFile, after: str, positions: Positions) -> list[types.TextEdit]:
    """Return what turns one text into another one, line by line."""
    old, new = before.text.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return [
        types.TextEdit(positions.range(before, starts[first], starts[last]), ''.join(new[begin:end]))
        for tag, first, last, begin, end in Comparison(old, new).get_opcodes()
        if tag != 'equal'
    ]


def workspace_edit(
    changes: Mapping[str, Sequence[types.TextEdit]], created: Mapping[str, str] | None = None
) -> types.WorkspaceEdit:
    """Return edits of files by path, and new files with their texts."""
    operations: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    top = types.Range(types.Position(0, 0), types.Position(0, 0))
    for path, text in (created or {}).items():
        uri = uris.from_fs_path(path) or ''
        operations.append(types.CreateFile(uri))
        operations.append(_edits_of(uri, [types.TextEdit(top, text)]))
    operations += [_edits_of(uris.from_fs_path(path) or '', edits) for path, edits in changes.items() if edits]
    return types.WorkspaceEdit(document_changes=operations)


def _edits_of(uri: str, edits: Sequence[types.TextEdit]) -> types.TextDocumentEdit:
    return types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri), list(edits))
