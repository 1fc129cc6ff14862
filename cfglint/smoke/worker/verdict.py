"""Is what the iteration computed sound? Raises `Unhealthy`, or gives hints."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Iterator, Tuple

from . import stages
from .failure import Unhealthy

if TYPE_CHECKING:
    from .blame import Blame
    from .observe import Observer, OptimizerRecord

SHOWN = 5
Trouble = Tuple[Tuple[int, int], Unhealthy]
"""When it came, and what it is: the first is the cause of the others."""


def listed(names: list[str]) -> str:
    more = f', … ({len(names)} in all)' if len(names) > SHOWN else ''
    return ', '.join(names[:SHOWN]) + more


def check_health(observer: Observer, blame: Blame) -> None:
    """Raise for losses, gradients or parameters that are not finite, and for steps that moved nothing."""
    troubles = [*_broken_losses(observer, blame)]
    for record in observer.records:
        troubles += _broken_steps(record, blame)
    if troubles:
        raise min(troubles, key=lambda trouble: trouble[0])[1]
    for record in observer.records:
        _check_progress(record)
    if observer.micro_batches and not any(record.steps for record in observer.records):
        raise Unhealthy(f'no optimizer stepped within {observer.index} micro-batches', stages.STEP, 'optim_wrapper')


def _broken_losses(observer: Observer, blame: Blame) -> Iterator[Trouble]:
    for batch in observer.micro_batches:
        # What is only logged, an accuracy of nothing, say, may be any number.
        logged = {name: value for name, value in batch['losses'].items() if 'loss' in name}
        trained = dict(batch['backward'])
        losses = {**logged, **trained}
        if any(not math.isfinite(value) for value in (trained or logged).values()):
            # The terms tell more than their sum.
            broken = [name for name, value in losses.items() if not math.isfinite(value)]
            name = next((name for name in broken if name not in ('loss', *trained)), broken[0])
            text = f'the loss `{name}` is {losses[name]} in micro-batch {batch["index"]}'
            yield (batch['index'], 0), _cause(observer, batch, blame) or Unhealthy(text, stages.FORWARD, 'model')


def _cause(observer: Observer, batch: dict[str, Any], blame: Blame) -> Unhealthy | None:
    """What was broken before a loss was, if that is known."""
    index = batch['index']
    if not batch['finite']['read']:
        text = f'the samples of micro-batch {index} hold numbers that are not finite, and so is the loss'
        return Unhealthy(text, stages.DATASET, 'train_dataloader.dataset')
    if not batch['finite']['preprocessed']:
        text = f'the preprocessor makes numbers that are not finite in micro-batch {index}, and so is the loss'
        return Unhealthy(text, stages.FORWARD, blame.of_preprocessor())
    broken = [(record.name, name) for record in observer.records for name in record.broken_before]
    if broken:
        text = f'these parameters are not finite before the first step: {listed([name for _, name in broken])}'
        return Unhealthy(text, stages.MODEL, blame.of_parameter(broken[0][1]))
    return None


def _broken_steps(record: OptimizerRecord, blame: Blame) -> Iterator[Trouble]:
    for step in record.steps:
        index = step['micro_batch']
        names = step['gradients']['broken']
        if names and not step['skipped']:
            text = f'the gradients of {listed(names)} are not finite in micro-batch {index}'
            yield (index, 1), Unhealthy(text, stages.BACKWARD, blame.of_parameter(names[0]))
        names = step.get('not_finite', [])
        if names:
            text = f'after the step in micro-batch {index} these parameters are not finite: {listed(names)}'
            yield (index, 2), Unhealthy(text, stages.STEP, record.name)


def _check_progress(record: OptimizerRecord) -> None:
    if not record.steps or not record.holds_values():
        return
    if not record.effective():
        scale = record.steps[-1].get('scale_after')
        text = f'the loss scaler skipped all of {len(record.steps)} steps: the gradients overflow even at scale {scale}'
        raise Unhealthy(text, stages.BACKWARD, record.name)
    if not any(step.get('moved') for step in record.steps) and not _warms_up(record):
        rates = sorted({rate for step in record.steps for rate in step['lr']})
        raise Unhealthy(
            f'the optimizer stepped, but no parameter moved (learning rate {rates})', stages.STEP, record.name
        )


def _warms_up(record: OptimizerRecord) -> bool:
    """Whether the learning rate is on its way up: a warm-up may begin where it is too small to move anything."""
    rates = [max(step['lr'], default=0.0) for step in record.effective()]
    if len(rates) > 1:
        return rates[-1] > rates[0]
    return any(group.get('initial_lr', 0.0) > rates[0] for group in record.wrapper.optimizer.param_groups)


def hints(observer: Observer, find_unused: bool) -> list[dict[str, Any]]:
    """What a person should know of an iteration that ran."""
    found = []
    for record in observer.records:
        found.extend(_hints_of(record, find_unused))
    for name in observer.idle():
        text = f'the optimizer did not step within {observer.index} micro-batches'
        found.append({'kind': 'idle optimizer', 'key': name, 'message': text})
    return found


def _hints_of(record: OptimizerRecord, find_unused: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def hint(kind: str, message: str) -> None:
        found.append({'kind': kind, 'key': record.name, 'message': message})

    effective = record.effective()
    if not effective:
        return found
    if not any(step['moved'] for step in effective) and record.holds_values():
        hint('warm-up', f'the learning rate begins at {max(effective[0]["lr"], default=0.0):.3g}: nothing moved yet')
    unused = list(effective[-1]['gradients']['missing'])
    if unused and not find_unused:
        remedy = 'distributed training needs find_unused_parameters=True, or fails in its second iteration'
        hint('unused parameters', f'{len(unused)} parameters never got a gradient: {listed(unused)}; {remedy}')
    if record.skipped_steps():
        state = f'the first {record.skipped_steps()} steps and is at {record.steps[-1].get("scale_after")} now'
        hint('skipped steps', f'the loss scaler skipped {state}, which is normal')
    configured = int(getattr(record.wrapper, '_accumulative_counts', 1))
    observed = record.steps[0]['micro_batch']
    if observed < configured:
        hint(
            'accumulation',
            f'accumulative_counts is {configured}, but the optimizer stepped in micro-batch {observed}',
        )
    early = effective[0]['moved_before']
    if early:
        hint(
            'moved before the step',
            f'{len(early)} parameters had moved before the optimizer stepped: {listed(early)}',
        )
    still = effective[-1]['gradients']['zero']
    if len(effective) > 1 and still:
        hint('zero gradients', f'{len(still)} parameters got a gradient that is exactly zero: {listed(still)}')
    return found
