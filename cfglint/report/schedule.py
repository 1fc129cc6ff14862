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

    from cfglint.course.course import Course
    from cfglint.report.schedule_panels import Panel
    from cfglint.report.style import Style

_COLOURS: Final = (('cyan', '36'), ('yellow', '33'), ('magenta', '35'), ('green', '32'), ('red', '31'), ('blue', '34'))
_LEFT: Final = 11
"""How many columns stand to the left of the axis."""
_HEIGHT: Final = 12
_WIDEST: Final = 100


def text(courses: Sequence[Course], style: Style = PLAIN) -> str:
    """Return the drawing, what happens below it, and what is assumed."""
    width = min(style.columns or 80, _WIDEST) - _LEFT - 2
    axis = axis_of(courses)
    blocks = [list(_heading(courses))]
    blocks += [list(_panel(panel, width, style)) for panel in panels(courses)]
    blocks += [
        list(_events(course, label, axis, width)) for course, label in zip(courses, labels(courses), strict=True)
    ]
    blocks.append([f'note: {words}' for words in remarks(courses)])
    return '\n\n'.join('\n'.join(block) for block in blocks if block) + '\n'


def _heading(courses: Sequence[Course]) -> Iterator[str]:
    for course in courses:
        length = 'how long it lasts is not known' if course.clock is None else f'{course.clock.length:,} {course.unit}'
        yield f'{shown(course.path)}: {length}'


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


def _events(course: Course, label: str, axis: Axis, width: int) -> Iterator[str]:
    kinds: dict[str, set[int]] = {}
    for event in course.events:
        columns = (int(axis.place(at, course) / axis.end * width + 1e-9) for at in event.at)
        kinds.setdefault(event.kind, set()).update(min(column, width - 1) for column in columns)
    if label and kinds:
        yield f'{label}:'
    for kind, marked in kinds.items():
        yield f'{kind:>{_LEFT - 1}} │{"".join("╵" if column in marked else " " for column in range(width)).rstrip()}'
    yield from (f'{"":{_LEFT}} {event.words}' for event in course.events)


def as_json(courses: Sequence[Course]) -> str:
    """Return a list with an object for each config."""
    return json.dumps([_data(course) for course in courses], indent=2, ensure_ascii=False) + '\n'


def _data(course: Course) -> dict[str, Any]:
    return {
        'path': course.path,
        'unit': course.unit,
        'length': None if course.clock is None else course.clock.length,
        'curves': [curve._asdict() for curve in course.curves],
        'events': [event._asdict() for event in course.events],
        'notes': course.notes,
    }
