"""The least change that makes a config run one accumulated iteration, alone and without a trace.

All changes are listed.
"""

from __future__ import annotations

import inspect
from typing import Any, Iterator, Sequence

from . import stages
from .blame import type_name, walk
from .failure import Unfit, Unhealthy, Unsupported

GONE = '(removed)'
SILENT = '(silent)'
DEFAULT = '(default)'
TRIPLES = {
    'val': ('val_cfg', 'val_dataloader', 'val_evaluator'),
    'test': ('test_cfg', 'test_dataloader', 'test_evaluator'),
}
TRAINING = ('train_dataloader', 'train_cfg', 'optim_wrapper', 'param_scheduler')
WRITING_DEFAULT_HOOKS = ('logger', 'checkpoint')
"""MMEngine adds them itself where the config does not."""
WRITING_HOOKS = frozenset({'CheckpointHook', 'LoggerHook', 'ProfilerHook', 'NPUProfilerHook', 'PickleDataHook'})
WRITING_HOOK_SUFFIXES = ('VisualizationHook', 'VisHook', 'VisualizerHook')
UNSUPPORTED_WRAPPERS = frozenset({'ApexOptimWrapper', 'DeepSpeedOptimWrapper', 'ColossalAIOptimWrapper'})
WORKER_ARGUMENTS = ('persistent_workers', 'prefetch_factor', 'timeout', 'pin_memory', 'multiprocessing_context')
CPU_BATCH_SIZE = 2
SLOW_CPU = 'a CPU is slow (see --batch-size)'
NO_WEIGHTS = 'no pretrained weights'
WRAPPED = ('dataset', 'datasets')


class Changes:
    """Changes a config and remembers what it said before."""

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = []
        self.set_aside: dict[str, Any] = {}
        """Sections that are not run, by their name: the user's code may look into them all the same."""

    def set(self, table: dict[str, Any], key: str, value: Any, path: str, why: str) -> None:
        old = dict.get(table, key)
        if key in table and old == value:
            return
        self.note(path, old if key in table else DEFAULT, value, why)
        table[key] = value

    def drop(self, table: dict[str, Any], key: str, path: str, why: str) -> None:
        if key in table:
            self.note(path, dict.get(table, key), GONE, why)
            del table[key]

    def note(self, path: str, old: Any, new: Any, why: str) -> None:
        self.listed.append({'key': path, 'old': _short(old), 'new': _short(new), 'why': why})


def _short(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else text[:77] + '...'


def check_fit(config: Any, meta: bool = False) -> None:
    """Refuse what is no training config, or nothing that a plain Runner drives. For `--meta`, a model is enough."""
    missing = [key for key in ('model', 'train_dataloader', 'train_cfg', 'optim_wrapper') if config.get(key) is None]
    if 'model' in missing or len(missing) == 4:
        raise Unfit(f'not a config that can run alone: it has no {missing[0]}')
    if len(missing) >= 3 and not meta:
        raise Unfit('not a training config: it has no {}'.format(', '.join(missing)))
    if type_name(config.get('runner_type')) == 'FlexibleRunner':
        raise Unsupported('FlexibleRunner is not supported')
    for _, wrapper in optim_wrappers(config.get('optim_wrapper')):
        if type_name(wrapper.get('type')) in UNSUPPORTED_WRAPPERS:
            raise Unsupported('{} is not supported'.format(type_name(wrapper['type'])))


def optim_wrappers(wrapper: Any, path: str = 'optim_wrapper') -> Iterator[tuple[str, dict[str, Any]]]:
    """Every optimizer wrapper of a config: one, or one for each optimizer of a GAN."""
    if isinstance(wrapper, dict):
        if 'optimizer' in wrapper:
            yield path, wrapper
        else:
            for key in wrapper:
                yield from optim_wrappers(dict.__getitem__(wrapper, key), f'{path}.{key}')


def adapt(config: Any, job: dict[str, Any], changes: Changes) -> None:
    """Apply every change to `config`, an `mmengine.Config`."""
    options = job['options']
    table = config._cfg_dict
    changes.set(table, 'work_dir', job['folder'], 'work_dir', 'nothing is written elsewhere')
    for name, keys in TRIPLES.items():
        _require_whole(table, keys)
        if not (name == 'val' and options.get('val')):
            for key in keys:
                if dict.get(table, key) is not None:
                    changes.set_aside[key] = dict.__getitem__(table, key)
                    changes.set(table, key, None, key, f'no {"validation" if name == "val" else "testing"}')
    _isolate(table, bool(job.get('distributed')), options['device'] == 'cpu', changes)
    _adapt_hooks(table, changes)
    _adapt_dataloader(table, 'train_dataloader', options, changes)
    _adapt_optimizers(table, options, changes)
    if options.get('val'):
        _adapt_dataloader(table, 'val_dataloader', options, changes)
        loader = dict.get(table, 'val_dataloader')
        if isinstance(loader, dict):
            if dict.get(loader, 'batch_size') is None and dict.get(loader, 'batch_sampler') is None:
                # To count batches, MMEngine asks for their size, where torch would take 1.
                changes.set(loader, 'batch_size', 1, 'val_dataloader.batch_size', "torch's own default")
            changes.set(loader, 'num_batch_per_epoch', 1, 'val_dataloader.num_batch_per_epoch', 'one batch')
    if not options.get('weights'):
        _drop_pretrained(table, changes)
    if options.get('data_root'):
        _move_data(table, options['data_root'], changes)


def _require_whole(table: dict[str, Any], keys: Sequence[str]) -> None:
    """Refuse what MMEngine's Runner refuses, too, before it is taken out.

    Raises:
        Unhealthy: Some of the keys are there, and some are not.
    """
    given = [key for key in keys if dict.get(table, key) is not None]
    missing = [key for key in keys if key not in given]
    if given and missing:
        text = f'MMEngine wants all of {", ".join(keys)}, or none: there is no {", ".join(missing)}'
        raise Unhealthy(text, stages.CONFIG, given[0])


def _isolate(table: dict[str, Any], distributed: bool, on_cpu: bool, changes: Changes) -> None:
    if dict.get(table, 'load_from') is not None:
        changes.set(table, 'load_from', None, 'load_from', 'no checkpoints')
    if dict.get(table, 'resume'):
        changes.set(table, 'resume', False, 'resume', 'no checkpoints')
    if distributed:
        changes.set(table, 'launcher', 'pytorch', 'launcher', '--nproc')
        if on_cpu and dict.get(table, 'sync_bn') is not None:
            changes.set(table, 'sync_bn', None, 'sync_bn', 'it has no CPU version')
    elif dict.get(table, 'launcher') is not None:
        changes.set(table, 'launcher', 'none', 'launcher', 'not distributed (see --nproc)')
    if not distributed and dict.get(table, 'model_wrapper_cfg') is not None:
        changes.set(table, 'model_wrapper_cfg', None, 'model_wrapper_cfg', 'not distributed (see --nproc)')
    if dict.get(table, 'compile'):
        changes.set(table, 'compile', False, 'compile', 'compiling takes minutes')
    randomness = dict.get(table, 'randomness')
    if randomness is None or (isinstance(randomness, dict) and randomness.get('seed') is None):
        seeded = {**(randomness or {}), 'seed': 0}
        changes.set(table, 'randomness', seeded, 'randomness.seed', 'the same run every time')


def _adapt_hooks(table: dict[str, Any], changes: Changes) -> None:
    """Say which hooks will be silent. They are built as they stand, for what is wrong with them is wrong."""
    default, custom = dict.get(table, 'default_hooks'), dict.get(table, 'custom_hooks')
    named = default if isinstance(default, dict) else {}
    hooks = [(f'default_hooks.{name}', dict.get(named, name)) for name in named]
    hooks += [
        (f'custom_hooks[{index}]', hook)
        for index, hook in enumerate(custom if isinstance(custom, (list, tuple)) else ())
    ]
    for path, hook in hooks:
        if hook is not None and writes(_name_of(hook)):
            changes.note(path, hook, SILENT, 'it writes')
    for name in WRITING_DEFAULT_HOOKS:
        if name not in named:
            changes.note(f'default_hooks.{name}', DEFAULT, SILENT, 'it writes')


def _name_of(hook: Any) -> str:
    return type_name(hook.get('type')) if isinstance(hook, dict) else type(hook).__name__


def writes(hook: str) -> bool:
    """Tell of a hook, by the name of its class, whether it writes or uploads."""
    return hook in WRITING_HOOKS or hook.endswith(WRITING_HOOK_SUFFIXES)


def _adapt_dataloader(table: dict[str, Any], name: str, options: dict[str, Any], changes: Changes) -> None:
    loader = dict.get(table, name)
    if not isinstance(loader, dict):
        return
    if dict.get(loader, 'num_workers'):
        _check_workers(loader, name)
        # Without workers before, an argument of theirs is an error, and stays one.
        changes.set(loader, 'num_workers', 0, f'{name}.num_workers', 'the data is read in the process')
        for key in WORKER_ARGUMENTS:
            changes.drop(loader, key, f'{name}.{key}', 'it belongs to num_workers')
    size = options.get('batch_size')
    why = '--batch-size'
    if size is None and options['device'] == 'cpu':
        size, why = CPU_BATCH_SIZE, SLOW_CPU
    if size is not None:
        _set_batch_size(loader, name, size, why, changes, only_less=options.get('batch_size') is None)


def _check_workers(loader: dict[str, Any], name: str) -> None:
    """Refuse what torch refuses of workers, which it does not get to see.

    Raises:
        Unhealthy: An argument is wrong.
    """
    from torch.utils.data import DataLoader

    looked_at = ('num_workers', *(key for key in WORKER_ARGUMENTS if key != 'pin_memory'))  # which may ask the driver
    asked = {key: dict.get(loader, key) for key in looked_at if key in loader}
    try:
        DataLoader([0], **asked)  # which starts none yet
    except (AssertionError, TypeError, ValueError) as error:
        key = next((key for key in reversed(list(asked)) if key in str(error)), 'num_workers')
        text = str(error) or f'torch refuses {asked}'
        raise Unhealthy(text, stages.DATALOADER, f'{name}.{key}') from error


def _set_batch_size(loader: dict[str, Any], name: str, size: int, why: str, changes: Changes, only_less: bool) -> None:
    sampler, batch_sampler = dict.get(loader, 'sampler'), dict.get(loader, 'batch_sampler')
    targets = [(f'{name}.batch_size', loader)]
    if isinstance(sampler, dict) and dict.get(sampler, 'source_ratio'):
        size = max(size, sum(sampler['source_ratio']))
        targets.append((f'{name}.sampler.batch_size', sampler))
    if isinstance(batch_sampler, dict) and 'batch_size' in batch_sampler:
        targets = [(f'{name}.batch_sampler.batch_size', batch_sampler)]
    for path, target in targets:
        old = dict.get(target, 'batch_size')
        if isinstance(old, int) and not (only_less and old <= size):
            changes.set(target, 'batch_size', size, path, why)


def _adapt_optimizers(table: dict[str, Any], options: dict[str, Any], changes: Changes) -> None:
    for path, wrapper in optim_wrappers(dict.get(table, 'optim_wrapper')):
        if options.get('accumulate') is not None:
            changes.set(
                wrapper, 'accumulative_counts', options['accumulate'], path + '.accumulative_counts', '--accumulate'
            )
        _set_amp(wrapper, path, options, changes)


def _set_amp(wrapper: dict[str, Any], path: str, options: dict[str, Any], changes: Changes) -> None:
    wanted: bool | None = options.get('amp')
    is_amp = type_name(wrapper.get('type')) == 'AmpOptimWrapper'
    on_cpu = options['device'] == 'cpu'
    if wanted is None:
        if not is_amp:
            return
        # What is measured has the size that it has on a device.
        emulated = bool(options.get('footprint')) or wrapper.get('dtype') == 'bfloat16'
        wanted, why = not on_cpu or emulated, 'fp16 is not exercised on a CPU'
    else:
        why = '--amp' if wanted else '--no-amp'
    if is_amp and on_cpu:
        _check_amp(wrapper, path)
    if not wanted and is_amp:
        _drop_amp(wrapper, path, why, changes)
    elif wanted and on_cpu and (is_amp or type_name(wrapper.get('type', 'OptimWrapper')) == 'OptimWrapper'):
        changes.set(wrapper, 'type', 'mmengine.CpuAmpOptimWrapper', path + '.type', 'AMP, emulated on the CPU')
    elif wanted and not is_amp and type_name(wrapper.get('type', 'OptimWrapper')) == 'OptimWrapper':
        changes.set(wrapper, 'type', 'mmengine.AmpOptimWrapper', path + '.type', why)


def _check_amp(wrapper: dict[str, Any], path: str) -> None:
    """Refuse what the constructor of MMEngine's wrapper refuses, which does not get to see it on a CPU.

    Raises:
        Unhealthy: An argument is wrong.
    """
    from mmengine.optim import AmpOptimWrapper
    from torch.cuda.amp import GradScaler

    dtype, scale = wrapper.get('dtype'), wrapper.get('loss_scale', 'dynamic')
    known = getattr(AmpOptimWrapper, 'valid_dtypes', None)
    if known is not None and isinstance(dtype, str) and dtype not in known:
        raise Unhealthy(f'dtype should be any of {known}, got {dtype}', stages.OPTIMIZER, path + '.dtype')
    if isinstance(scale, dict):
        unknown = [name for name in scale if name not in inspect.signature(GradScaler).parameters]
        if unknown:
            raise Unhealthy(f'GradScaler takes no `{unknown[0]}`', stages.OPTIMIZER, f'{path}.loss_scale.{unknown[0]}')
    elif scale != 'dynamic' and not isinstance(scale, float):
        text = f'loss_scale must be of type float, dict, or "dynamic", but got {scale}'
        raise Unhealthy(text, stages.OPTIMIZER, path + '.loss_scale')


def _drop_amp(wrapper: dict[str, Any], path: str, why: str, changes: Changes) -> None:
    changes.set(wrapper, 'type', 'mmengine.OptimWrapper', path + '.type', why)
    for key in ('loss_scale', 'dtype', 'use_fsdp'):
        changes.drop(wrapper, key, f'{path}.{key}', why)


def set_aside_run(config: Any, changes: Changes) -> Any:
    """For `--meta`, take out all that runs; returns the part that makes the optimizers, which are built on their own.

    Only what this does to the optimizers is listed: that nothing runs is what the user asked for.
    """
    table = config._cfg_dict
    wrapper = dict.get(table, 'optim_wrapper')
    for key in (*TRAINING, *(key for keys in TRIPLES.values() for key in keys)):
        if key in table:
            table[key] = None
    for path, part in optim_wrappers(wrapper):
        if type_name(part.get('type')) == 'AmpOptimWrapper':
            _drop_amp(part, path, 'it wants a GPU, and holds the same', changes)
    return wrapper


def _is_pretrained(init: Any) -> bool:
    return isinstance(init, dict) and type_name(init.get('type')) in ('Pretrained', 'PretrainedInit')


def _drop_pretrained(table: dict[str, Any], changes: Changes) -> None:
    """Only `init_cfg`: what a `pretrained=` argument means is the library's secret, so those stay (see `weights`)."""
    for path, part in list(walk(dict.get(table, 'model'), 'model')):
        init = dict.get(part, 'init_cfg')
        where = path + '.init_cfg'
        if _is_pretrained(init):
            changes.set(part, 'init_cfg', None, where, NO_WEIGHTS)
        elif isinstance(init, (list, tuple)) and any(_is_pretrained(item) for item in init):
            changes.set(part, 'init_cfg', [item for item in init if not _is_pretrained(item)], where, NO_WEIGHTS)


def leaves(
    dataset: Any, path: str, pipelines: tuple[Any, ...] = ()
) -> Iterator[tuple[str, dict[str, Any], tuple[Any, ...]]]:
    """The datasets below the wrappers, each with its path and with the pipelines that its samples pass."""
    if not isinstance(dataset, dict):
        return
    pipelines = (*pipelines, dataset.get('pipeline'))
    inner = [key for key in WRAPPED if key in dataset and 'ann_file' not in dataset]
    for key in inner:
        value = dict.__getitem__(dataset, key)
        for index, item in enumerate(value) if isinstance(value, (list, tuple)) else [(None, value)]:
            where = f'{path}.{key}' + ('' if index is None else f'[{index}]')
            yield from leaves(item, where, pipelines)
    if not inner:
        yield path, dataset, pipelines


def _move_data(table: dict[str, Any], root: str, changes: Changes) -> None:
    """Point every dataset, and what evaluators read of it, to another folder."""
    roots = set()
    for name in ('train_dataloader', 'val_dataloader'):
        loader = dict.get(table, name)
        for path, leaf, _ in leaves(loader.get('dataset') if isinstance(loader, dict) else None, name + '.dataset'):
            roots.add(leaf.get('data_root'))
            changes.set(leaf, 'data_root', root, path + '.data_root', '--data-root')
    for path, part in [
        *walk(dict.get(table, 'train_dataloader'), 'train_dataloader'),
        *walk(dict.get(table, 'val_evaluator'), 'val_evaluator'),
    ]:
        for key in [key for key in part if key != 'data_root' and isinstance(dict.get(part, key), str)]:
            for old in roots:
                value = dict.get(part, key)
                if isinstance(old, str) and old and isinstance(value, str) and value.startswith(old):
                    moved = root.rstrip('/') + '/' + value[len(old) :].lstrip('/')
                    changes.set(part, key, moved, f'{path}.{key}', '--data-root')
