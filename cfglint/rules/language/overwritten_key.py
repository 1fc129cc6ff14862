"""The same key twice in a dict display."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Related, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.source import SourceFile
    from cfglint.rules.context import Context

NUMBERS: Final = re.compile(r'[{,\s]\d+:')
KEY: Final = re.compile(r"""['"]([^'"\n]*)['"]\s*:|\b(\d+)\s*:""")


@rule(scope='text', era='all', ignored=True)
def overwritten_key(context: Context) -> Iterator[Diagnostic]:
    """The same key twice in `{…}`: the first value is lost.

    Python keeps the last value and says nothing. `dict(a=1, a=2)` is a syntax error; see `repeated-key`. Where both values
    are the same nothing is lost, but most likely one of them was meant for another key: that is a warning.

    ```py title="bad"
    custom_keys = {'backbone': dict(lr_mult=0.1), 'backbone': dict(decay_mult=0.0)}
    ```

    ```py title="good"
    custom_keys = {'backbone': dict(lr_mult=0.1, decay_mult=0.0)}
    ```
    """
    config = context.config
    text = config.source.text
    if config.tree is None or '{' not in text or (text.count("':") + text.count('":') < 2 and not NUMBERS.search(text)):
        return
    keys = KEY.findall(text)
    if len(keys) == len(set(keys)):
        return  # most files: to walk them takes far longer
    for node in _dicts(config.tree):
        if len(node.keys) > 1:
            yield from _twice(context, node)


def _dicts(tree: ast.AST) -> Iterator[ast.Dict]:
    """Yield the dicts that are written as `{…}`; a walk through all of the tree takes several times as long."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _LEAVES):
            continue
        if isinstance(node, ast.Call):
            waiting += node.args
            waiting += [each.value for each in node.keywords]
        elif isinstance(node, (ast.List, ast.Tuple)):
            waiting += node.elts
        elif isinstance(node, ast.Assign):
            waiting.append(node.value)
        else:
            if isinstance(node, ast.Dict):
                yield node
            waiting += ast.iter_child_nodes(node)


_LEAVES: Final = (ast.Constant, ast.Name, ast.Attribute, ast.Load, ast.Store)


def _twice(context: Context, node: ast.Dict) -> Iterator[Diagnostic]:
    last: dict[tuple[type, object], tuple[ast.Constant, ast.expr]] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            last.clear()  # what `**` brings may be meant to be overwritten
        if not isinstance(key, ast.Constant):
            continue
        first = last.get((type(key.value), key.value))
        if first is not None:
            yield _report(context, key, first, value)
        last[type(key.value), key.value] = (key, value)


def _report(context: Context, key: ast.Constant, first: tuple[ast.Constant, ast.expr], value: ast.expr) -> Diagnostic:
    source = context.config.source
    related = (Related('it is given again here', source.span(key)),)
    if ast.dump(first[1]) == ast.dump(value):
        message, advice = (
            f'key {key.value!r} is given twice',
            Advice('write the key that was meant, or remove one of them'),
        )
        return context.report_at(source.span(key), message, severity=Severity.WARNING, advice=advice)
    message = f'key {key.value!r} is given again below: this value is lost'
    joined = _joined(source, first[1], value)
    advice = Advice('keep one of them') if joined is None else Advice('join the two:', f'{{{key.value!r}: {joined}}}')
    return context.report_at(source.span(first[0]), message, related=related, advice=advice)


def _joined(source: SourceFile, first: ast.expr, last: ast.expr) -> str | None:
    """Return one call of `dict` with the arguments of both values, None where they are no such calls or contradict."""
    arguments: dict[str, str] = {}
    for value in (first, last):
        if not isinstance(value, ast.Call) or ast.unparse(value.func) != 'dict' or value.args:
            return None
        for each in value.keywords:
            text = ast.unparse(each.value)
            if each.arg is None or arguments.setdefault(each.arg, text) != text:
                return None
    joined = ', '.join(f'{name}={text}' for name, text in arguments.items())
    return f'dict({joined})' if len(joined) < 100 else None
