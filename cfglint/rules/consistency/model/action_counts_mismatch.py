"""Numbers of classes and of channels in models of mmaction2 against those of their datasets, metrics and pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_ints, is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.loaders import evaluators, loaders
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.reading.parts import holding, inherited, literal_default
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_HEADS: Final = frozenset({'bbox_head'})
_PAIRS: Final = ('left_kp', 'right_kp')


@rule(
    scope='entry',
    raises='ValueError: Target size',
    reads=('model', 'train_dataloader', *EVALUATORS),
    words=('bbox_head',),
)
def action_classes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A head, a dataset and a metric for actions, as those of AVA, that count different numbers of classes.

    Each of them has a `num_classes`, 81 by default, which includes the background. `AVADataset` with `custom_classes` asserts
    that there is one more than these. Labels of another length than the scores fail in the loss, and `AVAMetric` asserts
    that the scores have its number of columns.

    Source: `mmaction/datasets/ava_dataset.py`, `mmaction/models/roi_heads/bbox_heads/bbox_head.py`,
    `mmaction/structures/bbox/transforms.py`, `bbox2result`.

    ```py title="bad"
    default_scope = 'mmaction'
    head = dict(type='AVARoIHead', bbox_head=dict(type='BBoxHeadAVA', num_classes=4))
    model = dict(type='FastRCNN', _scope_='mmdet', roi_head=head)
    train_dataloader = dict(dataset=dict(type='AVADataset', ann_file='a.csv', pipeline=[]))
    val_dataloader = test_dataloader = None
    ```

    ```py title="good"
    default_scope = 'mmaction'
    head = dict(type='AVARoIHead', bbox_head=dict(type='BBoxHeadAVA', num_classes=4))
    model = dict(type='FastRCNN', _scope_='mmdet', roi_head=head)
    train_dataloader = dict(
        dataset=dict(type='AVADataset', ann_file='a.csv', pipeline=[], num_classes=4, custom_classes=[11, 12, 17]))
    val_dataloader = test_dataloader = None
    ```
    """
    heads = [each.get('bbox_head') for each in holding(context, context.section('model'), _HEADS)]
    head = heads[0] if len(heads) == 1 else None
    if head is None:
        return
    expected = _classes(context, head)
    if expected is None:
        return
    for loader in loaders(context, 'train_dataloader'):
        for dataset in loader.leaves:
            yield from _of_dataset(context, head, expected, dataset)
    for evaluator in evaluators(context):
        for metric in evaluator.metrics:
            count = _classes(context, metric)
            if count is not None and count != expected:
                yield _of_classes(context, metric, count, head, expected, 'AssertionError')
                return


def _classes(context: Context, item: Item) -> int | None:
    """Return how many classes a head, dataset or metric counts by an argument of its own, None where it has none."""
    if item.type_name not in data_facts_of(context, item).class_counts:
        return None
    given = item.get('num_classes')
    count = literal_default(context, item, 'num_classes') if given is None else given.value
    return count if is_int(count) else None


def _of_dataset(context: Context, head: Item, expected: int, dataset: Item) -> Iterator[Diagnostic]:
    count, custom = _classes(context, dataset), dataset.get('custom_classes')
    if count is None:
        return
    if custom is not None and isinstance(custom.value, (list, tuple)) and count != len(custom.value) + 1:
        message = f'`{custom.key}` has {len(custom.value)} classes, but with the background `num_classes` is {count}'
        advice = Advice('write', f'num_classes={len(custom.value) + 1}')
        others = (dataset.get('num_classes'),)
        yield report_between(context, custom, others, message, raises='AssertionError', advice=advice)
    elif count != expected:
        raises = 'ValueError: Target size'
        yield _of_classes(context, head, expected, dataset, count, raises)


def _of_classes(context: Context, one: Item, count: int, other: Item, right: int, raises: str) -> Diagnostic:
    """Report a part that counts other classes than another one."""
    place, against = one.get('num_classes') or one.get('type') or one, other.get('num_classes') or other.get('type')
    message = f'`{one.type_name}` has {count} classes, but `{other.type_name}` has {right}'
    advice = Advice('write', f'num_classes={right}')
    key = f'{one.key}.num_classes'
    return report_between(context, place, (against,), message, key=key, raises=raises, advice=advice)


@rule(scope='entry', raises='RuntimeError: Given groups=1', reads=('model', 'train_dataloader'))
def heatmap_channels_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A network of mmaction2 for heatmaps of poses with other channels than `GeneratePoseTarget` makes.

    It makes a heatmap for each limb of `skeletons` (`with_limb`), and one for each keypoint (`with_kp`); of these there are at
    least as many as `left_kp` and `right_kp` tell. `in_channels` of the network has to be their sum: its first convolution
    fails with others, also with the three channels of pictures that are the default.

    Source: `mmaction/datasets/transforms/pose_transforms.py`, `gen_an_aug`.

    ```py title="bad"
    default_scope = 'mmaction'
    model = dict(type='Recognizer3D', backbone=dict(type='ResNet3dSlowOnly', depth=50, pretrained=None, in_channels=17))
    skeletons = [[0, 5], [0, 6], [5, 7]]
    pipeline = [dict(type='GeneratePoseTarget', with_kp=False, with_limb=True, skeletons=skeletons)]
    train_dataloader = dict(dataset=dict(type='PoseDataset', ann_file='a.pkl', pipeline=pipeline))
    val_dataloader = test_dataloader = None
    ```

    ```py title="good"
    default_scope = 'mmaction'
    model = dict(type='Recognizer3D', backbone=dict(type='ResNet3dSlowOnly', depth=50, pretrained=None, in_channels=3))
    skeletons = [[0, 5], [0, 6], [5, 7]]
    pipeline = [dict(type='GeneratePoseTarget', with_kp=False, with_limb=True, skeletons=skeletons)]
    train_dataloader = dict(dataset=dict(type='PoseDataset', ann_file='a.pkl', pipeline=pipeline))
    val_dataloader = test_dataloader = None
    ```
    """
    backbone = context.find('model.backbone')
    setting = None if backbone is None else next(inherited(context, backbone, lambda facts: facts.heatmap_inputs), None)
    if backbone is None or setting is None:
        return
    given = item_below(backbone, setting)
    channels = literal_default(context, backbone, setting) if given is None else given.value
    if not is_int(channels):
        return
    for loader in loaders(context, 'train_dataloader'):
        for transform in loader.transforms:
            if transform.type_name in data_facts_of(context, transform).heatmaps:
                made, is_all = _heatmaps(context, transform, loader.transforms)
                if made is not None and (made > channels or (is_all and made != channels)):
                    yield _of_channels(context, backbone, given, channels, transform, made, is_all=is_all)
                    return


def _heatmaps(context: Context, transform: Item, beside: list[Item]) -> tuple[int | None, bool]:
    """Return how many heatmaps a transform makes at least, None if that is not known, and whether these are all."""
    with_keypoints, with_limbs, limbs = (
        _setting(context, transform, name) for name in ('with_kp', 'with_limb', 'skeletons')
    )
    if not isinstance(with_keypoints, bool) or not isinstance(with_limbs, bool) or not isinstance(limbs, (list, tuple)):
        return None, False
    count = len(limbs) if with_limbs else 0
    if not with_keypoints:
        return count, True
    told = [each.value.get(name) for each in beside for name in _PAIRS]
    indices = [index for each in told if isinstance(each, (list, tuple)) and are_ints(each) for index in each]
    return count + max(indices, default=-1) + 1, False


def _setting(context: Context, transform: Item, name: str) -> Any:
    given = transform.get(name)
    return literal_default(context, transform, name) if given is None else given.value


def _of_channels(
    context: Context, backbone: Item, given: Item | None, channels: int, transform: Item, made: int, *, is_all: bool
) -> Diagnostic:
    place, least = given or backbone.get('type') or backbone, '' if is_all else 'at least '
    message = (
        f'`{backbone.type_name}` takes {channels} channels, but `{transform.type_name}` makes {least}{made} heatmaps'
    )
    key = None if given is not None else f'{backbone.key}.in_channels'
    advice = Advice('let it take all heatmaps:', f'in_channels={made}')
    raises = 'RuntimeError: Given groups=1, weight of size …, expected input … to have … channels'
    others = (transform.get('skeletons') or transform.get('with_limb') or transform.get('type'),)
    return report_between(context, place, others, message, key=key, raises=raises, advice=advice)
