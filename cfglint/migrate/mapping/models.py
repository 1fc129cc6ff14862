"""The model: renamed parts, pretrained weights, and the data preprocessor (MDL-01 to MDL-11, PIPE-01 to PIPE-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Change, Computed, Dict, Kept, List, Tree, merged
from cfglint.migrate.mapping import action, dekr, edit, gans, points, pose, rotate, selfsup, track, yolox
from cfglint.migrate.mapping.preprocessors import preprocessor
from cfglint.migrate.mapping.transforms import component

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old


def models(old: Old) -> Iterator[Change]:
    """`model` and `data_preprocessor`."""
    model = old.get('model')
    facts = old.library.preprocessor
    found = preprocessor(old)
    if found is not None and (not facts.in_model or (model is None and 'algorithm' in old)):
        yield Change((), {'data_preprocessor': Dict(found)})
    if model is None:
        yield from _settings_alone(old)
    if model is None or not model.is_dict:
        return
    tree = renamed(old, model)
    fields = tree.items if isinstance(tree, Dict) else {name: Kept(each) for name, each in model.fields().items()}
    special: dict[str, Tree] = dict(fields)
    if not old.library.pretrained_in_model:
        _pretrained(model, special)
    if facts.in_model and found is not None:
        special['data_preprocessor'] = Dict(found)
    special = _settings(old, special)
    rewrite = _OF_LIBRARIES.get(old.library.library) or _MODELS.get((old.library.library, model.type))
    rewrite = gans.model if old.library.generative_metrics else rewrite
    if rewrite is not None:
        special = rewrite(old, model, special)
    known = (old.library.library, model.type) in _MODELS or old.library.generative_metrics
    todos = tree.todos if isinstance(tree, Dict) and not known else ()
    changed = (
        bool(todos)
        or special.keys() != model.fields().keys()
        or any(not isinstance(each, Kept) for each in special.values())
    )
    yield Change(
        ('model', *old.given('train_cfg', 'test_cfg')),
        {'model': Dict(special, model, todos) if changed else Kept(model)},
    )


def renamed(old: Old, item: Item) -> Tree:
    """Return a value with the components in it under their new names; the item itself if there are none."""
    if item.is_list:
        trees = [renamed(old, each) for each in item.entries()]
        if all(isinstance(each, Kept) for each in trees):
            return Kept(item)
        return List(tuple(trees), item, isinstance(item.value, tuple))
    if not item.is_dict:
        return Kept(item)
    special = _PARTS.get((old.library.library, item.type))
    if special is not None:
        return special(old, item)
    tree = component(item, old.library.components.get(item.type))
    fields: dict[str, Tree] = {}
    own = tree.items if isinstance(tree, Dict) else {name: Kept(each) for name, each in item.fields().items()}
    for name, each in own.items():
        fields[name] = renamed(old, each.item) if isinstance(each, Kept) else each
    scoped = _scope(old, item)
    if scoped is not None:
        fields['type'] = scoped
    todos = tree.todos if isinstance(tree, Dict) else ()
    if rotate.CIRCUMSCRIBED in fields:
        del fields[rotate.CIRCUMSCRIBED]
        todos += rotate.circumscribed(item)
    if (
        isinstance(tree, Kept)
        and fields.keys() == item.fields().keys()
        and all(isinstance(each, Kept) for each in fields.values())
    ):
        return tree
    return Dict(fields, item, todos)


def _scope(old: Old, item: Item) -> Tree | None:
    """Return a type that names a library which another one took over, under the new name of the library."""
    kind = item.plain('type')
    if not isinstance(kind, str) or '.' not in kind:
        return None
    scope, _, name = kind.partition('.')
    new = old.library.scopes.get(scope)
    return None if new is None else Computed(f'{new}.{name}', item.get('type'))


def _pretrained(model: Item, fields: dict[str, Tree]) -> None:
    """`pretrained` of a model is `init_cfg` of its backbone (MDL-01)."""
    given = model.get('pretrained')
    if given is None:
        return
    del fields['pretrained']
    if given.value is None or 'backbone' not in fields:
        return
    weights = Dict({'init_cfg': Dict({'type': Computed('Pretrained'), 'checkpoint': Kept(given)})})
    fields['backbone'] = merged(fields['backbone'], weights)


_COSTS = {
    'HungarianAssigner': {
        'cls_cost': {'type': 'ClassificationCost', 'weight': 1.0},
        'reg_cost': {'type': 'BBoxL1Cost', 'weight': 1.0},
        'iou_cost': {'type': 'IoUCost', 'iou_mode': 'giou', 'weight': 1.0},
    },
    'MaskHungarianAssigner': {
        'cls_cost': {'type': 'ClassificationCost', 'weight': 1.0},
        'mask_cost': {'type': 'FocalLossCost', 'weight': 1.0, 'binary_input': True},
        'dice_cost': {'type': 'DiceCost', 'weight': 1.0},
    },
}
"""The costs that 0.x adds up, with their defaults."""


def _match_costs(old: Old, item: Item) -> Tree:
    """Every cost is an item of `match_costs` (DET-27, DET-28)."""
    fields: dict[str, Tree] = {}
    defaults = _COSTS[item.type]
    costs = tuple(
        Computed(default) if (given := item.get(name)) is None else Kept(given) for name, default in defaults.items()
    )
    for name, each in item.fields().items():
        if name == 'type':
            fields[name] = Kept(each) if item.type == 'HungarianAssigner' else Computed('HungarianAssigner', each)
            fields['match_costs'] = List(costs)
        elif name not in defaults:
            fields[name] = Kept(each)
    return Dict(fields, item)


_PARTS = {
    ('mmdet', 'HungarianAssigner'): _match_costs,
    ('mmdet', 'MaskHungarianAssigner'): _match_costs,
    ('mmrotate', 'RotatedAnchorGenerator'): rotate.anchors,
    **action.PARTS,
    **selfsup.PARTS,
}
"""By library and type: parts whose arguments changed together."""

_PROBABILITY = 'prob'


def _augments(old: Old, model: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """`BatchMixup(alpha, num_classes, prob)` became `Mixup(alpha)` with `probs` beside it (CLS-17)."""
    settings = model.get('train_cfg')
    augments = None if settings is None else settings.get('augments')
    if settings is None or augments is None:
        return fields
    entries = augments.entries() if augments.is_list else [augments]
    used = [each for each in entries if each.type != 'Identity']
    probs = [each.plain(_PROBABILITY, 1.0) for each in used]
    names = old.library.components
    trees = []
    for each in used:
        facts = names.get(each.type)
        kind = each.get('type')
        rest = {
            name: Kept(item)
            for name, item in each.fields().items()
            if name not in ('type', 'num_classes', _PROBABILITY)
        }
        renamed_to = None if facts is None else facts.type
        new = {} if kind is None else {'type': Kept(kind) if renamed_to is None else Computed(renamed_to, kind)}
        trees.append(Dict({**new, **rest}, each))
    written: dict[str, Tree] = {
        'augments': trees[0] if len(trees) == 1 and not augments.is_list else List(tuple(trees))
    }
    if not (len(probs) == 1 and probs[0] == 1):
        written['probs'] = Computed(probs)
    others = {name: Kept(item) for name, item in settings.fields().items() if name != 'augments'}
    return {**fields, 'train_cfg': Dict({**others, **written}, settings)}


def _settings(old: Old, fields: dict[str, Tree]) -> dict[str, Tree]:
    """`train_cfg` and `test_cfg` of the model stood beside it (ERA-05, MDL-04)."""
    if old.library.generative_metrics:
        return fields  # what they say is part of the model
    for name in ('train_cfg', 'test_cfg'):
        given = old.get(name)
        if given is not None and given.value:
            fields[name] = merged(fields[name], Kept(given)) if name in fields else Kept(given)
    return fields


def _settings_alone(old: Old) -> Iterator[Change]:
    """A file without a model says `train_cfg` and `test_cfg` of that of its children; in 1.x these names are loops'."""
    given = {name: item for name in ('train_cfg', 'test_cfg') if (item := old.get(name)) is not None}
    if not given:
        return
    fields: dict[str, Tree] = {name: Kept(item) for name, item in given.items() if item.value}
    if fields and not old.library.generative_metrics:
        yield Change(tuple(given), {'model': Dict(fields)})
    else:
        yield Change(tuple(given))  # it says nothing, or the file that has the model says it


def _mixup(old: Old, model: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """The top-level `train_cfg.mixup` is a batch augmentation (CLS-18)."""
    given = old.get('train_cfg')
    mixup = None if given is None else given.get('mixup')
    if mixup is None:
        return _augments(old, model, fields)
    rest = {name: Kept(each) for name, each in mixup.fields().items() if name not in ('num_classes', _PROBABILITY)}
    return {**fields, 'train_cfg': Dict({'augments': Dict({'type': Computed('Mixup'), **rest})})}


_MODELS = {
    ('mmdet', 'YOLOX'): yolox.model,
    ('mmcls', 'ImageClassifier'): _mixup,
    ('mmaction', 'Recognizer2D'): action.recognizer,
    ('mmaction', 'Recognizer3D'): action.recognizer,
    ('mmaction', 'FastRCNN'): action.detector,
    ('mmpose', 'TopDown'): pose.top_down,
    ('mmpose', 'AssociativeEmbedding'): pose.bottom_up,
    ('mmpose', dekr.MODEL): dekr.model,
}
"""By library and type."""

_OF_LIBRARIES = {
    'mmrotate': rotate.model,
    'mmselfsup': selfsup.model,
    'mmedit': edit.model,
    'mmdet3d': points.model,
    'mmtrack': track.model,
}
"""By library, for any type."""
