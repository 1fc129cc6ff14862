"""Templates that MMEngine does not replace, or not as meant."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.templates import TOKEN
from cfglint.rules.reading.items import Item
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.config import Config
    from cfglint.language.places import Span
    from cfglint.rules.context import Context


@rule(scope='file', era='all')
def misplaced_base_variable(context: Context) -> Iterator[Diagnostic]:
    """`{{ _base_.x }}` in quotes, in an expression or as a key: MMEngine does not replace it there.

    It puts a string in its place and exchanges that for the value in the end, where the string stands alone as a value.
    In single quotes, in arithmetic, as a key or as an argument that is changed, the string itself is used. In Python,
    `_base_.x` is the value at once. An info where the base is not known.

    ```py title="bad/base.py"
    lr = 0.01
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    double_lr = {{ _base_.lr }} * 2
    ```

    ```py title="good/base.py"
    lr = 0.01
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    double_lr = _base_.lr * 2
    ```
    """
    config = context.config
    if not config.tokens or context.partial is not None:
        return
    places = _in_python(config) if config.tree is not None else _in_data(config)
    for place, token in places:
        path = config.tokens[token]
        in_python = Advice('write', f'_base_.{path}')
        advice = in_python if config.tree is not None else Advice('let it stand alone, without quotes')
        message = f'`{{{{ _base_.{path} }}}}` is not replaced here, but used as a string of MMEngine'
        severity = None if config.partial is None else Severity.INFO
        yield context.report_at(place, message, severity=severity, advice=advice)


def _in_python(config: Config) -> Iterator[tuple[Span, str]]:
    assert config.tree is not None
    rows = [row for row, line in enumerate(config.source.code.split('\n'), 1) if _MARK in line]
    nodes = list(_nodes_in(config.tree, rows))
    kept = {id(child) for node in nodes for child in _values(node)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            token = _token_in(node.value, config)
            if token is not None and (node.value != token or id(node) not in kept):
                yield config.source.span(node), token


def _nodes_in(node: ast.AST, rows: list[int]) -> Iterator[ast.AST]:
    """Yield a node, and those below it that may have a part of themselves in some rows, which are in order."""
    if isinstance(node, ast.JoinedStr):  # not every release of Python tells the right rows of what is in it
        yield from ast.walk(node)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        first, last = getattr(child, 'lineno', 0), getattr(child, 'end_lineno', None)
        if last is None or bisect_left(rows, first) < bisect_right(rows, last):
            yield from _nodes_in(child, rows)


def _token_in(text: str, config: Config) -> str | None:
    """Return the first of the config's tokens that stands in a text."""
    if text in config.tokens:
        return text
    return next((token for token in config.tokens if token in text), None) if _MARK in text else None


_MARK = TOKEN.rpartition('}')[2]


def _values(node: ast.AST) -> list[ast.expr | None]:
    """Return the expressions below a node that are stored, or handed on, as they are."""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.keyword, ast.Return, ast.NamedExpr)):
        return [node.value]
    if isinstance(node, (ast.List, ast.Tuple)):
        return list(node.elts)
    if isinstance(node, ast.Dict):
        return list(node.values)
    if isinstance(node, ast.Call):
        return list(node.args)
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return []


def _in_data(config: Config) -> Iterator[tuple[Span, str]]:
    for item in Item('', config.own, None, None).walk():
        if isinstance(item.value, str) and item.origin is not None:
            token = _token_in(item.value, config)
            if token is not None:
                yield item.origin.source.span(item.origin.value), token


_LEFT = re.compile(r"""\{\{\s*(?:['"]?\s*\$\w+[^{}\n]*|file\w+\s*)\}\}""")
_KNOWN = re.compile(
    r"""\{\{\s*(?:(?:file(?:Dirname|Basename|BasenameNoExtension|Extname)|_base_\.[\w.]+)\s*\}\}|['"]?\s*\$\w+\s*:[^\n{}]*\}\})"""
)


@rule(era='all')
def unreplaced_placeholder(context: Context) -> Iterator[Diagnostic]:
    """A template that MMEngine leaves in a value as it is.

    It knows `fileDirname`, `fileBasename`, `fileBasenameNoExtension` and `fileExtname`, and environment variables with
    a colon and a default: `{{$NAME:default}}`. The default is taken for a regular expression, so that one with
    brackets, `+`, `*` or `?` does not match itself; it may not have blanks. In a pure-Python config nothing is
    replaced.

    ```py title="bad"
    data_root = '{{$DATA_ROOT}}/coco'
    ```

    ```py title="good"
    data_root = '{{$DATA_ROOT:data}}/coco'
    ```
    """
    style = {
        each.source.path: each.style
        for each in context.lineage
        if '{{' in each.source.text and (_LEFT.search(each.source.code) or _KNOWN.search(each.source.code))
    }
    for item in context.root.walk() if style else ():
        if isinstance(item.value, str) and '{{' in item.value and item.origin is not None:
            is_lazy = style.get(item.origin.source.path) == 'lazy'
            left = _LEFT.search(item.value) or (_KNOWN.search(item.value) if is_lazy else None)
            if left is not None:
                message = f'MMEngine does not replace `{left[0]:.80}`'
                yield context.report(item, message, at='value', advice=_remedy(left[0], is_lazy=is_lazy))


_VARIABLE = re.compile(r'\$(\w+)')


def _remedy(written: str, *, is_lazy: bool) -> Advice:
    """Return what to write instead of a template."""
    if is_lazy:
        return Advice('a pure-Python config has no templates: write the value in Python')
    variable = _VARIABLE.search(written)
    if variable is not None:
        return Advice(f'give a plain default after a colon: `{{{{${variable[1]}:default}}}}`')
    return Advice('use a name that it knows: `fileDirname`, `fileBasename`, `fileBasenameNoExtension`, `fileExtname`')


_IGNORED = ('custom_imports', '_deprecation_')


@rule(scope='file', severity=Severity.WARNING, era='all')
def text_style_key(context: Context) -> Iterator[Diagnostic]:
    """`custom_imports` or `_deprecation_` in a pure-Python config: MMEngine ignores it.

    There, whatever is named by an import is imported when it is used.

    ```py title="bad"
    from mmengine.runner import EpochBasedTrainLoop
    custom_imports = dict(imports=['my_project.models'])
    train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=12)
    ```

    ```py title="good"
    from mmengine.runner import EpochBasedTrainLoop
    from my_project.models import MyModel
    model = dict(type=MyModel)
    train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=12)
    ```
    """
    config = context.config
    if config.style != 'lazy':
        return
    for name in _IGNORED:
        item = Item('', config.own, None, None).get(name)
        if item is not None and item.origin is not None and item.origin.source is config.source:
            advice = Advice('import the classes by name' if name == 'custom_imports' else 'remove it')
            message = f'`{name}` has no effect in a pure-Python config'
            yield context.report(item, message, ignored=True, advice=advice)
