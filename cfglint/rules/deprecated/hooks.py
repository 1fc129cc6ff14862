"""Keys that became hooks: ``checkpoint_config``, ``log_config``, ``visual_config``, ``custom_hooks_config``."""

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
