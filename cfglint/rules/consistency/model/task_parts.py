"""What packs samples and what judges predictions, against what the model is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import evaluators, is_new, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.official import package_of
from cfglint.rules.reading.parts import derives
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS, LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.data_facts import Task
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', raises='KeyError, AttributeError or AssertionError', reads=('model', *LOADERS))
def packer_of_another_task(context: Context) -> Iterator[Diagnostic]:
    """A transform that packs the samples for another task than that of the model.

    MMOCR packs samples for detection, recognition and key information each in its own way, MMAction2 those of recognition and
    of localization. What another one packs lacks what the model learns from.

    Sources: `mmocr/datasets/transforms/formatting.py`, `mmaction/datasets/transforms/formatting.py`.

    ```py title="bad"
    default_scope = 'mmocr'
    model = dict(type='DBNet')
    train_dataloader = dict(
        dataset=dict(type='OCRDataset', pipeline=[dict(type='LoadImageFromFile'), dict(type='PackTextRecogInputs')]))
    ```

    ```py title="good"
    default_scope = 'mmocr'
    model = dict(type='DBNet')
    train_dataloader = dict(
        dataset=dict(type='OCRDataset', pipeline=[dict(type='LoadImageFromFile'), dict(type='PackTextDetInputs')]))
    ```
    """
    model, seen = context.section('model'), set[int]()
    task, others = _tasks(context, model)
    packers = {name for other in others for name in other.packers}
    for loader in loaders(context) if task is not None and packers else ():
        for transform in loader.transforms:
            name = transform.type_name or ''
            if task is None or name not in packers or name in task.packers or not is_stock(context, transform):
                continue
            if model is not None and is_new(transform, seen):
                fitting = task.packers[0]
                message = f'`{name}` packs samples for another task than that of `{model.type_name}`'
                kind = transform.get('type')
                advice = Advice('write', f'type={fitting!r}')
                yield report_between(context, kind or transform, (model.get('type'),), message, advice=advice)


@rule(scope='entry', raises='AttributeError', reads=('model', *EVALUATORS))
def metric_of_another_task(context: Context) -> Iterator[Diagnostic]:
    """A metric that looks for what the model does not predict: `WordMetric` for a detector of text.

    It comes out after the first epoch, when the first validation begins.

    Sources: `mmocr/evaluation/metrics/`, `mmaction/evaluation/metrics/`, `mmseg/evaluation/metrics/`.

    ```py title="bad"
    default_scope = 'mmocr'
    model = dict(type='DBNet')
    val_dataloader = dict(dataset=dict(type='OCRDataset', ann_file='val.json'))
    val_evaluator = dict(type='WordMetric')
    val_cfg = dict()
    ```

    ```py title="good"
    default_scope = 'mmocr'
    model = dict(type='DBNet')
    val_dataloader = dict(dataset=dict(type='OCRDataset', ann_file='val.json'))
    val_evaluator = dict(type='HmeanIOUMetric')
    val_cfg = dict()
    ```
    """
    model, seen = context.section('model'), set[int]()
    task, others = _tasks(context, model)
    metrics = {name: other.error for other in others for name in other.metrics if other.error}
    for evaluator in evaluators(context) if task is not None and metrics else ():
        for metric in evaluator.metrics:
            name = metric.type_name or '' if isinstance(metric.value, dict) else ''
            if task is None or name not in metrics or name in task.metrics or not is_stock(context, metric):
                continue
            if model is not None and not metric.value.get('format_only') and is_new(metric, seen):
                message = f'`{name}` judges what `{model.type_name}` does not predict'
                kind, advice = metric.get('type'), Advice('write', f'type={task.metrics[0]!r}')
                around = (model.get('type'),)
                yield report_between(context, kind or metric, around, message, raises=metrics[name], advice=advice)


def _tasks(context: Context, model: Item | None) -> tuple[Task | None, tuple[Task, ...]]:
    """Return the task of a model, None if it is not known, and those of the same library's other models."""
    package = None if model is None else package_of(context, model)
    tasks = () if package is None else data_facts(package).tasks
    own = next((task for task in tasks if model is not None and derives(context, model, task.models)), None)
    return own, tuple(task for task in tasks if task is not own)
