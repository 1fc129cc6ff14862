"""Modules of the user's code, rewritten for MMEngine: the fixes of the rules about code, until none is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.code.edits import without_statement
from cfglint.code.imports import without_names
from cfglint.diagnostics import TODO, Applicability, Severity
from cfglint.fixing.edits import apply
from cfglint.language.errors import ConfigError
from cfglint.language.files import read
from cfglint.language.source import SourceFile
from cfglint.migrate.run import Migrated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cfglint.code.module import Code
    from cfglint.diagnostics import Diagnostic, Edit
    from cfglint.given_code import GivenCode
    from cfglint.rules.declaration import Rule

_PASSES = 30
"""How often fixes that touch each other get their turn."""


def migrate_code(given: GivenCode, rules: Sequence[Rule]) -> Iterator[Migrated]:
    """Migrate modules; nothing is written.

    Args:
        given: The modules.
        rules: The rules whose fixes are applied, and whose other diagnostics are left as open questions.
    """
    for path in given.files:
        try:
            source = read(path)
        except ConfigError as error:
            yield Migrated(path, '', '', refused=error.bare().message)
            continue
        try:
            yield _migrated(given, rules, source)
        except (ConfigError, RecursionError) as error:
            reason = error.bare().message if isinstance(error, ConfigError) else 'nested too deeply'
            yield Migrated(path, source.text, source.text, refused=reason)


def _migrated(given: GivenCode, rules: Sequence[Rule], source: SourceFile) -> Migrated:
    path, now = source.path, source
    for _ in range(_PASSES):
        edits = list(_chosen(given.diagnose(path, now, rules)))
        if not edits:
            break
        now = SourceFile(path, apply(now.text, edits))
    if now is not source:
        now = _without_unused(given.code(path, source), given.code(path, now))
    left = [each for each in given.diagnose(path, now, rules) if each.severity > Severity.INFO]
    todos = [
        (f'line {row}', line.partition(TODO)[2]) for row, line in enumerate(now.text.splitlines(), 1) if TODO in line
    ]
    todos += [(f'line {now.location(each.span.start).row}', _question(each)) for each in left if each.span is not None]
    return Migrated(path, source.text, now.text, todos)


def _chosen(diagnostics: Iterable[Diagnostic]) -> Iterator[Edit]:
    """Yield the edits of fixes that do not touch each other, nor add the same line."""
    taken: list[Edit] = []
    added: set[str] = set()
    for each in diagnostics:
        fix = each.fix
        if fix is None or fix.applicability is Applicability.DISPLAY:
            continue
        edits = tuple(dict.fromkeys(fix.edits))
        lines = {line.strip() for edit in edits for line in edit.content.splitlines() if 'import ' in line}
        if lines & added or any(_touch(edit, other) for edit in edits for other in taken):
            continue
        added |= lines
        taken += edits
    yield from taken


def _touch(edit: Edit, other: Edit) -> bool:
    return edit.span.start <= other.span.end and other.span.start <= edit.span.end


def _without_unused(before: Code, after: Code) -> SourceFile:
    """Return a text without the imports that were used before, and are not any more."""
    if after.is_package:
        return after.source
    by_use = {each: bool(before.scopes.uses(each)) for each in before.scopes.imports}
    # What was imported for its own sake stays: one of the same name may be used elsewhere.
    used = {each.bound for each, is_used in by_use.items() if is_used}
    used -= {each.bound for each, is_used in by_use.items() if not is_used}
    unused = {
        each.alias
        for each in after.scopes.imports
        if each.bound in used and each.bound not in after.exports and not after.scopes.uses(each)
        if each.statement not in after.guarded and each.bound not in after.words_in_texts
    }
    edits = []
    for statement in dict.fromkeys(each.statement for each in after.scopes.imports):
        gone = [alias for alias in statement.names if alias in unused]
        if len(gone) == len(statement.names):
            edits.append(without_statement(after, statement))
        elif gone:
            edits.append(without_names(after, statement, gone))
    return SourceFile(after.source.path, apply(after.text, edits))


def _question(diagnostic: Diagnostic) -> str:
    advice = diagnostic.advice
    if advice is None:
        return diagnostic.message
    code = '' if advice.code is None else f' `{"; ".join(line.strip() for line in advice.code.splitlines())}`'
    return f'{diagnostic.message}; {advice.text}{code}'
