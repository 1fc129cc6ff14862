"""Datasets: their types, paths and classes (DATA-17 to DATA-26, PATH-01 to PATH-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, List, Todo, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping import classification, edit, points, pose_data, selfsup, track
from cfglint.migrate.mapping.old import READ_OF_WRAPPERS
from cfglint.migrate.mapping.pipelines import pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.migrate.mapping.old import Old

_WRAPPERS = (
    'RepeatDataset', 'ConcatDataset', 'ClassBalancedDataset', 'MultiImageMixDataset', 'CBGSDataset', 'KFoldDataset',
)  # fmt: skip
_HELD = ('dataset', 'datasets')
_WRAPPER_DROPS = ('separate_eval', 'filter_empty_gt', 'dynamic_scale')
_OPEN_IMAGES = ('OpenImagesDataset', 'OpenImagesChallengeDataset')
_LISTS = ('ann_file', 'img_prefix', 'seg_prefix', 'proposal_file', 'img_dir', 'ann_dir', 'split', 'data_prefix')


def dataset(old: Old, item: Item, stage: str) -> Tree:
    """Return the dataset of a stage in the form of 1.x."""
    if item.is_list:
        return Dict({'type': Computed('ConcatDataset'), 'datasets': _all(old, item, stage)})
    if not item.is_dict:
        return Kept(item)
    if item.type in _WRAPPERS or any(name in _HELD or _is_dataset(each) for name, each in item.fields().items()):
        return _wrapper(old, item, stage)
    parts = list(_split(item))
    if len(parts) > 1:
        trees = tuple(_plain(old, part, stage, keep_place=False) for part in parts)
        return Dict({'type': Computed('ConcatDataset'), 'datasets': List(trees)})
    return _plain(old, item, stage)


def _all(old: Old, items: Item, stage: str) -> Tree:
    return List(tuple(dataset(old, each, stage) for each in items.entries()), items)


def _wrapper(old: Old, item: Item, stage: str) -> Tree:
    fields: dict[str, Tree] = {}
    for name, each in item.fields().items():
        if name == 'dataset' or _is_dataset(each):
            fields[name] = dataset(old, each, stage)
        elif name == 'datasets' and each.is_list:
            fields[name] = _all(old, each, stage)
        elif name == 'type':
            fields[name] = _type(old, item, each)
        elif name in _WRAPPER_DROPS or name not in READ_OF_WRAPPERS.get(item.type, (name,)):
            continue
        else:
            fields[name] = pipeline(old, each) if name == 'pipeline' else Kept(each)
    return Dict(fields, item)


def _is_dataset(item: Item) -> bool:
    """Tell whether an argument is a dataset: wrappers of a project's own have several, each under a name of its own."""
    return item.is_dict and isinstance(item.plain('type'), str) and 'pipeline' in item


def _split(item: Item) -> Iterator[Item]:
    """Yield a dataset of several paths as one dataset a path: 0.x joined them itself."""
    lists = {
        name: each.entries()
        for name, each in item.fields().items()
        if name in _LISTS and isinstance(each.value, (list, tuple))
    }
    if not lists:
        yield item
        return
    count = max(map(len, lists.values()))
    if count == 0 or any(len(each) not in (1, count) for each in lists.values()):
        yield item
        return
    from cfglint.language.values import Table

    for index in range(count):
        chosen = {name: each[min(index, len(each) - 1)] for name, each in lists.items()}
        fields = {**item.fields(), **chosen}
        origins = {name: each.origin for name, each in fields.items() if each.origin is not None}
        yield Item(Table({name: each.value for name, each in fields.items()}, origins))


def _plain(old: Old, item: Item, stage: str, *, keep_place: bool = True) -> Tree:
    facts = old.library.datasets
    if old.library.library == 'mmselfsup':
        views = selfsup.dataset(item, stage, lambda steps: pipeline(old, steps))
        if views is not None:
            return views
    known = facts.types.get(item.type)
    fields: dict[str, Tree] = {}
    prefixes = facts.prefixes if known is None else {**facts.prefixes, **known.prefixes}
    groups: dict[str, dict[str, Tree]] = {'data_prefix': {}, 'metainfo': {}, 'filter_cfg': {}}
    for name, each in item.fields().items():
        if name == 'type':
            fields[name] = _type(old, item, each)
        elif name == 'pipeline':
            fields[name] = pipeline(old, each)
        elif name in prefixes:
            if each.value is not None:
                _into(fields, groups, 'data_prefix')[prefixes[name]] = Kept(each)
        elif name in facts.metainfo:
            if each.value is not None:
                _into(fields, groups, 'metainfo')[name] = Kept(each)
        elif name in facts.filters:
            _into(fields, groups, 'filter_cfg')[name] = Kept(each)
        elif name in facts.todos:
            if each.value is not None:
                fields[name] = Todo(facts.todos[name], each)
        elif name in facts.renamed:
            new = facts.renamed[name]
            if new is not None:
                fields[new] = Kept(each)
        else:
            fields[name] = Kept(each)
    if old.library.library == 'mmpose':
        fields.update(pose_data.dataset(item, stage))
    _filter(old, item, stage, fields, groups)
    if stage != 'train' and 'test_mode' not in fields and item.type:
        fields['test_mode'] = Computed(True)
    if old.library.library == 'mmcls' and (found := classification.dataset(item, fields, stage)) is not None:
        return found
    for name, group in groups.items():
        if group:
            fields[name] = Dict(group)
    if old.library.library == 'mmedit':
        fields = edit.dataset(item, fields)
    if old.library.library == 'mmtrack':
        fields.pop(track.INTERPOLATION, None)
    if old.library.library == 'mmdet3d':
        fields = points.dataset(item, fields)
    for name, value in {} if known is None else known.write.items():
        fields.setdefault(name, Computed(value))
    todos = (known.todo,) if known is not None and known.todo else ()
    if old.library.library == 'mmdet' and item.type in _OPEN_IMAGES and item.plain('meta_file') is None:
        todos = (*todos, 'write `meta_file`: the sizes of pictures are read from it now, in training, too')
    return Dict(fields, item if keep_place else None, todos)


def _into(fields: dict[str, Tree], groups: dict[str, dict[str, Tree]], name: str) -> dict[str, Tree]:
    """Return a group of arguments, whose place is that of the first one."""
    fields.setdefault(name, Dict({}))
    return groups[name]


def _type(old: Old, item: Item, given: Item) -> Tree:
    known = old.library.datasets.types.get(item.type)
    if known is not None and known.type is not None and known.type != given.value:
        return Computed(known.type, given)
    return Kept(given)


def _filter(old: Old, item: Item, stage: str, fields: dict[str, Tree], groups: dict[str, dict[str, Tree]]) -> None:
    """0.x filtered images of training sets unless it was told not to (DATA-24)."""
    facts = old.library.datasets
    if stage == 'train' and item.type in facts.filtered:
        fields.setdefault('filter_cfg', Dict({}))
        for name, value in facts.filter_defaults.items():
            groups['filter_cfg'].setdefault(name, Computed(value))
