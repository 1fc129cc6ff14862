"""What is better of a metric, told to MMEngine the wrong way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.hooks import hooks_of
from cfglint.rules.reading.loop import has_stage
from cfglint.rules.reading.metrics import results
from cfglint.rules.reading.schedules import schedules
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


class Watched(NamedTuple):
    """A result that is watched.

    Attributes:
        name: The result.
        item: Where it is named.
        owner: The dict that says what is better.
        rule: What it says: `greater` or `less`; none where MMEngine decides by the name.
        effect: What happens if that is wrong.
    """

    name: str
    item: Item
    owner: Item
    rule: str | None
    effect: str


@rule(
    scope='entry',
    severity=Severity.WARNING,
    reads=('param_scheduler', 'train_cfg', *HOOKS, *STAGES['val']),
    words=('rule', 'ReduceOnPlateauLR'),
)
def reversed_metric_rule(context: Context) -> Iterator[Diagnostic]:
    """A `rule` that takes the worst result of a metric for the best.

    `CheckpointHook` then keeps the worst weights as the best, `EarlyStoppingHook` stops as soon as it gets better, and
    `ReduceOnPlateauLR` lowers the rate when it should not. The last one takes `rule='less'` unless it is told otherwise,
    which fits a loss, and no accuracy. What is better is known for the metrics of the libraries.

    Sources: `mmengine/hooks/checkpoint_hook.py`, `mmengine/hooks/early_stopping_hook.py`,
    `mmengine/optim/scheduler/param_scheduler.py`, `ReduceOnPlateauParamScheduler`.

    ```py title="bad"
    default_scope = 'mmdet'
    val_dataloader = dict(dataset=dict(type='CocoDataset'))
    val_evaluator = dict(type='CocoMetric', metric='bbox')
    val_cfg = dict()
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='coco/bbox_mAP', rule='less'))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    val_dataloader = dict(dataset=dict(type='CocoDataset'))
    val_evaluator = dict(type='CocoMetric', metric='bbox')
    val_cfg = dict()
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='coco/bbox_mAP', rule='greater'))
    ```
    """
    known = results(context)
    for each in _watched(context) if known and has_stage(context, 'val') else ():
        better = {keys.better for keys in known or () if keys.has(each.name)}
        right = next(iter(better)) if len(better) == 1 else None
        if right is None or each.rule is None or each.rule == right:
            continue
        given = each.owner.get('rule')
        message = f'the {right} `{each.name}`, the better, but `rule` is {each.rule!r}' + (
            '' if given else ' by default'
        )
        is_listed = given is not None and isinstance(given.value, (list, tuple))
        advice = Advice(f'else {each.effect}; write', repr(right) if is_listed else f'rule={right!r}')
        yield report_between(context, given or each.item, (each.item,), message, advice=advice)


def _watched(context: Context) -> Iterator[Watched]:
    for hook in hooks_of(context, 'CheckpointHook'):
        best, told = hook.field('save_best'), hook.value.get('rule')
        if best is not None and hook.item is not None:
            names = list(best.items()) if isinstance(best.value, (list, tuple)) else [best]
            rules = told if isinstance(told, (list, tuple)) else [told] * len(names)
            for item, each in zip(names, rules, strict=False):
                if isinstance(item.value, str):
                    yield Watched(item.value, item, hook.item, each, 'the worst weights are kept as the best')
    for hook in hooks_of(context, 'EarlyStoppingHook'):
        monitor = hook.field('monitor')
        if monitor is not None and isinstance(monitor.value, str) and hook.item is not None:
            told = hook.value.get('rule')
            yield Watched(monitor.value, monitor, hook.item, told, 'training stops when it gets better')
    for schedule in schedules(context).known:
        monitor = schedule.item.get('monitor')
        if schedule.kind == 'ReduceOnPlateau' and monitor is not None and isinstance(monitor.value, str):
            told = schedule.item.value.get('rule', 'less')
            yield Watched(monitor.value, monitor, schedule.item, told, 'the rate is lowered when it gets better')
