"""What FlexibleRunner reads in another way than Runner does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Severity
from cfglint.rules.facts.loop import is_whole
from cfglint.rules.facts.place import report_between
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context, Item

_IGNORED = (
    'compile',
    'activation_checkpointing',
    'efficient_conv_bn_eval',
    'model_wrapper_cfg',
    'find_unused_parameters',
)


def _runner_type(context: Context) -> Item | None:
    """Return where the config asks for a FlexibleRunner, None if it does not."""
    item = context.root.get('runner_type')
    return item if item is not None and item.value == 'FlexibleRunner' else None


@rule(scope='entry', raises='argument after ** must be a mapping')
def flexible_runner_without_env_cfg(context: Context) -> Iterator[Diagnostic]:
    """A FlexibleRunner without `env_cfg`, which it has no default for.

    `FlexibleRunner.from_cfg` passes `env_cfg=None` on, and setting up the environment raises `TypeError: … argument
    after ** must be a mapping, not NoneType`.

    ```py title="bad"
    runner_type = 'FlexibleRunner'
    ```

    ```py title="good"
    runner_type = 'FlexibleRunner'
    env_cfg = dict()
    ```
    """
    item = _runner_type(context)
    if item is not None and is_whole(context) and 'env_cfg' not in context:
        message = (
            '`FlexibleRunner` needs `env_cfg`, `dict()` is enough; '
            'MMEngine raises `TypeError: argument after ** must be a mapping, not NoneType`'
        )
        yield context.report(item, message)


@rule(scope='entry', raises='If resume is a str')
def flexible_runner_resumes_twice(context: Context) -> Iterator[Diagnostic]:
    """A FlexibleRunner with `load_from` and a path in `resume`.

    There `resume` may name the checkpoint; together with `load_from`, MMEngine raises `ValueError: If resume is a str,
    load_from should be None`.

    ```py title="bad"
    runner_type = 'FlexibleRunner'
    env_cfg = dict()
    load_from = 'one.pth'
    resume = 'other.pth'
    ```

    ```py title="good"
    runner_type = 'FlexibleRunner'
    env_cfg = dict()
    resume = False
    ```
    """
    item, path = context.root.get('resume'), context.value('load_from')
    if _runner_type(context) is not None and item is not None and isinstance(item.value, str) and isinstance(path, str):
        message = (
            '`resume` already names the checkpoint: remove `load_from`; MMEngine raises `ValueError: If '
            'resume is a str`'
        )
        yield report_between(context, item, (context.root.get('load_from'), _runner_type(context)), message)


@rule(scope='entry', raises='num_batch_per_epoch')
def flexible_runner_with_cut_epoch(context: Context) -> Iterator[Diagnostic]:
    """`num_batch_per_epoch` with a FlexibleRunner, whose dataloaders do not know it.

    PyTorch's DataLoader gets it and raises `TypeError: got an unexpected keyword argument 'num_batch_per_epoch'`.

    ```py title="bad"
    runner_type = 'FlexibleRunner'
    env_cfg = dict()
    train_dataloader = dict(
        batch_size=2,
        num_batch_per_epoch=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```

    ```py title="good"
    runner_type = 'FlexibleRunner'
    env_cfg = dict()
    ```
    """
    if _runner_type(context) is None:
        return
    for stage in ('train', 'val', 'test'):
        item = context.find(f'{stage}_dataloader.num_batch_per_epoch')
        if item is not None:
            message = (
                '`FlexibleRunner` does not cut epochs: remove `num_batch_per_epoch`; MMEngine raises '
                "`TypeError: DataLoader.__init__() got an unexpected keyword argument 'num_batch_per_epoch'`"
            )
            yield report_between(context, item, (_runner_type(context),), message)


@rule(scope='entry', severity=Severity.WARNING)
def ignored_by_flexible_runner(context: Context) -> Iterator[Diagnostic]:
    """A key that Runner reads, but FlexibleRunner does not: there it belongs in `strategy`.

    ```py title="bad"
    runner_type = 'FlexibleRunner'
    env_cfg = dict()
    compile = True
    ```

    ```py title="good"
    runner_type = 'FlexibleRunner'
    env_cfg = dict()
    ```
    """
    if _runner_type(context) is None:
        return
    for name in _IGNORED:
        item = context.root.get(name)
        if item is not None and item.value not in (None, False) and name not in context.loads:
            message = f'`FlexibleRunner` does not read `{name}`: say it in `strategy`'
            yield report_between(context, item, (_runner_type(context),), message)


@rule(scope='entry', severity=Severity.WARNING)
def strategy_without_flexible_runner(context: Context) -> Iterator[Diagnostic]:
    """A `strategy` that no one reads: only FlexibleRunner does.

    ```py title="bad"
    strategy = dict(type='DDPStrategy')
    ```

    ```py title="good"
    runner_type = 'FlexibleRunner'
    env_cfg = dict()
    strategy = dict(type='SingleDeviceStrategy')
    ```
    """
    item = context.root.get('strategy')
    if item is None or not isinstance(item.value, dict) or 'strategy' in context.loads or not is_whole(context):
        return
    if context.value('runner_type', 'Runner') == 'Runner' and 'type' in item.value:
        message = "only `FlexibleRunner` reads `strategy`: add `runner_type = 'FlexibleRunner'`, or remove it"
        yield report_between(context, item, (context.root.get('runner_type'),), message)
