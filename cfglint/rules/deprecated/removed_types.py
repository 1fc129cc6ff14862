"""Components that 1.x renamed or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.suggest import elsewhere
from cfglint.diagnostics import Applicability, Diagnostic, Severity
from cfglint.rules.components import installation_of
from cfglint.rules.deprecated import components, datasets, models
from cfglint.rules.deprecated.libraries import PREPROCESSORS
from cfglint.rules.deprecated.text import call, fields
from cfglint.rules.deprecated.uses import Use, author, packer, place_of, rename_type, uses
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cfglint.rules.context import Context


@rule(era='all', given=uses)
def removed_transform(context: Context) -> Iterable[Diagnostic]:
    """A transform of 0.x that 1.x renamed or dropped.

    Its name is in no registry any more, so that building the pipeline fails; or it is there, but does something else.
    What packed the results (`DefaultFormatBundle`, `Collect`, `ImageToTensor`) is one transform at the end of a
    pipeline now, another one in each library.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(pipeline=[dict(type='LoadImageFromFile'), dict(type='DefaultFormatBundle')]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(pipeline=[dict(type='LoadImageFromFile'), dict(type='PackDetInputs')]))
    ```
    """
    return _removed(context, components.TRANSFORMS, components.ALL_TRANSFORMS)


@rule(era='all', given=uses)
def removed_dataset(context: Context) -> Iterable[Diagnostic]:
    """A dataset of 0.x that 1.x renamed or dropped.

    Its name is in no registry any more, so that building the dataset fails.

    ```py title="bad"
    default_scope = 'mmseg'
    train_dataloader = dict(dataset=dict(type='CustomDataset'))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    train_dataloader = dict(dataset=dict(type='BaseSegDataset'))
    ```
    """
    return _removed(context, datasets.DATASETS, {})


@rule(era='all', given=uses)
def removed_model_part(context: Context) -> Iterable[Diagnostic]:
    """A model, or a part of one, that 1.x renamed or dropped.

    Its name is in no registry any more, so that building the model fails.

    ```py title="bad"
    default_scope = 'mmpose'
    model = dict(type='TopDown', backbone=dict(type='ResNet', depth=50))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    model = dict(type='TopdownPoseEstimator', backbone=dict(type='ResNet', depth=50))
    ```
    """
    return _removed(context, models.MODELS, {})


@rule(era='all', given=uses)
def removed_hook(context: Context) -> Iterable[Diagnostic]:
    """A hook of 0.x that 1.x renamed or dropped.

    What optimizer, evaluation, learning rate and logger hooks did is up to `optim_wrapper`, `val_evaluator`,
    `param_scheduler` and `visualizer`; their names are in no registry any more.

    ```py title="bad"
    default_scope = 'mmdet'
    custom_hooks = [dict(type='ExpMomentumEMAHook', momentum=0.0001)]
    ```

    ```py title="good"
    default_scope = 'mmdet'
    custom_hooks = [dict(type='EMAHook', ema_type='ExpMomentumEMA', momentum=0.0001)]
    ```
    """
    seen: set[int] = set()
    for use in uses(context):
        text = models.HOOKS.get(use.kind)
        if text is not None and 'hooks' in use.item.key and not _is_kept(context, use):
            yield from _once(context, use, text, seen)


def _is_kept(context: Context, use: Use) -> bool:
    """Tell whether a 1.x release has a hook under the old name: that of the scope, or any where there is no scope."""
    if context.era == '0.x':
        return False
    installation = installation_of(context)
    if use.scope is None:
        return bool(elsewhere(installation, use.kind, 'HOOKS'))
    return installation.find(use.kind, 'HOOKS', use.scope) is not None


@rule(era='0.x', severity=Severity.WARNING, given=uses)
def preprocessing_in_pipeline(context: Context) -> Iterable[Diagnostic]:
    """Normalizing and padding of batches moved from the pipeline into the model's data preprocessor.

    1.x libraries normalize and pad whole batches on the device. `Normalize` and `Pad` still exist as transforms, but a
    model with a data preprocessor would normalize twice.

    ```py title="bad"
    data = dict(train=dict(pipeline=[
        dict(type='Normalize', mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True),
        dict(type='Pad', size_divisor=32)]))
    ```

    ```py title="good"
    model = dict(data_preprocessor=dict(
        type='DetDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
        pad_size_divisor=32))
    ```
    """
    if context.era != '0.x':
        return
    seen: set[int] = set()
    for use in uses(context):
        item = use.item.get('type')
        if item is None or place_of(item) in seen:
            continue
        if use.kind == 'Normalize':
            seen.add(place_of(item))
            text = _preprocessor(context, use)
            yield context.report(
                item, f'`Normalize`: 1.x normalizes whole batches; write `data_preprocessor={text}` in `model`'
            )
        elif use.kind == 'Pad' and 'size_divisor' in use.item.value:
            seen.add(place_of(item))
            number = use.item.value['size_divisor']
            yield context.report(
                item, f'`Pad`: 1.x pads whole batches; write `pad_size_divisor={number}` in `model.data_preprocessor`'
            )


def _preprocessor(context: Context, use: Use) -> str:
    """Return what normalizes in 1.x, with the values of a `Normalize`."""
    library = author(context, use.item)
    parts = fields(use.item.value)
    kind = {'type': repr(PREPROCESSORS[library])} if library in PREPROCESSORS else {}
    colours = {'bgr_to_rgb': parts['to_rgb']} if 'to_rgb' in parts else {}
    return call({**kind, **{name: parts[name] for name in ('mean', 'std') if name in parts}, **colours}, 200)


def _removed(
    context: Context, tables: Mapping[str, components.Table], common: components.Table
) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    for use in uses(context):
        text = _text(use, tables, common)
        if text is not None:
            yield from _once(context, use, text, seen)


def _text(use: Use, tables: Mapping[str, components.Table], common: components.Table) -> str | None:
    if use.scope is not None and not _is_gone(use, common):
        return None
    for library in use.libraries:
        if use.kind in tables[library]:
            return tables[library][use.kind]
    if use.kind in common:
        return common[use.kind]
    return None


def _is_gone(use: Use, common: components.Table) -> bool:
    """Tell whether a 1.x config that uses the type fails: its scope has no such name."""
    if use.kind in components.KEPT.get(use.scope or '', ()):
        return False
    if use.kind in common:
        return use.kind in (components.GONE_IN_LIBRARIES if use.libraries else components.GONE_EVERYWHERE)
    return bool(use.libraries)


def _once(context: Context, use: Use, text: str, seen: set[int]) -> Iterator[Diagnostic]:
    item = use.item.get('type')
    if item is None or place_of(item) in seen:
        return
    seen.add(place_of(item))
    head, _, more = text[1:].partition('; ')
    if text[0] not in '=~':
        remedy, fix = text.replace('{packer}', packer(context, use.item, use)), None
    else:
        remedy = f'write `{head}`' + (f', {more}' if more else '')
        trust = Applicability.UNSAFE if text[0] == '=' else Applicability.DISPLAY
        fix = rename_type(context, use.item, head, trust)
    what = 'is a name of 0.x' if use.scope is None else f'is not in the registries of `{use.scope}` any more'
    yield context.report(item, f'`{use.kind}` {what}; {remedy}', fix=fix)
