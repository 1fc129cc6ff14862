"""Datasets that train as if they were tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.reading.loaders import is_new, loaders
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(severity=Severity.WARNING, reads=('train_dataloader',), words=('test_mode',))
def test_mode_in_training(context: Context) -> Iterator[Diagnostic]:
    """A dataset for training with `test_mode=True`, copied from validation or testing.

    Datasets of MMEngine and of the libraries then do not leave out what cannot be trained on (`filter_cfg` is ignored, so
    that images without objects stay), and take no other sample where a transform gives up: MMEngine raises `Exception:
    Test time pipline should not get `None` data_sample`.

    ```py title="bad"
    train_dataloader = dict(dataset=dict(type='ToyDataset', ann_file='train.json', test_mode=True))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='ToyDataset', ann_file='train.json'))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context, 'train_dataloader'):
        for dataset in loader.leaves:
            item = dataset.get('test_mode')
            if item is not None and item.value is True and is_new(item, seen):
                message = 'a dataset for training has `test_mode=True`: it keeps samples without labels'
                yield context.report(item, message, advice=Advice('write', 'test_mode=False'))
