"""`checkpoint_config`, `log_config` and `custom_hooks`: the hooks, what is logged, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Change, Computed, Dict, Kept, List, Todo, Tree
from cfglint.migrate.mapping.checkpoints import best
from cfglint.migrate.mapping.gans import EMA_HOOK, PICTURE_HOOKS, visualization
from cfglint.migrate.mapping.transforms import component

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old

_CHECKPOINT = ('interval', 'by_epoch', 'save_optimizer', 'max_keep_ckpts', 'save_last', 'out_dir', 'filename_tmpl')
_LOGGER = ('ignore_last', 'interval_exp_name', 'out_dir', 'out_suffix', 'keep_local')
_TEXT = ('TextLoggerHook', 'IterTextLoggerHook')
_BACKENDS = {
    'TensorboardLoggerHook': 'TensorboardVisBackend', 'WandbLoggerHook': 'WandbVisBackend',
    'MMDetWandbHook': 'WandbVisBackend', 'MMSegWandbHook': 'WandbVisBackend', 'MMClsWandbHook': 'WandbVisBackend',
    'MlflowLoggerHook': 'MLflowVisBackend', 'ClearMLLoggerHook': 'ClearMLVisBackend',
    'NeptuneLoggerHook': 'NeptuneVisBackend', 'DvcliveLoggerHook': 'DVCLiveVisBackend',
}  # fmt: skip
_BACKEND_ARGUMENTS = {
    'TensorboardVisBackend': {'log_dir': 'save_dir'},
    'WandbVisBackend': {
        'init_kwargs': 'init_kwargs', 'commit': 'commit', 'define_metric_cfg': 'define_metric_cfg',
    },
    'MLflowVisBackend': {'exp_name': 'exp_name', 'tags': 'tags', 'params': 'params'},
    'ClearMLVisBackend': {'init_kwargs': 'init_kwargs'},
    'NeptuneVisBackend': {'init_kwargs': 'init_kwargs'},
}  # fmt: skip


def hooks(old: Old) -> Iterator[Change]:
    """`default_hooks`, `visualizer`, `log_processor` (CKP, LOG, VIS, SYN-12 to SYN-15)."""
    checkpoint, log = old.get('checkpoint_config'), old.get('log_config')
    reads = old.given('checkpoint_config', 'log_config')
    if not reads:
        return
    fields: dict[str, Tree] = {'timer': Computed({'type': old.library.timer_hook})}
    fields['logger'] = _logger(old, log)
    fields['param_scheduler'] = Computed({'type': 'ParamSchedulerHook'})
    fields['checkpoint'] = _checkpoint(old, checkpoint)
    fields['sampler_seed'] = Computed({'type': 'DistSamplerSeedHook'})
    fields.update({name: Computed(hook) for name, hook in old.library.hooks.items()})
    if checkpoint is None:
        del fields['checkpoint']
    if log is None:
        fields = {'checkpoint': fields['checkpoint']}
    yield Change(reads, {'default_hooks': Dict(fields)})
    if log is not None:
        yield from _visualizer(old, log)
        yield _processor(old, log)


def pictures(old: Old) -> Iterator[Change]:
    """`visual_config` of MMEditing (VIS-01)."""
    given = old.get('visual_config')
    if given is None:
        return
    if not given.is_dict:
        yield Change(('visual_config',))
        return
    if 'custom_hooks' in old:
        yield Change((), {'visual_config': Todo('write a `BasicVisualizationHook` in `custom_hooks`', given)}, ())
        return
    fields: dict[str, Tree] = {'type': Computed('BasicVisualizationHook')}
    if (interval := given.get('interval')) is not None:
        fields['interval'] = Kept(interval)
    stages = {'on_train': Computed(False), 'on_val': Computed(True), 'on_test': Computed(True)}
    yield Change(('visual_config',), {'custom_hooks': List((Dict({**fields, **stages}),))})


def _checkpoint(old: Old, config: Item | None) -> Tree:
    if config is None or not config.is_dict:
        return Computed(None, config)
    fields: dict[str, Tree] = {'type': Computed('CheckpointHook')}
    fields.update({name: Kept(item) for name in _CHECKPOINT if (item := config.get(name)) is not None})
    if old.by_epoch is False and 'by_epoch' not in config:
        fields['by_epoch'] = Computed(False)
    fields.update(best(old))
    if config.plain('create_symlink') is False:
        pass  # there is no link any more
    return Dict(fields, config)


def _logger(old: Old, config: Item | None) -> Tree:
    if config is None or not config.is_dict:
        return Computed(None, config)
    fields: dict[str, Tree] = {'type': Computed('LoggerHook')}
    if (interval := config.get('interval')) is not None:
        fields['interval'] = Kept(interval)
    for hook in _log_hooks(config):
        if hook.type in _TEXT:
            fields.update({name: Kept(item) for name in _LOGGER if (item := hook.get(name)) is not None})
    if _logs_by_epoch(old, config) is False:
        fields['log_metric_by_epoch'] = Computed(False)
    return Dict(fields)


def _log_hooks(config: Item) -> list[Item]:
    hooks = config.get('hooks')
    return [] if hooks is None else hooks.entries()


def _logs_by_epoch(old: Old, config: Item) -> bool | None:
    if old.by_epoch is not None:
        return old.by_epoch
    given = [hook.plain('by_epoch') for hook in _log_hooks(config) if 'by_epoch' in hook]
    return given[0] if given else None


def _visualizer(old: Old, config: Item) -> Iterator[Change]:
    backends: list[Tree] = [Computed({'type': old.library.vis_backend})]
    for hook in _log_hooks(config):
        if hook.type in _TEXT or not hook.type:
            continue
        backend = _BACKENDS.get(hook.type)
        if backend is None:
            backends.append(Todo(f'MMEngine has no backend for `{hook.type}`', hook))
            continue
        names = _BACKEND_ARGUMENTS.get(backend, {})
        given = {new: Kept(item) for name, new in names.items() if (item := hook.get(name)) is not None}
        backends.append(Dict({'type': Computed(backend), **given}, hook))
    fields: dict[str, Tree] = {'type': Computed(old.library.visualizer), 'vis_backends': List(tuple(backends))}
    if old.library.names_visualizer:
        fields['name'] = Computed('visualizer')
    fields.update({name: Computed(value) for name, value in old.library.visualizer_arguments.items()})
    yield Change(('log_config',), {'visualizer': Dict(fields)})


def _processor(old: Old, config: Item) -> Change:
    by_epoch = _logs_by_epoch(old, config)
    fields = {'type': 'LogProcessor', 'window_size': old.library.log_window}
    if by_epoch is False:
        fields['by_epoch'] = False
    return Change(('log_config',), {'log_processor': Computed(fields)})


def custom_hooks(old: Old) -> Iterator[Change]:
    """`custom_hooks` and its old alias (HOOK-01 to HOOK-22)."""
    key = 'custom_hooks' if 'custom_hooks' in old else 'custom_hooks_config'
    hooks = old.get(key)
    if hooks is None:
        return
    if not hooks.is_list:
        yield Change((key,), {'custom_hooks': Kept(hooks)})
        return
    found = [tree for each in hooks.entries() if (tree := hook(old, each)) is not None]
    yield Change((key,), {'custom_hooks': List(tuple(found), hooks)})


def hook(old: Old, item: Item) -> Tree | None:
    """Return what a hook becomes; none if it is gone."""
    kind = item.type
    if kind in PICTURE_HOOKS:
        return visualization(old, item)
    if kind == EMA_HOOK and old.library.library == 'mmgen':
        return None  # the model has it
    if kind == 'EMAHook':
        return _ema(item)
    if kind == 'ExpMomentumEMAHook':
        return _exponential_ema(item)
    if kind == 'SyncNormHook':
        return _rebuilt(item, {}, keep=('priority',))
    facts = old.library.hook(kind)
    if facts is not None and facts.role == 'model':
        return None  # the model, and its data preprocessor, do it themselves
    return component(item, facts)


def _rebuilt(hook: Item, fields: dict[str, Tree], *, keep: tuple[str, ...] = ()) -> Dict:
    kind = hook.get('type')
    assert kind is not None
    kept = {name: Kept(item) for name in keep if (item := hook.get(name)) is not None}
    return Dict({'type': Kept(kind), **fields, **kept}, hook)


def _ema(hook: Item) -> Tree:
    """mmcv raises the momentum to the power `interval`; `warm_up` never binds for small momenta (HOOK-03)."""
    fields: dict[str, Tree] = {'ema_type': Computed('ExponentialMovingAverage')}
    interval = hook.plain('interval', 1)
    momentum = hook.get('momentum')
    if interval != 1:
        fields['momentum'] = Computed((hook.plain('momentum', 0.0002)) ** interval, momentum)
    elif momentum is not None:
        fields['momentum'] = Kept(momentum)
    return _rebuilt(hook, fields, keep=('interval', 'priority'))


def _exponential_ema(hook: Item) -> Tree:
    fields: dict[str, Tree] = {'type': Computed('EMAHook', hook.get('type')), 'ema_type': Computed('ExpMomentumEMA')}
    if (momentum := hook.get('momentum')) is not None:
        fields['momentum'] = Kept(momentum)
    if (total := hook.get('total_iter')) is not None:
        fields['gamma'] = Kept(total)
    fields['update_buffers'] = Computed(not hook.plain('skip_buffers', False))
    kept = {name: Kept(item) for name in ('interval', 'priority') if (item := hook.get(name)) is not None}
    return Dict({**fields, **kept}, hook)
