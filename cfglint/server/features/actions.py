"""Code actions: fixes, suppressions, migrating a file, moving sections to a base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from cfglint.add_ignores import with_ignores
from cfglint.diagnostics import Applicability
from cfglint.server.edits import text_edits, workspace_edit
from cfglint.server.features.acting.extract import chosen, extracted
from cfglint.server.features.acting.fixes import fixed, is_offered
from cfglint.server.features.acting.migration import family, is_legacy, migrated
from cfglint.server.messages import Messages, identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.server.document import Document

FIX_ALL = 'source.fixAll.cfglint'
KINDS = (
    types.CodeActionKind.QuickFix,
    FIX_ALL,
    types.CodeActionKind.RefactorExtract,
    types.CodeActionKind.RefactorRewrite,
)
REASON = 'say why'
"""What stands for the reason of a suppression until a person writes it."""


def actions(document: Document, asked: types.CodeActionParams) -> list[types.CodeAction]:
    """Return what may be done about a range; what takes long is worked out when it is chosen."""
    start, end = (document.positions.offset(document.source, each) for each in (asked.range.start, asked.range.end))
    diagnostics = document.project.diagnostics([document.path])[document.path]
    here = [each for each in diagnostics if _touches(each, start, end, len(document.source.line(1)))]
    found = [
        *_quick_fixes(document, here),
        *_fix_all(document, diagnostics),
        *_suppressions(document, here),
        *_refactorings(document, start, end),
    ]
    wanted = asked.context.only
    return [each for each in found if wanted is None or any(_is_kind(str(each.kind), kind) for kind in wanted)]


def resolved(document: Document, action: types.CodeAction) -> types.CodeAction:
    """Return an action with what it changes.

    Raises:
        UsageError: It cannot be done.
    """
    data: Any = action.data
    if data['do'] == 'extract':
        action.edit = extracted(document, chosen(document, data['start'], data['end']))
    elif data['do'] == 'migrate':
        action.edit = migrated(document)
    else:
        trust = Applicability.SAFE if data['do'] == 'fix all' else Applicability.UNSAFE
        diagnostics = document.project.diagnostics([document.path])[document.path]
        wanted = [each for each in diagnostics if data['do'] == 'fix all' or identity(each) == data['diagnostic']]
        action.edit = fixed(document, [each for each in wanted if is_offered(each)], trust)
    return action


def _touches(diagnostic: Diagnostic, start: int, end: int, first_line: int) -> bool:
    if diagnostic.span is None:
        return start <= first_line
    return diagnostic.span.start <= end and start <= diagnostic.span.end


def _is_kind(kind: str, wanted: types.CodeActionKind | str) -> bool:
    name = wanted.value if isinstance(wanted, types.CodeActionKind) else wanted
    return kind == name or kind.startswith(f'{name}.')


def _action(
    document: Document, title: str, kind: types.CodeActionKind | str, data: dict[str, Any], **more: Any
) -> types.CodeAction:
    name = kind.value if isinstance(kind, types.CodeActionKind) else kind
    return types.CodeAction(title, name, data={'path': document.path, **data}, **more)


def _quick_fixes(document: Document, diagnostics: Sequence[Diagnostic]) -> Iterator[types.CodeAction]:
    messages = Messages(document.positions, document.project.source)
    for each in diagnostics:
        if each.fix is None or not is_offered(each):
            continue
        data = {'do': 'fix', 'diagnostic': identity(each)}
        is_safe = each.fix.applicability is Applicability.SAFE
        more = {'diagnostics': [messages.message(each)], 'is_preferred': is_safe}
        yield _action(document, each.fix.message, types.CodeActionKind.QuickFix, data, **more)


def _fix_all(document: Document, diagnostics: Sequence[Diagnostic]) -> Iterator[types.CodeAction]:
    safe = [each for each in diagnostics if each.fix is not None and each.fix.applicability is Applicability.SAFE]
    if any(map(is_offered, safe)):
        yield _action(document, 'Fix all that is safe to fix', FIX_ALL, {'do': 'fix all'})


def _suppressions(document: Document, diagnostics: Sequence[Diagnostic]) -> Iterator[types.CodeAction]:
    messages = Messages(document.positions, document.project.source)
    for each in {each.rule: each for each in diagnostics}.values():
        texts = with_ignores([each], REASON, lambda path: document.source)
        if document.path in texts:
            edits = text_edits(document.source, texts[document.path].text, document.positions)
            more = {'diagnostics': [messages.message(each)], 'edit': workspace_edit({document.path: edits})}
            title = f'Ignore {each.rule} here, with a reason'
            yield _action(document, title, types.CodeActionKind.QuickFix, {'do': 'ignore'}, **more)


def _refactorings(document: Document, start: int, end: int) -> Iterator[types.CodeAction]:
    if is_legacy(document):
        others = len(family(document)) - 1
        title = 'Migrate this config to 1.x' + (f', with {others} that belong to it' if others else '')
        yield _action(document, title, types.CodeActionKind.RefactorRewrite, {'do': 'migrate'})
    sections = chosen(document, start, end)
    if sections:
        names = ', '.join(f'`{each.key}`' for each in sections[:3]) + (', …' if len(sections) > 3 else '')
        data = {'do': 'extract', 'start': start, 'end': end}
        yield _action(document, f'Move {names} to a new base', types.CodeActionKind.RefactorExtract, data)
