"""Settings of loops below `model`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_int
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

FIELDS: Final = ('max_epochs', 'max_iters', 'val_interval', 'val_begin')
"""What no model of a library takes from its `train_cfg` or `test_cfg`."""
_NAMES: Final = frozenset({*FIELDS, 'type'})


@rule(severity=Severity.WARNING, reads=('model', 'train_cfg', 'test_cfg'))
def loop_settings_in_model(context: Context) -> Iterator[Diagnostic]:
    """Settings of the training loop in `model.train_cfg`, where the loop does not look for them.

    There are two of them: `train_cfg` at the top level is the loop, `model.train_cfg` holds what the model needs while it
    trains. Models ignore what they do not know there.

    ```py title="bad"
    model = dict(type='ToyModel', train_cfg=dict(type='EpochBasedTrainLoop', max_epochs=24, val_interval=24))
    ```

    ```py title="good"
    model = dict(type='ToyModel')
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24, val_interval=24)
    ```
    """
    for name in ('train_cfg', 'test_cfg'):
        settings = context.value(f'model.{name}')
        if not isinstance(settings, dict) or _NAMES.isdisjoint(settings):
            continue
        item, loop = context.find(f'model.{name}'), context.value(name)
        misplaced = [] if item is None else list(_of_loop(item))
        given = loop if isinstance(loop, dict) else {}
        # Some models are told how long training is: then the loop has the same values.
        if any(given.get(each.name) != each.value for each in misplaced):
            names = ', '.join(f'`{each.name}`' for each in misplaced)
            message = f'`model.{name}` has settings of the loop, which reads only `{name}` at the top level'
            advice = Advice(f'move {names} to `{name}` at the top level')
            yield context.report(misplaced[0], message, ignored=True, advice=advice)


def _of_loop(settings: Item) -> Iterator[Item]:
    kind = settings.get('type')
    if kind is not None and (type_name(kind.value) or '').endswith('Loop'):
        yield kind
    for name in FIELDS:
        item = settings.get(name)
        if item is not None and is_int(item.value):
            yield item
