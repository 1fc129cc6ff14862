"""What MMEngine accepts as `custom_imports`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix
from cfglint.language.evaluation.operators import type_name
from cfglint.language.values import Lazy, Opaque, Table, Unknown
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_UNDECIDED = (Unknown, Opaque, Lazy)


@rule(era='all', fixable=True, reads=('custom_imports',), needs=('custom_imports',))
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
    item = context.section('custom_imports')
    if item is None or context.style == 'lazy' or isinstance(item.value, _UNDECIDED) or not item.value:
        return
    if not isinstance(item.value, Table):
        message = f'`custom_imports` must be a dict, got `{type_name(item.value)}`'
        yield context.report(item, message, at='value', raises='TypeError', advice=_as_dict(item.value))
        return
    for each in item.items():
        if each.name not in ('imports', 'allow_failed_imports'):
            message = f'`custom_imports` has `imports` and `allow_failed_imports`, not `{each.name!s:.40}`'
            raises = f"TypeError: {_FUNCTION} got an unexpected keyword argument '{each.name}'"
            yield context.report(each, message, raises=raises, advice=Advice('remove it'))
    imports = item.get('imports')
    if imports is None:
        raises = f"TypeError: {_FUNCTION} missing 1 required positional argument: 'imports'"
        advice = Advice('name the modules to import, as in', "imports=['my_package.models']")
        yield context.report(item, '`custom_imports` has no `imports`', raises=raises, advice=advice)
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
        message = f'`imports` must be a list of strings, got `{type_name(value)}`'
        names = [each for each in value if isinstance(each, str)] if isinstance(value, (tuple, set)) else []
        advice = Advice('write', repr(names)) if names else Advice('write a list of the names of modules')
        raises = f'TypeError: custom_imports must be a list but got type {type(value)}'
        yield context.report(imports, message, at='value', raises=raises, advice=advice)


def _module(context: Context, item: Item) -> Iterator[Diagnostic]:
    name = item.value
    if isinstance(name, _UNDECIDED):
        return
    if not isinstance(name, str):
        message = f'the name of a module must be a string, got `{type_name(name)}`'
        raises = f'TypeError: {name!r:.60} is of type {type(name)} and cannot be imported.'
        yield context.report(item, message, at='value', raises=raises)
    elif name.startswith('.'):
        message = f'`{name:.60}` is relative: MMEngine imports by the full dotted name'
        advice = Advice('write the name of the package before it')
        yield context.report(item, message, at='value', raises='TypeError', advice=advice)
    elif '/' in name or '\\' in name or name.endswith('.py') or not all(part.strip() for part in name.split('.')):
        dotted = name.removesuffix('.py').replace('\\', '/').strip('/').replace('/', '.').lstrip('.')
        message = f'`{name:.80}` is a path, not the name of a module'
        raises = f'ImportError: Failed to import custom modules from {[name]}'
        advice = Advice('write', repr(dotted))
        fix = _fix(context, item, name, dotted)
        yield context.report(item, message, at='value', raises=raises, advice=advice, fix=fix)


_FUNCTION = 'import_modules_from_strings()'


def _as_dict(value: object) -> Advice:
    """Return how to write modules that stand there without a dict."""
    names = [value] if isinstance(value, str) else value if isinstance(value, (list, tuple)) else []
    if names and all(isinstance(each, str) for each in names):
        return Advice('write', f'dict(imports={list(names)!r})')
    return Advice('name the modules to import, as in', "dict(imports=['my_package.models'])")


def _fix(context: Context, item: Item, name: str, dotted: str) -> Fix | None:
    text, span = context.source_text(item), context.value_span(item)
    if span is None or text not in (f"'{name}'", f'"{name}"'):
        return None
    return Fix(f'Write `{dotted}`', (Edit(span, f'{text[0]}{dotted}{text[0]}'),), Applicability.UNSAFE, (item.key,))
