"""env_cfg and randomness: the process in which training runs."""

from __future__ import annotations

from cfglint.sections.slots import Plain, Spec

_PARTS = {
    'mp_cfg': Plain(
        '`mp_cfg`',
        Spec('env_cfg:MultiProcessing'),
        says='TypeError: set_multi_processing() argument after ** must be a mapping',
    ),
    'dist_cfg': Plain(
        '`dist_cfg`', Spec('env_cfg:DistributedEnvironment'), says='TypeError: argument after ** must be a mapping'
    ),
}

ENV_CFG = Plain('`env_cfg`', Spec('env_cfg:EnvCfg', slots=_PARTS), says="AttributeError: object has no attribute 'get'")

RANDOMNESS = Plain(
    '`randomness`',
    Spec('env_cfg:Randomness'),
    says='TypeError: Runner.set_randomness() argument after ** must be a mapping',
)
