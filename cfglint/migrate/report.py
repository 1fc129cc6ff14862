"""The report of a migration: for each config what became what, what is open, and how the learning rate differs."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

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


def render(results: Sequence[Migrated], path: str) -> str:
    """Return the report in the format that the name of its file asks for.

    Raises:
        UsageError: The name ends with neither `.md` nor `.html`.
    """
    parts = [_part(result) for result in results if result.changed or result.todos or result.refused]
    changed = sum(result.changed for result in results)
    open_ = sum(len(result.todos) for result in results)
    head = f'{changed} of {len(results)} files migrated, {open_} open question{"" if open_ == 1 else "s"}'
    if path.endswith('.md'):
        return ''.join(_markdown(head, parts))
    if path.endswith('.html'):
        return ''.join(_html(head, parts))
    raise UsageError(f'`{path}`: a report is written as .md or .html')


def _part(result: Migrated) -> _Part:
    status = 'migrated'
    if result.refused is not None:
        status = f'not migrated: {result.refused}'
    elif not result.changed:
        status = 'migrated before'
    rows = [(', '.join(f'`{key}`' for key in old), f'`{new}`' if new else 'removed') for old, new in result.became]
    return _Part(shown(result.path), status, rows, result.todos)


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


def _escaped(text: str) -> str:
    """Return text for HTML; what stands between backticks is code."""
    pieces = html.escape(text).split('`')
    return ''.join(f'<code>{piece}</code>' if index % 2 else piece for index, piece in enumerate(pieces))
