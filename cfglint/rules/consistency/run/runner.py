"""Top-level keys that do not go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.language.values import Unknown
from cfglint.rules.cause import is_decided_above, report_between
from cfglint.rules.reading.loop import is_whole, show
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(scope='entry', severity=Severity.INFO, reads=('resume', 'load_from'), needs=('resume',))
def resume_with_load_from(context: Context) -> Iterator[Diagnostic]:
    """Both `resume` and `load_from`: training goes on from that very file, each time it is started.

    With `resume=True` alone, the Runner goes on from the newest checkpoint in `work_dir`. With `load_from` as well, it
    goes on from that file, optimizer and epoch included, also when `work_dir` holds newer checkpoints. To only start
    from its weights, set `resume=False`.

    ```py title="bad"
    load_from = 'pretrained.pth'
    resume = True
    ```

    ```py title="good"
    resume = False
    ```
    """
    item = context.section('resume')
    path = context.section('load_from')
    if item is not None and item.value is True and path is not None and isinstance(path.value, str) and path.value:
        message = '`resume` goes on from `load_from`, not from the newest checkpoint in `work_dir`'
        advice = Advice('to start from the weights only, write', 'resume = False')
        yield report_between(context, item, (path,), message, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=('randomness', 'env_cfg'), words=('deterministic',))
def benchmark_in_deterministic_run(context: Context) -> Iterator[Diagnostic]:
    """`cudnn_benchmark` in a run that shall be deterministic: it is switched off.

    ```py title="bad"
    env_cfg = dict(cudnn_benchmark=True)
    randomness = dict(seed=0, deterministic=True)
    ```

    ```py title="good"
    env_cfg = dict(cudnn_benchmark=False)
    randomness = dict(seed=0, deterministic=True)
    ```
    """
    other = context.find('randomness.deterministic')
    item = context.find('env_cfg.cudnn_benchmark') if other is not None and other.value is True else None
    if item is not None and item.value is True and other is not None:
        message = '`randomness.deterministic` switches `cudnn_benchmark` off'
        advice = Advice('remove one of the two, or write', 'cudnn_benchmark=False')
        yield report_between(context, item, (other,), message, ignored=True, advice=advice)


@rule(scope='entry', raises="'batch_size'", reads=('auto_scale_lr', 'train_dataloader'), needs=('auto_scale_lr',))
def auto_scale_lr_without_batch_size(context: Context) -> Iterator[Diagnostic]:
    """`auto_scale_lr` is enabled, but `train_dataloader` does not say its `batch_size` itself.

    `Runner.scale_lr` reads `train_dataloader['batch_size']` and raises `KeyError: 'batch_size'`; one that stands in
    `batch_sampler`, or the default of 1, does not count.

    ```py title="bad"
    auto_scale_lr = dict(enable=True, base_batch_size=16)
    train_dataloader = dict(
        num_workers=0,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```

    ```py title="good"
    auto_scale_lr = dict(enable=True, base_batch_size=16)
    train_dataloader = dict(
        batch_size=2,
        num_workers=0,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```
    """
    item = context.find('auto_scale_lr.enable')
    loader = context.section('train_dataloader') if item is not None and item.value is True else None
    if item is None or loader is None or not isinstance(loader.value, dict):
        return
    if is_whole(context) and all(isinstance(key, str) for key in loader.value) and 'batch_size' not in loader.value:
        message = '`auto_scale_lr` needs a `batch_size` in `train_dataloader` itself'
        advice = Advice('write how many samples a batch has in `train_dataloader`, such as', 'batch_size=2')
        if 'batch_sampler' in loader.value:  # PyTorch refuses both
            advice = Advice(
                'a batch sampler cannot be scaled: scale the learning rate by hand, and write', 'enable=False'
            )
        yield report_between(context, item, (loader,), message, raises="KeyError: 'batch_size'", advice=advice)


@rule(
    scope='entry', severity=Severity.WARNING, reads=('auto_scale_lr', 'optim_wrapper'), words=('accumulative_counts',)
)
def auto_scale_lr_with_accumulation(context: Context) -> Iterator[Diagnostic]:
    """`auto_scale_lr` does not know of accumulated gradients.

    The learning rate is scaled by `batch_size` times the number of devices over `base_batch_size`. Batches that
    `accumulative_counts` adds up are not counted: the learning rate gets smaller than the real batch size deserves.

    ```py title="bad"
    auto_scale_lr = dict(enable=True, base_batch_size=16)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01), accumulative_counts=2)
    ```

    ```py title="good"
    auto_scale_lr = dict(enable=False, base_batch_size=16)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01), accumulative_counts=2)
    ```
    """
    item = context.find('auto_scale_lr.enable')
    counts = context.find('optim_wrapper.accumulative_counts') if item is not None and item.value is True else None
    if item is None or counts is None or not is_number(counts.value) or counts.value <= 1:
        return
    message = f'`auto_scale_lr` does not count that `accumulative_counts` adds up {show(counts.value)} batches'
    advice = Advice('scale the learning rate by hand, and write', 'enable=False')
    yield report_between(context, item, (counts,), message, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, needs=('find_unused_parameters',))
def ignored_find_unused_parameters(context: Context) -> Iterator[Diagnostic]:
    """`find_unused_parameters` at the top level beside `model_wrapper_cfg`, which replaces it.

    The Runner reads the flag only when it makes up the wrapper itself. In distributed training PyTorch then raises
    `RuntimeError: Expected to have finished reduction in the prior iteration` for parameters without gradient.

    ```py title="bad"
    model_wrapper_cfg = dict(type='MMDistributedDataParallel')
    find_unused_parameters = True
    ```

    ```py title="good"
    model_wrapper_cfg = dict(type='MMDistributedDataParallel', find_unused_parameters=True)
    ```
    """
    item, wrapper = context.section('find_unused_parameters'), context.section('model_wrapper_cfg')
    if item is None or item.value is not True or item.key in context.loads:
        return
    if wrapper is None or not isinstance(wrapper.value, dict) or wrapper.value.get('find_unused_parameters') is True:
        return
    if wrapper.value and all(isinstance(key, str) for key in wrapper.value):
        message = '`model_wrapper_cfg` replaces `find_unused_parameters` at the top level'
        advice = Advice('write it in `model_wrapper_cfg`:', 'find_unused_parameters=True')
        yield report_between(context, item, (wrapper,), message, ignored=True, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, needs=('data_preprocessor',))
def ignored_data_preprocessor(context: Context) -> Iterator[Diagnostic]:
    """A `data_preprocessor` at the top level beside another one in `model`, which wins.

    The Runner passes the one at the top level only to a model that does not have the key, be it None. Not reported where
    a config gives its model another one than a base has at the top level: that may well be meant.

    ```py title="bad"
    data_preprocessor = dict(type='BaseDataPreprocessor', non_blocking=True)
    model = dict(type='ToyModel', data_preprocessor=dict(type='BaseDataPreprocessor'))
    ```

    ```py title="good"
    data_preprocessor = dict(type='BaseDataPreprocessor', non_blocking=True)
    model = dict(type='ToyModel')
    ```
    """
    item = context.section('data_preprocessor')
    inner = None if item is None or item.value is None else context.find('model.data_preprocessor')
    if item is None or inner is None or 'data_preprocessor' in context.loads or isinstance(item.value, Unknown):
        return
    if item.value != inner.value and not is_decided_above(context, inner, item):
        message = '`model.data_preprocessor` replaces the `data_preprocessor` at the top level'
        advice = Advice('keep one of the two, and remove the other')
        yield report_between(context, item, (inner,), message, ignored=True, advice=advice)
