"""Imports of what has gone, rewritten: from where the names are today, with all that uses them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.code.edits import comments_in, from_import, indentation, is_alone, replaced, without_statement
from cfglint.code.renaming import calls_instead, without_decorator
from cfglint.diagnostics import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfglint.code.module import Code
    from cfglint.code.scopes import Import
    from cfglint.code.successors import Gone

_FROM = re.compile(r'from\s+([\w.]+)\s+import')


class _Part(NamedTuple):
    """What becomes of one name of an import.

    Attributes:
        module: From where it is imported; empty where it is not any more.
        written: `name` or `name as other`.
        edits: What changes where it is used.
    """

    module: str
    written: str
    edits: list[Edit]


def rewritten(code: Code, imports: Sequence[Import], losses: Mapping[ast.alias, Gone]) -> tuple[Edit, ...] | None:
    """Return what mends a `from … import …`; None where a person has to.

    What cannot be mended stays as it is, if something else of the statement can.

    Args:
        code: The module.
        imports: What the statement imports.
        losses: What has gone of that.
    """
    statement = imports[0].statement
    if not isinstance(statement, ast.ImportFrom):
        return None
    parts = {each.alias: _part(code, each, losses.get(each.alias)) for each in imports}
    if all(part is None for alias, part in parts.items() if alias in losses):
        return None
    edits = [edit for part in parts.values() if part is not None for edit in part.edits]
    edit = _statement(code, statement, parts, losses)
    return None if edit is None else (edit, *edits)


def _statement(
    code: Code, statement: ast.ImportFrom, parts: Mapping[ast.alias, _Part | None], losses: Mapping[ast.alias, Gone]
) -> Edit | None:
    span, text = code.span(statement), code.text
    old = _FROM.match(text, span.start)
    by_module: dict[str, list[str]] = {}
    for alias, part in parts.items():
        if part is None:
            module = '.' * statement.level + (statement.module or '')
            by_module.setdefault(module, []).append(_written(alias.name, alias.asname))
        elif part.module and not _is_known(code, part, statement):
            names = by_module.setdefault(part.module, [])
            names.extend([part.written] if part.written not in names else [])
    same = all(part is not None and part.written == _written(alias.name, alias.asname) for alias, part in parts.items())
    if len(by_module) == 1 and same and old is not None and losses.keys() == parts.keys():
        (module,) = by_module
        return Edit(span._replace(start=old.start(1), end=old.end(1)), module)
    if not is_alone(code, statement):
        return None
    lead = indentation(code, statement)
    comments = comments_in(text[span.start : span.end])
    lines = [*comments, *(from_import(module, names, lead) for module, names in by_module.items())]
    if lines:
        return replaced(code, statement, f'\n{lead}'.join(lines))
    return without_statement(code, statement)


def _is_known(code: Code, part: _Part, statement: ast.stmt) -> bool:
    """Tell whether a module imports the very same already, before it gets to a statement at its top level."""
    name, _, other = part.written.partition(' as ')
    path = f'{part.module}.{name}'
    if not code.scopes.only_imports(other or name, path):
        return False
    return any(each.path == path and each.statement.lineno < statement.lineno for each in code.scopes.imports)


def _written(name: str, other: str | None) -> str:
    return name if other is None else f'{name} as {other}'


def _part(code: Code, each: Import, lost: Gone | None) -> _Part | None:
    """Return what becomes of a name; None where it stays."""
    if lost is None or each.bound == '*':
        return None
    uses = code.scopes.uses(each)
    other = each.alias.asname
    in_text = each.bound in code.words_in_texts
    if lost.use == 'decorator' or lost.place is None:
        return _dropped(code, uses, in_text=in_text, is_decorator=lost.use == 'decorator')
    if lost.use == 'other':
        return _dropped(code, uses, in_text=in_text, is_decorator=False)
    place = lost.place
    if lost.use == 'call':
        if not uses and not in_text:
            return _Part('', '', [])
        if in_text or not code.scopes.is_free(place.name, place.path):
            return None
        edits = [calls_instead(code, use, lost, place.name) for use in uses]
        if any(edit is None for edit in edits):
            return None
        return _Part(place.module, place.name, [one for edit in edits for one in edit or ()])
    if place.name == each.alias.name or other is not None:
        return _Part(place.module, _written(place.name, other if other != place.name else None), [])
    if not uses and not in_text and not code.is_package:
        return _Part(place.module, place.name, [])
    if in_text or code.is_package or not code.scopes.is_free(place.name, place.path):
        return _Part(place.module, f'{place.name} as {each.bound}', [])
    return _Part(place.module, place.name, [replaced(code, use, place.name) for use in uses])


def _dropped(code: Code, uses: Sequence[ast.Name], *, in_text: bool, is_decorator: bool) -> _Part | None:
    """Return what removes an import, with the decorators that it is used for; None where it is used otherwise."""
    if in_text or (uses and not is_decorator) or (code.is_package and not uses):
        return None
    edits = []
    for use in uses:
        found = code.parents.decorated(use)
        edit = None if found is None else without_decorator(code, found[0])
        if edit is None:
            return None
        edits.append(edit)
    return _Part('', '', edits)


def without_names(code: Code, statement: ast.Import | ast.ImportFrom, gone: Sequence[ast.alias]) -> Edit:
    """Return what removes some of the names of an import."""
    kept = [_written(each.name, each.asname) for each in statement.names if each not in gone]
    if isinstance(statement, ast.Import):
        return replaced(code, statement, f'import {", ".join(kept)}')
    module = '.' * statement.level + (statement.module or '')
    lead = indentation(code, statement)
    span = code.span(statement)
    lines = [*comments_in(code.text[span.start : span.end]), from_import(module, kept, lead)]
    return replaced(code, statement, f'\n{lead}'.join(lines))
