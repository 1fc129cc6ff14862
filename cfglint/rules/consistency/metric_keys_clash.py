"""Metrics of one evaluator that give their results the same names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Diagnostic
from cfglint.report.values import encode
from cfglint.rules.context import type_name
from cfglint.rules.facts.data import EVALUATORS, is_known, is_new, metrics
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.rules.context import Context, Item

UNNAMED: Final = frozenset({'ann_file', 'collect_device', 'collect_dir', 'outfile_prefix', 'backend_args'})
"""Arguments that no metric makes part of the names of its results."""


@rule(scope='entry', raises='multiple evaluation results with the same metric name')
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
    for evaluator in EVALUATORS:
        if _is_for_several(context, evaluator):
            continue
        known: dict[str, Item] = {}
        for metric in metrics(context, evaluator):
            if not is_known(metric.value) or type_name(metric.value.get('type')) in (None, 'DumpResults'):
                continue
            names = json.dumps({key: encode(value) for key, value in metric.value.items() if key not in UNNAMED}, default=str)
            first = known.setdefault(names, metric)
            if first is not metric and is_new(metric, seen):
                said = 'ValueError: There are multiple evaluation results with the same metric name'
                message = f'gives its results the same names as `{first.key}`; MMEngine raises `{said}`: set `prefix`'
                yield context.report(metric, message, related=(context.related(first, 'the same names'),))


def _is_for_several(context: Context, evaluator: str) -> bool:
    """Tell whether each metric is for another dataset, or dataloader."""
    value = context.config.get(evaluator)
    kind = value.get('type') if isinstance(value, dict) else None
    if kind is not None and 'metrics' in value and type_name(kind) != 'Evaluator':
        return True
    return isinstance(context.config.get(EVALUATORS[evaluator]), list)
