"""The channels of pictures: what the backbone takes against what is loaded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.consistency.model.image_channels_mismatch import is_for_pictures
from cfglint.rules.reading.chains import chains
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import literal_default
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.chains import Chain
    from cfglint.rules.reading.items import Item

LOADS: Final = {'color': 3, 'color_ignore_orientation': 3, 'grayscale': 1}
"""`color_type` of what loads pictures by `mmcv.imfrombytes` → the channels that they have then."""
BACKENDS: Final = ('cv2', 'pillow', 'turbojpeg')
LOADERS_OF_PICTURES: Final = frozenset({'LoadImageFromFile', 'LoadImage'})
CHANGING: Final = re.compile(r'Gray|Channel|Concat|Stack|Depth|Load(?!ImageFromFile$|Image$|Annotations)')
"""Names of transforms that may give pictures other channels."""


@rule(
    scope='entry',
    raises='RuntimeError: Given groups=1, weight of size …, expected input … to have … channels',
    reads=('model', 'data_preprocessor', 'train_dataloader'),
    words=('in_channels',),
    yields_to=('image-channels-mismatch',),
)
def loaded_channels_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A backbone with `in_channels` that are not those of the pictures that the pipeline loads.

    `LoadImageFromFile` turns every picture into three colours, a gray one, too, unless it is told otherwise by `color_type`.
    One number as `mean` holds for any of them, so that nothing fails before the first convolution.

    Sources: `mmcv/transforms/loading.py`, `color_type='color'`; `mmcv/image/io.py`, `imread_flags`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        type='RetinaNet',
        data_preprocessor=dict(type='DetDataPreprocessor', mean=[123.7], std=[58.4]),
        backbone=dict(type='ResNet', depth=18, in_channels=1))
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True), dict(type='PackDetInputs')]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='RetinaNet',
        data_preprocessor=dict(type='DetDataPreprocessor', mean=[123.7], std=[58.4]),
        backbone=dict(type='ResNet', depth=18, in_channels=1))
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile', color_type='grayscale'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='PackDetInputs')]))
    ```
    """
    backbone = context.find('model.backbone')
    taken = None if backbone is None or not isinstance(backbone.value, dict) else backbone.get('in_channels')
    if backbone is None or taken is None or not is_int(taken.value) or not is_stock(context, backbone):
        return
    model = context.section('model')
    preprocessor = context.find('model.data_preprocessor') or context.section('data_preprocessor')
    if model is None or preprocessor is None or not isinstance(preprocessor.value, dict):
        return
    if not is_for_pictures(context, model, preprocessor):
        return
    for loader in loaders(context, 'train_dataloader'):
        for chain in chains(context, loader):
            step = _loading(chain)
            loaded = None if step is None else LOADS.get(_color_type(context, step) or '')
            if step is not None and loaded is not None and loaded != taken.value:
                yield _diagnostic(context, taken, step, loaded)
                return


def _loading(chain: Chain) -> Item | None:
    """Return what loads the pictures, None where it is not certain what becomes of their channels."""
    names = [str(step.type_name) for step in chain.steps]
    found = [step for step, name in zip(chain.steps, names, strict=True) if name in LOADERS_OF_PICTURES]
    return found[0] if chain.is_whole and len(found) == 1 and not any(map(CHANGING.search, names)) else None


def _color_type(context: Context, step: Item) -> str | None:
    # `tifffile` gives pictures as they are.
    backend = step.value.get('imdecode_backend', 'cv2')
    if backend not in BACKENDS:
        return None
    kind = step.value['color_type'] if 'color_type' in step.value else literal_default(context, step, 'color_type')
    return kind if isinstance(kind, str) else None


def _diagnostic(context: Context, taken: Item, step: Item, loaded: int) -> Diagnostic:
    message = f'`{taken.key}` is {taken.value}, but `{step.type_name}` loads pictures with {loaded} channels'
    kinds = {1: 'grayscale', 3: 'color'}
    right = kinds.get(taken.value, 'unchanged')
    advice = Advice(f'load them so in all pipelines, such as in `{step.key}`:', f'color_type={right!r}')
    raises = (
        'RuntimeError: Given groups=1, weight of size …, expected input … to have '
        f'{taken.value} channels, but got {loaded} channels instead'
    )
    return report_between(context, taken, (step.get('color_type') or step,), message, raises=raises, advice=advice)
