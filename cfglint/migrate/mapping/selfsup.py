"""Self-supervised learning: data sources, views and losses became what mmpretrain has (SEL-01 to SEL-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.migrate.change import Computed, Dict, Kept, List, Tree, opened
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.old import innermost
from cfglint.migrate.mapping.transforms import component

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cfglint.migrate.mapping.old import Old

_LOADING = {'type': 'LoadImageFromFile'}
_PACKING = {'type': 'PackInputs'}
_DATASETS = ('SingleViewDataset', 'MultiViewDataset')
_SOURCES = {'ImageNet': {}, 'ImageList': {'type': 'CustomDataset', 'with_label': False}}
"""What read the images: the dataset that does, with its arguments."""


def _resize(old: Old, step: Item) -> list[Tree]:
    """torchvision's `Resize(size=256)` resizes the shorter edge."""
    size = step.get('size')
    if size is None or not isinstance(size.value, int):
        return [component(step, old.library.transforms.get('Resize'))]
    rest: dict[str, Tree] = {name: Kept(each) for name, each in step.fields().items() if name == 'interpolation'}
    kind = Computed('ResizeEdge', step.get('type'))
    return [Dict({'type': kind, 'scale': Kept(size), 'edge': Computed('short'), **rest}, step)]


TRANSFORMS: dict[tuple[str, str], Callable[[Old, Item], list[Tree]]] = {('mmselfsup', 'Resize'): _resize}


# Datasets


def is_whole(old: Old) -> bool:
    """Tell whether pipelines are those of datasets, and not of views: then they load and pack images."""
    dataset = innermost(old, 'train')
    return dataset is not None and dataset.type == 'SingleViewDataset'


def wrapped(trees: Sequence[Tree]) -> list[Tree]:
    """Return steps with those that load and pack: 0.x left that to data sources and to the dataset."""
    return [Computed(dict(_LOADING)), *trees, Computed(dict(_PACKING))]


def dataset(item: Item, stage: str, pipeline: Callable[[Item], Tree]) -> Tree | None:
    """Return the dataset that its data source was; none for one of which nothing is known."""
    source = item.get('data_source')
    if item.type not in _DATASETS or source is None or source.type not in _SOURCES:
        return None
    fields: dict[str, Tree] = {name: Kept(each) for name, each in source.fields().items()}
    fields.update({name: Computed(value) for name, value in _SOURCES[source.type].items()})
    if (views := item.get('pipelines')) is not None:
        several = List(tuple(pipeline(each) for each in views.entries()))
        count = item.get('num_views')
        view: dict[str, Tree] = {'type': Computed('MultiView')}
        view['num_views'] = Computed([1] * len(views.value)) if count is None else Kept(count)
        fields['pipeline'] = List(tuple(wrapped([Dict({**view, 'transforms': several})])))
    elif (steps := item.get('pipeline')) is not None:
        fields['pipeline'] = pipeline(steps)
    if stage != 'train':
        fields['test_mode'] = Computed(True)
    return Dict(fields, item)


# Models

_MOMENTA = {'MoCo': 'momentum', 'DenseCL': 'momentum', 'BYOL': 'base_momentum', 'MoCoV3': 'base_momentum'}
"""The weight of the old values was written; it is that of the new ones now (SEL-05)."""
_BACKBONES = ('ResNet', 'ResNeXt')
_CLASSIFIERS = ('Classification', 'MMClsImageClassifierWrapper')


def model(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """Momenta, stages and pooling of a model."""
    name = _MOMENTA.get(item.type)
    momentum = None if name is None else item.get(name)
    if name is not None and momentum is not None and isinstance(momentum.value, (int, float)):
        fields[name] = Computed(round(1 - momentum.value, 12), momentum)
    backbone = item.get('backbone')
    if backbone is not None and backbone.type in _BACKBONES:
        fields['backbone'] = _stages(backbone, fields['backbone'])
    pictures = fields.get('data_preprocessor')
    if item.type in _CLASSIFIERS and isinstance(pictures, Dict):
        rest = {key: each for key, each in pictures.items.items() if key != 'type'}
        fields['data_preprocessor'] = pictures._replace(items=rest)  # classifiers have their own
    head = item.get('head')
    if item.type in _CLASSIFIERS and head is not None and head.type == 'ClsHead' and head.plain('with_avg_pool', False):
        before = {key: each for key, each in fields.items() if key != 'head'}
        fields = {**before, 'neck': Computed({'type': 'GlobalAveragePooling'}), 'head': fields['head']}
    return fields


def _stages(item: Item, tree: Tree) -> Tree:
    """0.x counted the first convolution as stage 0, and initialized residuals otherwise (SEL-06)."""
    given = item.get('out_indices')
    change: dict[str, Tree] = {}
    if given is not None and isinstance(given.value, (list, tuple)) and all(type(each) is int for each in given.value):
        stages = [each - 1 for each in given.value]
        change['out_indices'] = Computed(tuple(stages) if isinstance(given.value, tuple) else stages, given)
    if 'type' in item and 'zero_init_residual' not in item:
        change['zero_init_residual'] = Computed(False)
    if not change:
        return tree
    tree = opened(tree)
    assert isinstance(tree, Dict)
    return tree._replace(items={**tree.items, **change})


def with_loss(old: Old, item: Item) -> Tree:
    """The loss of a head has its own dict (SEL-04)."""
    fields: dict[str, Tree] = {'type': Kept(item.get('type') or Item(item.type))}
    rest: dict[str, Tree] = {name: Kept(each) for name, each in item.fields().items() if name != 'type'}
    if item.type == 'SwAVHead':
        return Dict({**fields, 'loss': Dict({'type': Computed('SwAVLoss'), **rest})}, item)
    if item.type == 'SimMIMHead':
        loss: dict[str, Tree] = {'type': Computed('PixelReconstructionLoss'), 'criterion': Computed('L1')}
        if (channels := rest.pop('encoder_in_channels', None)) is not None:
            loss['channel'] = channels
        return Dict({**fields, **rest, 'loss': Dict(loss)}, item)
    temperature = item.plain('temperature', 1.0)
    predictor = item.get('predictor')
    if predictor is not None:
        rest['predictor'] = component(predictor, old.library.components.get(predictor.type))
    known = isinstance(temperature, (int, float))
    weight: Any = {'loss_weight': 2 * temperature} if known else {}
    return Dict({**fields, **rest, 'loss': Computed({'type': 'CrossEntropyLoss', **weight})}, item)


PARTS = {('mmselfsup', kind): with_loss for kind in ('SwAVHead', 'SimMIMHead', 'MoCoV3Head')}
