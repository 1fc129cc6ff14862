"""What all schedulers have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from cfglint.schemas.base import Dict, Flag, Hint, Model, Number, Says, Words, found, is_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation

FOREVER = 1_000_000_000

Time = Annotated[Number, Says('TypeError')]
Fraction = Annotated[Number, Field(ge=0, le=1), Words('a number from 0 to 1')]


class Scheduler(Model):
    """Changes a parameter of the optimizer from `begin` to `end`."""

    HINTS: ClassVar = {
        'optimizer': Hint(
            'the Runner passes its own optimizer', says='TypeError: ``optimizer`` should be an Optimizer'
        ),
        'param_name': Hint(
            'the name of the class already says which parameter changes',
            says="TypeError: got multiple values for argument 'param_name'",
        ),
    }

    begin: Time = Field(0, description='The epoch (or iteration) at which the scheduler starts.')
    end: Time = Field(FOREVER, description='The epoch (or iteration) at which it stops; else the end of training.')
    last_step: Annotated[Literal[-1], Words('-1'), Says("KeyError: param 'initial_lr' is not specified")] = Field(
        -1, description='The last step of a resumed run; a config leaves it alone.'
    )
    by_epoch: Flag = Field(True, description='Whether steps are epochs; else they are iterations.')
    verbose: Any = Field(False, description='Whether each change is printed.')
    convert_to_iter_based: Flag = Field(
        False, description='Whether a scheduler that is given in epochs steps in iterations.'
    )
    epoch_length: Number | None = Field(
        None, description='The iterations of an epoch, for `convert_to_iter_based`; else the length of the dataloader.'
    )

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        begin, end = given.get('begin', 0), given.get('end', FOREVER)
        if is_number(begin, end) and end <= begin:
            message = f'`end` must be larger than `begin`, got `{end}` and `{begin}`'
            said = 'ValueError: end should be larger than begin'
            yield found('conflict', message, 'end' if 'end' in given else 'begin', says=said)
        convert, by_epoch = given.get('convert_to_iter_based', False), given.get('by_epoch', True)
        if convert is True and by_epoch is False:
            message = '`convert_to_iter_based` is for schedulers that are given in epochs, but `by_epoch` is False'
            said = 'AssertionError: Only epoch-based parameter scheduler can be converted to iter-based'
            yield found('conflict', message, 'convert_to_iter_based', says=said)
        if is_number(given.get('epoch_length')) and convert is False:
            message = '`epoch_length` has no effect without `convert_to_iter_based`'
            yield found('conflict', message, 'epoch_length', severity='warning')


def window(given: Dict) -> float | None:
    """The number of steps between an explicit `end` and `begin`; none when it is not known."""
    begin, end = given.get('begin', 0), given.get('end')
    converts = given.get('convert_to_iter_based', False) is not False
    return None if converts or not is_number(begin, end) or end <= begin else end - begin
