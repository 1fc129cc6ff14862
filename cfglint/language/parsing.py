"""Parsing Python, with better words for what goes wrong."""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError
from cfglint.language.places import Range
from cfglint.language.trees import TooManyDigits, tree_of

if TYPE_CHECKING:
    from cfglint.language.source import SourceFile

_COMPOUND = frozenset({
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With,
    ast.AsyncWith, ast.Try, ast.Match, *(getattr(ast, name) for name in ('TryStar',) if hasattr(ast, name)),
})  # fmt: skip


def parse(source: SourceFile) -> ast.Module:
    """Parse the text of a file, once; MMEngine looks at it before its templates are replaced.

    Raises:
        ConfigError: It is malformed, or nested too deeply.
    """
    if source.tree is None:
        source.tree = _parse(source, source.text)
    return source.tree


def parse_for_style(source: SourceFile) -> ast.Module:
    """Return a tree with the statements of `parse`: of the code that will be run, if it has the same ones for certain.

    Raises:
        ConfigError: It is malformed, or nested too deeply.
    """
    if source.tree is None and '{{' in source.text:
        from cfglint.language.templates import plain_code  # most configs have none

        code = plain_code(source.text)
        if code is not None:
            try:
                tree = tree_of(code)
            except _UNPARSABLE:
                return parse(source)  # MMEngine's first complaint would be about the text
            if not is_nested(tree):
                source.code_tree = tree
                return tree
    return parse(source)


def parse_code(source: SourceFile) -> ast.Module:
    """Parse the text of a file after its templates were replaced.

    Raises:
        ConfigError: It is malformed, or nested too deeply.
    """
    if source.code is source.text:
        return parse(source)
    return source.code_tree or _parse(source, source.code)


def is_compound(node: ast.stmt) -> bool:
    """Tell whether a statement has statements in it."""
    return type(node) in _COMPOUND


def is_nested(tree: ast.Module) -> bool:
    """Tell whether a statement of the file has statements in it."""
    return not _COMPOUND.isdisjoint(map(type, tree.body))


def check_compiles(source: SourceFile, tree: ast.Module) -> None:
    """Find what Python's compiler refuses beyond its parser: ``break`` outside of a loop, say. Nothing is run.

    Raises:
        ConfigError: It is refused.
    """
    if not is_nested(tree) and ':=' not in source.code:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            compile(tree, source.path, 'exec', dont_inherit=True)
    except SyntaxError as error:
        # The compiler counts bytes where the parser counts characters.
        before = source.code_line(error.lineno or 1).encode()[: max((error.offset or 1) - 1, 0)]
        error.offset = len(before.decode(errors='replace')) + 1
        raise _syntax_error(source, error) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise _too_deep(source, error) from None


def _parse(source: SourceFile, text: str) -> ast.Module:
    try:
        return tree_of(text)
    except SyntaxError as error:
        raise _syntax_error(source, error) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise _too_deep(source, error) from None


_UNPARSABLE = (SyntaxError, RecursionError, MemoryError, ValueError)


def _too_deep(source: SourceFile, error: Exception) -> ConfigError:
    if isinstance(error, TooManyDigits):
        return ConfigError('endless-evaluation', f'evaluation stopped: {error}', source, Range(0, 0))
    words = str(error) or type(error).__name__
    return ConfigError('syntax-error', f'too large, or too deeply nested, to be parsed ({words})', source, Range(0, 0))


def _syntax_error(source: SourceFile, error: SyntaxError) -> ConfigError:
    place = source.point(error.lineno or 1, max((error.offset or 1) - 1, 0))
    return ConfigError(
        'syntax-error',
        f'{error.msg}',
        source,
        place,
        exception='SyntaxError',
        raises=f'SyntaxError: {error.msg}',
        advice=_advice(source, error.lineno or 1),
    )


_HINTS = (
    (
        re.compile(r""""[^"\n]*\{\{\s*_base_\.[\w.]+\s*\}\}"""),
        Advice('write `{{ _base_.x }}` without quotes: MMEngine puts a quoted string in its place'),
    ),
    (
        re.compile(r"""\{\{\s*_base_\.[\w.]*\.\d"""),
        Advice('`{{ _base_.x.0 }}` cannot index a list: write', '_base_.x[0]'),
    ),
    (
        re.compile(r"""\{\{\s*\$\w+"""),
        Advice("a placeholder outside of a string must be quoted: write `{{'$NAME:default'}}`"),
    ),
)  # fmt: skip


def _advice(source: SourceFile, row: int) -> Advice | None:
    line = source.code_line(row)
    lines = (source.line(row) if row <= source.rows else '', line)
    return next((advice for pattern, advice in _HINTS for text in lines if pattern.search(text)), None)
