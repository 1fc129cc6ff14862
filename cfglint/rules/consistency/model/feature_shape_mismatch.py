"""How many dimensions features have that one part of a model hands to the next."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.catalog.model_facts import Shape, model_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.official import package_of
from cfglint.rules.reading.parts import facts_of, literal_default
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

HEADS: Final = ('head', 'cls_head')
POOLINGS: Final = {3: "neck=dict(type='GlobalAveragePooling', dim=1)", 4: "neck=dict(type='GlobalAveragePooling')"}
"""Dimensions of features → the neck that makes vectors of them."""
NO_SHAPE: Final = Shape()


class Step(NamedTuple):
    """A part that hands on features, or takes them."""

    part: Item
    shape: Shape
    gives: int
    """How many dimensions what it hands on has; 0: not known."""


@rule(
    scope='entry',
    raises='RuntimeError or ValueError',
    reads=('model',),
    words=('ImageClassifier', 'Recognizer2D', 'Recognizer3D'),
)
def feature_shape_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A part of a model that takes vectors where it gets maps of features, or pictures where it gets clips.

    A linear head of mmpretrain multiplies one vector a picture. Convolutions put out a map, which `GlobalAveragePooling` makes
    a vector of; transformers put out vectors by themselves, unless `out_type` says otherwise. `Recognizer2D` of mmaction2 hands
    its backbone single frames, `Recognizer3D` clips. The first batch fails: `mat1 and mat2 shapes cannot be multiplied`,
    `Expected 3D (unbatched) or 4D (batched) input to conv2d`.

    Sources: `mmpretrain/models/heads/linear_head.py`, `mmpretrain/models/necks/gap.py`,
    `mmaction/models/recognizers/recognizer2d.py` and `recognizer3d.py`.

    ```py title="bad"
    default_scope = 'mmpretrain'
    model = dict(
        type='ImageClassifier',
        backbone=dict(type='ResNet', depth=18),
        head=dict(type='LinearClsHead', num_classes=10, in_channels=512, topk=(1, )))
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    model = dict(
        type='ImageClassifier',
        backbone=dict(type='ResNet', depth=18),
        neck=dict(type='GlobalAveragePooling'),
        head=dict(type='LinearClsHead', num_classes=10, in_channels=512, topk=(1, )))
    ```
    """
    model = context.section('model')
    if model is None or not isinstance(model.value, dict):
        return
    steps = list(_steps(context, model))
    for giver, taker in pairwise(steps):
        if giver.gives and _takes(context, taker) and giver.gives != taker.shape.takes:
            yield _report(context, model, giver, taker)
            return


def _steps(context: Context, model: Item) -> Iterator[Step]:
    """Yield a model and the parts that its features go through, up to the first of which it is not known what it does."""
    for name in ('', 'backbone', 'neck', 'head'):
        part = model if not name else _part(model, name)
        if part is None or part.value is None:
            if name == 'neck':
                continue
            return
        shape = facts_of(context, part).shapes.get(part.type_name or '', NO_SHAPE)
        if shape == NO_SHAPE:
            return
        yield Step(part, shape, _gives(context, part, shape))


def _part(model: Item, name: str) -> Item | None:
    names = HEADS if name == 'head' else (name,)
    return next((found for each in names if (found := model.get(each)) is not None), None)


def _gives(context: Context, part: Item, shape: Shape) -> int:
    return shape.values.get(_said(context, part, shape.by), 0) if shape.by else shape.gives


def _takes(context: Context, step: Step) -> bool:
    shape = step.shape
    return bool(shape.takes) and all(_said(context, step.part, name) == value for name, value in shape.when.items())


def _said(context: Context, part: Item, name: str) -> str:
    """Return what an argument is, by default too, as text."""
    item = part.get(name)
    return str(literal_default(context, part, name) if item is None else item.value)


def _report(context: Context, model: Item, giver: Step, taker: Step) -> Diagnostic:
    what, by = giver.shape.by, giver.part.get(giver.shape.by) if giver.shape.by else None
    how = f' (`{what}`)' if what else ''
    message = (
        f'`{taker.part.type_name}` takes features of {taker.shape.takes} dimensions, '
        f'but `{giver.part.type_name}` hands on {giver.gives}{how}'
    )
    neck = model.get('neck')
    around = (neck, *(part.get('type') for part in (giver.part, taker.part)))
    return report_between(context, by or taker.part, around, message, advice=_advice(context, model, giver, taker))


def _advice(context: Context, model: Item, giver: Step, taker: Step) -> Advice:
    if taker.part.name == 'neck' and giver.gives == 2:
        return Advice('leave the neck out in `model`:', 'neck=None')
    wanted = next((name for name, gives in giver.shape.values.items() if gives == taker.shape.takes), None)
    if wanted is not None:
        default = str(literal_default(context, giver.part, giver.shape.by))
        wanted = default if giver.shape.values.get(default) == taker.shape.takes else wanted
        value = wanted if wanted in ('True', 'False') else repr(wanted)
        return Advice(f'write in `{giver.part.key}`', f'{giver.shape.by}={value}')
    if giver.part is model:
        shapes = model_facts(package_of(context, model) or '').shapes
        kinds = [name for name, shape in shapes.items() if shape.gives == taker.shape.takes and not shape.takes]
        return Advice('take another backbone, or write in `model`', f'type={kinds[0]!r}' if kinds else None)
    if taker.shape.takes == 2 and taker.part.name != 'neck' and giver.gives in POOLINGS:
        return Advice('let a neck in `model` pool them:', POOLINGS[giver.gives])
    return Advice('take parts that are made for each other')
