"""Names that changed while the 1.x libraries were made."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, Any

from cfglint.catalog import libraries
from cfglint.catalog.library_index import constructors, last_before, modules, taken_over
from cfglint.catalog.versions import version_key
from cfglint.diagnostics import Advice, Applicability, Diagnostic, Fix, Severity
from cfglint.rules.component.missing_module import is_absent
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(era='1.x', severity=Severity.WARNING, reads=('default_scope',), needs=('default_scope',))
def renamed_scope(context: Context) -> Iterable[Diagnostic]:
    """A library that another one took over.

    MMClassification and MMSelfSup are MMPretrain now, MMEditing and MMGeneration are MMagic, MMTracking is part of
    MMDetection. Only their last, abandoned releases know the old scope: where one of them is checked against, this is
    advice (`info`).

    ```py title="bad"
    default_scope = 'mmcls'
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    ```
    """
    item = context.find('default_scope')
    new = taken_over().get(item.value) if item is not None and isinstance(item.value, str) else None
    if item is not None and new is not None:
        message = f'`{item.value}` was taken over by `{new}`; write `default_scope = {new!r}` to use current releases'
        severity = Severity.INFO if _is_meant(context, item.value) else None
        yield context.report(item, message, at='value', severity=severity)


def _is_meant(context: Context, old: str) -> bool:
    """Tell whether configs are checked against a 1.x release of a library that another took over, or of its time."""
    targets = context.libraries.targets
    own = targets.known(old)
    if own is not None:
        return libraries.era(own.library, own.release) == 1
    partners = ((targets.known(name), last) for name, last in last_before().get(old, {}).items())
    return any(each is not None and version_key(each.release) <= version_key(last) for each, last in partners)


@rule(era='1.x', fixable=True, reads=('optim_wrapper',), words=('constructor',))
def renamed_optimizer_constructor(context: Context) -> Iterable[Diagnostic]:
    """A constructor of optimizers that 1.x renamed.

    What made optimizers makes optimizer wrappers now, and is called so; building the old name fails. The documentation
    spells some of the names wrong, too.

    ```py title="bad"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02), constructor='DefaultOptimizerConstructor')
    ```

    ```py title="good"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02), constructor='DefaultOptimWrapperConstructor')
    ```
    """
    item = context.find('optim_wrapper.constructor')
    new = constructors().get(item.value) if item is not None and isinstance(item.value, str) else None
    if (
        item is not None
        and new is not None
        and not (new.startswith('Multi') and context.value('default_scope') == 'mmgen')
    ):
        message = f'no registry of 1.x has `{item.value}`; write `constructor={new!r}`'
        yield context.report(item, message, at='value', fix=_replace_string(context, item, new))


@rule(era='all', severity=Severity.WARNING, fixable=True, reads=('custom_imports',), needs=('custom_imports',))
def renamed_module(context: Context) -> Iterable[Diagnostic]:
    """`custom_imports` names a module of 0.x.

    What `mmcv.runner` and `mmcv.utils` held is in MMEngine now, which needs no import; `mmcls` and others are packages
    that another one took over. The import fails, or imports an old package beside the new one; this is advice (`info`)
    where configs are checked against releases of the old one's time.

    ```py title="bad"
    custom_imports = dict(imports=['mmcls.models'], allow_failed_imports=False)
    ```

    ```py title="good"
    custom_imports = dict(imports=['mmpretrain.models'], allow_failed_imports=False)
    ```
    """
    item = context.find('custom_imports.imports')
    if item is None:
        return
    moved = modules()
    for name in _strings(item):
        old = next((old for old in moved if name.value == old or name.value.startswith(f'{old}.')), None)
        if old is not None and old != context.value('default_scope'):
            yield from _renamed(context, name, old, moved[old])


def _renamed(context: Context, name: Item, old: str, new: str) -> Iterator[Diagnostic]:
    """Yield what is to be said of one module; an error where the old one is not there either."""
    is_fatal = is_absent(context, name.value) and context.value('custom_imports.allow_failed_imports') is not True
    severity = Severity.ERROR if is_fatal else None
    raises = f'ImportError: Failed to import custom modules from {[name.value]}' if is_fatal else None
    report = partial(context.report, name, at='value', severity=severity, raises=raises)
    if old.startswith('mmcv.'):
        yield report(f'`{name.value}` is gone from MMCV 2; what it held is in `{new}`')
        return
    module = f'{new}{name.value[len(old) :]}'
    is_there = not is_absent(context, module)
    instead = f'; write `{module}`' if is_there else f', which has no `{module[len(new) + 1 :]}`'
    message = f'`{old}` was taken over by `{new}`{instead}'
    if _is_meant(context, old):
        if not is_fatal:
            yield context.report(name, message, at='value', severity=Severity.INFO)
    elif is_there:
        fix = context.once(f'renamed {old}', lambda: (_rename_library(context, old, new),))[0]
        yield report(message, fix=fix)
    else:
        yield report(message, advice=Advice('import the module of it that has what is used'))


def _rename_library(context: Context, old: str, new: str) -> Fix | None:
    """Make a fix that renames a library wherever the config names it: its modules, its types, its scope."""
    message = f'Write `{new}` instead of `{old}`'
    by_hand = Fix(message, (), Applicability.DISPLAY)  # for all configs that share the import
    if old in context.config.imported or any(f'{old}::' in each.source.text for each in context.lineage):
        return by_hand
    parts = []
    for item in context.root.walk():
        value = item.value
        if isinstance(value, str) and (value.startswith(f'{old}.') or (value == old and _names_a_library(item))):
            part = _replace_string(context, item, f'{new}{value[len(old) :]}')
            if part is None:
                return by_hand
            parts.append(part._replace(message=message))
    return parts[0].joined(*parts[1:]) if parts else None


def _names_a_library(item: Item) -> bool:
    return item.name in ('_scope_', 'scope') or item.key.startswith('custom_imports.imports')


def _strings(item: Item) -> Iterator[Item]:
    if isinstance(item.value, str):
        yield item
    elif isinstance(item.value, (list, tuple)):
        yield from (name for name in item.items() if isinstance(name.value, str))


def _replace_string(context: Context, item: Item, new: Any) -> Fix | None:
    if item.origin is None or not isinstance(item.origin.value, ast.Constant):
        return None
    old = context.source_text(item)
    if not old or old[0] not in '\'"' or old[:3] in ("'''", '"""'):
        return None
    anywhere = not item.name.isdigit()
    return context.replace_value(item, f'{old[0]}{new}{old[0]}', f'Write `{new}`', anywhere=anywhere)
