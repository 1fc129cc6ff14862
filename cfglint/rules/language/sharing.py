"""Names and dicts that stand for more than one thing: what changes one changes, or hides, the other."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.values import Lazy, Opaque, Unknown
from cfglint.rules.rule import rule
from cfglint.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.rules.context import Context


@rule(scope='file', severity=Severity.INFO, era='all')
def replaced_base_name(context: Context) -> Iterator[Diagnostic]:
    """Two bases of a pure-Python config define the same name: the later import replaces the earlier value.

    Bases of the text style may not share a name; `read_base()` lets the last one win without a message, and dicts are not
    merged. Not reported where the later base is asked for the name (`from .schedule import train_cfg`), or the config
    assigns it anew.

    ```py title="bad/schedule.py"
    train_cfg = dict(by_epoch=True, max_epochs=12)
    ```

    ```py title="bad/runtime.py"
    train_cfg = dict(val_interval=2)
    ```

    ```py title="bad/config.py"
    from mmengine.config import read_base

    with read_base():
        from .schedule import *
        from .runtime import *
    ```

    ```py title="good/schedule.py"
    train_cfg = dict(by_epoch=True, max_epochs=12)
    ```

    ```py title="good/runtime.py"
    train_cfg = dict(val_interval=2)
    ```

    ```py title="good/config.py"
    from mmengine.config import read_base

    with read_base():
        from .runtime import *
        from .schedule import train_cfg
    ```
    """
    config = context.config
    if config.style != 'lazy' or len(config.bases) < 2:
        return
    assigned = {node.id for node in _targets(config.tree)}
    there: dict[str, tuple[Any, str]] = {}
    for base in config.bases:
        node = base.place
        if not isinstance(node, ast.ImportFrom):
            continue
        module = '.' * node.level + (node.module or '')
        takes_all = node.names[0].name == '*'
        names = {name: name for name in base.config.table} if takes_all else _aliases(node)
        for name, inner in names.items():
            value = base.config.table.get(inner)
            if takes_all and name in there and name not in assigned and not _same(there[name][0], value):
                message = f'`{name}` of `{module}` replaces that of `{there[name][1]}`, without merging them'
                advice = Advice('if that is meant, add to the block', f'from {module} import {name}')
                yield context.report_at(config.source.span(node), message, key=name, advice=advice)
            there[name] = value, module


def _aliases(node: ast.ImportFrom) -> dict[str, str]:
    return {alias.asname or alias.name: alias.name for alias in node.names}


def _targets(tree: ast.Module | None) -> Iterator[ast.Name]:
    for node in tree.body if tree is not None else ():
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name):
                yield target


def _same(one: Any, other: Any) -> bool:
    """Compare values; placeholders, which are equal to themselves only, by what they stand for."""
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return True
    if isinstance(one, Lazy) and isinstance(other, Lazy):
        return one.name == other.name
    if isinstance(one, Opaque) and isinstance(other, Opaque):
        return (one.kind, one.name) == (other.kind, other.name)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


@rule(scope='text', severity=Severity.WARNING, era='all')
def shallow_update(context: Context) -> Iterator[Diagnostic]:
    """`update` on a dict of the same file: a dict in it is replaced as a whole, with its `type`.

    A dict that comes from a base merges what it is updated with; one that is written in the file itself is plain Python.

    ```py title="bad"
    optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1, momentum=0.9))
    optim_wrapper.update(optimizer=dict(lr=0.01))
    ```

    ```py title="good"
    optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1, momentum=0.9))
    optim_wrapper['optimizer'].update(lr=0.01)
    ```
    """
    config = context.config
    if config.tree is None or '.update(' not in config.source.text:
        return
    dicts: dict[str, dict[str, ast.expr]] = {}
    for node in config.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            dicts[node.targets[0].id] = _fields(node.value) or {}
        updated = _update(node)
        if updated is None:
            continue
        name, arguments = updated
        for key, value in arguments.items():
            old, new = _fields(dicts.get(name, {}).get(key)), _fields(value)
            if old is None or new is None or 'type' not in old or 'type' in new:
                continue
            message = f"`update` replaces `{name}['{key}']` as a whole: {_listed([*old.keys() - new.keys()], old)} lost"
            given = ', '.join(f'{field}={ast.unparse(each)}' for field, each in new.items())
            advice = Advice('change what is in it', f"{name}['{key}'].update({given})")
            yield context.report_at(config.source.span(value), message, key=f'{name}.{key}', advice=advice)


def _listed(names: list[str], order: Iterable[str]) -> str:
    """Return the first of some names with the verb that fits."""
    first, *rest = (f'`{name}`' for name in order if name in names)
    more = f' and {len(rest)} more' if len(rest) > 1 else ''.join(f' and {name}' for name in rest)
    return f'{first}{more} {"are" if rest else "is"}'


def _update(node: ast.stmt) -> tuple[str, dict[str, ast.expr]] | None:
    """Return the name and the fields of ``name.update(key=…)`` or ``name.update(dict(key=…))``."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != 'update':
        return None
    if not isinstance(call.func.value, ast.Name):
        return None
    fields = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    if len(call.args) == 1:
        fields = {**(_fields(call.args[0]) or {}), **fields}
    return call.func.value.id, fields


def _fields(node: ast.expr | None) -> dict[str, ast.expr] | None:
    """Return the fields of a dict as it is written, None for anything else or where not all of them are."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'dict' and not node.args:
        pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
    elif isinstance(node, ast.Dict):
        pairs = [
            (key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None, value)
            for key, value in zip(node.keys, node.values, strict=True)
        ]
    else:
        return None
    fields = {name: value for name, value in pairs if isinstance(name, str)}
    return fields if len(fields) == len(pairs) else None


_CHANGES = frozenset({
    'append', 'extend', 'insert', 'pop', 'remove', 'clear', 'update', 'setdefault', 'sort', 'reverse', 'popitem', 'merge',
})  # fmt: skip


@rule(scope='file', severity=Severity.INFO, era='all')
def changed_base_value(context: Context) -> Iterator[Diagnostic]:
    """A value of the base under another name is changed: what is inherited changes with it.

    `test_pipeline = _base_.train_pipeline` makes no copy. MMEngine merges the base's values after the file was run, so
    that the config inherits the changed one.

    ```py title="bad/base.py"
    train_pipeline = [dict(type='LoadImageFromFile'), dict(type='RandomFlip')]
    ```

    ```py title="bad/config.py"
    _base_ = 'base.py'
    test_pipeline = _base_.train_pipeline
    test_pipeline.pop()
    ```

    ```py title="good/base.py"
    train_pipeline = [dict(type='LoadImageFromFile'), dict(type='RandomFlip')]
    ```

    ```py title="good/config.py"
    import copy
    _base_ = 'base.py'
    test_pipeline = copy.deepcopy(_base_.train_pipeline)
    test_pipeline.pop()
    ```
    """
    config = context.config
    if config.tree is None or config.style != 'text' or '_base_.' not in config.source.text:
        return
    aliases: dict[str, str] = {}
    for node in config.tree.body:
        for changed in _changed(node):
            inherited = aliases.get(changed.id)
            if inherited is not None and inherited not in config.own:
                del aliases[changed.id]
                message = f'this changes the inherited `{inherited}` as well: `{changed.id}` is no copy of it'
                code = f'{changed.id} = copy.deepcopy(_base_.{inherited})'
                advice = Advice('`import copy`, and where it is assigned, write', code)
                yield context.report_at(config.source.span(changed), message, key=inherited, advice=advice)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, path = node.targets[0].id, _path(node.value)
            aliases.pop(name, None)
            if len(path) > 1 and path[0] == '_base_':
                aliases[name] = path[1]


def _changed(node: ast.stmt) -> Iterator[ast.Name]:
    """Yield the names whose values a statement changes in place."""
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGES:
        places: list[ast.expr] = [call.func.value]
    elif isinstance(node, (ast.Assign, ast.Delete)):
        places = [each.value for each in node.targets if isinstance(each, (ast.Attribute, ast.Subscript))]
    elif isinstance(node, ast.AugAssign):
        target = node.target
        places = [target.value if isinstance(target, (ast.Attribute, ast.Subscript)) else target]
    else:
        return
    for place in places:
        while isinstance(place, (ast.Attribute, ast.Subscript)):
            place = place.value
        if isinstance(place, ast.Name):
            yield place


def _path(node: ast.expr) -> list[str]:
    """Return the names of ``a.b['c'].d``, empty for anything else."""
    names: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        else:
            names.append(str(node.slice.value) if isinstance(node.slice, ast.Constant) else '')
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


@rule(scope='file', severity=Severity.INFO, era='all')
def undumped_name(context: Context) -> Iterator[Diagnostic]:
    """An imported name of a pure-Python config is assigned anew: the config that MMEngine saves does not have it.

    MMEngine leaves all imported names out of the file that it writes beside the checkpoints, by their name. Training
    works; testing with that file misses the key. A warning where it is a section that MMEngine reads.

    ```py title="bad"
    from mmengine.visualization import Visualizer as visualizer
    visualizer = dict(type=visualizer, name='vis')
    ```

    ```py title="good"
    from mmengine.visualization import Visualizer
    visualizer = dict(type=Visualizer, name='vis')
    ```
    """
    config = context.config
    if config.style != 'lazy' or config.imported.keys().isdisjoint(config.table):
        return
    inherited = {id(base.place) for base in config.bases}
    for target in _targets(config.tree):
        statement = config.imported.get(target.id)
        value = config.table.get(target.id)
        if statement is None or id(statement) in inherited or isinstance(value, (Lazy, Unknown)) or value is None:
            continue
        message = f'the config that MMEngine saves has no `{target.id}`: it is an imported name'
        severity = Severity.WARNING if target.id in SECTIONS else None
        advice = Advice('import it under another name')
        yield context.report_at(config.source.span(target), message, key=target.id, severity=severity, advice=advice)
