"""optim_wrapper and what stands in it, and auto_scale_lr."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from cfglint.sections.models.base import (
    AtLeastZero,
    Flag,
    Hint,
    Integer,
    Mapped,
    Model,
    Number,
    OptionalFlag,
    Positive,
    Says,
    Words,
)


class OptimWrapper(Model):
    """Updates the parameters, with accumulated and clipped gradients where wanted.

    Source: mmengine.optim.optimizer.optimizer_wrapper:OptimWrapper
    """

    HINTS: ClassVar[Any] = {
        'grad_clip': Hint('write `clip_grad`', 'clip_grad'),
        'loss_scale': Hint("remove it, or for loss scaling, write `type='AmpOptimWrapper'`"),
        'dtype': Hint("remove it, or for mixed precision, write `type='AmpOptimWrapper'`"),
        'lr': Hint('move it into `optimizer`'),
        'weight_decay': Hint('move it into `optimizer`'),
        'momentum': Hint('move it into `optimizer`'),
        'betas': Hint('move it into `optimizer`'),
    }

    optimizer: Any = Field(None, description='The optimizer: its type and arguments.')

    constructor: Any = Field(
        'DefaultOptimWrapperConstructor', description='Builds the wrapper; a custom one may build several optimizers.'
    )

    paramwise_cfg: Any = Field(None, description='Learning rates and weight decays of single parameters.')

    accumulative_counts: Annotated[
        Positive,
        Words('a positive integer'),
        Says(
            'AssertionError: _accumulative_counts at least greater than or equal to 1',
            "TypeError: '>' not supported between instances of",
        ),
    ] = Field(1, description='The number of batches whose gradients are accumulated before a step.')

    clip_grad: Annotated[Mapped | None, Says('AssertionError: If `clip_grad` is not None, it should be a `dict`')] = (
        Field(None, description='How gradients are clipped: the arguments of clip_grad_norm_ or clip_grad_value_.')
    )


class AmpOptimWrapper(OptimWrapper):
    """Trains under automatic mixed precision, with a scaled loss.

    Source: mmengine.optim.optimizer.amp_optimizer_wrapper:AmpOptimWrapper
    """

    HINTS: ClassVar[Any] = {key: hint for key, hint in OptimWrapper.HINTS.items() if key not in ('loss_scale', 'dtype')}

    loss_scale: Annotated[
        Literal['dynamic'] | float | Mapped,
        Words("`'dynamic'`, a float, or a dict of GradScaler arguments"),
        Says('TypeError: loss_scale must be of type float, dict, or "dynamic"'),
    ] = Field('dynamic', description="The factor of the loss: 'dynamic', fixed, or the arguments of GradScaler.")

    dtype: Annotated[
        Literal['float16', 'bfloat16', 'float32', 'float64'] | None,
        Words('one of `float16`, `bfloat16`, `float32`, `float64`, or None'),
        Says('AssertionError: dtype should be any of'),
    ] = Field(None, description='The type of numbers to compute with.')

    use_fsdp: Flag = Field(False, description='Whether the model is sharded by FSDP.')


class ApexOptimWrapper(OptimWrapper):
    """Trains under mixed precision with NVIDIA's apex.

    Source: mmengine.optim.optimizer.apex_optimizer_wrapper:ApexOptimWrapper
    """

    HINTS: ClassVar[Any] = {key: hint for key, hint in OptimWrapper.HINTS.items() if key not in ('loss_scale', 'dtype')}

    opt_level: Annotated[Literal['O0', 'O1', 'O2', 'O3'], Words('one of `O0`, `O1`, `O2`, `O3`')] = Field(
        'O1', description='The optimization level of apex.'
    )

    loss_scale: Annotated[Number | Literal['dynamic'] | str | None, Words("`'dynamic'` or a number")] = Field(
        'dynamic', description='The factor of the loss.'
    )

    enabled: OptionalFlag = Field(True, description='Whether apex is used at all.')

    cast_model_type: Any = Field(None, description='The type to which the model is cast.')

    patch_torch_functions: OptionalFlag = Field(None, description="Whether torch's functions are patched.")

    keep_batchnorm_fp32: bool | str | None = Field(None, description='Whether batch norm stays in float32.')

    master_weights: OptionalFlag = Field(None, description='Whether float32 copies of the weights are kept.')

    cast_model_outputs: Any = Field(None, description='The type to which outputs are cast.')

    num_losses: Integer = Field(1, description='The number of losses to scale separately.')

    verbosity: Integer = Field(1, description='0 suppresses the messages of apex.')

    min_loss_scale: Number | None = Field(None, description='The smallest factor of the loss.')

    max_loss_scale: Number | None = Field(2.0**24, description='The largest factor of the loss.')


Multiplier = Annotated[Number | None, Words('a number')]


class ParamwiseCfg(Model):
    """Learning rates and weight decays that differ between parameters.

    Source: mmengine.optim.optimizer.default_constructor:DefaultOptimWrapperConstructor
    """

    IGNORES_UNKNOWN: ClassVar[Any] = True

    NAME: ClassVar[Any] = 'paramwise_cfg'

    custom_keys: Annotated[
        dict[Any, dict[Any, Any]],
        Words("a dict of dicts, such as `{'backbone': dict(lr_mult=0.1)}`"),
        Says('TypeError: If specified, custom_keys must be a dict'),
    ] = Field({}, description='Part of a parameter name -> its `lr_mult` and `decay_mult`; the longest match wins.')

    bias_lr_mult: Multiplier = Field(None, description='Multiplies the learning rate of biases.')

    bias_decay_mult: Multiplier = Field(None, description='Multiplies the weight decay of biases.')

    norm_decay_mult: Multiplier = Field(None, description='Multiplies the weight decay of normalization layers.')

    dwconv_decay_mult: Multiplier = Field(None, description='Multiplies the weight decay of depth-wise convolutions.')

    flat_decay_mult: Multiplier = Field(None, description='Multiplies the weight decay of one-dimensional parameters.')

    dcn_offset_lr_mult: Multiplier = Field(None, description='Multiplies the learning rate of deformable offsets.')

    bypass_duplicate: Flag = Field(False, description='Whether parameters that were seen before are skipped.')


class TorchOptimizer(Model):
    """The arguments that the optimizers share.

    Source: torch.optim (each class that is exported there)
    """

    model_config = ConfigDict(extra='allow')

    HINTS: ClassVar[Any] = {
        key: Hint('move it out of `optimizer`, into `optim_wrapper`')
        for key in ('paramwise_cfg', 'clip_grad', 'accumulative_counts', 'constructor')
    }

    lr: Annotated[
        AtLeastZero,
        Says('ValueError: Invalid learning rate', "TypeError: '<' not supported between instances of"),
    ] = Field(0.001, description="The learning rate; PyTorch's own default depends on the optimizer.")

    weight_decay: Annotated[
        AtLeastZero,
        Says('ValueError: Invalid weight_decay value', "TypeError: '<' not supported between instances of"),
    ] = Field(0, description='The L2 penalty, or the decoupled decay.')

    momentum: AtLeastZero = Field(0, description='The momentum factor, where the optimizer has one.')

    betas: Any = Field((0.9, 0.999), description='The decay rates of the running averages, where it has them.')


class AutoScaleLR(Model):
    """Scales the learning rate by the real batch size over the one it was tuned for.

    Source: mmengine.runner.runner:Runner.scale_lr
    """

    IGNORES_UNKNOWN: ClassVar[Any] = True

    NAME: ClassVar[Any] = 'auto_scale_lr'

    enable: Flag = Field(False, description='Whether the learning rate is scaled.')

    base_batch_size: Annotated[
        Number | None, Words('a positive number'), Says('TypeError: float() argument must be a string or a real number')
    ] = Field(None, description='The batch size (over all devices) for which the learning rate was tuned.')
