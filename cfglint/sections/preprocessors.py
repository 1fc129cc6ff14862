"""data_preprocessor: what happens to a batch before the model sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.numbers import are_numbers, is_number
from cfglint.sections.terms import Dict, found, undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def preprocessor_relations(given: Dict, name: str) -> Iterator[Violation]:
    mean, std = given.get('mean'), given.get('std')
    if not (undecided(mean) or undecided(std)) and (mean is None) != (std is None):
        message = '`mean` and `std` go together'
        said = 'AssertionError: mean and std should be both None or tuple'
        yield found('conflict', message, 'std' if mean is None else 'mean', raises=said, depends_on=('mean', 'std'))
    for field, values in (('mean', mean), ('std', std)):
        if isinstance(values, (list, tuple)) and len(values) not in (1, 3):
            message = f'`{field}` must be a list of 1 or 3 numbers, got {len(values)}'
            said = 'AssertionError: should have 1 or 3 values, to be compatible with RGB or gray image'
            yield found('out-of-range', message, field, raises=said)
    if isinstance(std, (list, tuple)) and are_numbers(*std) and 0 in std:
        message = '`std` has a 0: normalized images become infinite'
        yield found('out-of-range', message, 'std', severity='warning')
    if given.get('bgr_to_rgb') is True and given.get('rgb_to_bgr') is True:
        message = '`bgr_to_rgb` and `rgb_to_bgr` exclude each other'
        said = 'AssertionError: `bgr2rgb` and `rgb2bgr` cannot be set to True at the same time'
        yield found('conflict', message, 'rgb_to_bgr', raises=said, depends_on=('bgr_to_rgb',))
    if is_number(given.get('pad_size_divisor')) and given['pad_size_divisor'] == 0:
        message = '`pad_size_divisor` must be a positive integer, got `0`'
        yield found('out-of-range', message, 'pad_size_divisor', raises='RuntimeError: ZeroDivisionError')
