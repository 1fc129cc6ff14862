"""Pipelines: transforms under their new names, without what the data preprocessor does (PIPE-01 to PIPE-20, AX)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.catalog.framework import holds_plain
from cfglint.language.numbers import as_float
from cfglint.migrate.change import Computed, Dict, Kept, List, Todo, Tree, value_of
from cfglint.migrate.items import Item
from cfglint.migrate.mapping import action, dekr, edit, gans, ocr, points, pose_data, rotate, selfsup
from cfglint.migrate.mapping.transforms import TRANSFORMS, component

if TYPE_CHECKING:
    from cfglint.migrate.mapping.old import Old

NESTING = ('transforms', 'policies')
"""Arguments of transforms that hold transforms."""


_SPECIAL = (
    TRANSFORMS
    | pose_data.TRANSFORMS
    | dekr.TRANSFORMS
    | action.TRANSFORMS
    | rotate.TRANSFORMS
    | selfsup.TRANSFORMS
    | edit.TRANSFORMS
    | gans.TRANSFORMS
    | ocr.TRANSFORMS
)


def pipeline(old: Old, steps: Item) -> Tree:
    """Return a pipeline in the form of 1.x."""
    if not steps.is_list:
        return Kept(steps)
    trees = steps_of(old, steps.entries())
    if old.library.library == 'mmselfsup' and selfsup.is_whole(old):
        trees = selfsup.wrapped(trees)
    return List(tuple(trees), steps)


def is_pipeline(item: Item) -> bool:
    """Tell whether a value is a list of transforms."""
    entries = item.entries()
    return bool(entries) and all(each.is_dict and isinstance(each.plain('type'), str) for each in entries)


def steps_of(old: Old, steps: list[Item]) -> list[Tree]:
    """Return steps in the form of 1.x; some become several, some are gone."""
    found: list[Tree] = []
    if old.library.library == 'mmpose':
        steps = pose_data.steps(old, steps)
    on_tensors = _on_tensors(old, steps)
    for step in steps:
        if step is on_tensors:
            found += _on_arrays(old, step)
        elif step.type == 'MultiScaleFlipAug3D':
            found += _packed_after(old, step)
        elif step.type in ocr.NESTED and (inner := step.get('transforms')) is not None:
            found += steps_of(old, inner.entries())
        elif step.type == 'MultiScaleFlipAug':
            found += _flattened(old, step)
        else:
            found += _step(old, step)
    return found


_PACK_ARRAYS = ('PackDetInputs', 'PackSegInputs', 'Pack3DDetInputs', 'mmdet.PackDetInputs')


def _on_tensors(old: Old, steps: list[Item]) -> Item | None:
    """Return the first transform of a project's own that got a tensor, of which the packer makes one only later now."""
    if old.library.packer not in _PACK_ARRAYS:
        return None
    kinds = [step.type for step in steps]
    first = next((index for index, kind in enumerate(kinds) if kind in ('ToTensor', 'ImageToTensor')), len(steps))
    for step in steps[first + 1 :]:
        if old.library.role(step.type) == 'packs':
            return None
        if isinstance(step.type, str) and not _is_known(old, step.type):
            return step
    return None


def _is_known(old: Old, kind: str) -> bool:
    return (
        (old.library.library, kind) in _SPECIAL or kind in old.library.transforms or old.library.role(kind) is not None
    )


def _on_arrays(old: Old, step: Item) -> list[Tree]:
    reason = f'`{old.library.packer}` makes the tensors, so that `{step.type}` gets an array now'
    *before, last = _step(old, step)
    if isinstance(last, Dict):
        return [*before, last._replace(todos=(*last.todos, reason))]
    return [*before, Dict({name: Kept(each) for name, each in step.fields().items()}, step, (reason,))]


def _packed_after(old: Old, step: Item) -> list[Tree]:
    """Several views of a point cloud are packed after they are made."""
    tree = _nested(old, step)
    inner = step.get('transforms')
    if inner is None or not isinstance(tree, Dict) or not isinstance(trees := tree.items.get('transforms'), List):
        return [tree]
    packed = [packer(old, each) for each in inner.entries() if old.library.role(each.type) == 'packs']
    views = [_with_scale(step, each) for each in trees.items if value_of(each).get('type') != old.library.packer]
    return [tree._replace(items={**tree.items, 'transforms': trees._replace(items=tuple(views))}), *packed]


def _with_scale(step: Item, view: Tree) -> Tree:
    """Return a step of a view; what resizes pictures took the scale from around it."""
    scale = step.get('img_scale')
    if not isinstance(view, Dict) or scale is None or value_of(view).get('type') != 'Resize' or 'scale' in view.items:
        return view
    first = scale.entries()[0] if _is_several(scale.value) else scale
    return view._replace(items={**view.items, 'scale': Kept(first)})


def _step(old: Old, step: Item) -> list[Tree]:
    if step.is_list:
        return [List(tuple(steps_of(old, step.entries())), step)]
    if not step.is_dict:
        return [Kept(step)]
    kind = step.type
    special, role = _SPECIAL.get((old.library.library, kind)), old.library.role(kind)
    if not old.has_known_library and (role in ('packs', *_GONE) or _is_batch_padding(old, step)):
        return [_left(step) if role == 'packs' else Kept(step)]
    if special is None and role == 'packs':
        return [packer(old, step)]
    if role in _GONE or _is_batch_padding(old, step):
        return []
    if special is not None:
        trees = special(old, step)
        return [*trees[:-1], _renamed_keys(old, trees[-1], step)] if trees else []
    return [_renamed_keys(old, _nested(old, step), step)]


_GONE = ('formats', 'normalizes', 'pads')
"""What the transform that packs, and the data preprocessor, do in 1.x."""


def _left(step: Item) -> Tree:
    """Ask what packs the results in a library that is not known; its own code may have a step of that name."""
    reason = 'no library is known here: let a `data_preprocessor` normalize, and a transform of 1.x pack the results'
    return Dict({name: Kept(each) for name, each in step.fields().items()}, step, (reason,))


_KEYS = ('key', 'keys', 'meta_keys')


def _renamed_keys(old: Old, tree: Tree, step: Item) -> Tree:
    """Return a step with what it works on under its new name (GEN-18, EDIT-05)."""
    changed = {name: each for name in _KEYS if (each := _new_keys(old, step.get(name))) is not None}
    if not changed:
        return tree
    fields = tree.items if isinstance(tree, Dict) else {name: Kept(each) for name, each in step.fields().items()}
    return Dict({**fields, **changed}, step, tree.todos if isinstance(tree, Dict) else ())


def _new_keys(old: Old, item: Item | None) -> Tree | None:
    """Return renamed keys; none if nothing is renamed."""
    names = old.library.keys
    if item is None or not names:
        return None
    if isinstance(item.value, str):
        return Computed(names[item.value], item) if item.value in names else None
    if not item.is_list or not any(isinstance(each, str) and each in names for each in item.value):
        return None
    new = [names.get(each, each) if isinstance(each, str) else each for each in item.value]
    return Computed(tuple(new) if isinstance(item.value, tuple) else new, item)


def _nested(old: Old, step: Item) -> Tree:
    inner = {
        name: each for name, each in step.fields().items() if each.is_list and (name in NESTING or _ends_in(old, each))
    }
    tree = component(step, old.library.transforms.get(step.type))
    if not inner or not any(each.is_dict or each.is_list for item in inner.values() for each in item.entries()):
        return tree
    if holds_plain(step.type):
        return tree
    fields: dict[str, Tree] = {name: Kept(each) for name, each in step.fields().items()}
    if isinstance(tree, Dict):
        fields = dict(tree.items)
    for name, item in inner.items():
        trees = steps_of(old, item.entries())
        if step.type in ocr.CHOOSING:
            trees = [List((each,)) for each in trees]
        fields[name] = List(tuple(trees), item, isinstance(item.value, tuple))
    return Dict(fields, step, tree.todos if isinstance(tree, Dict) else ())


def _ends_in(old: Old, item: Item) -> bool:
    """Tell whether a list is a pipeline that ends with what packs results: transforms of a project's own may hold some."""
    return is_pipeline(item) and old.library.role(item.entries()[-1].type) == 'packs'


def _is_batch_padding(old: Old, step: Item) -> bool:
    """Tell whether a step pads what the data preprocessor pads (PIPE-03, PIPE-04)."""
    if step.type != 'Pad':
        return False
    if old.library.library == 'mmseg':
        return True
    return 'size_divisor' in step and step.plain('size') is None and not step.plain('pad_to_square')


_META_KEYS = {
    'filename': 'img_path',
    'image_file': 'img_path',
    'ori_filename': None,
    'img_norm_cfg': None,
    'pad_shape': None,
}


def packer(old: Old, step: Item) -> Tree:
    """Return what packs the results, for the `Collect` of 0.x."""
    facts = old.library.transforms.get(step.type)
    kind = (None if facts is None else facts.type) or old.library.packer or step.type
    fields: dict[str, Tree] = {'type': Computed(kind, step.get('type'))}
    if old.library.packs_keys:
        for name in ('keys', 'meta_keys'):
            if (given := step.get(name)) is not None:
                fields[name] = _new_keys(old, given) or Kept(given)
        if 'keys' in fields and gans.are_packed(old, value_of(fields['keys'])):
            del fields['keys']
        todos = points.not_packed(kind, value_of(fields['keys'])) if 'keys' in fields else ()
        return Dict(fields, step, todos)
    keys = step.get('meta_keys')
    if keys is not None and keys.is_list and old.library.packs_meta:
        fields['meta_keys'] = _new_keys(old, keys) or _meta_keys(keys)
    return Dict(fields, step)


def _meta_keys(keys: Item) -> Tree:
    renamed = [_META_KEYS.get(key, key) for key in keys.value]
    new = list(dict.fromkeys(key for key in renamed if key is not None))
    if new == list(keys.value):
        return Kept(keys)
    return Computed(tuple(new) if isinstance(keys.value, tuple) else new, keys)


# Test-time augmentation


def _flattened(old: Old, step: Item) -> list[Tree]:
    """One scale and no flip: the steps themselves, resizing first (PIPE-06)."""
    inner = step.get('transforms')
    if inner is None or not inner.is_list:
        return [Todo('write this test pipeline with one scale, and `tta_pipeline` for the rest', step)]
    entries = inner.entries()
    nothing_resizes = resized = not any(each.type in _RESIZING for each in entries)
    found: list[Tree] = []
    loading = loading_of_annotations(old)
    packs = any(old.library.role(each.type) == 'packs' for each in entries)
    for each in entries:
        if each.type in ('RandomFlip', 'RRandomFlip') and not ({'prob', 'flip_ratio'} & each.value.keys()):
            continue  # it flipped only when it was told to
        if each.type in _RESIZING and not resized:
            resized = True
            found += [*_scaled(old, step, each), *(() if packs else loading)]
        elif old.library.role(each.type) == 'packs':
            found += [*loading, *_step(old, each)]
        else:
            trees = _step(old, each)
            found += _with_lost_scale(step, each, trees) if nothing_resizes and 'esize' in each.type else trees
    return found


def _with_lost_scale(step: Item, resize: Item, trees: list[Tree]) -> list[Tree]:
    """Return a transform of a project's own that read the scale from around it."""
    scale = step.plain('img_scale')
    if (
        scale is None
        or len(trees) != 1
        or any(resize.plain(name) is not None for name in ('img_scale', 'scale', 'size'))
    ):
        return trees
    reason = f'`MultiScaleFlipAug` told `{resize.type}` the scale {tuple(scale) if isinstance(scale, list) else scale}'
    return [Dict({name: Kept(each) for name, each in resize.fields().items()}, resize, (f'{reason}: give it there',))]


_RESIZING = ('Resize', 'RResize')


def _scaled(old: Old, step: Item, resize: Item) -> list[Tree]:
    scale = step.get('img_scale')
    kind = resize.get('type') or Item('Resize')
    is_rotated = resize.type == 'RResize'
    fields: dict[str, Tree] = {'type': Computed('mmdet.Resize', kind) if is_rotated else Kept(kind)}
    if scale is not None and scale.value is not None:
        first = scale.entries()[0] if _is_several(scale.value) and scale.is_list else scale
        fields['scale'] = Kept(first)
    elif (factor := step.get('scale_factor')) is not None:
        first = factor.entries()[0] if factor.is_list and factor.value else factor
        fields['scale_factor'] = Computed(as_float(first.value), first) if isinstance(first.value, int) else Kept(first)
    keep = resize.get('keep_ratio')
    fields['keep_ratio'] = Computed(True) if keep is None else Kept(keep)
    if (backend := resize.get('backend')) is not None:
        fields['backend'] = Kept(backend)
    several = _is_several(step.plain('img_scale')) and len(step.plain('img_scale')) > 1
    is_lost = old.library.tta_model is None and bool(several or step.plain('img_ratios') or step.plain('flip', False))
    todos = (
        ('one scale is left of this test-time augmentation; write `tta_pipeline` for the others',) if is_lost else ()
    )
    return [Dict(fields, resize, todos)]


def _is_several(scale: Any) -> bool:
    return isinstance(scale, list) and bool(scale) and isinstance(scale[0], (list, tuple))


def loading_of_annotations(old: Old) -> list[Tree]:
    """Return what loads the annotations of a test set.

    Metrics of 1.x compare with what the pipeline has loaded, after resizing: annotations keep their size.
    """
    more = {'reduce_zero_label': True} if old.library.library == 'mmseg' and _reduces_zero_label(old) else {}
    return [Computed({**step, **more}) for step in old.library.test_annotations]


def _reduces_zero_label(old: Old) -> bool:
    """Tell whether the labels of the training set are reduced (SEG-07)."""
    for name in ('train_pipeline', 'data'):
        item = old.get(name)
        if item is not None and _mentions(item.value, 4):
            return True
    return False


def _mentions(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        if value.get('reduce_zero_label') is True:
            return True
        return depth > 0 and any(_mentions(each, depth - 1) for each in value.values())
    if isinstance(value, (list, tuple)):
        return depth > 0 and any(_mentions(each, depth - 1) for each in value)
    return False
