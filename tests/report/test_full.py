"""The excerpt stands where it is meant, whatever the line holds."""

from __future__ import annotations

import pytest

from cfglint.diagnostics import Diagnostic, Related, Severity
from cfglint.language.places import Span
from cfglint.language.source import SourceFile
from cfglint.report.full import render
from cfglint.report.sources import Sources
from cfglint.report.style import Style, expand, printable, width


def excerpt(text: str, marked: str, message: str = 'm') -> list[str]:
    """Return the line with its marker, for the first place where `marked` stands in the text."""
    start = text.index(marked)
    source = SourceFile('/a.py', text)
    diagnostic = Diagnostic(
        'rule', 'family', Severity.ERROR, message, '/a.py', Span('/a.py', start, start + len(marked))
    )
    lines = render([diagnostic], Sources({'/a.py': source})).splitlines()
    assert lines[0] == 'error[rule]: m' or message != 'm'
    return lines[3:5]


@pytest.mark.parametrize(('text', 'marked', 'line', 'marker'), [
    ('a = bc', 'bc', '1 | a = bc', '  |     ^^'),
    ("x = '骨干', bc", 'bc', "1 | x = '骨干', bc", '  |             ^^'),
    ("x = '骨干'", '骨干', "1 | x = '骨干'", '  |      ^^^^'),
    ('\tx\ty = 1', 'y', '1 |     x   y = 1', '  |         ^'),
    ('e\u0301 = bc', 'bc', '1 | e\u0301 = bc', '  |     ^^'),
    ('a = (\n  1)', '(\n  1)', '1 | a = (', '  |     ^ …'),
    ('a = b\r\nc', 'b', '1 | a = b', '  |     ^'),
    ('a = "\x1b[31m" + b', 'b', '1 | a = "\\x1b[31m" + b', '  |                  ^'),
])  # fmt: skip
def test_marker_stands_under_the_place(text: str, marked: str, line: str, marker: str) -> None:
    assert excerpt(text, marked) == [line, marker]


def test_empty_span_gets_one_mark() -> None:
    source = SourceFile('/a.py', 'ab')
    diagnostic = Diagnostic('rule', 'family', Severity.ERROR, 'm', '/a.py', Span('/a.py', 2, 2))
    assert render([diagnostic], Sources({'/a.py': source})).splitlines()[3:] == ['1 | ab', '  |   ^', '']


@pytest.mark.parametrize('before', [0, 50, 150, 5000])
def test_long_lines_are_cut_around_the_place(before: int) -> None:
    line, marker = excerpt('x' * before + 'HERE' + 'y' * 3000, 'HERE')
    assert len(line) <= 126
    assert line[marker.index('^') : marker.rindex('^') + 1] == 'HERE'


def test_long_lines_of_wide_characters_are_cut_too() -> None:
    line, marker = excerpt('骨' * 500 + 'HERE' + '干' * 500, 'HERE')
    text = line.removeprefix('1 | ')
    assert sum(width(char) for char in text) <= 124
    assert sum(width(char) for char in text[: text.index('HERE')]) == marker.index('^') - len('  | ')


def test_related_places_are_shown_with_their_own_lines() -> None:
    first, second = SourceFile('/a.py', 'a = 1\n'), SourceFile('/b.py', '\n' * 99 + 'a = 2\n')
    related = (Related('a base says', Span('/b.py', 99, 100)), Related('only words'))
    diagnostic = Diagnostic('rule', 'family', Severity.WARNING, 'm', '/a.py', Span('/a.py', 0, 1), related=related)
    assert render([diagnostic], Sources({'/a.py': first, '/b.py': second})).splitlines() == [
        'warning[rule]: m',
        '   --> /a.py:1:1',
        '    |',
        '  1 | a = 1',
        '    | ^',
        '    = note: a base says',
        '   ::: /b.py:100:1',
        '    |',
        '100 | a = 2',
        '    | -',
        '    = note: only words',
        '',
    ]


def test_messages_cannot_steer_the_terminal() -> None:
    assert printable('a\x1b]0;x\x07\u202eb\nc') == 'a\\x1b]0;x\\x07\\u202eb c'
    diagnostic = Diagnostic('rule', 'family', Severity.ERROR, 'm\x1b[2J', '/a.py', None)
    assert '\x1b' not in render([diagnostic], Sources())


def test_colour_changes_no_text() -> None:
    import re

    source = SourceFile('/a.py', 'a = 骨\n')
    diagnostic = Diagnostic('rule', 'family', Severity.INFO, 'm', '/a.py', Span('/a.py', 4, 5), related=(Related('n'),))
    sources = Sources({'/a.py': source})
    coloured = render([diagnostic], sources, Style(colour=True))
    assert '\x1b[1;36minfo[rule]\x1b[0m' in coloured
    assert re.sub(r'\x1b\[[\d;]*m', '', coloured) == render([diagnostic], sources)


def test_expand_gives_the_column_of_each_character() -> None:
    assert expand('a\t骨b') == ('a   骨b', [0, 1, 4, 6, 7])
