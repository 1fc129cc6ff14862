"""Schedules on a terminal, drawn with braille dots, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from plotille import Canvas

from cfglint.report.schedule_panels import NAMES, Axis, axis_of, labels, panels, remarks
from cfglint.report.sources import shown
from cfglint.report.style import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.report.schedule_panels import Panel
    from cfglint.report.style import Style
    from cfglint.timeline.timeline import Timeline

_COLOURS: Final = (('cyan', '36'), ('yellow', '33'), ('magenta', '35'), ('green', '32'), ('red', '31'), ('blue', '34'))
_LEFT: Final = 11
"""How many columns stand to the left of the axis."""
_HEIGHT: Final = 12
_WIDEST: Final = 100


def text(timelines: Sequence[Timeline], style: Style = PLAIN) -> str:
    """Return the drawing, what happens below it, and what is assumed."""
    width = min(style.columns or 80, _WIDEST) - _LEFT - 2
    axis = axis_of(timelines)
    blocks = [list(_heading(timelines))]
    blocks += [list(_panel(panel, width, style)) for panel in panels(timelines)]
    blocks += [
        list(_events(timeline, label, axis, width))
        for timeline, label in zip(timelines, labels(timelines), strict=True)
    ]
    blocks.append([f'note: {words}' for words in remarks(timelines)])
    return '\n\n'.join('\n'.join(block) for block in blocks if block) + '\n'


def _heading(timelines: Sequence[Timeline]) -> Iterator[str]:
    for timeline in timelines:
        length = (
            'how long it lasts is not known' if timeline.clock is None else f'{timeline.clock.length:,} {timeline.unit}'
        )
        yield f'{shown(timeline.path)}: {length}'


def _panel(panel: Panel, width: int, style: Style) -> Iterator[str]:
    room = (panel.highest - panel.lowest) * 0.02
    canvas = Canvas(width, _HEIGHT, 0, panel.lowest, panel.end, panel.highest + room)
    for index, line in enumerate(panel.lines):
        colour = _COLOURS[index % len(_COLOURS)][0] if style.colour else None
        for before, after in zip(line.points, line.points[1:], strict=False):
            canvas.line(*before, *after, color=colour)
    yield style.bold(NAMES[panel.parameter])
    for row, dots in enumerate(canvas.plot(linesep='\n').split('\n')):
        value = panel.level(1 - row / _HEIGHT) if row % 3 == 0 else ''
        yield f'{value:>{_LEFT - 1}} │{dots.rstrip("⠀")}'
    yield f'{panel.level(0):>{_LEFT - 1}} └{"─" * width}'
    middle, end = panel.time(0.5), f'{panel.time(1)} {panel.unit}'
    yield f'{"":{_LEFT + 1}}0{middle.center(width - 1 - len(end))}{end}'.rstrip()
    for index, line in enumerate(panel.lines):
        yield f'{"":{_LEFT}} {style.paint(_COLOURS[index % len(_COLOURS)][1], "⠤⠤")} {line.label}: {line.words}'


def _events(timeline: Timeline, label: str, axis: Axis, width: int) -> Iterator[str]:
    kinds: dict[str, set[int]] = {}
    for event in timeline.events:
        columns = (int(axis.place(at, timeline) / axis.end * width + 1e-9) for at in event.at)
        kinds.setdefault(event.kind, set()).update(min(column, width - 1) for column in columns)
    if label and kinds:
        yield f'{label}:'
    for kind, marked in kinds.items():
        yield f'{kind:>{_LEFT - 1}} │{"".join("╵" if column in marked else " " for column in range(width)).rstrip()}'
    yield from (f'{"":{_LEFT}} {event.words}' for event in timeline.events)


def as_json(timelines: Sequence[Timeline]) -> str:
    """Return a list with an object for each config."""
    return json.dumps([_data(timeline) for timeline in timelines], indent=2, ensure_ascii=False) + '\n'


def _data(timeline: Timeline) -> dict[str, Any]:
    return {
        'path': timeline.path,
        'unit': timeline.unit,
        'length': None if timeline.clock is None else timeline.clock.length,
        'curves': [curve._asdict() for curve in timeline.curves],
        'events': [event._asdict() for event in timeline.events],
        'notes': timeline.notes,
    }
