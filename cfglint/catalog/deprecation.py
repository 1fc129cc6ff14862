"""Deprecation notes of classes, functions and arguments, read from their source."""

from __future__ import annotations

import ast
import re

from cfglint.catalog import syntax

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_WARNING = re.compile(r'deprecat|will be removed|is renamed|has been renamed|no longer', re.IGNORECASE)
_DIRECTIVE = re.compile(r'^\s*\.\. deprecated::?(.*(?:\n\s*\S.*){0,2})', re.MULTILINE)


def renamed_arguments(function: _Function) -> dict[str, str]:
    """`{'old': 'new'}` of `@deprecated_api_warning({'old': 'new'})`."""
    for decorator in function.decorator_list:
        name = syntax.dotted(decorator.func) if isinstance(decorator, ast.Call) else None
        if name is None or name.split('.')[-1] != 'deprecated_api_warning' or not isinstance(decorator, ast.Call):
            continue
        mapping = decorator.args[0] if decorator.args else syntax.keyword(decorator, 'name_dict')
        if isinstance(mapping, ast.Dict):
            pairs = (
                (syntax.string(key), syntax.string(value))
                for key, value in zip(mapping.keys, mapping.values, strict=True)
            )
            return {old: new for old, new in pairs if old is not None and new is not None}
    return {}


def decorator_note(decorators: list[ast.expr]) -> str | None:
    """The text of mmengine's `@deprecated_function(since, removed_in, instructions)`."""
    for decorator in decorators:
        if isinstance(decorator, ast.Call):
            name = (syntax.dotted(decorator.func) or '').split('.')[-1]
            if name == 'deprecated_function':
                return ', '.join(part for part in map(syntax.string, decorator.args) if part)
    return None


def docstring_note(node: ast.ClassDef | _Function) -> str | None:
    """The text after `.. deprecated::` in the docstring."""
    found = _DIRECTIVE.search(ast.get_docstring(node) or '')
    return ' '.join(found.group(1).split()) or 'deprecated' if found else None


def warning_notes(function: _Function) -> tuple[str | None, dict[str, str]]:
    """What an `__init__` warns of: always, and by argument, when the warning hangs on a test of that argument."""
    always: str | None = None
    arguments: dict[str, str] = {}
    names = {item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    for statement in function.body:
        if isinstance(statement, ast.Expr):
            always = always or _warning(statement)
        elif isinstance(statement, ast.If):
            tested = [node.id for node in ast.walk(statement.test) if isinstance(node, ast.Name) and node.id in names]
            notes = [note for inner in statement.body if (note := _warning(inner))]
            if notes and len(set(tested)) == 1:
                arguments.setdefault(tested[0], notes[0])
    return always, arguments


def _warning(statement: ast.stmt) -> str | None:
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not call.args:
        return None
    if (syntax.dotted(call.func) or '').split('.')[-1] not in ('warn', 'print_log', 'warning'):
        return None
    message = syntax.string(call.args[0])
    return ' '.join(message.split()) if message and _WARNING.search(message) else None
