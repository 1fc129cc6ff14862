"""The shape of a schedule: a small drawing of what its schedulers do to the learning rate, or to the momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.values import Table
from cfglint.report.schedule_panels import Line
from cfglint.timeline.timeline import Timelines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.server.document import Document
    from cfglint.server.syntax import Key
    from cfglint.timeline.timeline import Points

_BARS = '▁▂▃▄▅▆▇█'
_WIDTH = 60


def shape_of(document: Document, path: Sequence[Key]) -> Iterator[str]:
    """Yield a drawing of the schedule that the list of schedulers makes, or one of them alone."""
    config = document.config
    if config is None or not path or path[0] != 'param_scheduler' or len(path) > 2:
        return
    value = config.get('param_scheduler')
    if len(path) == 2 and isinstance(path[1], int) and isinstance(value, (list, tuple)):
        config = config.with_table(Table({**config.table, 'param_scheduler': value[path[1] : path[1] + 1]}))
    for curve in Timelines().of(config).curves:
        if curve.unknown is not None:
            yield f'{curve.name}: {curve.unknown}'
        elif len({value for _, value in curve.points}) > 1:
            line = Line(curve.name, curve.points)
            yield f'```text\n{curve.name} {_bars(curve.points)}\n```\n{line.words}'


def _bars(points: Points) -> str:
    """Return a bar for each part of the time, as high as the curve gets in it."""
    end, highest = points[-1][0], max(value for _, value in points) or 1.0
    heights: list[float | None] = [None] * _WIDTH
    for at, value in points:
        index = min(int(at / end * _WIDTH), _WIDTH - 1)
        heights[index] = max(value, heights[index] or 0.0)
    bars, last = [], 0.0
    for height in heights:  # where no point is, the curve goes on as it was
        last = last if height is None else height
        bars.append(_BARS[max(0, min(len(_BARS) - 1, int(len(_BARS) * last / highest)))])
    return ''.join(bars)
