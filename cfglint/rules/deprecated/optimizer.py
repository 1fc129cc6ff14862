"""Optimizer keys: ``optimizer``, ``optimizers``, ``optimizer_config``, ``fp16``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability, Diagnostic, Edit, Fix
from cfglint.language.values import Table
from cfglint.rules.deprecated.edits import remove, rewrite, wrap
from cfglint.rules.deprecated.fields import FP16, OPTIMIZER, OPTIMIZER_CONFIG, removed_fields
from cfglint.rules.deprecated.keys import Advice, Key, removed_keys
from cfglint.rules.deprecated.renames import CONSTRUCTORS
from cfglint.rules.deprecated.text import call
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfglint.rules.context import Context

_LIFTED = ('constructor', 'paramwise_cfg', 'paramwise_options', 'model_type', 'layer_decay')
"""What 0.x wrote into the optimizer, and MMEngine reads beside it."""

_WRAPPER_HOOKS = {
    'OptimizerHook': 'OptimWrapper',
    'DistOptimizerHook': 'OptimWrapper',
    'GradientCumulativeOptimizerHook': 'OptimWrapper',
    'Fp16OptimizerHook': 'AmpOptimWrapper',
    'GradAccumFp16OptimizerHook': 'AmpOptimWrapper',
    'GradientCumulativeFp16OptimizerHook': 'AmpOptimWrapper',
}


@rule(era='all')
def removed_optimizer(context: Context) -> Iterable[Diagnostic]:
    """`optimizer` became `optim_wrapper`.

    MMEngine's `Runner` reads `optim_wrapper`; a top-level `optimizer` (`optimizers` in MMEditing) that nothing reads is
    ignored. What 0.x wrote into it beside the arguments of the optimizer (`paramwise_cfg`, `constructor`) moves into
    `optim_wrapper` itself. A variable that the config reads, as in `optim_wrapper = dict(optimizer=optimizer)`, is
    fine.

    ```py title="bad"
    optimizer = dict(type='SGD', lr=0.02)
    ```

    ```py title="good"
    optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02))
    ```
    """
    if 'optim_wrapper' in context and context.value('optim_wrapper') is None:
        return  # no optimizer is asked for; where one is needed, `incomplete-section-group` says what to write
    yield from removed_keys(context, frozenset({'optimizer', 'optimizers'}), _optimizer)
    yield from removed_fields(context, OPTIMIZER)


def _optimizer(key: Key) -> Advice:
    value = key.value
    if value is None:
        remedy = (
            'write `optim_wrapper = None` (then `train_cfg` and `train_dataloader` have to be `None` too), or drop it'
        )
        return Advice('', remedy, remove(key))
    if _is_several(value):
        return _several(key, value)
    parts = key.fields()
    lifted = {name: parts.pop(name) for name in _LIFTED if name in parts}
    wrapper = {} if isinstance(value, Table) and 'type' not in value else {'type': "'OptimWrapper'"}
    if parts or not lifted:
        wrapper['optimizer'] = call(parts) if lifted else key.text()
    wrapper.update(_lifted(lifted))
    if isinstance(value, Table) and value.get('_delete_') and not lifted and _base_has_lifted(key):
        wrapper['paramwise_cfg'] = 'None'
    elif not lifted:
        fix = wrap(key, 'optim_wrapper', call({**wrapper, 'optimizer': ''})[:-1])
        return Advice(_EFFECT, f'write `optim_wrapper = {call(wrapper, 200)}`', fix)
    fix = rewrite(key, 'optim_wrapper', call(wrapper, 10_000))
    return Advice(_EFFECT, f'write `optim_wrapper = {call(wrapper, 200)}`{_regexes(lifted)}', fix)


_EFFECT = ', and takes the optimizer from `optim_wrapper` alone'


def _is_several(value: object) -> bool:
    if not isinstance(value, Table) or not value or 'type' in value or not value.keys().isdisjoint(_LIFTED):
        return False
    return all(isinstance(item, dict) for item in value.values())


def _base_has_lifted(key: Key) -> bool:
    inherited = (base.config.table.get(key.name) for base in key.config.bases)
    return any(isinstance(value, dict) and 'paramwise_cfg' in value for value in inherited)


def _lifted(parts: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if 'constructor' in parts:
        name = parts['constructor'].strip('\'"')
        found['constructor'] = repr(CONSTRUCTORS.get(name, name)) if name.isidentifier() else parts['constructor']
    if 'paramwise_cfg' in parts:
        found['paramwise_cfg'] = parts['paramwise_cfg']
    elif 'layer_decay' in parts:
        found['paramwise_cfg'] = call({'layer_decay_rate': parts['layer_decay']})
    elif 'paramwise_options' in parts:
        found['paramwise_cfg'] = 'dict(custom_keys=…)'
    return found


def _regexes(lifted: Mapping[str, str]) -> str:
    if 'paramwise_options' not in lifted:
        return ''
    return (
        '; the keys of `paramwise_options` are regular expressions, those of `custom_keys` parts of names, and '
        '`weight_decay` is called `decay_mult` there'
    )


def _several(key: Key, value: Table) -> Advice:
    """Several optimizers, one a part of the model (OPT-21 to OPT-25 of the GAN and restoration libraries)."""
    parts = key.fields()
    if key.name == 'optimizers' and len(parts) == 1:
        inner = next(iter(parts.values()))
        text = call({'type': "'OptimWrapper'", 'optimizer': inner}, 200)
        return Advice(_EFFECT, f'write `optim_wrapper = {text}`', rewrite(key, 'optim_wrapper', text))
    whole = any('type' in item for item in value.values())
    wrapper = {'constructor': "'MultiOptimWrapperConstructor'"} if whole else {}
    for name, text in parts.items():
        wrapper[name] = call({'optimizer': text}, 200)
    text = call(wrapper, 400)
    return Advice(_EFFECT, f'write `optim_wrapper = {text}`', rewrite(key, 'optim_wrapper', text))


@rule(era='all')
def removed_optimizer_config(context: Context) -> Iterable[Diagnostic]:
    """`optimizer_config` became fields of `optim_wrapper`.

    Gradient clipping, accumulation and loss scaling were hooks; now the optimizer wrapper does them. MMEngine ignores
    `optimizer_config`: gradients are neither clipped nor accumulated.

    ```py title="bad"
    optimizer_config = dict(grad_clip=dict(max_norm=35, norm_type=2))
    ```

    ```py title="good"
    optim_wrapper = dict(
        type='OptimWrapper',
        optimizer=dict(type='SGD', lr=0.02),
        clip_grad=dict(max_norm=35, norm_type=2))
    ```
    """
    yield from removed_keys(context, frozenset({'optimizer_config', 'optimizer_cfg'}), _optimizer_config)
    yield from removed_fields(context, OPTIMIZER_CONFIG)


def _optimizer_config(key: Key) -> Advice:
    if key.is_empty and not key.overrides:
        return Advice('', 'remove it: it asks for nothing', remove(key))
    if not isinstance(key.value, Table):
        if key.value is None:
            return Advice(
                '',
                'write `optim_wrapper = dict(clip_grad=None)`',
                rewrite(key, 'optim_wrapper', 'dict(clip_grad=None)'),
            )
        return Advice('', f'move what `{key.text()}` says into `optim_wrapper`')
    parts = key.fields()
    wrapper, hooks = _wrapper_fields(parts)
    effect = _lost(parts)
    words = []
    if wrapper:
        words.append(f'write `optim_wrapper = {call(wrapper, 200)}`')
    words.extend(hooks)
    fix: Fix | None = None
    if wrapper and not hooks and '…' not in call(wrapper, 10_000):
        fix = rewrite(key, 'optim_wrapper', call(wrapper, 10_000))
    return Advice(effect, ', '.join(words) or 'remove it', fix if words else remove(key))


def _wrapper_fields(parts: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the fields of `optim_wrapper`, and what has to be said elsewhere."""
    wrapper: dict[str, str] = {}
    hooks: list[str] = []
    name = parts.get('type', '').strip('\'"')
    if _WRAPPER_HOOKS.get(name) == 'AmpOptimWrapper' or 'loss_scale' in parts:
        wrapper['type'] = "'AmpOptimWrapper'"
        wrapper['loss_scale'] = parts.get('loss_scale', '512.0')
    counts = parts.get('cumulative_iters', parts.get('update_interval'))
    if counts is not None:
        wrapper['accumulative_counts'] = counts
    if 'grad_clip' in parts:
        wrapper['clip_grad'] = _with_delete(parts['grad_clip']) if '_delete_' in parts else parts['grad_clip']
    elif '_delete_' in parts:
        wrapper['clip_grad'] = 'None'
    if 'detect_anomalous_params' in parts:
        hooks.append(
            "write `model_wrapper_cfg = dict(type='MMDistributedDataParallel', "
            f'detect_anomalous_params={parts["detect_anomalous_params"]})`'
        )
    if 'frozen_layers_cfg' in parts:
        hooks.append('give `frozen_layers_cfg` to the `SwAVHook` in `custom_hooks`')
    if 'backbone_start_train_epoch' in parts or 'backbone_train_layers' in parts:
        hooks.append("add `dict(type='SiamRPNBackboneUnfreezeHook', …)` of MMTracking to `custom_hooks`")
    elif name and name not in _WRAPPER_HOOKS:
        hooks.append(f'turn `{name}` into a subclass of `OptimWrapper`')
    return wrapper, hooks


def _with_delete(text: str) -> str:
    return text.replace('dict(', 'dict(_delete_=True, ', 1) if text.startswith('dict(') else text


def _lost(parts: Mapping[str, str]) -> str:
    lost = []
    if parts.get('grad_clip', 'None') != 'None':
        lost.append('gradients are not clipped')
    if 'cumulative_iters' in parts or 'update_interval' in parts:
        lost.append('gradients are not accumulated')
    if 'loss_scale' in parts or 'Fp16' in parts.get('type', ''):
        lost.append('training stays fp32')
    return f' ({", ".join(lost)})' if lost else ''


@rule(era='all')
def removed_fp16(context: Context) -> Iterable[Diagnostic]:
    """`fp16` became `AmpOptimWrapper`.

    MMEngine ignores `fp16`: training stays fp32, without a word. Mixed precision is a kind of `optim_wrapper`. The
    default of 0.x was a static scale of 512; that of `AmpOptimWrapper` is dynamic, so `fp16 = dict()` needs the number.

    ```py title="bad"
    fp16 = dict(loss_scale='dynamic')
    ```

    ```py title="good"
    optim_wrapper = dict(
        type='AmpOptimWrapper',
        optimizer=dict(type='SGD', lr=0.02),
        loss_scale='dynamic')
    ```
    """
    yield from removed_keys(context, frozenset({'fp16', 'apex_amp'}), _fp16)
    yield from removed_fields(context, FP16)


def _fp16(key: Key) -> Advice:
    if key.value is None:
        return Advice('', 'remove it: it asks for nothing', remove(key))
    if key.name == 'apex_amp':
        return Advice(
            ': training stays fp32', "write `optim_wrapper = dict(type='ApexOptimWrapper', …)`, one for each optimizer"
        )
    scale = key.fields().get('loss_scale', '512.0')
    value = key.value.get('loss_scale') if isinstance(key.value, Table) else None
    if isinstance(value, int) and not isinstance(value, bool):
        scale = f'{value}.0'  # MMEngine takes a float here, and refuses an int.
    text = call({'type': "'AmpOptimWrapper'", 'loss_scale': scale})
    fix = rewrite(key, 'optim_wrapper', text) or _into_wrapper(key, scale)
    where = ' (add it to the `optim_wrapper` that is there)' if 'optim_wrapper' in key.config.table else ''
    return Advice(': training stays fp32', f'write `optim_wrapper = {text}`{where}', fix)


def _into_wrapper(key: Key, scale: str) -> Fix | None:
    """Turn the `optim_wrapper` of the same file into one of mixed precision, and remove the key."""
    removal = remove(key)
    wrapper = key.own('optim_wrapper')
    if removal is None or not isinstance(wrapper, Table) or wrapper.get('type') != 'OptimWrapper':
        return None
    origin = wrapper.origins.get('type')
    if origin is None or origin.source is not key.config.source or not isinstance(origin.value, ast.Constant):
        return None
    if 'loss_scale' in wrapper or '…' in scale:
        return None
    edit = Edit(origin.source.span(origin.value), f"'AmpOptimWrapper', loss_scale={scale}")
    keys = ('optim_wrapper', key.name)
    return Fix('Train with `AmpOptimWrapper`', (edit, *removal.edits), Applicability.UNSAFE, keys)
