"""The channels of backbone, neck and heads against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_ints, is_int
from cfglint.rules.cause import report_between
from cfglint.rules.facts import channels as known_channels
from cfglint.rules.facts.channels import TAKING_NECKS, Channels
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import component_of
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

RAISES: Final = 'RuntimeError: Given groups=1, weight of size …, expected input … to have … channels'
EXTRACTORS: Final = frozenset({'SingleRoIExtractor', 'GenericRoIExtractor'})
Part = dict[Any, Any]
POOLING: Final = frozenset({'GlobalAveragePooling'})
ONE_FEATURE_HEADS: Final = ('bbox_head', 'rpn_head', 'mask_head', 'det_head')
WHOLE_HEADS: Final = frozenset({'MaskFormerHead', 'Mask2FormerHead'})
"""Heads that take all outputs of the backbone, with `in_channels` for each."""


HARMLESS: Final = frozenset(
    {
        'get_targets', 'init_weights', 'loss', 'loss_by_feat', 'loss_by_feat_single', 'loss_single', 'predict',
        'predict_by_feat',
    }
)  # fmt: skip
"""Methods with which a head of the user's own still takes features as the one that it inherits."""
DECISIVE: Final = ('type', 'depth', 'arch', 'embed_dims', 'widen_factor', 'out_channels', 'out_indices', 'extra')
"""What says how many channels a part puts out."""
BRANCHES: Final = ('', 'pts_', 'img_')
"""How the names of parts begin that work on one kind of input, in models of mmdet3d for points and pictures."""
NECKS: Final = frozenset(f'{branch}neck' for branch in BRANCHES)


class Features(NamedTuple):
    """What a part of the model hands on, and the part that decides it, with its key below the model."""

    channels: Channels
    giver: str
    part: Part


class Clash(NamedTuple):
    """A number of channels that does not fit what comes in: keys below the model, the words, and what to write."""

    key: str
    giver: str
    message: str
    advice: Advice

    @property
    def branch(self) -> str:
        """How the names of the parts begin that the features go through."""
        return next(branch for branch in reversed(BRANCHES) if self.giver.startswith(branch))


@rule(
    scope='entry',
    raises='to have',
    reads=('model',),
    words=('backbone', 'neck', 'pts_backbone', 'pts_neck', 'img_backbone', 'img_neck'),
)
def channel_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A neck or head that expects other channels than the backbone or neck before it puts out.

    Known for ResNet and its kin, Swin, ConvNeXt, HRNet, CSPDarknet, CSPNeXt and SECOND with the usual necks, and for other
    backbones of mmdet, mmseg, mmpose and mmpretrain with the arguments that official configs give them: these were made with
    the real libraries, and run (`tools/build_outputs.py`). The first batch fails with
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
    model = context.section('model')
    if model is None or not isinstance(model.value, dict):
        return
    scope = context.given_scope
    for clash in context.shared(('channels', scope), model.value, lambda: list(_clashes(model.value, scope))):
        item, giver = context.find(f'model.{clash.key}'), context.find(f'model.{clash.giver}')
        if item is not None and giver is not None and _is_known(context, model, item, clash.branch):
            yield report_between(
                context,
                item,
                (*_decisive(giver), *_chosen(item)),
                f'`{item.key}` {clash.message}',
                raises=RAISES,
                advice=clash.advice,
            )


def _is_known(context: Context, model: Item, item: Item, branch: str) -> bool:
    """Tell whether all that the features go through is a library's own: another detector may do something between."""
    if model.get('type') is not None and not is_stock(context, model):
        return False
    neck = model.get(f'{branch}neck')
    necks = [] if neck is None else [neck] if isinstance(neck.value, dict) else list(neck.items())
    owner = item.parent
    parts = [each for each in (model.get(f'{branch}backbone'), *necks) if each is not None and each is not owner]
    if not all(is_stock(context, part) for part in parts):
        return False
    return owner is None or owner is model or is_stock(context, owner) or _takes_as_base(context, owner)


def _takes_as_base(context: Context, head: Item) -> bool:
    """Tell whether a head of the user's own leaves its layers, and what it does with features, to a library's."""
    found, local = component_of(context, head), context.libraries.own.code
    if found is None or found.library or local is None:
        return False
    installation = context.libraries.installation(context.scope, with_local=True)
    for path in installation.mro(found.path):
        own = local.object(path)
        if own is None:
            return installation.object(path) is not None
        if not all(name in HARMLESS or name == '__init__' for name in own.body.get('methods', ())):
            return False
        parameters = {each[0] for each in own.body.get('init', {}).get('params', ())}
        if parameters and ('in_channels' in parameters or not any(name.startswith('**') for name in parameters)):
            return False
    return False


def _decisive(giver: Item) -> tuple[Item | None, ...]:
    """Return what may decide the channels of a part: its type and its depth, say."""
    return tuple(map(giver.get, DECISIVE))


def _chosen(item: Item) -> Iterator[Item | None]:
    """Yield what says which of the outputs are taken."""
    if item.parent is not None:
        yield from map(item.parent.get, ('in_index', 'input_transform', 'start_level', 'end_level'))


def _clashes(model: Part, scope: str) -> Iterator[Clash]:
    for branch in BRANCHES:
        yield from _clashes_of(model, scope, branch)


def _clashes_of(model: Part, scope: str, branch: str) -> Iterator[Clash]:
    features, necks = _backbone(model, scope, branch), _necks(model, f'{branch}neck')
    for key, part in necks:
        known = class_name(part, scope) if isinstance(part, dict) else None
        if known is None:
            return
        if known.name in POOLING:
            break
        if features is not None and known.name in TAKING_NECKS:
            yield from _into_neck(key, part, features)
        channels = known_channels.of_neck(part, known)
        features = None if channels is None else Features(channels, key, part)
    if features is not None and not any(isinstance(key, str) and 'neck' in key and key not in NECKS for key in model):
        yield from _into_heads(
            model, features, scope, branch, pooled=bool(necks) and features.giver == f'{branch}backbone'
        )


def _backbone(model: Part, scope: str, branch: str) -> Features | None:
    part: Any = model.get(f'{branch}backbone')
    known = class_name(part, scope) if isinstance(part, dict) else None
    channels = None if known is None else known_channels.of_backbone(part, known)
    return None if channels is None else Features(channels, f'{branch}backbone', part)


def _necks(model: Part, name: str) -> list[tuple[str, Any]]:
    neck = model.get(name)
    if isinstance(neck, dict):
        return [(name, neck)]
    return [(f'{name}.{index}', each) for index, each in enumerate(neck)] if isinstance(neck, (list, tuple)) else []


def _into_neck(key: str, neck: Part, features: Features) -> Iterator[Clash]:
    given, start, end = neck.get('in_channels'), neck.get('start_level', 0), neck.get('end_level', -1)
    if not isinstance(given, (list, tuple)) or not are_ints((*given, start, end)):
        return
    used = range(start, len(given) if end == -1 else end + 1)
    if len(given) != len(features.channels) or any(given[i] != features.channels[i] for i in used if i < len(given)):
        yield _clash(f'{key}.in_channels', features, list(given), features.channels)


def _clash(key: str, features: Features, given: Any, channels: Any) -> Clash:
    shown = ', '.join(map(str, channels)) if isinstance(channels, (list, tuple)) else str(channels)
    name = features.part.get('type')
    depth = (
        features.part.get('arch' if 'arch' in features.part else 'depth') if 'embed_dims' not in features.part else None
    )
    what = f'{name}' + (f' ({depth})' if depth is not None else '')
    what = what if isinstance(name, str) else f'model.{features.giver}'
    shape = list(channels) if isinstance(channels, tuple) else channels
    advice = Advice('write', f'{key.rpartition(".")[2]}={shape}')
    return Clash(key, features.giver, f'is {given}, but `{what}` puts out {shown}', advice)


def _into_heads(model: Part, features: Features, scope: str, branch: str, *, pooled: bool) -> Iterator[Clash]:
    if not branch:
        yield from _into_segmentor(model, features, scope)
        if pooled or model.get('neck') is None:
            for name in ('head', 'cls_head'):
                yield from _single(name, model.get(name), 'in_channels', features, features.channels[-1:])
    if len(set(features.channels)) == 1 and not pooled:
        for name in (f'{branch}{each}' for each in ONE_FEATURE_HEADS):
            yield from _single(name, model.get(name), 'in_channels', features, features.channels[:1])
        yield from _into_roi_head(model, f'{branch}roi_head', features, scope)


def _into_segmentor(model: Part, features: Features, scope: str) -> Iterator[Clash]:
    for name in ('decode_head', 'auxiliary_head', 'panoptic_head'):
        for key, head in _each(model, name):
            known = class_name(head, scope)
            if known is not None and known.name in WHOLE_HEADS:
                given = head.get('in_channels')
                if isinstance(given, (list, tuple)) and are_ints(given) and tuple(given) != features.channels:
                    yield _clash(f'{key}.in_channels', features, list(given), features.channels)
            elif name != 'panoptic_head':
                yield from _into_segmentor_head(key, head, features)


def _into_roi_head(model: Part, name: str, features: Features, scope: str) -> Iterator[Clash]:
    roi_head: Any = model.get(name)
    if not isinstance(roi_head, dict) or 'shared_head' in roi_head:
        return
    for part in ('bbox', 'mask'):
        key, extractor = next(_each(roi_head, f'{part}_roi_extractor', f'{name}.'), ('', None))
        if extractor is None:
            continue
        yield from _single(key, extractor, 'out_channels', features, features.channels[:1])
        known, out = class_name(extractor, scope), extractor.get('out_channels')
        if known is not None and known.name in EXTRACTORS and is_int(out) and extractor.get('aggregation') != 'concat':
            given = Features((out,), key, extractor)
            for place, head in _each(roi_head, f'{part}_head', f'{name}.'):
                yield from _single(place, head, 'in_channels', given, (out,))


def _each(owner: Part, name: str, above: str = '') -> Iterator[tuple[str, Part]]:
    """Yield a part, or each of a list of parts, with its key."""
    value = owner.get(name)
    if isinstance(value, dict):
        yield f'{above}{name}', value
    elif isinstance(value, (list, tuple)):
        yield from ((f'{above}{name}.{index}', each) for index, each in enumerate(value) if isinstance(each, dict))


def _single(key: str, part: Any, name: str, features: Features, channels: Channels) -> Iterator[Clash]:
    given = part.get(name) if isinstance(part, dict) else None
    if is_int(given) and channels and given != channels[0]:
        yield _clash(f'{key}.{name}', features, given, channels[0])


def _into_segmentor_head(key: str, head: Part, features: Features) -> Iterator[Clash]:
    """mmseg picks the inputs of a head by `in_index`."""
    given: Any = head.get('in_channels')
    index: Any = head.get('in_index', -1)
    pairs = [(given, index)] if is_int(given) else None
    if isinstance(given, (list, tuple)) and isinstance(index, (list, tuple)) and len(index) == len(given):
        pairs = list(zip(given, index, strict=True))
    if pairs is None or not all(are_ints(pair) for pair in pairs):
        return
    outputs = len(features.channels)
    beyond = [place for _, place in pairs if not -outputs <= place < outputs]
    if beyond:
        message = f'reads output {beyond[0]} (`in_index`), but there are {outputs}'
        advice = Advice(f'write at most {outputs - 1}')
        yield Clash(f'{key}.{"in_index" if "in_index" in head else "in_channels"}', features.giver, message, advice)
        return
    expected = [features.channels[place] for _, place in pairs]
    if head.get('input_transform') == 'resize_concat' and sum(expected) == sum(given):
        return
    if expected != [channels for channels, _ in pairs]:
        shown = expected[0] if is_int(given) else expected
        yield _clash(f'{key}.in_channels', features, given if is_int(given) else list(given), shown)
