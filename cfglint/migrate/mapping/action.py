"""Models and steps of mmaction whose arguments changed together (ACT-01 to ACT-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, Todo, Tree, merged, opened
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.transforms import component

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.migrate.mapping.old import Old

_VIDEO = 'NCTHW'


def recognizer(old: Old, model: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """The head averages clips, the data preprocessor blends batches (ACT-20, ACT-21)."""
    testing, training = model.get('test_cfg'), model.get('train_cfg')
    head = model.get('cls_head')
    if testing is not None and (average := testing.get('average_clips')) is not None:
        if head is not None and average.value is not None:
            fields['cls_head'] = merged(fields['cls_head'], Dict({'average_clips': Kept(average)}))
        fields['test_cfg'] = _without(testing, 'average_clips')
    if training is not None and (blending := training.get('blending')) is not None:
        extra = Dict({'blending': Kept(blending)})
        fields['data_preprocessor'] = merged(fields.get('data_preprocessor', Dict({})), extra)
        fields['train_cfg'] = _without(training, 'blending')
    return fields


def _without(item: Item, name: str) -> Tree:
    rest: dict[str, Tree] = {key: Kept(each) for key, each in item.fields().items() if key != name}
    return Dict(rest, item) if rest else Computed(None, item)


def detector(old: Old, model: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """A detector of actions is mmdet's, with parts of mmaction (ACT-24)."""
    found: dict[str, Tree] = {}
    for name, tree in fields.items():
        found[name] = tree
        if name == 'type':
            found['_scope_'] = Computed('mmdet')
    for name in ('backbone', 'data_preprocessor'):
        part = found.get(name)
        kind = 'ActionDataPreprocessor' if name == 'data_preprocessor' else (model.get(name) or Item({})).type
        if part is not None and kind:
            found[name] = merged(part, Dict({'type': Computed(f'mmaction.{kind}')}))
    return found


_LAYOUTS = {'ntu-rgb+d': 'nturgb+d', 'coco': 'coco', 'openpose-18': 'openpose'}
_MODES = {'agcn': 'spatial', 'spatial': 'stgcn_spatial'}
"""Graphs of skeletons: which joints there are, and how strategies are called now."""


def graphs(old: Old, item: Item) -> Tree:
    """The graph has other names, and whether data are normalized became how: as 0.x did by default."""
    tree = opened(component(item, old.library.components.get(item.type)))
    fields = dict(tree.items) if isinstance(tree, Dict) else {}
    graph, normalized = item.get('graph_cfg'), item.get('data_bn')
    if graph is not None and graph.is_dict:
        fields['graph_cfg'] = Dict(
            {_GRAPH.get(name, name): _graph(name, each) for name, each in graph.fields().items()}, graph
        )
    if normalized is not None:
        del fields['data_bn']
        if not normalized.value:
            fields['data_bn_type'] = Computed(None, normalized)
    return Dict(fields, item)


_GRAPH = {'strategy': 'mode'}


def _graph(name: str, item: Item) -> Tree:
    known = {'layout': _LAYOUTS, 'strategy': _MODES}.get(name)
    if known is None:
        return Kept(item)
    if item.value not in known:
        return Todo(f'`Graph` has nothing of the kind: write a `{_GRAPH.get(name, name)}` of 1.x', item)
    new = known[item.value]
    return Kept(item) if new == item.value else Computed(new, item)


PARTS = {('mmaction', 'STGCN'): graphs, ('mmaction', 'AGCN'): graphs}
"""Parts of models whose arguments changed together."""


def _rename(old: Old, step: Item) -> list[Tree]:
    """What is packed is found under its old name."""
    return [] if step.plain('mapping') == {'imgs': 'img'} else [Kept(step)]


def _collect(old: Old, step: Item) -> list[Tree]:
    """Features of videos are packed by a step of their own."""
    keys = step.plain('keys') or []
    kind = step.get('type')
    if 'raw_feature' not in keys and 'bsp_feature' not in keys:
        return [Dict({'type': Computed('PackActionInputs', kind)}, step)]
    fields: dict[str, Tree] = {'type': Computed('PackLocalizationInputs', kind)}
    labels = tuple(key for key in keys if key not in ('raw_feature', 'bsp_feature'))
    if labels:
        fields['keys'] = Computed(labels, step.get('keys'))
    if (meta := step.get('meta_keys')) is not None:
        fields['meta_keys'] = Kept(meta)
    return [Dict(fields, step)]


def format_shape(steps: list[Item]) -> dict[str, Tree]:
    """The data preprocessor knows how frames are laid out (ACT-02)."""
    shape = next((step.get('input_format') for step in steps if step.type == 'FormatShape'), None)
    if shape is None or not isinstance(shape.value, str):
        return {}
    return {'format_shape': Computed(_VIDEO if shape.value.startswith(_VIDEO) else 'NCHW')}


TRANSFORMS: dict[tuple[str, str], Callable[[Old, Item], list[Tree]]] = {
    ('mmaction', 'Rename'): _rename,
    ('mmaction', 'Collect'): _collect,
}
