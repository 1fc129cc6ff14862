"""Metrics that write their results instead of evaluating them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.hooks import hooks_of
from cfglint.rules.reading.loaders import Section, evaluators, is_new
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS, HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', reads=EVALUATORS, words=('format_only',))
def format_only_without_path(context: Context) -> Iterator[Diagnostic]:
    """A metric with `format_only=True` that is not told where to write.

    Most metrics of the libraries refuse it when they are built (`AssertionError`); those of mmseg fail at the end of the
    evaluation, when the pictures of a whole data set have been predicted and thrown away.

    Source: the `__init__` of `CocoMetric` and others (`mmdet`, `mmpose`, `mmrotate`, `mmdet3d`: `assert outfile_prefix is
    not None`); `IoUMetric.compute_metrics` of mmseg, `osp.dirname(self.output_dir)`.

    ```py title="bad"
    default_scope = 'mmdet'
    test_evaluator = dict(type='CocoMetric', ann_file='test.json', metric='bbox', format_only=True)
    ```

    ```py title="good"
    default_scope = 'mmdet'
    test_evaluator = dict(
        type='CocoMetric', ann_file='test.json', metric='bbox', format_only=True, outfile_prefix='work_dirs/boxes/test')
    ```
    """
    seen: set[int] = set()
    for evaluator in evaluators(context):
        for metric in evaluator.find('format only', _formatting):
            known = data_facts_of(context, metric).formatting.get(metric.type_name or '')
            place = metric.get('format_only')
            if known is None or place is None or metric.value.get(known.argument) not in (None, False):
                continue
            if context.partial is None and is_new(place, seen):
                value = 'True' if known.argument == 'keep_results' else "'work_dirs/results/test'"
                message = f'`format_only=True` needs `{known.argument}`'
                advice = Advice('add', f'dict({known.argument}={value})')
                others = (metric.get(known.argument),)
                yield report_between(context, place, others, message, raises=known.error, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=(*HOOKS, *EVALUATORS), words=('format_only',))
def save_best_with_format_only(context: Context) -> Iterator[Diagnostic]:
    """A `save_best` while all metrics of the validation only write their results: there is nothing to compare.

    A metric with `format_only=True` returns no figures. CheckpointHook skips the best checkpoint, each time, with a line in
    the log.

    Source: `mmengine/hooks/checkpoint_hook.py`, `_save_best_checkpoint`: "Since `metrics` is an empty dict, the behavior to
    save the best checkpoint will be skipped".

    ```py title="bad"
    default_scope = 'mmdet'
    val_evaluator = dict(
        type='CocoMetric', ann_file='val.json', metric='bbox', format_only=True, outfile_prefix='work_dirs/boxes/val')
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='coco/bbox_mAP'))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    val_evaluator = dict(type='CocoMetric', ann_file='val.json', metric='bbox')
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='coco/bbox_mAP'))
    ```
    """
    best = next((each for hook in hooks_of(context, 'CheckpointHook') if (each := hook.field('save_best'))), None)
    if best is None or not best.value:
        return
    for evaluator in evaluators(context):
        found = evaluator.find('format only', _formatting)
        if evaluator.item.key != 'val_evaluator' or not found or len(found) < len(evaluator.metrics):
            continue
        if all(each.type_name in data_facts_of(context, each).formatting for each in found):
            message = '`save_best` has nothing to compare: with `format_only=True`, validation gives no figures'
            advice = Advice('evaluate what is validated:', 'val_evaluator = dict(format_only=False)')
            place = found[0].get('format_only') or found[0]
            yield report_between(context, place, (best,), message, ignored=True, advice=advice)


def _formatting(evaluator: Section) -> Iterator[Item]:
    if 'format_only' in evaluator.words:
        yield from (each for each in evaluator.metrics if each.value.get('format_only') is True)
