"""auto_scale_lr: the learning rate follows the batch size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from cfglint.schemas.base import Dict, Flag, Model, Number, Says, Words, found, is_number
from cfglint.schemas.slots import Plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class AutoScaleLR(Model):
    """Scales the learning rate by the real batch size over the one it was tuned for.

    Source: mmengine.runner.runner:Runner.scale_lr
    """

    IGNORES_UNKNOWN: ClassVar = True
    NAME: ClassVar = 'auto_scale_lr'

    enable: Flag = Field(False, description='Whether the learning rate is scaled.')
    base_batch_size: Annotated[
        Number | None, Words('a positive number'), Says('TypeError: float() argument must be a string or a real number')
    ] = Field(None, description='The batch size (over all devices) for which the learning rate was tuned.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
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
    'optim_wrapper.scaling:AutoScaleLR',
    optional=True,
    says="AttributeError: object has no attribute 'get'",
)
