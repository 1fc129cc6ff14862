"""The number of classes of losses and of labels against that of the head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.parts import derives, each_of, facts_of, holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

WORDS: Final = frozenset({'num_classes'})
CLASSIFIER_HEAD: Final = ('mmpretrain.models.heads.cls_head.ClsHead',)


@rule(scope='entry', reads=('model', 'data_preprocessor'), words=('num_classes',))
def loss_classes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A loss, or labels that are mixed, with other classes than the head.

    Some losses have a `num_classes` of their own (`LabelSmoothLoss` and `SeesawLoss` of mmpretrain, `SeesawLoss` and
    `EQLV2Loss` of mmdet), and so has the data preprocessor of mmpretrain, which makes a number for each class of the labels
    where pictures are mixed (`train_cfg.augments`). A config that changes the head has to change them, too: the first loss
    stops.

    Sources: `mmpretrain/models/losses/label_smooth_loss.py`, `seesaw_loss.py` of both libraries,
    `mmpretrain/models/utils/data_preprocessor.py`.

    ```py title="bad"
    default_scope = 'mmpretrain'
    model = dict(
        type='ImageClassifier',
        head=dict(
            type='LinearClsHead',
            in_channels=512,
            num_classes=10,
            loss=dict(type='LabelSmoothLoss', label_smooth_val=0.1, num_classes=1000)))
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    model = dict(
        type='ImageClassifier',
        head=dict(
            type='LinearClsHead',
            in_channels=512,
            num_classes=10,
            loss=dict(type='LabelSmoothLoss', label_smooth_val=0.1, num_classes=10)))
    ```
    """
    model = context.section('model')
    for head in holding(context, model, WORDS, _has_counting_loss):
        count = head.get('num_classes')
        if count is None or not is_int(count.value):
            continue
        for name in ('loss', 'loss_cls'):
            for loss in each_of(head.get(name)):
                own = loss.get('num_classes')
                if own is not None and is_int(own.value) and own.value != count.value and _counts(context, loss):
                    yield _diagnostic(context, own, count, f'{loss.name}=dict(num_classes={count.value})')
    yield from _of_labels(context, model)


def _has_counting_loss(head: dict[Any, Any]) -> bool:
    losses = (head.get('loss'), head.get('loss_cls'))
    every = [each for loss in losses for each in (loss if isinstance(loss, (list, tuple)) else (loss,))]
    return any(isinstance(each, dict) and 'num_classes' in each for each in every)


def _counts(context: Context, loss: Item) -> bool:
    return loss.type_name in facts_of(context, loss).counting_losses


def _of_labels(context: Context, model: Item | None) -> Iterator[Diagnostic]:
    """Compare the labels that the preprocessor of a classifier makes."""
    if model is None or not isinstance(model.value, dict) or model.type_name != 'ImageClassifier':
        return
    preprocessor = model.get('data_preprocessor') or context.section('data_preprocessor')
    own = None if preprocessor is None else preprocessor.get('num_classes')
    head = model.get('head')
    count = None if head is None else head.get('num_classes')
    if preprocessor is None or own is None or head is None or count is None or own.value == count.value:
        return
    settings = model.value.get('train_cfg')
    mixes = isinstance(settings, dict) and bool(settings.get('augments'))
    if not (mixes or preprocessor.value.get('to_onehot') is True) or not (is_int(own.value) and is_int(count.value)):
        return
    if derives(context, head, CLASSIFIER_HEAD):
        yield _diagnostic(context, own, count, f'data_preprocessor = dict(num_classes={count.value})')


def _diagnostic(context: Context, own: Item, count: Item, code: str) -> Diagnostic:
    message = f'`{own.key}` is {own.value}, but `{count.key}` is {count.value}'
    raises = 'AssertionError' if own.parent is not None and own.parent.name != 'data_preprocessor' else 'RuntimeError'
    return report_between(context, own, (count,), message, raises=raises, advice=Advice('count alike:', code))
