"""Fixes, as code actions: each is verified when it is chosen, as `cfglint check --fix` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability
from cfglint.findings import Result
from cfglint.fixing.run import fix
from cfglint.server.edits import text_edits, workspace_edit
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lsprotocol import types

    from cfglint.diagnostics import Diagnostic
    from cfglint.server.document import Document


def is_offered(diagnostic: Diagnostic) -> bool:
    """Tell whether a diagnostic has a fix that may be applied as it stands."""
    return (
        diagnostic.fix is not None
        and bool(diagnostic.fix.edits)
        and diagnostic.fix.applicability > Applicability.DISPLAY
    )


def fixed(document: Document, diagnostics: Sequence[Diagnostic], trust: Applicability) -> types.WorkspaceEdit:
    """Return the edits that fix some diagnostics, as far as they do no harm.

    Raises:
        UsageError: None of the fixes may be applied.
    """
    project = document.project
    checks = project.checks
    while checks.check_next() is not None:  # fixes are judged by all configs that they reach
        pass
    files = [path for path in checks.files if project.owns(path)]
    result = Result(list(diagnostics), [], checks.findings())
    done = fix(result, files, checks.engine, project.workspace, trust)
    if not done.texts:
        reasons = ', '.join(done.before.refused) or 'it does not help any more'
        raise UsageError(f'the fix is not applied: it {reasons}')
    changes = {
        path: text_edits(done.originals[path], source.text, document.positions) for path, source in done.texts.items()
    }
    return workspace_edit(changes)
