"""The user's own modules behind a config: those that it imports or takes components from, and what these import."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cfglint.code.module import Code
from cfglint.diagnostics import Related
from cfglint.language.errors import ConfigError
from cfglint.language.trees import is_long
from cfglint.rules.code.modules import Module, module_of
from cfglint.rules.component.faults import Own, faults
from cfglint.rules.declaration import Kind
from cfglint.rules.reading.lookup import is_newer_than_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.catalog.local import LocalCode
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

T = TypeVar('T')

MAX_MODULES = 500
"""Modules that are followed from one that a config leads to."""
_MAX_LEVELS = 50
"""Levels of the name of a module."""


class ReachedModule(NamedTuple):
    """A module, and the value of the config that leads there, maybe by way of other modules."""

    module: Module
    item: Item

    def related(self, context: Context) -> tuple[Related, ...]:
        """Return the place in the config."""
        return (Related('the config needs this module here', context.value_span(self.item)),)


def reached_modules(context: Context) -> list[ReachedModule]:
    """Return the modules of the user's own code that are imported for a config, each once.

    What is neither of 0.x nor of 1.x tells nothing of the release that its modules are written for.
    """
    return context.once('code', lambda: [] if context.era == 'neutral' else list(_reached_modules(context)))


def _kinds(context: Context) -> tuple[str, ...]:
    return ('module',) if reached_modules(context) else ()


OF_MODULES = Kind(_kinds, 'module')
"""What to declare of a rule that has nothing to say where no module of the user's code is imported."""


def _reached_modules(context: Context) -> Iterator[ReachedModule]:
    starts = list(_starts(context))
    local = context.libraries.own.code if starts else None
    if local is None:
        return
    seen: set[str] = set()
    for start, item in starts:
        if start in seen or start not in local.files:
            continue
        for module in _reached(context, local, start):
            if module.name not in seen:
                seen.add(module.name)
                yield ReachedModule(module, item)


def _reached(context: Context, local: LocalCode, start: str) -> tuple[Module, ...]:
    """Return the modules that are imported with one of them, that one first."""
    return context.shared(('reached', start), local, lambda: tuple(_follow(context, local, start)))


def _follow(context: Context, local: LocalCode, start: str) -> Iterator[Module]:
    waiting, seen = [start], set[str]()
    while waiting and len(seen) < MAX_MODULES:
        name = waiting.pop()
        if name in seen or name not in local.files or context.libraries.is_official(name):
            continue
        seen.add(name)
        module = read_module(context, local, name)
        if module is not None:
            yield module
            waiting += reversed(list(_imported(module)))


def _starts(context: Context) -> Iterator[tuple[str, Item]]:
    """Yield the names of the modules that the config itself leads to."""
    imports = context.find('custom_imports.imports')
    if imports is not None and not is_newer_than_copy(context):
        for each in [imports] if isinstance(imports.value, str) else imports.items():
            if isinstance(each.value, str) and context.libraries.own.has_package(each.value.partition('.')[0]):
                yield from ((name, each) for name in _with_packages(each.value))
    for fault in faults(context, Own):
        component = fault.resolved.component
        if component.kind in ('class', 'function'):
            yield from ((name, fault.use.type) for name in _with_packages(component.module))


def _imported(module: Module) -> Iterator[str]:
    """Yield the names of the modules that a module imports; some are no modules, but what is defined there."""
    for statement in module.statements:
        for name, _ in statement.names:
            yield from _with_packages(name if statement.module is None else f'{statement.module}.{name}')


def _with_packages(name: str) -> Iterator[str]:
    """Yield the packages of a module, which are imported before it, and the module."""
    parts = name.split('.', _MAX_LEVELS)
    if len(parts) <= _MAX_LEVELS:
        yield from ('.'.join(parts[:end]) for end in range(1, len(parts) + 1))


def _looked(context: Context, module: Module, look: Callable[[Context, Module], Iterator[T]]) -> tuple[T, ...]:
    return tuple(look(context, module))


def in_each_module(
    context: Context, name: str, look: Callable[[Context, Module], Iterator[T]]
) -> Iterator[tuple[ReachedModule, T]]:
    """Yield what `look` finds in each module behind a config; it is asked once for all configs of a scope.

    It must depend on nothing but the module, the libraries and the scope.
    """
    for each in reached_modules(context):
        key = (name, context.scope, each.module.name)
        for found in context.shared(key, context.libraries, partial(_looked, context, each.module, look)):
            yield each, found


def read_module(context: Context, local: LocalCode, name: str) -> Module | None:
    """Return what a module of the user's code holds, None if it cannot be read; each is read once for a run."""
    found = context.shared(('module', name), local, lambda: (_read(context, local, name),))
    return found[0]


def _read(context: Context, local: LocalCode, name: str) -> Module | None:
    path = local.files[name]
    try:
        source = context.read(path)
        if is_long(source.text):
            return None
        return module_of(Code(name, source, is_package=os.path.basename(path) == '__init__.py'))
    except (ConfigError, RecursionError):
        return None  # Python itself says what is wrong with it
