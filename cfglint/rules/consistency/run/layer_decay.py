"""Learning rates that shrink layer by layer, against the layers that the backbone has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_int, is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import inherited, literal_default
from cfglint.rules.reading.schedules import schedules
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


_MAX_LAYERS: Final = 1000
"""No real network has as many."""


class _Decay(NamedTuple):
    """What a config says of rates that shrink layer by layer."""

    rate: Item
    """The factor from a layer to the one before it."""
    layers: Item | None
    """How many layers there are, as the optimizer is told."""
    depth: int
    """How many layers the backbone has."""
    backbone: Item


@rule(scope='entry', severity=Severity.WARNING, reads=('model', 'optim_wrapper'), words=('num_layers',))
def layer_decay_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A decay of the rate by layers that counts other layers than the backbone has.

    The rate of a layer is `decay_rate ** (num_layers + 1 - layer)`. With fewer `num_layers` than the backbone has, the last ones
    get a *higher* rate than the head, with more all of them a smaller one. Nothing tells of it.

    Source: `mmseg/engine/optimizers/layer_decay_optimizer_constructor.py`,
    `mmpose/engine/optim_wrappers/layer_decay_optim_wrapper.py`.

    ```py title="bad"
    default_scope = 'mmpose'
    model = dict(backbone=dict(type='mmpretrain.VisionTransformer', arch='large'))
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.0005),
        constructor='LayerDecayOptimWrapperConstructor',
        paramwise_cfg=dict(num_layers=12, layer_decay_rate=0.8))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    model = dict(backbone=dict(type='mmpretrain.VisionTransformer', arch='large'))
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.0005),
        constructor='LayerDecayOptimWrapperConstructor',
        paramwise_cfg=dict(num_layers=24, layer_decay_rate=0.8))
    ```
    """
    decay = _decay(context)
    if decay is None or decay.layers is None or not is_int(decay.layers.value) or decay.layers.value == decay.depth:
        return
    message = f'`num_layers` is {decay.layers.value}, but `{decay.backbone.type_name}` has {decay.depth} layers'
    advice = Advice('write', f'num_layers={decay.depth}')
    others = (decay.backbone.get('arch') or decay.backbone.get('num_layers') or decay.backbone.get('type'),)
    yield report_between(context, decay.layers, others, message, advice=advice)


@rule(
    scope='entry',
    severity=Severity.WARNING,
    reads=('model', 'optim_wrapper', 'param_scheduler', 'train_cfg'),
    words=('layer_decay_rate', 'decay_rate'),
)
def eta_min_above_layer_rates(context: Context) -> Iterator[Diagnostic]:
    """An `eta_min` above what half of the layers start with, whose rates shrink layer by layer: theirs rise.

    With a `layer_decay_rate` of 0.65 and twelve layers the first one starts with `lr * 0.65 ** 13`, less than a hundredth of
    `lr`. An absolute `eta_min` is the same for all. `eta_min_ratio` is a part of each one's own rate.

    Source: `mmpretrain/engine/optimizers/layer_decay_optim_wrapper_constructor.py`,
    `mmengine/optim/scheduler/param_scheduler.py`, `CosineAnnealingParamScheduler._get_value`.

    ```py title="bad"
    default_scope = 'mmpretrain'
    model = dict(backbone=dict(type='VisionTransformer', arch='base'))
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.002),
        constructor='LearningRateDecayOptimWrapperConstructor',
        paramwise_cfg=dict(layer_decay_rate=0.65))
    param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.0005)
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    model = dict(backbone=dict(type='VisionTransformer', arch='base'))
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.002),
        constructor='LearningRateDecayOptimWrapperConstructor',
        paramwise_cfg=dict(layer_decay_rate=0.65))
    param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.000001)
    ```
    """
    decay, lr = _decay(context), context.value('optim_wrapper.optimizer.lr')
    if decay is None or not is_number(lr) or not is_number(decay.rate.value) or not 0 < decay.rate.value < 1:
        return
    half = lr * decay.rate.value ** (decay.depth // 2 + 1)
    known = [
        each for each in schedules(context).known if each.kind in ('CosineAnnealing', 'Poly') and each.target == 'lr'
    ]
    for schedule in known[-1:]:
        bound, place = schedule.number('eta_min'), schedule.item.get('eta_min')
        if bound is not None and place is not None and half < bound <= lr:
            message = f'`eta_min` is {bound:g}, but half of the layers start below {half:.3g}: their rates rise'
            advice = Advice('give a part of each rate instead:', f'dict(eta_min_ratio={bound / lr:.3g})')
            yield report_between(context, place, (decay.rate,), message, advice=advice)


def _decay(context: Context) -> _Decay | None:
    """Return what a config says of rates by layers, None if it has none, or the depth of its backbone is not known."""
    name, settings = context.value('optim_wrapper.constructor'), context.find('optim_wrapper.paramwise_cfg')
    backbone = context.find('model.backbone')
    if not isinstance(name, str) or settings is None or backbone is None or not is_stock(context, backbone):
        return None
    facts = data_facts(context.given_scope).layer_decays.get(name)
    rate = None if facts is None else settings.get(facts.rate)
    depth = _depth(context, backbone)
    if facts is None or rate is None or depth is None:
        return None
    layers = item_below(settings, facts.layers) if facts.layers else None
    return _Decay(rate, layers, depth, backbone)


def _depth(context: Context, backbone: Item) -> int | None:
    """Return how many layers a transformer has."""
    known = next(inherited(context, backbone, lambda facts: facts.depths), None)
    if known is None:
        return None
    arch: Any = backbone.value.get('arch', literal_default(context, backbone, 'arch'))
    if isinstance(arch, dict):
        depth = arch.get('num_layers')
    elif isinstance(arch, str):
        depth = known.get(arch)
    else:
        depth = backbone.value.get('num_layers', literal_default(context, backbone, 'num_layers'))
    return depth if is_int(depth) and 0 < depth <= _MAX_LAYERS else None
