"""The datasets that an evaluator names against those that it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
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
    evaluation, `assert len(dataset_slices) == len(self.dataset_prefixes)` fails.

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
        dataset = context.find(f'{EVALUATORS[item.key]}.dataset')
        count = None if dataset is None else _count(dataset)
        if (
            prefixes is None
            or count is None
            or not isinstance(prefixes.value, (list, tuple))
            or count == len(prefixes.value)
        ):
            continue
        if item.type_name in data_facts_of(context, item).dataset_evaluators and is_new(prefixes, seen):
            named = len(prefixes.value)
            message = (
                f'{named} `dataset_prefixes` for {count} dataset{"s" if count != 1 else ""}: it needs one for each'
            )
            code = f'{item.name} = dict(dataset_prefixes={[f"set{i}" for i in range(1, count + 1)]})'
            others = (None if dataset is None else dataset.get('datasets') or dataset,)
            yield report_between(
                context, prefixes, others, message, raises='AssertionError', advice=Advice('name all:', code)
            )


def _count(dataset: Item) -> int | None:
    """Return how many parts the results of a dataset have; None where that is not known."""
    if not isinstance(dataset.value, dict):
        return None
    datasets = dataset.value.get('datasets')
    if dataset.type_name == 'ConcatDataset' and isinstance(datasets, (list, tuple)):
        return len(datasets)
    return None
