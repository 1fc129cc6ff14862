"""Data of mmcls: datasets that mmpretrain knows by their folder and a split."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, Tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.migrate.items import Item

Fields = dict[str, Tree]


def dataset(item: Item, fields: Fields, stage: str) -> Tree | None:
    """Return a dataset that takes `data_root` and `split`; none if it is another one.

    Args:
        item: The dataset of 0.x.
        fields: What all datasets become.
        stage: `train`, `val` or `test`.
    """
    build = _DATASETS.get(item.type)
    if build is None:
        return None
    found = build(item, fields, stage)
    return Dict(fields, item, (f'write {_FORM}',)) if found is None else Dict(found, item)


def _voc(item: Item, fields: Fields, stage: str) -> Fields | None:
    """The images of a split are listed in `ImageSets/Main` below the root."""
    root, listed = item.get('data_prefix'), item.plain('ann_file')
    folder, name = posixpath.split(listed) if isinstance(listed, str) else ('', '')
    split = posixpath.splitext(name)[0]
    if root is None or not isinstance(root.value, str) or split not in _SPLITS:
        return None
    if folder != posixpath.join(root.value, 'ImageSets/Main'):
        return None
    if stage != 'train':
        fields = {name: tree for name, tree in fields.items() if name != 'difficult_as_postive'}  # the metrics take it
    return _rooted(fields, Kept(root), split)


def _cub(item: Item, fields: Fields, stage: str) -> Fields | None:
    """The files have their names below the root."""
    given = {name: item.plain(name) for name in _CUB_FILES}
    listed = given['ann_file']
    root = listed.removesuffix(_CUB_FILES['ann_file']) if isinstance(listed, str) else None
    if root is None or any(value != root + _CUB_FILES[name] for name, value in given.items()):
        return None
    return _rooted(fields, Computed(root, item.get('ann_file')), _split(item, stage))


def _cars(item: Item, fields: Fields, stage: str) -> Fields | None:
    """The split says whether it is a test."""
    root = item.get('data_prefix')
    if root is None or item.plain('ann_file') is not None:
        return None
    return {
        name: tree for name, tree in _rooted(fields, Kept(root), _split(item, stage)).items() if name != 'test_mode'
    }


def _split(item: Item, stage: str) -> str:
    return 'test' if item.plain('test_mode', stage != 'train') else 'train'


def _rooted(fields: Fields, root: Tree, split: str) -> Fields:
    """Return the fields with `data_root` and `split` where the paths were."""
    found: Fields = {}
    for name, tree in fields.items():
        if name not in ('data_prefix', 'ann_file'):
            found[name] = tree
        elif 'data_root' not in found:
            found.update(data_root=root, split=Computed(split))
    return found


_FORM = '`data_root` and `split`: the names of files below the root are fixed now'
_SPLITS = ('train', 'val', 'trainval', 'test')
_CUB_FILES = {
    'ann_file': 'images.txt', 'data_prefix': 'images', 'image_class_labels_file': 'image_class_labels.txt',
    'train_test_split_file': 'train_test_split.txt',
}  # fmt: skip
_DATASETS: dict[str, Callable[[Item, Fields, str], Fields | None]] = {'VOC': _voc, 'CUB': _cub, 'StanfordCars': _cars}
