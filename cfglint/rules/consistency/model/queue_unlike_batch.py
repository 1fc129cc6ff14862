"""The length of a queue of features against the batch that fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.parts import facts_of, literal_default
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


_LARGEST = 100_000
"""No batch is larger: all smaller ones are tried."""


@rule(scope='entry', raises='AssertionError', reads=('model', 'train_dataloader'), words=('MoCo', 'DenseCL'))
def queue_unlike_batch(context: Context) -> Iterator[Diagnostic]:
    """A queue of features, as MoCo's, whose length is no multiple of the batch.

    Batches of all devices replace what is oldest in the queue, which has to be full at the end of a batch. A length that the
    batch of one device does not divide, that of several does not either.

    Source: `assert self.queue_len % batch_size == 0` of `mmpretrain/models/selfsup/moco.py` and `densecl.py`.

    ```py title="bad"
    default_scope = 'mmpretrain'
    model = dict(type='MoCo', queue_len=65536)
    train_dataloader = dict(batch_size=48, dataset=dict(type='ImageNet'))
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    model = dict(type='MoCo', queue_len=65536)
    train_dataloader = dict(batch_size=64, dataset=dict(type='ImageNet'))
    ```
    """
    model, batch = context.section('model'), context.find('train_dataloader.batch_size')
    if model is None or batch is None or not isinstance(model.value, dict) or not is_int(batch.value):
        return
    name = facts_of(context, model).queues.get(model.type_name or '')
    item = None if name is None else model.get(name)
    length = None if name is None else literal_default(context, model, name) if item is None else item.value
    if not is_int(length) or length < 1 or not 1 <= batch.value <= _LARGEST or length % batch.value == 0:
        return
    message = f'`batch_size` is {batch.value}, which does not divide `{name}`, {length}'
    fitting = max(size for size in range(1, min(batch.value, length) + 1) if length % size == 0)
    advice = Advice('take one that does, such as', f'batch_size={fitting}')
    yield report_between(context, batch, (item, model.get('type')), message, advice=advice)
