"""Top-level assignments that do not give what they seem to give."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix, Severity
from cfglint.rules.rule import rule
from cfglint.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context


@rule(scope='text', era='all', fixable=True)
def trailing_comma_tuple(context: Context) -> Iterator[Diagnostic]:
    """A comma after a dict or list at the top level makes it a tuple of one.

    `model = dict(…),` is easily left over from moving code. MMEngine then fails with `cfg should be a dict, ConfigDict
    or Config, but got <class 'tuple'>`. A tuple that is meant has parentheses.

    ```py title="bad"
    model = dict(type='RetinaNet'),
    ```

    ```py title="good"
    model = dict(type='RetinaNet')
    ```
    """
    config = context.config
    if config.tree is None:
        return
    for node in config.tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple) or len(node.value.elts) != 1:
            continue
        (item,) = node.value.elts
        target = node.targets[0]
        if is_bare(node.value) and isinstance(target, ast.Name) and _is_container(item):
            whole, inner = config.source.span(node.value), config.source.span(item)
            fix = Fix(
                'Remove the comma', (Edit(whole._replace(start=inner.end), ''),), Applicability.UNSAFE, (target.id,)
            )
            kind = 'list' if isinstance(item, (ast.List, ast.ListComp)) else 'dict'
            message = f'the comma at the end makes `{target.id}` a tuple that holds the {kind}'
            severity = None if target.id in SECTIONS else Severity.WARNING
            yield context.report_at(
                config.source.span(target),
                message,
                key=target.id,
                severity=severity,
                advice=Advice('remove the comma at the end'),
                fix=fix,
            )


def is_bare(node: ast.Tuple) -> bool:
    """Tell whether a tuple of one is written without parentheses: only its comma makes it one."""
    if len(node.elts) != 1:
        return False
    (item,) = node.elts
    return (item.lineno, item.col_offset) == (node.lineno, node.col_offset)


def _is_container(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ('dict', 'list')
    return isinstance(node, (ast.Dict, ast.List, ast.ListComp, ast.DictComp))


@rule(scope='text', severity=Severity.WARNING, era='all')
def lost_assignment(context: Context) -> Iterator[Diagnostic]:
    """A top-level name is assigned again before anything reads the first value.

    The later assignment replaces the whole value: dicts are merged into those of a base, not into those above them in
    the same file. A later `name = None` switches something off, and is not reported.

    ```py title="bad"
    model = dict(type='RetinaNet', backbone=dict(depth=50))
    model = dict(backbone=dict(depth=18))
    ```

    ```py title="good"
    model = dict(type='RetinaNet', backbone=dict(depth=18))
    ```
    """
    config = context.config
    if config.tree is None:
        return
    counts = Counter(target.id for node in config.tree.body if (target := _plain_target(node)) is not None)
    if max(counts.values(), default=0) < 2:
        return
    waiting: dict[str, ast.Assign] = {}
    for node in config.tree.body:
        target = _plain_target(node)
        for name in _read_names(node, waiting):
            waiting.pop(name, None)
        if target is None or counts[target.id] < 2:
            continue
        assert isinstance(node, ast.Assign)
        earlier = waiting.get(target.id)
        if earlier is not None and not target.id.startswith('_') and _is_lost(earlier.value, node.value):
            line = config.source.location(config.source.span(target).start).row
            message = f'this value of `{target.id}` is lost: line {line} assigns it again, and nothing reads it before'
            advice = Advice('join both in one assignment, or remove the one that is not meant')
            yield context.report_at(config.source.span(earlier.targets[0]), message, key=target.id, advice=advice)
        waiting[target.id] = node


def _is_lost(earlier: ast.expr, later: ast.expr) -> bool:
    """Tell whether a value is given up unseen: None stands for nothing, or says on purpose that there is nothing."""
    if any(isinstance(each, ast.Constant) and each.value is None for each in (earlier, later)):
        return False
    return ast.dump(earlier) != ast.dump(later)


def _plain_target(node: ast.stmt) -> ast.Name | None:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0]
    return None


def _read_names(node: ast.stmt, waiting: dict[str, ast.Assign]) -> list[str]:
    """Return the names that a statement reads or may read: a block may do so, or not be run at all."""
    if not waiting:
        return []
    if not isinstance(node, (ast.Assign, ast.Expr, ast.AnnAssign)):
        return list(waiting)
    return [child.id for child in ast.walk(node) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load)]
