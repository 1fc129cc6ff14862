"""Rules from outside: modules that the settings name, imported from the environment that cfglint runs in."""

from __future__ import annotations

import importlib
import os
from importlib.machinery import PathFinder
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING

from cfglint import files
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from cfglint.rules.declaration import Rule

GROUP = 'cfglint.rules'
"""The group of entry points that names plugins."""
_MAX_FILES = 1_000
"""So many files of a package are looked at."""
_WITHOUT_RULE = 'plugins: `{}` has no rule: decorate a function with `cfglint.rules.rule.rule`'


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

    path = _module_named(name)
    if not _may_have_rules(path):
        raise UsageError(_WITHOUT_RULE.format(name))
    module = _imported(path, name)
    modules = [module]
    if hasattr(module, '__path__'):
        modules += [_imported(each, name) for each in modules_of(module.__name__)]
    found = rules_in(modules)
    if not found:
        raise UsageError(_WITHOUT_RULE.format(name))
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


def _may_have_rules(module: str) -> bool:
    """Tell, without importing it, whether a module is not installed, or one of its files speaks of cfglint.

    Settings may come with a pull request, and to import a module is to run it: that of some packages is a program.
    """
    spec = _spec_of(module)
    return spec is None or any(map(_speaks_of_cfglint, islice(_files_of(spec), _MAX_FILES)))


def _spec_of(module: str) -> ModuleSpec | None:
    """Return where a module is; unlike `find_spec`, without importing the packages that it is in."""
    first, *parts = module.split('.')
    try:
        spec = find_spec(first)
    except (ImportError, ValueError):  # no name of a module
        return None
    name = first
    for part in parts:
        name = f'{name}.{part}'
        spec = None if spec is None else PathFinder.find_spec(name, spec.submodule_search_locations or [])
    return spec


def _files_of(spec: ModuleSpec) -> Iterator[str]:
    if spec.origin is not None:
        yield spec.origin
    for folder in spec.submodule_search_locations or ():
        for where, _, names in os.walk(folder):
            yield from (os.path.join(where, name) for name in names if name.endswith('.py'))


def _speaks_of_cfglint(path: str) -> bool:
    try:
        return b'cfglint' in files.contents(path)
    except OSError:  # also of what is built in, or frozen
        return False


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
    except (Exception, SystemExit) as error:  # whatever the code of a plugin does
        raise UsageError(f'plugins: `{plugin}` cannot be imported: {type(error).__name__}: {error}') from None
