"""Transforms whose arguments changed together; the others are described by the facts of their library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import as_float
from cfglint.migrate.change import Computed, Dict, Kept, List, Todo, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.old import Old

if TYPE_CHECKING:
    from cfglint.catalog.library_facts import Component

Step = Callable[[Old, Item], list[Tree]]


def component(item: Item, facts: Component | None) -> Tree:
    """Return a component under its new name, with its arguments under theirs."""
    if facts is None:
        return Kept(item)
    if facts.todo:
        return Dict({name: Kept(each) for name, each in item.fields().items()}, item, (facts.todo,))
    fields: dict[str, Tree] = {}
    given = item.fields()
    joined = {new: names for new, names in facts.pairs.items() if all(name in given for name in names)}
    for new, names in joined.items():
        fields[new] = List(tuple(Kept(given.pop(name)) for name in names), is_tuple=True)
    for name, each in given.items():
        if name == 'type' and facts.type is not None:
            fields[name] = Computed(facts.type, each)
        elif name in facts.argument_todos:
            fields[name] = Todo(facts.argument_todos[name], each)
        elif name in facts.arguments and facts.arguments[name] is None:
            continue
        else:
            tree = swapped(each) if name in facts.swap else _value(each, facts.values.get(name))
            fields[facts.arguments.get(name) or name] = tree
    for name, value in facts.write.items():
        fields.setdefault(name, Computed(value))
    if 'type' in fields:
        fields = {'type': fields.pop('type'), **fields}
    return Dict(fields, item)


def _value(item: Item, new: Mapping[str, Any] | None) -> Tree:
    """Return a value, or the one that replaces it."""
    return Computed(new[item.value], item) if new and isinstance(item.value, str) and item.value in new else Kept(item)


def swapped(item: Item) -> Tree:
    """Return a pair in the other order."""
    if item.is_list and len(item.value) == 2 and item.value[0] != item.value[1]:
        first, second = item.entries()
        return List((Kept(second), Kept(first)), None, isinstance(item.value, tuple))
    return Kept(item)


def kept(item: Item, *names: str) -> dict[str, Tree]:
    """Return those fields that the item has, as they are."""
    return {name: Kept(each) for name in names if (each := item.get(name)) is not None}


def resize(old: Old, step: Item) -> list[Tree]:
    """`Resize` of detection and segmentation (PIPE-09 to PIPE-13, DET-01, SEG-01)."""
    scale, ratio = step.get('img_scale'), step.get('ratio_range')
    several = (
        scale is not None
        and isinstance(scale.value, list)
        and any(isinstance(each, (list, tuple)) for each in scale.value)
    )
    keep: Tree = Computed(True) if (given := step.get('keep_ratio')) is None else Kept(given)
    rest = {**kept(step, 'backend', 'interpolation'), **_clipping(step)}
    kind = step.get('type')
    assert kind is not None
    if scale is not None and several and len(scale.value) == 1 and ratio is None:
        scale, several = scale.entries()[0], False
    if ratio is not None and ratio.value is not None and scale is not None:
        single = scale.entries()[0] if several else scale
        ratios: dict[str, Tree] = {
            'type': Computed('RandomResize', kind),
            'scale': Kept(single),
            'ratio_range': Kept(ratio),
        }
        return [Dict({**ratios, 'keep_ratio': keep, **rest}, step)]
    if scale is not None and several:
        if step.plain('multiscale_mode', 'range') == 'value':
            return [
                Dict(
                    {'type': Computed('RandomChoiceResize', kind), 'scales': Kept(scale), 'keep_ratio': keep, **rest},
                    step,
                )
            ]
        return [Dict({'type': Computed('RandomResize', kind), 'scale': Kept(scale), 'keep_ratio': keep, **rest}, step)]
    fields: dict[str, Tree] = {'type': Kept(kind)}
    if scale is not None:
        fields['scale'] = Kept(scale)
    else:
        fields.update(kept(step, 'scale_factor'))
    if len(fields) == 1 and (ratio is not None or 'min_size' in step):
        return [Dict({**fields, **kept(step, 'ratio_range', 'min_size')}, step, ('write the scale of this step',))]
    return [Dict({**fields, 'keep_ratio': keep, **rest}, step)]


def _clipping(step: Item) -> dict[str, Tree]:
    clip = step.get('bbox_clip_border')
    return {} if clip is None else {'clip_object_border': Kept(clip)}


def _flip(old: Old, step: Item) -> list[Tree]:
    """`RandomFlip(flip_ratio)`; without a probability it flips nothing (PIPE-08)."""
    ratio = step.get('flip_ratio') or step.get('prob')
    if ratio is None or ratio.value is None:
        return []
    value = ratio.value
    tree: Tree = Kept(ratio)
    if isinstance(value, int) and not isinstance(value, bool):
        tree = Computed(as_float(value), ratio)
    elif isinstance(value, (list, tuple)) and any(isinstance(each, int) for each in value):
        tree = Computed([as_float(each) for each in value], ratio)
    kind = step.get('type')
    assert kind is not None
    return [Dict({'type': Kept(kind), 'prob': tree, **kept(step, 'direction')}, step)]


def _pad(old: Old, step: Item) -> list[Tree]:
    """`Pad(size=(h, w))` takes (w, h) now, and a dict of values (DET-03)."""
    fields = dict(step.fields())
    size = fields.get('size')
    trees: dict[str, Tree] = {name: Kept(each) for name, each in fields.items()}
    if size is not None and size.value is not None:
        trees['size'] = swapped(size)
    value = fields.get('pad_val')
    if value is not None and isinstance(value.value, (int, float)) and not isinstance(value.value, bool):
        trees['pad_val'] = Dict({'img': Kept(value)})
    return [Dict(trees, step)]


def _crop(old: Old, step: Item) -> list[Tree]:
    """`RandomCrop(crop_size=(h, w))` takes (w, h) now, unless it is a range (DET-33)."""
    trees: dict[str, Tree] = {name: Kept(each) for name, each in step.fields().items()}
    size = step.get('crop_size')
    if size is not None and step.plain('crop_type', 'absolute') in ('absolute', 'relative'):
        trees['crop_size'] = swapped(size)
    return [Dict(trees, step)]


def _resize_of_classification(old: Old, step: Item) -> list[Tree]:
    """`Resize(size=(256, -1))` resizes an edge (CLS-03)."""
    size, kind = step.get('size'), step.get('type')
    assert kind is not None
    rest = kept(step, 'backend', 'interpolation')
    if size is None:
        return [Kept(step)]
    if size.is_list and len(size.value) == 2 and size.value[1] == -1:
        edge: Any = step.plain('adaptive_side', 'short')
        first = size.entries()[0]
        fields: dict[str, Tree] = {'type': Computed('ResizeEdge', kind), 'scale': Kept(first), 'edge': Computed(edge)}
        return [Dict({**fields, **rest}, step)]
    if not size.is_list:
        return [Dict({'type': Kept(kind), 'scale': Kept(size), **rest}, step)]
    return [Dict({'type': Kept(kind), 'scale': swapped(size), **rest}, step)]


def _random_resized_crop(old: Old, step: Item) -> list[Tree]:
    """`efficientnet_style` is another transform now (CLS-01)."""
    if not step.plain('efficientnet_style', False):
        facts = old.library.transforms.get('RandomResizedCrop')
        tree = component(step, facts)
        if isinstance(tree, Dict):
            drop = ('efficientnet_style', 'min_covered', 'crop_padding')
            tree = Dict({name: each for name, each in tree.items.items() if name not in drop}, step)
        return [tree]
    names = {'size': 'scale', 'scale': 'crop_ratio_range', 'ratio': 'aspect_ratio_range'}
    fields = {names.get(name, name): Kept(each) for name, each in step.fields().items() if name != 'efficientnet_style'}
    return [Dict({**fields, 'type': Computed('EfficientNetRandomCrop', step.get('type'))}, step)]


def _center_crop(old: Old, step: Item) -> list[Tree]:
    """`efficientnet_style` is another transform now (CLS-04)."""
    if step.plain('efficientnet_style', False):
        fields = {name: Kept(each) for name, each in step.fields().items() if name != 'efficientnet_style'}
        return [Dict({**fields, 'type': Computed('EfficientNetCenterCrop', step.get('type'))}, step)]
    size = step.get('crop_size')
    return [Dict({**kept(step, 'type'), **({} if size is None else {'crop_size': swapped(size)})}, step)]


_OF_DETECTION = ('mmdet', 'mmdet3d', 'mmtrack')
"""Libraries that load pictures with the transforms of mmdet."""

TRANSFORMS: dict[tuple[str, str], Step] = {
    **{(library, 'Resize'): resize for library in _OF_DETECTION},
    **{(library, 'RandomFlip'): _flip for library in _OF_DETECTION},
    ('mmseg', 'Resize'): resize,
    ('mmseg', 'RandomFlip'): _flip,
    **{(library, 'Pad'): _pad for library in _OF_DETECTION},
    **{(library, 'RandomCrop'): _crop for library in _OF_DETECTION},
    ('mmcls', 'Resize'): _resize_of_classification,
    ('mmcls', 'RandomResizedCrop'): _random_resized_crop,
    ('mmcls', 'CenterCrop'): _center_crop,
}
"""By library (empty: any) and type."""
