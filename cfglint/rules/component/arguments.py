"""Arguments that a component does not take, or does not get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cfglint.catalog.suggest import nearest_arguments, renamed_argument
from cfglint.diagnostics import Diagnostic
from cfglint.language.values import Lazy, Table
from cfglint.rules.component.faults import Refused, lacking, refused
from cfglint.rules.components import Use, resolve
from cfglint.rules.context import replaced_type
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.catalog import Signature
    from cfglint.rules.context import Context


@rule(raises='got an unexpected keyword argument')
def unknown_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument that the class does not take.

    MMEngine passes all keys of the dict to the constructor: `TypeError: got an unexpected keyword argument`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', neck=dict(type='FPN', start_level=1, extra_blocks=2))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', neck=dict(type='FPN', start_level=1, add_extra_convs='on_input'))
    ```
    """
    for fault in refused(context):
        if replaced_type(fault.item) is None and _near(fault) is None:
            wrapped = _inner_taker(context, fault)
            hint = f'it belongs to `{wrapped}`' if wrapped is not None else _takes(fault.resolved.signature)
            yield context.report(fault.item, f'{_words(fault)}; {hint}')


@rule(raises='got an unexpected keyword argument', fixable=True)
def misspelt_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument that the class does not take, but nearly.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_clases=3, in_channels=256))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=3, in_channels=256))
    ```
    """
    for fault in refused(context):
        near = _near(fault)
        if near is not None and replaced_type(fault.item) is None:
            fix = context.replace_key(fault.item, near, f'Rename to `{near}`')
            yield context.report(fault.item, f'{_words(fault)}; did you mean `{near}`?', fix=fix)


@rule(raises='got an unexpected keyword argument')
def argument_of_replaced_type(context: Context) -> Iterator[Diagnostic]:
    """The `type` was changed in a child, and an argument of the base's type is left over.

    MMEngine merges dicts key by key. A child that only sets another `type` keeps all other keys of the base, and the new
    class fails on them: `TypeError: got an unexpected keyword argument`.

    ```py title="bad/base.py"
    default_scope = 'mmdet'
    model = dict(backbone=dict(type='ResNet', depth=50))
    ```

    ```py title="bad/config.py"
    _base_ = 'base.py'
    model = dict(backbone=dict(type='SwinTransformer'))
    ```

    ```py title="good/base.py"
    default_scope = 'mmdet'
    model = dict(backbone=dict(type='ResNet', depth=50))
    ```

    ```py title="good/config.py"
    _base_ = 'base.py'
    model = dict(backbone=dict(_delete_=True, type='SwinTransformer'))
    ```
    """
    for fault in refused(context):
        old = replaced_type(fault.item)
        if old is not None:
            yield context.report_leftover(fault.item, _words(fault), old)


@rule(raises='missing 1 required positional argument')
def missing_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument without which the class cannot be built.

    MMEngine fails with `TypeError: missing 1 required positional argument`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(backbone=dict(type='ResNet', num_stages=4))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(backbone=dict(type='ResNet', depth=50))
    ```
    """
    if not context.is_entry or context.config.partial is not None:
        return
    for fault in lacking(context):
        message = (
            f'`{fault.resolved.component.name}` needs `{fault.name}` (MMEngine: `TypeError: missing 1 required positional '
            f"argument: '{fault.name}'`)"
        )
        yield context.report(fault.use.type, message, at='value')


def _words(fault: Refused) -> str:
    component = fault.resolved.component
    release = f' of {component.library} {component.release}' if component.library else ''
    return (
        f'`{component.name}`{release} does not take `{fault.item.name}` '
        '(MMEngine: `TypeError: got an unexpected keyword argument`)'
    )


def _takes(signature: Signature) -> str:
    names = list(signature.parameters)
    shown = ', '.join(f'`{name}`' for name in names[:12])
    return f'it takes {shown}{" and more" if len(names) > 12 else ""}' if names else 'it takes no arguments'


def _near(fault: Refused) -> str | None:
    """Return the argument that was meant: the new name of an old one, or the nearest that is not given already."""
    renamed = renamed_argument(fault.resolved.component, fault.item.name)
    near = [renamed] if renamed is not None else nearest_arguments(fault.resolved.signature, fault.item.name)
    return next((name for name in near if name not in fault.use.item.value), None)


def _inner_taker(context: Context, fault: Refused) -> str | None:
    """Return the key of a component one level down that takes the argument: wrappers hide what they wrap."""
    for child in fault.use.item.items():
        kind = child.get('type') if isinstance(child.value, Table) else None
        if kind is None or not isinstance(kind.value, (str, Lazy)):
            continue
        inner = resolve(context, Use(child, kind, None, fault.use.scope, child.name))
        if inner is not None and inner.signature.accepts(fault.item.name):
            return child.key
    return None
