"""auto_scale_lr: the learning rate follows the batch size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.schemas.slots import Plain, Spec
from cfglint.schemas.terms import Dict, found, is_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


def scaling_relations(given: Dict, name: str) -> Iterator[Violation]:
    if given.get('enable') is not True:
        return
    if 'base_batch_size' not in given:
        said = 'AssertionError: Lack of `base_batch_size` in `auto_scale_lr`.'
        message = f'`auto_scale_lr` needs `base_batch_size` when it is enabled; MMEngine raises {said}'
        yield found('missing-field', message)
    elif given['base_batch_size'] is None:
        message = '`base_batch_size` must be a positive number when `auto_scale_lr` is enabled, got `None`'
        yield found('wrong-type', f'{message}; MMEngine raises TypeError', 'base_batch_size')
    elif is_number(given['base_batch_size']) and given['base_batch_size'] <= 0:
        base = given['base_batch_size']
        raised = 'MMEngine raises ZeroDivisionError' if base == 0 else 'the learning rate would be negative'
        message = f'`base_batch_size` must be a positive number, got `{base}`; {raised}'
        yield found('out-of-range', message, 'base_batch_size')


AUTO_SCALE_LR = Plain(
    '`auto_scale_lr`',
    Spec('optim_wrapper:AutoScaleLR', scaling_relations),
    optional=True,
    says="AttributeError: object has no attribute 'get'",
)
