"""The channels of backbone, neck and heads against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.rules.facts import channels as known_channels
from cfglint.rules.facts.channels import UNIFORM_NECKS, Channels
from cfglint.rules.facts.data import default_scope, is_int, stock
from cfglint.rules.facts.place import report_between
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context, Item

SAYS: Final = 'RuntimeError: Given groups=1, weight of size …, expected input … to have … channels'
EXTRACTORS: Final = frozenset({'SingleRoIExtractor', 'GenericRoIExtractor'})
POOLING: Final = frozenset({'GlobalAveragePooling'})
ONE_FEATURE_HEADS: Final = ('bbox_head', 'rpn_head', 'mask_head')


class Features(NamedTuple):
    """What a part of the model hands on, and the part that decides it."""

    channels: Channels
    giver: Item


class Clash(NamedTuple):
    """A number of channels that does not fit what comes in: keys below the model, and the words."""

    key: str
    giver: str
    message: str


@rule(scope='entry', raises='to have')
def channel_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A neck or head that expects other channels than the backbone or neck before it puts out.

    Known for ResNet and its kin, Swin, ConvNeXt and HRNet with the usual necks. The first batch fails with
    `RuntimeError: Given groups=1, weight of size …, expected input … to have … channels, but got … channels instead`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        type='RetinaNet',
        backbone=dict(type='ResNet', depth=18),
        neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048], out_channels=256, num_outs=5),
        bbox_head=dict(type='RetinaHead', in_channels=256, num_classes=80))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='RetinaNet',
        backbone=dict(type='ResNet', depth=18),
        neck=dict(type='FPN', in_channels=[64, 128, 256, 512], out_channels=256, num_outs=5),
        bbox_head=dict(type='RetinaHead', in_channels=256, num_classes=80))
    ```
    """
    model = context.root.get('model')
    if model is None or not isinstance(model.value, dict):
        return
    scope = default_scope(context)
    for clash in context.shared(('channels', scope), model.value, lambda: list(_clashes(model, scope))):
        item, giver = context.find(f'model.{clash.key}'), context.find(f'model.{clash.giver}')
        if item is not None and giver is not None:
            yield report_between(
                context, item, (_decisive(giver),), f'`{item.key}` {clash.message}; the first batch fails with `{SAYS}`'
            )


def _decisive(giver: Item) -> Item:
    """Return what decides the channels of a part: its depth, say."""
    for name in ('depth', 'arch', 'embed_dims', 'out_channels', 'type'):
        found = giver.get(name)
        if found is not None:
            return found
    return giver


def _clashes(model: Item, scope: str) -> Iterator[Clash]:
    for clash in _of_parts(model, scope):
        yield clash._replace(key=clash.key.removeprefix('model.'), giver=clash.giver.removeprefix('model.'))


def _of_parts(model: Item, scope: str) -> Iterator[Clash]:
    features = _backbone(model, scope)
    neck = model.get('neck')
    if neck is not None and isinstance(neck.value, dict):
        necks = [neck]
    elif neck is not None and isinstance(neck.value, (list, tuple)):
        necks = list(neck.items())
    else:
        necks = []
    for part in necks:
        known = stock(part.value, scope) if isinstance(part.value, dict) else None
        if known is None:
            return
        if known.name in POOLING:
            break
        if features is not None and known.name in UNIFORM_NECKS:
            yield from _into_neck(part, features)
        channels = known_channels.of_neck(part.value, known)
        features = None if channels is None else Features(channels, part)
    between = any(isinstance(key, str) and 'neck' in key and key != 'neck' for key in model.value)
    if features is not None and not between:
        yield from _into_heads(model, features, scope, pooled=bool(necks) and features.giver.name == 'backbone')


def _backbone(model: Item, scope: str) -> Features | None:
    item = model.get('backbone')
    known = stock(item.value, scope) if item is not None and isinstance(item.value, dict) else None
    if item is None or known is None:
        return None
    channels = known_channels.of_backbone(item.value, known)
    return None if channels is None else Features(channels, item)


def _into_neck(neck: Item, features: Features) -> Iterator[Clash]:
    given = neck.get('in_channels')
    if given is None or not isinstance(given.value, (list, tuple)) or not all(is_int(each) for each in given.value):
        return
    start, end = neck.value.get('start_level', 0), neck.value.get('end_level', -1)
    if not (is_int(start) and is_int(end)):
        return
    used = range(start, len(given.value) if end == -1 else end + 1)
    if len(given.value) != len(features.channels) or any(
        given.value[i] != features.channels[i] for i in used if i < len(given.value)
    ):
        yield _clash(given, features, list(given.value), features.channels)


def _clash(item: Item, features: Features, given: Any, channels: Any) -> Clash:
    shown = ', '.join(map(str, channels)) if isinstance(channels, (list, tuple)) else str(channels)
    name = features.giver.value.get('type')
    depth = features.giver.value.get('depth', features.giver.value.get('arch'))
    what = f'{name}' + (f' ({depth})' if depth is not None else '') if isinstance(name, str) else features.giver.key
    return Clash(item.key, features.giver.key, f'is {given}, but `{what}` puts out {shown} channels')


def _into_heads(model: Item, features: Features, scope: str, *, pooled: bool) -> Iterator[Clash]:
    for name in ('decode_head', 'auxiliary_head'):
        for head in _each(model.get(name)):
            yield from _into_segmentor_head(head, features)
    if pooled or model.get('neck') is None:
        yield from _single(model.get('head'), 'in_channels', features, features.channels[-1:])
    if len(set(features.channels)) == 1 and not pooled:
        for name in ONE_FEATURE_HEADS:
            yield from _single(model.get(name), 'in_channels', features, features.channels[:1])
        yield from _into_roi_head(model.get('roi_head'), features, scope)


def _into_roi_head(roi_head: Item | None, features: Features, scope: str) -> Iterator[Clash]:
    if roi_head is None or not isinstance(roi_head.value, dict) or roi_head.get('shared_head') is not None:
        return
    for part in ('bbox', 'mask'):
        extractor = next(_each(roi_head.get(f'{part}_roi_extractor')), None)
        if extractor is None:
            continue
        yield from _single(extractor, 'out_channels', features, features.channels[:1])
        known = stock(extractor.value, scope)
        out = extractor.value.get('out_channels')
        if (
            known is not None
            and known.name in EXTRACTORS
            and is_int(out)
            and extractor.value.get('aggregation') != 'concat'
        ):
            for head in _each(roi_head.get(f'{part}_head')):
                yield from _single(head, 'in_channels', Features((out,), extractor), (out,))


def _each(item: Item | None) -> Iterator[Item]:
    if item is not None and isinstance(item.value, dict):
        yield item
    elif item is not None and isinstance(item.value, (list, tuple)):
        yield from (each for each in item.items() if isinstance(each.value, dict))


def _single(part: Item | None, name: str, features: Features, channels: Channels) -> Iterator[Clash]:
    given = None if part is None else part.get(name)
    if given is not None and is_int(given.value) and channels and given.value != channels[0]:
        yield _clash(given, features, given.value, channels[0])


def _into_segmentor_head(head: Item, features: Features) -> Iterator[Clash]:
    """mmseg picks the inputs of a head by `in_index`."""
    given, index = head.get('in_channels'), head.value.get('in_index', -1)
    if given is None:
        return
    pairs = [(given.value, index)] if is_int(given.value) else None
    if isinstance(given.value, (list, tuple)) and isinstance(index, (list, tuple)) and len(index) == len(given.value):
        pairs = list(zip(given.value, index, strict=True))
    if pairs is None or not all(is_int(each) for pair in pairs for each in pair):
        return
    outputs = len(features.channels)
    beyond = [place for _, place in pairs if not -outputs <= place < outputs]
    if beyond:
        message = f'reads output {beyond[0]} (`in_index`), but there are {outputs}'
        yield Clash(f'{head.key}.in_index' if 'in_index' in head.value else given.key, features.giver.key, message)
        return
    expected = [features.channels[place] for _, place in pairs]
    if head.value.get('input_transform') == 'resize_concat' and sum(expected) == sum(given.value):
        return
    if expected != [channels for channels, _ in pairs]:
        shown = expected[0] if is_int(given.value) else expected
        yield _clash(given, features, given.value if is_int(given.value) else list(given.value), shown)
