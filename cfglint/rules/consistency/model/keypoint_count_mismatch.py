"""The number of keypoints of pose heads against that of datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.keypoints import keypoint_counts, predicted
from cfglint.rules.reading.loaders import Section, loaders
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item
    from cfglint.rules.reading.keypoints import Predicted


@rule(scope='entry', raises='must match the size of tensor', reads=('model', 'train_dataloader'))
def keypoint_count_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A head of mmpose that predicts another number of keypoints than the dataset has.

    The dataset has the keypoints of its `metainfo`, written out or in the file that `from_file` names, or those that it
    is known for (17 for `CocoDataset`). What a head predicts is compared with them in the loss, which fails.

    ```py title="bad"
    default_scope = 'mmpose'
    model = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=32, out_channels=14))
    train_dataloader = dict(dataset=dict(type='CocoDataset'))
    val_dataloader = test_dataloader = None
    ```

    ```py title="good"
    default_scope = 'mmpose'
    model = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=32, out_channels=17))
    train_dataloader = dict(dataset=dict(type='CocoDataset'))
    val_dataloader = test_dataloader = None
    ```
    """
    head = context.find('model.head') if isinstance(context.value('model.head'), dict) else None
    known = None if head is None else predicted(head)
    if known is None:
        return

    def counts(loader: Section) -> Iterator[tuple[Item, int]]:
        return keypoint_counts(context, loader)

    for loader in loaders(context, 'train_dataloader'):  # in tests, some may be left out (`output_keypoint_indices`)
        for place, count in loader.find('keypoints', counts):
            if count != known.keypoints:
                yield _diagnostic(context, known, place, count)
                return


def _diagnostic(context: Context, known: Predicted, place: Item, count: int) -> Diagnostic:
    item, whose = known.item, f'`{type_name(place.value)}`' if place.name == 'type' else f'`{place.key}`'
    means = f' ({known.keypoints} keypoints: three maps each)' if known.maps > 1 else ''
    means = f' ({known.keypoints} keypoints without the root)' if known.removed else means
    message = f'`{item.key}` is {item.value}{means}, but {whose} has {count} keypoints'
    raises = 'RuntimeError: The size of tensor a must match the size of tensor b'
    other = 'name others in its `metainfo`, or ' if place.name == 'type' else ''
    advice = Advice(f'{other}let the head predict all of them:', f'{item.name}={known.value_for(count)}')
    return report_between(context, item, (place,), message, raises=raises, advice=advice)
