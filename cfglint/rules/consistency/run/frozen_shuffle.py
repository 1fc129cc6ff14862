"""The hook that shuffles anew in each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loop import train_loop
from cfglint.rules.reading.types import mmengine_type
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context


@rule(
    scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_dataloader', 'train_cfg'), words=('sampler_seed',)
)
def frozen_shuffle(context: Context) -> Iterator[Diagnostic]:
    """`default_hooks.sampler_seed=None` with a shuffling `DefaultSampler`: each epoch has the same order.

    `DistSamplerSeedHook` tells the sampler which epoch it is; without it, the first order is repeated.

    ```py title="bad"
    default_hooks = dict(sampler_seed=None)
    ```

    ```py title="good"
    default_hooks = dict(sampler_seed=dict(type='DistSamplerSeedHook'))
    ```
    """
    slot, sampler = context.find('default_hooks.sampler_seed'), context.find('train_dataloader.sampler')
    loop = train_loop(context)
    if slot is None or slot.value is not None or sampler is None or loop is None or not loop.by_epoch:
        return
    if mmengine_type(sampler.value) == 'DefaultSampler' and sampler.value.get('shuffle', True) is True:
        hooks = context.value('custom_hooks')
        if hooks and any(mmengine_type(hook) == 'DistSamplerSeedHook' for hook in hooks):
            return
        message = 'without `DistSamplerSeedHook`, all epochs have the same order'
        advice = Advice('write', "sampler_seed=dict(type='DistSamplerSeedHook')")
        yield report_between(context, slot, (sampler,), message, advice=advice)
