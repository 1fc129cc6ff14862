"""The wrappers for mixed precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.numbers import is_number
from cfglint.sections.optim_wrapper.wrappers import optim_wrapper_relations
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation

SCALER = ('device', 'init_scale', 'growth_factor', 'backoff_factor', 'growth_interval', 'enabled', 'process_group')


def amp_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from optim_wrapper_relations(given, name)
    scale = given.get('loss_scale')
    if isinstance(scale, int) and is_number(scale) and not isinstance(scale, bool):
        message = f'`loss_scale` must be a float, got the integer `{scale}` (write `{scale}.`)'
        yield found(
            'wrong-type',
            message,
            'loss_scale',
            raises='TypeError: loss_scale must be of type float, dict, or "dynamic"',
        )
    if isinstance(scale, dict):
        for key in scale:
            if isinstance(key, str) and key not in SCALER:
                from cfglint.sections.wording import nearest

                said = f"TypeError: GradScaler.__init__() got an unexpected keyword argument '{key:.60}'"
                message, meant = f'`GradScaler` does not take `{key:.60}`', nearest(key, SCALER)
                yield found('unknown-field', message, 'loss_scale', key, raises=said, suggestion=meant)
