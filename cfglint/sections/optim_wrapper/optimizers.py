"""The optimizers of PyTorch, which MMEngine registers under their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import are_numbers
from cfglint.sections.slots import Spec
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cfglint.sections.violations import Path, Violation

_SWITCHES = 'foreach maximize capturable differentiable fused '

ARGUMENTS = {
    'ASGD': 'lr lambd alpha t0 weight_decay',
    'Adadelta': 'lr rho eps weight_decay',
    'Adagrad': 'lr lr_decay weight_decay initial_accumulator_value eps',
    'Adam': 'lr betas eps weight_decay amsgrad decoupled_weight_decay',
    'AdamW': 'lr betas eps weight_decay amsgrad',
    'Adamax': 'lr betas eps weight_decay',
    'LBFGS': 'lr max_iter max_eval tolerance_grad tolerance_change history_size line_search_fn',
    'NAdam': 'lr betas eps weight_decay momentum_decay decoupled_weight_decay',
    'RAdam': 'lr betas eps weight_decay decoupled_weight_decay',
    'RMSprop': 'lr alpha eps weight_decay momentum centered',
    'Rprop': 'lr etas step_sizes',
    'SGD': 'lr momentum dampening weight_decay nesterov',
    'SparseAdam': 'lr betas eps maximize',
}

"""The arguments of each optimizer, whatever the release of PyTorch; and, of all but two, the switches of newer ones."""


class OptimizerSpec(Spec):
    """An optimizer: the model has what all share, and the names of its arguments are in the table."""

    def check(self, value: Dict, path: Path, shadowed: Collection[str], name: str | None = None) -> Iterator[Violation]:
        called = name or 'SGD'
        yield from super().check(value, path, shadowed, called)
        known = arguments(called)
        taken = {*known, 'type', '_scope_', '_delete_'}
        unknown = [key for key in value if isinstance(key, str) and key not in taken]
        if unknown:
            from cfglint.sections.errors import unknown_fields

            yield from unknown_fields(self.model, called, unknown, path, known)


def optimizer_relations(given: Dict, name: str) -> Iterator[Violation]:
    if name == 'SGD' and given.get('nesterov') is True:
        momentum, dampening = given.get('momentum', 0), given.get('dampening', 0)
        if are_numbers(momentum, dampening) and (momentum <= 0 or dampening != 0):
            message = '`nesterov` needs a positive `momentum` and no `dampening`'
            said = 'ValueError: Nesterov momentum requires a momentum and zero dampening'
            yield found('conflict', message, 'nesterov', raises=said, depends_on=('momentum', 'dampening'))
    if name == 'LBFGS':
        message = '`LBFGS` needs a closure at each step, which MMEngine does not pass'
        said = "TypeError: LBFGS.step() missing 1 required positional argument: 'closure'"
        yield found('invalid-choice', message, 'type', raises=said)
    betas = given.get('betas')
    if isinstance(betas, (list, tuple)) and are_numbers(*betas) and not _in_range(betas):
        message = f'`betas` must be numbers of at least 0 and below 1, got `{tuple(betas[:2])}`'
        yield found('out-of-range', message, 'betas', raises='ValueError: Invalid beta parameter')


def _in_range(betas: Any) -> bool:
    return all(0 <= beta < 1 for beta in betas)


def arguments(name: str) -> list[str]:
    """The arguments that an optimizer takes in some release of PyTorch."""
    switches = '' if name in ('LBFGS', 'SparseAdam') else _SWITCHES
    return (ARGUMENTS[name] + ' ' + switches).split()
