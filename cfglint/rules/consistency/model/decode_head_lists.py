"""What mmseg's decode heads compare when they are built: their outputs with the classes, their inputs with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_ints, is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.parts import derives, each_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

BASE: Final = ('mmseg.models.decode_heads.decode_head.BaseDecodeHead',)
HEADS: Final = ('decode_head', 'auxiliary_head')
_INPUTS: Final = frozenset({'_init_inputs'})


@rule(scope='entry', reads=('model',), words=('out_channels',))
def output_count_mismatch(context: Context) -> Iterator[Diagnostic]:
    """An `out_channels` of a decode head of mmseg that is not its number of classes.

    It may be left out, and says one thing alone: that two classes are told apart by one output, with `out_channels=1`.

    Source: `mmseg/models/decode_heads/decode_head.py`, `__init__`.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder', decode_head=dict(type='FCNHead', in_channels=8, channels=8, num_classes=4, out_channels=2))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder', decode_head=dict(type='FCNHead', in_channels=8, channels=8, num_classes=4, out_channels=4))
    ```
    """
    for head in _heads(context):
        outputs, classes = head.get('out_channels'), head.get('num_classes')
        if outputs is None or classes is None or not (is_int(outputs.value) and is_int(classes.value)):
            continue
        if outputs.value != classes.value and (outputs.value, classes.value) != (1, 2) and derives(context, head, BASE):
            message = f'`{outputs.key}` is {outputs.value}, but there are {classes.value} classes'
            advice = Advice('write the number of classes, or leave it out:', f'out_channels={classes.value}')
            raises = 'ValueError: out_channels should be equal to num_classes'
            yield report_between(context, outputs, (classes,), message, raises=raises, advice=advice)


@rule(scope='entry', raises='AssertionError', reads=('model',), words=('in_index',))
def input_count_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A decode head of mmseg with another number of `in_channels` than of `in_index`.

    `in_index` names the outputs of backbone or neck that the head takes, `in_channels` the channels of each.

    Source: `mmseg/models/decode_heads/decode_head.py`, `_init_inputs`.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder',
        decode_head=dict(type='SegformerHead', in_channels=[32, 64, 160, 256], in_index=[0, 1, 2], channels=256, num_classes=4))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder',
        decode_head=dict(type='SegformerHead', in_channels=[32, 64, 160, 256], in_index=[0, 1, 2, 3], channels=256, num_classes=4))
    ```
    """
    for head in _heads(context):
        index, channels = head.get('in_index'), head.get('in_channels')
        if index is None or channels is None or not (_are_listed(index) and _are_listed(channels)):
            continue
        if len(index.value) != len(channels.value) and derives(context, head, BASE, _INPUTS):
            message = (
                f'`{index.key}` names {len(index.value)} inputs, but there are {len(channels.value)} `in_channels`'
            )
            advice = Advice('name an input for each of the channels')
            yield report_between(context, index, (channels,), message, advice=advice)


def _heads(context: Context) -> Iterator[Item]:
    for name in HEADS:
        yield from each_of(context.find(f'model.{name}'))


def _are_listed(item: Item) -> bool:
    return isinstance(item.value, (list, tuple)) and are_ints(item.value)
