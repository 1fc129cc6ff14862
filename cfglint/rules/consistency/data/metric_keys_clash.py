"""Metrics of one evaluator that give their results the same names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.language.encoding import encode
from cfglint.language.values import is_known
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import EVALUATORS, Section, evaluators, is_new
from cfglint.rules.reading.metrics import keys_of
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

UNNAMED: Final = frozenset({'ann_file', 'collect_device', 'collect_dir', 'outfile_prefix', 'backend_args'})
"""Arguments that no metric makes part of the names of its results."""


@rule(scope='entry', raises='multiple evaluation results with the same metric name', reads=(*LOADERS, *EVALUATORS))
def metric_keys_clash(context: Context) -> Iterator[Diagnostic]:
    """Two metrics of the same class and `prefix` in one evaluator.

    The results have the same names, and MMEngine fails at the end of the first evaluation with
    `ValueError: There are multiple evaluation results with the same metric name`. Give each a `prefix`.

    ```py title="bad"
    val_evaluator = [dict(type='ToyMetric'), dict(type='ToyMetric')]
    ```

    ```py title="good"
    val_evaluator = [dict(type='ToyMetric', prefix='one'), dict(type='ToyMetric', prefix='two')]
    ```
    """
    seen: set[int] = set()
    for evaluator in evaluators(context):
        if isinstance(context.value(EVALUATORS[evaluator.item.key]), list):
            continue  # each dataloader has its own metric
        for metric, first in evaluator.find('metric keys', _clashes):
            if is_new(metric, seen):
                said = 'ValueError: There are multiple evaluation results with the same metric name'
                message = f'the results of this metric have the same names as those of `{first.key}`'
                advice = Advice('give them a prefix, such as', f"prefix='{type_name(metric.value['type'])}2'")
                yield report_between(context, metric, (first,), message, raises=said, advice=advice)


def _names(metric: Item, scope: str) -> str:
    """Return what the names of a metric's results depend on: their first one, or else its arguments."""
    keys = keys_of(metric.value, scope)
    if keys is not None and keys.names:
        return f'{keys.prefix}/{keys.names[0]}'
    return json.dumps({key: encode(value) for key, value in metric.value.items() if key not in UNNAMED}, default=str)


def _clashes(evaluator: Section) -> Iterator[tuple[Item, Item]]:
    given = evaluator.metrics
    kind = evaluator.item.type_name
    if len(given) < 2 or kind not in (None, 'Evaluator'):
        return  # evaluators of the libraries take a metric for each of several datasets
    known: dict[str, Item] = {}
    for metric in given:
        if is_known(metric.value) and metric.type_name not in (None, 'DumpResults'):
            first = known.setdefault(_names(metric, evaluator.scope), metric)
            if first is not metric:
                yield metric, first
