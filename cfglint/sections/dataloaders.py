"""train_dataloader, val_dataloader and test_dataloader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_numbers, is_number
from cfglint.sections.datasets import DATASET
from cfglint.sections.slots import Component, Many, Plain, Spec
from cfglint.sections.terms import Dict, absent, decided_keys, found, undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation

SAMPLER = Component(
    '`sampler`',
    {name: Spec(f'dataloaders:{name}') for name in ('DefaultSampler', 'InfiniteSampler')},
    optional=True,
)

BATCH_SAMPLER = Component('`batch_sampler`', {}, optional=True)

COLLATE = Component(
    '`collate_fn`',
    {name: Spec('dataloaders:Collate') for name in ('pseudo_collate', 'default_collate')},
    callable_=True,
    says='TypeError: collate_fn should be a dict or callable object',
    says_without_type='TypeError: the first argument must be callable',
)

WORKER_INIT = Component(
    '`worker_init_fn`',
    {'worker_init_fn': Spec('dataloaders:WorkerInit')},
    says="AttributeError: object has no attribute 'pop'",
)

_PARTS = {
    'dataset': DATASET,
    'sampler': SAMPLER,
    'batch_sampler': BATCH_SAMPLER,
    'collate_fn': COLLATE,
    'worker_init_fn': WORKER_INIT,
}


def data_loader_relations(given: Dict, name: str) -> Iterator[Violation]:
    if 'type' in given:
        message = 'a dataloader has no `type`, its `dataset` has'
        said = "TypeError: DataLoader.__init__() got an unexpected keyword argument 'type'"
        yield found(
            'unknown-field', message, 'type', raises=said, advice=Advice('remove it, or move it into `dataset`')
        )
    yield from _batches(given)
    yield from _workers(given)
    sampler = given.get('sampler')
    if sampler is not None and not undecided(sampler) and given.get('shuffle') is True:
        message = '`shuffle=True` and `sampler` exclude each other'
        said = 'ValueError: sampler option is mutually exclusive with shuffle'
        advice = Advice('move `shuffle=True` into the sampler')
        yield found('conflict', message, 'shuffle', raises=said, advice=advice, depends_on=('sampler',))
    if 'worker_init_fn' in given and isinstance(given.get('disable_subprocess_warning'), bool):
        message = '`disable_subprocess_warning` is for the default `worker_init_fn`, but another one is given'
        said = "TypeError: DataLoader.__init__() got an unexpected keyword argument 'disable_subprocess_warning'"
        yield found('conflict', message, 'disable_subprocess_warning', raises=said, depends_on=('worker_init_fn',))


def _batches(given: Dict) -> Iterator[Violation]:
    grouping = given.get('batch_sampler')
    if not isinstance(grouping, dict):
        if 'batch_size' in given and given['batch_size'] is None and 'collate_fn' not in given and grouping is None:
            message = '`batch_size` must be a positive integer, got `None`'
            advice = Advice('write how many samples a batch has, as in', '2')
            yield found('wrong-type', message, 'batch_size', raises='KeyError: 0', advice=advice)
        if is_number(given.get('num_batch_per_epoch')) and 'batch_size' not in given:
            message = '`num_batch_per_epoch` needs a `batch_size`'
            said = 'ValueError: Please set batch_size in `Dataloader` or `batch_sampler`'
            yield found('conflict', message, 'num_batch_per_epoch', raises=said)
        return
    if given.get('drop_last') is True:
        message = '`drop_last` and `batch_sampler` exclude each other'
        said = 'ValueError: batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last'
        advice = Advice('move `drop_last` into the batch sampler')
        yield found('conflict', message, 'drop_last', raises=said, advice=advice, depends_on=('batch_sampler',))
    if absent(given, 'sampler'):
        message = '`batch_sampler` needs a `sampler`'
        said = "TypeError: object of type 'NoneType' has no len()"
        advice = Advice('beside it, add', "sampler=dict(type='DefaultSampler', shuffle=True)")
        yield found('conflict', message, 'batch_sampler', raises=said, advice=advice, depends_on=('sampler',))
    if not decided_keys(grouping):
        return
    if 'batch_size' not in given and 'batch_size' not in grouping:
        message = '`batch_sampler` needs a `batch_size`, here or in the dataloader'
        said = 'ValueError: batch_size should be a positive integer value, but got batch_size=None'
        yield found('conflict', message, 'batch_sampler', raises=said)
    elif (
        are_numbers(given.get('batch_size'), grouping.get('batch_size'))
        and given['batch_size'] != grouping['batch_size']
    ):
        message = f'`batch_sampler.batch_size` (`{grouping["batch_size"]}`) wins: this `batch_size` has no effect'
        yield found('conflict', message, 'batch_size', severity='warning', depends_on=('batch_sampler',))


def _workers(given: Dict) -> Iterator[Violation]:
    workers = given.get('num_workers', 0)
    if not is_number(workers) or workers != 0:
        return
    if given.get('persistent_workers') is True:
        said = 'ValueError: persistent_workers option needs num_workers > 0'
        yield _needs_workers('persistent_workers', said)
    if is_number(given.get('prefetch_factor')):
        said = 'ValueError: prefetch_factor option could only be specified in multiprocessing.'
        yield _needs_workers('prefetch_factor', said)
    if is_number(given.get('timeout')) and given['timeout'] > 0:
        yield _needs_workers('timeout', 'AssertionError')
    if isinstance(given.get('multiprocessing_context'), str):
        said = 'ValueError: multiprocessing_context can only be used with multi-process loading (num_workers > 0)'
        yield _needs_workers('multiprocessing_context', said)


def _needs_workers(field: str, said: str) -> Violation:
    message = f'`{field}` needs workers, but `num_workers` is 0'
    return found('conflict', message, field, raises=said, depends_on=('num_workers',))


DATALOADER = Plain(
    'a dataloader',
    Spec('dataloaders:DataLoader', data_loader_relations, _PARTS),
    optional=True,
    says="AttributeError: object has no attribute 'dataset'",
)

DATALOADERS = Many(
    'a dataloader',
    DATALOADER,
    single=True,
    optional=True,
    tuples=False,
    says="AttributeError: object has no attribute 'dataset'",
)
