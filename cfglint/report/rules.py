"""The rules themselves: a table, and a page for each."""

from __future__ import annotations

import json
import re
from textwrap import indent
from typing import TYPE_CHECKING

from cfglint.report.links import page as address
from cfglint.rules import all_rules
from cfglint.usage import UsageError, did_you_mean

if TYPE_CHECKING:
    from cfglint.rules.declaration import Rule

_FENCE = re.compile(r'```\w* title="([^"]*)"\n(.*?)\n```', re.DOTALL)
ERAS = {'all': 'all configs', '1.x': '1.x configs (and mixed ones)', '0.x': '0.x configs (and mixed ones)'}
SCOPES = {
    'config': 'every config',
    'entry': 'configs that run on their own',
    'file': 'every file on its own, however many configs inherit it',
    'text': 'the text of every file, whatever it inherits',
    'reader': 'every file, as it is read',
}


def find(name: str) -> Rule:
    """Return the rule of that name.

    Raises:
        UsageError: There is none.
    """
    rule = all_rules().get(name)
    if rule is None:
        raise UsageError(
            f'there is no rule `{name}`{did_you_mean(name, all_rules()) or "; `cfglint rules` lists them"}'
        )
    return rule


def header(rule: Rule) -> str:
    """Return what the declaration of a rule says, a line for each."""
    fixable = 'yes, at least in part' if rule.fixable else 'no'
    lines = [
        f'Family: {rule.family}',
        f'Severity: {rule.severity}',
        f'Holds for: {ERAS[rule.era]}',
        f'Asked about: {SCOPES.get(rule.scope, rule.scope)}',
        f'Fix: {fixable}',
    ]
    if rule.raises:
        lines.append(f'MMEngine says: {rule.raises}')
    return '\n'.join(lines)


def page(name: str) -> str:
    """Return the documentation of a rule for a terminal."""
    rule = find(name)
    suppress = f'Suppress it with: # cfglint: ignore[{rule.name}] -- why'
    doc = _FENCE.sub(_example, rule.doc)
    return f'{rule.name}\n{"=" * len(rule.name)}\n\n{header(rule)}\n\n{doc}\n\n{suppress}\n{address(rule.name, rule.family)}\n'


def _example(fence: re.Match[str]) -> str:
    """Return an example as it reads well in a terminal."""
    return f'{fence[1].capitalize().replace("/", ", ", 1)}:\n\n{indent(fence[2], " " * 4)}'


def table() -> str:
    """Return the list of all rules, by family."""
    rows = [('rule', 'family', 'severity', 'fix', 'summary')]
    rows += [(r.name, r.family, str(r.severity), 'yes' if r.fixable else '', r.summary) for r in all_rules().values()]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return ''.join('  '.join([*map(str.ljust, row[:4], widths), row[4]]).rstrip() + '\n' for row in rows)


def as_json() -> str:
    """Return the list of all rules as JSON."""
    rules = [
        {
            'name': rule.name,
            'family': rule.family,
            'severity': str(rule.severity),
            'scope': rule.scope,
            'era': rule.era,
            'fixable': rule.fixable,
            'summary': rule.summary,
            'url': address(rule.name, rule.family),
        }
        for rule in all_rules().values()
    ]
    return json.dumps(rules, indent=2, ensure_ascii=False) + '\n'
