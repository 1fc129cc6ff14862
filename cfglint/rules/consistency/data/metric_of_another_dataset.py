"""Metrics that only judge some datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import EVALUATORS, evaluators, is_new, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.reading.parts import derives
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS as EVALUATOR_SECTIONS
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.data_facts import MetricDatasets
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', reads=(*LOADERS, *EVALUATOR_SECTIONS))
def metric_of_another_dataset(context: Context) -> Iterator[Diagnostic]:
    """A metric that needs what only some datasets have: `LVISMetric` for a `CocoDataset`.

    Metrics read the files of one kind of annotations, or metainfo that only their datasets give. LVIS says of each picture which
    classes were looked for: `CocoMetric`, which does not know that, runs and gives other numbers.

    Sources: `mmdet/evaluation/metrics/` (`dataset_meta['RELATION_MATRIX']`, `dataset_meta['thing_classes']`), the `lvis` package
    (`img['neg_category_ids']`), `mmdet3d/evaluation/metrics/`.

    ```py title="bad"
    default_scope = 'mmdet'
    val_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='val.json'))
    val_evaluator = dict(type='LVISMetric', ann_file='val.json')
    val_cfg = dict()
    ```

    ```py title="good"
    default_scope = 'mmdet'
    val_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='val.json'))
    val_evaluator = dict(type='CocoMetric', ann_file='val.json')
    val_cfg = dict()
    ```
    """
    seen: set[int] = set()
    for evaluator in evaluators(context):
        name = EVALUATORS[evaluator.item.key.partition('.')[0]]
        leaves = [leaf for loader in loaders(context, name) for leaf in loader.leaves]
        for metric in evaluator.metrics if leaves else ():
            known = data_facts_of(context, metric).metric_datasets.get(metric.type_name or '')
            if known is None or metric.value.get('format_only', False) is not False:
                continue
            wrong = [leaf for leaf in leaves if is_stock(context, leaf) and not _fits(context, leaf, known)]
            if len(wrong) == len(leaves) and is_new(metric, seen):
                parts: dict[str, Any] = {'raises': known.error} if known.error else {'ignored': True}
                message = f'`{metric.type_name}` does not judge `{wrong[0].type_name}` as its annotations are meant'
                advice = Advice('write', f'type={known.instead!r}') if known.instead else _other(context, wrong[0])
                around = (wrong[0].get('type'),)
                yield report_between(context, metric.get('type') or metric, around, message, advice=advice, **parts)


def _fits(context: Context, dataset: Item, known: MetricDatasets) -> bool:
    if known.bases:
        return derives(context, dataset, known.bases)
    return not derives(context, dataset, known.exempt)


def _other(context: Context, dataset: Item) -> Advice:
    """Return advice that names the metric that is made for a dataset, if there is one."""
    facts = data_facts_of(context, dataset).metric_datasets
    fitting = [name for name, known in facts.items() if known.bases and derives(context, dataset, known.bases)]
    return (
        Advice('write', f'type={fitting[0]!r}')
        if fitting
        else Advice('take a metric for the annotations of the dataset')
    )
