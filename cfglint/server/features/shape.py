"""The shape of a schedule: a small drawing of what its schedulers do to the learning rate, or to the momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.rules.reading.loop import is_number, train_loop
from cfglint.schedules.schedulers import NoCurve, Training, curve, parameter_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.server.document import Document
    from cfglint.server.syntax import Key

_BARS = '▁▂▃▄▅▆▇█'
_WIDTH = 60
_EPOCH_LENGTH = 1000
"""Iterations of an epoch, where the number of pictures is not known: the shape is about the same."""
_MAX_ITERATIONS = 400_000


def shape_of(document: Document, path: Sequence[Key]) -> Iterator[str]:
    """Yield a drawing of the schedule that the list of schedulers makes, or one of them alone."""
    context = document.context
    if context is None or not path or path[0] != 'param_scheduler' or len(path) > 2:
        return
    value = context.value('param_scheduler')
    schedulers = [value] if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else []
    if len(path) == 2 and isinstance(path[1], int):
        schedulers = schedulers[path[1] : path[1] + 1]
    training = _training(document)
    if training is None or not all(isinstance(each, dict) and isinstance(each.get('type'), str) for each in schedulers):
        return
    names = {parameter_of(each['type'].rpartition('.')[2]) for each in schedulers}
    for name in sorted(each for each in names if each is not None):
        start = context.value(f'optim_wrapper.optimizer.{name}')
        if is_number(start):
            yield from _drawing(schedulers, float(start), training, name)


def _training(document: Document) -> Training | None:
    context = document.context
    loop = None if context is None else train_loop(context)
    if loop is None or loop.length is None or loop.length <= 0:
        return None
    length = int(loop.length) * (_EPOCH_LENGTH if loop.by_epoch else 1)
    return Training(length, _EPOCH_LENGTH) if length <= _MAX_ITERATIONS else None


def _drawing(schedulers: Sequence[dict[str, Any]], start: float, training: Training, name: str) -> Iterator[str]:
    plain = [{key: value for key, value in each.items() if not key.startswith('_')} for each in schedulers]
    plain = [{**each, 'type': each['type'].rpartition('.')[2]} for each in plain]
    try:
        values = list(curve(plain, start, training, name))
    except NoCurve as error:
        yield f'{name}: {error}'
        return
    step = max(1, len(values) // _WIDTH)
    parts = [values[index : index + step] for index in range(0, len(values), step)][:_WIDTH]
    highest = max(values) or 1.0
    bars = ''.join(_BARS[min(len(_BARS) - 1, int(len(_BARS) * max(part) / highest))] for part in parts)
    yield f'```text\n{name} {bars}\n```\nfrom {values[0]:.4g}, highest {highest:.4g}, at the end {values[-1]:.4g}'
