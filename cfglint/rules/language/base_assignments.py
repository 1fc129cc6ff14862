"""Assignments to `_base_` that do not mean what they say."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.style import is_base_assignment
from cfglint.rules.reading.items import Item
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context


@rule(scope='text', severity=Severity.WARNING, era='all')
def second_base(context: Context) -> Iterator[Diagnostic]:
    """`_base_` is assigned more than once: only the first counts.

    MMEngine takes the bases from the first assignment at the top level and drops the others.

    ```py title="bad/model.py"
    model = dict(type='RetinaNet')
    ```

    ```py title="bad/runtime.py"
    log_level = 'INFO'
    ```

    ```py title="bad/config.py"
    _base_ = './model.py'
    _base_ = './runtime.py'
    ```

    ```py title="good/model.py"
    model = dict(type='RetinaNet')
    ```

    ```py title="good/runtime.py"
    log_level = 'INFO'
    ```

    ```py title="good/config.py"
    _base_ = ['./model.py', './runtime.py']
    ```
    """
    config = context.config
    if config.tree is None or config.style != 'text':
        return
    for node in list(filter(is_base_assignment, config.tree.body))[1:]:
        message = 'only the first `_base_` counts: what this one names is not inherited'
        yield context.report_at(config.source.span(node), message, key='_base_', advice=_joined(config.tree))


def _joined(tree: ast.Module) -> Advice:
    """Return what to do about several assignments: one list, if all of them only write strings."""
    values = [node.value for node in tree.body if is_base_assignment(node) and isinstance(node, ast.Assign)]
    entries = [each for value in values for each in (value.elts if isinstance(value, ast.List) else [value])]
    names = [each.value for each in entries if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    code = f'_base_ = {names!r}' if len(names) == len(entries) else None
    return Advice('replace all of them by one list' if code is None else 'replace all of them by', code)


@rule(scope='text', era='all')
def unrecognised_base(context: Context) -> Iterator[Diagnostic]:
    """A `_base_` in a form that MMEngine does not recognise: nothing is inherited.

    It looks for plain assignments whose first target is `_base_`. An annotation, or another name before it in the same
    assignment, hides it.

    ```py title="bad"
    _base_: str = './base.py'
    ```

    ```py title="good"
    _base_ = []
    ```
    """
    config = context.config
    if config.tree is None:
        return
    for node in config.tree.body:
        target = _hidden_base(node)
        if target is not None:
            message = 'MMEngine does not recognise this `_base_`: nothing is inherited'
            code = f'_base_ = {ast.unparse(node.value)}'  # type: ignore[attr-defined]
            advice = Advice('write a plain assignment', code)
            yield context.report_at(config.source.span(target), message, key='_base_', advice=advice)


def _hidden_base(node: ast.stmt) -> ast.Name | None:
    targets: list[ast.expr] = []
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    elif isinstance(node, ast.Assign):
        targets = node.targets[1:]
    return next((target for target in targets if isinstance(target, ast.Name) and target.id == '_base_'), None)


_KEY = re.compile(r"""_base_(?:\s*=(?!=)|['"]?\s*:)""")


@rule(scope='file', severity=Severity.WARNING, era='all')
def nested_base(context: Context) -> Iterator[Diagnostic]:
    """A `_base_` inside of a dict: it is data, nothing is inherited.

    Only the top level of a file has bases.

    ```py title="bad"
    model = dict(_base_='./retinanet.py', type='RetinaNet')
    ```

    ```py title="good"
    model = dict(type='RetinaNet')
    ```
    """
    config = context.config
    text = config.source.text
    if all(match.start() == 0 or text[match.start() - 1] == '\n' for match in _KEY.finditer(text)):
        return
    for item in Item('', config.own, None, None).walk():
        if item.name == '_base_' and item.parent is not None and item.origin is not None:
            message = 'a `_base_` inside of a dict inherits nothing'
            advice = Advice('remove it, or name the file in the `_base_` at the top level')
            yield context.report(item, message, advice=advice)
