"""Restoration of images and videos: what mmedit measured and loaded, in the form of mmagic (EDIT-03 to EDIT-20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, List, Todo, Tree, opened
from cfglint.migrate.items import Item
from cfglint.migrate.mapping import matting
from cfglint.migrate.mapping.old import innermost
from cfglint.migrate.mapping.transforms import component, kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.migrate.mapping.old import Old

_METRICS = {
    'PSNR': 'PSNR', 'SSIM': 'SSIM', 'MAE': 'MAE', 'l1': 'MAE', 'psnr': 'PSNR', 'ssim': 'SSIM', 'SAD': 'SAD',
    'MSE': 'MattingMSE', 'GRAD': 'GradientError', 'CONN': 'ConnectivityError', 'NIQE': 'NIQE',
}  # fmt: skip
"""What `test_cfg.metrics` named, and the metric that measures it."""
_CROPPING = ('PSNR', 'SSIM', 'NIQE')
_OF_METRICS = ('metrics', 'crop_border', 'convert_to', 'metric_average_mode')
"""What stood in `test_cfg` and belongs to metrics."""


def _settings(old: Old) -> Item:
    """Return the settings of testing, which stood in the model or beside it."""
    model = old.get('model') or Item({})
    beside, inside = old.get('test_cfg'), model.get('test_cfg')
    return next((each for each in (beside, inside) if each is not None and each.is_dict), Item({}))


def evaluator(old: Old, evaluation: Item) -> Tree | None:
    """Return the evaluator for what `test_cfg` wanted measured; none if it does not say (EDIT-03)."""
    settings = _settings(old)
    names = settings.get('metrics') or evaluation.get('metric_dict')
    given = [] if names is None else names.entries() if names.is_list else [Item(name) for name in names.fields()]
    trees: list[Tree] = []
    for each in given:
        kind = _METRICS.get(each.value) if isinstance(each.value, str) else None
        if kind is None:
            trees.append(Todo(f'mmagic has no metric `{each.value}`', each))
            continue
        fields: dict[str, Tree] = {'type': Computed(kind, each)}
        if kind in _CROPPING:
            border = settings.get('crop_border')
            fields.update({'crop_border': Kept(border)} if border is not None and border.value else {})
            fields.update(kept(settings, 'convert_to'))
        trees.append(Dict(fields))
    if not trees:
        return None
    return Dict({'type': Computed(old.library.evaluator), 'metrics': List(tuple(trees))})


def model(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """What belongs to metrics is no setting of the model any more."""
    fields = _without_metrics(fields)
    return matting.model(old, fields) if old.library.preprocessor.type == matting.PREPROCESSOR else fields


def _without_metrics(fields: dict[str, Tree]) -> dict[str, Tree]:
    if 'test_cfg' not in fields:
        return fields
    tree = opened(fields['test_cfg'])
    if not isinstance(tree, Dict):
        return fields
    rest = {name: each for name, each in tree.items.items() if name not in _OF_METRICS}
    if rest:
        return {**fields, 'test_cfg': tree._replace(items=rest)}
    return {name: each for name, each in fields.items() if name != 'test_cfg'}


# Data


def _load(old: Old, step: Item) -> list[Tree]:
    """Files on the disk need no backend; `convert_to='y'` is a flag (EDIT-06)."""
    tree = opened(component(step, old.library.transforms.get(step.type)))
    fields = {
        name: each
        for name, each in (tree.items if isinstance(tree, Dict) else {}).items()
        if name not in ('io_backend', 'backend_args', 'convert_to')
    }
    if old.library.library == 'mmgen' and 'key' not in fields and step.type == 'LoadImageFromFile':
        fields['key'] = Computed('gt')  # its default
    backend, converted = step.get('io_backend'), step.get('convert_to')
    if backend is not None and backend.value != 'disk':
        fields['backend_args'] = Dict({'backend': Kept(backend)})
    if converted is not None and converted.value is not None:
        known = str(converted.value).lower() == 'y'
        fields['to_y_channel'] = (
            Computed(True, converted) if known else Todo('`to_y_channel` is for the Y channel', converted)
        )
    return [Dict(fields, step)]


def _crop(old: Old, step: Item) -> list[Tree]:
    """The scale between the two images was an argument of the dataset; a step says it now."""
    dataset = innermost(old, 'train')
    scale = (None if dataset is None else dataset.get('scale')) or old.get('scale')
    if scale is None:
        return [Kept(step)]
    values = Dict({'type': Computed('SetValues'), 'dictionary': Dict({'scale': Kept(scale)})})
    return [values, Kept(step)]


TRANSFORMS: dict[tuple[str, str], Callable[[Old, Item], list[Tree]]] = {
    **{
        (library, kind): _load
        for library in ('mmedit', 'mmgen')
        for kind in ('LoadImageFromFile', 'LoadImageFromFileList', 'LoadPairedImageFromFile')
    },
    ('mmedit', 'PairedRandomCrop'): _crop,
}


def dataset(item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """One template of names was that of the inputs; each kind of images has its own now (EDIT-10)."""
    if item.type == 'AdobeComp1kDataset':
        return matting.dataset(item, fields)
    template = item.get('filename_tmpl')
    if template is None or not isinstance(template.value, str) or 'img' not in _prefixes(fields):
        return fields
    names: dict[str, Tree] = {name: Computed('{}') for name in _prefixes(fields)}
    return {**fields, 'filename_tmpl': Dict({**names, 'img': Kept(template)})}


def _prefixes(fields: dict[str, Tree]) -> list[str]:
    prefix = fields.get('data_prefix')
    return list(prefix.items) if isinstance(prefix, Dict) else []
