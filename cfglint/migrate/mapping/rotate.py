"""Rotated boxes: mmrotate 1.x builds most of its models from those of mmdet (ROT-01 to ROT-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import as_float
from cfglint.migrate.change import Computed, Dict, Kept, List, Tree, merged, opened
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.transforms import kept, resize

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.migrate.mapping.old import Old

_BOXES = {'type': 'ConvertBoxType', 'box_type_mapping': {'gt_bboxes': 'rbox'}}


def _annotations(old: Old, step: Item) -> list[Tree]:
    """Annotations are loaded as points, and converted to boxes with an angle (ROT-04)."""
    fields: dict[str, Tree] = {name: Kept(each) for name, each in step.fields().items()}
    fields.update({'type': Computed('mmdet.LoadAnnotations', step.get('type')), 'box_type': Computed('qbox')})
    return [Dict(fields, step), Computed(dict(_BOXES))]


def _resize(old: Old, step: Item) -> list[Tree]:
    """It kept the ratio of sides, whatever it was told (ROT-01)."""
    (tree,) = resize(old, step)
    assert isinstance(tree, Dict)
    kind = tree.items['type']
    is_plain = isinstance(kind, Kept)
    fields = {**tree.items, 'type': Computed('mmdet.Resize', step.get('type')) if is_plain else kind}
    if not is_plain:
        fields['resize_type'] = Computed('mmdet.Resize')
    return [tree._replace(items=fields)]


def _flip(old: Old, step: Item) -> list[Tree]:
    """A list of probabilities is one for each direction, still (ROT-02)."""
    ratio = step.get('flip_ratio')
    if ratio is None or ratio.value is None:
        return []
    prob: Tree = Computed(as_float(ratio.value), ratio) if type(ratio.value) is int else Kept(ratio)
    kind = Computed('mmdet.RandomFlip', step.get('type'))
    return [Dict({'type': kind, 'prob': prob, **kept(step, 'direction')}, step)]


def _rotate(old: Old, step: Item) -> list[Tree]:
    """`mode='value'` is a transform of its own (ROT-03)."""
    by_value = step.plain('mode') == 'value'
    names = {'rotate_ratio': 'prob', 'angles_range': 'angles' if by_value else 'angle_range'}
    fields: dict[str, Tree] = {'type': Computed('RandomChoiceRotate' if by_value else 'RandomRotate', step.get('type'))}
    fields.update({new: Kept(each) for name, new in names.items() if (each := step.get(name)) is not None})
    labels = step.get('rect_classes')
    if labels is not None and labels.value is not None:
        fields['rect_obj_labels'] = Kept(labels)
    return [Dict(fields, step)]


TRANSFORMS: dict[tuple[str, str], Callable[[Old, Item], list[Tree]]] = {
    ('mmrotate', 'LoadAnnotations'): _annotations,
    ('mmrotate', 'RResize'): _resize,
    ('mmrotate', 'RRandomFlip'): _flip,
    ('mmrotate', 'PolyRandomRotate'): _rotate,
}

# Models


def anchors(old: Old, item: Item) -> Tree:
    """Anchors of one angle take the convention of angles, which the coder of the head had alone (ROT-08)."""
    rest: dict[str, Tree] = {name: Kept(each) for name, each in item.fields().items() if name != 'type'}
    kind = Computed('FakeRotatedAnchorGenerator', item.get('type'))
    return Dict({'type': kind, 'angle_version': _version(old), **rest}, item)


def _version(old: Old) -> Tree:
    """Return the convention of angles of a config: all of its parts had to have the same."""
    model = old.get('model')
    found = None if model is None else _first(model, 'angle_range')
    data = old.get('data') or Item({})
    found = found or (data.get('train') or Item({})).get('version') or old.get('angle_version')
    return Computed('oc') if found is None else Kept(found)


def _first(item: Item, name: str) -> Item | None:
    if (found := item.get(name)) is not None:
        return found
    inner = (*item.fields().values(), *item.entries())
    return next((found for each in inner if (found := _first(each, name)) is not None), None)


def nms(item: Item) -> Tree:
    """`nms=dict(iou_thr=0.1)` was that of rotated boxes (ROT-12)."""
    if 'iou_thr' not in item:
        return Kept(item)
    names = {'iou_thr': 'iou_threshold'}
    rest = {names.get(name, name): Kept(each) for name, each in item.fields().items() if name != 'type'}
    return Dict({'type': Computed('nms_rotated'), **rest}, item)


def model(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """What follows a model around: how boxes are chosen, and the stages of those that refine."""
    if 'test_cfg' in fields:
        fields['test_cfg'] = _with_nms(item.get('test_cfg'), fields['test_cfg'])
    if item.type in ('S2ANet', 'R3Det'):
        return _refining(item, fields)
    return fields


def _with_nms(settings: Item | None, tree: Tree) -> Tree:
    for path in ((), ('rcnn',)):
        part = settings
        for name in path:
            part = None if part is None else part.get(name)
        given = None if part is None else part.get('nms')
        if given is not None and given.is_dict and 'iou_thr' in given:
            change: Tree = Dict({'nms': nms(given)})
            for name in reversed(path):
                change = Dict({name: change})
            tree = _replaced(tree, change)
    return tree


def _replaced(tree: Tree, change: Tree) -> Tree:
    """Put new values into a tree; `nms` is replaced as a whole."""
    tree = opened(tree)
    assert isinstance(tree, Dict) and isinstance(change, Dict)
    items = dict(tree.items)
    for name, each in change.items.items():
        items[name] = each if name == 'nms' or name not in items else _replaced(items[name], each)
    return tree._replace(items=items)


_STAGES = {'S2ANet': ('fam_head', 'fam_cfg', 'S2AHead'), 'R3Det': ('bbox_head', 's0', 'R3Head')}


def _refining(item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """The first head, and a list of heads that refine, each with what aligns its features (ROT-07)."""
    head, stage, kind = _STAGES[item.type]
    gone = ('fam_head', 'odm_head', 'align_cfgs', 'bbox_head', 'refine_heads', 'frm_cfgs', 'num_refine_stages')
    found: dict[str, Tree] = {}
    for name, each in fields.items():
        if name == head:
            coder = Dict({'use_box_type': Computed(False)})
            found['bbox_head_init'] = merged(each, Dict({'type': Computed(kind), 'bbox_coder': coder}))
        elif name in ('odm_head', 'refine_heads'):
            several = opened(each)
            heads = several.items if isinstance(several, List) else (each,)
            aligned = _aligning(item)
            found['bbox_head_refine'] = List(
                tuple(
                    merged(
                        one,
                        Dict(
                            {'type': Computed(f'{kind[:-4]}RefineHead'), 'frm_cfg': aligned[min(i, len(aligned) - 1)]}
                        ),
                    )
                    for i, one in enumerate(heads)
                )
            )
        elif name == 'train_cfg':
            found[name] = _stages(opened(each), stage)
        elif name not in gone:
            found[name] = each
    return found


def _stages(tree: Tree, first: str) -> Tree:
    names = {first: 'init', 'odm_cfg': 'refine', 'sr': 'refine'}
    assert isinstance(tree, Dict)
    items = {names.get(name, name): each for name, each in tree.items.items()}
    if 'odm_cfg' in tree.items:
        items['refine'] = List((tree.items['odm_cfg'],))
        items['stage_loss_weights'] = Computed([1.0])
    return tree._replace(items=items)


def _aligning(item: Item) -> list[Tree]:
    align = item.get('align_cfgs')
    given = [align] if align is not None else (item.get('frm_cfgs') or Item([])).entries()
    found: list[Tree] = []
    for each in given:
        fields: dict[str, Any] = {'type': Computed('AlignConv' if align is not None else 'FRM')}
        for name, new in (
            ('channels', 'feat_channels'),
            ('in_channels', 'feat_channels'),
            ('featmap_strides', 'strides'),
        ):
            if (part := each.get(name)) is not None:
                fields[new] = Kept(part)
        fields.update(kept(each, 'kernel_size'))
        found.append(Dict(fields))
    return found or [Computed(None)]


CIRCUMSCRIBED = 'assign_by_circumhbbox'


def circumscribed(item: Item) -> tuple[str, ...]:
    """A head that assigned by the box around the rotated one says so in its assigner now (ROT-10)."""
    if item.plain(CIRCUMSCRIBED) is None:
        return ()
    return ("write `iou_calculator=dict(type='RBbox2HBboxOverlaps2D')` in the assigner",)
