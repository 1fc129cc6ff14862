"""The dataloaders and their samplers."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from cfglint.sections.models.base import (
    AtLeastZero,
    Flag,
    Hint,
    Integer,
    Missing,
    Model,
    NaturalNumber,
    Positive,
    Says,
    Text,
    Words,
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

    HINTS: ClassVar[Any] = {
        'samples_per_gpu': Hint('write `batch_size`', 'batch_size'),
        'workers_per_gpu': Hint('write `num_workers`', 'num_workers'),
        'imgs_per_gpu': Hint('write `batch_size`', 'batch_size'),
        'pipeline': Hint('move it into `dataset`'),
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
        NaturalNumber,
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
        AtLeastZero,
        Says('ValueError: timeout option should be non-negative', "TypeError: '<' not supported between instances of"),
    ] = Field(0, description='The seconds to wait for a batch of a worker; 0 waits forever.')

    worker_init_fn: Any = Field(None, description='Called in each worker: its type and arguments.')

    multiprocessing_context: Any = Field(None, description="How workers start: 'fork', 'spawn' or 'forkserver'.")

    generator: Any = Field(None, description='The random generator.')

    prefetch_factor: NaturalNumber | None = Field(
        None, description='The number of batches that each worker loads in advance.'
    )

    persistent_workers: Flag = Field(False, description='Whether workers live on between epochs.')

    pin_memory_device: Text = Field('', description='The device for pinned memory.')

    in_order: Flag = Field(True, description='Whether batches keep their order.')

    num_batch_per_epoch: Annotated[
        Positive | None, Words('a positive integer'), Says('ZeroDivisionError', 'TypeError')
    ] = Field(None, description='Cuts the epoch to that many batches.')

    disable_subprocess_warning: Annotated[
        bool, Words('a bool'), Says('AssertionError: disable_subprocess_warning should be a bool')
    ] = Field(False, description='Whether warnings of the workers are hidden.')
