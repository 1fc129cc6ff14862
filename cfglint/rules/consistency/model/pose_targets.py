"""What the heads of mmpose learn from, against what the pipeline makes and the decoder reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.chains import chains
from cfglint.rules.reading.loaders import is_new, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.official import package_of
from cfglint.rules.reading.parts import each_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.chains import Chain
    from cfglint.rules.reading.items import Item

_MAKER: Final = 'GenerateTarget'
_PACKER: Final = 'PackPoseInputs'
_VALIDATING: Final = ('val_cfg', 'val_dataloader', 'val_evaluator')


@rule(scope='entry', raises='AttributeError', reads=('model', 'train_dataloader'), words=('PackPoseInputs', 'decoder'))
def target_of_another_head(context: Context) -> Iterator[Diagnostic]:
    """Targets of training, or a decoder, that are for another kind of head of mmpose, or no targets at all.

    The codec of `GenerateTarget` makes heatmaps, coordinates, or one-dimensional distributions (SimCC); a head learns from one of
    them, and its `decoder` turns what it predicts back. All three change together: `HeatmapHead` with `MSRAHeatmap`,
    `RegressionHead` with `RegressionLabel`, `RTMCCHead` with `SimCCLabel`.

    Sources: `mmpose/models/heads/heatmap_heads/heatmap_head.py`, `coord_cls_heads/simcc_head.py`,
    `regression_heads/regression_head.py`, `label_mapping_table` and `field_mapping_table` in `mmpose/codecs/`.

    ```py title="bad"
    default_scope = 'mmpose'
    model = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=2048, out_channels=17))
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImage'),
                dict(type='GetBBoxCenterScale'),
                dict(type='TopdownAffine', input_size=(192, 256)),
                dict(type='PackPoseInputs')
            ]))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    codec = dict(type='MSRAHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
    model = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=2048, out_channels=17, decoder=codec))
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImage'),
                dict(type='GetBBoxCenterScale'),
                dict(type='TopdownAffine', input_size=(192, 256)),
                dict(type='GenerateTarget', encoder=codec),
                dict(type='PackPoseInputs')
            ]))
    ```
    """
    head = _head(context)
    learned = None if head is None else data_facts('mmpose').learned_targets.get(head.type_name or '')
    if head is None or learned is None:
        return
    decoder, seen = head.get('decoder'), set[int]()
    if decoder is not None and _lacks(decoder, learned):
        yield _report_codec(context, decoder, head)
    for loader in loaders(context, 'train_dataloader'):
        for chain in chains(context, loader):
            for item in _without_targets(chain, learned):
                if not is_new(item, seen):
                    continue
                if item.type_name == _PACKER:
                    message = f'no transform makes the targets that `{head.type_name}` learns from'
                    advice = Advice(f'put `dict(type={_MAKER!r}, encoder=codec)` before it, with the codec of the head')
                    yield report_between(context, item, (head.get('type'),), message, advice=advice)
                else:
                    yield _report_codec(context, item, head)


def _without_targets(chain: Chain, learned: tuple[str, ...]) -> Iterator[Item]:
    """Yield the encoder that makes other targets, or the packer where nothing makes any."""
    makers = [each for each in chain.steps if each.type_name == _MAKER]
    packers = [each for each in chain.steps if each.type_name == _PACKER]
    if not makers and chain.is_whole:
        yield from packers[-1:]
    for maker in makers[-1:]:
        encoder = maker.get('encoder')
        if encoder is not None and len(makers) == 1 and _lacks(encoder, learned):
            yield encoder


def _lacks(codec: Item, learned: tuple[str, ...]) -> bool:
    """Tell whether a codec, or a list of them, is surely without what a head learns from."""
    facts, made = data_facts('mmpose').made_targets, set[str]()
    parts = list(each_of(codec))
    for part in parts:
        targets = facts.get(part.type_name or '')
        if targets is None:
            return False
        made.update(targets)
    return bool(parts) and not made.issuperset(learned)


def _report_codec(context: Context, codec: Item, head: Item) -> Diagnostic:
    kinds = ' and '.join(f'`{each.type_name}`' for each in list(each_of(codec))[:2])
    facts, learned = data_facts('mmpose'), data_facts('mmpose').learned_targets[head.type_name or '']
    fitting = [name for name, targets in facts.made_targets.items() if set(targets).issuperset(learned)]
    message = f'{kinds} is not for `{head.type_name}`, which needs a codec such as `{fitting[0]}`'
    advice = Advice(f'take a codec with {" and ".join(f"`{name}`" for name in learned)} in both places')
    return report_between(context, codec, (head.get('type'),), message, advice=advice)


@rule(
    scope='entry', raises='RuntimeError: The decoder has not been set', reads=('model', *_VALIDATING),
    needs=('val_dataloader',), yields_to=('missing-argument',),
)  # fmt: skip
def missing_decoder(context: Context) -> Iterator[Diagnostic]:
    """A head of mmpose that learns but has no `decoder` for the validation that the config asks for.

    `RuntimeError: The decoder has not been set in RTMCCHead. Please set the decoder configs in the init parameters to enable
    head methods `head.predict()` and `head.decode()`` comes with the first validation, after epochs of training.

    Source: `mmpose/models/heads/base_head.py`, `decode`.

    ```py title="bad"
    default_scope = 'mmpose'
    model = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=2048, out_channels=17))
    val_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='val.json'))
    val_evaluator = dict(type='CocoMetric', ann_file='val.json')
    val_cfg = dict()
    ```

    ```py title="good"
    default_scope = 'mmpose'
    codec = dict(type='MSRAHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
    model = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=2048, out_channels=17, decoder=codec))
    val_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='val.json'))
    val_evaluator = dict(type='CocoMetric', ann_file='val.json')
    val_cfg = dict()
    ```
    """
    head = _head(context)
    if head is None or any(context.value(name) is None for name in _VALIDATING):
        return
    decoder = head.get('decoder')
    if head.type_name in data_facts('mmpose').learned_targets and (decoder is None or decoder.value is None):
        message = f'`{head.type_name}` has no `decoder`, which validation needs'
        advice = Advice('give it the codec of `GenerateTarget` as `decoder`')
        yield report_between(context, decoder or head, (head.get('type'),), message, advice=advice)


def _head(context: Context) -> Item | None:
    """Return the head of a model of mmpose, if both are the library's own."""
    model, head = context.section('model'), context.find('model.head')
    given: Any = None if head is None else head.value
    if model is None or head is None or not isinstance(given, dict) or not is_stock(context, model):
        return None
    return head if package_of(context, head) == 'mmpose' else None
