"""Steps of mmocr: one became several, or a choice, or moved into what applies it at random (OCR-12 to OCR-23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.migrate.change import Computed, Dict, Kept, List, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.transforms import kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.migrate.mapping.old import Old


def _new(step: Item, name: str, **fields: Tree) -> Dict:
    return Dict({'type': Computed(name, step.get('type')), **fields}, step)


def _applied(tree: Dict, prob: Any) -> list[Tree]:
    """Return a step that is applied at random; `prob` is a number, or the item that says it."""
    if prob == 1:
        return [tree]
    chance: Tree = Kept(prob) if isinstance(prob, Item) else Computed(prob)
    return [Dict({'type': Computed('RandomApply'), 'transforms': List((tree,)), 'prob': chance})]


def _chance(step: Item, name: str, default: float) -> Any:
    item = step.get(name)
    return default if item is None else item.value if item.value == 1 else item


def _annotations(old: Old, step: Item) -> list[Tree]:
    fields = {'with_polygon': Computed(True), 'with_bbox': Computed(True), 'with_label': Computed(True)}
    return [_new(step, 'LoadOCRAnnotations', **fields)]


def _resize(old: Old, step: Item) -> list[Tree]:
    """Three cases: by the ratio of sides, and by whether there is a largest width (OCR-15)."""
    widest = step.get('max_width')
    if not step.plain('keep_aspect_ratio', True):
        scale = List(tuple(Kept(each) for name in ('max_width', 'height') if (each := step.get(name))), is_tuple=True)
        return [_new(step, 'Resize', scale=scale, keep_ratio=Computed(False))]
    divisor: dict[str, Tree] = {'width_divisor': Computed(round(1 / step.plain('width_downsample_ratio', 1 / 16)))}
    height = _new(step, 'RescaleToHeight', **kept(step, 'height', 'min_width', 'max_width'), **divisor)
    if widest is None or widest.value is None:
        return [height]
    return [height, Dict({'type': Computed('PadToWidth'), 'width': Kept(widest)})]


def _rotate(old: Old, step: Item) -> list[Tree]:
    tree = _new(step, 'RandomRotate', **kept(step, 'max_angle'))
    return _applied(tree, _chance(step, 'rotate_ratio', 1.0))


def _rotate_instances(old: Old, step: Item) -> list[Tree]:
    fields = kept(step, 'max_angle', 'pad_with_fixed_color', 'pad_value')
    tree = _new(step, 'RandomRotate', **fields, use_canvas=Computed(True))
    return _applied(tree, _chance(step, 'rotate_ratio', 0.5))


def _crop_instances(old: Old, step: Item) -> list[Tree]:
    return [_new(step, 'TextDetRandomCrop', **kept(step, 'target_size', 'positive_sample_ratio'))]


def _crop_polygons(old: Old, step: Item) -> list[Tree]:
    tree = _new(step, 'RandomCrop', **kept(step, 'min_side_ratio'))
    return _applied(tree, _chance(step, 'crop_ratio', 0.625))


def _crop_east(old: Old, step: Item) -> list[Tree]:
    size = step.get('target_size')
    target: Tree = Computed((640, 640)) if size is None else Kept(size)
    ratio = step.get('min_crop_side_ratio')
    crop = _new(step, 'RandomCrop', min_side_ratio=Computed(0.1) if ratio is None else Kept(ratio))
    resize = Dict({'type': Computed('Resize'), 'scale': target, 'keep_ratio': Computed(True)})
    return [crop, resize, Dict({'type': Computed('Pad'), 'size': target})]


def _scale(old: Old, step: Item) -> list[Tree]:
    size, scale = step.plain('size'), step.get('scale')
    ratio: Tree = Computed((0.75, 0.75)) if scale is None else Kept(scale)
    if scale is not None and isinstance(scale.value, (int, float)):
        ratio = Computed((1 - scale.value, 1 + scale.value), scale)
    both = (size, size) if isinstance(size, int) else size
    return [
        _new(step, 'RandomResize', scale=Computed(both, step.get('size')), ratio_range=ratio, keep_ratio=Computed(True))
    ]


def _square(old: Old, step: Item) -> list[Tree]:
    """It resizes and pads with a probability, and resizes alone else (OCR-20)."""
    size = step.plain('target_size')
    target = (size, size) if isinstance(size, int) else size
    prob = step.plain('pad_ratio', 0.6)
    padded = [{'type': 'Resize', 'scale': target, 'keep_ratio': True}, {'type': 'SourceImagePad', 'target_scale': size}]
    plain = [{'type': 'Resize', 'scale': target, 'keep_ratio': False}]
    chances = Computed([prob, round(1 - prob, 6)], step.get('pad_ratio'))
    return [_new(step, 'RandomChoice', transforms=Computed([padded, plain]), prob=chances)]


def _jitter(old: Old, step: Item) -> list[Tree]:
    """Three ways to choose a size, each a transform of its own (OCR-21)."""
    kind = step.plain('resize_type', 'around_min_img_scale')
    if kind == 'long_short_bound':
        names = {'long_size_bound': 'long_size_bound', 'short_size_bound': 'short_size_bound'}
        fields = {new: Kept(each) for name, new in names.items() if (each := step.get(name)) is not None}
        return [_new(step, 'BoundedScaleAspectJitter', **fields, **kept(step, 'ratio_range', 'aspect_ratio_range'))]
    scales = step.plain('img_scale')
    first = scales[0] if isinstance(scales, list) and scales and isinstance(scales[0], (list, tuple)) else scales
    if not isinstance(first, (list, tuple)) or len(first) != 2:
        return [_question(step, 'write `ShortScaleAspectJitter` or `RandomResize` by hand: its scales are not known')]
    if kind == 'indep_sample_in_range':
        low, high = min(first), max(first)
        sizes: dict[str, Tree] = {'scale': Computed((low, low)), 'ratio_range': Computed((1.0, high / low))}
        return [_new(step, 'RandomResize', **sizes, keep_ratio=Computed(False))]
    shortest = Computed(min(first), step.get('img_scale'))
    rest = kept(step, 'ratio_range', 'aspect_ratio_range')
    divisor = step.get('scale_divisor')
    return [
        _new(
            step,
            'ShortScaleAspectJitter',
            short_size=shortest,
            **rest,
            scale_divisor=Computed(32) if divisor is None else Kept(divisor),
        )
    ]


def _question(step: Item, reason: str) -> Dict:
    return Dict({name: Kept(each) for name, each in step.fields().items()}, step, (reason,))


def _color(old: Old, step: Item) -> list[Tree]:
    rest = {name: Kept(each) for name, each in step.fields().items() if name != 'type'}
    return [_new(step, 'TorchVisionWrapper', op=Computed('ColorJitter'), **rest)]


def _flip(old: Old, step: Item) -> list[Tree]:
    ratio = step.get('flip_ratio')
    if ratio is None or ratio.value is None:
        return []
    return [_new(step, 'RandomFlip', prob=Kept(ratio), **kept(step, 'direction'))]


TRANSFORMS: dict[tuple[str, str], Callable[[Old, Item], list[Tree]]] = {
    ('mmocr', name): function
    for name, function in {
        'LoadTextAnnotations': _annotations,
        'ResizeOCR': _resize,
        'RandomRotateTextDet': _rotate,
        'RandomRotatePolyInstances': _rotate_instances,
        'RandomCropInstances': _crop_instances,
        'RandomCropPolyInstances': _crop_polygons,
        'EastRandomCrop': _crop_east,
        'RandomScaling': _scale,
        'SquareResizePad': _square,
        'ScaleAspectJitter': _jitter,
        'ColorJitter': _color,
        'RandomFlip': _flip,
    }.items()
}
NESTED = ('MultiRotateAugOCR',)
"""Steps whose own steps are in the test pipeline now."""
CHOOSING = ('OneOfWrapper',)
"""Steps that choose one of their own: each is a pipeline now."""
