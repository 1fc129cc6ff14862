"""Losses that MMEngine does not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.official import package_of
from cfglint.rules.reading.parts import holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

NAME: Final = frozenset({'loss_name'})


@rule(ignored=True, reads=('model',), words=NAME)
def untrained_loss(context: Context) -> Iterator[Diagnostic]:
    """A `loss_name` of mmseg without `loss` in it: the loss is logged, but not trained.

    MMEngine adds up what has `loss` in its name, all else is for the log.

    Sources: `parse_losses` of `mmengine/model/base_model/base_model.py`, `loss_by_feat` of
    `mmseg/models/decode_heads/decode_head.py`.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(decode_head=dict(loss_decode=dict(type='DiceLoss', loss_name='dice')))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(decode_head=dict(loss_decode=dict(type='DiceLoss', loss_name='loss_dice')))
    ```
    """
    for part in holding(context, context.section('model'), NAME):
        name = part.get('loss_name')
        if name is None or not isinstance(name.value, str) or 'loss' in name.value:
            continue
        if package_of(context, part) == 'mmseg':
            message = f'`{part.type_name}` is not trained: its `loss_name` has no `loss` in it'
            advice = Advice('write', f"loss_name='loss_{name.value}'")
            yield report_between(context, name, (part.get('type'),), message, at='value', advice=advice)
