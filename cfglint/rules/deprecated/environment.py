"""Keys about the environment of a run: processes, seeds, devices, wrappers, resuming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.rules.deprecated.keys import removed_keys
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


_THREADS = {
    f'{name}_num_threads': f'set the environment variable `{name.upper()}_NUM_THREADS` instead'
    for name in ('omp', 'mkl')
}


@rule(era='all', needs=('cudnn_benchmark', 'dist_params', 'mp_start_method', 'opencv_num_threads', *_THREADS))
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
    return removed_keys(context, 'the environment is that of `env_cfg`', _THREADS)


@rule(era='all', needs=('seed', 'deterministic', 'diff_seed'))
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
    return removed_keys(context, 'random numbers are up to `randomness`')


@rule(era='all', needs=('gpu_ids', 'gpus'))
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
    return removed_keys(context, 'which devices are used is up to the launcher')


@rule(era='all', needs=('resume_from', 'auto_resume'))
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
    return removed_keys(context, 'whether to go on is up to `resume`')


@rule(era='all', fixable=True, needs=('use_ddp_wrapper',))
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
    return removed_keys(context, 'the wrapper is that of `model_wrapper_cfg`')
