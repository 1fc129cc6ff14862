"""Transforms that look for what the samples of their dataset do not have."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import is_new, loaders, transforms
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', raises='KeyError', reads=LOADERS)
def unread_samples(context: Context) -> Iterator[Diagnostic]:
    """A pipeline for videos over a dataset of frames, or the other way round.

    `VideoDataset` of MMAction2 names the file of a video, which `DecordInit`, `PyAVInit` and `OpenCVInit` open;
    `RawframeDataset` names a folder with its pictures, which `RawFrameDecode` reads. The other's transforms fail at the first
    sample.

    Sources: `mmaction/datasets/video_dataset.py`, `mmaction/datasets/rawframe_dataset.py`,
    `mmaction/datasets/transforms/loading.py`.

    ```py title="bad"
    default_scope = 'mmaction'
    train_dataloader = dict(
        dataset=dict(type='RawframeDataset', ann_file='a.txt', pipeline=[dict(type='DecordInit'), dict(type='DecordDecode')]))
    ```

    ```py title="good"
    default_scope = 'mmaction'
    train_dataloader = dict(
        dataset=dict(type='RawframeDataset', ann_file='a.txt', pipeline=[dict(type='RawFrameDecode')]))
    ```
    """
    facts, seen = data_facts(context.given_scope).unread, set[int]()
    for loader in loaders(context) if facts else ():
        for dataset in loader.leaves if not facts.keys().isdisjoint(loader.words) else ():
            unread = facts.get(dataset.type_name or '', {})
            if unread and is_stock(context, dataset):
                for transform in _known(context, dataset):
                    key = unread.get(transform.type_name or '')
                    if key is not None and is_new(transform, seen):
                        yield _report(context, dataset, transform, key)


def _known(context: Context, dataset: Item) -> Iterator[Item]:
    """Yield the transforms of a dataset up to one that may add what the others look for."""
    return takewhile(lambda transform: is_stock(context, transform), transforms(dataset.get('pipeline')))


def _report(context: Context, dataset: Item, transform: Item, key: str) -> Diagnostic:
    message = f'`{transform.type_name}` looks for `{key}`, which `{dataset.type_name}` does not give'
    advice = Advice('take the transforms that are made for this dataset, or the dataset that they are for')
    return report_between(
        context, transform, (dataset.get('type'),), message, raises=f"KeyError: '{key}'", advice=advice
    )
