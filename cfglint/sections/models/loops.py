"""The loops of train_cfg, val_cfg and test_cfg."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from cfglint.sections.models.base import (
    Flag,
    Hint,
    Model,
    Number,
    Says,
    Whole,
    Words,
)

Interval = Annotated[Number, Words('a positive integer'), Says('TypeError: unsupported operand type(s) for %')]


Milestones = Annotated[
    list[tuple[int | float | bool, ...]] | None,
    Words('a list of tuples (milestone, interval)'),
    Says('AssertionError (its text is empty)'),
]


class TrainLoop(Model):
    """What the two training loops have in common."""

    val_begin: Annotated[Number, Words('an integer'), Says("TypeError: '>=' not supported")] = Field(
        1, description='The epoch (or iteration) from which on validation may run.'
    )

    dynamic_intervals: Milestones = Field(
        None, description='Pairs (milestone, interval): from the milestone on, validation runs at that interval.'
    )


_OF_MODELS = {
    'disc_steps': Hint('write `discriminator_steps` in the `model`'),
    'gen_steps': Hint('write `generator_steps` in the `model`'),
    'batch_accumulation_steps': Hint('write `accumulative_counts` in the `optim_wrapper`'),
    'use_ema': Hint('write `ema_config` in the `model`'),
}
"""What GANs of 0.x took from the section that is the loop now."""


class EpochBasedTrainLoop(TrainLoop):
    """Trains for a number of passes over the dataset.

    Source: mmengine.runner.loops:EpochBasedTrainLoop
    """

    HINTS: ClassVar[Any] = {
        **_OF_MODELS,
        'max_iters': Hint('write `max_epochs`, or add `by_epoch=False`: this loop counts epochs', None, 'max_epochs'),
    }

    by_epoch: Flag = Field(True, description='True for an epoch-based loop. Only without `type`.')

    max_epochs: Annotated[Whole, Says('AssertionError: `max_epochs` should be a integer number')] = Field(
        description='The number of epochs to train.'
    )

    val_interval: Interval = Field(1, description='The number of epochs between two validations.')


class IterBasedTrainLoop(TrainLoop):
    """Trains for a number of batches.

    Source: mmengine.runner.loops:IterBasedTrainLoop
    """

    HINTS: ClassVar[Any] = {
        **_OF_MODELS,
        'max_epochs': Hint(
            'add `by_epoch=True`, or write `max_iters`: this loop, the default, counts iterations',
            None,
            'max_iters',
        ),
    }

    by_epoch: Flag = Field(False, description='False for an iteration-based loop. Only without `type`.')

    max_iters: Annotated[Whole, Says('AssertionError: `max_iters` should be a integer number')] = Field(
        description='The number of iterations (batches) to train.'
    )

    val_interval: Interval = Field(1000, description='The number of iterations between two validations.')


_BELONGS = {
    'interval': Hint('remove it: `val_interval` of `train_cfg` says how often'),
    'val_interval': Hint('remove it: `val_interval` of `train_cfg` says how often'),
    'begin': Hint('remove it: `val_begin` of `train_cfg` says when'),
    'val_begin': Hint('remove it: `val_begin` of `train_cfg` says when'),
}


class ValLoop(Model):
    """Validates once over the dataset.

    Source: mmengine.runner.loops:ValLoop
    """

    HINTS: ClassVar[Any] = _BELONGS

    fp16: Flag = Field(False, description='Whether to run the model under automatic mixed precision.')


class TestLoop(Model):
    """Tests once over the dataset.

    Source: mmengine.runner.loops:TestLoop
    """

    HINTS: ClassVar[Any] = _BELONGS

    fp16: Flag = Field(False, description='Whether to run the model under automatic mixed precision.')
