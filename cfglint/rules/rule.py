"""Declaring a rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Literal

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.declaration import Kind, Rule, Scope

if TYPE_CHECKING:
    from cfglint.rules.context import Context

Check = Callable[['Context'], Iterable[Diagnostic]]


def rule(
    *,
    severity: Severity = Severity.ERROR,
    scope: Scope = 'config',
    era: Literal['1.x', '0.x', 'all'] = '1.x',
    raises: str | None = None,
    fixable: bool = False,
    reads: Iterable[str] | None = None,
    needs: Collection[str] = (),
    words: Collection[str] = (),
    tells: Kind | None = None,
    ignored: bool = False,
    once: bool = False,
    for_legacy: bool = False,
    yields_to: Collection[str] = (),
) -> Callable[[Check], Rule]:
    """Declare a rule: its name comes from the function, its family from the folder, its page from the docstring."""

    def declare(check: Check) -> Rule:
        package, *parts = check.__module__.split('.')
        family = parts[1] if package == 'cfglint' else package.replace('_', '-')
        name = check.__name__.strip('_').replace('_', '-')
        # How configs are written and inherited is the same in mmcv 1.x; what was removed since is not removed there.
        holds = for_legacy or (era == 'all' and family not in ('deprecated', 'code'))
        sections = None if reads is None else frozenset(reads)
        conditions = frozenset(needs), frozenset(words), tells
        others = frozenset(yields_to)
        return Rule(
            name,
            family,
            severity,
            scope,
            era,
            check,
            raises,
            fixable,
            sections,
            *conditions,
            ignored,
            once,
            holds,
            others,
        )

    return declare
