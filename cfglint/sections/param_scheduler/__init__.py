"""param_scheduler: how learning rates, momenta and other parameters change while training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.language.values import Lazy, Opaque
from cfglint.sections.param_scheduler import common, cosine, onecycle, plateau, restart, steps, warmup
from cfglint.sections.slots import Component, Many, Spec
from cfglint.sections.terms import decided_keys
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_RELATIONS: Final = {
    'Step': steps.step_relations,
    'MultiStep': steps.multi_step_relations,
    'Exponential': common.scheduler_relations,
    'Poly': common.scheduler_relations,
    'Constant': warmup.constant_relations,
    'Linear': warmup.linear_relations,
    'CosineAnnealing': cosine.cosine_annealing_relations,
    'CosineRestart': restart.cosine_restart_relations,
    'OneCycle': onecycle.one_cycle_relations,
    'ReduceOnPlateau': plateau.reduce_on_plateau_relations,
}
# Those of learning rate and momentum share a model; the general ones name a parameter.
SCHEDULERS: Final = {
    kind + parameter: Spec(f'param_scheduler:{kind}{parameter.removeprefix("LR").removeprefix("Momentum")}', relations)
    for kind, relations in _RELATIONS.items()
    for parameter in ('LR', 'Momentum', 'ParamScheduler')
    if kind + parameter != 'OneCycleMomentum'
}

_SAYS = 'TypeError: `param_scheduler` should be a `_ParamScheduler`, `dict`, list or a tuple'
SCHEDULER = Component(
    'a parameter scheduler',
    SCHEDULERS,
    says=_SAYS,
    says_without_type='AssertionError: Each parameter scheduler should contain the key type',
)
_LIST = Many('`param_scheduler`', SCHEDULER, single=True, optional=True, says=_SAYS)


class Schedulers:
    """One scheduler, a list of them, or (with several optimizers) such a list for each optimizer."""

    each = _LIST

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if isinstance(value, dict) and 'type' not in value and decided_keys(value):
            if not value:
                message = '`param_scheduler` needs `type`, the class to build'
                yield Violation(path, 'missing-field', message, raises="KeyError: 'type'")
            elif any(isinstance(item, (dict, list, tuple, Lazy, Opaque)) for item in value.values()):
                for name, schedulers in value.items():
                    yield from self._of_optimizer(name, schedulers, (*path, name), shadowed)
            else:
                yield from SCHEDULER.check(value, path, shadowed)
        else:
            yield from _LIST.check(value, path, shadowed)

    def _of_optimizer(
        self, name: str, schedulers: object, path: Path, shadowed: Collection[str]
    ) -> Iterator[Violation]:
        if schedulers is not None:
            yield from _LIST.check(schedulers, path, shadowed)
        else:
            message = f'the schedulers of `{name:.60}` must be a dict or a list, got `None`'
            said = 'AssertionError: Each value of `param_scheduler` should be a dict or a list'
            yield Violation(path, 'wrong-type', message, raises=said)


PARAM_SCHEDULER = Schedulers()
