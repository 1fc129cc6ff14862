"""The values of options that are a choice, and completion of rule names."""

from __future__ import annotations

from enum import Enum


class TableFormat(str, Enum):
    """How a list is printed."""

    text = 'text'
    json = 'json'


def complete_rule(incomplete: str) -> list[tuple[str, str]]:
    """Return the rules and families whose name starts so, each with its summary."""
    from cfglint.rules import all_rules, families

    known = {name: f'all rules of the family {name}' for name in families()}
    known |= {name: rule.summary for name, rule in all_rules().items()}
    return [(name, words) for name, words in known.items() if name.startswith(incomplete)]


def complete_rule_name(incomplete: str) -> list[tuple[str, str]]:
    """Return the rules whose name starts so, each with its summary."""
    from cfglint.rules import all_rules

    return [(name, rule.summary) for name, rule in all_rules().items() if name.startswith(incomplete)]
