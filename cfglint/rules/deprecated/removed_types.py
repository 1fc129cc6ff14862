"""Components that 1.x renamed or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.suggest import elsewhere
from cfglint.diagnostics import Advice, Applicability, Diagnostic
from cfglint.rules.components import installation_of
from cfglint.rules.deprecated import tables
from cfglint.rules.deprecated.uses import Use, packer, place_of, rename_type, uses
from cfglint.rules.deprecated.variables import parts, variables
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cfglint.rules.context import Context


@rule(era='all', given=parts)
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
    return (
        variables(context, 'pipeline')
        if context.era == '0.x'
        else _removed(context, tables.TRANSFORMS, tables.ALL_TRANSFORMS)
    )


@rule(era='all', given=parts)
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
    return variables(context, 'dataset') if context.era == '0.x' else _removed(context, tables.DATASETS, {})


@rule(era='all', given=parts)
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
    return variables(context, 'model') if context.era == '0.x' else _removed(context, tables.MODELS, {})


@rule(era='all', given=parts)
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
    if context.era == '0.x':
        yield from variables(context, 'hooks')
        return
    seen: set[int] = set()
    for use in uses(context):
        became = tables.HOOKS.get(use.kind)
        if became is not None and 'hooks' in use.item.key and not _is_kept(context, use):
            yield from once(context, use, became, seen)


def _is_kept(context: Context, use: Use) -> bool:
    """Tell whether a 1.x release has a hook under the old name: that of the scope, or any where there is no scope."""
    installation = installation_of(context)
    if use.scope is None:
        return bool(elsewhere(installation, use.kind, 'HOOKS'))
    return installation.find(use.kind, 'HOOKS', use.scope) is not None


def _removed(
    context: Context, rows: Mapping[str, tables.Table], common: Mapping[str, tables.Became]
) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    for use in uses(context):
        became = _became(use, rows, common)
        if became is not None:
            yield from once(context, use, became, seen)


def _became(use: Use, rows: Mapping[str, tables.Table], common: Mapping[str, tables.Became]) -> tables.Became | None:
    if not _is_gone(use, common):
        return None
    found = (rows[library][use.kind] for library in use.libraries if use.kind in rows[library])
    return next(found, common.get(use.kind))


def _is_gone(use: Use, common: Mapping[str, tables.Became]) -> bool:
    """Tell whether a 1.x config that uses the type fails: its scope has no such name."""
    if use.kind in tables.KEPT.get(use.scope or '', ()):
        return False
    if use.kind in common:
        return use.kind in (tables.GONE_IN_LIBRARIES if use.libraries else tables.GONE_EVERYWHERE)
    return bool(use.libraries)


def once(context: Context, use: Use, became: tables.Became, seen: set[int]) -> Iterator[Diagnostic]:
    """Yield the diagnostic of a type that is gone, once for each place where it is written."""
    item = use.item.get('type')
    if item is None or place_of(item) in seen:
        return
    seen.add(place_of(item))
    fix = None
    if became.to is not None:
        trust = Applicability.UNSAFE if became.same else Applicability.DISPLAY
        fix = rename_type(context, use.item, became.to, trust)
    remedy = became.remedy().replace('{packer}', packer(context, use.item, use))
    message = f'`{use.kind}` is not in the registries of `{use.scope or "mmengine"}` any more'
    yield context.report(item, message, advice=Advice(remedy), fix=fix)
