"""Imports, in the user's own modules, of what a library does not have any more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix, Severity
from cfglint.rules.code.behind import behind, of_each
from cfglint.rules.code.homes import Gone, gone
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.language.source import Span
    from cfglint.rules.code.modules import Module, Statement
    from cfglint.rules.context import Context


@rule(raises='ImportError: Failed to import', given=behind)
def removed_import(context: Context) -> Iterator[Diagnostic]:
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
    # MMEngine then only warns of what `custom_imports` names.
    allowed = context.value('custom_imports.allow_failed_imports') is True
    for each, found in of_each(context, 'removed-import', _removed):
        warns = allowed and each.item.key.startswith('custom_imports.')
        yield context.report_at(
            found.span,
            found.message,
            severity=Severity.WARNING if warns else Severity.ERROR,
            raises=None if warns else found.raises,
            advice=found.advice,
            related=each.related(context),
            fix=found.fix,
        )


class _Removed(NamedTuple):
    span: Span
    message: str
    raises: str
    advice: Advice | None
    fix: Fix | None = None


def _removed(context: Context, module: Module) -> Iterator[_Removed]:
    for statement in module.statements:
        yield from _of_statement(context, module, statement)


def _of_statement(context: Context, module: Module, statement: Statement) -> Iterator[_Removed]:
    if statement.module is None:
        for name, span in statement.names:
            lost = gone(context, name)
            if lost is not None:
                yield _Removed(span, *_absent(lost), advice([(name, lost)]))
        return
    names = [name for name in statement.names if name.name != '*']
    found = [(name, lost) for name in names if (lost := gone(context, statement.module, name.name)) is not None]
    if not names:
        star = gone(context, statement.module)
        found = [] if star is None else [(statement.names[0], star)]
    if not found:
        return
    losses = [lost for _, lost in found]
    what = _absent(losses[0]) if not losses[0].name else _without(losses)
    instead = advice([(name.name, lost) for name, lost in found])
    span = statement.span if len(found) != 1 or len(statement.names) == 1 else found[0][0].span
    fix = _fix(module, statement, losses) if len(found) == len(statement.names) else None
    yield _Removed(span, *what, instead, fix)


def _absent(lost: Gone) -> tuple[str, str]:
    """Return what is wrong, and what Python raises."""
    message = f'{lost.library} {lost.release} has no module `{lost.module}`'
    return message, f"ModuleNotFoundError: No module named '{lost.module}'"


def _without(losses: Sequence[Gone]) -> tuple[str, str]:
    first = losses[0]
    names = ', '.join(f'`{lost.name}`' for lost in losses[:_SHOWN])
    more = f' and {len(losses) - _SHOWN} more' if len(losses) > _SHOWN else ''
    message = f'`{first.module}` of {first.library} {first.release} has no {names}{more}'
    return message, f"ImportError: cannot import name '{first.name}' from '{first.module}'"


def advice(found: Sequence[tuple[str, Gone]]) -> Advice | None:
    """Return what to write instead of each name, those of one module together; None where nothing is known."""
    by_module: dict[str, dict[str, None]] = {}
    dropped: dict[str, list[str]] = {}
    for name, lost in found:
        if lost.home is not None:
            by_module.setdefault(lost.home.module, {})[lost.home.name] = None
        elif lost.advice:
            dropped.setdefault(lost.advice, []).append(f'`{name}`')
    steps = [words.replace('{}', ', '.join(names)) for words, names in dropped.items()]
    steps += [
        f'use `{lost.home.name}` for `{name}`'
        for name, lost in found
        if lost.home is not None and lost.home.name != name
    ]
    code = '\n'.join(f'from {module} import {", ".join(names)}' for module, names in by_module.items())
    if code:
        return Advice('; '.join([*steps, 'write']), code)
    return Advice('; '.join(steps)) if steps else None


_SHOWN = 3
_FROM = re.compile(r'from\s+([\w.]+)\s+import')


def _fix(module: Module, statement: Statement, losses: Sequence[Gone]) -> Fix | None:
    """Return what imports the same names from where they are today, if that is known of all."""
    by_home: dict[str, list[str]] = {}
    text, span = module.source.text, statement.span
    for lost, name in zip(losses, statement.names, strict=True):
        if lost.home is None or lost.home.name != name.name:
            return None  # another name would have to be changed wherever it is used
        by_home.setdefault(lost.home.module, []).append(text[name.span.start : name.span.end])
    match = _FROM.match(text, span.start)
    if len(by_home) == 1 and match is not None:
        (home,) = by_home
        place = span._replace(start=match.start(1), end=match.end(1))
        return Fix(f'Import from `{home}`', (Edit(place, home),), Applicability.UNSAFE)
    if '#' in text[span.start : span.end] or text[: span.start].rpartition('\n')[2] or text[span.end :][:1].strip():
        return None  # there is something else on its lines
    imports = '\n'.join(f'from {home} import {", ".join(names)}' for home, names in by_home.items())
    return Fix('Import from where the names are today', (Edit(span, imports),), Applicability.UNSAFE)
