"""Edits of a module's text: statements, names and lines replaced, all else as the user wrote it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.diagnostics import Edit
from cfglint.language.places import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.code.module import Code

WIDTH = 79
"""Characters of a line, as the libraries format their code."""


def replaced(code: Code, node: ast.AST, content: str) -> Edit:
    """Return what replaces a node."""
    return Edit(code.span(node), content)


def indentation(code: Code, node: ast.AST) -> str:
    """Return what stands before a node on its line, if that is nothing but blanks; else what indents the line."""
    start = code.span(node).start
    line = code.text[code.text.rfind('\n', 0, start) + 1 : start]
    return line[: len(line) - len(line.lstrip())]


def is_alone(code: Code, node: ast.AST) -> bool:
    """Tell whether a statement shares its lines with nothing but a comment."""
    span = code.span(node)
    before = code.text[code.text.rfind('\n', 0, span.start) + 1 : span.start]
    return not before.strip() and rest_of_line(code, span.end)[:1] in ('', '#')


def rest_of_line(code: Code, end: int) -> str:
    """Return what stands behind a place on its line, without blanks around it."""
    stop = code.text.find('\n', end)
    return code.text[end : len(code.text) if stop < 0 else stop].strip()


def line_end(code: Code, node: ast.AST) -> int:
    """Return where the last line of a node ends."""
    stop = code.text.find('\n', code.span(node).end)
    stop = len(code.text) if stop < 0 else stop
    return stop - 1 if code.text[stop - 1 : stop] == '\r' else stop


def added_after(code: Code, node: ast.AST, lines: Iterable[str]) -> Edit:
    """Return what adds lines below a statement, indented like it."""
    place = line_end(code, node)
    lead = indentation(code, node)
    return Edit(Span(code.source.path, place, place), ''.join(f'\n{lead}{line}' for line in lines))


def without_lines(code: Code, start: int, end: int) -> Edit:
    """Return what removes the lines that a range of characters covers, line ends included."""
    text = code.text
    begin = text.rfind('\n', 0, start) + 1
    stop = text.find('\n', end)
    return Edit(Span(code.source.path, begin, len(text) if stop < 0 else stop + 1), '')


def without_statement(code: Code, statement: ast.stmt) -> Edit:
    """Return what removes a statement that is alone on its lines; `pass` takes its place where nothing else is there."""
    holder = code.parents.of(statement)
    bodies = (getattr(holder, field, None) for field in ('body', 'orelse', 'finalbody'))
    body = next((each for each in bodies if isinstance(each, list) and statement in each), [])
    if not isinstance(holder, ast.Module) and len(body) == 1:
        return replaced(code, statement, 'pass')
    span = code.span(statement)
    return without_lines(code, span.start, span.end)


def comments_in(text: str) -> list[str]:
    """Return the comments of a piece of code."""
    if '#' not in text:
        return []
    import io
    import tokenize  # checking does without

    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f'({text})' if text.startswith('#') else text).readline))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return []
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def from_import(module: str, names: Iterable[str], lead: str = '') -> str:
    """Return `from module import names`, wrapped as the libraries do it."""
    names = list(names)
    line = f'from {module} import {", ".join(names)}'
    if len(lead) + len(line) <= WIDTH or len(names) == 1:
        return line
    head = f'from {module} import ('
    lines, current = [], ''
    for index, name in enumerate(names):
        piece = f'{name}{"," if index < len(names) - 1 else ")"}'
        if current and len(lead) + len(head) + len(current) + 1 + len(piece) > WIDTH:
            lines.append(current)
            current = piece
        else:
            current = f'{current} {piece}'.strip()
    return head + f'\n{lead}{" " * len(head)}'.join([*lines, current])
