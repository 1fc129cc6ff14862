"""auto_scale_lr: the learning rate follows the batch size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.numbers import is_number
from cfglint.sections.slots import Plain, Spec
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def scaling_relations(given: Dict, name: str) -> Iterator[Violation]:
    if given.get('enable') is not True:
        return
    if 'base_batch_size' not in given:
        said = 'AssertionError: Lack of `base_batch_size` in `auto_scale_lr`.'
        message = '`auto_scale_lr` needs `base_batch_size` when it is enabled'
        yield found('missing-field', message, raises=said)
    elif given['base_batch_size'] is None:
        message = '`base_batch_size` must be a positive number when `auto_scale_lr` is enabled, got `None`'
        yield found('wrong-type', message, 'base_batch_size', raises='TypeError')
    elif is_number(given['base_batch_size']) and given['base_batch_size'] <= 0:
        base = given['base_batch_size']
        message = f'`base_batch_size` must be a positive number, got `{base}`'
        yield found('out-of-range', message, 'base_batch_size', raises='ZeroDivisionError' if base == 0 else None)


AUTO_SCALE_LR = Plain(
    '`auto_scale_lr`',
    Spec('optim_wrapper:AutoScaleLR', scaling_relations),
    optional=True,
    says="AttributeError: object has no attribute 'get'",
)
