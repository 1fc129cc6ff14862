"""Arguments of components that 1.x renamed or dropped."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic, Edit, Severity
from cfglint.rules.deprecated import tables
from cfglint.rules.deprecated.text import shown
from cfglint.rules.deprecated.uses import Use, place_of, uses
from cfglint.rules.facts.place import report_between
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.diagnostics import Fix
    from cfglint.rules.context import Context, Item

Rows = Iterator[tuple['Item', tables.Became]]


@rule(fixable=True, given=uses)
def renamed_argument(context: Context) -> Iterable[Diagnostic]:
    """An argument of a transform, a model part or a hook that 1.x renamed or dropped.

    The component is still there, but refuses the argument: building it fails.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(pipeline=[dict(type='RandomFlip', flip_ratio=0.5)]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(pipeline=[dict(type='RandomFlip', prob=0.5)]))
    ```
    """
    return _report(context, _of_types)


@rule(given=uses)
def renamed_dataset_argument(context: Context) -> Iterable[Diagnostic]:
    """An argument of a dataset that 1.x renamed, moved or dropped.

    Paths are one dict, `data_prefix`, relative to `data_root`; classes and colours are `metainfo`; what to leave out is
    `filter_cfg`. Datasets refuse the old tables.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='train.json', img_prefix='data/train/'))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(type='CocoDataset', ann_file='train.json', data_prefix=dict(img='data/train/')))
    ```
    """
    return _report(context, _of_datasets)


@rule(given=uses)
def model_level_pretrained(context: Context) -> Iterable[Diagnostic]:
    """`pretrained` of a whole model became `init_cfg` of its backbone.

    In most libraries the models of 1.x refuse `pretrained`. Those of MMSegmentation and
    MMPretrain still take it.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', pretrained='torchvision://resnet18', backbone=dict(type='ResNet', depth=18))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='RetinaNet',
        backbone=dict(
            type='ResNet',
            depth=18,
            init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet18')))
    ```
    """
    item = _pretrained(context)
    if item is None:
        return
    advice = Advice('remove it')
    if item.value is not None:
        text = shown(item.value, item.origin)
        advice = Advice('write in the `backbone`', f"init_cfg = dict(type='Pretrained', checkpoint={text})")
    raises = "TypeError: … got an unexpected keyword argument 'pretrained'"
    places = (context.find('model.type'),)
    yield report_between(context, item, places, 'models of 1.x take no `pretrained`', raises=raises, advice=advice)


def _pretrained(context: Context) -> Item | None:
    model = context.find('model')
    item = None if model is None else model.get('pretrained')
    if model is None or item is None or 'type' not in model.value:
        return None
    use = next((use for use in uses(context) if use.item.key == 'model'), None)
    if use is None or tables.PRETRAINED_REFUSED.isdisjoint(use.libraries):
        return None
    if tables.LIBRARY_OF.get(use.kind) not in use.libraries:
        return None  # A model of the user's own may take what it likes.
    return item


@rule(severity=Severity.INFO, fixable=True, given=uses)
def deprecated_file_client_args(context: Context) -> Iterable[Diagnostic]:
    """`file_client_args` became `backend_args`.

    Since MMEngine 0.2 and MMCV 2.0.0rc4 files are read through backends. What still takes `file_client_args` warns;
    more and more components refuse it. The backend that was called `disk` is called `local`.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(pipeline=[
        dict(type='LoadImageFromFile', file_client_args=dict(backend='petrel'))]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(pipeline=[
        dict(type='LoadImageFromFile', backend_args=dict(backend='petrel'))]))
    ```
    """
    seen: set[int] = set()
    for use in uses(context):
        item = use.item.get('file_client_args')
        if item is None or use.kind not in tables.WARNED or place_of(item) in seen:
            continue
        seen.add(place_of(item))
        fix = None
        if (
            isinstance(item.value, dict)
            and item.value.get('backend') != 'disk'
            and 'backend_args' not in use.item.value
        ):
            fix = context.replace_key(item, 'backend_args', 'Write `backend_args`')
        is_disk = item.value == {'backend': 'disk'}
        advice = Advice('remove it: this is the default' if is_disk else 'write `backend_args`')
        yield context.report(item, '`file_client_args` is called `backend_args` now', advice=advice, fix=fix)


@rule(era='0.x', severity=Severity.WARNING, given=uses)
def swapped_axis_order(context: Context) -> Iterable[Diagnostic]:
    """A size that was (h, w) in 0.x and is (w, h) in 1.x.

    The argument looks the same, so that nothing fails: images are resized, padded or cropped to the wrong shape. Square
    sizes hide it.

    ```py title="bad"
    data = dict(train=dict(type='CocoDataset', pipeline=[dict(type='Pad', size=(800, 1333))]))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='Pad', size=(1333, 800))]))
    ```
    """
    seen: set[int] = set()
    for use in uses(context):
        for library in use.libraries if use.scope is None else ():
            name = tables.AXES.get(library, {}).get(use.kind)
            item = None if name is None else use.item.get(name)
            if item is None or place_of(item) in seen or not _is_oblong(item.value, use):
                continue
            seen.add(place_of(item))
            height, width = item.value
            advice = Advice('write', f'{item.name} = ({width}, {height})')
            message = f'`{item.name}` of `{use.kind}` was (h, w) in 0.x, and is (w, h) in 1.x'
            yield context.report(item, message, advice=advice)


def _is_oblong(value: object, use: Use) -> bool:
    if not isinstance(value, (tuple, list)) or len(value) != 2 or value[0] == value[1] or -1 in value:
        return False
    return use.kind != 'RandomCrop' or use.item.value.get('crop_type', 'absolute') in ('absolute', 'relative')


def told(context: Context) -> frozenset[tuple[int, str]]:
    """Return the arguments that the rules of this module tell of: the identity of the dict, and the name in it."""
    return context.once('told arguments', lambda: frozenset(_told(context)))


def _told(context: Context) -> Iterator[tuple[int, str]]:
    for use in uses(context):
        for rows in (_of_types, _of_datasets):
            for item, _ in rows(context, use):
                yield id(use.item.value), item.name
    model = context.value('model')
    if isinstance(model, dict) and _pretrained(context) is not None:
        yield id(model), 'pretrained'


def _report(context: Context, rows: Callable[[Context, Use], Rows]) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    for use in uses(context):
        for item, became in rows(context, use):
            if place_of(item) not in seen:
                seen.add(place_of(item))
                yield _diagnostic(context, use, item, became)


def _of_types(context: Context, use: Use) -> Rows:
    found = [tables.ARGUMENTS[library] for library in use.libraries]
    if 'hooks' in use.item.key:
        found.append(tables.HOOK_ARGUMENTS)
    for table in found:
        yield from _rows(use, table.get(use.kind, {}))


def _of_datasets(context: Context, use: Use) -> Rows:
    if not _is_dataset(use):
        return
    for library in use.libraries:
        of_type = tables.ARGUMENTS[library].get(use.kind, {})
        table = tables.DATASET_ARGUMENTS[library]
        yield from _rows(use, {name: each for name, each in table.items() if name not in of_type})


def _rows(use: Use, table: tables.Table) -> Rows:
    for name, became in table.items():
        item = use.item.get(name) if name in use.item.value else None
        if item is None:
            continue
        # In 1.x `data_prefix` is a dict, and `invalid-dataset-argument` tells of any other.
        if name != 'data_prefix':
            yield item, became


def _is_dataset(use: Use) -> bool:
    parts = use.item.key.split('.')
    return 'dataset' in parts and 'pipeline' not in parts and tables.LIBRARY_OF.get(use.kind) in use.libraries


def _diagnostic(context: Context, use: Use, item: Item, became: tables.Became) -> Diagnostic:
    value = shown(item.value, item.origin, 60)
    fix = _rename(context, use, item, became.to) if became.to is not None and became.same else None
    of = f' of `{use.kind}`' if use.kind else ''
    advice = Advice(became.remedy(f'={value}').replace('{value}', value))
    message = f'`{item.name}`{of} is not there any more in 1.x'
    raises = f"TypeError: … got an unexpected keyword argument '{item.name}'"
    return context.report(item, message, raises=raises, advice=advice, fix=fix)


def _rename(context: Context, use: Use, item: Item, new: str) -> Fix | None:
    """Make a fix that renames an argument, with what has to change along with it."""
    table = use.item.value
    if new in table:
        return None
    fix = context.replace_key(item, new, f'Write `{new}`')
    if fix is None or item.origin is None:
        return None
    value = context.value_span(item)
    literal = isinstance(item.origin.value, ast.Constant)
    if new == 'prob' and (isinstance(item.value, bool) or not isinstance(item.value, float)):
        # RandomFlip of MMCV 2 takes a float, or a list of them.
        if not isinstance(item.value, int) or not literal or value is None:
            return None
        return fix._replace(edits=(*fix.edits, Edit(value._replace(start=value.end), '.0')))
    if item.name == 'img_scale' and new == 'scale' and use.kind == 'Resize':
        if not isinstance(item.value, tuple) or 'multiscale_mode' in table or 'ratio_range' in table or value is None:
            return None
        if 'keep_ratio' not in table:
            # It was the default, and is not any more.
            edit = Edit(value._replace(start=value.end), ', keep_ratio=True')
            return fix._replace(edits=(*fix.edits, edit), keys=(*fix.keys, '*.keep_ratio'))
    return fix
