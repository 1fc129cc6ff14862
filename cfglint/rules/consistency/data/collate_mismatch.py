"""How samples are joined to a batch, against the preprocessor that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.types import mmengine_type
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_LIBRARY: Final = 'mmyolo'
_PLAIN: Final = ('pseudo_collate', 'default_collate')


@rule(scope='entry', raises='AttributeError', reads=('model', 'train_dataloader'), words=('data_preprocessor',))
def collate_mismatch(context: Context) -> Iterator[Diagnostic]:
    """The `collate_fn` of MMYOLO without the preprocessor for it, or the other way round.

    `yolov5_collate` joins the boxes of all pictures into one tensor, which `YOLOv5DetDataPreprocessor` and
    `PPYOLOEDetDataPreprocessor` take, and they alone: `assert isinstance(data['data_samples'], dict)`. The configs called `fast`
    have both.

    Source: `mmyolo/models/data_preprocessors/data_preprocessor.py`.

    ```py title="bad"
    default_scope = 'mmyolo'
    model = dict(type='YOLODetector', data_preprocessor=dict(type='mmdet.DetDataPreprocessor'))
    train_dataloader = dict(dataset=dict(type='YOLOv5CocoDataset'), collate_fn=dict(type='yolov5_collate'))
    ```

    ```py title="good"
    default_scope = 'mmyolo'
    model = dict(type='YOLODetector', data_preprocessor=dict(type='YOLOv5DetDataPreprocessor'))
    train_dataloader = dict(dataset=dict(type='YOLOv5CocoDataset'), collate_fn=dict(type='yolov5_collate'))
    ```
    """
    preprocessor = context.find('model.data_preprocessor')
    if preprocessor is None or not isinstance(preprocessor.value, dict) or not is_stock(context, preprocessor):
        return
    known, collates = preprocessor.type_name or '', data_facts(_LIBRARY).collates
    fast = {name: collate for collate, names in collates.items() for name in names}
    for loader in loaders(context, 'train_dataloader') if context.given_scope == _LIBRARY else ():
        collate = loader.item.get('collate_fn')
        name = _name(collate)
        fitting = collates.get(name or '', ())
        if collate is not None and fitting and known not in fitting:
            message = f'`{name}` joins samples in a way that `{known}` does not take'
            advice = Advice('write', f'type={fitting[0]!r}')
            kind = preprocessor.get('type') or preprocessor
            yield report_between(context, kind, (collate,), message, advice=advice)
        elif known in fast and (collate is None or name in _PLAIN):
            message = f'`{known}` takes only what `{fast[known]}` has joined'
            advice = Advice('write', f'collate_fn=dict(type={fast[known]!r})')
            item, others = collate or loader.item, (preprocessor.get('type'),)
            yield report_between(context, item, others, message, raises='AssertionError', advice=advice)


def _name(collate: Item | None) -> str | None:
    """Return the function that joins samples; None where it is not known."""
    if collate is None or not isinstance(collate.value, dict):
        return None
    return collate.type_name if mmengine_type(collate.value) is None else mmengine_type(collate.value)
