"""Sections that MMEngine wants all or none of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability, Edit, Fix, Severity
from cfglint.language.places import Range
from cfglint.rules.cause import is_own, report_absent, report_between, unset
from cfglint.rules.reading.loop import are_set, has_stage, is_set, is_whole
from cfglint.rules.rule import rule
from cfglint.sections.table import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_NOUNS = {'train': 'training', 'val': 'validation', 'test': 'testing'}
_LOOP_FIELDS = frozenset({
    'type', 'by_epoch', 'max_epochs', 'max_iters', 'val_interval', 'val_begin', 'dynamic_intervals', 'fp16', 'interval',
    'begin',
})  # fmt: skip
_LEGACY = {
    'dataloader': ('data',),
    'evaluator': ('evaluation', 'data'),
    'optim_wrapper': ('optimizer', 'optimizer_config'),
    'train_cfg': ('runner', 'total_epochs', 'total_iters'),
    'val_cfg': ('evaluation', 'data'),
    'test_cfg': ('data',),
}
"""The 0.x keys that said what a section says now: where they are left, they are what has to change."""


_READ = frozenset({
    'runner_type', *(name for names in STAGES.values() for name in names),
    *(key for keys in _LEGACY.values() for key in keys),
})  # fmt: skip


@rule(scope='entry', raises='should be either all None or not None', reads=_READ)
def incomplete_section_group(context: Context) -> Iterator[Diagnostic]:
    """A dataloader, loop or evaluator without the other two that its stage needs.

    `train_dataloader`, `train_cfg` and `optim_wrapper` are set together or not at all; so are `val_dataloader`,
    `val_cfg` and `val_evaluator`, and the same three for testing. The Runner raises `ValueError: … should be either all
    None or not None` before anything is built. To leave a stage out, set all three to None.

    ```py title="bad"
    val_evaluator = None
    ```

    ```py title="good"
    val_dataloader = None
    val_cfg = None
    val_evaluator = None
    ```
    """
    if not is_whole(context) or context.value('runner_type', 'Runner') not in ('Runner', 'FlexibleRunner'):
        return
    every = are_set(context, [name for names in STAGES.values() for name in names])
    has_data, has_loop = (any(every[f'{stage}_{part}'] for stage in STAGES) for part in ('dataloader', 'cfg'))
    for stage, names in STAGES.items():
        states = {name: every[name] for name in names}
        missing = [name for name, state in states.items() if state is False]
        if None in states.values() or len(missing) in (0, 3) or _is_explained(context, names, missing):
            continue
        is_open = not has_data or (not has_loop and len(missing) == 2)
        if is_open and not any(name in context for name in missing):
            continue  # a model with its schedule, to which others add the data, or the other way round
        there = [name for name in names if name not in missing]
        item = _place(context, missing, there)
        fix = _fix(context, stage, missing, item)
        raises = f'ValueError: {names[0]}, {names[1]}, and {names[2]} should be either all None or not None'
        advice = _advice(context, stage, names, missing)
        key, message = missing[0], _message(missing, there)
        yield report_absent(context, item, tuple(missing), message, key=key, raises=raises, advice=advice, fix=fix)


def _message(missing: list[str], there: list[str]) -> str:
    absent = ' and '.join(f'`{name}`' for name in missing)
    present = ' and '.join(f'`{name}`' for name in there)
    return f'{absent} {"is" if len(missing) == 1 else "are"} missing, but {present} {"is" if len(there) == 1 else "are"} set'


def _advice(context: Context, stage: str, names: tuple[str, ...], missing: list[str]) -> Advice:
    if missing == ['optim_wrapper'] and isinstance(context.value('optimizer'), dict):
        return Advice('`optimizer` alone is not read; add', 'optim_wrapper = dict(optimizer=optimizer)')
    if missing == [f'{stage}_cfg'] and stage != 'train':
        return Advice('add at the top level', f'{missing[0]} = dict()')
    return Advice(f'set all three, or, for no {_NOUNS[stage]}, write', f'{" = ".join(names)} = None')


def _is_explained(context: Context, names: tuple[str, ...], missing: list[str]) -> bool:
    """Tell whether keys of the 0.x days are the reason, which other rules report.

    They are not where a section is None: who writes that knows what MMEngine reads.
    """
    for name in missing:
        if name in context:
            continue
        ends = [keys for end, keys in _LEGACY.items() if name.endswith(end)]
        if any(key in context and key not in context.loads for keys in ends for key in keys):
            return True
    loop = context.value(names[1])
    return isinstance(loop, dict) and bool(loop) and _LOOP_FIELDS.isdisjoint(loop) and names[1] != 'val_cfg'


def _place(context: Context, missing: list[str], there: list[str]) -> Item:
    """Return what to point at: what the config itself sets, before what it inherits; None before a value."""
    items = [item for name in (*missing, *there) if (item := context.section(name)) is not None]
    return next((item for item in items if is_own(context, item)), items[0])


def _fix(context: Context, stage: str, missing: list[str], item: Item) -> Fix | None:
    """A loop for evaluation needs no arguments: it can be added."""
    loop = f'{stage}_cfg'
    if missing != [loop] or stage == 'train' or loop in context or context.style == 'data':
        return None
    span = context.key_span(item)
    if span is None or item.origin is None or not is_own(context, item):
        return None
    text = item.origin.source.text
    if span.start and text[span.start - 1] != '\n':
        return None
    place = item.origin.source.span(Range(span.start, span.start))
    return Fix(f'Add `{loop} = dict()`', (Edit(place, f'{loop} = dict()\n'),), Applicability.UNSAFE, (loop,))


@rule(
    scope='entry',
    raises='param_scheduler should be None when optim_wrapper is None',
    reads=('param_scheduler', 'train_cfg', 'optim_wrapper', 'optimizer', 'data', 'train_dataloader'),
    needs=('param_scheduler',),
)
def scheduler_without_optimizer(context: Context) -> Iterator[Diagnostic]:
    """A `param_scheduler` in a config that does not train.

    Without `optim_wrapper`, the Runner raises `ValueError: param_scheduler should be None when optim_wrapper is None`.

    ```py title="bad"
    train_dataloader = None
    train_cfg = None
    optim_wrapper = None
    param_scheduler = dict(type='StepLR', step_size=3)
    ```

    ```py title="good"
    param_scheduler = dict(type='StepLR', step_size=1)
    ```
    """
    item = context.section('param_scheduler')
    if item is None or item.value is None or not is_whole(context) or has_stage(context, 'train') is not False:
        return
    if not any(key in context for key in ('optimizer', 'data')):
        message = 'schedulers need an optimizer, but `optim_wrapper` is not set'
        raises = 'ValueError: param_scheduler should be None when optim_wrapper is None'
        others = unset(context, *STAGES['train'])
        advice = Advice('write', 'param_scheduler = None')
        yield report_between(context, item, others, message, raises=raises, advice=advice)


@rule(
    scope='entry',
    severity=Severity.INFO,
    raises="'model'",
    reads=('model', 'train_dataloader', 'train_cfg', 'optim_wrapper'),
)
def missing_model(context: Context) -> Iterator[Diagnostic]:
    """A config with everything that training needs, but no `model`.

    `Runner.from_cfg` reads `cfg['model']` and raises `KeyError: 'model'`. Whether other files add one, no one can tell
    from this file.

    ```py title="bad"
    model = dict(type='ToyModel')
    train_cfg = dict(by_epoch=True, max_epochs=2)
    del model
    ```

    ```py title="good"
    model = dict(type='ToyModel')
    train_cfg = dict(by_epoch=True, max_epochs=2)
    ```
    """
    item = context.section('train_cfg')
    if item is not None and is_set(context, 'model') is False and has_stage(context, 'train'):
        advice = Advice('add `model`, or a base that has it')
        place = context.section('model') or item
        yield context.report(place, '`model` is missing', raises="KeyError: 'model'", advice=advice)
