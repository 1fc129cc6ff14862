"""Arguments of the libraries' metrics that have a fixed set of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, evaluators, is_new
from cfglint.rules.reading.types import class_name, type_name
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

Values = tuple[int | str | None, ...]


@rule(raises='metric should be one of', reads=EVALUATORS)
def unsupported_metric_value(context: Context) -> Iterator[Diagnostic]:
    """A name that a metric of the libraries does not compute, such as `mAP` of `CocoMetric`.

    The metric fails with `KeyError: metric should be one of …, but got …` when it is built; `IoUMetric` only after a
    whole evaluation.

    ```py title="bad"
    default_scope = 'mmdet'
    val_evaluator = dict(type='CocoMetric', ann_file='val.json', metric='mAP')
    ```

    ```py title="good"
    default_scope = 'mmdet'
    val_evaluator = dict(type='CocoMetric', ann_file='val.json', metric=['bbox', 'segm'])
    ```
    """
    seen: set[int] = set()
    for evaluator in evaluators(context):
        for item, message, raises, advice in evaluator.find('metric values', _faults):
            if is_new(item, seen):
                metric = item.parent if item.parent is None or 'type' in item.parent.value else item.parent.parent
                kind = None if metric is None else metric.get('type')
                yield report_between(context, item, (kind,), message, at='value', raises=raises, advice=advice)


STRICT: Final = frozenset({
    'CocoMetric', 'CocoOccludedSeparatedMetric', 'CocoVideoMetric', 'CrowdHumanMetric', 'LVISMetric', 'OVCocoMetric',
    'VOCMetric',
})  # fmt: skip
"""Metrics of mmdet that look at `metric` when they are built."""


def _faults(evaluator: Section) -> Iterator[tuple[Item, str, str | None, Advice]]:
    for metric in evaluator.metrics:
        known = class_name(metric.value, evaluator.scope)
        accepted = {} if known is None else data_facts(known.package).choices.get(known.name, {})
        for argument, values in accepted.items():
            for item in _wrong(metric.get(argument), values):
                name = type_name(metric.value['type'])
                message = f'`{name}` does not take `{item.value}` as `{argument}`'
                yield item, message, _raised(name, argument, item.value), _advice(item, values)


def _raised(metric: str | None, argument: str, value: object) -> str | None:
    """Return what a metric raises for a value, None for what the rule declares."""
    if argument == 'metric_items':
        return f'KeyError: metric item "{value}" is not supported'
    return (
        f'KeyError: metric should be one of …, but got {value}' if argument == 'metric' and metric in STRICT else None
    )


def _wrong(item: Item | None, values: Values) -> Iterator[Item]:
    if item is None or item.value is None:
        return
    if isinstance(item.value, (list, tuple)):
        for each in item.items():
            yield from _wrong(each, values)
    elif isinstance(item.value, (str, int)) and item.value not in values:
        yield item


def _advice(item: Item, values: Values) -> Advice:
    import difflib  # few runs have to guess

    near = difflib.get_close_matches(str(item.value), [str(value) for value in values], 1, 0.7)
    meant = next((value for value in values if near and str(value) == near[0]), values[0])
    others = ', '.join(f'`{value}`' for value in values if value != meant)
    return Advice(f'write one of the values that it takes: {others}, or' if others else 'write', repr(meant))
