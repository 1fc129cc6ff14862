"""Hooks that change the pipeline of a dataset, over a wrapper that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.hooks import Hook, hooks
from cfglint.rules.reading.official import data_facts_of, package_of
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

WITHOUT_PIPELINE: Final = frozenset({'RepeatDataset', 'ConcatDataset', 'ClassBalancedDataset'})
"""Wrappers of MMEngine: they take what the datasets inside give, through the pipelines of those."""


@rule(
    scope='entry',
    severity=Severity.WARNING,
    reads=(*HOOKS, 'train_dataloader'),
    needs=('custom_hooks',),
    yields_to=('mixing-outside-wrapper',),
)
def unreached_pipeline_switch(context: Context) -> Iterator[Diagnostic]:
    """A hook that switches the pipeline or the mixing, over a dataset that it cannot change.

    `PipelineSwitchHook` of mmdet sets `pipeline` of the outermost dataset. MMEngine's `RepeatDataset`, `ConcatDataset` and
    `ClassBalancedDataset` have none and do not look: the dataset inside keeps its own, while the log says that it switched.
    `YOLOXModeSwitchHook` of mmdet asks the outermost dataset to skip transforms, which only `MultiImageMixDataset` can:
    with any other it raises `AttributeError` when it switches, near the end of the training. The hooks of mmyolo and mmpose
    write `pipeline` into the config of the outermost dataset, and those wrappers do not take it (`TypeError`).

    Source: `mmdet/engine/hooks/pipeline_switch_hook.py`, `mmdet/engine/hooks/yolox_mode_switch_hook.py`,
    `mmyolo/engine/hooks/yolox_mode_switch_hook.py`, `before_train_epoch`; `mmengine/dataset/dataset_wrapper.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=20)
    train_dataloader = dict(
        dataset=dict(type='RepeatDataset', times=10, dataset=dict(type='CocoDataset', ann_file='train.json', pipeline=[])))
    custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=15, switch_pipeline=[])]
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=20)
    train_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='train.json', pipeline=[]))
    custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=15, switch_pipeline=[])]
    ```
    """
    dataset = context.find('train_dataloader.dataset') if 'custom_hooks' in context else None
    if dataset is None or not isinstance(dataset.value, dict):
        return
    for hook in hooks(context):
        kind = hook.type_name
        if hook.item is not None and kind is not None and kind.endswith('SwitchHook'):
            what = data_facts_of(context, hook.item).switch_hooks.get(kind)
            if what is not None and not hook.value.get('new_train_dataset'):
                yield from _judge(context, hook, hook.item, dataset, what)


def _judge(context: Context, hook: Hook, item: Item, dataset: Item, what: str) -> Iterator[Diagnostic]:
    kind, name = hook.type_name, dataset.type_name
    package = package_of(context, dataset)
    others = (dataset.get('type') or dataset,)
    if package is None or name is None:
        return
    if what == 'mixing':
        if name != 'MultiImageMixDataset':
            message = f'`{kind}` needs `MultiImageMixDataset` as the outermost dataset, which is `{name}`'
            update = f"AttributeError: '{name}' object has no attribute 'update_skip_type_keys'"
            advice = Advice('put the wrapper outside:', "dataset=dict(type='MultiImageMixDataset')")
            parts: dict[str, Any] = {'severity': Severity.ERROR, 'advice': advice, 'about': dataset}
            yield report_between(context, item, others, message, raises=update, **parts)
    elif name in WITHOUT_PIPELINE:
        raises = "TypeError: __init__() got an unexpected keyword argument 'pipeline'" if what == 'rebuilt' else None
        severity = Severity.ERROR if raises else Severity.WARNING
        effect = f'`{kind}` sets `pipeline` of `{name}`, which has none: the dataset inside keeps its own'
        text = f'make the dataset inside the outermost one, without `{name}`, as in'
        advice = Advice(text, 'dataset=dict(pipeline=train_pipeline)')
        yield report_between(context, item, others, effect, raises=raises, severity=severity, advice=advice)
