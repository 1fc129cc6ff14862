"""The size of a batch against a dataset that is cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.loop import train_loop
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', severity=Severity.WARNING, reads=(*LOADERS, 'train_cfg'), words=('indices',))
def batch_larger_than_dataset(context: Context) -> Iterator[Diagnostic]:
    """No full batch: `drop_last=True` with a `batch_size` above the number of samples that `indices` leaves.

    An epoch then has no iterations, and training or validation does nothing, in silence. A loop that counts iterations
    fails with `StopIteration`.

    ```py title="bad"
    train_dataloader = dict(
        batch_size=4,
        drop_last=True,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', indices=3, pipeline=[dict(type='ToyTransform')]))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        drop_last=True,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', indices=3, pipeline=[dict(type='ToyTransform')]))
    ```
    """
    for loader in (section.item for section in loaders(context)):
        if loader.value.get('drop_last') is not True:
            continue
        size, dataset = loader.get('batch_size'), loader.get('dataset')
        if size is None or dataset is None or not is_int(size.value):
            continue
        most = _most(dataset)
        if most is None or size.value <= most or _is_endless(loader):
            continue
        loop = train_loop(context)
        fails = loader.name == 'train_dataloader' and loop is not None and not loop.by_epoch
        message = (
            f'`batch_size` is {size.value}, the dataset has at most {most} samples, and `drop_last` drops them all'
        )
        severity, raises = (Severity.ERROR, 'StopIteration') if fails else (None, None)
        advice = Advice('write smaller batches, or', 'drop_last=False')
        yield report_between(context, size, (dataset,), message, severity=severity, raises=raises, advice=advice)


@rule(scope='entry', raises='IndexError', reads=LOADERS, words=('num_batch_per_epoch',))
def epoch_larger_than_dataset(context: Context) -> Iterator[Diagnostic]:
    """`num_batch_per_epoch` batches that are more than the samples which `indices` leaves.

    MMEngine takes indices beyond the dataset and fails with `IndexError`.

    ```py title="bad"
    train_dataloader = dict(
        batch_size=2,
        num_batch_per_epoch=4,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', indices=3, pipeline=[dict(type='ToyTransform')]))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        num_batch_per_epoch=1,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', indices=3, pipeline=[dict(type='ToyTransform')]))
    ```
    """
    for loader in (section.item for section in loaders(context)):
        if 'num_batch_per_epoch' not in loader.value:
            continue
        size, batches, dataset = (loader.get(name) for name in ('batch_size', 'num_batch_per_epoch', 'dataset'))
        if size is None or batches is None or dataset is None or not (is_int(size.value) and is_int(batches.value)):
            continue
        most = _most(dataset)
        if most is not None and size.value * batches.value > most:
            message = f'{batches.value} batches of {size.value} are more than the {most} samples of the dataset'
            raises = 'IndexError: list index out of range'
            advice = Advice('take fewer batches:', f'num_batch_per_epoch={max(1, most // size.value)}')
            yield report_between(context, batches, (size, dataset), message, raises=raises, advice=advice)


def _most(dataset: Item) -> int | None:
    """Return how many samples a dataset has at most, None where that is not known."""
    value = dataset.value
    if not isinstance(value, dict):
        return None
    kind, inner = type_name(value.get('type')), dataset.get('dataset')
    if kind == 'RepeatDataset' and inner is not None:
        most, times = _most(inner), value.get('times')
        return most * times if most is not None and is_int(times) else None
    if inner is not None or 'datasets' in value:
        return None
    indices = value.get('indices')
    if isinstance(indices, (list, tuple)):
        return len(indices)
    return abs(indices) if is_int(indices) and indices else None


def _is_endless(loader: Item) -> bool:
    sampler = loader.value.get('sampler')
    return isinstance(sampler, dict) and type_name(sampler.get('type')) == 'InfiniteSampler'
