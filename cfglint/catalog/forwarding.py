"""Where a function's `**kwargs` go."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import syntax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.catalog.facts import FunctionFacts, KwargsUse

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_BRANCHES = (ast.If, ast.IfExp, ast.Try, ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.comprehension)


class Context(NamedTuple):
    """The class around a function."""

    own_class: str | None
    parameters: frozenset[str]
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
    context = Context(own_class, parameters, method)
    uses: list[KwargsUse] = []
    for statement in function.body:
        for chain in _occurrences(statement, name, ()):
            use = _use(chain, context)
            if use is not None and use not in uses:
                uses.append(use)
    return uses


def _occurrences(node: ast.AST, name: str, above: tuple[ast.AST, ...]) -> Iterator[tuple[ast.AST, ...]]:
    """The chain of nodes, outermost first, that ends in each mention of `name`."""
    chain = (*above, node)
    if isinstance(node, ast.Name) and node.id == name:
        yield chain
        return
    for child in ast.iter_child_nodes(node):
        yield from _occurrences(child, name, chain)


def _use(chain: tuple[ast.AST, ...], context: Context) -> KwargsUse | None:
    *above, mention = chain
    parent = above[-1] if above else mention
    outer = above[-2] if len(above) > 1 else None
    conditional = any(isinstance(node, _BRANCHES) for node in above)
    if isinstance(parent, ast.keyword) and parent.arg is None and isinstance(outer, ast.Call):
        return _forward(outer, conditional, context)
    if isinstance(parent, ast.Attribute) and isinstance(outer, ast.Call) and outer.func is parent:
        return _method(parent.attr, outer, conditional, _enclosing(above))
    if isinstance(parent, ast.Subscript) and parent.value is mention:
        return _subscript(parent, conditional)
    if isinstance(parent, ast.Compare) and isinstance(parent.ops[0], (ast.In, ast.NotIn)):
        key = syntax.string(parent.left)
        return ['take', key, None, False, False] if key is not None else _open(parent, conditional)
    return _open(_enclosing(above) or parent, conditional)


def _enclosing(above: list[ast.AST]) -> ast.AST | None:
    """The innermost simple statement, for a message."""
    return next((node for node in reversed(above) if isinstance(node, ast.stmt)), None)


def _open(node: ast.AST, conditional: bool) -> KwargsUse:
    if isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.FunctionDef)):
        return ['open', 'used in a way that cannot be followed', conditional]
    return ['open', f'used in `{syntax.text(node)}`', conditional]


def _forward(call: ast.Call, conditional: bool, context: Context) -> KwargsUse:
    positional = sum(not isinstance(argument, ast.Starred) for argument in call.args)
    given = [item.arg for item in call.keywords if item.arg is not None]
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
        method = context.method(reference.removeprefix('self.'))
        if method is not None:
            return ['inline', method, positional, given, conditional]
    if reference is None or reference.split('.')[0] in ('self', 'cls', *context.parameters):
        return ['open', f'passed on by `{syntax.text(call)}`', conditional]
    return ['call', reference, positional, given, conditional]


def _config(call: ast.Call, given: list[str], conditional: bool, context: Context) -> KwargsUse:
    """`dict(type=resize_type, **kwargs)`."""
    type_ = syntax.keyword(call, 'type')
    name = syntax.string(type_)
    if name is not None:
        return ['config', None, name, given, conditional]
    if isinstance(type_, ast.Name) and type_.id in context.parameters:
        return ['config', type_.id, None, given, conditional]
    return ['open', f'passed on by `{syntax.text(call)}`', conditional]


def _method(name: str, call: ast.Call, conditional: bool, statement: ast.AST | None) -> KwargsUse:
    key = syntax.string(call.args[0]) if call.args else None
    if name in ('pop', 'get', 'setdefault') and key is not None:
        default = syntax.text(call.args[1]) if len(call.args) > 1 else None
        required = name == 'pop' and default is None and not call.keywords and not conditional
        return ['take', key, default, required, name == 'pop']
    if name == 'update' and not call.args and all(item.arg is not None for item in call.keywords):
        if len(call.keywords) == 1:
            return ['take', call.keywords[0].arg, None, False, False]
        return _open(call, conditional)
    return _open(statement or call, conditional)


def _subscript(node: ast.Subscript, conditional: bool) -> KwargsUse:
    key = syntax.string(node.slice)
    if key is None:
        return _open(node, conditional)
    return ['take', key, None, isinstance(node.ctx, ast.Load) and not conditional, isinstance(node.ctx, ast.Del)]
