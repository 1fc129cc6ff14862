"""`optimizer`, `optimizers`, `optimizer_config` and `fp16`: the optimizer wrapper, accumulation and mixed precision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import as_float
from cfglint.migrate.change import Change, Computed, Dict, Kept, Todo, Tree, merged
from cfglint.migrate.items import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.migrate.mapping.old import Old

_LIFTED = ('constructor', 'paramwise_cfg', 'paramwise_options', 'model_type', 'layer_decay')
"""What 0.x wrote into the optimizer, and MMEngine reads beside it."""
_AMP_HOOKS = (
    'Fp16OptimizerHook',
    'GradientCumulativeFp16OptimizerHook',
    'GradAccumFp16OptimizerHook',
    'SiameseRPNFp16OptimizerHook',
)
_HOOKS = (
    'OptimizerHook',
    'DistOptimizerHook',
    'GradientCumulativeOptimizerHook',
    'SiameseRPNOptimizerHook',
    *_AMP_HOOKS,
)
_UNUSED = ('coalesce', 'bucket_size_mb', 'distributed')
_MMCV_LOSS_SCALE = 512.0
"""mmcv's default; MMEngine's is 'dynamic'."""


def optimizers(old: Old) -> Iterator[Change]:
    """`optim_wrapper` (OPT-01 to OPT-25, AMP-01 to AMP-11)."""
    key = 'optimizers' if 'optimizers' in old else 'optimizer'
    optimizer = old.get(key)
    reads = old.given(key, 'optimizer_config', 'optimizer_cfg', 'fp16')
    if (apex := old.get('apex_amp')) is not None and apex.value:
        reason = "write `type='ApexOptimWrapper'` in each optimizer wrapper, with these `init_args`"
        yield Change(('apex_amp',), {'apex_amp': Todo(reason, apex)}, ())
    if not reads:
        return
    config = old.get('optimizer_config') or Item(None)
    if config.type and config.type not in _HOOKS:
        reason = f'MMEngine has no `{config.type}`; write an `OptimWrapper` that does the same'
        yield Change(('optimizer_config',), {'optimizer_config': Todo(reason, config)}, ())
        config, reads = Item(None), tuple(key for key in reads if key != 'optimizer_config')
    wrapper = _wrapper(old, optimizer, config)
    yield Change(reads, {} if wrapper is None else {'optim_wrapper': wrapper})
    yield from _beside(config)


def _wrapper(old: Old, optimizer: Item | None, config: Item) -> Tree | None:
    common = {**_precision(old, config), **_step(config)}
    if optimizer is None:
        return Dict({'type': Computed('OptimWrapper'), **common}) if common else None
    if optimizer.value is None:
        return Computed(None, optimizer)
    parts = _several(optimizer)
    if parts is not None and len(parts) > 1:
        each = {
            name: Dict({**_accumulation(old), **_wrapper_type(old), **_optimizer(old, part), **common})
            for name, part in parts.items()
        }
        return Dict({'constructor': Computed(old.library.multi_optimizer_constructor), **each})
    if parts:
        optimizer = next(iter(parts.values()))
    return Dict({'type': Computed('OptimWrapper'), **_optimizer(old, optimizer), **common})


def _wrapper_type(old: Old) -> dict[str, Tree]:
    """MMEditing's configs name the type of each wrapper, MMGeneration's leave it to the default."""
    return {'type': Computed('OptimWrapper')} if 'optimizers' in old else {}


def _several(optimizer: Item) -> dict[str, Item] | None:
    """Return the optimizers of several modules by name; none if it is one."""
    fields = optimizer.fields()
    if (
        not fields
        or 'type' in fields
        or not all(each.is_dict for each in fields.values())
        or fields.keys() & set(_LIFTED)
    ):
        return None
    return fields


def _optimizer(old: Old, optimizer: Item) -> dict[str, Tree]:
    fields = optimizer.fields()
    lifted = {name: fields.pop(name) for name in _LIFTED if name in fields}
    kept: Tree = Dict({name: Kept(each) for name, each in fields.items()}, optimizer) if lifted else Kept(optimizer)
    found = _lifted(old, lifted, optimizer.plain('weight_decay'))
    return {'optimizer': kept, **found} if fields else found


def _lifted(old: Old, parts: dict[str, Item], weight_decay: Any) -> dict[str, Tree]:
    found: dict[str, Tree] = {}
    if (constructor := parts.get('constructor')) is not None:
        name = old.library.constructors.get(constructor.value, constructor.value)
        found['constructor'] = Kept(constructor) if name == constructor.value else Computed(name, constructor)
    if (paramwise := parts.get('paramwise_cfg')) is not None:
        found['paramwise_cfg'] = Kept(paramwise)
    if (decay := parts.get('layer_decay')) is not None:
        found['paramwise_cfg'] = Dict({'layer_decay_rate': Kept(decay)})
    if (options := parts.get('paramwise_options')) is not None:
        found['paramwise_cfg'] = merged(found.get('paramwise_cfg', Dict({})), _custom_keys(options, weight_decay))
    return found


_REGEX = re.compile(r'[\\^$.|?*+()\[\]{}]')
_OPTIONS = {'weight_decay': 'decay_mult', 'lr_mult': 'lr_mult', 'lars_exclude': 'lars_exclude'}


_NORMALIZATION = re.compile(r'\((\w+(?:\|\w+)*)\)\(\\d\+\)\?\.\(weight\|bias\)')
"""`(bn|gn)(\\d+)?.(weight|bias)`: the parameters of layers that are numbered."""


_PART = re.compile(r'\\A(backbone|neck|head)\\?\.')
"""`\\Ahead.`: the parameters of a part of the model."""


def _words(pattern: object) -> list[str]:
    """Return the parts of names that a regular expression finds; none if it is another kind of expression."""
    if not isinstance(pattern, str):
        return []
    numbered, part = _NORMALIZATION.fullmatch(pattern), _PART.fullmatch(pattern)
    if numbered is not None:
        return numbered[1].split('|')
    if part is not None:
        return [f'{part[1]}.']
    return [] if _REGEX.search(pattern) else [pattern]


def _custom_keys(options: Item, decay: Any) -> Tree:
    """MMSelfSup's regular expressions are parts of names in MMEngine (OPT-08)."""
    keys: dict[str, Tree] = {}
    for pattern, settings in options.fields().items():
        known = settings.is_dict and settings.value.keys() <= _OPTIONS.keys()
        words = _words(pattern)
        if not words or not known:
            reason = (
                'write `custom_keys` with parts of names: its keys are no regular expressions'
                if known
                else 'write a constructor of your own: `custom_keys` changes learning rates and weight decays only'
            )
            return Dict({'custom_keys': Todo(reason, options)})
        for word in words:
            keys[word] = Dict(
                {_OPTIONS[name]: _multiplier(name, each, decay) for name, each in settings.fields().items()}, settings
            )
    return Dict({'custom_keys': Dict(keys, options)})


def _multiplier(name: str, item: Item, decay: Any) -> Tree:
    """0.x set the weight decay of some parameters, MMEngine multiplies that of all others."""
    if name != 'weight_decay' or item.value == 0:
        return Kept(item)
    if not isinstance(decay, (int, float)) or not decay or not isinstance(item.value, (int, float)):
        return Todo('write what the weight decay is multiplied by', item)
    return Computed(round(item.value / decay, 6), item)


def _precision(old: Old, config: Item) -> dict[str, Tree]:
    fp16 = old.get('fp16')
    runner = old.get('runner')
    scaler = None if runner is None else runner.get('fp16_loss_scaler')
    if scaler is not None and scaler.value is not None:
        return {'type': Computed('AmpOptimWrapper'), 'loss_scale': Kept(scaler)}
    if config.plain('use_fp16'):  # apex, which scales the loss as it needs
        return {'type': Computed('AmpOptimWrapper'), 'loss_scale': Computed('dynamic')}
    if config.type not in _AMP_HOOKS and (fp16 is None or fp16.value is None):
        return {}
    scale = config.get('loss_scale') if config.type in _AMP_HOOKS else None
    if scale is None and fp16 is not None:
        scale = fp16.get('loss_scale')
    return {'type': Computed('AmpOptimWrapper'), 'loss_scale': _loss_scale(scale)}


def _loss_scale(scale: Item | None) -> Tree:
    if scale is None:
        return Computed(_MMCV_LOSS_SCALE)
    if isinstance(scale.value, int) and not isinstance(scale.value, bool):
        return Computed(as_float(scale.value), scale)  # an int is refused
    return Kept(scale)


def _step(config: Item) -> dict[str, Tree]:
    found: dict[str, Tree] = {}
    clip = config.get('grad_clip')
    if clip is not None and clip.value:
        found['clip_grad'] = Kept(clip)
    counts = config.get('cumulative_iters') or config.get('update_interval')
    if counts is not None and counts.value != 1:
        found['accumulative_counts'] = Kept(counts)
    return found


def _accumulation(old: Old) -> dict[str, Tree]:
    """MMGeneration's `train_cfg.batch_accumulation_steps` (OPT-22)."""
    settings = old.get('train_cfg')
    steps = None if settings is None else settings.get('batch_accumulation_steps')
    return {} if steps is None or steps.value == 1 else {'accumulative_counts': Kept(steps)}


def _beside(config: Item) -> Iterator[Change]:
    """What optimizer hooks did, and others do in 1.x."""
    detect = config.get('detect_anomalous_params')
    if detect is not None and detect.value:
        wrapper = Dict({'type': Computed('MMDistributedDataParallel'), 'detect_anomalous_params': Kept(detect)})
        yield Change(('optimizer_config',), {'model_wrapper_cfg': wrapper})
