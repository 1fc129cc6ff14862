"""The optimizers of a config, and the groups of parameters that have learning rates of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.language.numbers import is_number
from cfglint.rules.reading.types import type_name
from cfglint.timeline.setup import Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLAIN: Final = {
    'DefaultOptimWrapperConstructor', 'DefaultOptimizerConstructor', 'ForceDefaultOptimWrapperConstructor',
    'MultiOptimWrapperConstructor',
}  # fmt: skip
"""The constructors that set learning rates as `paramwise_cfg` says and not by rules of their own."""
_MULTIPLIERS: Final = {'bias_lr_mult': 'biases', 'dcn_offset_lr_mult': 'offsets of deformable convolutions'}


def optimizers(given: Any) -> dict[str, dict[Any, Any]]:
    """Return the parts of `optim_wrapper` that hold an optimizer, by name; one alone has none."""
    if not isinstance(given, dict):
        return {}
    if 'optimizer' in given:
        return {'': given}
    return {str(key): each for key, each in given.items() if isinstance(each, dict) and 'optimizer' in each}


def legacy_optimizers(given: Any) -> dict[str, dict[Any, Any]]:
    """Return the optimizers of a config of 0.x in the same form."""
    if not isinstance(given, dict):
        return {}
    if 'type' in given:
        return {'': {**given, 'optimizer': given}}
    inner = {str(key): each for key, each in given.items() if isinstance(each, dict) and 'type' in each}
    return {key: {**each, 'optimizer': each} for key, each in inner.items()}


def groups(wrappers: Mapping[str, dict[Any, Any]], shared: Any) -> Iterator[Group]:
    """Yield the groups of parameters that differ in their learning rates, those of each optimizer.

    Args:
        wrappers: The optimizers, as `optimizers` returns them.
        shared: The `paramwise_cfg` of those that have none.
    """
    for name, wrapper in wrappers.items():
        optimizer = wrapper['optimizer'] if isinstance(wrapper['optimizer'], dict) else {}
        starts = dict(_starts(optimizer))
        yield Group(name, (), starts)
        if 'lr' in starts:
            found: dict[float, list[str]] = {}
            for part, rate in _rates(wrapper.get('paramwise_cfg') or shared, starts['lr']):
                found.setdefault(rate, []).append(part)
            for rate, parts in found.items():
                if rate != starts['lr']:
                    yield Group(name, tuple(parts), {**starts, 'lr': rate})


def _starts(optimizer: dict[Any, Any]) -> Iterator[tuple[str, float]]:
    if is_number(optimizer.get('lr')):
        yield 'lr', float(optimizer['lr'])
    betas = optimizer.get('betas')
    momentum: Any = betas[0] if isinstance(betas, (list, tuple)) and betas else optimizer.get('momentum')
    if is_number(momentum):
        yield 'momentum', float(momentum)


def _rates(paramwise: Any, rate: float) -> Iterator[tuple[str, float]]:
    if not isinstance(paramwise, dict):
        return
    custom = paramwise.get('custom_keys')
    for part, given in custom.items() if isinstance(custom, dict) else ():
        if isinstance(given, dict):
            own: Any = given.get('lr')
            factor = given.get('lr_mult', 1.0)
            if is_number(own) or is_number(factor):
                yield str(part), float(own) if is_number(own) else rate * factor
    for name, part in _MULTIPLIERS.items():
        if is_number(paramwise.get(name)):
            yield part, rate * paramwise[name]


def notes(given: Any, wrappers: Mapping[str, dict[Any, Any]]) -> Iterator[str]:
    """Yield what is to be said of learning rates that nothing but the model tells."""
    constructors = [each.get('constructor') for each in (given, *wrappers.values()) if isinstance(each, dict)]
    for name in dict.fromkeys(map(type_name, constructors)):
        if name is not None and name not in _PLAIN:
            yield f"`{name}` gives parts of the model learning rates of its own: the optimizer's is shown"
    for name, wrapper in wrappers.items():
        if not is_number(wrapper['optimizer'].get('lr') if isinstance(wrapper['optimizer'], dict) else None):
            yield f'the learning rate of {f"`{name}`" if name else "the optimizer"} is not given as a number'
