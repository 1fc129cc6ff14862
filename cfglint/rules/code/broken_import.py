"""Imports, in the user's own packages, of what these packages do not have."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import Missing, libraries, suggest
from cfglint.diagnostics import Advice, Diagnostic, Related, Severity
from cfglint.rules.code.reached_modules import OF_MODULES, ReachedModule, in_each_module
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.local import LocalCode
    from cfglint.language.places import Span
    from cfglint.rules.code.modules import Module, Statement
    from cfglint.rules.context import Context


@rule(raises='ImportError: Failed to import', tells=OF_MODULES, once=True)
def broken_import(context: Context) -> Iterator[Diagnostic]:
    """A module of your own that imports, from its own package, what the package does not have.

    Python raises `ModuleNotFoundError` or `ImportError` when the config is loaded, or when the class is built. What is
    imported inside of `try`, `if` or a function does not count, nor what may be generated or compiled. The modules are
    those that `custom_imports` names, those that define what the config uses, and those of yours that these import.

    ```py title="bad/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['my_package'])
    ```

    ```py title="bad/my_package/__init__.py"
    from .metric import MyMetric
    ```

    ```py title="bad/my_package/metric_v2.py"
    class MyMetric:
        pass
    ```

    ```py title="good/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['my_package'])
    ```

    ```py title="good/my_package/__init__.py"
    from .metric_v2 import MyMetric
    ```

    ```py title="good/my_package/metric_v2.py"
    class MyMetric:
        pass
    ```
    """
    allowed = context.value('custom_imports.allow_failed_imports') is True
    for each, broken in broken_imports(context):
        is_listed = each.item.key.startswith('custom_imports')
        severity = Severity.WARNING if allowed and is_listed else None
        failed = f'ImportError: Failed to import custom modules from {[each.item.value]}' if is_listed else broken.error
        yield context.report(
            each.item,
            f'`{each.module.name}` imports {broken.words}',
            at='value',
            severity=severity,
            raises=None if severity else failed,
            advice=None if broken.near is None else Advice(f'in `{each.module.name}`, import from', broken.near),
            related=(Related('it is imported here', broken.span),),
        )


class Broken(NamedTuple):
    """An import that finds nothing.

    Attributes:
        span: Where it is written.
        words: What it imports, and that this is not there.
        error: What Python raises.
        near: The module that was most likely meant.
    """

    span: Span
    words: str
    error: str
    near: str | None = None


def broken_imports(context: Context) -> list[tuple[ReachedModule, Broken]]:
    """Return the imports that find nothing in the modules behind a config."""
    return context.once('broken imports', lambda: list(in_each_module(context, 'broken-import', _broken)))


def _broken(context: Context, module: Module) -> Iterator[Broken]:
    local = context.libraries.own.code
    package = module.name.partition('.')[0]
    if local is None or not _is_certain(context, local, package):
        return
    for statement in module.statements:
        yield from _of_statement(local, module.name, statement)


def _is_certain(context: Context, local: LocalCode, package: str) -> bool:
    """Tell whether all of a package is in the tree: no library with a catalog, none that is installed besides."""
    if libraries.library_of(package) is not None or not local.is_regular(package):
        return False
    if not context.libraries.own.is_whole(package):
        return False
    installed = context.libraries.targets.find_package(package)
    return installed is None or os.path.realpath(installed) == os.path.realpath(local.folder_of(package))


def _of_statement(local: LocalCode, importer: str, statement: Statement) -> Iterator[Broken]:
    if statement.module is None:
        names = [(name.name, name.span) for name in statement.names]
    else:
        names = [(statement.module, statement.span)]
    for module, span in names:
        if module.partition('.')[0] != importer.partition('.')[0]:
            continue
        absent = _absent_module(local, module)
        if absent is not None:
            parent, _, last = absent.rpartition('.')
            near = next(iter(suggest.nearest(last, local.below(parent), 1)), None)
            error = f"ModuleNotFoundError: No module named '{absent}'"
            yield Broken(span, f'`{absent}`, which does not exist', error, near and f'{parent}.{near}')
        elif statement.module is not None:
            yield from _names(local, module, statement, is_same=module == importer)


def _absent_module(local: LocalCode, name: str) -> str | None:
    """Return the first part of a dotted name that is no module; None if all are, or may be."""
    parts = name.split('.')
    for end in range(2, len(parts) + 1):
        module = '.'.join(parts[:end])
        if not local.has_module(module):
            return None if local.may_be_generated(module) else module
    return None


def _names(local: LocalCode, module: str, statement: Statement, *, is_same: bool) -> Iterator[Broken]:
    for name, span in statement.names:
        path = f'{module}.{name}'
        if name == '*' or local.has_module(path) or local.may_be_generated(path):
            continue
        # What a package imports from itself, and has not bound by then, is a module.
        if is_same or (isinstance(local.locate(path), Missing) and not local.mentions(module, name)):
            error = f"ImportError: cannot import name '{name}' from '{module}'"
            yield Broken(span, f'`{name}` from `{module}`, which does not have it', error)
