"""Strings that run together for want of a comma."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, TypeGuard

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

ADJACENT: Final = tuple(
    re.compile(f'{quote}{between}')
    for quote in ("'", '"')
    for between in (r"""\n\s*['"]""", r"""  #[^\n]*\n\s*['"]""", r""" +['"]\w""", r""" ?\\\n\s*['"]""", r"""['"]\w""")
)
"""Two strings side by side; each begins with letters, for which Python searches fast."""
PIECE: Final = re.compile(r"""(['"])((?:(?!\1)[^\\\n])*)\1""")
BETWEEN: Final = re.compile(r'(?:\s|\\\n|#[^\n]*\n)*')
WORD: Final = re.compile(r'[A-Za-z](?:[\w -]*[A-Za-z0-9])?')
"""What a name looks like: no path, and no piece of one that goes on."""
FILE: Final = re.compile(r'\w[\w/.-]*\.(\w+)')
DOTTED: Final = re.compile(r'[a-z_]\w*(?:\.[a-z_]\w*)+')
LISTED: Final = frozenset({'meta_keys', 'keys', 'classes', 'CLASSES', 'metric', 'metrics', 'names', 'iou_metrics'})
"""Keys that take several names: one in parentheses is no tuple."""


@rule(scope='text', severity=Severity.WARNING, era='all')
def joined_strings(context: Context) -> Iterator[Diagnostic]:
    """Names in a list that run together, since there is no comma between them.

    Python joins strings that stand side by side: `['a' 'b']` is `['ab']`, and `('img_id' 'img_path')` is no tuple but one
    string. Told where all that is joined looks like names, modules or files of one kind, not like a long text, path or
    address that was split.

    ```py title="bad"
    classes = ('car', 'truck' 'bus')
    ```

    ```py title="good"
    classes = ('car', 'truck', 'bus')
    ```
    """
    config = context.config
    if config.tree is None or not any(each.search(config.source.text) for each in ADJACENT):
        return
    for node in ast.walk(config.tree):
        for text, listed in _strings(node):
            if text.end_lineno is None or text.end_col_offset is None:
                continue
            pieces = _pieces(context, text)
            if len(pieces) < 2 or _is_split(pieces):
                continue
            if (listed and _are_listed(pieces)) or all(map(str.isidentifier, pieces)):
                whole = ', '.join(map(repr, pieces))
                message = f'{" and ".join(map(repr, pieces[:2]))} run together into one string: a comma is missing'
                yield context.report_at(config.source.span(text), message, advice=Advice('write', f'({whole})'))


def _strings(node: ast.AST) -> Iterator[tuple[ast.Constant, bool]]:
    """Yield the strings of a list, and those in the place of a list, with whether they surely are names."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        yield from ((each, True) for each in node.elts if _is_string(each))
    elif isinstance(node, ast.keyword) and node.arg in LISTED and _is_string(node.value):
        yield node.value, True
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in LISTED and _is_string(value):
                yield value, True
    elif isinstance(node, ast.Assign) and _is_string(node.value):
        yield node.value, False


def _is_split(pieces: list[str]) -> bool:
    """Tell whether one name was split, rather than a comma forgotten: parts that end in the middle."""
    return any(not piece or piece[-1] in '_-' for piece in pieces[:-1])


def _are_listed(pieces: list[str]) -> bool:
    """Tell whether strings can stand in a list by themselves: as names, as modules, or as files of one kind."""
    if all(map(WORD.fullmatch, pieces)) or all(map(DOTTED.fullmatch, pieces)):
        return True
    suffixes = {found and found[1] for found in map(FILE.fullmatch, pieces)}
    return len(suffixes) == 1 and None not in suffixes


def _is_string(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and type(node.value) is str


def _pieces(context: Context, node: ast.Constant) -> list[str]:
    """Return the plain strings of which one is put together; none if there is anything else."""
    span = context.config.source.span(node)
    text = context.config.source.text[span.start : span.end]
    if len(text) <= len(str(node.value)) + 3:
        return []
    pieces, place = [], 0
    while place < len(text):
        match = PIECE.match(text, place)
        if match is None:
            return []
        pieces.append(match[2])
        between = BETWEEN.match(text, match.end())
        place = match.end() if between is None else between.end()
    return pieces
