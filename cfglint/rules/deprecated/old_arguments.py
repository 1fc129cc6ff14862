"""Arguments of components that 1.x renamed or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.library_index import marks, old_arguments, old_dataset_arguments, swapped
from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.claims import lacking
from cfglint.rules.reading.lookup import installation_of
from cfglint.rules.reading.old_components import OldComponent, old_components, place_of
from cfglint.rules.reading.old_names import WARNED
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


_ARGUMENTS = {name for rows in old_arguments().values() for names in rows.values() for name in names}
_DATASET_ARGUMENTS = {name for names in old_dataset_arguments().values() for name in names}
_SWAPPED = {kind for table in swapped().values() for kind in table}


@rule(fixable=True, words=_ARGUMENTS)
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
    return _report(context, is_dataset=False)


@rule(words=_DATASET_ARGUMENTS)
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
    return _report(context, is_dataset=True)


@rule(words=('pretrained',))
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
    model, item = context.section('model'), _pretrained(context)
    if model is None or item is None:
        return
    advice = Advice('remove it')
    if item.value is not None:
        text = context.source_text(item) or repr(item.value)
        advice = Advice('write in the `backbone`', f"init_cfg = dict(type='Pretrained', checkpoint={text})")
    raises = "TypeError: … got an unexpected keyword argument 'pretrained'"
    places = (context.find('model.type'),)
    message = 'models of 1.x take no `pretrained`'
    yield report_between(context, item, places, message, raises=raises, advice=advice, explains=(lacking(model),))


def _pretrained(context: Context) -> Item | None:
    model = context.find('model')
    item = None if model is None else model.get('pretrained')
    component = next((component for component in old_components(context) if component.item.key == 'model'), None)
    # A model of the user's own may take what it likes.
    if item is None or component is None or marks().get(component.kind) not in component.libraries:
        return None
    installation = installation_of(context)
    found = installation.find(component.kind, None, component.scope)
    if found is None or found.kind == 'unknown':
        from cfglint.catalog.library_facts import library  # this reads a file

        return None if library(marks()[component.kind]).pretrained_in_model else item
    return item if installation.signature(found).accepts('pretrained') is False else None


@rule(severity=Severity.INFO, fixable=True, words=('file_client_args',))
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
    for component in old_components(context):
        item = component.item.get('file_client_args')
        refused = old_arguments().get(component.scope or '', {}).get(component.kind, ())
        if item is None or component.kind not in WARNED or 'file_client_args' in refused or place_of(item) in seen:
            continue
        seen.add(place_of(item))
        is_disk = isinstance(item.value, dict) and item.value.get('backend') == 'disk'
        can_rename = isinstance(item.value, dict) and not is_disk and 'backend_args' not in component.item.value
        fix = context.replace_key(item, 'backend_args', 'Write `backend_args`') if can_rename else None
        advice = Advice(
            'remove it: this is the default' if item.value == {'backend': 'disk'} else 'write `backend_args`'
        )
        yield context.report(item, '`file_client_args` is called `backend_args` now', advice=advice, fix=fix)


@rule(era='0.x', severity=Severity.WARNING, words=_SWAPPED)
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
    for component in old_components(context):
        names = [name for library in component.libraries for name in swapped().get(library, {}).get(component.kind, ())]
        for item in (found for name in names if (found := component.item.get(name)) is not None):
            if place_of(item) not in seen and _is_oblong(item.value, component):
                seen.add(place_of(item))
                height, width = item.value
                message = f'`{item.name}` of `{component.kind}` was (h, w) in 0.x, and is (w, h) in 1.x'
                yield context.report(item, message, advice=Advice('write', f'{item.name} = ({width}, {height})'))


def _is_oblong(value: object, component: OldComponent) -> bool:
    if not isinstance(value, (tuple, list)) or len(value) != 2 or value[0] == value[1] or -1 in value:
        return False
    return component.kind != 'RandomCrop' or component.item.value.get('crop_type', 'absolute') in (
        'absolute',
        'relative',
    )


def _arguments(component: OldComponent) -> Iterator[Item]:
    """Yield the arguments of a component that 1.x does not take any more."""
    names = old_arguments().get(component.scope or '', {}).get(component.kind, ())
    if 'hooks' in component.item.key:
        names = (*names, *old_arguments()['mmengine'].get(component.kind, ()))
    yield from (item for name in names if (item := component.item.get(name)) is not None)


def _of_datasets(component: OldComponent) -> Iterator[Item]:
    """Yield the arguments of a dataset that 1.x does not take any more."""
    parts = component.item.key.split('.')
    library = marks().get(component.kind)
    if library not in component.libraries or 'dataset' not in parts or 'pipeline' in parts:
        return
    own = old_arguments().get(component.scope or '', {}).get(component.kind, ())
    for name in old_dataset_arguments().get(library or '', ()):
        item = component.item.get(name)
        # In 1.x `data_prefix` is a dict, and `invalid-dataset-argument` tells of any other.
        if item is not None and name not in own and name != 'data_prefix':
            yield item


def _report(context: Context, *, is_dataset: bool) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    for component in old_components(context):
        for item in _of_datasets(component) if is_dataset else _arguments(component):
            if place_of(item) not in seen:
                seen.add(place_of(item))
                yield _diagnostic(context, component, item, is_dataset=is_dataset)


def _diagnostic(context: Context, component: OldComponent, item: Item, *, is_dataset: bool) -> Diagnostic:
    from cfglint.rules.replacement import argument  # this reads the files of libraries

    owner, table = (marks()[component.kind], 'datasets') if is_dataset else _place(component, item.name)
    advice, fix = argument(context, component.item, item, owner, table)
    message = f'`{item.name}` of `{component.kind}` is not there any more in 1.x'
    raises = f"TypeError: … got an unexpected keyword argument '{item.name}'"
    return context.report(item, message, raises=raises, advice=advice, fix=fix, explains=(lacking(component.item),))


def _place(component: OldComponent, argument: str) -> tuple[str, str]:
    """Return the library whose file tells of an argument, and the table."""
    from cfglint.catalog.library_facts import library

    for owner in component.libraries:
        facts = library(owner)
        for table, found in (('transforms', facts.transforms), ('components', facts.components)):
            row = found.get(component.kind)
            if row is not None and (argument in row.arguments or argument in row.argument_todos or row.pairs):
                return owner, table
    return 'mmengine', 'hook_types'
