"""Data that a config's own dataset, pipeline and model accept, made up: the dataset's files are not needed.

Only the reading of annotations is replaced: a subclass of each dataset hands out made-up records that point to
made-up files. The constructor of the dataset, its classes, wrappers, samplers and the whole pipeline are real.
"""

from __future__ import annotations

import inspect
import os
from typing import Any

from ..blame import type_name, walk
from ..failure import Unsupported
from ..overrides import Changes, leaves
from .canvas import Canvas
from .evaluation import annotate
from .motion import load_motion, reads_motion
from .plan import Plan
from .records import named_files, prepare_folders, proposals, relative
from .tasks import records_for

IMAGE_SUFFIXES = ('.png', '.jpg', '.jpeg', '.bmp', '.tif')
PHASES = ('', 'train', 'trainA', 'trainB', 'test', 'testA', 'testB')


def synthesise(config: Any, job: dict[str, Any], changes: Changes) -> list[str]:
    """Replace the datasets of `config`; returns the names of the classes that were replaced."""
    table = config._cfg_dict
    canvas = Canvas(os.path.join(job['folder'], 'data'))
    replaced: list[str] = []
    for loader in ('train_dataloader', 'val_dataloader'):
        part = dict.get(table, loader)
        dataset = dict.get(part, 'dataset') if isinstance(part, dict) else None
        for path, leaf, pipelines in leaves(dataset, loader + '.dataset'):
            plan = Plan(leaf, list(pipelines), table.get('model'))
            _prepare_transforms(plan, canvas, changes, path)
            replaced.append(_replace(leaf, path, plan, canvas, len(replaced), table.get('default_scope'), changes))
            if loader == 'val_dataloader':
                annotate(table, _classes(leaf), _joints(leaf), plan, canvas, changes)
    return replaced


def _replace(leaf: dict[str, Any], path: str, plan: Plan, canvas: Canvas, number: int, scope: str | None,
             changes: Changes) -> str:  # fmt: skip
    from mmengine.registry import DATASETS

    kind = leaf.get('type')
    base = _resolve(DATASETS, kind, leaf.get('_scope_', scope)) if isinstance(kind, str) else kind
    if base is None:
        return type_name(kind)  # building it will tell what is wrong with the name
    if not (inspect.isclass(base) and hasattr(base, 'load_data_list')):
        raise Unsupported(f'cannot synthesise data for {type_name(kind)}: give --data-root')
    root = canvas.path(f'root-{number}/')
    if _reads_folders(base):
        _fill_folders(leaf, path, plan, canvas, root, changes)
        return base.__name__
    prepare_folders(leaf, root)
    _point_to(leaf, path, root, base, changes)
    name = f'Synthetic{number}{base.__name__}'
    DATASETS.register_module(name=name, module=_subclass(base, name, plan, canvas), force=True)
    changes.set(leaf, 'type', 'mmengine.' + name, path + '.type', '--synthetic')
    return base.__name__


def _replaced(leaf: dict[str, Any]) -> Any:
    """The class that has replaced the user's."""
    from mmengine.registry import DATASETS

    kind = leaf.get('type')
    return DATASETS.get(kind.rpartition('.')[2]) if isinstance(kind, str) else kind


def _classes(leaf: dict[str, Any]) -> Any:
    """The names of the classes, from the config or from the dataset."""
    return (leaf.get('metainfo') or {}).get('classes') or getattr(_replaced(leaf), 'METAINFO', {}).get('classes')


def _joints(leaf: dict[str, Any]) -> int | None:
    """How many joints people have, if the dataset is one of poses."""
    base = _replaced(leaf)
    if not hasattr(base, '_get_topdown_data_infos'):
        return None
    return base._load_metainfo(leaf.get('metainfo')).get('num_keypoints')


def _resolve(registry: Any, kind: str, scope: str | None) -> Any:
    """The class that the Runner will find, which makes `default_scope` the current one first."""
    if not scope or '.' in kind:
        return registry.get(kind)
    with registry.switch_scope_and_registry(scope) as current:
        return current.get(kind)


def _reads_folders(base: Any) -> bool:
    """Datasets that only scan folders: they get real folders."""
    arguments = inspect.signature(base.__init__).parameters
    takes_annotations = 'ann_file' in arguments or any(item.kind is item.VAR_KEYWORD for item in arguments.values())
    return not takes_annotations and not getattr(base, 'METAINFO', {}).get('classes')


def _point_to(leaf: dict[str, Any], path: str, root: str, base: Any, changes: Changes) -> None:
    arguments = inspect.signature(base.__init__).parameters
    if 'data_root' in arguments or any(item.kind is item.VAR_KEYWORD for item in arguments.values()):
        changes.set(leaf, 'data_root', root, path + '.data_root', '--synthetic')
    prefixes = dict.get(leaf, 'data_prefix')
    if isinstance(prefixes, str):
        changes.set(leaf, 'data_prefix', relative(prefixes), path + '.data_prefix', '--synthetic')
    elif isinstance(prefixes, dict):
        for key, prefix in list(prefixes.items()):
            if isinstance(prefix, str):
                changes.set(prefixes, key, relative(prefix), f'{path}.data_prefix.{key}', '--synthetic')
    for key in named_files(leaf):
        changes.set(leaf, key, relative(leaf[key]), f'{path}.{key}', '--synthetic')


def _subclass(base: Any, name: str, plan: Plan, canvas: Canvas) -> Any:
    def load_data_list(self: Any) -> list[dict[str, Any]]:
        # What a COCO dataset learns from its annotations.
        self.cat_ids = list(range(plan.class_count(getattr(self, '_metainfo', {}).get('classes'))))
        self.cat2label = {label: label for label in self.cat_ids}
        return records_for(plan, canvas, self)

    def filter_data(self: Any) -> Any:
        return self.data_list

    def load_ann_file(self: Any, path: str) -> None:
        self.ann_data = load_motion(plan.leaf, base._load_metainfo(plan.leaf.get('metainfo'))['num_keypoints'])

    def load_proposals(self: Any) -> None:
        for index, info in enumerate(self.data_list):
            info['proposals'] = proposals(index, info['instances'])

    members: dict[str, Any] = {'load_data_list': load_data_list, 'filter_data': filter_data}
    if hasattr(base, 'load_proposals'):
        members['load_proposals'] = load_proposals
    if reads_motion(base):
        members = {'_load_ann_file': load_ann_file}
    return type(name, (base,), {**members, '__module__': base.__module__})


def _fill_folders(leaf: dict[str, Any], path: str, plan: Plan, canvas: Canvas, root: str, changes: Changes) -> None:
    roots = dict.get(leaf, 'data_roots')
    if isinstance(roots, dict):
        for scale in list(roots):
            folder = os.path.join(root, str(scale))
            canvas.fill(folder, (int(scale), int(scale)))
            changes.set(roots, scale, folder, f'{path}.data_roots.{scale}', '--synthetic')
        return
    old = leaf.get('data_root')
    if isinstance(old, str) and old.lower().endswith(IMAGE_SUFFIXES):
        changes.set(leaf, 'data_root', canvas.image((256, 256)), path + '.data_root', '--synthetic')
        return
    height, width = plan.size('gt')
    paired = plan.find('LoadPairedImageFromFile') is not None
    for phase in PHASES:
        canvas.fill(os.path.join(root, phase), (height, width * (2 if paired else 1)))
    changes.set(leaf, 'data_root', root, path + '.data_root', '--synthetic')


def _prepare_transforms(plan: Plan, canvas: Canvas, changes: Changes, path: str) -> None:
    """Files and folders that transforms name themselves."""
    for part in plan.transforms:
        where = '{}.pipeline ({})'.format(path, type_name(part.get('type')))
        for _, table in walk(part):
            for key in [key for key in table if str(key).endswith(('_dir', '_dirs', 'mask_list_file'))]:
                _prepare_argument(table, str(key), where, plan, canvas, changes)


def _prepare_argument(
    table: dict[str, Any], key: str, where: str, plan: Plan, canvas: Canvas, changes: Changes
) -> None:
    size = plan.size('gt')
    if key == 'mask_list_file':
        name = os.path.basename(canvas.mask(size))
        path = canvas.path('masks/list.txt')
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(name + '\n')
        changes.set(table, 'prefix', os.path.dirname(path), where + '.prefix', '--synthetic')
        changes.set(table, key, path, f'{where}.{key}', '--synthetic')
        return
    folder = canvas.path('{}/'.format(key.split('_')[0]))
    canvas.fill(folder, size, image=canvas.matte(size) if key.startswith('alpha') else None)
    value = [folder] if isinstance(table[key], (list, tuple)) else folder
    changes.set(table, key, value, f'{where}.{key}', '--synthetic')
