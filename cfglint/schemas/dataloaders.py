"""train_dataloader, val_dataloader and test_dataloader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cfglint.schemas.base import (
    Dict,
    Flag,
    Hint,
    Integer,
    Missing,
    Model,
    Number,
    Says,
    Text,
    Words,
    absent,
    decided_keys,
    found,
    is_number,
    undecided,
)
from cfglint.schemas.datasets import DATASET
from cfglint.schemas.slots import Component, Many, Plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation

SAMPLER = Component(
    '`sampler`',
    {'DefaultSampler': 'dataloaders:DefaultSampler', 'InfiniteSampler': 'dataloaders:InfiniteSampler'},
    optional=True,
)
BATCH_SAMPLER = Component('`batch_sampler`', {}, optional=True)
COLLATE = Component(
    '`collate_fn`',
    {'pseudo_collate': 'dataloaders:Collate', 'default_collate': 'dataloaders:Collate'},
    callable_=True,
    says='TypeError: collate_fn should be a dict or callable object',
    says_without_type='TypeError: the first argument must be callable',
)
WORKER_INIT = Component(
    '`worker_init_fn`',
    {'worker_init_fn': 'dataloaders:WorkerInit'},
    says="AttributeError: object has no attribute 'pop'",
)


class DefaultSampler(Model):
    """Goes through the dataset once, each rank through its part.

    Source: mmengine.dataset.sampler:DefaultSampler
    """

    shuffle: Flag = Field(True, description='Whether the order is random.')
    seed: Annotated[Integer | None, Words('an integer')] = Field(
        None, description='The seed of the order; the Runner passes its own.'
    )
    round_up: Flag = Field(True, description='Whether samples are repeated until all ranks have equally many.')


class InfiniteSampler(Model):
    """Goes through the dataset again and again, without an end.

    Source: mmengine.dataset.sampler:InfiniteSampler
    """

    shuffle: Flag = Field(True, description='Whether the order is random.')
    seed: Annotated[Integer | None, Words('an integer')] = Field(
        None, description='The seed of the order; the Runner passes its own.'
    )


class Collate(Model):
    """Makes a batch of samples; takes no other arguments.

    Source: mmengine.dataset.utils:pseudo_collate, mmengine.dataset.utils:default_collate
    """


class WorkerInit(Model):
    """Seeds a worker process.

    Source: mmengine.dataset.utils:worker_init_fn
    """

    num_workers: Integer = Field(description='The number of workers.')
    rank: Integer = Field(description='The rank of this process.')
    seed: Integer = Field(description='The seed.')
    disable_subprocess_warning: bool = Field(False, description='Whether warnings of the workers are hidden.')


class DataLoader(Model):
    """A dataset, the order in which it is read, and how samples become batches.

    What MMEngine does not read itself goes to torch.utils.data.DataLoader.

    Source: mmengine.runner.runner:Runner.build_dataloader, torch.utils.data:DataLoader
    """

    HINTS: ClassVar = {
        'samples_per_gpu': Hint('since MMEngine it is `batch_size`', 'batch_size'),
        'workers_per_gpu': Hint('since MMEngine it is `num_workers`', 'num_workers'),
        'imgs_per_gpu': Hint('since MMEngine it is `batch_size`', 'batch_size'),
        'pipeline': Hint('it belongs in `dataset`'),
    }
    SLOTS: ClassVar = {
        'dataset': DATASET,
        'sampler': SAMPLER,
        'batch_sampler': BATCH_SAMPLER,
        'collate_fn': COLLATE,
        'worker_init_fn': WORKER_INIT,
    }

    dataset: Annotated[Any, Missing("TypeError: object of type 'NoneType' has no len()")] = Field(
        description='The dataset: its type and arguments.'
    )
    batch_size: Annotated[
        Annotated[int, Field(gt=0)] | None,
        Words('a positive integer'),
        Says('ValueError: batch_size should be a positive integer value'),
    ] = Field(1, description='The number of samples of a batch, on each device.')
    shuffle: bool | None = Field(
        None, description="Whether the order is random; MMEngine's samplers say it themselves."
    )
    sampler: Any = Field(None, description='The order of samples: its type and arguments; else sequential.')
    batch_sampler: Any = Field(None, description='How samples are grouped: its type and arguments.')
    num_workers: Annotated[
        int | bool,
        Field(ge=0),
        Words('an integer of at least 0'),
        Says(
            'ValueError: num_workers option should be non-negative',
            "TypeError: '<' not supported between instances of",
        ),
    ] = Field(0, description='The number of processes that load data; 0 loads in the main process.')
    collate_fn: Any = Field(
        {'type': 'pseudo_collate'}, description='Makes a batch of samples: its type and arguments, or a callable.'
    )
    pin_memory: Flag = Field(False, description='Whether batches are copied to pinned memory.')
    drop_last: Flag = Field(False, description='Whether an incomplete last batch is dropped.')
    timeout: Annotated[
        Number,
        Field(ge=0),
        Words('a number of at least 0'),
        Says('ValueError: timeout option should be non-negative', "TypeError: '<' not supported between instances of"),
    ] = Field(0, description='The seconds to wait for a batch of a worker; 0 waits forever.')
    worker_init_fn: Any = Field(None, description='Called in each worker: its type and arguments.')
    multiprocessing_context: Any = Field(None, description="How workers start: 'fork', 'spawn' or 'forkserver'.")
    generator: Any = Field(None, description='The random generator.')
    prefetch_factor: Annotated[int | None, Field(ge=0), Words('an integer')] = Field(
        None, description='The number of batches that each worker loads in advance.'
    )
    persistent_workers: Flag = Field(False, description='Whether workers live on between epochs.')
    pin_memory_device: Text = Field('', description='The device for pinned memory.')
    in_order: Flag = Field(True, description='Whether batches keep their order.')
    num_batch_per_epoch: Annotated[
        Number | None, Field(gt=0), Words('a positive integer'), Says('ZeroDivisionError', 'TypeError')
    ] = Field(None, description='Cuts the epoch to that many batches.')
    disable_subprocess_warning: Annotated[
        bool, Words('a bool'), Says('AssertionError: disable_subprocess_warning should be a bool')
    ] = Field(False, description='Whether warnings of the workers are hidden.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        if 'type' in given:
            message = 'a dataloader has no `type`, its `dataset` has'
            said = "TypeError: DataLoader.__init__() got an unexpected keyword argument 'type'"
            yield found('unknown-field', message, 'type', says=said)
        yield from _batches(given)
        yield from _workers(given)
        sampler = given.get('sampler')
        if sampler is not None and not undecided(sampler) and given.get('shuffle') is True:
            message = '`shuffle=True` excludes `sampler`: say it in the sampler'
            said = 'ValueError: sampler option is mutually exclusive with shuffle'
            yield found('conflict', message, 'shuffle', says=said)
        if 'worker_init_fn' in given and 'disable_subprocess_warning' in given:
            message = '`disable_subprocess_warning` is for the default `worker_init_fn`, but another one is given'
            said = "TypeError: DataLoader.__init__() got an unexpected keyword argument 'disable_subprocess_warning'"
            yield found('conflict', message, 'disable_subprocess_warning', says=said)


def _batches(given: Dict) -> Iterator[Violation]:
    grouping = given.get('batch_sampler')
    if not isinstance(grouping, dict):
        if 'batch_size' in given and given['batch_size'] is None and 'collate_fn' not in given and grouping is None:
            message = '`batch_size` must be a positive integer, got `None`: the default `collate_fn` needs batches'
            yield found('wrong-type', message, 'batch_size', says='KeyError: 0')
        if is_number(given.get('num_batch_per_epoch')) and 'batch_size' not in given:
            message = '`num_batch_per_epoch` needs a `batch_size`'
            said = 'ValueError: Please set batch_size in `Dataloader` or `batch_sampler`'
            yield found('conflict', message, 'num_batch_per_epoch', says=said)
        return
    if given.get('drop_last') is True:
        message = '`drop_last` excludes `batch_sampler`: say it in the batch sampler'
        said = 'ValueError: batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last'
        yield found('conflict', message, 'drop_last', says=said)
    if absent(given, 'sampler'):
        message = '`batch_sampler` needs a `sampler`'
        yield found(
            'conflict',
            f"{message}; MMEngine raises TypeError: object of type 'NoneType' has no len()",
            'batch_sampler',
        )
    if not decided_keys(grouping):
        return
    if 'batch_size' not in given and 'batch_size' not in grouping:
        message = '`batch_sampler` needs a `batch_size`, here or in the dataloader'
        said = 'ValueError: batch_size should be a positive integer value, but got batch_size=None'
        yield found('conflict', message, 'batch_sampler', says=said)
    elif (
        is_number(given.get('batch_size'), grouping.get('batch_size')) and given['batch_size'] != grouping['batch_size']
    ):
        message = f'`batch_sampler.batch_size` (`{grouping["batch_size"]}`) wins: this `batch_size` has no effect'
        yield found('conflict', message, 'batch_size', severity='warning')


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
    message = f'`{field}` needs workers, but `num_workers` is 0; MMEngine raises {said}'
    return found('conflict', message, field)


DATALOADER = Plain(
    'a dataloader', 'dataloaders:DataLoader', optional=True, says="AttributeError: object has no attribute 'dataset'"
)
# The loops of some libraries take several dataloaders, each with its evaluator. Whether this one does is decided by
# `val_cfg` and `test_cfg`, which are other sections.
DATALOADERS = Many(
    'a dataloader',
    DATALOADER,
    single=True,
    optional=True,
    tuples=False,
    says="AttributeError: object has no attribute 'dataset'",
)
