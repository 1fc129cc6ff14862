"""Test-time augmentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.era import can_run, is_below_base_folder
from cfglint.rules.cause import report_absent, report_between
from cfglint.rules.reading.lookup import installation_of
from cfglint.rules.reading.loop import is_set, is_whole
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', severity=Severity.INFO, raises='please make sure', needs=('tta_model', 'tta_pipeline'))
def incomplete_tta(context: Context) -> Iterator[Diagnostic]:
    """A `tta_model` without `tta_pipeline`, or the other way round.

    MMEngine's `build_runner_with_tta` raises `AssertionError: please make sure … is defined in your config`; the test
    scripts of some libraries have a default for one of them. What only comes from a shared base, such as a
    `default_runtime.py` with a `tta_model`, is not reported: nobody has asked for test-time augmentation there.

    ```py title="bad"
    tta_model = dict(type='ToyTTAModel')
    ```

    ```py title="good"
    tta_model = dict(type='ToyTTAModel')
    tta_pipeline = [dict(type='ToyTransform')]
    ```
    """
    for name, other in (('tta_model', 'tta_pipeline'), ('tta_pipeline', 'tta_model')):
        item = context.section(name)
        if item is None or item.value is None or other in context:
            continue
        if not is_whole(context) or not can_run(context) or name in context.loads:
            continue
        if not _is_asked_for(context, item):
            continue
        message = f'test-time augmentation needs `{other}`, too, which is missing'
        raises = f'AssertionError: please make sure {other} is defined in your config.'
        advice = Advice(f'add `{other}`, or remove `{name}`')
        yield report_absent(context, item, (other,), message, raises=raises, advice=advice)


def _is_asked_for(context: Context, item: Item) -> bool:
    """Tell whether a section is written in a config that runs, rather than in a base that serves many."""
    writers = [each for each in context.lineage if item.origin is not None and each.source is item.origin.source]
    return any(can_run(each.table) and not is_below_base_folder(each.path) for each in writers)


@rule(
    scope='entry',
    severity=Severity.WARNING,
    raises='pipeline',
    needs=('tta_model', 'tta_pipeline'),
)
def tta_with_wrapped_dataset(context: Context) -> Iterator[Diagnostic]:
    """A wrapped dataset for testing beside `tta_pipeline`: the pipeline lands in the wrapper.

    `build_runner_with_tta` writes `tta_pipeline` to `test_dataloader.dataset.pipeline`; a wrapper of datasets raises
    `TypeError: got an unexpected keyword argument 'pipeline'`. What only comes from a shared base is not reported.

    ```py title="bad"
    tta_model = dict(type='ToyTTAModel')
    tta_pipeline = [dict(type='ToyTransform')]
    test_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=dict(type='RepeatDataset', times=1, dataset=dict(type='ToyDataset')),
    )
    ```

    ```py title="good"
    tta_model = dict(type='ToyTTAModel')
    tta_pipeline = [dict(type='ToyTransform')]
    test_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]),
    )
    ```
    """
    if not (is_set(context, 'tta_model') and is_set(context, 'tta_pipeline')):
        return
    item, pipeline = context.find('test_dataloader.dataset.type'), context.section('tta_pipeline')
    if pipeline is None or not _is_asked_for(context, pipeline):
        return
    if item is not None and isinstance(item.value, str) and _takes_pipeline(context, item.value) is False:
        message = f'test-time augmentation sets the pipeline of `{item.value}`, which has none'
        raises = f"TypeError: {item.value}.__init__() got an unexpected keyword argument 'pipeline'"
        inner = context.find('test_dataloader.dataset.dataset')
        text = None if inner is None else context.source_text(inner)
        advice = Advice('test with a dataset that is not wrapped')
        if text is not None and '\n' not in text:
            advice = Advice('test with the dataset inside: in `test_dataloader`, write', f'dataset={text}')
        yield report_between(context, item, (pipeline,), message, raises=raises, advice=advice)


def _takes_pipeline(context: Context, dataset: str) -> bool | None:
    """Tell whether a dataset has a pipeline; None where that is not known."""
    installation = installation_of(context)
    component = installation.find(dataset, 'DATASETS', context.scope)
    return None if component is None else installation.signature(component).accepts('pipeline')
