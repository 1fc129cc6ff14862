"""What all schedulers have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.numbers import are_numbers, is_number
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation

FOREVER = 1_000_000_000


def scheduler_relations(given: Dict, name: str) -> Iterator[Violation]:
    begin, end = given.get('begin', 0), given.get('end', FOREVER)
    if are_numbers(begin, end) and end <= begin:
        message = f'`end` must be larger than `begin`, got `{end}` and `{begin}`'
        said = 'ValueError: end should be larger than begin'
        yield found('conflict', message, 'end' if 'end' in given else 'begin', raises=said, depends_on=('begin',))
    convert, by_epoch = given.get('convert_to_iter_based', False), given.get('by_epoch', True)
    if convert is True and by_epoch is False:
        message = '`convert_to_iter_based` is for schedulers that are given in epochs, but `by_epoch` is False'
        said = 'AssertionError: Only epoch-based parameter scheduler can be converted to iter-based'
        yield found('conflict', message, 'convert_to_iter_based', raises=said, depends_on=('by_epoch',))
    if is_number(given.get('epoch_length')) and convert is False:
        message = '`epoch_length` has no effect without `convert_to_iter_based`'
        yield found('conflict', message, 'epoch_length', severity='warning', depends_on=('convert_to_iter_based',))


def window(given: Dict) -> float | None:
    """The number of steps between an explicit `end` and `begin`; none when it is not known."""
    begin, end = given.get('begin', 0), given.get('end')
    converts = given.get('convert_to_iter_based', False) is not False
    return None if converts or not are_numbers(begin, end) or end <= begin else end - begin
