"""Keys about the environment of a run: processes, seeds, devices, wrappers, resuming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability, Diagnostic
from cfglint.rules.deprecated.edits import remove, rewrite, wrap
from cfglint.rules.deprecated.keys import Advice, Key, removed_keys
from cfglint.rules.deprecated.text import call
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.rules.context import Context


_ENVIRONMENT = {
    'dist_params': ('dict(dist_cfg=', ')'),
    'cudnn_benchmark': ('dict(cudnn_benchmark=', ')'),
    'opencv_num_threads': ('dict(mp_cfg=dict(opencv_num_threads=', '))'),
    'mp_start_method': ('dict(mp_cfg=dict(mp_start_method=', '))'),
}
_THREADS = {'omp_num_threads': 'OMP_NUM_THREADS', 'mkl_num_threads': 'MKL_NUM_THREADS'}


@rule(era='all')
def removed_environment_key(context: Context) -> Iterable[Diagnostic]:
    """`dist_params`, `cudnn_benchmark` and others became `env_cfg`.

    MMEngine reads the settings of processes, threads and cuDNN from `env_cfg`, and ignores those at the top level.

    ```py title="bad"
    cudnn_benchmark = True
    dist_params = dict(backend='nccl')
    ```

    ```py title="good"
    env_cfg = dict(
        cudnn_benchmark=True,
        dist_cfg=dict(backend='nccl'))
    ```
    """
    return removed_keys(context, frozenset({*_ENVIRONMENT, *_THREADS}), _environment)


def _environment(key: Key) -> Advice:
    if key.name in _THREADS:
        variable = _THREADS[key.name]
        return Advice('', f'set the environment variable `{variable}={key.text()}` instead', None)
    before, after = _ENVIRONMENT[key.name]
    present = key.config.table.get('env_cfg')
    if isinstance(present, dict) and _says(present, key):
        return Advice('', 'remove it: `env_cfg` says the same', remove(key, Applicability.UNSAFE))
    fix = wrap(key, 'env_cfg', before, after, Applicability.UNSAFE)
    return Advice('', f'write `env_cfg = {before}{key.text()}{after}`', fix)


def _says(env: dict[object, object], key: Key) -> bool:
    if key.name == 'dist_params':
        return env.get('dist_cfg') == key.value
    if key.name == 'cudnn_benchmark':
        return bool(env.get('cudnn_benchmark')) == bool(key.value)
    processes = env.get('mp_cfg')
    return isinstance(processes, dict) and processes.get(key.name) == key.value


_SEEDS = {'seed': 'seed', 'deterministic': 'deterministic', 'diff_seed': 'diff_rank_seed'}


@rule(era='all')
def removed_seed(context: Context) -> Iterable[Diagnostic]:
    """`seed`, `deterministic` and `diff_seed` became `randomness`.

    MMEngine ignores them at the top level: it draws a seed, and the run cannot be repeated.

    ```py title="bad"
    seed = 0
    ```

    ```py title="good"
    randomness = dict(seed=0)
    ```
    """
    return removed_keys(context, frozenset(_SEEDS), _seed)


def _seed(key: Key) -> Advice:
    if key.value is None or key.value is False:
        return Advice('', 'remove it: it asks for nothing', remove(key))
    parts = {_SEEDS[key.name]: key.text()}
    effect = ': the seed is drawn anew for each run' if key.name == 'seed' else ''
    if key.name != 'seed':
        parts = {'seed': '…', **parts}
    text = call(parts)
    return Advice(effect, f'write `randomness = {text}`', rewrite(key, 'randomness', text))


@rule(era='all')
def removed_device_key(context: Context) -> Iterable[Diagnostic]:
    """`gpu_ids` and `gpus` are gone.

    MMEngine ignores them: which devices are used is up to the launcher and `CUDA_VISIBLE_DEVICES`.

    ```py title="bad"
    gpu_ids = range(0, 8)
    ```

    ```py title="good"
    launcher = 'pytorch'
    ```
    """
    return removed_keys(context, frozenset({'gpu_ids', 'gpus'}), _device)


def _device(key: Key) -> Advice:
    return Advice('', 'remove it: which devices are used is up to the launcher', remove(key))


@rule(era='all')
def removed_resume_from(context: Context) -> Iterable[Diagnostic]:
    """`resume_from` and `auto_resume` became `resume`.

    MMEngine ignores `resume_from`: training starts from the beginning. `resume = True` continues from `load_from`, or
    from the latest checkpoint in the work folder if that is not set.

    ```py title="bad"
    resume_from = 'work_dirs/epoch_8.pth'
    ```

    ```py title="good"
    load_from = 'work_dirs/epoch_8.pth'
    resume = True
    ```
    """
    return removed_keys(context, frozenset({'resume_from', 'auto_resume'}), _resume)


def _resume(key: Key) -> Advice:
    if not key.value:
        return Advice('', 'remove it: it asks for nothing', remove(key))
    effect = ': training starts from the beginning'
    if key.name == 'auto_resume':
        fix = rewrite(key, 'resume', 'True') if key.config.table.get('load_from') is None else None
        return Advice(effect, 'write `resume = True` with `load_from = None`', fix)
    text = key.text()
    fix = None
    if 'load_from' not in key.config.own and 'resume' not in key.config.own:
        fix = rewrite(key, 'load_from', f'{text}\nresume = True', ('resume',))
    return Advice(effect, f'write `load_from = {text}` and `resume = True`', fix)


@rule(era='all')
def removed_ddp_wrapper(context: Context) -> Iterable[Diagnostic]:
    """`use_ddp_wrapper` became `model_wrapper_cfg`.

    MMEngine ignores `use_ddp_wrapper`, and wraps the whole model as one; the parts of a GAN need one wrapper each.

    ```py title="bad"
    use_ddp_wrapper = True
    ```

    ```py title="good"
    model_wrapper_cfg = dict(
        type='MMSeparateDistributedDataParallel',
        broadcast_buffers=False,
        find_unused_parameters=False)
    ```
    """
    return removed_keys(context, frozenset({'use_ddp_wrapper'}), _ddp_wrapper)


def _ddp_wrapper(key: Key) -> Advice:
    unused = key.own('find_unused_parameters')
    parts = {'type': "'MMSeparateDistributedDataParallel'", 'broadcast_buffers': 'False'}
    parts['find_unused_parameters'] = repr(unused) if isinstance(unused, bool) else 'False'
    return Advice('', f'write `model_wrapper_cfg = {call(parts, 160)}`')
