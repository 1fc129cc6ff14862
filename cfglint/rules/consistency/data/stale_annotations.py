"""The annotations that an evaluator reads against those of the dataset that it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import EVALUATORS, Section, evaluators, is_new, joined, loaders, normalised
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

READERS: Final = {
    'mmdet': frozenset({
        'CocoMetric', 'CocoPanopticMetric', 'CocoOccludedSeparatedMetric', 'CocoVideoMetric', 'CrowdHumanMetric',
        'LVISMetric',
        'OVCocoMetric', 'YouTubeVISMetric',
    }),
    'mmpose': frozenset({'CocoMetric', 'CocoWholeBodyMetric'}),
}  # fmt: skip
"""Package → metrics that read the annotations of the dataset from `ann_file`."""


@rule(
    scope='entry',
    severity=Severity.WARNING,
    reads=(*LOADERS, *EVALUATORS),
    words=('ann_file',),
    yields_to=('doubled-root', 'unjoined-path'),
)
def stale_annotations(context: Context) -> Iterator[Diagnostic]:
    """An evaluator that reads other annotations than its dataset.

    Overriding `ann_file` of a dataset leaves that of the evaluator behind, most often of `test_evaluator`, which held
    what `val_evaluator` was in the base. Evaluation then compares different images; it stops with `AssertionError:
    Results do not correspond to current coco set`, or finds nothing. Metrics that read different files judge parts of the
    dataset on purpose, such as old and new classes.

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
    seen: set[int] = set()
    for evaluator in evaluators(context):
        given = evaluator.find('annotations', _given)
        loader = EVALUATORS[evaluator.item.key]
        read = _read(context, loader) if given and not _are_parts(given) else {}
        for item, is_panoptic in given if read else ():
            path, dataset = next(iter(read.items()))
            if _is_read(item.value, read) or _is_panoptic(dataset) != is_panoptic or not is_new(dataset, seen):
                continue
            message = f'`{item.key}` is not the file that `{loader}` reads'
            root = None if dataset.parent is None else dataset.parent.get('data_root')
            advice = Advice('write the same file:', f'ann_file={path!r}')
            yield report_between(context, item, (dataset, root), message, advice=advice, about=dataset)


def _is_read(path: str, read: dict[str, Item]) -> bool:
    """Tell whether a file is read, or would be with the `/` that `unjoined-path` misses in it."""
    path = normalised(path)
    return path in read or path.replace('/', '') in {each.replace('/', '') for each in read}


def _given(evaluator: Section) -> Iterator[tuple[Item, bool]]:
    """Yield the annotations that metrics read, and whether they are panoptic."""
    for metric in evaluator.metrics:
        known, item = class_name(metric.value, evaluator.scope), metric.get('ann_file')
        if known is None or known.name not in READERS.get(known.package, ()) or item is None:
            continue
        if isinstance(item.value, str) and item.value:
            yield item, known.name.startswith('CocoPanoptic')


def _are_parts(given: list[tuple[Item, bool]]) -> bool:
    """Tell whether metrics of one kind read different annotations."""
    return any(
        len({normalised(item.value) for item, is_panoptic in given if is_panoptic is kind}) > 1
        for kind in (True, False)
    )


def _is_panoptic(ann_file: Item) -> bool:
    """Tell whether a dataset is panoptic: beside its own annotations, it is judged by those of instances."""
    kind = None if ann_file.parent is None else ann_file.parent.type_name
    return kind is not None and 'Panoptic' in kind


def _read(context: Context, loader: str) -> dict[str, Item]:
    """Return the annotation files of a dataloader with where each is named; nothing if one of them is not known."""
    found = [pair for each in loaders(context, loader) for pair in each.find('read', _annotations)]
    if any(item is None for _, item in found):
        return {}
    return {path: item for path, item in found if item is not None}


def _annotations(loader: Section) -> Iterator[tuple[str, Item | None]]:
    for dataset in loader.leaves:
        item = dataset.get('ann_file')
        path = None if item is None else joined(dataset.value.get('data_root'), item.value)
        yield path or '', item if path else None
