"""Lists of rules: those of a family, and those that something may be about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.report.links import HOME
from cfglint.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.rules.declaration import Rule


def page(family: str) -> str:
    """Return the rules of a family."""
    rules = [rule for rule in all_rules().values() if rule.family == family]
    title = f'{family}: a family of {len(rules)} rules'
    address = f'{HOME}/rules/#{family}'
    return f'{title}\n{"=" * len(title)}\n\n{_rows(rules)}\n\n`cfglint explain RULE` says more. {address}\n'


def listing(rules: Sequence[Rule]) -> str:
    """Return the rules that something may be about; empty if there are none."""
    return f'Rules:\n{_rows(rules)}\n\n`cfglint explain RULE` says more.' if rules else ''


def _rows(rules: Sequence[Rule]) -> str:
    width = max(len(rule.name) for rule in rules)
    return '\n'.join(f'  {rule.name:<{width}}  {rule.summary}' for rule in rules)
