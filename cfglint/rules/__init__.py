"""The rules: one folder a family, one small file a rule (or a table, where a family is a table);
large families are divided by topic, a folder each.

A rule is a function decorated with `cfglint.rules.rule.rule`. Every module below a family's folder is looked into;
nothing is registered anywhere else.
"""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from cfglint.rules.declaration import Rule

FAMILIES = ('language', 'deprecated', 'schema', 'consistency', 'component', 'code', 'advice')


@cache
def family(name: str) -> tuple[Rule, ...]:
    """Return the rules of a family of cfglint's own, sorted by name."""
    return rules_in([importlib.import_module(module) for module in modules_of(f'cfglint.rules.{name}')])


def rules_in(modules: Iterable[ModuleType]) -> tuple[Rule, ...]:
    """Return the rules that modules hold, sorted by name."""
    from cfglint.rules.declaration import Rule

    found = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Rule)}
    return tuple(sorted(found.values(), key=lambda rule: rule.name))


def modules_of(package: str) -> list[str]:
    """Return the names of the modules in a package, and in those inside of it that divide it by topic."""
    folder = importlib.import_module(package).__path__[0]
    found = []
    # pkgutil, which does the same, takes as long to import as a fifth of the rules.
    for file in sorted(os.listdir(folder)):
        name, _, extension = file.partition('.')
        if extension == 'py' and name and name != '__init__':
            found.append(f'{package}.{name}')
        elif not extension and os.path.isfile(os.path.join(folder, name, '__init__.py')):
            found += modules_of(f'{package}.{name}')
    return found


@cache
def all_rules() -> dict[str, Rule]:
    """Return all rules by name; those of plugins are among them once these are loaded."""
    return {rule.name: rule for rule in own_rules()}


def own_rules() -> tuple[Rule, ...]:
    """Return the rules of cfglint's own, by family."""
    return tuple(rule for name in FAMILIES for rule in family(name))


def families() -> tuple[str, ...]:
    """Return the names of all families; each plugin is one."""
    return tuple(dict.fromkeys((*FAMILIES, *(rule.family for rule in all_rules().values()))))
