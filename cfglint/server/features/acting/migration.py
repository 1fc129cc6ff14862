"""Migrating a config of 0.x, with its bases and all configs that inherit the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.era import era_of
from cfglint.files import contents
from cfglint.language.source import SourceFile
from cfglint.migrate.run import migrate
from cfglint.server.edits import text_edits, workspace_edit
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from lsprotocol import types

    from cfglint.server.document import Document


def family(document: Document) -> list[str]:
    """Return a config, what it inherits, and what depends on any of that: they are migrated together."""
    config = document.config
    checks = document.project.checks
    lineage = [] if config is None else [each.path for each in config.lineage() if document.project.owns(each.path)]
    return sorted({*lineage, *(heir for path in lineage for heir in checks.dependents(path))})


def is_legacy(document: Document) -> bool:
    """Tell whether the file is a config of 0.x, or a part of one."""
    return document.config is not None and document.config.style == 'text' and era_of(document.config) == '0.x'


def migrated(document: Document) -> types.WorkspaceEdit:
    """Return the edits that migrate a config and all that belongs to it.

    Raises:
        UsageError: It cannot be migrated, or is not saved.
    """
    paths = [path for path in family(document) if path.endswith('.py')]
    overlay = document.project.workspace.overlay
    unsaved = [path for path in paths if (text := overlay.get(path)) is not None and text.text != _on_disk(path)]
    if unsaved:
        raise UsageError(f'save `{unsaved[0]}` first')
    results = list(migrate(paths))
    own = next((each for each in results if each.path == document.path), None)
    if own is None or own.refused is not None or not own.changed:
        raise UsageError(
            f'cannot be migrated: {"nothing is left to do" if own is None else own.refused or "nothing to do"}'
        )
    changes = {
        each.path: text_edits(SourceFile(each.path, each.before), each.text, document.positions)
        for each in results
        if each.changed and each.refused is None
    }
    return workspace_edit(changes)


def _on_disk(path: str) -> str | None:
    try:
        return contents(path).decode()
    except (OSError, UnicodeDecodeError):
        return None
