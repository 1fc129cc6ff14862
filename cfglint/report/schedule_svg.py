"""Schedules as a picture (SVG): a panel for each hyper-parameter, with what happens in the training below it."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from cfglint.report.schedule_panels import NAMES, Axis, axis_of, labels, panels, remarks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.report.schedule_panels import Panel
    from cfglint.timeline.setup import Event
    from cfglint.timeline.timeline import Timeline

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _LINE, _ROW = 720, 200, 92, 24, 18, 26
_LETTERS: Final = 95
"""How many letters stand beside each other."""
_COLOURS: Final = ('#0969da', '#bc4c00', '#8250df', '#1a7f37', '#cf222e', '#9a6700')
_DASHES: Final = ('', '6 3', '2 3', '9 3 2 3')
"""Lines differ in more than their colour: after each round of colours they are dashed another way."""
STYLE: Final = (
    '.schedule text{font:12px ui-sans-serif,system-ui,sans-serif;fill:#1f2328}'
    '.schedule .name{font-weight:600}.schedule .faint{fill:#59636e}'
    '.schedule .axis{stroke:#8c959f;fill:none}.schedule .grid{stroke:#d1d9e0;fill:none}'
    '.schedule .mark{stroke:#59636e;fill:none}.schedule .turn{stroke:#59636e;stroke-dasharray:3 3;fill:none}'
    '.schedule .curve{fill:none;stroke-width:2}'
)
"""For light backgrounds; a page with a dark one overrides it."""


def svg(timelines: Sequence[Timeline]) -> str:
    """Return a picture that stands alone."""
    return drawing(timelines, f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>')


def drawing(timelines: Sequence[Timeline], before: str = '') -> str:
    """Return a picture for a page that has the style; what `before` holds is drawn first."""
    axis = axis_of(timelines)
    parts: list[str] = []
    top = 8.0
    for panel in panels(timelines):
        lines = list(_panel(panel, top, list(_turns(timelines, axis))))
        parts += lines
        top += _LINE + _HEIGHT + _LINE * (2 + len(panel.lines)) + 14
    for timeline, label in zip(timelines, labels(timelines), strict=True):
        rows = list(_rows(timeline, label, axis, top))
        parts += rows
        top += _ROW * len(rows)
    words = [line for remark in remarks(timelines) for line in wrap(remark, _LETTERS)]
    notes = [_text(_LEFT, top + _LINE * (index + 1), line, 'faint') for index, line in enumerate(words)]
    height = top + _LINE * (len(notes) + 1)
    title = ', '.join(timeline.name for timeline in timelines)
    return (
        f'<svg class="schedule" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}" '
        f'role="img"><title>Schedule of {_escaped(title)}</title>{before}{"".join([*parts, *notes])}</svg>\n'
    )


def _panel(panel: Panel, top: float, turns: Sequence[tuple[float, str]]) -> Iterator[str]:
    bottom = top + _LINE + _HEIGHT
    span = (panel.highest - panel.lowest) or 1.0

    def at(x: float, y: float) -> str:
        return f'{_across(x / panel.end):.1f},{bottom - (y - panel.lowest) / span * _HEIGHT:.1f}'

    yield _text(_LEFT, top + 10, NAMES[panel.parameter], 'name')
    for quarter in range(5):
        y = bottom - quarter / 4 * _HEIGHT
        yield f'<path class="{"grid" if quarter else "axis"}" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>'
        yield _text(_LEFT - 8, y + 4, panel.level(quarter / 4), 'faint', 'end')
        anchor = 'end' if quarter == 4 else 'middle'
        words = panel.time(quarter / 4) + (f' {panel.unit}' if quarter == 4 else '')
        yield _text(_across(quarter / 4), bottom + 16, words, 'faint', anchor)
    for x, words in turns:
        place = _across(x / panel.end)
        yield f'<path class="turn" d="M{place:.1f} {top + _LINE:.1f}V{bottom:.1f}"><title>{_escaped(words)}</title></path>'
    for index, line in enumerate(panel.lines):
        stroke = f'stroke="{_COLOURS[index % len(_COLOURS)]}"'
        dashes = _DASHES[index // len(_COLOURS) % len(_DASHES)]
        stroke += f' stroke-dasharray="{dashes}"' if dashes else ''
        yield f'<polyline class="curve" {stroke} points="{" ".join(at(*point) for point in line.points)}"/>'
        y = bottom + _LINE * (2 + index)
        yield f'<path class="curve" {stroke} d="M{_LEFT} {y - 4:.1f}h24"/>'
        yield _text(_LEFT + 32, y, f'{line.label}: {line.words}')


def _turns(timelines: Sequence[Timeline], axis: Axis) -> Iterator[tuple[float, str]]:
    """Yield where the model or its data change for good, and how."""
    for timeline in timelines:
        for event in timeline.events:
            if event.kind in ('pipeline', 'freezing'):
                yield from ((axis.place(at, timeline), event.words) for at in event.at if at > 0)


def _rows(timeline: Timeline, label: str, axis: Axis, top: float) -> Iterator[str]:
    """Yield a row for each event: marks for when it happens, below the axis, and its name."""
    if label and timeline.events:
        yield _text(_LEFT, top + _ROW - 8, label, 'name')
        top += _ROW
    for index, event in enumerate(timeline.events):
        y = top + _ROW * (index + 1) - 12
        yield f'<g>{_marks(event, timeline, axis, y)}{_text(_LEFT, y, event.words)}</g>'


def _marks(event: Event, timeline: Timeline, axis: Axis, y: float) -> str:
    places = dict.fromkeys(f'{_across(axis.place(at, timeline) / axis.end):.0f}' for at in event.at)
    return f'<path class="mark" d="{"".join(f"M{x} {y + 4:.0f}v5" for x in places)}"/>'


def _across(part: float) -> float:
    return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)


def _text(x: float, y: float, words: str, kind: str = '', anchor: str = '') -> str:
    kind = f' class="{kind}"' if kind else ''
    anchor = f' text-anchor="{anchor}"' if anchor else ''
    return f'<text x="{x:.1f}" y="{y:.1f}"{kind}{anchor}>{_escaped(words)}</text>'


def _escaped(words: str) -> str:
    """Return text for XML, without characters that it cannot hold."""
    return escape(''.join(each if each.isprintable() else ' ' for each in words))
