"""Where a function's `**kwargs` go."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import syntax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.catalog.facts import FunctionFacts, KwargsUse

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_BRANCHES = (
    ast.If, ast.IfExp, ast.Try, ast.For, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.comprehension,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BoolOp, ast.Match,
)  # fmt: skip
_READERS = frozenset({
    'print', 'len', 'str', 'repr', 'dict', 'list', 'tuple', 'set', 'sorted', 'bool', 'isinstance', 'any', 'all', 'iter',
    'enumerate', 'format', 'deepcopy', 'copy', 'setattr', 'update', 'append', 'add', 'warn', 'info', 'debug', 'warning',
    'error', 'warning_once', 'pformat', 'pprint', 'type', 'id', 'max', 'min', 'frozenset', 'Dict', 'ConfigDict',
})  # fmt: skip
"""Functions and methods that leave a dict that they get as it is, by the last part of their names."""


class Context(NamedTuple):
    """The class around a function."""

    own_class: str | None
    parameters: frozenset[str]
    vararg: str | None
    """The name of its `*args`: a config gives none."""
    local: frozenset[str]
    """The names that the function assigns: what they stand for is not followed."""
    method: Callable[[str], FunctionFacts | None]
    """The facts of a method of the class, by name."""


def kwargs_uses(
    function: _Function,
    own_class: str | None,
    method: Callable[[str], FunctionFacts | None],
) -> list[KwargsUse]:
    """Every use of the `**kwargs` of `function`, in source order; empty when they are swallowed."""
    if function.args.kwarg is None:
        return []
    name = function.args.kwarg.arg
    parameters = frozenset(item.arg for item in (*function.args.args, *function.args.kwonlyargs))
    vararg = function.args.vararg.arg if function.args.vararg is not None else None
    context = Context(own_class, parameters, vararg, _assigned(function), method)
    uses: list[KwargsUse] = []
    may_have_returned = False
    for statement in function.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and _rebinds(statement, name):
            again = _rebuilt(statement.value, name)
            if again is None:
                break  # from here on, the name stands for another dict
            uses.append(again)
            continue
        for chain in _occurrences(statement, name, ()):
            use = _use(chain, context, always=not may_have_returned)
            if use is not None and use not in uses:
                uses.append(use)
        may_have_returned = may_have_returned or _may_return(statement)
    return uses


def _assigned(function: _Function) -> frozenset[str]:
    nodes = (node for statement in function.body for node in ast.walk(statement))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _may_return(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.If, ast.Try, ast.For, ast.While, ast.With, ast.Match)) and any(
        isinstance(node, ast.Return) for node in ast.walk(statement)
    )


def _rebinds(node: ast.Assign | ast.AnnAssign, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _rebuilt(value: ast.expr | None, name: str) -> KwargsUse | None:
    """`kwargs = dict(kwargs, x=1)`: what the new dict has beside the old one; None where it is without the old one."""
    if value is None or not any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value)):
        return None
    given = _copied(value, name)
    if given is None:
        return ['open', f'changed in `{name} = {syntax.text(value)}`', False, True]
    return ['set', given, False]


def _copied(value: ast.expr, name: str) -> list[str] | None:
    """The keys that an expression adds to a copy of the dict; None where more may happen to it."""
    if isinstance(value, ast.Name) and value.id == name:
        return []
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
        return _copied(value.values[0], name)
    if isinstance(value, ast.Dict):
        keys = [syntax.literal(key) for key, item in zip(value.keys, value.values, strict=True) if key is not None]
        spread = [item for key, item in zip(value.keys, value.values, strict=True) if key is None]
        is_plain = len(spread) == 1 and _copied(spread[0], name) is not None
        return [key for key in keys if key is not None] if is_plain and None not in keys else None
    if not isinstance(value, ast.Call):
        return None
    function = (syntax.dotted(value.func) or '').rpartition('.')[2]
    if function == 'copy' and isinstance(value.func, ast.Attribute) and not value.args:
        return _copied(value.func.value, name)
    sources = [*value.args, *(item.value for item in value.keywords if item.arg is None)]
    if function in ('dict', 'copy', 'deepcopy') and len(sources) == 1 and _copied(sources[0], name) is not None:
        return [item.arg for item in value.keywords if item.arg is not None]
    return None


def _occurrences(node: ast.AST, name: str, above: tuple[ast.AST, ...]) -> Iterator[tuple[ast.AST, ...]]:
    """The chain of nodes, outermost first, that ends in each mention of `name`."""
    chain = (*above, node)
    if isinstance(node, ast.Name) and node.id == name:
        yield chain
        return
    if isinstance(node, _Scope) and any(isinstance(each, ast.arg) and each.arg == name for each in ast.walk(node.args)):
        return  # its own
    for child in ast.iter_child_nodes(node):
        yield from _occurrences(child, name, chain)


def _use(chain: tuple[ast.AST, ...], context: Context, *, always: bool) -> KwargsUse | None:
    *above, mention = chain
    parent = above[-1] if above else mention
    outer = above[-2] if len(above) > 1 else None
    conditional = not always or any(isinstance(node, _BRANCHES) for node in above)
    if isinstance(parent, ast.keyword) and parent.arg is None and isinstance(outer, ast.Call):
        return _forward(outer, mention, conditional, context)
    if isinstance(parent, ast.Attribute) and isinstance(outer, ast.Call) and outer.func is parent:
        return _method(parent.attr, outer, conditional, _enclosing(above))
    if isinstance(parent, ast.Subscript) and parent.value is mention:
        return _subscript(parent, conditional)
    if isinstance(parent, ast.Compare) and isinstance(parent.ops[0], (ast.In, ast.NotIn)):
        key = syntax.literal(parent.left)
        return ['take', key, None, False, False] if key is not None else _open(parent, conditional)
    return _open(_enclosing(above) or parent, conditional, changed=_may_change(mention, parent))


def _may_change(mention: ast.AST, parent: ast.AST) -> bool:
    """Whether what happens with the dict itself may take keys away before it is handed on."""
    if isinstance(mention, ast.Name) and not isinstance(mention.ctx, ast.Load):
        return True
    if isinstance(parent, ast.Call):
        function = parent.func
        last = function.attr if isinstance(function, ast.Attribute) else syntax.dotted(function)
        return last not in _READERS
    if isinstance(parent, ast.keyword):
        return True
    # `other = kwargs` is the same dict under another name; `self.kwargs = kwargs` is kept for later.
    return isinstance(parent, ast.Assign) and any(isinstance(target, ast.Name) for target in parent.targets)


def _enclosing(above: list[ast.AST]) -> ast.AST | None:
    """The innermost simple statement, for a message."""
    return next((node for node in reversed(above) if isinstance(node, ast.stmt)), None)


def _open(node: ast.AST, conditional: bool, *, changed: bool = False) -> KwargsUse:
    compound = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.FunctionDef, ast.AsyncFunctionDef, ast.Match)
    why = 'used in a way that cannot be followed' if isinstance(node, compound) else f'used in `{syntax.text(node)}`'
    return ['open', why, conditional, True] if changed else ['open', why, conditional]


def _forward(call: ast.Call, mention: ast.AST, conditional: bool, context: Context) -> KwargsUse:
    positional = sum(not isinstance(argument, ast.Starred) for argument in call.args)
    given = [item.arg for item in call.keywords if item.arg is not None]
    # `f(*some, **kwargs, **others)`: nobody knows what is needed beside the others.
    starred = [item.value for item in call.args if isinstance(item, ast.Starred)]
    spread = [item.value for item in call.keywords if item.arg is None and item.value is not mention]
    conditional = conditional or any(syntax.dotted(item) != context.vararg for item in starred) or bool(spread)
    target = call.func
    if isinstance(target, ast.Attribute) and target.attr == '__init__':
        if isinstance(target.value, ast.Call) and syntax.dotted(target.value.func) == 'super':
            named = syntax.dotted(target.value.args[0]) if target.value.args else None
            # `super(type(self), self)` and `super(__class__, self)` mean the class itself.
            after = None if named in (None, context.own_class, '__class__') else named
            return ['super', positional, given, conditional, after]
        base = syntax.dotted(target.value)
        if base is not None:
            return ['call', base, max(positional - 1, 0), given, conditional]
    reference = syntax.dotted(target)
    if reference == 'dict':
        return _config(call, given, conditional, context)
    if reference is not None and reference.startswith('self.') and reference.count('.') == 1:
        name = reference.removeprefix('self.')
        method = context.method(name)
        if method is not None:
            return ['inline', method, positional, given, conditional, name]
    first = None if reference is None else reference.split('.')[0]
    if reference is None or first in ('self', 'cls') or first in context.parameters or first in context.local:
        return ['open', f'passed on by `{syntax.text(call)}`', conditional]
    return ['call', reference, positional, given, conditional]


def _config(call: ast.Call, given: list[str], conditional: bool, context: Context) -> KwargsUse:
    """`dict(type=resize_type, **kwargs)`."""
    type_ = syntax.keyword(call, 'type')
    name = syntax.literal(type_)
    if name is not None:
        return ['config', None, name, given, conditional]
    if isinstance(type_, ast.Name) and type_.id in context.parameters:
        return ['config', type_.id, None, given, conditional]
    return ['open', f'passed on by `{syntax.text(call)}`', conditional]


def _method(name: str, call: ast.Call, conditional: bool, statement: ast.AST | None) -> KwargsUse:
    key = syntax.literal(call.args[0]) if call.args else None
    if name in ('pop', 'get') and key is not None:
        default = syntax.text(call.args[1]) if len(call.args) > 1 else None
        required = name == 'pop' and default is None and not call.keywords and not conditional
        return ['take', key, default, required, name == 'pop']
    if name == 'setdefault' and key is not None:
        return ['set', [key], conditional]
    if name == 'update':
        given = _updates(call)
        return ['set', given, conditional] if given is not None else _open(statement or call, conditional, changed=True)
    changed = name not in ('get', 'items', 'keys', 'values', 'copy')
    return _open(statement or call, conditional, changed=changed)


def _updates(call: ast.Call) -> list[str] | None:
    """The keys that `kwargs.update(…)` sets, None where they are not written out."""
    names = [item.arg for item in call.keywords]
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            names += [syntax.literal(key) for key in argument.keys]
        elif isinstance(argument, ast.Call) and syntax.dotted(argument.func) == 'dict' and not argument.args:
            names += [item.arg for item in argument.keywords]
        else:
            return None
    return None if None in names else [name for name in names if name is not None]


def _subscript(node: ast.Subscript, conditional: bool) -> KwargsUse:
    key = syntax.literal(node.slice)
    if key is None:
        return _open(node, conditional, changed=not isinstance(node.ctx, ast.Load))
    if isinstance(node.ctx, ast.Store):
        return ['set', [key], conditional]
    return ['take', key, None, isinstance(node.ctx, ast.Load) and not conditional, isinstance(node.ctx, ast.Del)]
