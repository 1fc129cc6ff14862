"""What MMEngine accepts as `custom_imports`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability, Diagnostic, Edit, Fix
from cfglint.language.operators import type_name
from cfglint.language.values import Lazy, Opaque, Table, Unknown
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context, Item

_UNDECIDED = (Unknown, Opaque, Lazy)


@rule(era='all', fixable=True)
def invalid_custom_imports(context: Context) -> Iterator[Diagnostic]:
    """`custom_imports` in a form that MMEngine cannot import.

    It calls `import_modules_from_strings(imports=…, allow_failed_imports=…)`: `imports` is a string or a list of
    strings, each the dotted name of a module that Python can import, never a path.

    ```py title="bad"
    custom_imports = dict(imports=['plugins/tinynet'])
    ```

    ```py title="good"
    custom_imports = dict(imports=['plugins.tinynet'])
    ```
    """
    item = context.root.get('custom_imports')
    if item is None or context.style == 'lazy' or isinstance(item.value, _UNDECIDED) or not item.value:
        return
    if not isinstance(item.value, Table):
        message = f'`custom_imports` has to be a dict, not `{type_name(item.value)}` (MMEngine: `TypeError`)'
        yield context.report(item, message, at='value')
        return
    for each in item.items():
        if each.name not in ('imports', 'allow_failed_imports'):
            message = (
                f'`custom_imports` has `imports` and `allow_failed_imports`, not `{each.name}` (MMEngine: `TypeError`)'
            )
            yield context.report(each, message)
    imports = item.get('imports')
    if imports is None:
        yield context.report(
            item, '`custom_imports` has no `imports` (MMEngine: `TypeError: missing 1 required argument`)'
        )
    else:
        yield from _imports(context, imports)


def _imports(context: Context, imports: Item) -> Iterator[Diagnostic]:
    value = imports.value
    if isinstance(value, _UNDECIDED) or not value:
        return
    if isinstance(value, str):
        yield from _module(context, imports)
    elif isinstance(value, list):
        for each in imports.items():
            yield from _module(context, each)
    else:
        message = (
            f'`imports` has to be a list of strings, not `{type_name(value)}` '
            '(MMEngine: `custom_imports must be a list`)'
        )
        yield context.report(imports, message, at='value')


def _module(context: Context, item: Item) -> Iterator[Diagnostic]:
    name = item.value
    if isinstance(name, _UNDECIDED):
        return
    if not isinstance(name, str):
        message = f'the name of a module has to be a string, not `{type_name(name)}` (MMEngine: `TypeError`)'
        yield context.report(item, message, at='value')
    elif name.startswith('.'):
        message = f'`{name}` is relative: MMEngine imports by the full dotted name (`TypeError` of `import_module`)'
        yield context.report(item, message, at='value')
    elif '/' in name or '\\' in name or name.endswith('.py') or not all(part.strip() for part in name.split('.')):
        dotted = name.removesuffix('.py').replace('\\', '/').strip('/').replace('/', '.').lstrip('.')
        message = f'`{name}` is a path, not a module; write `{dotted}` (MMEngine: `Failed to import custom modules`)'
        yield context.report(item, message, at='value', fix=_fix(context, item, name, dotted))


def _fix(context: Context, item: Item, name: str, dotted: str) -> Fix | None:
    text, span = context.source_text(item), context.value_span(item)
    if span is None or text not in (f"'{name}'", f'"{name}"'):
        return None
    return Fix(f'Write `{dotted}`', (Edit(span, f'{text[0]}{dotted}{text[0]}'),), Applicability.UNSAFE, (item.key,))
