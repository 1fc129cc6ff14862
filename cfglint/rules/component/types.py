"""Types that no registry knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cfglint.catalog import suggest
from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.component.faults import unresolved
from cfglint.rules.components import Use, installation_of, scope_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.catalog import Installation
    from cfglint.rules.context import Context


@rule(raises='is not in the', fixable=True)
def unknown_type(context: Context) -> Iterator[Diagnostic]:
    """A `type` that no registry has: misspelt, of another library, or of a module that nothing imports.

    MMEngine fails with `KeyError: '… is not in the mmdet::model registry'` when it builds the component.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='PackDetInput')]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='PackDetInputs')]))
    ```
    """
    if _has_no_scope(context):
        return
    for use in _unresolved(context):
        yield from _unknown(context, use, str(use.type.value))


def _unresolved(context: Context) -> list[Use]:
    """Return the uses whose `type` is a name that no registry has."""
    return [fault.use for fault in unresolved(context) if isinstance(fault.use.type.value, str)]


def _unknown(context: Context, use: Use, name: str) -> Iterator[Diagnostic]:
    installation = installation_of(context)
    where = _where(use)
    others = suggest.elsewhere(installation, name, use.registry) if '.' not in name and name[:1].isupper() else []
    if others:
        written = suggest.qualified(others[0])
        owners = ', '.join(component.scope for component in others)
        message = f"`{name}` is {owners}'s: write `{written}` (MMEngine: `KeyError: {name} is not in the {where} registry`)"
        fix = context.replace_value(use.type, repr(written), f'Write `{written}`') if len(others) == 1 else None
        yield context.report(use.type, message, at='value', fix=fix)
        return
    became = suggest.successor(name, use.scope)
    if became is not None and became.to:
        message = f'`{name}` was removed: it became `{became.to}` (MMEngine: `KeyError: {name} is not in the {where} registry`)'
        yield context.report(use.type, message, at='value')
        return
    near = _nearest(name, use, installation)
    if near is None and (use.registry is None or '.' in name or _may_be_the_users(context)):
        return
    hint = f'did you mean `{near}`?' if near is not None else 'if it is your own, name its module in `custom_imports`'
    message = f'`{name}` is not in the {where} registry (MMEngine: `KeyError`); {hint}'
    fix = None if near is None else context.replace_value(use.type, repr(near), f'Write `{near}`')
    severity = Severity.ERROR if near is not None else Severity.WARNING
    yield context.report(use.type, message, at='value', severity=severity, fix=fix)


def _where(use: Use) -> str:
    return f'{use.scope}::{(use.registry or "component").rstrip("S").lower().replace("_", " ")}'


def _nearest(name: str, use: Use, installation: Installation) -> str | None:
    """Return the registered name that was most likely meant: names of classes only, the others are often no types."""
    if not name.rpartition('.')[2][:1].isupper():
        return None
    near = suggest.nearest_types(installation, name, use.registry, use.scope, 1)
    return near[0] if near else None


def _may_be_the_users(context: Context) -> bool:
    """Tell whether the config imports modules of its own, which may register anything."""
    return bool(context.value('custom_imports'))


@rule(raises='is not in the mmengine::model registry')
def missing_default_scope(context: Context) -> Iterator[Diagnostic]:
    """No `default_scope`, though the config names components of a library without its prefix.

    MMEngine then looks in its own registries only: `KeyError: 'RetinaNet is not in the mmengine::model registry'`.

    ```py title="bad"
    model = dict(type='RetinaNet')
    train_dataloader = dict(dataset=dict(type='CocoDataset'))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet')
    train_dataloader = dict(dataset=dict(type='CocoDataset'))
    ```
    """
    if not _has_no_scope(context) or context.config.partial is not None or not context.is_entry:
        return
    for use in _unresolved(context):
        name = str(use.type.value)
        if '.' in name or use.scope != 'mmengine':
            continue
        scope = _scope_of_most(context)
        if scope is None:
            return
        message = (
            f'no `default_scope`: MMEngine looks `{name}` up in its own registries only (`KeyError: {name} is not in the '
            f"mmengine::model registry`); write `default_scope = '{scope}'`, or `{scope}.{name}`"
        )
        yield context.report_at(context.value_span(use.type), message, key='default_scope')
        return


def _has_no_scope(context: Context) -> bool:
    return scope_of(context) == 'mmengine'


def _scope_of_most(context: Context) -> str | None:
    """Return the library that has most of the types that MMEngine itself has not."""
    installation = installation_of(context)
    names = {str(use.type.value): use.registry for use in _unresolved(context)}
    scopes = [
        component.scope
        for name, registry in names.items()
        for component in suggest.elsewhere(installation, name, registry)
    ]
    return max(sorted(set(scopes)), key=scopes.count, default=None)


@rule(raises='Failed to import')
def missing_import(context: Context) -> Iterator[Diagnostic]:
    """A class that a pure-Python config imports, but which the library's release does not have there.

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
    for fault in unresolved(context):
        if fault.absent is not None:
            module, name = fault.absent
            what = f'`{name}` in `{module}`' if name else f'module `{module}`'
            message = f'`{fault.use.type.value.name}` does not exist: there is no {what} (MMEngine: `ImportError: Failed to import`)'
            yield context.report(fault.use.type, message, at='value')
