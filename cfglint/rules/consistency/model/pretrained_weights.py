"""Pretrained weights that do not fit the part of the model that loads them, as far as their name tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cfglint.catalog.library_file import library_names
from cfglint.catalog.model_facts import model_facts
from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.facts.checkpoint_names import backbone_of, differs, network
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.parts import component_of, each_of, facts_of, holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

SLOTS: Final = ('backbone', 'img_backbone')
OWN_RUN: Final = re.compile(r'(?:^|/)(?:best_.+_)?(?:epoch|iter)_\d+\.pth$')
"""What `CheckpointHook` calls its files: whole models."""
PUBLISHED: Final = re.compile(r'_\d{8}(?:_\d{6})?-[0-9a-f]{8}\.pth$')
"""How the files end that OpenMMLab publishes."""
RECIPE: Final = re.compile(r'(?<![a-z0-9])\d+xb?\d+(?![a-z0-9])')
"""How their names tell of a training, on so many devices: the result is a whole model."""
PARTS_ONLY: Final = ('torchvision://', 'open-mmlab://', 'mmcls://')
"""Where addresses begin that give the weights of a backbone alone; what is taken from mmcls is stripped on the way."""


@rule(severity=Severity.WARNING, reads=('model',), words=('Pretrained', 'pretrained'))
def unprefixed_checkpoint(context: Context) -> Iterator[Diagnostic]:
    """Weights of a whole model in the `init_cfg` of a backbone, without `prefix`.

    The names in the file begin with `backbone.`, those of the backbone do not: nothing fits. Since weights are loaded with
    `strict=False`, that is a warning in the log, and the backbone stays random. OpenMMLab's downloads of classifiers,
    detectors and segmentors are whole models, and so are the files that MMEngine writes (`epoch_12.pth`).

    Source: `PretrainedInit` of `mmengine/model/weight_init.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        backbone=dict(
            type='ResNet',
            depth=50,
            init_cfg=dict(type='Pretrained', checkpoint='work_dirs/pretraining/epoch_300.pth')))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        backbone=dict(
            type='ResNet',
            depth=50,
            init_cfg=dict(type='Pretrained', checkpoint='work_dirs/pretraining/epoch_300.pth', prefix='backbone.')))
    ```
    """
    for backbone, weights in _weights(context):
        init = weights.parent
        if init is None or not _is_whole(weights.value) or not _loads_plainly(context, backbone):
            continue
        message = f'`{weights.key}` is a whole model: without `prefix`, nothing in it fits the backbone'
        if weights.name == 'pretrained':
            code = f"dict(type='Pretrained', checkpoint={weights.value!r}, prefix='backbone.')"
            advice = Advice('instead of it, write in the backbone', f'init_cfg={code}')
            yield context.report(weights, message, advice=advice, ignored=True)
        elif init.value.get('type') == 'Pretrained' and init.value.get('prefix') is None:
            advice = Advice('load its backbone:', "prefix='backbone.'")
            yield context.report(weights, message, advice=advice, ignored=True)


@rule(severity=Severity.WARNING, reads=('model',), words=('prefix',))
def prefix_of_plain_checkpoint(context: Context) -> Iterator[Diagnostic]:
    """A `prefix` for weights that are those of a backbone alone, or one that a whole model does not have.

    What `torchvision://`, `open-mmlab://` and `mmcls://` give has no names that begin with `backbone.`, and in the models
    that OpenMMLab publishes, the names of those of the backbone do: with another `prefix`, loading stops.

    Source: `_load_checkpoint_with_prefix` of `mmengine/runner/checkpoint.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        backbone=dict(
            type='ResNet',
            depth=50,
            init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50', prefix='backbone.')))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        backbone=dict(type='ResNet', depth=50, init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50')))
    ```
    """
    for backbone, weights in _weights(context):
        prefix = None if weights.parent is None else weights.parent.get('prefix')
        if prefix is None or not isinstance(prefix.value, str) or not _loads_plainly(context, backbone):
            continue
        is_backbone = prefix.value.rstrip('.') == 'backbone'
        if weights.value.startswith(PARTS_ONLY) and is_backbone:
            message, advice = f'`{weights.value}` has no weights that begin with `backbone.`', Advice('remove `prefix`')
        elif 'backbone' not in prefix.value and _is_published(weights.value):
            message, advice = (
                f'no weights of a backbone begin with `{prefix.value}`',
                Advice('write', "prefix='backbone.'"),
            )
        else:
            continue
        raises = f'AssertionError: {prefix.value} is not in the pretrained model'
        yield report_between(context, prefix, (weights,), message, raises=raises, advice=advice)


@rule(era='all', severity=Severity.WARNING, reads=('model', 'load_from'))
def weights_of_another_network(context: Context) -> Iterator[Diagnostic]:
    """Weights whose name says that they are for another backbone, or for one of another depth.

    Weights are loaded with `strict=False`: what does not fit is left out with a warning in the log, and the rest of the
    network stays random. A child that sets `depth=101` has to name other weights, too.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        backbone=dict(type='ResNet', depth=101, init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50')))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        backbone=dict(type='ResNet', depth=101, init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet101')))
    ```
    """
    for backbone, weights in _weights(context):
        name = network(weights.value)
        wrong = None if name is None else differs(name, backbone.type_name or '', backbone.value)
        if name is not None and wrong is not None and _is_library(context, backbone):
            item = item_below(backbone, wrong) or backbone
            shown = (
                f'of type `{backbone.type_name}`' if wrong == 'type' else f'another one (`{wrong.partition(".")[0]}`)'
            )
            message = f'`{weights.key}` is for {name.shown}, but the backbone is {shown}'
            advice = Advice('name weights of the same network as the backbone')
            yield report_between(context, weights, (item,), message, ignored=True, advice=advice)
    yield from _of_whole_model(context)


def _of_whole_model(context: Context) -> Iterator[Diagnostic]:
    item, backbone = context.find('load_from'), context.find('model.backbone')
    if item is None or backbone is None or not isinstance(item.value, str) or not isinstance(backbone.value, dict):
        return
    name = backbone_of(item.value)
    wrong = None if name is None else differs(name, backbone.type_name or '', backbone.value)
    if name is not None and wrong is not None and _is_library(context, backbone):
        other = item_below(backbone, wrong) or backbone
        shown = f'of type `{backbone.type_name}`' if wrong == 'type' else f'another one (`{wrong.partition(".")[0]}`)'
        message = f'`load_from` is a model with {name.shown}, but `{backbone.key}` is {shown}'
        advice = Advice('name a model that has the same backbone')
        if wrong == 'depth':
            advice = Advice('name a model of the same depth, or write in `model.backbone`', f'depth={name.sizes[0]}')
        yield report_between(context, item, (other,), message, ignored=True, advice=advice)
    else:
        yield from _of_other_parts(context, item)


def _of_other_parts(context: Context, weights: Item) -> Iterator[Diagnostic]:
    """Compare the parts of a model with those that the name of published weights tells of."""
    name = weights.value.rpartition('/')[2].lower()
    model = context.find('model')
    if model is None or not isinstance(model.value, dict) or not PUBLISHED.search(name):
        return
    if not _is_library(context, model):
        return
    for start, parts in model_facts(context.scope).published_parts.items():
        found = re.match(f'(?:{start})(?=[-_])', name)
        for part, kinds in parts.items() if found is not None else ():
            has = _differs(context, model, part, kinds)
            if found is not None and has:
                message = f'`load_from` is a model of the kind {found.group()}, but the one here has {has}'
                kind = next((each.get('type') for each in each_of(model.get(part))), model.get('type'))
                advice = Advice('name weights of the same kind of model')
                yield report_between(context, weights, (kind,), message, ignored=True, advice=advice)
                return


def _differs(context: Context, model: Item, part: str, kinds: tuple[str, ...]) -> str:
    """Return what a model has instead of a part of some types, of any where there are none; empty if it may have it."""
    if not kinds:
        return '' if part in model.value else f'no `{part}`'
    owners = list(each_of(model.get(part)))
    if not owners or not all(_is_library(context, each) for each in owners):
        return ''
    have = [each.type_name or '' for each in owners]
    return '' if set(kinds) & set(have) else f'a `{part}` of type `{have[0]}`'


def _weights(context: Context) -> Iterator[tuple[Item, Item]]:
    """Yield the backbones of a model, each with the name of its weights."""
    for owner in holding(context, context.section('model'), frozenset(SLOTS)):
        for backbone in (owner.get(name) for name in SLOTS):
            if backbone is None or not isinstance(backbone.value, dict):
                continue
            init = backbone.get('init_cfg')
            weights = None if init is None else init.get('checkpoint')
            weights = weights or backbone.get('pretrained') or owner.get('pretrained')
            if weights is not None and isinstance(weights.value, str):
                yield backbone, weights


def _is_whole(name: str) -> bool:
    """Tell whether a file holds a whole model: one that MMEngine has written, or one that OpenMMLab has published."""
    base = name.rpartition('/')[2]
    is_copy = bool(PUBLISHED.search(base) and RECIPE.search(base)) and 'backbone' not in base and '://' not in name
    return is_copy or bool(OWN_RUN.search(name)) or _is_published(name)


def _is_published(name: str) -> bool:
    patterns = (each for library in library_names() for each in model_facts(library).whole_checkpoints)
    return 'download.openmmlab.com/' in name and any(re.search(each, name) for each in patterns)


def _is_library(context: Context, backbone: Item) -> bool:
    found = component_of(context, backbone)
    return found is not None and bool(found.library) and not context.libraries.own.holds(found.module)


def _loads_plainly(context: Context, backbone: Item) -> bool:
    """Tell whether a backbone leaves loading to MMEngine."""
    return _is_library(context, backbone) and backbone.type_name not in facts_of(context, backbone).own_loading
