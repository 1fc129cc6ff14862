"""The k best of fewer than k classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.loaders import Section, evaluators, is_new
from cfglint.rules.reading.parts import derives, each_of, facts_of, holding
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.model_facts import TopK
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

WORDS: Final = frozenset({'num_classes'})
MAX_DEFAULT: Final = 5
LOSSES: Final = frozenset({'loss', '_get_loss', 'loss_by_feat'})
"""What is not told asks for at most as many."""


@rule(scope='entry', reads=('model', *EVALUATORS), words=('num_classes',))
def topk_beyond_classes(context: Context) -> Iterator[Diagnostic]:
    """A metric or a head that asks for the k best of fewer than k classes.

    With four classes there is no "top 5". mmpretrain's `Accuracy` stops at the first validation, after a whole epoch.
    The RoI head of mmaction2 for AVA, which counts the third and the fifth by default, stops when it is built; its
    `AccMetric` takes all classes there are, so that the result is always 1.

    Sources: `mmpretrain/evaluation/metrics/single_label.py`, `mmpretrain/models/heads/cls_head.py`,
    `mmaction/models/roi_heads/bbox_heads/bbox_head.py`.

    ```py title="bad"
    default_scope = 'mmpretrain'
    model = dict(type='ImageClassifier', head=dict(type='LinearClsHead', in_channels=512, num_classes=4))
    val_dataloader = dict(dataset=dict(type='CustomDataset'))
    val_evaluator = dict(type='Accuracy', topk=(1, 5))
    val_cfg = dict()
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    model = dict(type='ImageClassifier', head=dict(type='LinearClsHead', in_channels=512, num_classes=4))
    val_dataloader = dict(dataset=dict(type='CustomDataset'))
    val_evaluator = dict(type='Accuracy', topk=(1, ))
    val_cfg = dict()
    ```
    """
    model = context.section('model')
    if model is None or not isinstance(model.value, dict):
        return
    for head in holding(context, model, WORDS, _may_ask):
        for top in facts_of(context, head).top_k_heads:
            if derives(context, head, top.bases, LOSSES) and (not top.when or head.value.get(top.when) is True):
                yield from _judge(context, head, top, head.get('num_classes'))
    yield from _of_metrics(context, model)


def _may_ask(head: dict[Any, Any]) -> bool:
    classes = head['num_classes']
    return is_int(classes) and ('topk' in head or classes <= MAX_DEFAULT)


def _of_metrics(context: Context, model: Item) -> Iterator[Diagnostic]:
    counts = [each.get('num_classes') for name in ('head', 'cls_head') for each in each_of(model.get(name))]
    if len(counts) != 1 or counts[0] is None or not is_int(counts[0].value):
        return
    seen: set[int] = set()
    for evaluator in evaluators(context):
        for metric in _asking(evaluator):
            top = facts_of(context, metric).top_k_metrics.get(str(metric.value['type']).rpartition('.')[2])
            if top is not None and _is_computed(metric, top) and is_new(metric, seen):
                yield from _judge(context, metric, top, counts[0])


def _is_computed(metric: Item, top: TopK) -> bool:
    """Tell whether a metric that computes what a list names computes this."""
    named = metric.value.get(top.listed) if top.listed else None
    return named is None or top.argument.split('.')[-2] in (named if isinstance(named, (list, tuple)) else (named,))


def _asking(evaluator: Section) -> list[Item]:
    return [metric for metric in evaluator.metrics if isinstance(metric.value.get('type'), str)]


def _judge(context: Context, owner: Item, top: TopK, count: Item | None) -> Iterator[Diagnostic]:
    item = item_below(owner, top.argument)
    given = _numbers(top.default if item is None else item.value)
    if count is None or not given:
        return
    limit = count.value - 1 if top.below else count.value
    beyond = max(given)
    if beyond <= limit or (not top.error and count.value == 1):
        return
    kept = tuple(each for each in given if each <= limit)
    who = f'`{owner.key}.{top.argument}` asks' if item is not None else f'by default, `{owner.key}` asks'
    message = f'{who} for the {beyond} best classes, but there are only {count.value}'
    first, *names = top.argument.split('.')
    code = f'{kept!r}'
    for name in reversed(names):
        code = f'dict({name}={code})'
    advice, key = Advice(f'in `{owner.key}`, ask for fewer:', f'{first}={code}'), f'{owner.key}.{top.argument}'
    parts: dict[str, Any] = {'severity': Severity.WARNING}
    if top.error:
        parts = {'raises': top.error.format(k=beyond, count=count.value)}
    yield report_between(context, item or owner, (count,), message, key=key, advice=advice, **parts)


def _numbers(value: Any) -> tuple[int, ...]:
    values = (value,) if is_int(value) else value
    return tuple(values) if isinstance(values, (list, tuple)) and all(map(is_int, values)) else ()
