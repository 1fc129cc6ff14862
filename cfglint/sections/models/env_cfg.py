"""env_cfg and randomness."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from cfglint.sections.models.base import (
    Flag,
    Hint,
    Model,
    Number,
    Says,
    Text,
    Words,
)


class MultiProcessing(Model):
    """How processes are started.

    Source: mmengine.utils.dl_utils.setup_env:set_multi_processing
    """

    NAME: ClassVar[Any] = 'mp_cfg'

    CALL: ClassVar[Any] = 'set_multi_processing()'

    HINTS: ClassVar[Any] = {
        'distributed': Hint(
            'remove it: the Runner passes it',
            says="TypeError: set_multi_processing() got multiple values for keyword argument 'distributed'",
        )
    }

    mp_start_method: Annotated[
        Literal['fork', 'spawn', 'forkserver'] | None, Says('ValueError: cannot find context for')
    ] = Field('fork', description='How worker processes are started.')

    opencv_num_threads: Annotated[int | float | bool, Words('an integer'), Says('TypeError')] = Field(
        0, description='The number of threads that OpenCV uses in each process.'
    )


class DistributedEnvironment(Model):
    """How processes talk to each other; the keys of the backend itself go to torch.distributed.

    Source: mmengine.dist.utils:init_dist
    """

    NAME: ClassVar[Any] = 'dist_cfg'

    CALL: ClassVar[Any] = 'init_dist()'

    model_config = ConfigDict(extra='allow')

    backend: Text = Field('nccl', description='The backend of torch.distributed, such as nccl or gloo.')

    init_backend: Literal['torch', 'deepspeed', 'colossalai'] = Field('torch', description='Who sets the backend up.')

    timeout: Annotated[
        Number | None,
        Words('a number of seconds'),
        Says('TypeError: timeout for distributed training must be provided as'),
    ] = Field(None, description='The seconds until an operation between processes fails.')


class EnvCfg(Model):
    """The environment.

    Source: mmengine.runner.runner:Runner.setup_env
    """

    IGNORES_UNKNOWN: ClassVar[Any] = True

    NAME: ClassVar[Any] = 'env_cfg'

    HINTS: ClassVar[Any] = {
        name: Hint('write `randomness = dict(seed=…, deterministic=…)` at the top level')
        for name in ('seed', 'deterministic')
    }

    cudnn_benchmark: Flag = Field(False, description='Whether cuDNN looks for the fastest algorithms.')

    mp_cfg: Any = Field({}, description='How processes are started.')

    dist_cfg: Any = Field({}, description='How processes talk to each other.')

    resource_limit: Annotated[Number, Words('an integer'), Says("TypeError: '>' not supported")] = Field(
        4096, description='The number of files that may be open.'
    )


class Randomness(Model):
    """The seed.

    Source: mmengine.runner.runner:Runner.set_randomness
    """

    NAME: ClassVar[Any] = 'randomness'

    CALL: ClassVar[Any] = 'Runner.set_randomness()'

    seed: Annotated[
        Annotated[int, Field(ge=0, lt=2**32)] | bool | None,
        Words('an integer from 0 to 2**32 - 1, or None'),
        Says('ValueError: Seed must be between 0 and 2**32 - 1', 'TypeError: Cannot cast scalar'),
    ] = Field(description='The seed of all random numbers; None draws one.')

    diff_rank_seed: Flag = Field(False, description='Whether each rank has its own seed.')

    deterministic: Flag = Field(False, description='Whether only deterministic algorithms are used.')
