"""Results for people."""

from __future__ import annotations

import math
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from cfglint.smoke.quantities import in_words
from cfglint.smoke.results import Failure, Frame, Report, Result, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SHOWN_FRAMES = 3
SHOWN_TENSORS = 3
WORDS = {
    Status.OK: 'ok',
    Status.PARTIAL: 'partial',
    Status.FAILED: 'FAILED',
    Status.UNFIT: 'skipped',
    Status.UNSUPPORTED: 'unsupported',
    Status.NEEDS_DOWNLOAD: 'needs a download',
    Status.SAME: 'same',
    Status.LEFT_OUT: 'left out',
}


def render(report: Report) -> str:
    """All results, and how many there are of each kind."""
    lines = [one(result, details=len(report.results) == 1) for result in report.results]
    return '\n'.join([*lines, *([summary(report.results)] if len(lines) > 1 else [])]) + '\n'


def one(result: Result, *, traceback: bool = False, details: bool = False) -> str:
    """One result: a line if all is well, and what to know if not."""
    words = headline(result)
    lines = [f'{WORDS[result.status]:<8} {_shown(result.config)}{": " * bool(words)}{words}']
    if result.failure is not None:
        lines += shown_failure(result.failure, traceback=traceback)
    if result.details:
        lines += [f'{hint["kind"]} ({hint["key"]}): {hint["message"]}' for hint in result.details.get('hints', ())]
        lines += list(_blocked(result.details))
        lines += list(_trials(result))
        lines += list(_sizes(result.details))
        if (result.details.get('checkpoint') or {}).get('refused'):
            lines.append('resuming: this torch refuses the checkpoint: set TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD=1')
        if details:
            lines += list(_details(result.details))
    return '\n'.join([lines[0], *(f'    {line}' for line in lines[1:])])


def summary(results: Iterable[Result]) -> str:
    counts = Counter(result.status for result in results)
    return (
        ', '.join(f'{counts[status]} {word.lower()}' for status, word in WORDS.items() if counts[status])
        or 'no configs'
    )


def headline(result: Result) -> str:
    """What to say of a config that did not fail, in a line; nothing for others."""
    if result.status is Status.SAME:
        return f'runs the same as {_shown(result.reason or "")}'
    if result.reason is not None:
        return result.reason
    if result.status is Status.FAILED:
        return ''
    if result.details.get('model'):
        return _size(result.details['model'])
    steps = [(optimizer, optimizer['steps'][0]) for optimizer in result.details['optimizers'] if optimizer['steps']]
    return '; '.join(_step(optimizer, step) for optimizer, step in steps)


def _size(model: Mapping[str, Any]) -> str:
    """What `--meta` found, in one line."""
    total = model['total']
    known = sum(total[name] for name in ('parameter_bytes', 'gradient_bytes', 'state_bytes', 'buffer_bytes'))
    least = any(optimizer['state_unknown'] for optimizer in model['optimizers'])
    memory = f'{"at least " if least else ""}{_bytes(known)} to train, without activations'
    return f'{total["parameters"]:,} parameters, {total["trainable"]:,} of them trainable, {memory}'


def _step(optimizer: Mapping[str, Any], step: Mapping[str, Any]) -> str:
    last = optimizer['steps'][-1]
    name = optimizer['key'].partition('.')[2]
    rates = _range(step['lr'])
    return (f'{name + " " if name else ""}{optimizer["type"]} stepped after micro-batch {step["micro_batch"]}, '
            f'lr {rates}, {last["moved"]} of {optimizer["trainable"]} parameters moved')  # fmt: skip


def _range(rates: list[float]) -> str:
    if not rates:
        return 'unknown'
    return f'{rates[0]:.3g}' if len(rates) == 1 else f'{rates[0]:.3g}…{rates[-1]:.3g}'


def shown_failure(failure: Failure, *, traceback: bool = False) -> list[str]:
    """What failed and where, the innermost frames, and what to do, in lines."""
    stage = failure.stage if failure.during in ('', failure.stage) else f'{failure.stage}, during {failure.during}'
    place = ', '.join(part for part in (failure.key and f'`{failure.key}`', failure.place) if part)
    first, *rest = failure.raised.splitlines() or ['']
    lines = [f'{stage}: {place + ": " if place else ""}{first}', *rest[:6]]
    lines += [_frame(frame) for frame in chosen_frames(failure.frames)]
    if failure.remedy:
        lines.append(f'remedy: {failure.remedy}')
    if traceback and failure.traceback:
        lines += failure.traceback.splitlines()
    return lines


def chosen_frames(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """The innermost frames of the user's code, or of the library where no code of the user is involved."""
    user = tuple(frame for frame in frames if frame.user)
    return (user or frames)[-SHOWN_FRAMES:]


def _frame(frame: Frame) -> str:
    return f'  {_shown(frame.file)}:{frame.line} in {frame.function}' + (f': {frame.text}' if frame.text else '')


def _blocked(details: Mapping[str, Any]) -> Iterator[str]:
    for kind, what in sorted({(kind, what) for kind, what in details.get('blocked', ())})[:10]:
        option = '--allow-writes' if kind == 'write' else '--allow-downloads'
        yield f'blocked {"writing" if kind == "write" else "network access"}: {what} (see {option})'
    if details.get('left_behind'):
        yield f'{details["left_behind"]} processes were left behind, and ended'


def _trials(result: Result) -> Iterator[str]:
    """What --find-batch-size found."""
    details = result.details
    for trial in details.get('trials', ()):
        peak = f', {_bytes(trial["peak"])}' if trial['peak'] else ''
        seconds = f', {trial["seconds"]:.3f} s' if trial['seconds'] else ''
        yield f'batch size {trial["size"]}: {trial["status"]}{peak}{seconds}'
    lacks_memory = result.failure is None or result.failure.stage == 'out of memory'
    if details.get('trials') and (details['largest_batch_size'] or lacks_memory):
        yield f'largest batch size that fits: {details["largest_batch_size"] or "none"}'
    for rank, state in enumerate(details.get('ranks', ())):
        yield f'rank {rank}: {state["status"]}' + (f' ({state["failure"]})' if state['failure'] else '')


def _sizes(details: Mapping[str, Any]) -> Iterator[str]:
    """What --small and --max-memory found."""
    small, fits = details.get('small'), details.get('fit')
    if small:
        shrunk = f'the sides of images are divided by {small["factor"]}' if small['factor'] else ''
        yield f'small: {shrunk or "left alone, " + small["left_alone"]}'
    if fits:
        needed = f'about {_bytes(fits["needed"])} of {_bytes(fits["limit"])} for a batch of {fits["batch_size"]}'
        largest = f'about {fits["largest"]}' if fits['largest'] else 'none'
        yield f'device memory: {needed}; largest batch that fits: {largest}'


def _details(details: Mapping[str, Any]) -> Iterator[str]:
    batches = details.get('micro_batches') or []
    for batch in batches:
        losses = ', '.join(f'{name} {_number(value)}' for name, value in batch['losses'].items())
        yield f'micro-batch {batch["index"]}: {batch["seconds"]:.3f} s, data {batch["data_seconds"]:.3f} s; {losses}'
    for optimizer in details.get('optimizers', ()):
        for step in optimizer['steps']:
            yield f'{optimizer["key"]} in micro-batch {step["micro_batch"]}: ' + _step_details(step)
    yield from _model(details.get('model') or {})
    parameters = details.get('parameters')
    if parameters:
        tensors = f'{parameters["count"]} tensors, {parameters["frozen"]} of them frozen'
        yield f'parameters: {parameters["elements"]:,} in {tensors}'
    yield from _resources(details)
    if details.get('synthetic'):
        yield f'synthetic data for {", ".join(dict.fromkeys(details["synthetic"]))}'
    if details.get('skipped_weights'):
        yield f'weights not loaded: {", ".join(details["skipped_weights"])}'
    if details.get('checkpoint'):
        yield f'checkpoint: {_bytes(details["checkpoint"]["bytes"])}, saved and loaded again'
    for metric, value in (details.get('metrics') or {}).items():
        yield f'metric {metric}: {_number(value)}'
    for change in details.get('changes', ()):
        yield f'changed {change["key"]}: {change["old"]} -> {change["new"]} ({change["why"]})'


def _model(model: Mapping[str, Any]) -> Iterator[str]:
    """What `--meta` found, for each part of the model."""
    parts = [part for part in model.get('parts', ()) if part['parameters']]
    for part in [*parts, *([{'name': 'all', **model['total']}] if model else ())]:
        memory = ', '.join(
            f'{word} {_bytes(part[key])}'
            for word, key in (('parameters', 'parameter_bytes'), ('gradients', 'gradient_bytes'),
                              ('optimizer', 'state_bytes'), ('buffers', 'buffer_bytes'))
        )  # fmt: skip
        yield f'{part["name"]}: {part["parameters"]:,} parameters in {part["tensors"]} tensors; {memory}'
    for tensor in sorted(model.get('tensors', ()), key=lambda each: -math.prod(each['shape']))[:SHOWN_TENSORS]:
        yield f'largest: {tensor["name"]} {tuple(tensor["shape"])} {tensor["dtype"]}'
    for optimizer in model.get('optimizers', ()):
        state = f'unknown ({optimizer["state_unknown"]})' if optimizer['state_unknown'] else _bytes(
            optimizer['state_bytes'])  # fmt: skip
        holds = f'holds {optimizer["elements"]:,} parameters, groups: {optimizer["groups"]}'
        yield f'{optimizer["key"]}: {optimizer["type"]} {holds}, lr {_range(optimizer["lr"])}; its state: {state}'
    if model.get('without_optimizer'):
        names = model['without_optimizer']
        yield f'trainable, but in no optimizer: {", ".join(names[:5])}' + (f', … ({len(names)})' * (len(names) > 5))


def _step_details(step: Mapping[str, Any]) -> str:
    parts = [f'lr {_range(step["lr"])}', f'gradient norm {_number(step["gradient_norm"])}', f'{step["moved"]} moved']
    if step['scale_before'] is not None:
        parts.append(f'loss scale {step["scale_before"]:g} -> {step["scale_after"]:g}')
    if step['zero_gradient']:
        parts.append(f'{step["zero_gradient"]} with a zero gradient')
    return ', '.join(parts) + (' (skipped by the loss scaler)' if step['skipped'] else '')


def _resources(details: Mapping[str, Any]) -> Iterator[str]:
    memory = details.get('memory') or {}
    if memory.get('peak_allocated'):
        total = f' of {_bytes(memory["total"])}' if memory.get('total') else ''
        reserved = f'{_bytes(memory["peak_reserved"])} reserved{total}'
        yield f'device memory: {_bytes(memory["peak_allocated"])} allocated, {reserved}'
    if memory.get('peak_rss'):
        yield f'host memory: {_bytes(memory["peak_rss"])}'
    estimate = details.get('estimate')
    if estimate:
        basis = (
            'the first micro-batch only'
            if estimate['only_first']
            else f'{estimate["steady"] + estimate["data"]:.3f} s each'
        )
        length = f'{in_words(estimate["seconds"])} for {estimate["iterations"]} iterations'
        yield f'full run: about {length} ({basis}, data read in the process)'


def _number(value: Any) -> str:
    return f'{value:.4g}' if isinstance(value, (int, float)) else str(value)


def _bytes(size: float) -> str:
    if size < 1 << 10:
        return f'{size:.0f} B'
    if size < 1 << 20:
        return f'{size / (1 << 10):.0f} KiB'
    return f'{size / (1 << 30):.2f} GiB' if size >= 1 << 30 else f'{size / (1 << 20):.0f} MiB'


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith('..') else relative
