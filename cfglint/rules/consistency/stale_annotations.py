"""The annotations that an evaluator reads against those of the dataset that it judges."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.context import type_name
from cfglint.rules.facts.data import EVALUATORS, default_scope, is_new, joined, leaves, loaders, metrics, stock
from cfglint.rules.facts.place import report_between
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.rules.context import Context, Item

READERS: Final = {
    'mmdet': frozenset({
        'CocoMetric', 'CocoPanopticMetric', 'CocoOccludedSeparatedMetric', 'CocoVideoMetric', 'CrowdHumanMetric', 'LVISMetric',
        'OVCocoMetric', 'YouTubeVISMetric',
    }),
    'mmpose': frozenset({'CocoMetric', 'CocoWholeBodyMetric'}),
}  # fmt: skip
"""Package → metrics that read the annotations of the dataset from `ann_file`."""


@rule(scope='entry', severity=Severity.WARNING)
def stale_annotations(context: Context) -> Iterator[Diagnostic]:
    """An evaluator that reads other annotations than its dataset.

    Overriding `ann_file` of a dataset leaves that of the evaluator behind, most often of `test_evaluator`, which held what
    `val_evaluator` was in the base. Evaluation then compares different images; it stops with
    `AssertionError: Results do not correspond to current coco set`, or finds nothing.

    ```py title="bad"
    default_scope = 'mmdet'
    val_dataloader = dict(dataset=dict(type='CocoDataset', data_root='data/yard/', ann_file='val.json'))
    val_evaluator = dict(type='CocoMetric', ann_file='data/shelf/val.json')
    ```

    ```py title="good"
    default_scope = 'mmdet'
    val_dataloader = dict(dataset=dict(type='CocoDataset', data_root='data/yard/', ann_file='val.json'))
    val_evaluator = dict(type='CocoMetric', ann_file='data/yard/val.json')
    ```
    """
    scope = default_scope(context)
    seen: set[int] = set()
    for evaluator, loader in EVALUATORS.items():
        read = _read(context, loader)
        for metric in metrics(context, evaluator) if read else ():
            known = stock(metric.value, scope)
            given = metric.get('ann_file')
            if known is None or known.name not in READERS.get(known.package, ()) or given is None:
                continue
            if isinstance(given.value, str) and given.value and posixpath.normpath(given.value) not in read:
                path, dataset = next(iter(read.items()))
                if _is_panoptic(dataset) != known.name.startswith('CocoPanoptic') or not is_new(dataset, seen):
                    continue
                message = f'`{given.key}` is `{given.value}`, but `{loader}` reads `{path}`'
                yield report_between(context, given, (dataset,), message)


def _is_panoptic(ann_file: Item) -> bool:
    """Tell whether a dataset is panoptic: beside its own annotations, it is judged by those of instances."""
    kind = None if ann_file.parent is None else type_name(ann_file.parent.value.get('type'))
    return kind is not None and 'Panoptic' in kind


def _read(context: Context, loader: str) -> dict[str, Item]:
    """Return the annotation files of a dataloader with where each is named; nothing if one of them is not known."""
    found: dict[str, Item] = {}
    for each in loaders(context, loader):
        for dataset in leaves(each):
            given = dataset.get('ann_file')
            path = None if given is None else joined(dataset.value.get('data_root'), given.value)
            if given is None or not path:
                return {}
            found[path] = given
    return found
