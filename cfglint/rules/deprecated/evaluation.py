"""``evaluation`` became an evaluator, an interval of the loop, and a field of the checkpoint hook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.values import Table
from cfglint.rules.deprecated.edits import remove
from cfglint.rules.deprecated.fields import EVALUATION, removed_fields
from cfglint.rules.deprecated.keys import Advice, Key, removed_keys
from cfglint.rules.deprecated.text import MORE, call
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

METRICS = {
    'bbox': 'CocoMetric',
    'segm': 'CocoMetric',
    'proposal': 'CocoMetric',
    'proposal_fast': 'CocoMetric',
    'keypoints': 'CocoMetric',
    'PQ': 'CocoPanopticMetric',
    'mIoU': 'IoUMetric',
    'mDice': 'IoUMetric',
    'mFscore': 'IoUMetric',
    'accuracy': 'Accuracy',
    'precision': 'SingleLabelMetric',
    'recall': 'SingleLabelMetric',
    'f1_score': 'SingleLabelMetric',
    'support': 'SingleLabelMetric',
    'CP': 'MultiLabelMetric',
    'CR': 'MultiLabelMetric',
    'CF1': 'MultiLabelMetric',
    'OP': 'MultiLabelMetric',
    'OR': 'MultiLabelMetric',
    'OF1': 'MultiLabelMetric',
    'PCK': 'PCKAccuracy',
    'PCKh': 'MpiiPCKAccuracy',
    'tPCK': 'JhmdbPCKAccuracy',
    'AUC': 'AUC',
    'NME': 'NME',
    'EPE': 'EPE',
    'MPJPE': 'MPJPE',
    'top_k_accuracy': 'AccMetric',
    'mean_class_accuracy': 'AccMetric',
    'mean_average_precision': 'AccMetric',
    'mmit_mean_average_precision': 'AccMetric',
    'mAP@0.5IOU': 'AVAMetric',
    'AR@AN': 'ANetMetric',
    'hmean-iou': 'HmeanIOUMetric',
    'hmean-ic13': 'HmeanIOUMetric',
    'acc': 'WordMetric',
    'macro_f1': 'F1Metric',
    'track': 'MOTChallengeMetric',
    'Fl': 'FlowOutliers',
    'PSNR': 'PSNR',
    'SSIM': 'SSIM',
    'MAE': 'MAE',
    'NIQE': 'NIQE',
    'SAD': 'SAD',
    'MSE': 'MattingMSE',
    'GRAD': 'GradientError',
    'CONN': 'ConnectivityError',
    'FID': 'FrechetInceptionDistance',
    'IS': 'InceptionScore',
    'PR': 'PrecisionAndRecall',
    'PPL': 'PerceptualPathLength',
    'SWD': 'SlicedWassersteinDistance',
    'MS_SSIM': 'MultiScaleStructureSimilarity',
    'Equivariance': 'Equivariance',
}
"""What 0.x called a metric, and the class that computes it."""

_NAMES = {
    'IoUMetric': 'iou_metrics',
    'AccMetric': 'metric_list',
    'SingleLabelMetric': 'items',
    'MultiLabelMetric': 'items',
}
"""Under which name a metric's class takes what to compute."""
_ALONE = frozenset(
    {
        'Accuracy',
        'PCKAccuracy',
        'MpiiPCKAccuracy',
        'JhmdbPCKAccuracy',
        'AUC',
        'NME',
        'EPE',
        'MPJPE',
        'HmeanIOUMetric',
        'WordMetric',
        'F1Metric',
        'AVAMetric',
        'ANetMetric',
        'FlowOutliers',
        'PSNR',
        'SSIM',
        'MAE',
        'NIQE',
        'SAD',
        'MattingMSE',
        'GradientError',
        'ConnectivityError',
        'CocoPanopticMetric',
    }
)
"""Classes that compute one thing."""


@rule(era='all')
def removed_evaluation(context: Context) -> Iterable[Diagnostic]:
    """`evaluation` became `val_evaluator`, `train_cfg.val_interval` and `default_hooks.checkpoint`.

    MMEngine ignores `evaluation`: what is measured is up to `val_evaluator` (and `test_evaluator`), when is up to
    `train_cfg.val_interval`, and which checkpoint is the best up to `default_hooks.checkpoint.save_best`, where a
    metric is named with its prefix (`coco/bbox_mAP`).

    ```py title="bad"
    evaluation = dict(interval=1, metric='bbox', save_best='bbox_mAP')
    ```

    ```py title="good"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
    val_evaluator = dict(type='CocoMetric', metric='bbox')
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='coco/bbox_mAP'))
    ```
    """
    yield from removed_keys(context, frozenset({'evaluation', 'eval_config'}), _evaluation)
    yield from removed_fields(context, EVALUATION)


_CHECKPOINT = ('save_best', 'rule', 'greater_keys', 'less_keys', 'out_dir')
_LOOP = {'interval': 'val_interval', 'start': 'val_begin', 'dynamic_intervals': 'dynamic_intervals'}


def _evaluation(key: Key) -> Advice:
    parts = key.fields()
    effect = ': what to measure and when is up to `val_evaluator` and `train_cfg`'
    if not parts:
        return Advice('', 'remove it: it asks for nothing', remove(key))
    words = []
    loop = {new: parts[old] for old, new in _LOOP.items() if old in parts}
    if loop:
        words.append(f'write {_listed("train_cfg", loop)}')
    metric = metric_text(key.value, parts)
    there = key.config.table.get('val_evaluator')
    if metric and not (isinstance(there, dict) and 'type' in there):
        words.append(f'`val_evaluator = {metric}`')
    best = {name: parts[name] for name in _CHECKPOINT if name in parts}
    if 'best_metric' in parts:
        best['save_best'] = parts['best_metric']
    if best:
        prefixed = ' (a metric is named with its prefix there)' if best.get('save_best', "'auto'") != "'auto'" else ''
        words.append(f'{_listed("default_hooks.checkpoint", best)}{prefixed}')
    if 'save_image' in parts:
        words.append("`custom_hooks = [dict(type='BasicVisualizationHook', …)]`")
    if words and not words[0].startswith('write'):
        words[0] = f'write {words[0]}'
    return Advice(effect, ', '.join(words) or 'remove it: `val_evaluator` says what to measure')


def _listed(section: str, parts: dict[str, str]) -> str:
    return ', '.join(f'`{section}.{name}={text}`' for name, text in parts.items())


def metric_text(value: object, parts: dict[str, str]) -> str:
    """Return the evaluator for what `metric` or `metrics` names; empty if it names nothing."""
    if not isinstance(value, Table):
        return ''
    name = 'metric' if 'metric' in value else 'metrics'
    wanted = value.get(name)
    names = [wanted] if isinstance(wanted, str) else list(wanted) if isinstance(wanted, (list, tuple)) else []
    if not names:
        return ''
    if all(isinstance(item, dict) for item in names):
        return f"dict(type='GenEvaluator', metrics={parts[name]})" if name == 'metrics' else ''
    kinds = list(dict.fromkeys(METRICS.get(item, MORE) for item in names if isinstance(item, str)))
    if len(kinds) > 1:
        return '[' + ', '.join(call({'type': repr(kind) if kind != MORE else kind}) for kind in kinds) + ']'
    kind = kinds[0] if kinds else MORE
    if kind == MORE:
        return call({'type': MORE, 'metric': parts[name]})
    if kind in _ALONE:
        return call({'type': repr(kind)})
    text = parts[name]
    if kind in _NAMES and isinstance(wanted, str):
        text = f'[{text}]'
    return call({'type': repr(kind), _NAMES.get(kind, 'metric'): text})
