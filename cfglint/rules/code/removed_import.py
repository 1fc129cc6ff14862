"""Imports, in the user's own modules, of what a library does not have any more."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.catalog.library_index import taken_over
from cfglint.code.attributes import plain_import
from cfglint.code.imports import rewritten
from cfglint.diagnostics import Advice, Applicability, Fix, Related, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.code.module import Code
    from cfglint.code.scopes import Import
    from cfglint.code.successors import Gone, Releases


@module_rule(raises='ImportError: Failed to import', fixable=True)
def removed_import(code: Code, releases: Releases) -> Iterator[Finding]:
    """A module of your own that imports what the library's release does not have any more.

    The modules are those that `custom_imports` names, those that define components of your own which the config uses,
    and those of yours that these import. What is imported inside of `try`, `if` or a function does not count. The
    releases are those that the config is checked against.

    ```py title="bad/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['plugins.neck'])
    ```

    ```py title="bad/plugins/neck.py"
    from mmcv.runner import BaseModule
    from mmdet.models.builder import NECKS


    @NECKS.register_module()
    class PlainNeck(BaseModule):
        pass
    ```

    ```py title="good/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['plugins.neck'])
    ```

    ```py title="good/plugins/neck.py"
    from mmengine.model import BaseModule
    from mmdet.registry import MODELS


    @MODELS.register_module()
    class PlainNeck(BaseModule):
        pass
    ```
    """
    for imports in imports_by_statement(code):
        found = lost_in(releases, imports)
        losses = {each: lost for each, lost in found.items() if not lost.is_renamed_package}
        if losses:
            # Inside of a function or an `if`, Python notices when it gets there.
            severity = None if imports[0].is_top else Severity.WARNING
            yield _finding(code, imports, losses, severity, fix_of(code, releases, imports, found))


def imports_by_statement(code: Code) -> Iterator[list[Import]]:
    """Yield what each import takes, but for those that are prepared not to find it."""
    found: dict[ast.stmt, list[Import]] = {}
    for each in code.scopes.imports:
        if each.statement not in code.guarded:
            found.setdefault(each.statement, []).append(each)
    yield from found.values()


def lost_in(releases: Releases, imports: Sequence[Import]) -> dict[ast.alias, Gone]:
    """Return what has gone of what a statement imports."""
    statement = imports[0].statement
    if isinstance(statement, ast.Import):
        found = {each.alias: releases.gone(each.path) for each in imports}
    else:
        module = imports[0].path.rpartition('.')[0]
        found = {each.alias: releases.gone(module, '' if each.bound == '*' else each.alias.name) for each in imports}
    return {alias: lost for alias, lost in found.items() if lost is not None}


def _finding(
    code: Code, imports: Sequence[Import], losses: dict[ast.alias, Gone], severity: Severity | None, fix: Fix | None
) -> Finding:
    lost = list(losses.values())
    message, raises = _absent(lost[0]) if not lost[0].name else _without(lost)
    instead_of = advice([(alias.name, each) for alias, each in losses.items()])
    statement = imports[0].statement
    is_one = len(losses) == 1 and (len(imports) > 1 or isinstance(statement, ast.Import))
    span = code.span(next(iter(losses)) if is_one else statement)
    related = tuple(uses_of(code, imports, losses))
    return Finding(span, message, raises, instead_of, fix, severity, related)


def uses_of(code: Code, imports: Sequence[Import], losses: dict[ast.alias, Gone]) -> Iterator[Related]:
    """Yield where something is used that has to be replaced by more than another name."""
    for each in imports:
        lost = losses.get(each.alias)
        is_other = (
            lost is not None
            and (lost.place is None or lost.use != 'same')
            and isinstance(each.statement, ast.ImportFrom)
        )
        uses = code.scopes.uses(each) if is_other else []
        for use in uses[:MAX_PLACES]:
            statement = next((one for one in code.parents.above(use) if isinstance(one, ast.stmt)), use)
            is_simple = isinstance(statement, (ast.Expr, ast.Assign, ast.Return))
            yield Related(f'`{each.bound}` is used here', code.span(statement if is_simple else use))


def _absent(lost: Gone) -> tuple[str, str]:
    """Return what is wrong, and what Python raises."""
    raises = f"ModuleNotFoundError: No module named '{lost.module}'"
    if not lost.release:
        return f'`{lost.module}` goes on as `{taken_over()[lost.module]}`, which does not have this module', raises
    return f'{lost.library} {lost.release} has no module `{lost.module}`', raises


def _without(losses: Sequence[Gone]) -> tuple[str, str]:
    first = losses[0]
    names = ', '.join(f'`{lost.name}`' for lost in losses[:_SHOWN])
    more = f' and {len(losses) - _SHOWN} more' if len(losses) > _SHOWN else ''
    message = f'`{first.module}` of {first.library} {first.release} has no {names}{more}'
    return message, f"ImportError: cannot import name '{first.name}' from '{first.module}'"


_SHOWN = 3
MAX_PLACES = 5
"""Uses of a name that are shown."""


def advice(found: Sequence[tuple[str, Gone]]) -> Advice | None:
    """Return what to write instead of each name, those of one module together; None where nothing is known."""
    by_module: dict[str, dict[str, None]] = {}
    dropped: dict[str, list[str]] = {}
    steps: list[str] = []
    for name, lost in found:
        if lost.place is not None and lost.place.module:
            by_module.setdefault(lost.place.module, {})[lost.place.name] = None
            steps += _step(name, lost)
        elif lost.advice:
            dropped.setdefault(lost.advice, []).append(f'`{name}`')
    steps = [*(words.replace('{}', ', '.join(names)) for words, names in dropped.items()), *steps]
    code = '\n'.join(f'from {module} import {", ".join(names)}' for module, names in by_module.items())
    if code:
        return Advice('; '.join([*steps, 'write']), code)
    return Advice('; '.join(steps)) if steps else None


def _step(name: str, lost: Gone) -> list[str]:
    """Return what to do beside the import."""
    assert lost.place is not None
    if lost.call:
        step = f'write `{lost.place.name}.{lost.call}(…)` for `{name}`'
    elif lost.place.name != name:
        step = f'use `{lost.place.name}` for `{name}`'
    else:
        step = ''
    differs = f'{lost.differs}' if step or not lost.differs else f'`{name}`: {lost.differs}'
    joined = f'{step} ({differs})' if step and differs else step or differs
    return [joined] if joined else []


def fix_of(code: Code, releases: Releases, imports: Sequence[Import], losses: dict[ast.alias, Gone]) -> Fix | None:
    """Return what imports the same names from where they are today, and changes what uses them."""
    if isinstance(imports[0].statement, ast.ImportFrom):
        edits = rewritten(code, imports, losses)
    else:
        edits = plain_import(code, releases, imports[0]) if len(imports) == 1 else None
    return None if edits is None else Fix('Import from where the names are today', edits, Applicability.UNSAFE)
