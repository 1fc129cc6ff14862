"""Keys about a run: its hooks, processes, seeds, devices and wrappers, and whether it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.rules.deprecated.keys import removed_keys
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(era='all', needs=('checkpoint_config',))
def removed_checkpoint_config(context: Context) -> Iterable[Diagnostic]:
    """`checkpoint_config` became `default_hooks.checkpoint`.

    MMEngine ignores `checkpoint_config`, and saves with the defaults of its `CheckpointHook`: after each epoch, all of
    them kept. In an iteration-based run write `by_epoch=False`.

    ```py title="bad"
    checkpoint_config = dict(interval=1)
    ```

    ```py title="good"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
    ```
    """
    return removed_keys(context, 'checkpoints are saved as `default_hooks.checkpoint` says')


@rule(era='all', needs=('log_config',))
def removed_log_config(context: Context) -> Iterable[Diagnostic]:
    """`log_config` became `default_hooks.logger` and backends of the `visualizer`.

    MMEngine ignores `log_config`: it logs to the terminal and a local file every 10 iterations, and to no service. The
    interval is that of the `LoggerHook`; what TensorBoard, Weights & Biases and others get goes through the visualizer.

    ```py title="bad"
    log_config = dict(
        interval=50,
        hooks=[dict(type='TextLoggerHook'), dict(type='TensorboardLoggerHook')])
    ```

    ```py title="good"
    default_hooks = dict(logger=dict(type='LoggerHook', interval=50))
    vis_backends = [dict(type='LocalVisBackend'), dict(type='TensorboardVisBackend')]
    visualizer = dict(type='Visualizer', vis_backends=vis_backends)
    ```
    """
    return removed_keys(context, 'what is logged is up to `default_hooks.logger` and `visualizer`')


@rule(era='all', fixable=True, needs=('visual_config',))
def removed_visual_config(context: Context) -> Iterable[Diagnostic]:
    """`visual_config` became a visualization hook and the `visualizer`.

    MMEngine ignores `visual_config`: no images are written.

    ```py title="bad"
    visual_config = dict(type='MMEditVisualizationHook', output_dir='visual', interval=1000, res_name_list=['gt_img'])
    ```

    ```py title="good"
    custom_hooks = [dict(type='BasicVisualizationHook', interval=1000)]
    visualizer = dict(type='ConcatImageVisualizer', fn_key='gt_path', img_keys=['gt_img'], bgr2rgb=True)
    ```
    """
    return removed_keys(context, 'no images are written')


@rule(era='all', fixable=True, needs=('custom_hooks_config',))
def removed_custom_hooks_config(context: Context) -> Iterable[Diagnostic]:
    """`custom_hooks_config` became `custom_hooks`.

    It was an alias in MMPose 0.x. MMEngine ignores it: the hooks are not registered.

    ```py title="bad"
    custom_hooks_config = [dict(type='EMAHook')]
    ```

    ```py title="good"
    custom_hooks = [dict(type='EMAHook')]
    ```
    """
    return removed_keys(context, 'these hooks are not registered')


@rule(
    era='all',
    needs=(
        'cudnn_benchmark',
        'dist_params',
        'mp_start_method',
        'mkl_num_threads',
        'omp_num_threads',
        'opencv_num_threads',
    ),
)
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
    return removed_keys(context, 'the environment is that of `env_cfg`')


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
