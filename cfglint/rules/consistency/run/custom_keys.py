"""Keys of `custom_keys` that take parameters away from other settings of `paramwise_cfg`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.rules.cause import report_between
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

STOCK: Final = 'DefaultOptimWrapperConstructor'
DECAYS: Final = ('norm_decay_mult', 'bias_decay_mult')
EVERYWHERE: Final = frozenset({'norm', 'bn', 'ln', 'gn', 'bias', 'weight', '.bias', '.weight', '.norm', '.bn', '.ln'})
"""Names of parameters that nearly any part of a model has."""


@rule(scope='entry', severity=Severity.INFO, reads=('optim_wrapper', 'model'), words=('custom_keys',))
def decay_mult_lost(context: Context) -> Iterator[Diagnostic]:
    """A `norm_decay_mult` or `bias_decay_mult` that does not reach what `custom_keys` match.

    MMEngine's constructor applies them only to parameters that match none of the `custom_keys`. An entry for a part of the
    model, such as `backbone`, takes all norm layers and biases of that part: without a `decay_mult` of its own, they decay
    with the rest. Write `decay_mult=1.0` there if that is meant.

    Source: `mmengine/optim/optimizer/default_constructor.py`, `add_params`, `if not is_custom`.

    ```py title="bad"
    model = dict(type='ToyModel', backbone=dict(type='ToyBackbone'))
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.0002, weight_decay=0.02),
        paramwise_cfg=dict(norm_decay_mult=0.0, custom_keys={'backbone': dict(lr_mult=0.2)}))
    ```

    ```py title="good"
    model = dict(type='ToyModel', backbone=dict(type='ToyBackbone'))
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.0002, weight_decay=0.02),
        paramwise_cfg=dict(
            norm_decay_mult=0.0,
            custom_keys={'backbone': dict(lr_mult=0.2, decay_mult=1.0), 'backbone.norm': dict(lr_mult=0.2, decay_mult=0.0)}))
    ```
    """
    keys = _custom_keys(context)
    if keys is None or keys.parent is None or not _decays(context):
        return
    lost = [each for name in DECAYS if (each := keys.parent.get(name)) is not None]
    lost = [each for each in lost if is_number(each.value) and each.value != 1]
    for entry in keys.items() if lost else ():
        if _is_part(context, entry.name) and isinstance(entry.value, dict) and 'decay_mult' not in entry.value:
            names = ' and '.join(f'`{each.name}`' for each in lost)
            verb = 'do' if len(lost) > 1 else 'does'
            message = f'{names} {verb} not reach `{entry.name}`, which an entry of `custom_keys` takes'
            options = ', '.join(f'{key}={value!r}' for key, value in entry.value.items() if is_number(value))
            code = f'custom_keys={{{entry.name!r}: dict({options}{", " if options else ""}decay_mult=1.0)}}'
            advice = Advice('list its norm layers as keys of their own, or say that the decay is meant:', code)
            yield report_between(context, lost[0], (*lost[1:], entry), message, advice=advice)
            return


@rule(scope='entry', severity=Severity.INFO, reads=('optim_wrapper', 'model'), words=('custom_keys',))
def shadowed_custom_key(context: Context) -> Iterator[Diagnostic]:
    """An entry of `custom_keys` that a longer key takes parameters from.

    Only the longest key that is part of a parameter's name counts, and nothing of the shorter ones is added to it. With
    `backbone` and `norm`, the norm layers of the backbone get what `backbone` says; with `backbone` and `backbone.norm`,
    those get what `backbone.norm` says and no `lr_mult` of `backbone`.

    Source: `mmengine/optim/optimizer/default_constructor.py`, `sorted(…, key=len, reverse=True)` and `break`.

    ```py title="bad"
    model = dict(type='ToyModel', backbone=dict(type='ToyBackbone'))
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.0002, weight_decay=0.02),
        paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.1), 'norm': dict(decay_mult=0.0)}))
    ```

    ```py title="good"
    model = dict(type='ToyModel', backbone=dict(type='ToyBackbone'))
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.0002, weight_decay=0.02),
        paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.1, decay_mult=1.0), 'norm': dict(decay_mult=0.0)}))
    ```
    """
    keys = _custom_keys(context)
    if keys is None:
        return
    entries = [each for each in keys.items() if isinstance(each.value, dict)]
    for short in entries:
        for name in ('lr_mult', 'decay_mult'):
            value = short.value.get(name)
            if not is_number(value) or value == 1 or (name == 'decay_mult' and not _decays(context)):
                continue
            taken = next((long for long in entries if _takes(context, long, short) and name not in long.value), None)
            if taken is not None:
                message = f'`{name}` of `{short.name}` does not reach what the longer key `{taken.name}` matches'
                yield report_between(context, short, (taken,), message, advice=_join(taken, short))
                break


def _join(long: Item, short: Item) -> Advice:
    name = long.name if short.name in long.name else f'{long.name}.{short.name.lstrip(".")}'
    options = {**short.value, **long.value} if name == long.name else {**long.value, **short.value}
    given = ', '.join(f'{key}={value!r}' for key, value in options.items() if is_number(value))
    return Advice(
        'write all options in a key that is longer still' if name != long.name else 'write all options there',
        f'{{{name!r}: dict({given})}}',
    )


def _takes(context: Context, long: Item, short: Item) -> bool:
    """Tell whether a longer key surely takes parameters that a shorter one would match."""
    if len(long.name) <= len(short.name):
        return False
    if short.name in long.name:
        return _is_part(context, short.name)
    return short.name in EVERYWHERE and _is_part(context, long.name)


def _is_part(context: Context, key: str) -> bool:
    """Tell whether a key names a part of the model, whole (`backbone`, `head` of a `decode_head`) or some of it."""
    model: Any = context.value('model')
    if not isinstance(model, dict) or not isinstance(key, str):
        return False
    parts = [name for name, value in model.items() if isinstance(name, str) and isinstance(value, (dict, list))]
    return key.partition('.')[0] in parts or any(key in f'{name}.' for name in parts if _is_built(model[name]))


def _is_built(part: Any) -> bool:
    return 'type' in part if isinstance(part, dict) else any(isinstance(each, dict) and 'type' in each for each in part)


def _custom_keys(context: Context) -> Item | None:
    if context.value('optim_wrapper.constructor', STOCK) not in (STOCK, f'mmengine.{STOCK}'):
        return None
    found = context.find('optim_wrapper.paramwise_cfg.custom_keys')
    return found if found is not None and isinstance(found.value, dict) else None


def _decays(context: Context) -> bool:
    decay = context.value('optim_wrapper.optimizer.weight_decay')
    return is_number(decay) and decay > 0
