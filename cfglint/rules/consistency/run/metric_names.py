"""Metrics that are watched against metrics that are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.hooks import hooks_of
from cfglint.rules.reading.loop import has_stage
from cfglint.rules.reading.metrics import Keys, results
from cfglint.rules.reading.schedules import schedules
from cfglint.rules.rule import rule
from cfglint.sections.hooks.common import inferable
from cfglint.sections.table import HOOKS, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', raises="'zeros'", fixable=True, reads=(*HOOKS, *STAGES['val']), words=('save_best',))
def unknown_best_metric(context: Context) -> Iterator[Diagnostic]:
    """A `save_best` that the evaluator does not compute.

    The name must be that of a result, with the prefix of its metric: `coco/bbox_mAP`. After the first validation,
    MMEngine raises `KeyError` with the name. What metrics of the libraries compute is known; other classes are judged
    only if they are given a `prefix`.

    ```py title="bad"
    val_evaluator = dict(type='ToyMetric', prefix='toy')
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='zeros', rule='less'))
    ```

    ```py title="good"
    val_evaluator = dict(type='ToyMetric', prefix='toy')
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='toy/zeros', rule='less'))
    ```
    """
    for hook in hooks_of(context, 'CheckpointHook'):
        best = hook.field('save_best')
        if best is None:
            continue
        for item in best.items() if isinstance(best.value, (list, tuple)) else [best]:
            if isinstance(item.value, str) and item.value != 'auto':
                raises = f'KeyError: {item.value!r} after the first validation'
                yield from _unknown(context, item, raises=raises)


@rule(
    scope='entry',
    raises='Excepted key in',
    fixable=True,
    reads=('param_scheduler', 'train_cfg', *STAGES['val']),
    needs=('param_scheduler',),
)
def unknown_plateau_metric(context: Context) -> Iterator[Diagnostic]:
    """A `monitor` of ReduceOnPlateau that the evaluator does not compute.

    The default, `loss`, is no result of a validation. After the first one, MMEngine raises `KeyError: Excepted key
    in …`.

    ```py title="bad"
    val_evaluator = dict(type='ToyMetric', prefix='toy')
    param_scheduler = dict(type='ReduceOnPlateauLR', monitor='loss')
    ```

    ```py title="good"
    val_evaluator = dict(type='ToyMetric', prefix='toy')
    param_scheduler = dict(type='ReduceOnPlateauLR', monitor='toy/zeros', rule='greater')
    ```
    """
    for schedule in schedules(context).known:
        if schedule.kind == 'ReduceOnPlateau':
            item = schedule.item.get('monitor') or schedule.item
            raises = 'KeyError: Excepted key in … after the first validation'
            yield from _unknown(context, item, default='loss', raises=raises)


@rule(
    scope='entry', severity=Severity.WARNING, fixable=True, reads=(*HOOKS, *STAGES['val']), words=('EarlyStoppingHook',)
)
def unknown_stopping_metric(context: Context) -> Iterator[Diagnostic]:
    """A `monitor` of EarlyStoppingHook that the evaluator does not compute: training never stops early.

    MMEngine only warns, after each validation; with `strict=True` it raises `RuntimeError`.

    ```py title="bad"
    val_evaluator = dict(type='ToyMetric', prefix='toy')
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='zeros', rule='less')]
    ```

    ```py title="good"
    val_evaluator = dict(type='ToyMetric', prefix='toy')
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='toy/zeros', rule='less')]
    ```
    """
    for hook in hooks_of(context, 'EarlyStoppingHook'):
        item = hook.field('monitor')
        if item is not None:
            yield from _unknown(context, item, ': training never stops early')


@rule(scope='entry', raises='Cannot infer the rule', reads=(*HOOKS, *STAGES['val']), words=('save_best',))
def best_metric_without_rule(context: Context) -> Iterator[Diagnostic]:
    """`save_best='auto'` without `rule`, where the name of the first metric does not tell what is better.

    MMEngine knows names with parts such as `acc`, `top`, `mAP`, `mIoU` or `loss`. For others, it raises `ValueError:
    Cannot infer the rule for key …` after the first validation.

    ```py title="bad"
    val_evaluator = dict(type='mmpose.PCKAccuracy')
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='auto'))
    ```

    ```py title="good"
    val_evaluator = dict(type='mmpose.PCKAccuracy')
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='auto', rule='greater'))
    ```
    """
    for hook in hooks_of(context, 'CheckpointHook'):
        item = hook.field('save_best')
        if item is None or item.value not in ('auto', ['auto']) or hook.value.get('rule') is not None:
            continue
        known = results(context)
        first = known[0].examples[:1] if known and known[0].names else []
        if not first or 'greater_keys' in hook.value or 'less_keys' in hook.value or inferable(first[0]):
            continue
        message = f'the name of the first metric, `{first[0]}`, does not tell whether more is better'
        raises = f'ValueError: Cannot infer the rule for key {first[0]}'
        advice = Advice("write what is better: `rule='less'`, or", "rule='greater'")
        evaluator = context.section('val_evaluator')
        yield report_between(context, item, (evaluator,), message, raises=raises, advice=advice)


def _unknown(
    context: Context, item: Item, effect: str = '', *, default: str | None = None, raises: str | None = None
) -> Iterator[Diagnostic]:
    known = results(context)
    name = item.value if isinstance(item.value, str) else default
    if not known or name is None or not has_stage(context, 'val') or name.startswith('val_'):
        return
    if any(keys.has(name) for keys in known):
        return
    names = [example for keys in known for example in keys.examples]
    right = _right(name, known) if isinstance(item.value, str) else None
    fix = None if right is None else context.replace_value(item, repr(right), f'Write `{right}`')
    message = f'no metric computes `{name}`{effect}'
    others = (context.section('val_evaluator'),)
    advice = _advice(item, list(dict.fromkeys(names)), right)
    yield report_between(context, item, others, message, raises=raises, advice=advice, fix=fix)


def _advice(item: Item, names: list[str], right: str | None) -> Advice:
    """Return the names that are computed, with the one that is meant most likely."""
    names = [name for name in names if not name.endswith('…')]
    if right is None and not names:
        return Advice('name a result of `val_evaluator`, with the `prefix` of its metric')
    others = [f'`{name}`' for name in names[:6] if name != right]
    text = 'write the name of a result' + (
        f' ({", ".join(others)}{", …" if len(names) > 6 else ""}),' if others else ','
    )
    name = right if right is not None else names[0]
    return Advice(f'{text} such as', repr(name) if isinstance(item.value, str) else f'monitor={name!r}')


def _right(name: str, known: list[Keys]) -> str | None:
    """Return the name that is meant, where only the prefix is missing, or another one is written."""
    last = name.rpartition('/')[2]
    keys = [f'{each.prefix}/{last}' if each.prefix else last for each in known]
    right = [key for each, key in zip(known, keys, strict=True) if each.names is not None and each.has(key)]
    if right:
        return right[0]
    if len(known) == 1:
        import difflib  # few runs have to guess

        if known[0].names is None:
            return keys[0]
        examples = {example.lower(): example for example in reversed(known[0].examples)}
        near = difflib.get_close_matches(name.lower(), list(examples), 1, 0.8)
        return examples[near[0]] if near else None
    return None
