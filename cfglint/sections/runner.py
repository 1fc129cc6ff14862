"""The scalars at the top level of a config, and the strategy."""

from __future__ import annotations

from cfglint.sections.slots import Component, Scalar, Spec

_ARGUMENTS = Spec('runner:Arguments')


def _argument(name: str) -> Scalar:
    return Scalar(_ARGUMENTS, name)


WORK_DIR = _argument('work_dir')
EXPERIMENT_NAME = _argument('experiment_name')
LOAD_FROM = _argument('load_from')
RESUME = _argument('resume')
LAUNCHER = _argument('launcher')
LOG_LEVEL = _argument('log_level')
DEFAULT_SCOPE = _argument('default_scope')
SYNC_BN = _argument('sync_bn')
FIND_UNUSED_PARAMETERS = _argument('find_unused_parameters')
COMPILE = _argument('compile')
ACTIVATION_CHECKPOINTING = _argument('activation_checkpointing')
EFFICIENT_CONV_BN_EVAL = _argument('efficient_conv_bn_eval')
RUNNER_TYPE = _argument('runner_type')

STRATEGY = Component('`strategy`', {}, optional=True)
