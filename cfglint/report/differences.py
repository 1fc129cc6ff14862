"""In what two resolved configs differ, as text and as JSON."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cfglint.language.encoding import encode
from cfglint.report.origins import place, place_data
from cfglint.report.python import inline
from cfglint.report.style import PLAIN, printable
from cfglint.report.summary import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.differences import Difference, Side
    from cfglint.report.style import Style

_MAX_VALUE = 200
_RED, _GREEN = '31', '32'


def text(before: str, after: str, found: Sequence[Difference], style: Style = PLAIN) -> str:
    """Return the differences by section, each side with where it was written."""
    if not found:
        return f'{before} and {after} resolve to the same\n'
    lines = [style.paint(_RED, f'--- {printable(before)}'), style.paint(_GREEN, f'+++ {printable(after)}')]
    sections = 0
    for section, differences in groupby(found, key=lambda each: each.section):
        sections += 1
        lines += ['', style.bold(printable(section))]
        for each in differences:
            lines += _lines(each, style)
    return '\n'.join([*lines, '', f'{count(len(found), "difference")} in {count(sections, "section")}', ''])


def _lines(difference: Difference, style: Style) -> Iterator[str]:
    key = printable(difference.key)
    if difference.before is not None:
        yield _line('-', key, difference.before, style, _RED)
    if difference.after is not None:
        yield _line('+', key, difference.after, style, _GREEN)


def _line(sign: str, key: str, side: Side, style: Style, colour: str) -> str:
    value = printable(inline(side.value))
    value = value if len(value) <= _MAX_VALUE else value[: _MAX_VALUE - 1] + '…'
    where = 'computed by code' if side.origin is None else place(side.origin)
    return f'{style.paint(colour, f"{sign} {key} = {value}")}  {style.faint(f"# {where}")}'


def as_json(found: Sequence[Difference]) -> str:
    """Return a list with an object for each difference."""
    return json.dumps([_data(each) for each in found], indent=2, ensure_ascii=False) + '\n'


def _data(difference: Difference) -> dict[str, Any]:
    before, after = difference.before, difference.after
    return {
        'section': difference.section,
        'key': difference.key,
        'change': 'added' if before is None else 'removed' if after is None else 'changed',
        'before': None if before is None else _side(before),
        'after': None if after is None else _side(after),
    }


def _side(side: Side) -> dict[str, Any]:
    return {'value': encode(side.value), 'origin': None if side.origin is None else place_data(side.origin)}
