"""paramwise_cfg of the default constructor: multipliers for single parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.sections.terms import Dict, found, undecided
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator


def paramwise_relations(given: Dict, name: str) -> Iterator[Violation]:
    keys = given.get('custom_keys')
    if not isinstance(keys, dict):
        return
    for key, options in keys.items():
        if isinstance(options, dict) and isinstance(key, (str, int)):
            yield from _options(key, options)


def _options(key: str | int, options: Dict) -> Iterator[Violation]:
    for option in options:
        if isinstance(option, str) and option in ('learning_rate_mult', 'wd_mult', 'weight_decay_mult', 'lrmult'):
            from cfglint.sections.wording import show

            message = f'`{option}` does nothing for the parameters of {show(key)}'
            suggestion = 'lr_mult' if option.startswith('l') else 'decay_mult'
            yield found('unknown-field', message, 'custom_keys', key, option, suggestion=suggestion, severity='warning')


DECAYS = ('bias_decay_mult', 'norm_decay_mult', 'dwconv_decay_mult')


def needs(paramwise: Dict, optimizer: Dict, path: Path) -> Iterator[Violation]:
    """Multipliers need something to multiply: the optimizer must give `lr` and `weight_decay` explicitly."""
    if not all(isinstance(key, str) for key in (*paramwise, *optimizer)):
        return
    depends_on = ((*path[:-1], 'optimizer'),)
    keys = paramwise.get('custom_keys')
    custom = keys if isinstance(keys, dict) else {}
    if optimizer.get('weight_decay') is None:
        for place in _decays(paramwise, custom):
            message = f'`{place[-1]}` needs a `weight_decay` in `optimizer` to multiply (0 is enough)'
            said = 'ValueError: base_wd should not be None'
            yield Violation(path + place, 'conflict', message, raises=said, depends_on=depends_on)
        if paramwise.get('flat_decay_mult') is not None and not undecided(paramwise['flat_decay_mult']):
            message = '`flat_decay_mult` has no effect: there is no `weight_decay` in `optimizer` to multiply'
            place = (*path, 'flat_decay_mult')
            yield Violation(place, 'conflict', message, severity='warning', depends_on=depends_on)
    if optimizer.get('lr') is None:
        rates = [key for key in ('bias_lr_mult',) if paramwise.get(key) is not None and not undecided(paramwise[key])]
        rates += ['custom_keys'] if custom else []
        for field in rates:
            said = "TypeError: unsupported operand type(s) for *: 'NoneType'"
            message = f'`{field}` needs an explicit `lr` in `optimizer` to multiply'
            yield Violation((*path, field), 'conflict', message, raises=said, depends_on=depends_on)


def _decays(paramwise: Dict, custom: Dict) -> Iterator[Path]:
    for key in DECAYS:
        if key in paramwise and not undecided(paramwise[key]):
            yield (key,)
    for key, options in custom.items():
        given = options if isinstance(options, dict) and isinstance(key, (str, int)) else {}
        if 'decay_mult' in given and not undecided(given['decay_mult']):
            yield ('custom_keys', key, 'decay_mult')
