"""Keys that became hooks: ``checkpoint_config``, ``log_config``, ``visual_config``, ``custom_hooks_config``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.values import Table
from cfglint.rules.deprecated.edits import assignment, can_write, remove, rewrite
from cfglint.rules.deprecated.fields import CHECKPOINT_CONFIG, LOG_CONFIG, removed_fields
from cfglint.rules.deprecated.keys import Advice, Key, removed_keys
from cfglint.rules.deprecated.text import call
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic, Fix
    from cfglint.rules.context import Context

CHECKPOINT_GONE = frozenset({'create_symlink', 'sync_buffer', 'meta'})


@rule(era='all')
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
    yield from removed_keys(context, frozenset({'checkpoint_config'}), _checkpoint_config)
    yield from removed_fields(context, CHECKPOINT_CONFIG)


def _checkpoint_config(key: Key) -> Advice:
    effect = ': checkpoints are saved as `default_hooks.checkpoint` says'
    if key.value is None:
        text = 'dict(checkpoint=None)'
        return Advice(effect, f'write `default_hooks = {text}`', rewrite(key, 'default_hooks', text))
    parts = key.fields()
    gone = [name for name in parts if name in CHECKPOINT_GONE]
    hook = {name: text for name, text in parts.items() if name not in CHECKPOINT_GONE and name != 'type'}
    if not key.overrides:
        hook = {'type': "'CheckpointHook'", **hook}
    text = call({'checkpoint': call(hook, 200)}, 300)
    dropped = f' (without `{"`, `".join(gone)}`, which MMEngine refuses)' if gone else ''
    return Advice(effect, f'write `default_hooks = {text}`{dropped}', rewrite(key, 'default_hooks', text))


BACKENDS = {
    'TensorboardLoggerHook': 'TensorboardVisBackend',
    'WandbLoggerHook': 'WandbVisBackend',
    'MMDetWandbHook': 'WandbVisBackend',
    'MMSegWandbHook': 'WandbVisBackend',
    'MMClsWandbHook': 'WandbVisBackend',
    'MlflowLoggerHook': 'MLflowVisBackend',
    'ClearMLLoggerHook': 'ClearMLVisBackend',
    'NeptuneLoggerHook': 'NeptuneVisBackend',
    'DvcliveLoggerHook': 'DVCLiveVisBackend',
}
"""Logger hooks of 0.x and the visualization backends that write the same."""
_TEXT_HOOKS = ('TextLoggerHook', 'IterTextLoggerHook')
_GONE_LOGGERS = ('PaviLoggerHook', 'SegmindLoggerHook')


@rule(era='all')
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
    yield from removed_keys(context, frozenset({'log_config'}), _log_config)
    yield from removed_fields(context, LOG_CONFIG)


def _log_config(key: Key) -> Advice:
    effect = ': what is logged is up to `default_hooks.logger` and `visualizer`'
    if not isinstance(key.value, Table) or not key.value:
        return Advice(effect, 'write `default_hooks = dict(logger=None)` to log nothing')
    parts = key.fields()
    names, by_iteration = _logger_hooks(key.value)
    logger = {} if key.overrides else {'type': "'LoggerHook'"}
    if 'interval' in parts:
        logger['interval'] = parts['interval']
    if by_iteration:
        logger['log_metric_by_epoch'] = 'False'
    words = []
    if logger and ('interval' in parts or by_iteration or not key.overrides):
        words.append(f'write `default_hooks = {call({"logger": call(logger)})}`')
    if by_iteration:
        words.append('`log_processor = dict(by_epoch=False)`')
    backends = list(dict.fromkeys(BACKENDS[name] for name in names if name in BACKENDS))
    if backends:
        listed = ', '.join(f"dict(type='{name}')" for name in ('LocalVisBackend', *backends))
        words.append(f'`vis_backends = [{listed}]` for the `visualizer`')
    gone = [name for name in names if name in _GONE_LOGGERS]
    if gone:
        words.append(f'nothing for `{"`, `".join(gone)}`: MMEngine has no such backend')
    return Advice(
        effect,
        ', '.join(words) or 'remove it',
        _log_fix(key, logger, plain=not backends and not gone, by_iteration=by_iteration),
    )


def _logger_hooks(value: Table) -> tuple[list[str], bool]:
    """Return the names of the hooks, and whether the text one counts iterations."""
    hooks = value.get('hooks')
    found = [hook for hook in hooks if isinstance(hook, dict)] if isinstance(hooks, (list, tuple)) else []
    names = [str(hook.get('type', '')) for hook in found]
    by_iteration = any(
        name == 'IterTextLoggerHook' or (name in _TEXT_HOOKS and hook.get('by_epoch') is False)
        for name, hook in zip(names, found, strict=True)
    )
    return names, by_iteration


def _log_fix(key: Key, logger: dict[str, str], *, plain: bool, by_iteration: bool) -> Fix | None:
    node = assignment(key)
    if not plain or not logger or node is None or not can_write(key, 'default_hooks'):
        return None
    fix = rewrite(key, 'default_hooks', call({'logger': call(logger)}))
    if fix is None or not by_iteration:
        return fix
    if 'log_processor' in key.config.own:
        return None
    edit = fix.edits[0]
    return fix._replace(edits=(edit._replace(content=f'{edit.content}\nlog_processor = dict(by_epoch=False)'),))


@rule(era='all')
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
    return removed_keys(context, frozenset({'visual_config'}), _visual_config)


def _visual_config(key: Key) -> Advice:
    parts = key.fields()
    if not parts:
        return Advice('', 'remove it: it asks for nothing', remove(key))
    interval = {'interval': parts['interval']} if 'interval' in parts else {}
    hook = call(
        {'type': "'BasicVisualizationHook'", **interval, 'on_train': 'False', 'on_val': 'True', 'on_test': 'True'}
    )
    keys = parts.get('res_name_list', '[…]')
    shown = call({'type': "'ConcatImageVisualizer'", 'fn_key': "'gt_path'", 'img_keys': keys, 'bgr2rgb': 'True'})
    return Advice(': no images are written', f'write `custom_hooks = [{hook}]` and `visualizer = {shown}`')


@rule(era='all', fixable=True)
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
    return removed_keys(context, frozenset({'custom_hooks_config'}), _custom_hooks_config)


def _custom_hooks_config(key: Key) -> Advice:
    fix = None
    if assignment(key) is not None and can_write(key, 'custom_hooks'):
        fix = key.context.replace_key(key.item, 'custom_hooks', 'Write `custom_hooks`')
    return Advice(': these hooks are not registered', f'write `custom_hooks = {key.text()}`', fix)
