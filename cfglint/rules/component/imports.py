"""Modules that a config imports, and those that it should."""

from __future__ import annotations

import ast
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import Missing
from cfglint.diagnostics import Advice, Diagnostic, Related
from cfglint.language.errors import ConfigError
from cfglint.language.places import Span
from cfglint.language.style import is_standard_library
from cfglint.rules.code.broken_import import broken_imports
from cfglint.rules.component.faults import Own, Unresolved, faults, telling_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog import Component
    from cfglint.catalog.local import Registered
    from cfglint.language.config import Config
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(raises='ImportError: Failed to import')
def missing_import(context: Context) -> Iterator[Diagnostic]:
    """A module or class that a pure-Python config imports, but which the library's release does not have there.

    MMEngine notices when it first reads the value: `ImportError: Failed to import … from …`.

    ```py title="bad"
    from mmengine.hooks import CheckpointHooks

    default_hooks = dict(checkpoint=dict(type=CheckpointHooks))
    ```

    ```py title="good"
    from mmengine.hooks import CheckpointHook

    default_hooks = dict(checkpoint=dict(type=CheckpointHook))
    ```
    """
    if context.style != 'lazy':
        return
    told: set[str] = set()
    for config in context.lineage:
        for absent in absent_imports(context, config):
            told.add(absent.path)
            span = config.source.span(absent.node)
            yield context.report_at(span, _words(absent.missing), key=absent.name)
    for fault in faults(context, Unresolved):
        if fault.absent is not None and fault.use.type.value.name not in told:
            message = _words(fault.absent)
            yield context.report(fault.use.type, message, at='value')


class Absent(NamedTuple):
    """An import that finds nothing."""

    node: ast.alias
    name: str
    path: str
    missing: Missing


def absent_imports(context: Context, config: Config) -> Iterator[Absent]:
    """Yield the imports of one file that find nothing, in a package that is known."""
    if config.style != 'lazy':
        return
    for name, node in config.imported.items():
        if isinstance(node, ast.ImportFrom):
            if node.level or node.module is None or is_standard_library(node.module):
                continue
            alias = next(each for each in node.names if (each.asname or each.name) == name)
            path = f'{node.module}.{alias.name}'
        elif isinstance(node, ast.Import):
            alias = node.names[0]
            path = alias.name
        else:
            continue
        missing = _missing(context, path)
        if missing is not None:
            yield Absent(alias, name, path, missing)


def _missing(context: Context, path: str) -> Missing | None:
    package = path.partition('.')[0]
    is_local = context.libraries.own.has_package(package)
    installation = context.libraries.installation(context.scope, with_local=is_local)
    found = installation.by_path(path)
    return found if isinstance(found, Missing) else None


def _words(missing: Missing) -> str:
    module, name = missing
    return f'`{module}` has no `{name}`' if name else f'there is no module `{module}`'


@rule(raises='KeyError: is not in the', tells=telling_of(Own))
def unimported_type(context: Context) -> Iterator[Diagnostic]:
    """A component of your own code that is registered in a module which nothing imports.

    MMEngine learns of it only when the module is imported: `KeyError: '… is not in the … registry'`.

    ```py title="bad/config.py"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', neck=dict(type='MyNeck'))
    ```

    ```py title="bad/pyneck.py"
    from mmdet.registry import MODELS


    @MODELS.register_module()
    class MyNeck:
        def __init__(self):
            pass
    ```

    ```py title="good/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['pyneck'])
    model = dict(type='RetinaNet', neck=dict(type='MyNeck'))
    ```

    ```py title="good/pyneck.py"
    from mmdet.registry import MODELS


    @MODELS.register_module()
    class MyNeck:
        def __init__(self):
            pass
    ```
    """
    if context.partial is not None or broken_imports(context):
        return
    found: dict[tuple[str, str], list[tuple[Item, Registered]]] = {}
    for fault in faults(context, Own):
        kind = fault.use.type
        every = _registered(context, fault.resolved.component) if isinstance(kind.value, str) else []
        if every and not any(is_imported(context, each) for each in every):
            file = '' if kind.origin is None else kind.origin.source.path
            found.setdefault((every[0].module, file), []).append((kind, every[0]))
    for (kind, at), *others in found.values():
        message = f'nothing imports `{at.module}`, which registers `{at.name}`{_and(at, others)}'
        raises = f'KeyError: {at.name} is not in the {at.key.partition("@")[2]} registry'
        related = (_place(context, at),)
        advice = _import_it(context, at.module)
        yield context.report(kind, message, at='value', raises=raises, related=related, advice=advice)


def _and(first: Registered, others: list[tuple[Item, Registered]]) -> str:
    """Return what else a file uses of the same module: it is one mistake."""
    names = list(dict.fromkeys(each.name for _, each in others if each.name != first.name))
    return '' if not names else f' and `{names[0]}`' if len(names) == 1 else f' and {len(names)} more'


def _import_it(context: Context, module: str) -> Advice:
    if isinstance(context.value('custom_imports.imports'), (list, tuple)):
        return Advice('add to the `imports` of `custom_imports`', repr(module))
    return Advice('at the top level, write', f'custom_imports = dict(imports=[{module!r}])')


def _registered(context: Context, component: Component) -> list[Registered]:
    """Return where the user's code registers a component under its name, that very one first."""
    from cfglint.catalog.local import Registered

    local = context.libraries.own.code
    key = f'{component.registry}@{component.scope}'
    if local is None:
        return []
    found = [each for each in local.named(component.name) if each.key == key]
    found.sort(key=lambda each: each.path != component.path)
    return [Registered(key, each.name, each.path, each.module, local.files[each.module], each.line) for each in found]


def is_imported(context: Context, at: Registered) -> bool:
    """Tell whether the config, or any module of the user's code, imports the one that registers a component."""
    listed = context.value('custom_imports.imports')
    names = [listed] if isinstance(listed, str) else listed if isinstance(listed, (list, tuple)) else []
    if context.value('custom_imports') is not None and not all(isinstance(name, str) for name in names):
        return True
    written = {str(name).replace('/', '.') for name in names}
    if context.style == 'lazy':
        written.update(
            node.module or ''
            for each in context.lineage
            for node in each.imported.values()
            if isinstance(node, ast.ImportFrom)
        )
    local = context.libraries.own.code
    for name in list(written):  # `src.mylib.heads` of a module that is named from `src`
        parts = name.split('.')
        written |= {end for start in range(1, len(parts)) if local and (end := '.'.join(parts[start:])) in local.files}
    parts = at.module.split('.')
    # Which folders are on `sys.path` is not known: `mylib.heads` may be imported as `src.mylib.heads` and as `heads`.
    names_of_it = {'.'.join(parts[start:]) for start in range(len(parts))}
    imported = written | context.libraries.own.imported_modules
    scope = at.key.partition('@')[2]
    if parts[0] == scope and context.libraries.own.imports_itself(scope):
        imported |= {'.'.join(parts[:2])}
    if names_of_it & imported or _is_program(context, at):
        return True
    # Importing `mylib.heads.point` imports the package `mylib.heads`, and what that imports itself.
    if os.path.basename(at.file) == '__init__.py':
        return any(f'{name}.' in f'{each}.' for name in names_of_it for each in imported)
    packages = {'.'.join(parts[start:end]) for end in range(1, len(parts)) for start in range(end)}
    return not names_of_it.isdisjoint(context.libraries.own.mentioned_modules) and any(
        f'{each}.'.startswith(f'{package}.') for package in packages for each in imported
    )


def _is_program(context: Context, at: Registered) -> bool:
    """Tell whether a module makes a `Runner` itself: it registers what it defines before that."""
    code = context.libraries.own.code
    return code is not None and re.search(rb'Runner(\.from_cfg)?\(', code.data(at.file) or b'') is not None


def _place(context: Context, at: Registered) -> Related:
    try:
        lines = context.read(at.file).text.split('\n')
    except ConfigError:
        return Related(f'registered in {os.path.basename(at.file)}:{at.line}')
    start = sum(len(line) + 1 for line in lines[: at.line - 1])
    return Related('registered here', Span(at.file, start, start + len(lines[at.line - 1])))
