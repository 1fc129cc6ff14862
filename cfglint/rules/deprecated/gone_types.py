"""Components that 1.x renamed or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.library_index import gone
from cfglint.catalog.suggest import elsewhere
from cfglint.diagnostics import Advice, Diagnostic
from cfglint.rules.deprecated.variables import variables
from cfglint.rules.reading.lookup import installation_of
from cfglint.rules.reading.old_components import OldComponent, old_components, place_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.diagnostics import Fix
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


_RENAMED = {kind for rows in gone().values() for kind, (_, table) in rows.items() if table == 'renamed'}


@rule(era='all')
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
    return variables(context, 'pipeline') if context.era == '0.x' else _gone(context, 'transforms')


@rule(era='all', fixable=True)
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
    return variables(context, 'dataset') if context.era == '0.x' else _gone(context, 'datasets')


@rule(era='all')
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
    return variables(context, 'model') if context.era == '0.x' else _gone(context, 'components')


@rule(era='all')
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
    return variables(context, 'hooks') if context.era == '0.x' else _gone(context, 'hook_types')


@rule(era='1.x', fixable=True, words=_RENAMED)
def renamed_component(context: Context) -> Iterable[Diagnostic]:
    """A component of a release candidate, or of a library that another one took over, that has a new name.

    The scope of the config has no such name, so that building it fails.

    ```py title="bad"
    default_scope = 'mmpretrain'
    train_dataloader = dict(dataset=dict(pipeline=[dict(type='PackClsInputs')]))
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    train_dataloader = dict(dataset=dict(pipeline=[dict(type='PackInputs')]))
    ```
    """
    return _gone(context, 'renamed')


def _gone(context: Context, table: str) -> Iterator[Diagnostic]:
    """Yield one diagnostic for each place that names what its scope does not have any more.

    What becomes of a component is told with all that is inside of it.
    """
    seen: set[int] = set()
    told: list[str] = []
    for component in old_components(context):
        place = gone().get(component.scope or 'mmengine', {}).get(component.kind) or gone()['mmengine'].get(
            component.kind
        )
        item = component.item.get('type')
        if place is None or place[1] != table or item is None or place_of(item) in seen:
            continue
        if f'{component.item.key}.'.startswith(tuple(told)):
            continue
        is_hook = table == 'hook_types'
        if is_hook != ('hooks' in component.item.key) or not (
            is_hook or component.scope is None or component.libraries
        ):
            continue
        if not _is_there(context, component, 'HOOKS' if is_hook else None):
            seen.add(place_of(item))
            advice, fix = _advice(context, component)
            told += _written_anew(component.item, advice)
            message = f'`{component.kind}` is not in the registries of `{component.scope or "mmengine"}` any more'
            yield context.report(item, message, advice=advice, fix=fix)


def _written_anew(item: Item, advice: Advice) -> Iterator[str]:
    """Yield the beginnings of the keys of what is in the dicts that advice writes in the place of those in an item."""
    if advice.code is not None and '\n' in advice.code:
        for name, value in item.value.items():
            # A part that another file says is told of there.
            if isinstance(value, dict) and f'\n{name}=dict(' in advice.code and _is_of(item, name):
                yield f'{item.key}.{name}.'


def _is_of(item: Item, name: str) -> bool:
    part = item.get(name)
    return (
        part is not None
        and part.origin is not None
        and item.origin is not None
        and part.origin.source is item.origin.source
    )


def _is_there(context: Context, component: OldComponent, registry: str | None) -> bool:
    """Tell whether a 1.x release has the name: that of the scope, or any where there is no scope."""
    installation = installation_of(context)
    if component.scope is None:
        return bool(elsewhere(installation, component.kind, registry))
    found = installation.find(component.kind, registry, component.scope)
    return found is not None and found.kind != 'unknown'


def _advice(context: Context, component: OldComponent) -> tuple[Advice, Fix | None]:
    from cfglint.catalog.successors import packer_of, row_of  # these read the files of libraries
    from cfglint.rules.replacement import whole

    row = row_of(component.kind, component.scope or 'mmengine')
    assert row is not None
    packer = packer_of(component.scope or '')
    match getattr(row.facts, 'role', None):
        case 'packs':
            return Advice(f'end the pipeline with `{packer}`, which takes what `Collect` and the formatting did'), None
        case 'formats':
            return Advice(f'remove it: `{packer}` at the end of the pipeline does it'), None
        case 'normalizes' | 'pads':
            return Advice('remove it: the `data_preprocessor` of the model does it'), None
        case 'model':
            return Advice(row.facts.todo or 'remove it: the model does it'), None
    found = whole(context, component.item, row.library.library, row.table)
    if found is None:
        return Advice(row.facts.todo or (f'write `{row.facts.type}`' if row.facts.type else 'remove it')), None
    advice, fix = found
    return advice, fix if row.facts.todo is None and _takes_the_rest(context, component, row.facts.type) else None


def _takes_the_rest(context: Context, component: OldComponent, kind: str | None) -> bool:
    """Tell whether the new type is there, and takes the arguments that are given."""
    installation = installation_of(context)
    found = None if kind is None else installation.find(kind, None, component.scope)
    if found is None or found.kind != 'class':
        return False
    signature = installation.signature(found)
    return all(
        signature.accepts(str(name)) is not False for name in component.item.value if name not in ('type', '_scope_')
    )
