"""How data are read: what works, but is hardly meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Severity
from cfglint.rules.cause import first_written, insert_field
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.loop import is_for_inference
from cfglint.rules.reading.types import mmengine_type
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', severity=Severity.WARNING, reads=tuple(name for names in STAGES.values() for name in names))
def unset_sampler(context: Context) -> Iterator[Diagnostic]:
    """A dataloader without `sampler`: data are read in order.

    PyTorch's sequential sampler neither shuffles nor divides the data among processes: with several GPUs, each reads
    all. A warning for training, advice for validation and testing, and where the dataloader is only sketched.

    ```py title="bad"
    train_dataloader = dict(
        batch_size=2, num_workers=0, dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        num_workers=0,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```
    """
    for loader in () if is_for_inference(context) else _whole(context):
        given = loader.value
        if given.get('sampler') is not None or given.get('batch_sampler') is not None or 'shuffle' in given:
            continue
        if not isinstance(given.get('dataset'), dict):
            continue  # the whole loader is missing: another rule tells of that
        trains = loader.key.startswith('train_dataloader')
        what = (
            'data are not shuffled, and with several GPUs each reads all'
            if trains
            else 'with several GPUs each reads all'
        )
        # One that does not say how many samples and workers is a sketch.
        severity = None if trains and {'batch_size', 'num_workers'} <= given.keys() else Severity.INFO
        advice = Advice('add', f"sampler=dict(type='DefaultSampler', shuffle={trains})")
        yield context.report(first_written(loader), f'no `sampler`: {what}', severity=severity, advice=advice)


@rule(scope='entry', severity=Severity.INFO, reads=('train_dataloader',))
def unset_batch_size(context: Context) -> Iterator[Diagnostic]:
    """A dataloader for training without `batch_size`: batches of one sample.

    ```py title="bad"
    train_dataloader = dict(
        num_workers=0,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        num_workers=0,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```
    """
    for loader in _whole(context, 'train_dataloader'):
        if 'batch_size' not in loader.value and loader.value.get('batch_sampler') is None:
            advice = Advice('say how many samples a batch has, as in', 'batch_size=2')
            yield context.report(first_written(loader), 'no `batch_size`: batches have one sample', advice=advice)


@rule(scope='entry', severity=Severity.INFO, reads=('train_dataloader',))
def unset_num_workers(context: Context) -> Iterator[Diagnostic]:
    """A dataloader for training without `num_workers`: the training process loads the data itself.

    `num_workers=0` says that it is meant.

    ```py title="bad"
    train_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        num_workers=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```
    """
    for loader in _whole(context, 'train_dataloader'):
        if 'num_workers' not in loader.value:
            message = 'no `num_workers`: data are loaded in the training process, which waits for them'
            advice = Advice('say how many processes load data, as in', 'num_workers=2')
            yield context.report(first_written(loader), message, advice=advice)


@rule(scope='entry', severity=Severity.INFO, reads=('train_dataloader',), words=('shuffle',))
def unshuffled_training(context: Context) -> Iterator[Diagnostic]:
    """A sampler for training with `shuffle=False`: every epoch has the same order.

    ```py title="bad"
    train_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```
    """
    for loader in _whole(context, 'train_dataloader'):
        sampler = loader.get('sampler')
        if sampler is not None and mmengine_type(sampler.value) in ('DefaultSampler', 'InfiniteSampler'):
            shuffle = sampler.get('shuffle')
            if shuffle is not None and shuffle.value is False:
                message = 'training data are not shuffled: each epoch has the same order'
                yield context.report(shuffle, message, advice=Advice('write', 'shuffle=True'))


@rule(scope='entry', severity=Severity.INFO, fixable=True, reads=LOADERS, words=('DefaultSampler',))
def shuffled_evaluation(context: Context) -> Iterator[Diagnostic]:
    """A sampler for validation or testing that shuffles, as it does unless told otherwise.

    Metrics are the same; dumped predictions and shown samples come in another order each time.

    ```py title="bad"
    val_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler'),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```

    ```py title="good"
    val_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```
    """
    # `test_dataloader = val_dataloader` is one mistake at one place, but wrong under both keys.
    for loader in _whole(context, *LOADERS[1:]):
        sampler = loader.get('sampler')
        if sampler is None or mmengine_type(sampler.value) != 'DefaultSampler':
            continue
        shuffle = sampler.get('shuffle')
        if shuffle is None:
            kind = sampler.get('type')
            fix = None if kind is None else insert_field(context, kind, 'shuffle', 'False', Applicability.UNSAFE)
            advice = Advice('add', 'shuffle=False')
            yield context.report(sampler, '`DefaultSampler` shuffles by default', advice=advice, fix=fix)
        elif shuffle.value is True:
            fix = context.replace_value(shuffle, 'False', 'Write `False`', Applicability.UNSAFE)
            advice = Advice('write', 'False')
            yield context.report(shuffle, 'data for evaluation are shuffled', at='value', advice=advice, fix=fix)


def _whole(context: Context, *names: str) -> Iterator[Item]:
    """Yield the dataloaders of a config of which everything is known."""
    if context.partial is None:
        yield from (section.item for section in loaders(context, *names))
