"""optim_wrapper: how the parameters are updated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.sections.optim_wrapper.amp import amp_relations
from cfglint.sections.optim_wrapper.optimizers import ARGUMENTS
from cfglint.sections.optim_wrapper.wrappers import ADD_OPTIMIZER, WrapperSpec, optim_wrapper_relations
from cfglint.sections.slots import Component
from cfglint.sections.terms import decided_keys, undecided
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cfglint.sections.terms import Dict


_NO_OPTIMIZER = 'ValueError: each item mush be an optimizer object when "type" and "constructor" are not in optimizer'


def _any_wrapper(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """Without `optimizer` and `constructor`, MMEngine expects optimizers that are already built."""
    if value.get('optimizer') is not None or 'constructor' in value or not decided_keys(value):
        return
    if not value:
        message = '`optim_wrapper` needs `optimizer`: an empty dict builds a wrapper without optimizers'
        raises = 'NotImplementedError at the first batch'
        yield Violation(path, 'missing-field', message, raises=raises, advice=ADD_OPTIMIZER)
        return
    if all(undecided(item) for item in value.values()):
        return
    misspelt = _misspelt(value)
    if misspelt is not None:
        message = f'`optim_wrapper` needs `optimizer`, `{misspelt}` is there'
        yield Violation((*path, misspelt), 'unknown-field', message, 'optimizer', raises=_NO_OPTIMIZER)
        return
    kind = value.get('type')
    is_optimizer = isinstance(kind, str) and kind in ARGUMENTS
    message, advice = '`optim_wrapper` needs `optimizer`, or a `constructor` of several', ADD_OPTIMIZER
    if is_optimizer:
        message = f'`{kind}` is an optimizer, which belongs into the wrapper'
        advice = Advice('give it to the wrapper, with its arguments, as', f'optimizer=dict(type={kind!r})')
    yield Violation(path, 'missing-field', message, raises=_NO_OPTIMIZER, advice=advice)


def _misspelt(value: Dict) -> str | None:
    """The key under which the optimizer was written instead."""
    from cfglint.sections.wording import nearest

    dicts = (key for key, item in value.items() if isinstance(item, dict))
    return next((key for key in dicts if nearest(key, ['optimizer']) is not None), None)


OPTIM_WRAPPER = Component(
    '`optim_wrapper`',
    {
        'OptimWrapper': WrapperSpec('optim_wrapper:OptimWrapper', optim_wrapper_relations),
        'AmpOptimWrapper': WrapperSpec('optim_wrapper:AmpOptimWrapper', amp_relations),
        'ApexOptimWrapper': WrapperSpec('optim_wrapper:ApexOptimWrapper', optim_wrapper_relations),
    },
    optional=True,
    default='OptimWrapper',
    says='TypeError: optimizer wrapper should be an OptimWrapper object or dict',
    always=_any_wrapper,
)
