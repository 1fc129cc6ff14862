"""The scalars at the top level of a config."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cfglint.sections.models.base import (
    Mapped,
    Model,
    OptionalFlag,
    Says,
    Sequence,
    Truth,
    Words,
)

Modules = Annotated[str | Sequence[str] | None, Words('the name of a submodule, or a list of names')]


LEVELS = Literal['CRITICAL', 'FATAL', 'ERROR', 'WARN', 'WARNING', 'INFO', 'DEBUG', 'NOTSET']


class Arguments(Model):
    """What the Runner takes at the top level of a config.

    Source: mmengine.runner.runner:Runner, mmengine.runner.runner:Runner.from_cfg
    """

    work_dir: Annotated[
        str | None, Words('a path, or None'), Says('TypeError: expected str, bytes or os.PathLike object')
    ] = Field('work_dirs', description='The folder of checkpoints and logs; `tools/train.py` replaces None.')

    experiment_name: Any = Field(None, description='The name of the experiment; else that of the config file.')

    load_from: Annotated[
        Annotated[str, Field(min_length=1)] | None,
        Words('a path, an address, or None'),
        Says('FileNotFoundError: can not be found.', 'TypeError: expected string or bytes-like object'),
    ] = Field(None, description='The checkpoint to start from.')

    resume: Annotated[OptionalFlag, Truth('name the checkpoint in `load_from`')] = Field(
        False, description='Whether training goes on where `load_from`, or the last checkpoint in `work_dir`, ended.'
    )

    launcher: Annotated[
        Literal['none', 'pytorch', 'mpi', 'slurm'] | None, Says('ValueError: Invalid launcher type')
    ] = Field('none', description='Who starts the processes of distributed training; `tools/train.py` replaces it.')

    log_level: Annotated[
        LEVELS | int,
        Words('one of `DEBUG`, `INFO`, `WARNING`, `ERROR`, `CRITICAL`, or an integer'),
        Says('KeyError', 'TypeError: Level not an integer or a valid string'),
    ] = Field('INFO', description='The least severity that is logged.')

    default_scope: Annotated[
        Annotated[str, Field(min_length=1)] | None,
        Words('the name of a package, or None'),
        Says(
            "TypeError: the 'package' argument is required to perform a relative import for '.registry'",
            'AssertionError: scope_name should be a string',
        ),
    ] = Field('mmengine', description='The library in which types are looked up first.')

    sync_bn: Annotated[Literal['torch', 'mmcv'] | None, Says('ValueError: sync_bn should be "torch" or "mmcv"')] = (
        Field(None, description='The synchronized batch norm that replaces batch norm in distributed training.')
    )

    find_unused_parameters: OptionalFlag = Field(
        False, description='Whether parameters without gradient are looked for in distributed training.'
    )

    compile: Annotated[
        bool | Mapped | None, Words('a bool, or a dict of arguments of torch.compile'), Says('AssertionError')
    ] = Field(None, description='Whether the train step is compiled; or the arguments of torch.compile.')

    activation_checkpointing: Modules = Field(
        None, description='Submodules whose activations are computed again instead of kept.'
    )

    efficient_conv_bn_eval: Modules = Field(
        None, description='Submodules whose frozen batch norm is merged into the convolution before it.'
    )

    runner_type: Annotated[Any, Words('the name of a runner')] = Field(
        'Runner', description='The runner to build: Runner, FlexibleRunner, or one of your own.'
    )
