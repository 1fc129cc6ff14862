"""The optimizer wrapper and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_number
from cfglint.sections.optim_wrapper.optimizers import ARGUMENTS, OptimizerSpec, optimizer_relations
from cfglint.sections.optim_wrapper.paramwise import needs, paramwise_relations
from cfglint.sections.slots import Component, Plain, Spec
from cfglint.sections.terms import Dict, decided_keys, found, undecided
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

DEFAULT_CONSTRUCTOR = 'DefaultOptimWrapperConstructor'

Optimizer = Component(
    '`optimizer`',
    {name: OptimizerSpec('optim_wrapper:TorchOptimizer', optimizer_relations) for name in ARGUMENTS},
    optional=True,
    says="AttributeError: object has no attribute 'get'",
    says_without_type="KeyError: 'type'",
)

Paramwise = Plain(
    '`paramwise_cfg`',
    Spec('optim_wrapper:ParamwiseCfg', paramwise_relations),
    optional=True,
    says='TypeError: paramwise_cfg should be None or a dict',
)


_SURE = frozenset({'wrong-type', 'out-of-range'})
"""What is wrong with a wrapper or an optimizer whatever a custom constructor adds to it, or takes out of it."""


_STOCK = {name: Spec(f'optim_wrapper:{name}') for name in ('OptimWrapper', 'AmpOptimWrapper', 'ApexOptimWrapper')}
_OF_CONSTRUCTOR = frozenset({'optimizer', 'constructor', 'paramwise_cfg'})
"""Fields that mean what a custom constructor makes of them."""


def _made_by_constructor(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """What is wrong with the wrapper, or with several, whatever their constructor does."""
    for inner, place in ((value, path), *((each, (*path, name)) for name, each in value.items())):
        if not isinstance(inner, dict):
            continue
        optimizer = inner.get('optimizer')
        if isinstance(optimizer, dict) and 'type' in optimizer:
            yield from Optimizer.check(optimizer, (*place, 'optimizer'), shadowed)
        kind = inner.get('type', 'OptimWrapper' if inner is value else None)
        if isinstance(kind, str) and kind in _STOCK and kind not in shadowed:
            for each in _STOCK[kind].check(inner, place, shadowed):
                if each.path[len(place) :][:1] not in {(field,) for field in _OF_CONSTRUCTOR}:
                    yield each


class WrapperSpec(Spec):
    """A wrapper, its optimizer, and what the constructor makes of both."""

    def check(self, value: Dict, path: Path, shadowed: Collection[str], name: str | None = None) -> Iterator[Violation]:
        """With a custom constructor, only the constructor knows what else stands in the dict than optimizers."""
        constructor = value.get('constructor', DEFAULT_CONSTRUCTOR)
        if constructor != DEFAULT_CONSTRUCTOR and constructor is not None:
            for each in _made_by_constructor(value, path, shadowed):
                if each.kind in _SURE or each.suggestion is not None:
                    yield each
            if not undecided(value.get('clip_grad')):
                yield from _clipping(value, path)
            return
        if value.get('optimizer') is None and 'constructor' not in value:
            return  # the section itself said what is missing
        yield from super().check(value, path, shadowed, name)
        optimizer = value.get('optimizer')
        yield from Optimizer.check(optimizer, (*path, 'optimizer'), shadowed)
        yield from Paramwise.check(value.get('paramwise_cfg'), (*path, 'paramwise_cfg'), shadowed)
        if isinstance(optimizer, dict) and isinstance(value.get('paramwise_cfg'), dict):
            yield from needs(value['paramwise_cfg'], optimizer, (*path, 'paramwise_cfg'))
        yield from _clipping(value, path)


ADD_OPTIMIZER = Advice('add the optimizer, as in', "optimizer=dict(type='SGD', lr=0.01)")


def optim_wrapper_relations(given: Dict, name: str) -> Iterator[Violation]:
    counts = given.get('accumulative_counts')
    if isinstance(counts, float) and counts > 0 and counts != counts // 1:
        message = f'`accumulative_counts` must be a positive integer, got `{counts}`: it never divides evenly'
        yield found('wrong-type', message, 'accumulative_counts', severity='warning')
    if given.get('optimizer') is None and 'constructor' in given:
        said = 'AssertionError: `optim_wrapper_cfg` must contain "optimizer" config'
        yield found('missing-field', f'`{name}` needs `optimizer`', raises=said, advice=ADD_OPTIMIZER)


_CLIPPERS = {
    'norm': ('max_norm', ('max_norm', 'norm_type', 'error_if_nonfinite', 'foreach')),
    'value': ('clip_value', ('clip_value', 'foreach')),
}


def _clipping(wrapper: Dict, path: Path) -> Iterator[Violation]:
    clip = wrapper.get('clip_grad')
    if not isinstance(clip, dict) or not decided_keys(clip):
        return
    path = (*path, 'clip_grad')
    if not clip:
        message = '`clip_grad` must be None, or say how to clip'
        said = 'AssertionError: If `clip_grad` is not None, it should be a `dict`'
        yield Violation(path, 'missing-field', message, raises=said, advice=Advice('write', 'dict(max_norm=35)'))
        return
    how = clip.get('type', 'norm')
    if undecided(how):
        return
    if not isinstance(how, str) or how not in _CLIPPERS:
        from cfglint.sections.wording import nearest, show

        said = 'ValueError: type of clip_grad should be "norm" or "value"'
        message = f'`clip_grad.type` must be one of `norm`, `value`, got {show(how)}'
        suggestion = nearest(how, _CLIPPERS) if isinstance(how, str) else None
        yield Violation((*path, 'type'), 'invalid-choice', message, suggestion, raises=said)
        return
    yield from _clip_arguments(clip, how, path)


def _clip_arguments(clip: Dict, how: str, path: Path) -> Iterator[Violation]:
    needed, known = _CLIPPERS[how]
    function = f'clip_grad_{how}_'
    if needed not in clip:
        said = f"TypeError: {function}() missing 1 required positional argument: '{needed}'"
        message = f'`clip_grad` of type `{how}` needs `{needed}`'
        yield Violation(path, 'missing-field', message, raises=said)
    elif not (is_number(clip[needed]) or undecided(clip[needed])) and not (how == 'norm' and clip[needed] == 'inf'):
        from cfglint.sections.wording import show

        yield Violation((*path, needed), 'wrong-type', f'`{needed}` must be a number, got {show(clip[needed])}')
    for key in clip:
        if key not in known and key not in ('type', '_scope_', '_delete_'):
            from cfglint.sections.wording import nearest

            said = f"TypeError: {function}() got an unexpected keyword argument '{key:.60}'"
            message = f'`clip_grad` of type `{how}` does not take `{key:.60}`'
            yield Violation((*path, key), 'unknown-field', message, nearest(key, known), raises=said)
