"""What FlexibleRunner reads in another way than Runner does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loop import is_whole
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_IGNORED = (
    'compile',
    'activation_checkpointing',
    'efficient_conv_bn_eval',
    'model_wrapper_cfg',
    'find_unused_parameters',
)


def _runner_type(context: Context) -> Item | None:
    """Return where the config asks for a FlexibleRunner, None if it does not."""
    item = context.section('runner_type')
    return item if item is not None and item.value == 'FlexibleRunner' else None


@rule(
    scope='entry',
    raises='argument after ** must be a mapping',
    reads=('runner_type', 'env_cfg'),
    needs=('runner_type',),
)
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
        raises = 'TypeError: argument after ** must be a mapping, not NoneType'
        advice = Advice('add at the top level', 'env_cfg = dict()')
        yield context.report(item, '`FlexibleRunner` needs `env_cfg`, which is missing', raises=raises, advice=advice)


@rule(scope='entry', raises='If resume is a str', reads=('runner_type', 'resume', 'load_from'), needs=('runner_type',))
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
    item, path = context.section('resume'), context.value('load_from')
    if _runner_type(context) is not None and item is not None and isinstance(item.value, str) and isinstance(path, str):
        message = '`resume` and `load_from` both name a checkpoint'
        raises = 'ValueError: If resume is a str, load_from should be None'
        advice = Advice('to go on from the one in `resume`, write', 'load_from = None')
        others = (context.section('load_from'), _runner_type(context))
        yield report_between(context, item, others, message, raises=raises, advice=advice)


@rule(scope='entry', raises='num_batch_per_epoch', reads=('runner_type', *LOADERS), words=('num_batch_per_epoch',))
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
            message = '`FlexibleRunner` does not know `num_batch_per_epoch`'
            raises = "TypeError: DataLoader.__init__() got an unexpected keyword argument 'num_batch_per_epoch'"
            advice = Advice('remove it')
            yield report_between(context, item, (_runner_type(context),), message, raises=raises, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, needs=('runner_type',))
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
        item = context.section(name)
        if item is not None and item.value not in (None, False) and name not in context.loads:
            message = f'`FlexibleRunner` does not read `{name}` at the top level'
            advice = Advice('remove it, and say it in `strategy`')
            yield report_between(context, item, (_runner_type(context),), message, ignored=True, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, needs=('strategy',))
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
    item = context.section('strategy')
    if item is None or not isinstance(item.value, dict) or 'strategy' in context.loads or not is_whole(context):
        return
    if context.value('runner_type', 'Runner') == 'Runner' and 'type' in item.value:
        advice = Advice('remove it, or add at the top level', "runner_type = 'FlexibleRunner'")
        others = (context.section('runner_type'),)
        message = 'only `FlexibleRunner` reads `strategy`'
        yield report_between(context, item, others, message, ignored=True, advice=advice)
