"""The schedulers of param_scheduler."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from cfglint.sections.models.base import (
    AtLeastZero,
    BelowOne,
    Flag,
    Fraction,
    Hint,
    Integer,
    Model,
    Number,
    Says,
    Sequence,
    Text,
    Words,
)

Time = Annotated[Number, Says('TypeError')]


FOREVER = 1_000_000_000


_WARMUP = (
    "make the warm-up a scheduler of its own, `dict(type='LinearLR', start_factor=…, by_epoch=False, begin=0, end=…)`"
)


class Scheduler(Model):
    """Changes a parameter of the optimizer from `begin` to `end`."""

    HINTS: ClassVar[Any] = {
        'optimizer': Hint(
            'remove it: the Runner passes its own optimizer', says='TypeError: ``optimizer`` should be an Optimizer'
        ),
        'param_name': Hint(
            'remove it: the name of the class says which parameter changes',
            says="TypeError: got multiple values for argument 'param_name'",
        ),
        'step': Hint('write `step_size`, or for epochs to decay at, `milestones` of `MultiStepLR`'),
        'last_epoch': Hint('write `last_step`', 'last_step'),
        'min_lr': Hint('write `eta_min`', 'eta_min', 'eta_min'),
        'min_lr_ratio': Hint('write `eta_min_ratio`', 'eta_min_ratio', 'eta_min_ratio'),
        'max_lr': Hint('write `eta_max`', 'eta_max', 'eta_max'),
        'warmup': Hint(_WARMUP),
        'warmup_iters': Hint(_WARMUP),
        'warmup_ratio': Hint(_WARMUP),
        'warmup_by_epoch': Hint(_WARMUP),
    }

    begin: Time = Field(0, description='The epoch (or iteration) at which the scheduler starts.')

    end: Time = Field(FOREVER, description='The epoch (or iteration) at which it stops; else the end of training.')

    last_step: Annotated[Literal[-1], Words('-1'), Says("KeyError: param 'initial_lr' is not specified")] = Field(
        -1, description='The last step of a resumed run; a config leaves it alone.'
    )

    by_epoch: Flag = Field(True, description='Whether steps are epochs; else they are iterations.')

    verbose: Any = Field(False, description='Whether each change is printed.')

    convert_to_iter_based: Flag = Field(
        False, description='Whether a scheduler that is given in epochs steps in iterations.'
    )

    epoch_length: Number | None = Field(
        None, description='The iterations of an epoch, for `convert_to_iter_based`; else the length of the dataloader.'
    )


class Step(Scheduler):
    """Decays by `gamma` every `step_size` steps.

    Source: mmengine.optim.scheduler.param_scheduler:StepParamScheduler
    """

    CALL: ClassVar[Any] = 'StepParamScheduler.__init__()'

    step_size: Annotated[Number, Words('a positive integer')] = Field(
        description='The number of epochs (or iterations) between two decays.'
    )

    gamma: Number = Field(0.1, description='The factor of each decay.')


class MultiStep(Scheduler):
    """Decays by `gamma` at each milestone.

    Source: mmengine.optim.scheduler.param_scheduler:MultiStepParamScheduler
    """

    CALL: ClassVar[Any] = 'MultiStepParamScheduler.__init__()'

    milestones: Annotated[Sequence[Number], Words('a list of integers'), Says('TypeError: object is not iterable')] = (
        Field(description='The epochs (or iterations) at which to decay, counted from `begin`.')
    )

    gamma: Number = Field(0.1, description='The factor of each decay.')


class StepParamScheduler(Step):
    """Decays any parameter by `gamma` every `step_size` steps.

    Source: mmengine.optim.scheduler.param_scheduler:StepParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class MultiStepParamScheduler(MultiStep):
    """Decays any parameter by `gamma` at each milestone.

    Source: mmengine.optim.scheduler.param_scheduler:MultiStepParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class Exponential(Scheduler):
    """Decays by `gamma` at every step.

    Source: mmengine.optim.scheduler.param_scheduler:ExponentialParamScheduler
    """

    CALL: ClassVar[Any] = 'ExponentialParamScheduler.__init__()'

    gamma: Number = Field(description='The factor of each step.')


class Poly(Scheduler):
    """Decays to `eta_min` along a polynomial.

    Source: mmengine.optim.scheduler.param_scheduler:PolyParamScheduler
    """

    CALL: ClassVar[Any] = 'PolyParamScheduler.__init__()'

    eta_min: Number = Field(0, description='The value at the end.')

    power: Number = Field(1.0, description='The exponent; 1 decays linearly.')


class ExponentialParamScheduler(Exponential):
    """Decays any parameter by `gamma` at every step.

    Source: mmengine.optim.scheduler.param_scheduler:ExponentialParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class PolyParamScheduler(Poly):
    """Decays any parameter to `eta_min` along a polynomial.

    Source: mmengine.optim.scheduler.param_scheduler:PolyParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class Constant(Scheduler):
    """Multiplies by a constant until `end`.

    Source: mmengine.optim.scheduler.param_scheduler:ConstantParamScheduler
    """

    CALL: ClassVar[Any] = 'ConstantParamScheduler.__init__()'

    factor: Annotated[Fraction, Says('ValueError: Constant multiplicative factor should between 0 and 1.')] = Field(
        1 / 3, description='The factor until `end`.'
    )


class Linear(Scheduler):
    """Multiplies by a factor that goes linearly from `start_factor` to `end_factor`.

    Source: mmengine.optim.scheduler.param_scheduler:LinearParamScheduler
    """

    CALL: ClassVar[Any] = 'LinearParamScheduler.__init__()'

    start_factor: Annotated[Fraction, Says('ValueError: Starting multiplicative factor should between 0 and 1.')] = (
        Field(1 / 3, description='The factor at `begin`.')
    )

    end_factor: Annotated[Fraction, Says('ValueError: Ending multiplicative factor should between 0 and 1.')] = Field(
        1.0, description='The factor at `end`.'
    )


class ConstantParamScheduler(Constant):
    """Multiplies any parameter by a constant until `end`.

    Source: mmengine.optim.scheduler.param_scheduler:ConstantParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class LinearParamScheduler(Linear):
    """Multiplies any parameter by a factor that changes linearly.

    Source: mmengine.optim.scheduler.param_scheduler:LinearParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class CosineAnnealing(Scheduler):
    """Decays to `eta_min` along half a cosine.

    Source: mmengine.optim.scheduler.param_scheduler:CosineAnnealingParamScheduler
    """

    CALL: ClassVar[Any] = 'CosineAnnealingParamScheduler.__init__()'

    T_max: Number | None = Field(None, description='The number of steps of the half cosine; else from begin to end.')

    eta_min: Number | None = Field(None, description='The value at the end, 0 if nothing is said.')

    eta_min_ratio: Number | None = Field(None, description='The value at the end, as a part of the initial value.')


class CosineAnnealingParamScheduler(CosineAnnealing):
    """Decays any parameter along half a cosine.

    Source: mmengine.optim.scheduler.param_scheduler:CosineAnnealingParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class CosineRestart(Scheduler):
    """Decays along half a cosine, again and again.

    Source: mmengine.optim.scheduler.param_scheduler:CosineRestartParamScheduler
    """

    CALL: ClassVar[Any] = 'CosineRestartParamScheduler.__init__()'

    periods: Annotated[Sequence[Number], Words('a list of integers')] = Field(
        description='The number of epochs (or iterations) of each cycle.'
    )

    restart_weights: Annotated[Sequence[Number], Words('a list of numbers')] = Field(
        (1,), description='The part of the initial value at which each cycle starts.'
    )

    eta_min: Number | None = Field(None, description='The value at the end of each cycle.')

    eta_min_ratio: Number | None = Field(None, description='The same, as a part of the initial value.')


class CosineRestartParamScheduler(CosineRestart):
    """Decays any parameter along half a cosine, again and again.

    Source: mmengine.optim.scheduler.param_scheduler:CosineRestartParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class OneCycle(Scheduler):
    """Rises to `eta_max` and falls again, within one cycle.

    Source: mmengine.optim.scheduler.param_scheduler:OneCycleParamScheduler
    """

    CALL: ClassVar[Any] = 'OneCycleParamScheduler.__init__()'

    eta_max: Number | Sequence[Number] = Field(0, description='The value at the top (for each parameter group).')

    total_steps: Annotated[
        Integer | None,
        Words('a positive integer'),
        Says('ValueError: Expected positive integer total_steps'),
    ] = Field(None, description='The number of steps of the cycle; else from begin to end.')

    pct_start: Annotated[
        float,
        Field(ge=0, le=1),
        Words('a float from 0 to 1'),
        Says('ValueError: Expected float between 0 and 1 pct_start'),
    ] = Field(0.3, description='The part of the cycle that rises.')

    anneal_strategy: Annotated[
        Literal['cos', 'linear'],
        Says('ValueError: anneal_strategy must by one of "cos" or "linear"'),
    ] = Field('cos', description='The curve.')

    div_factor: Number = Field(25.0, description='The value at the start is `eta_max` divided by this.')

    final_div_factor: Number = Field(1e4, description='The last value is the first divided by this.')

    three_phase: Flag = Field(False, description='Whether a third phase ends the cycle.')


class OneCycleParamScheduler(OneCycle):
    """The one-cycle policy, of the learning rate by name: no other parameter is supported.

    Source: mmengine.optim.scheduler.param_scheduler:OneCycleParamScheduler
    """

    param_name: Annotated[Literal['lr'], Says('AssertionError: OneCycle only works for learning rate updating')] = (
        Field(description='The parameter of the optimizer that changes.')
    )


class ReduceOnPlateau(Scheduler):
    """Decays by `factor` when `monitor` has not improved for `patience` validations.

    Source: mmengine.optim.scheduler.param_scheduler:ReduceOnPlateauParamScheduler
    """

    CALL: ClassVar[Any] = 'ReduceOnPlateauParamScheduler.__init__()'

    monitor: Text = Field('loss', description='The metric to watch, with its prefix.')

    rule: Annotated[Literal['less', 'greater'], Says('ValueError: mode is unknown!')] = Field(
        'less', description='Whether less or more of the metric is better.'
    )

    factor: Annotated[BelowOne, Says('ValueError: Factor should be < 1.0.')] = Field(
        0.1, description='The factor of each decay.'
    )

    patience: Number = Field(10, description='The number of validations without improvement before a decay.')

    threshold: Annotated[AtLeastZero, Says('ValueError: threshold should be >= 0.')] = Field(
        1e-4, description='What counts as an improvement.'
    )

    threshold_rule: Annotated[Literal['rel', 'abs'], Says('ValueError: threshold mode is unknown!')] = Field(
        'rel', description='Whether the threshold is relative to the best value.'
    )

    cooldown: Number = Field(0, description='The number of validations to wait after a decay.')

    min_value: Number | Sequence[Number] = Field(0.0, description='The smallest value (of each parameter group).')

    eps: Number = Field(1e-8, description='Smaller changes are not applied.')


class ReduceOnPlateauParamScheduler(ReduceOnPlateau):
    """Decays any parameter when a metric has not improved.

    Source: mmengine.optim.scheduler.param_scheduler:ReduceOnPlateauParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')
