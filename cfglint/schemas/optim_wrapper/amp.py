"""The wrappers for mixed precision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from cfglint.schemas.base import Flag, Integer, Mapped, Number, OptionalFlag, Says, Words, found, is_number
from cfglint.schemas.optim_wrapper.wrappers import OptimWrapper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation
    from cfglint.schemas.base import Dict

SCALER = ('device', 'init_scale', 'growth_factor', 'backoff_factor', 'growth_interval', 'enabled', 'process_group')


class AmpOptimWrapper(OptimWrapper):
    """Trains under automatic mixed precision, with a scaled loss.

    Source: mmengine.optim.optimizer.amp_optimizer_wrapper:AmpOptimWrapper
    """

    HINTS: ClassVar = {key: hint for key, hint in OptimWrapper.HINTS.items() if key not in ('loss_scale', 'dtype')}

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

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        scale = given.get('loss_scale')
        if isinstance(scale, int) and is_number(scale) and not isinstance(scale, bool):
            message = (
                f'`loss_scale` must be a float, got the integer `{scale}` (write `{scale}.`); '
                'MMEngine raises TypeError: loss_scale must be of type float, dict, or "dynamic"'
            )
            yield found('wrong-type', message, 'loss_scale')
        if isinstance(scale, dict):
            for key in scale:
                if isinstance(key, str) and key not in SCALER:
                    from cfglint.schemas.errors import nearest

                    said = f"TypeError: GradScaler.__init__() got an unexpected keyword argument '{key:.60}'"
                    message, meant = f'`GradScaler` does not take `{key:.60}`', nearest(key, SCALER)
                    yield found('unknown-field', message, 'loss_scale', key, says=said, suggestion=meant)


class ApexOptimWrapper(OptimWrapper):
    """Trains under mixed precision with NVIDIA's apex.

    Source: mmengine.optim.optimizer.apex_optimizer_wrapper:ApexOptimWrapper
    """

    HINTS: ClassVar = {key: hint for key, hint in OptimWrapper.HINTS.items() if key not in ('loss_scale', 'dtype')}

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
