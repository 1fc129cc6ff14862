"""Evaluation of expressions: one function a kind of `ast` node."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.language import operators
from cfglint.language.builtins import BUILTINS, attribute_of, iterate
from cfglint.language.calls import call
from cfglint.language.evaluator import EXPRESSIONS, ComprehensionScope, Function, Generator, assign, evaluate
from cfglint.language.limits import check_text
from cfglint.language.operators import origins_of, truth_of
from cfglint.language.values import Array, Lazy, Opaque, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    from cfglint.language.evaluator import Evaluator


def _constant(ev: Evaluator, node: ast.Constant) -> Any:
    return node.value


def _name(ev: Evaluator, node: ast.Name) -> Any:
    name = node.id
    ev.loads.add(name)
    for scope in reversed(ev.scopes):
        if name in scope:
            return scope[name]
    if name == '_base_' and ev.base is not None:
        return ev.base()
    if name in BUILTINS:
        return BUILTINS[name]
    return _undefined(ev, node)


def _undefined(ev: Evaluator, node: ast.Name) -> Any:
    if node.id == '__file__' and ev.lazy:
        return ev.source.path
    if node.id == '__name__':
        return 'builtins'
    if ev.base is not None and (held := ev.base()) is not None and isinstance(held, Table) and node.id in held:
        hint = f'; a base defines it: write `_base_.{node.id}`'
    else:
        hint = ''
    ev.refuse(node, 'undefined-name', f'name `{node.id}` is not defined{hint} (MMEngine: `NameError`)', 'NameError')


def _list(ev: Evaluator, node: ast.List) -> Any:
    return _sequence(ev, node, Array)


def _tuple(ev: Evaluator, node: ast.Tuple) -> Any:
    result = _sequence(ev, node, Array)
    return Row(result, tuple(result.origins)) if isinstance(result, Array) else result


def _sequence(ev: Evaluator, node: ast.List | ast.Tuple | ast.Set, kind: type[Array]) -> Any:
    items: list[Any] = []
    origins: list[Origin | None] = []
    source = ev.source
    for child in node.elts:
        if child.__class__ is ast.Starred:
            value = evaluate(ev, child.value)
            part = iterate(ev, child, value)
            if isinstance(part, Unknown):
                return part
            items += part
            origins += origins_of(value) if isinstance(value, (Array, Row)) else [None] * len(part)
        else:
            items.append(EXPRESSIONS[child.__class__](ev, child))
            origins.append(Origin(source, None, child))
    return kind(items, origins)


def _set(ev: Evaluator, node: ast.Set) -> Any:
    items = _sequence(ev, node, Array)
    if isinstance(items, Unknown) or operators.has_unknown(items):
        return Unknown('a set of values that are not known')
    try:
        return set(items)
    except TypeError as error:
        ev.fail(node, error)


def _dict(ev: Evaluator, node: ast.Dict) -> Any:
    table = Table()
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(ev, value_node)
        if key_node is None:
            if isinstance(value, Unknown):
                return value
            if not isinstance(value, Table):
                ev.fail(value_node, TypeError(f"'{operators.type_name(value)}' object is not a mapping"))
            table.update(value)
            table.origins.update(value.origins)
            continue
        key = evaluate(ev, key_node)
        if isinstance(key, Unknown):
            return key
        _put(ev, table, key, value, key_node, value_node)
    return table


def _put(ev: Evaluator, table: Table, key: Any, value: Any, key_node: ast.expr, value_node: ast.expr) -> None:
    try:
        operators.expanded_size(key)
        table[key] = value
    except Exception as error:
        ev.fail(key_node, error)
    table.origins[key] = Origin(ev.source, key_node, value_node)


def _unary(ev: Evaluator, node: ast.UnaryOp) -> Any:
    value = evaluate(ev, node.operand)
    try:
        return operators.unary(type(node.op), value)
    except Exception as error:
        ev.fail(node, error)


def _binary(ev: Evaluator, node: ast.BinOp) -> Any:
    left, right = evaluate(ev, node.left), evaluate(ev, node.right)
    try:
        return operators.binary(type(node.op), left, right)
    except Exception as error:
        ev.fail(node, error)


def _boolean(ev: Evaluator, node: ast.BoolOp) -> Any:
    stop = isinstance(node.op, ast.Or)
    value: Any = None
    for child in node.values:
        value = evaluate(ev, child)
        truth = truth_of(value)
        if isinstance(truth, Unknown) or truth is stop:
            return value
    return value


def _compare(ev: Evaluator, node: ast.Compare) -> Any:
    left = evaluate(ev, node.left)
    result: Any = True
    for kind, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluate(ev, right_node)
        try:
            result = operators.compare(type(kind), left, right)
        except Exception as error:
            ev.fail(node, error)
        if isinstance(result, Unknown) or not result:
            return result
        left = right
    return result


def _conditional(ev: Evaluator, node: ast.IfExp) -> Any:
    truth = truth_of(evaluate(ev, node.test))
    if isinstance(truth, Unknown):
        return truth
    return evaluate(ev, node.body if truth else node.orelse)


def _attribute(ev: Evaluator, node: ast.Attribute) -> Any:
    value = evaluate(ev, node.value)
    try:
        return attribute_of(value, node.attr)
    except Exception as error:
        ev.fail(node, error)


def _subscript(ev: Evaluator, node: ast.Subscript) -> Any:
    value = evaluate(ev, node.value)
    key = evaluate(ev, node.slice)
    for part in (value, key):
        if isinstance(part, Unknown):
            return part
    if isinstance(value, Opaque):
        return Unknown('an item of an object')
    try:
        return item_of(value, key)
    except Exception as error:
        ev.fail(node, error)


def item_of(value: Any, key: Any) -> Any:
    """Return ``value[key]``; slices keep origins."""
    if isinstance(value, Lazy):
        raise TypeError("'LazyObject' object is not subscriptable")
    if isinstance(key, slice) and isinstance(value, Array):
        return Array(list.__getitem__(value, key), origins_of(value)[key])
    if isinstance(key, slice) and isinstance(value, Row):
        return Row(tuple.__getitem__(value, key), tuple(origins_of(value)[key]))
    return value[key]


def _slice(ev: Evaluator, node: ast.Slice) -> Any:
    parts = [None if part is None else evaluate(ev, part) for part in (node.lower, node.upper, node.step)]
    unknown = next((part for part in parts if isinstance(part, Unknown)), None)
    return slice(*parts) if unknown is None else unknown


def _joined(ev: Evaluator, node: ast.JoinedStr) -> Any:
    pieces: list[str] = []
    for child in node.values:
        piece = evaluate(ev, child)
        if isinstance(piece, Unknown):
            return piece
        pieces.append(piece)
    check_text(sum(map(len, pieces)))
    return ''.join(pieces)


def _formatted(ev: Evaluator, node: ast.FormattedValue) -> Any:
    value = evaluate(ev, node.value)
    spec = '' if node.format_spec is None else evaluate(ev, node.format_spec)
    if isinstance(value, Unknown) or isinstance(spec, Unknown):
        return value if isinstance(value, Unknown) else spec
    try:
        if node.conversion in (ord('r'), ord('a')):
            operators.expanded_size(value)
            if operators.has_unknown(value) or isinstance(value, (Opaque, Lazy)):
                return Unknown('the text of an object')
            value = repr(value) if node.conversion == ord('r') else ascii(value)
        return operators.format_value(value, spec)
    except Exception as error:
        ev.fail(node, error)


def _lambda(ev: Evaluator, node: ast.Lambda) -> Any:
    return Function('<lambda>', node.args, node.body, list(ev.scopes), default_values(ev, node.args))


def default_values(ev: Evaluator, arguments: ast.arguments) -> dict[str, Any]:
    """Evaluate the defaults of a function where it is defined."""
    positional = arguments.posonlyargs + arguments.args
    with_default = positional[len(positional) - len(arguments.defaults) :]
    defaults = {arg.arg: evaluate(ev, node) for arg, node in zip(with_default, arguments.defaults, strict=True)}
    for arg, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if node is not None:
            defaults[arg.arg] = evaluate(ev, node)
    return defaults


def _named(ev: Evaluator, node: ast.NamedExpr) -> Any:
    value = evaluate(ev, node.value)
    ev.bind_outside_comprehension(node.target.id, value, node.target, node.value)
    return value


def _comprehension(ev: Evaluator, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Any:
    turns: list[Any] = []
    # A comprehension has a scope of its own; its first iterable is evaluated outside, which no config can tell.
    ev.scopes.append(ComprehensionScope())
    try:
        unknown = _turns(ev, node, 0, turns)
    finally:
        ev.scopes.pop()
    if unknown is not None:
        return unknown
    if isinstance(node, ast.DictComp):
        table = Table()
        for key, value in turns:
            if isinstance(key, Unknown):
                return key
            _put(ev, table, key, value, node.key, node.value)
        return table
    if isinstance(node, ast.SetComp):
        return Unknown('a set of values that are not known') if operators.has_unknown(turns) else set(turns)
    kind = Generator if isinstance(node, ast.GeneratorExp) else Array
    return kind(turns, [Origin(ev.source, None, node.elt)] * len(turns))


def _turns(ev: Evaluator, node: Any, index: int, turns: list[Any]) -> Unknown | None:
    """Run the `index`-th ``for`` of a comprehension and those below it; collect what the innermost yields."""
    if index == len(node.generators):
        is_dict = isinstance(node, ast.DictComp)
        turns.append((evaluate(ev, node.key), evaluate(ev, node.value)) if is_dict else evaluate(ev, node.elt))
        return None
    generator = node.generators[index]
    items = iterate(ev, generator.iter, evaluate(ev, generator.iter))
    if isinstance(items, Unknown):
        return items
    for item in items:
        ev.tick(node)
        assign(ev, generator.target, item, generator.iter)
        tests = [truth_of(evaluate(ev, test)) for test in generator.ifs]
        unknown = next((test for test in tests if isinstance(test, Unknown)), None)
        if unknown is not None:
            return unknown
        if all(tests):
            unknown = _turns(ev, node, index + 1, turns)
            if unknown is not None:
                return unknown
    return None


def _not_for_configs(ev: Evaluator, node: ast.expr) -> Any:
    return Unknown(f'a {type(node).__name__} expression')


def _starred(ev: Evaluator, node: ast.Starred) -> Any:
    ev.refuse(node, 'syntax-error', "can't use starred expression here (MMEngine: `SyntaxError`)", 'SyntaxError')


EXPRESSIONS |= {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Call: call,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.Starred: _starred,
    ast.Await: _not_for_configs,
    ast.Yield: _not_for_configs,
    ast.YieldFrom: _not_for_configs,
}
