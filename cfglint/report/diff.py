"""What fixes would change, as a unified diff."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cfglint.comparing import unified
from cfglint.report.sources import shown
from cfglint.report.style import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.language.source import SourceFile
    from cfglint.report.style import Style

_COLOURS = {'---': '1', '+++': '1', '@@': '36', '-': '31', '+': '32'}


def render(texts: Mapping[str, SourceFile], originals: Mapping[str, SourceFile], style: Style = PLAIN) -> str:
    """Return the diff of all files that change, by path."""
    return ''.join(
        line for path in sorted(texts) for line in _diff(path, originals[path].text, texts[path].text, style)
    )


def _diff(path: str, before: str, after: str, style: Style) -> Iterator[str]:
    name = shown(path)
    for line in unified(_lines(before), _lines(after), (name, name)):
        colour = next((code for start, code in _COLOURS.items() if line.startswith(start)), '')
        text = line.rstrip('\n')
        yield (style.paint(colour, text) if colour else text) + '\n'
        if not line.endswith(('\n', '\r')):
            yield '\\ No newline at end of file\n'


def _lines(text: str) -> list[str]:
    return [line for line in re.split(r'(?<=\n)', text) if line]
