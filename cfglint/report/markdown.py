"""A summary in Markdown, for `$GITHUB_STEP_SUMMARY` and comments of pull requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cfglint.report.links import page
from cfglint.report.parts import words
from cfglint.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.findings import Outcome
    from cfglint.report.sources import Sources

MAX_BYTES = 900_000
"""GitHub takes a megabyte a step."""


def render(diagnostics: Sequence[Diagnostic], sources: Sources, outcomes: Sequence[Outcome]) -> str:
    """Return a headline, and a table a file with the configs that inherit a defect folded away."""
    parts = ['## cfglint\n\n', f'{escaped(summary(diagnostics, outcomes))}\n']
    by_file: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        by_file.setdefault(each.path, []).append(each)
    size, left = 0, len(by_file)
    for path, found in by_file.items():
        part = ''.join(_file(sources.from_root(path), found, sources))
        size += len(part.encode('utf-8', 'surrogatepass'))
        if size > MAX_BYTES:
            parts.append(f'\n{left} more files are left out here.\n')
            break
        parts.append(part)
        left -= 1
    return ''.join(parts)


def _file(name: str, found: Sequence[Diagnostic], sources: Sources) -> Iterator[str]:
    yield f'\n### {escaped(name)}\n\n| line | | rule | |\n|---|---|---|---|\n'
    for each in found:
        line = '' if each.span is None else str(sources.start(each.span).row)
        yield f'| {line} | {each.severity} | [{each.rule}]({page(each.rule, each.family)}) | {_cell(each)} |\n'
    affected = sorted({path for each in found for path in each.affects})
    if affected:
        listed = ''.join(f'<li>{escaped(sources.from_root(path))}</li>' for path in affected)
        count = f'{len(affected)} config{"" if len(affected) == 1 else "s"}'
        yield f'\n<details><summary>inherited by {count}</summary><ul>{listed}</ul></details>\n'


def _cell(diagnostic: Diagnostic) -> str:
    lines = [escaped(diagnostic.message)]
    if diagnostic.consequence:
        lines.append(f'MMEngine {escaped(diagnostic.consequence)}')
    if diagnostic.advice is not None:
        lines.append(escaped(words(diagnostic.advice)))
    return '<br>'.join(lines)


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, code in backticks kept; it calls nobody (`@name`) and names no issue (`#1`)."""
    parts = text.replace('\r', ' ').replace('\n', ' ').split('`')
    if len(parts) % 2 == 0:  # an odd number of backticks encloses nothing
        parts = ["'".join(parts)]
    shown = []
    for index, part in enumerate(parts):
        if not index % 2:
            part = re.sub(r'([@#])(?=\w)', '\\1\u200b', re.sub(r'([\\*_\[\]#~!])', r'\\\1', part))
        part = part.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('|', '&#124;')
        shown.append(f'<code>{part}</code>' if index % 2 else part)
    return ''.join(shown)
