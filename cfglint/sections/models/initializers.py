"""init_cfg."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from cfglint.sections.models.base import (
    Hint,
    Missing,
    Model,
    Number,
    Says,
    Text,
    Words,
)

Distribution = Annotated[Literal['uniform', 'normal'], Says('AssertionError')]


class Initializer(Model):
    """What all initializers have in common."""

    override: Any = Field(None, description='Submodules, by `name`, that start in another way.')


class Layered(Initializer):
    """Initializers of layers, and of their biases."""

    CALL: ClassVar[Any] = 'BaseInit.__init__()'

    bias: Annotated[Number, Says('TypeError: bias must be a number')] = Field(0, description='The value of biases.')

    bias_prob: Annotated[Any, Says('TypeError: bias_prob type must be float')] = Field(
        None, description='The probability from which the value of biases is computed.'
    )

    layer: Annotated[
        str | list[Any] | None,
        Words('a string or a list of strings'),
        Says('TypeError: layer must be a str or a list of str'),
    ] = Field(None, description='The classes of layers that start this way.')


class Constant(Layered):
    """One value.

    Source: mmengine.model.weight_init:ConstantInit
    """

    val: Annotated[
        Number, Missing("TypeError: ConstantInit.__init__() missing 1 required positional argument: 'val'")
    ] = Field(description='The value of weights.')


class Xavier(Layered):
    """Xavier (Glorot).

    Source: mmengine.model.weight_init:XavierInit
    """

    gain: Number = Field(1, description='The factor.')

    distribution: Distribution = Field('normal', description='The distribution.')


class Normal(Layered):
    """A normal distribution.

    Source: mmengine.model.weight_init:NormalInit
    """

    mean: Number = Field(0, description='The mean.')

    std: Number = Field(1, description='The standard deviation.')


class TruncNormal(Layered):
    """A normal distribution, cut off.

    Source: mmengine.model.weight_init:TruncNormalInit
    """

    mean: Number = Field(0, description='The mean.')

    std: Number = Field(1, description='The standard deviation.')

    a: Number = Field(-2, description='The smallest value.')

    b: Number = Field(2, description='The largest value.')


class Uniform(Layered):
    """A uniform distribution.

    Source: mmengine.model.weight_init:UniformInit
    """

    a: Number = Field(0, description='The smallest value.')

    b: Number = Field(1, description='The largest value.')


class Kaiming(Layered):
    """Kaiming (He).

    Source: mmengine.model.weight_init:KaimingInit
    """

    a: Number = Field(0, description='The negative slope of the nonlinearity.')

    mode: Annotated[Literal['fan_in', 'fan_out'], Says('ValueError: Mode not supported')] = Field(
        'fan_out', description='Whether the variance is kept forwards (fan_in) or backwards (fan_out).'
    )

    nonlinearity: Text = Field('relu', description='The name of the nonlinearity.')

    distribution: Distribution = Field('normal', description='The distribution.')


class Caffe2Xavier(Layered):
    """Xavier, as in Caffe2.

    Source: mmengine.model.weight_init:Caffe2XavierInit
    """

    HINTS: ClassVar[Any] = {
        key: Hint('remove it: Caffe2 fixes it') for key in ('a', 'mode', 'nonlinearity', 'distribution')
    }


class Pretrained(Initializer):
    """The weights of a checkpoint.

    Source: mmengine.model.weight_init:PretrainedInit
    """

    CALL: ClassVar[Any] = 'PretrainedInit.__init__()'

    checkpoint: Text = Field(description='The path or address of the checkpoint.')

    prefix: Text | None = Field(None, description='The part of the checkpoint to load: what its keys begin with.')

    map_location: Any = Field('cpu', description='The device to load it to.')
