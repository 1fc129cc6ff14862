"""Optimizer wrappers with a constructor of a library, which the section models do not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cfglint.diagnostics import Diagnostic
from cfglint.language.values import Table
from cfglint.rules.component.faults import has_derived_constructor
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.rules.context import Context


@rule(scope='entry', raises='must contain "optimizer" config')
def constructor_without_optimizer(context: Context) -> Iterator[Diagnostic]:
    """An optimizer wrapper without an `optimizer`, though its constructor needs one.

    Constructors of libraries are built on `DefaultOptimWrapperConstructor`, which fails with `AssertionError:
    optim_wrapper_cfg must contain "optimizer" config`.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(type='EncoderDecoder')
    optim_wrapper = dict(
        type='OptimWrapper',
        constructor='LearningRateDecayOptimizerConstructor',
        paramwise_cfg=dict(decay_rate=0.9, decay_type='layer_wise', num_layers=12))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(type='EncoderDecoder')
    optim_wrapper = dict(
        type='OptimWrapper',
        constructor='LearningRateDecayOptimizerConstructor',
        optimizer=dict(type='AdamW', lr=0.0001),
        paramwise_cfg=dict(decay_rate=0.9, decay_type='layer_wise', num_layers=12))
    ```
    """
    item = context.find('optim_wrapper')
    if item is None or not isinstance(item.value, Table) or context.config.partial is not None:
        return
    if item.value.get('optimizer') is not None or not has_derived_constructor(context, item):
        return
    constructor = item.value['constructor']
    message = (
        f'`{constructor}` needs `optimizer`, a dict such as `dict(type=\'SGD\', lr=0.01)` (MMEngine: `AssertionError: '
        'optim_wrapper_cfg must contain "optimizer" config`)'
    )
    yield context.report(item, message)
