"""A softmax over one output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.parts import derives, each_of, facts_of, holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.model_facts import SoftmaxLosses
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

WORDS: Final = frozenset({'num_classes', 'out_channels'})
OTHER_KINDS: Final = ('use_sigmoid', 'use_soft')
LOSSES: Final = frozenset({'losses', 'loss_by_feat'})


@rule(scope='entry', ignored=True, reads=('model',), words=WORDS)
def single_output_softmax(context: Context) -> Iterator[Diagnostic]:
    """A head with one output, whose loss compares outputs with each other.

    A softmax over one output is 1 whatever comes in, so that the loss is 0 and nothing is learnt (or a label 1 is out of
    range). In mmseg two classes with one output go with `out_channels=1` and `use_sigmoid=True`; a class and the
    background are two classes.

    Sources: `mmseg/models/decode_heads/decode_head.py`, and the losses named `CrossEntropyLoss` of the libraries.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder',
        decode_head=dict(
            type='FCNHead',
            in_channels=64,
            channels=64,
            num_classes=2,
            out_channels=1,
            loss_decode=dict(type='CrossEntropyLoss', use_sigmoid=False)))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder',
        decode_head=dict(
            type='FCNHead',
            in_channels=64,
            channels=64,
            num_classes=2,
            out_channels=1,
            loss_decode=dict(type='CrossEntropyLoss', use_sigmoid=True)))
    ```
    """
    for head in holding(context, context.section('model'), WORDS, _has_one):
        facts = facts_of(context, head).softmax_losses
        outputs = None if facts is None else _outputs(head, facts)
        if facts is None or outputs is None or outputs.value != 1 or not derives(context, head, facts.bases, LOSSES):
            continue
        for part in facts.parts:
            loss = next((each for each in each_of(head.get(part)) if _compares(each, facts)), None)
            if loss is not None or part not in head.value:
                yield _diagnostic(context, outputs, part, loss)


def _has_one(head: dict[Any, Any]) -> bool:
    return 1 in (head.get('out_channels'), head.get('num_classes'))


def _outputs(head: Item, facts: SoftmaxLosses) -> Item | None:
    """Return the argument that decides how many outputs there are."""
    items = (head.get(name) for name in facts.outputs)
    item = next((each for each in items if each is not None and each.value is not None), None)
    return item if item is not None and is_int(item.value) else None


def _compares(loss: Item, facts: SoftmaxLosses) -> bool:
    return loss.type_name in facts.losses and not any(loss.value.get(kind) for kind in OTHER_KINDS)


def _diagnostic(context: Context, outputs: Item, part: str, loss: Item | None) -> Diagnostic:
    kind = '`CrossEntropyLoss`' if loss is None else f'`{loss.type_name}`'
    message = f'`{outputs.key}` is 1, and {kind} compares outputs: the loss is always 0'
    advice = Advice('let it use a sigmoid:', f"{part}=dict(type='CrossEntropyLoss', use_sigmoid=True)")
    return report_between(context, outputs, (None if loss is None else loss.get('type'),), message, advice=advice)
