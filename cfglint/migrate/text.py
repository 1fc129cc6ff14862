"""The text of a file to be rewritten: its statements, its comments and its style."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cfglint.language.config import Config
    from cfglint.language.places import Place


class Comment(NamedTuple):
    """A comment, and whether it has a line of its own."""

    text: str
    alone: bool


class Text:
    """The text of a config file.

    Attributes:
        config: The config as it was resolved.
        text: The text of the file.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.source = config.source
        self.text = config.source.text

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """The top-level statements."""
        return [] if self.config.tree is None else self.config.tree.body

    @cached_property
    def assignments(self) -> dict[str, ast.Assign]:
        """The last plain assignment of each name."""
        return {
            name: each
            for each in self.statements
            if (name := assigned(each)) is not None and isinstance(each, ast.Assign)
        }

    def span(self, place: Place) -> tuple[int, int]:
        """Return where a node stands."""
        span = self.source.span(place)
        return span.start, span.end

    def of(self, place: Place) -> str:
        """Return the text of a node."""
        start, end = self.span(place)
        return self.text[start:end]

    def row(self, offset: int) -> int:
        """Return the row of a character."""
        return self.source.location(offset).row

    def indent(self, offset: int) -> int:
        """Return the indentation of the line of a character."""
        line = self.source.line(self.row(offset))
        return len(line) - len(line.lstrip(' '))

    def column(self, offset: int) -> int:
        """Return the column of a character, from 0."""
        return self.source.location(offset).column - 1

    @cached_property
    def comments(self) -> dict[int, Comment]:
        """The comments, by row."""
        found: dict[int, Comment] = {}
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
                if token.type == tokenize.COMMENT:
                    found[token.start[0]] = Comment(token.string, not token.line[: token.start[1]].strip())
        except (tokenize.TokenError, SyntaxError, IndentationError):
            return {}
        return found

    def lead(self, start: int, after: int) -> list[str]:
        """Return the comments that stand alone on the lines above `start`, below the row `after`."""
        found: list[str] = []
        row = self.row(start) - 1
        while row > after and (comment := self.comments.get(row)) is not None and comment.alone:
            found.append(comment.text)
            row -= 1
        return found[::-1]

    def tail(self, end: int) -> str:
        """Return the comment behind `end` on the same line, if nothing but a comma or brackets stand between."""
        row = self.row(end)
        comment = self.comments.get(row)
        if comment is None or comment.alone:
            return ''
        stop = self.text.find('\n', end)
        between = self.text[end : stop if stop >= 0 else len(self.text)].partition('#')[0]
        return comment.text if not between.strip(' ,\r') else ''

    @cached_property
    def quote(self) -> str:
        """The quotation mark that the file uses."""
        return '"' if self.text.count('"') > self.text.count("'") else "'"

    @cached_property
    def width(self) -> int:
        """How long lines are: 79, or what the file itself allows itself; nobody can break a URL."""
        longest = max((len(line) for line in self.text.split('\n') if '://' not in line), default=0)
        return 79 if longest <= 80 else min(longest, 120)


def assigned(statement: ast.stmt) -> str | None:
    """Return the name that a statement assigns, if it does just that."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return None


def loaded_names(node: ast.AST) -> set[str]:
    """Return the names that an expression or statement reads, without those that it binds itself."""
    bound = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    bound |= {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    read = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    return read - bound
