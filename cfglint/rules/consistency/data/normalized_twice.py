"""Normalization of images in the pipeline and in the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, is_new, loaders
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

PREPROCESSORS: Final = frozenset({
    'ImgDataPreprocessor', 'DetDataPreprocessor', 'SegDataPreProcessor', 'ClsDataPreprocessor', 'PoseDataPreprocessor',
    'SelfSupDataPreprocessor', 'TextDetDataPreprocessor', 'TextRecogDataPreprocessor',
})  # fmt: skip
"""Those that normalize as soon as they have a `mean`."""


@rule(scope='entry', severity=Severity.WARNING, reads=('model', *LOADERS), words=('Normalize',))
def normalized_twice(context: Context) -> Iterator[Diagnostic]:
    """A `Normalize` in the pipeline, while the data preprocessor of the model normalizes as well.

    Since MMEngine, `data_preprocessor` with `mean` and `std` normalizes each batch. With `Normalize` left in the
    pipeline, all images end up near one value, and training goes on with that.

    ```py title="bad"
    model = dict(type='ToyModel', data_preprocessor=dict(type='ImgDataPreprocessor', mean=[127.5], std=[127.5]))
    train_dataloader = dict(
        dataset=dict(type='ToyDataset', pipeline=[dict(type='Normalize', mean=[127.5], std=[127.5])]))
    ```

    ```py title="good"
    model = dict(type='ToyModel', data_preprocessor=dict(type='ImgDataPreprocessor', mean=[127.5], std=[127.5]))
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```
    """
    normalizing = [each for loader in loaders(context) for each in loader.find('normalize', _normalizing)]
    if not normalizing:
        return
    item = context.find('model.data_preprocessor')
    if item is None and isinstance(context.value('model'), dict):
        item = context.section('data_preprocessor')
    mean = item.get('mean') if item is not None and isinstance(item.value, dict) else None
    if item is None or mean is None or not isinstance(mean.value, (list, tuple)):
        return
    if item.type_name not in PREPROCESSORS:
        return
    seen: set[int] = set()
    for transform in normalizing:
        if is_new(transform, seen):
            message = f'images are normalized twice: here, and by `{item.key}`'
            advice = Advice('remove the transform')
            yield report_between(context, transform, (mean,), message, advice=advice)


def _normalizing(loader: Section) -> Iterator[Item]:
    if 'Normalize' in loader.words:
        yield from (each for each in loader.transforms if each.type_name == 'Normalize')
