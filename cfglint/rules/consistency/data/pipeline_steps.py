"""Steps of a pipeline that come too early, too late or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.chains import Chain, chains
from cfglint.rules.reading.loaders import EVALUATORS, Section, evaluators, is_new, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS as EVALUATOR_SECTIONS
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.data_facts import DataFacts, Packer, Step
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

OTHER_RULES: Final = ('missing-transform', 'unloaded-annotations')


@rule(scope='entry', raises='KeyError', reads=LOADERS)
def missing_transform(context: Context) -> Iterator[Diagnostic]:
    """A transform that looks for what a transform before it should have made.

    `DecordDecode` of MMAction2 reads the frames that `SampleFrames` has chosen from the video that `DecordInit` has opened;
    `TopdownAffine` of MMPose cuts out the box of which `GetBBoxCenterScale` has computed middle and size. Nothing is said where a
    transform or a dataset of one's own comes before: it may do so itself.

    Sources: `mmaction/datasets/transforms/loading.py`, `formatting.py`, `mmpose/datasets/transforms/topdown_transforms.py`.

    ```py title="bad"
    default_scope = 'mmpose'
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[dict(type='LoadImage'), dict(type='TopdownAffine', input_size=(192, 256)), dict(type='PackPoseInputs')]))
    ```

    ```py title="good"
    default_scope = 'mmpose'
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
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for chain in chains(context, loader):
            made = set(_facts(context, chain.dataset).given_keys.get(chain.dataset.type_name or '', ()))
            for transform in chain.steps:
                name = _lacking(context, transform, made)
                if name is not None and is_new(transform, seen):
                    yield _report_lacking(context, transform, name)
                if name is not None:
                    break
                made.update(_made(context, transform))


def _lacking(context: Context, transform: Item, made: set[str]) -> str | None:
    """Return what a transform looks for in vain."""
    step, packer = _step(context, transform), _packer(context, transform)
    lacking = [] if step is None else [name for name in step.needs if name not in made]
    if packer is not None:
        lacking += [name for there, name in packer.after.items() if there in made and name not in made]
    return lacking[0] if lacking else None


def _report_lacking(context: Context, transform: Item, name: str) -> Diagnostic:
    facts, known = _facts(context, transform), transform.type_name
    makers = [maker for maker, step in facts.steps.items() if name in step.makes]
    message = f'`{known}` looks for `{name}`, which no transform before it makes'
    advice = Advice(f'put one of those before it that do: {", ".join(f"`{maker}`" for maker in makers[:4])}')
    return report_between(context, transform, (), message, raises=f"KeyError: '{name}'", advice=advice)


@rule(
    scope='entry', raises="AttributeError: 'InstanceData' object has no attribute 'bboxes'", reads=(*LOADERS, *EVALUATOR_SECTIONS),
    yields_to=('masks-not-loaded', 'missing-transform', 'mixing-outside-wrapper'),
)  # fmt: skip
def unloaded_annotations(context: Context) -> Iterator[Diagnostic]:
    """A pipeline that packs samples without the annotations that training, or the metric, needs.

    Models learn from boxes, masks or texts that `LoadAnnotations` and its kin take from what the dataset knows. `IoUMetric`
    of MMSegmentation compares with the map that the pipeline has loaded, in validation, too.

    Sources: `mmdet/datasets/transforms/formatting.py`, `mmseg/evaluation/metrics/iou_metric.py`,
    `mmocr/datasets/transforms/formatting.py`, `mmdet3d/datasets/transforms/formating.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(type='CocoDataset', pipeline=[dict(type='LoadImageFromFile'), dict(type='PackDetInputs')]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True), dict(type='PackDetInputs')]))
    ```
    """
    seen: set[int] = set()
    for loader, wanted in _wanting(context):
        for chain in chains(context, loader) if wanted is not None else ():
            packer, packed = _last_packer(context, chain)
            made = {name for each in chain.steps for name in _made(context, each)}
            needed = () if packed is None else wanted or packed.learns
            if (
                packer is None
                or not needed
                or not chain.is_whole
                or not made.isdisjoint(needed)
                or not is_new(packer, seen)
            ):
                continue
            switched = next((each for each in chain.steps if _is_switched_off(context, each)), None)
            yield _report_unloaded(context, packer, switched, needed)


def _wanting(context: Context) -> Iterator[tuple[Section, tuple[str, ...] | None]]:
    """Yield dataloaders with what their samples have to have: of one for training, the packer knows."""
    yield from ((loader, ()) for loader in loaders(context, 'train_dataloader'))
    for evaluator in evaluators(context):
        name = EVALUATORS[evaluator.item.key.partition('.')[0]]
        yield from ((loader, _judged(context, evaluator)) for loader in loaders(context, name))


def _judged(context: Context, evaluator: Section) -> tuple[str, ...] | None:
    """Return what the metrics of an evaluator read of what is packed, None if nothing."""
    found = []
    for metric in evaluator.metrics:
        known = class_name(metric.value, evaluator.scope)
        name = None if known is None else data_facts(known.package).judges_packed.get(known.name)
        if name is not None and not metric.value.get('format_only', False) and is_stock(context, metric):
            found.append(name)
    return tuple(found) or None


def _report_unloaded(context: Context, packer: Item, switched: Item | None, needed: tuple[str, ...]) -> Diagnostic:
    if switched is not None:
        step = _step(context, switched)
        argument = switched.get('' if step is None else step.switch)
        message = f'`{switched.type_name}` loads no `{needed[0]}`, which are needed here'
        advice = Advice('write', '' if argument is None else f'{argument.name}=True')
        return report_between(context, argument or switched, (packer,), message, at='value', advice=advice)
    facts = _facts(context, packer)
    makers = [maker for maker, step in facts.steps.items() if not set(needed).isdisjoint(step.makes)]
    message = f'`{packer.type_name}` finds no annotations: nothing in this pipeline loads them'
    advice = Advice(f'put `dict(type={makers[0]!r})` after what loads the picture' if makers else 'load them before')
    return report_between(context, packer, (), message, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=(*LOADERS, *EVALUATOR_SECTIONS), yields_to=OTHER_RULES)
def annotations_out_of_step(context: Context) -> Iterator[Diagnostic]:
    """Annotations that are loaded after the picture was resized, flipped or cropped, or, for a metric, before.

    A transform that moves what is in the picture moves the annotations with it that are there. In training, those that are
    loaded later do not fit the picture. In validation, predictions are scaled back to the size of the file: a metric that
    compares them with the annotations in the sample, as `IoUMetric` and `VOCMetric` do, needs those as they are in the file.

    Sources: `mmcv/transforms/processing.py`, `mmseg/evaluation/metrics/iou_metric.py`,
    `mmdet/evaluation/metrics/voc_metric.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'),
                dict(type='RandomFlip', prob=0.5),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='PackDetInputs')
            ]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='RandomFlip', prob=0.5),
                dict(type='PackDetInputs')
            ]))
    ```
    """
    seen: set[int] = set()
    for loader, wanted in _wanting(context):
        for chain in chains(context, loader) if wanted is not None else ():
            loading, moving = _first_of(context, chain, wanted), _moving(context, chain)
            if loading is None or not moving or not is_new(loading, seen):
                continue
            at = chain.steps.index(loading)
            before, after = (
                [each for each in moving if (chain.steps.index(each) < at) is side] for side in (True, False)
            )
            if not wanted and before:
                message = (
                    f'`{loading.type_name}` comes after `{before[0].type_name}`: the annotations do not fit the picture'
                )
                advice = Advice(f'put it before `{before[0].type_name}`')
                yield report_between(context, loading, (before[0],), message, advice=advice)
            elif wanted and after:
                message = f'`{after[0].type_name}` changes annotations that the metric compares in the size of the file'
                advice = Advice(f'put `{loading.type_name}` after it')
                yield report_between(context, after[0], (loading,), message, advice=advice)


@rule(scope='entry', raises='KeyError', reads=LOADERS)
def transform_after_packing(context: Context) -> Iterator[Diagnostic]:
    """A transform after the one that packs: what it works on is not there any more.

    `PackDetInputs` and its kin return `inputs` and `data_samples` only. What follows finds no `img`.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='PackDetInputs'),
                dict(type='RandomFlip', prob=0.5)
            ]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='RandomFlip', prob=0.5),
                dict(type='PackDetInputs')
            ]))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for chain in chains(context, loader):
            packer: Item | None = None
            for transform in chain.steps:
                if packer is not None and not _packs(transform) and is_new(transform, seen):
                    message = f'`{transform.type_name}` comes after `{packer.type_name}`, which leaves nothing for it'
                    advice = Advice(f'put it before `{packer.type_name}`')
                    yield report_between(context, transform, (packer,), message, advice=advice)
                    break
                packer = transform if packer is None and _packs(transform) else packer


def _packs(transform: Item) -> bool:
    name = transform.type_name or ''
    return name.startswith('Pack') and name.endswith('Inputs')


def _facts(context: Context, item: Item) -> DataFacts:
    known = class_name(item.value, context.given_scope)
    return data_facts('' if known is None else known.package)


def _step(context: Context, transform: Item) -> Step | None:
    return _facts(context, transform).steps.get(transform.type_name or '')


def _packer(context: Context, transform: Item) -> Packer | None:
    return _facts(context, transform).packers.get(transform.type_name or '')


def _made(context: Context, transform: Item) -> tuple[str, ...]:
    step = _step(context, transform)
    return () if step is None or _is_switched_off(context, transform) else step.makes


def _is_switched_off(context: Context, transform: Item) -> bool:
    step = _step(context, transform)
    return step is not None and bool(step.switch) and transform.value.get(step.switch, True) is False


def _last_packer(context: Context, chain: Chain) -> tuple[Item | None, Packer | None]:
    found = [(each, packer) for each in chain.steps if (packer := _packer(context, each)) is not None]
    return found[-1] if found else (None, None)


def _first_of(context: Context, chain: Chain, wanted: tuple[str, ...] | None) -> Item | None:
    """Return the first transform that loads annotations: those for a metric, or those that training needs."""
    _, packed = _last_packer(context, chain)
    names = set(wanted or (() if packed is None else packed.learns))
    return next((each for each in chain.steps if not names.isdisjoint(_made(context, each))), None)


def _moving(context: Context, chain: Chain) -> list[Item]:
    return [each for each in chain.steps if (each.type_name or '') in _facts(context, each).moving_transforms]
