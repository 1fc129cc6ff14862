"""Decay when a metric stops improving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.sections.param_scheduler.common import scheduler_relations
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def reduce_on_plateau_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from scheduler_relations(given, name)
    if given.get('by_epoch', True) in (False, None) and not isinstance(given.get('by_epoch', True), dict):
        message = f'`{name}` steps when a validation is over: `by_epoch` must be True'
        said = f'AssertionError: Now {name} only support by_epoch=True'
        yield found('conflict', message, 'by_epoch', raises=said, depends_on=('type',))
    if given.get('convert_to_iter_based') is True:
        message = f'`{name}` cannot be converted to iterations'
        said = f"AttributeError: type object '{name}' has no attribute 'build_iter_from_epoch'"
        yield found('conflict', message, 'convert_to_iter_based', raises=said, depends_on=('type',))
