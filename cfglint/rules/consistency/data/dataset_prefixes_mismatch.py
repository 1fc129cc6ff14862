"""The datasets that an evaluator names against those that it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import EVALUATORS, evaluators, is_new
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', reads=(*LOADERS, *EVALUATORS), words=('dataset_prefixes',))
def dataset_prefixes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A `MultiDatasetsEvaluator` with another number of `dataset_prefixes` than the dataloader has datasets.

    It cuts the results at the ends of the datasets of a `ConcatDataset` and names each part; at the end of the first
    evaluation, `assert len(dataset_slices) == len(self.dataset_prefixes)` fails. That of mmdet has a list of `metrics`, one for
    each dataset: where there are fewer, the last datasets are not evaluated.

    Source: `mmocr/evaluation/evaluator/multi_datasets_evaluator.py` and that of mmdet, `evaluate`.

    ```py title="bad"
    default_scope = 'mmocr'
    val_dataloader = dict(
        dataset=dict(type='ConcatDataset', datasets=[dict(type='OCRDataset', ann_file='a'), dict(type='OCRDataset', ann_file='b')]))
    val_evaluator = dict(type='MultiDatasetsEvaluator', metrics=dict(type='WordMetric'), dataset_prefixes=['a'])
    ```

    ```py title="good"
    default_scope = 'mmocr'
    val_dataloader = dict(
        dataset=dict(type='ConcatDataset', datasets=[dict(type='OCRDataset', ann_file='a'), dict(type='OCRDataset', ann_file='b')]))
    val_evaluator = dict(type='MultiDatasetsEvaluator', metrics=dict(type='WordMetric'), dataset_prefixes=['a', 'b'])
    ```
    """
    seen: set[int] = set()
    for evaluator in evaluators(context):
        item = evaluator.item
        prefixes = item.get('dataset_prefixes') if isinstance(item.value, dict) else None
        if prefixes is None or not isinstance(prefixes.value, (list, tuple)):
            continue
        if item.type_name in data_facts_of(context, item).dataset_evaluators and is_new(prefixes, seen):
            yield from list(_datasets(context, item, prefixes)) or _metrics(context, item, prefixes)


def _datasets(context: Context, item: Item, prefixes: Item) -> Iterator[Diagnostic]:
    dataset = context.find(f'{EVALUATORS[item.key]}.dataset')
    count, named = None if dataset is None else _count(dataset), len(prefixes.value)
    if dataset is None or count is None or count == named:
        return
    message = f'{named} `dataset_prefixes` for {count} dataset{"s" if count != 1 else ""}: it needs one for each'
    code = f'{item.name} = dict(dataset_prefixes={[f"set{i}" for i in range(1, count + 1)]})'
    others, advice = (dataset.get('datasets') or dataset,), Advice('name all:', code)
    yield report_between(context, prefixes, others, message, raises='AssertionError', advice=advice)


def _metrics(context: Context, item: Item, prefixes: Item) -> Iterator[Diagnostic]:
    """Compare the metrics of an evaluator that has one for each dataset with the names that it gives them."""
    metrics, kind = item.get('metrics'), item.type_name or ''
    if metrics is None or not isinstance(metrics.value, (list, tuple)) or not metrics.value:
        return
    if (
        len(metrics.value) != len(prefixes.value)
        and data_facts_of(context, item).dataset_evaluators.get(kind) == 'each'
    ):
        message = f'{len(metrics.value)} `metrics` for {len(prefixes.value)} datasets: those without one are left out'
        advice = Advice('give a metric for each dataset')
        yield report_between(
            context, metrics, (prefixes,), message, severity=Severity.WARNING, ignored=True, advice=advice
        )


def _count(dataset: Item) -> int | None:
    """Return how many parts the results of a dataset have; None where that is not known."""
    if not isinstance(dataset.value, dict):
        return None
    datasets = dataset.value.get('datasets')
    if dataset.type_name == 'ConcatDataset' and isinstance(datasets, (list, tuple)):
        return len(datasets)
    return None
