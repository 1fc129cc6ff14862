"""Samplers against the loops that they feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability, Severity
from cfglint.language.values import Lazy
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loop import train_loop
from cfglint.rules.reading.types import mmengine_type
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic, Fix
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(
    scope='entry',
    fixable=True,
    severity=Severity.ERROR,
    reads=('train_dataloader', 'train_cfg'),
    words=('InfiniteSampler',),
)
def infinite_sampler_in_epoch_loop(context: Context) -> Iterator[Diagnostic]:
    """An InfiniteSampler in an epoch-based loop: the first epoch never ends.

    Nothing that happens at the end of an epoch happens: no validation, no checkpoint, no scheduler step. Not reported
    with `num_batch_per_epoch`, which ends it.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    train_dataloader = dict(
        batch_size=2,
        sampler=dict(type='InfiniteSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    train_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```
    """
    loop = train_loop(context)
    item = None if loop is None or not loop.by_epoch else _infinite(context.section('train_dataloader'))
    if loop is not None and item is not None:
        message = '`InfiniteSampler` never ends: the first epoch of this loop goes on forever'
        by_epoch = loop.item.get('type') or loop.item.get('by_epoch')
        advice = Advice('count iterations, or write', _as_written(item, 'DefaultSampler'))
        fix = _fix(context, item)
        yield report_between(context, item, (by_epoch, loop.length_item), message, advice=advice, fix=fix)


@rule(
    scope='entry',
    fixable=True,
    reads=('val_dataloader', 'val_cfg', 'test_dataloader', 'test_cfg'),
    words=('InfiniteSampler',),
)
def infinite_sampler_in_evaluation(context: Context) -> Iterator[Diagnostic]:
    """An InfiniteSampler in a dataloader for validation or testing: it never ends.

    ```py title="bad"
    val_dataloader = dict(
        batch_size=2,
        sampler=dict(type='InfiniteSampler', shuffle=False),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```

    ```py title="good"
    val_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```
    """
    reported = []
    for stage, what in (('val', 'validation'), ('test', 'testing')):
        section, loop = context.section(f'{stage}_dataloader'), context.section(f'{stage}_cfg')
        if section is None or loop is None or not _is_stock_loop(loop):
            continue
        item = _infinite(section)
        if item is not None and item.origin not in reported:  # `test_dataloader = val_dataloader` is one mistake
            reported.append(item.origin)
            message = f'`InfiniteSampler` never ends: {what} goes on forever'
            advice = Advice('write', _as_written(item, 'DefaultSampler'))
            yield report_between(context, item, (loop,), message, advice=advice, fix=_fix(context, item))


@rule(
    scope='entry', severity=Severity.INFO, fixable=True, reads=('train_dataloader', 'train_cfg'), words=('max_iters',)
)
def finite_sampler_in_iter_loop(context: Context) -> Iterator[Diagnostic]:
    """A sampler that ends in an iteration-based loop: the dataloader is started again after each pass.

    It works; each time MMEngine warns `Reach the end of the dataloader` and waits two seconds, and workers that are not
    persistent start anew.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    train_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    train_dataloader = dict(
        batch_size=2,
        sampler=dict(type='InfiniteSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```
    """
    loop = train_loop(context)
    if loop is None or loop.by_epoch:
        return
    sampler = context.find('train_dataloader.sampler')
    if sampler is None or mmengine_type(sampler.value) != 'DefaultSampler':
        return
    item = sampler.get('type')
    assert item is not None
    message = '`DefaultSampler` ends after each pass over the dataset: training pauses there'
    fix, more = None, ', without `round_up`,'
    if 'round_up' not in sampler.value:
        fix, more = _replace(context, item, 'InfiniteSampler', Applicability.UNSAFE), ','
    advice = Advice(f'to avoid the pauses{more} write', _as_written(item, 'InfiniteSampler'))
    yield report_between(context, item, (loop.item,), message, advice=advice, fix=fix)


def _infinite(section: Item | None) -> Item | None:
    """Return the type of a sampler without an end."""
    if section is None or not isinstance(section.value, dict) or 'num_batch_per_epoch' in section.value:
        return None
    if mmengine_type(section.value.get('sampler')) != 'InfiniteSampler':
        return None
    sampler = section.get('sampler')
    return None if sampler is None else sampler.get('type')


def _is_stock_loop(loop: Item) -> bool:
    if not isinstance(loop.value, dict):
        return False
    return 'type' not in loop.value or mmengine_type(loop.value) in ('ValLoop', 'TestLoop')


def _as_written(item: Item, name: str) -> str:
    """Return the type of a sampler as the config writes types: a name, or a class that it imports."""
    return f'type={name}' if isinstance(item.value, Lazy) else f'type={name!r}'


def _fix(context: Context, item: Item) -> Fix | None:
    return _replace(context, item, 'DefaultSampler', Applicability.UNSAFE)


def _replace(context: Context, item: Item, name: str, trust: Applicability) -> Fix | None:
    if isinstance(item.value, Lazy):
        return None
    return context.replace_value(item, repr(name), f'Write `{name}`', trust)
