"""Uses of what has gone, rewritten for what took over."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code.edits import replaced, rest_of_line, without_lines
from cfglint.code.walking import below

if TYPE_CHECKING:
    from cfglint.code.module import Code
    from cfglint.code.successors import Gone
    from cfglint.diagnostics import Edit


def without_decorator(code: Code, decorator: ast.expr) -> Edit | None:
    """Return what removes a decorator, with its line; None where it shares the line."""
    span = code.span(decorator)
    at = code.text.rfind('@', 0, span.start)
    line_start = code.text.rfind('\n', 0, at) + 1
    if code.text[line_start:at].strip() or code.text[at + 1 : span.start].strip():
        return None
    if rest_of_line(code, span.end)[:1] not in ('', '#'):
        return None
    return without_lines(code, at, span.end)


def calls_instead(code: Code, use: ast.expr, lost: Gone, name: str) -> list[Edit] | None:
    """Return what makes a call of an old function one of the method that took over, None where it takes more.

    Args:
        code: The module.
        use: The function, as it is called.
        lost: What took over.
        name: The name by which what took over is known in the module.
    """
    call = code.parents.call(use)
    if call is None or any(isinstance(each, ast.Starred) for each in call.args):
        return None
    edits = [replaced(code, use, f'{name}.{lost.call}')]
    if lost.drops_arguments:
        values = [*call.args, *(each.value for each in call.keywords)]
        if any(isinstance(inner, (ast.Call, ast.Await)) for value in values for inner in below(value)):
            return None
        return [replaced(code, call, f'{name}.{lost.call}()')]
    if len(call.args) > 1 or any(each.arg not in _PASSED for each in call.keywords) or not (call.args or call.keywords):
        return None
    if lost.call == 'build' and any(each.arg == 'default_args' for each in call.keywords) and not call.args:
        return None
    return edits


_PASSED = frozenset({'cfg', 'default_args', 'log_file', 'log_level', 'file_mode'})
"""The arguments of old functions that what took over has, too."""
