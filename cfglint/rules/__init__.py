"""The rules: one folder a family, one small file a rule (or a table, where a family is a table).

A rule is a function decorated with `cfglint.rules.rule.rule`. Every module in a family's folder is looked into;
nothing is registered anywhere else.
"""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfglint.rules.rule import Rule

FAMILIES = ('language', 'deprecated', 'schema', 'consistency', 'component', 'code', 'advice')


@cache
def family(name: str) -> tuple[Rule, ...]:
    """Return the rules of a family, sorted by name."""
    from cfglint.rules.rule import Rule

    package = importlib.import_module(f'cfglint.rules.{name}')
    # pkgutil, which does the same, takes as long to import as a fifth of the rules.
    files = (file.partition('.') for file in sorted(os.listdir(package.__path__[0])))
    names = [name for name, _, extension in files if extension == 'py' and name and name != '__init__']
    modules = [importlib.import_module(f'{package.__name__}.{name}') for name in names]
    found = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Rule)}
    return tuple(sorted(found.values(), key=lambda rule: rule.name))


@cache
def all_rules() -> dict[str, Rule]:
    """Return all rules by name."""
    return {rule.name: rule for name in FAMILIES for rule in family(name)}
