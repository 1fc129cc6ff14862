"""The report of a migration: for each config what became what, what is open, and how the learning rate differs."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

from cfglint.migrate.curves import EPOCH, Curves, Difference
from cfglint.report.sources import shown
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.migrate.run import Migrated


class _Part(NamedTuple):
    """One config in the report."""

    name: str
    status: str
    rows: list[tuple[str, str]]
    questions: list[tuple[str, str]]
    curves: list[Difference]


def render(results: Sequence[Migrated], path: str) -> str:
    """Return the report in the format that the name of its file asks for.

    Raises:
        UsageError: The name ends with neither `.md` nor `.html`.
    """
    curves = Curves()
    parts = [_part(result, curves) for result in results if result.changed or result.todos or result.refused]
    changed = sum(result.changed for result in results)
    open_ = sum(len(result.todos) for result in results)
    head = f'{changed} of {len(results)} files migrated, {open_} open question{"" if open_ == 1 else "s"}'
    if path.endswith('.md'):
        return ''.join(_markdown(head, parts))
    if path.endswith('.html'):
        return ''.join(_html(head, parts))
    raise UsageError(f'`{path}`: a report is written as .md or .html')


def _part(result: Migrated, curves: Curves) -> _Part:
    status = 'migrated'
    if result.refused is not None:
        status = f'not migrated: {result.refused}'
    elif not result.changed:
        status = 'migrated before'
    rows = [(', '.join(f'`{key}`' for key in old), f'`{new}`' if new else 'removed') for old, new in result.became]
    differences = list(curves.differences(*result.tables)) if result.tables is not None else []
    return _Part(shown(result.path), status, rows, result.todos, differences)


_NAMES = {'lr': 'learning rate', 'momentum': 'momentum'}


def _in_words(found: Difference) -> str:
    """Say how far two curves are from each other."""
    name = _NAMES[found.parameter]
    if found.unknown is not None:
        return f'The {name} could not be compared: {found.unknown}.'
    assumed = f', if an epoch has {EPOCH} iterations' if found.assumed else ''
    return (
        f'The {name} differs by at most {found.largest:.2g} of the first one ({found.start:g}), '
        f'at iteration {found.at:,}{assumed}.'
    )


def _samples(found: Difference, most: int = 9) -> list[tuple[int, float, float]]:
    """Return a few points of two curves, that of the largest difference among them."""
    step = max(len(found.points) // most, 1)
    return [each for index, each in enumerate(found.points) if index % step == 0 or each[0] == found.at]


def _markdown(head: str, parts: Sequence[_Part]) -> Iterator[str]:
    yield f'# Migration report\n\n{head}.\n'
    for part in parts:
        yield f'\n## `{part.name}`\n\n{part.status}\n'
        if part.rows:
            yield '\n| 0.x | 1.x |\n|---|---|\n'
            yield from (f'| {old} | {new} |\n' for old, new in part.rows)
        if part.questions:
            yield '\nOpen:\n\n'
            yield from (f'- [ ] `{where}`: {why}\n' for where, why in part.questions)
        for found in part.curves:
            yield f'\n{_in_words(found)}\n'
            if found.points:
                yield '\n| iteration | before | after |\n|---:|---:|---:|\n'
                yield from (f'| {index:,} | {old:.6g} | {new:.6g} |\n' for index, old, new in _samples(found))


_STYLE = 'body{font-family:sans-serif;max-width:60em;margin:auto}td{border:1px solid #ccc;padding:.2em .6em}'


def _html(head: str, parts: Sequence[_Part]) -> Iterator[str]:
    yield f'<!doctype html>\n<meta charset="utf-8">\n<title>Migration report</title>\n<style>{_STYLE}</style>\n'
    yield f'<h1>Migration report</h1>\n<p>{_escaped(head)}.</p>\n'
    for part in parts:
        yield f'<h2><code>{html.escape(part.name)}</code></h2>\n<p>{_escaped(part.status)}</p>\n'
        if part.rows:
            rows = ''.join(f'<tr><td>{_escaped(old)}<td>{_escaped(new)}\n' for old, new in part.rows)
            yield f'<table>\n{rows}</table>\n'
        if part.questions:
            rows = ''.join(f'<li><code>{html.escape(where)}</code>: {_escaped(why)}\n' for where, why in part.questions)
            yield f'<p>Open:</p>\n<ul>\n{rows}</ul>\n'
        for found in part.curves:
            yield f'<p>{_escaped(_in_words(found))}</p>\n'
            if found.points:
                yield _drawing(found)


_WIDTH, _HEIGHT, _PAD = 720, 180, 4


def _drawing(found: Difference) -> str:
    """Draw two curves: that before as a broad line, that after as a thin one on it."""
    lines = []
    last = max(found.points[-1][0], 1)
    values = [value for _, old, new in found.points for value in (old, new)]
    low, high = min(values), max(values)
    span = (high - low) or 1
    for column, style in ((1, 'stroke="#bbb" stroke-width="5"'), (2, 'stroke="#06c" stroke-width="1.5"')):
        points = ' '.join(
            f'{_PAD + each[0] / last * (_WIDTH - 2 * _PAD):.1f},{_PAD + (high - each[column]) / span * (_HEIGHT - 2 * _PAD):.1f}'
            for each in found.points
        )
        lines.append(f'<polyline fill="none" {style} points="{points}"/>')
    name = _NAMES[found.parameter]
    title = f'{name} from {low:.3g} to {high:.3g} over {last + 1:,} iterations: before (grey), after (blue)'
    drawing = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">\n{"".join(lines)}\n</svg>'
    return f'<figure>{drawing}<figcaption>{title}</figcaption></figure>\n'


def _escaped(text: str) -> str:
    """Return text for HTML; what stands between backticks is code."""
    pieces = html.escape(text).split('`')
    return ''.join(f'<code>{piece}</code>' if index % 2 else piece for index, piece in enumerate(pieces))
