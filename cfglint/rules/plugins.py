"""Rules from outside: modules that the settings name, imported from the environment that cfglint runs in."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from cfglint.rules.declaration import Rule

GROUP = 'cfglint.rules'
"""The group of entry points that names plugins."""


def load_plugins(names: Iterable[str]) -> tuple[Rule, ...]:
    """Add the rules of plugins to those that are known in this process, and return them.

    Nothing of the folder that is checked is imported, unless it is installed: a pull request cannot run code here.

    Args:
        names: Modules, packages (with all modules in them), or names of entry points of the group ``cfglint.rules``.

    Raises:
        UsageError: There is no such plugin, it cannot be imported, it has no rule, or a name is taken.
    """
    return tuple(rule for name in names for rule in _load(name))


def _load(name: str) -> tuple[Rule, ...]:
    from cfglint.rules import all_rules, modules_of, rules_in

    module = _imported(_module_named(name), name)
    modules = [module]
    if hasattr(module, '__path__'):
        modules += [_imported(each, name) for each in modules_of(module.__name__)]
    found = rules_in(modules)
    if not found:
        raise UsageError(f'plugins: `{name}` has no rule: decorate a function with `cfglint.rules.rule.rule`')
    known = all_rules()
    for rule in found:
        if known.setdefault(rule.name, rule) is not rule:
            raise UsageError(
                f'plugins: the rule `{rule.name}` of `{name}` is called like one of `{known[rule.name].family}`'
            )
    return found


def _module_named(name: str) -> str:
    """Return the module of an entry point, or the name itself."""
    from importlib.metadata import entry_points

    return next((point.module for point in entry_points(group=GROUP, name=name)), name)


def _imported(module: str, plugin: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f'{module}.'.startswith(f'{error.name}.'):
            raise UsageError(f'plugins: `{plugin}` cannot be imported: {error}') from None
        raise UsageError(
            f'plugins: there is no `{plugin}`: install it in the environment that cfglint runs in (a module, or an entry '
            f'point of the group `{GROUP}`)'
        ) from None
    except Exception as error:  # whatever the code of a plugin does
        raise UsageError(f'plugins: `{plugin}` cannot be imported: {type(error).__name__}: {error}') from None
