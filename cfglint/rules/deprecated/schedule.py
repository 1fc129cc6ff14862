"""Schedule keys: ``lr_config`` and ``momentum_config`` became the list ``param_scheduler``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cfglint.language.values import Table
from cfglint.rules.deprecated.edits import remove, rewrite
from cfglint.rules.deprecated.fields import LR_CONFIG, MOMENTUM_CONFIG, removed_fields
from cfglint.rules.deprecated.keys import Advice, Key, removed_keys
from cfglint.rules.deprecated.text import MORE, call
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

Parts = Mapping[str, str]
Schedulers = list[dict[str, str]]
"""Schedulers as the text of their fields."""


@rule(era='all')
def removed_lr_config(context: Context) -> Iterable[Diagnostic]:
    """`lr_config` became `param_scheduler`.

    MMEngine ignores `lr_config`: the learning rate never changes. The policy and the warm-up are entries of a list now,
    the warm-up first; `end` may be left out where it is the length of training. Lists do not merge: a child that
    changed one field of `lr_config` has to write the whole list.

    ```py title="bad"
    lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[8, 11])
    ```

    ```py title="good"
    param_scheduler = [
        dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
        dict(type='MultiStepLR', by_epoch=True, milestones=[8, 11]),
    ]
    ```
    """
    yield from removed_keys(context, frozenset({'lr_config'}), _lr_config)
    yield from removed_fields(context, LR_CONFIG)


_EFFECT = ': the learning rate follows `param_scheduler` alone'


def _lr_config(key: Key) -> Advice:
    parts = key.fields()
    parts.pop('_delete_', None)
    if key.value is None or not parts:
        if key.overrides:
            return Advice(_EFFECT, 'write `param_scheduler = None`', rewrite(key, 'param_scheduler', 'None'))
        return Advice('', 'remove it: without `param_scheduler` the learning rate stays as it is', remove(key))
    if not isinstance(key.value, Table) or 'policy' not in parts:
        return Advice(_EFFECT, _partial(parts))
    found = schedulers(parts, _policy(parts))
    if found is None:
        return Advice(
            _EFFECT, f'nothing in MMEngine does what policy {parts["policy"]} did; write `param_scheduler` by hand'
        )
    if not found:
        return Advice('', 'remove it: without `param_scheduler` the learning rate stays as it is', remove(key))
    text = ', '.join(call(scheduler, 200) for scheduler in found)
    whole = f'[{", ".join(call(scheduler, 10_000) for scheduler in found)}]'
    return Advice(_EFFECT, f'write `param_scheduler = [{text}]`', rewrite(key, 'param_scheduler', whole))


_PARTIAL = {
    'step': 'milestones={}', 'gamma': 'gamma={}', 'min_lr': 'eta_min={}', 'min_lr_ratio': 'eta_min_ratio={}',
    'power': 'power={}', 'warmup_iters': 'end={} in its warm-up', 'warmup_ratio': 'start_factor={} in its warm-up',
    'warmup_by_epoch': 'by_epoch={} in its warm-up', 'by_epoch': 'by_epoch={}', 'periods': 'periods={}',
    'restart_weights': 'restart_weights={}', 'max_lr': 'eta_max={}', 'total_steps': 'total_steps={}',
    'num_last_epochs': 'the last {} epochs kept constant', 'warmup': 'a warm-up ({})',
}  # fmt: skip


def _partial(parts: Parts) -> str:
    changes = ', '.join(_quoted(_PARTIAL.get(name, name + '={}').format(text)) for name, text in parts.items())
    changes = f', with {changes}' if changes else ''
    return f'write the whole `param_scheduler` list again{changes}: lists of a base are replaced, not merged'


def _quoted(change: str) -> str:
    """Put what is code into backticks."""
    code, where, rest = change.partition(' in its ')
    return f'`{code}`{where}{rest}' if '=' in code else change


def _policy(parts: Parts) -> str:
    """Return the policy's name as mmcv looked it up: an all-lowercase name is title-cased."""
    name = parts['policy'].strip('\'"')
    return name.title() if name.islower() else name


def schedulers(parts: Parts, policy: str) -> Schedulers | None:
    """Return the entries of `param_scheduler`, None where MMEngine has nothing of the kind."""
    if policy == 'YOLOX':
        return _yolox(parts)
    main = _main(parts, policy)
    if main is None:
        return None
    warmup = _warmup(parts)
    return None if warmup is None else [*warmup, *main]


def _main(parts: Parts, policy: str) -> Schedulers | None:
    if policy == 'Fixed':
        return []
    if policy == 'Step' and not parts.get('step', '[').startswith('['):
        return [_entry('StepLR', parts, {'step_size': 'step', 'gamma': 'gamma'})]
    build = _POLICIES.get(policy)
    if build is None:
        return None
    kind, names = build
    return [_entry(kind, parts, names)]


_COSINE = {'eta_min': 'min_lr', 'eta_min_ratio': 'min_lr_ratio'}
_POLICIES: dict[str, tuple[str, dict[str, str]]] = {
    'Step': ('MultiStepLR', {'milestones': 'step', 'gamma': 'gamma'}),
    'Poly': ('PolyLR', {'power': 'power', 'eta_min': 'min_lr'}),
    'Exp': ('ExponentialLR', {'gamma': 'gamma'}),
    'CosineAnnealing': ('CosineAnnealingLR', _COSINE),
    'FlatCosineAnnealing': ('CosineAnnealingLR', _COSINE),
    'StepFixCosineAnnealing': ('CosineAnnealingLR', _COSINE),
    'CosineAnnealingCooldown': ('CosineAnnealingLR', _COSINE),
    'CosineRestart': ('CosineRestartLR', {'periods': 'periods', 'restart_weights': 'restart_weights', **_COSINE}),
    'Cyclic': ('CosineAnnealingLR', {}),
    'OneCycle': ('OneCycleLR', {
        'eta_max': 'max_lr', 'total_steps': 'total_steps', 'pct_start': 'pct_start',
        'anneal_strategy': 'anneal_strategy', 'div_factor': 'div_factor', 'final_div_factor': 'final_div_factor',
        'three_phase': 'three_phase',
    }),
    'LinearAnnealing': ('LinearLR', {'end_factor': 'min_lr_ratio'}),
    'Linear': ('LinearLrInterval', {'interval': 'interval', 'end_factor': 'target_lr', 'begin': 'start'}),
    'MultiStage': ('MultiStageLR', {
        'milestone_params': 'milestone_lrs', 'milestone_iters': 'milestone_iters', 'steps': 'steps', 'gammas': 'gammas',
    }),
    'Reduce': ('ReduceOnPlateauLR', {
        'monitor': 'val_metric', 'rule': 'mode', 'factor': 'factor', 'patience': 'patience', 'cooldown': 'cooldown',
        'threshold': 'threshold', 'min_value': 'min_lr',
    }),
}  # fmt: skip


def _entry(kind: str, parts: Parts, names: Mapping[str, str]) -> dict[str, str]:
    entry = {'type': repr(kind), 'by_epoch': parts.get('by_epoch', 'True')}
    entry.update({new: parts[old] for new, old in names.items() if old in parts})
    if kind == 'CosineAnnealingLR' and 'target_ratio' in parts:
        entry.update({'eta_min_ratio': MORE, 'begin': MORE, 'end': MORE})
    elif 'cool_down_time' in parts or 'start_percent' in parts:
        entry.update({'begin': MORE, 'end': MORE})
    elif kind == 'LinearLR':
        entry.setdefault('end_factor', MORE)
        entry['start_factor'] = '1'
    elif kind == 'LinearLrInterval':
        entry['start_factor'] = MORE
    return entry


def _warmup(parts: Parts) -> Schedulers | None:
    kind = parts.get('warmup', 'None').strip('\'"')
    ratio = parts.get('warmup_ratio', '0.1')
    if kind == 'None' or ratio in ('1', '1.0'):
        return []
    if kind not in ('linear', 'constant'):
        return None
    entry = (
        {'type': "'LinearLR'", 'start_factor': ratio} if kind == 'linear' else {'type': "'ConstantLR'", 'factor': ratio}
    )
    by_epoch = parts.get('warmup_by_epoch', 'False')
    entry.update({'by_epoch': by_epoch, 'begin': '0', 'end': parts.get('warmup_iters', MORE)})
    if by_epoch == 'True':
        entry['convert_to_iter_based'] = 'True'
    return [entry]


def _yolox(parts: Parts) -> Schedulers:
    warm = parts.get('warmup_iters', MORE)
    by_epoch = {'by_epoch': 'True', 'convert_to_iter_based': 'True'}
    ratio = {'eta_min_ratio': parts['min_lr_ratio']} if 'min_lr_ratio' in parts else {}
    return [
        {'type': "'QuadraticWarmupLR'", 'begin': '0', 'end': warm, **by_epoch},
        {'type': "'CosineAnnealingLR'", **ratio, 'begin': warm, 'end': MORE, **by_epoch},
        {'type': "'ConstantLR'", 'factor': '1', 'begin': MORE, 'by_epoch': 'True'},
    ]


@rule(era='all')
def removed_momentum_config(context: Context) -> Iterable[Diagnostic]:
    """`momentum_config` became entries of `param_scheduler`.

    MMEngine ignores `momentum_config`: the momentum never changes. For Adam the "momentum" is `betas[0]`.

    ```py title="bad"
    momentum_config = dict(policy='CosineAnnealing', min_momentum=0.85)
    ```

    ```py title="good"
    param_scheduler = [dict(type='CosineAnnealingMomentum', by_epoch=True, eta_min=0.85)]
    ```
    """
    yield from removed_keys(context, frozenset({'momentum_config'}), _momentum_config)
    yield from removed_fields(context, MOMENTUM_CONFIG)


_MOMENTUM: dict[str, tuple[str, dict[str, str]]] = {
    'Step': ('MultiStepMomentum', {'milestones': 'step', 'gamma': 'gamma'}),
    'CosineAnnealing': ('CosineAnnealingMomentum', {'eta_min': 'min_momentum', 'eta_min_ratio': 'min_momentum_ratio'}),
    'LinearAnnealing': ('LinearMomentum', {'end_factor': 'min_momentum_ratio'}),
}


def _momentum_config(key: Key) -> Advice:
    parts = key.fields()
    if not parts:
        return Advice('', 'remove it: it asks for nothing', remove(key))
    effect = ': the momentum stays as it is'
    policy = _policy(parts) if 'policy' in parts else ''
    if policy == 'Cyclic':
        return Advice(effect, _cyclic_momentum(parts))
    if policy not in _MOMENTUM:
        return Advice(effect, 'say it with `…Momentum` entries of `param_scheduler`')
    kind, names = _MOMENTUM[policy]
    text = call(_entry(kind, parts, names), 200)
    return Advice(effect, f'add `{text}` to `param_scheduler`', rewrite(key, 'param_scheduler', f'[{text}]'))


def _cyclic_momentum(parts: Parts) -> str:
    ratios = parts.get('target_ratio', MORE)
    return (
        "add two `dict(type='CosineAnnealingMomentum', eta_min_ratio=…)` to `param_scheduler`, one up and one down, "
        f'with the ratios {ratios} (not `eta_min`: they are relative to the momentum of the optimizer)'
    )
