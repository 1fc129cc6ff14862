"""The label zero, which dataset and transform treat differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import is_new, loaders, transforms
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import literal_default
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(scope='entry', raises='AssertionError: Initialize dataset with `reduce_zero_label` as', reads=LOADERS)
def zero_label_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A dataset of mmseg and its `LoadAnnotations` that disagree on `reduce_zero_label`.

    Whether label 0 is no class is said by the dataset, `ADE20KDataset` with yes, `BaseSegDataset` with no unless it is told.
    A pipeline that was taken from another dataset may say it, too: if it says something else, the first sample fails.

    Source: `mmseg/datasets/transforms/loading.py`, `_load_seg_map`.

    ```py title="bad"
    default_scope = 'mmseg'
    train_dataloader = dict(
        dataset=dict(type='BaseSegDataset', pipeline=[dict(type='LoadAnnotations', reduce_zero_label=True)]))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    train_dataloader = dict(
        dataset=dict(
            type='BaseSegDataset', reduce_zero_label=True,
            pipeline=[dict(type='LoadAnnotations', reduce_zero_label=True)]))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for dataset in loader.leaves if 'reduce_zero_label' in loader.words else ():
            own = dataset.get('reduce_zero_label')
            of_dataset = literal_default(context, dataset, 'reduce_zero_label') if own is None else own.value
            for transform in transforms(dataset.get('pipeline')):
                setting = transform.get('reduce_zero_label')
                is_loading = class_name(transform.value, loader.scope) == ('mmseg', 'LoadAnnotations')
                if setting is None or not is_loading or not is_stock(context, transform):
                    continue
                both = isinstance(setting.value, bool) and isinstance(of_dataset, bool)
                if both and setting.value is not of_dataset and is_new(setting, seen):
                    by_default = ' by default' if own is None else ''
                    message = (
                        f'`reduce_zero_label` is {setting.value} here, but {of_dataset}{by_default} in the dataset'
                    )
                    around = (own, dataset.get('type'))
                    advice = Advice(
                        'say what is right in the dataset, and here the same:', f'reduce_zero_label={of_dataset}'
                    )
                    yield report_between(context, setting, around, message, advice=advice)
