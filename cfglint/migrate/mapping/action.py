"""Models and steps of mmaction whose arguments changed together (ACT-01 to ACT-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, Tree, merged
from cfglint.migrate.items import Item

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
