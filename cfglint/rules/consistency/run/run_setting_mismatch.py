"""Settings that two sections of a run say, and say differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

READ = ('train_dataloader', 'train_cfg', 'default_hooks', 'optim_wrapper')


@rule(scope='entry', severity=Severity.WARNING, reads=READ)
def run_setting_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A setting that two sections of a run say, and say differently.

    A sampler that mixes labelled and other pictures makes batches of its own `batch_size`. The schedules of MMYOLO are hooks
    that count to their own `max_epochs`: where only `train_cfg` is shortened, the rate never falls.

    Sources: `mmdet/datasets/samplers/multi_source_sampler.py`, `mmyolo/engine/hooks/yolov5_param_scheduler_hook.py`.

    ```py title="bad"
    default_scope = 'mmyolo'
    default_hooks = dict(param_scheduler=dict(type='YOLOv5ParamSchedulerHook', max_epochs=300))
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=40)
    ```

    ```py title="good"
    default_scope = 'mmyolo'
    default_hooks = dict(param_scheduler=dict(type='YOLOv5ParamSchedulerHook', max_epochs=40))
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=40)
    ```
    """
    for shared in data_facts(context.given_scope).run_settings:
        kind = item_below(context.root, shared.kind)
        setting, other = item_below(context.root, shared.setting), item_below(context.root, shared.other)
        if kind is None or type_name(kind.value) not in shared.types or setting is None or other is None:
            continue
        if is_int(setting.value) and is_int(other.value) and setting.value != other.value:
            message = f'`{setting.key}` is {setting.value}, but `{other.key}` is {other.value}'
            advice = Advice('say the same in both:', f'{setting.name}={other.value}')
            yield report_between(context, setting, (other,), message, advice=advice)
