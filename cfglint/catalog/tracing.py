"""What one function does with a value that it gets: where it hands it on, and which keys it reads, sets and takes away."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.catalog import syntax
from cfglint.catalog.following import COLLECTING, COPIES, NEUTRAL, SPOILING, Code, Given

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.catalog.following import Follower, Keys

_NOTHING: frozenset[Keys] = frozenset()
_DICTS = frozenset({'dict', 'ConfigDict', 'Config', 'Mapping', 'MutableMapping', 'Dict'})
_LISTS = frozenset({'list', 'tuple', 'Sequence', 'List', 'Iterable'})
_BINDING = (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.comprehension, ast.Call)
_USING = (
    ast.Call, ast.Subscript, ast.Attribute, ast.Compare, ast.Dict, ast.Return, ast.Yield, ast.YieldFrom, ast.DictComp,
    ast.Assign, ast.BinOp,
)  # fmt: skip
_LOOPS = (ast.For, ast.AsyncFor, ast.comprehension)


class Body:
    """What does not depend on the value that is followed: the statements of a function, as far as they matter."""

    def __init__(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._nodes = [node for statement in function.body for node in ast.walk(statement)]
        self.binding = [node for node in self._nodes if isinstance(node, _BINDING)]
        self.using = [node for node in self._nodes if isinstance(node, _USING)]
        functions = (node for node in self._nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
        self.nested = {node.name: node for node in functions}
        names = (node for node in self._nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        self.assigned = {node.id for node in names}
        self.own_names = self.assigned | {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
        self.strings = dict(self._written_loops())
        self.built_from = dict(self._rebuilt())
        self.objects = set(self._told_apart())

    def _written_loops(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the variables that stand for each of some strings: `for key in ('a', 'b')`."""
        for node in self._nodes:
            if isinstance(node, _LOOPS) and isinstance(node.target, ast.Name):
                items = syntax.strings(node.iter)
                if items is not None:
                    yield node.target.id, items

    def _told_apart(self) -> Iterator[int]:
        """Yield the names, by identity, that are no dicts where they stand: below `if isinstance(cfg, Module)`."""
        for node in self._nodes:
            test, is_not = (node.test, False) if isinstance(node, ast.If) else (None, False)
            if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
                test, is_not = test.operand, True
            if not isinstance(test, ast.Call) or _last(test.func) != 'isinstance' or len(test.args) != 2:
                continue
            name, kind = test.args
            kinds = {_last(each) for each in (kind.elts if isinstance(kind, ast.Tuple) else [kind])}
            if not isinstance(name, ast.Name) or kinds & _LISTS:
                continue
            is_dict = bool(kinds & _DICTS) != is_not
            for statement in node.orelse if is_dict else node.body:  # type: ignore[attr-defined]
                yield from (
                    id(each) for each in ast.walk(statement) if isinstance(each, ast.Name) and each.id == name.id
                )

    def _rebuilt(self) -> Iterator[tuple[str, int]]:
        """Yield the variables that are no dict any more after a line: `backbone = MODELS.build(backbone)`."""
        for node in self._nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _builds(_last(node.value.func)):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        yield target.id, node.end_lineno or node.lineno


class Trace:
    """Looks through one function.

    Args:
        follower: What collects what is found.
        code: The function.
        body: What is known of it already.
        variables: Which of its variables hold the value; more are found here.
    """

    def __init__(self, follower: Follower, code: Code, body: Body, variables: dict[str, set[Keys]]) -> None:
        self._follower = follower
        self._code = code
        self._body = body
        self._variables = variables

    def look(self) -> None:
        """Find the variables that hold the value, then see what is done with them."""
        size = -1
        while size != (size := sum(map(len, self._variables.values()))):
            for each in self._body.binding:
                self._bind(each)
        for node in self._body.using:
            self._see(node)

    # Which expressions are the value, or hold it.

    def keys(self, node: ast.expr | None) -> frozenset[Keys]:
        """The ways from an expression to the value; none if it does not hold it."""
        match node:
            case ast.Name():
                is_built = id(node) in self._body.objects or node.lineno > self._body.built_from.get(
                    node.id, node.lineno
                )
                return _NOTHING if is_built else frozenset(self._variables.get(node.id, ()))
            case ast.Attribute(value=ast.Name(id='self')):
                return frozenset(self._follower.attribute(self._code, node.attr))
            case ast.Attribute():
                return _below(self.keys(node.value), node.attr)
            case ast.Subscript():
                key = syntax.literal(node.slice)
                found = self.keys(node.value)
                return _elements(found) if key is None else _below(found, key)
            case ast.Starred() | ast.Await() | ast.NamedExpr():
                return self.keys(node.value)
            case ast.IfExp():
                return self.keys(node.body) | self.keys(node.orelse)
            case ast.BoolOp():
                return self._all(node.values)
            case ast.BinOp():
                return self._all([node.left, node.right])
            case ast.List() | ast.Tuple() | ast.Set():
                return self._all(node.elts)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self.keys(node.elt)
            case ast.Dict():
                pairs = zip(node.keys, node.values, strict=True)
                return frozenset().union(*(_under(syntax.literal(key), self.keys(value), key) for key, value in pairs))
            case ast.Call():
                return self._keys_of_call(node)
        return _NOTHING

    def _all(self, nodes: Sequence[ast.expr]) -> frozenset[Keys]:
        return frozenset().union(*(self.keys(each) for each in nodes))

    def _keys_of_call(self, call: ast.Call) -> frozenset[Keys]:
        if isinstance(call.func, ast.Attribute):
            holder = self.keys(call.func.value)
            if holder:
                return self._keys_of_method(call, call.func.attr, holder)
        if _last(call.func) in COPIES:
            named = (_under(item.arg, self.keys(item.value), item.arg) for item in call.keywords)
            return self._all(call.args).union(*named)
        code = self._own(call)
        return frozenset(self._follower.returned.get(id(code.node), ())) if code is not None else _NOTHING

    def _keys_of_method(self, call: ast.Call, name: str, holder: frozenset[Keys]) -> frozenset[Keys]:
        if name in ('copy', 'values', 'items', 'to_dict', 'deepcopy'):
            return holder
        if name in ('pop', 'get', 'setdefault'):
            key = syntax.literal(call.args[0]) if call.args else None
            return _elements(holder) if key is None else _below(holder, key)
        return _NOTHING

    # Assignments.

    def _bind(self, node: ast.AST) -> None:
        match node:
            case ast.Assign():
                for target in node.targets:
                    self._assign(target, node.value)
            case ast.AnnAssign() | ast.NamedExpr() if node.value is not None:
                self._assign(node.target, node.value)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._iterate(node.target, node.iter)
            case ast.Call(func=ast.Attribute(attr=name)) if name in COLLECTING and node.args:
                self._hold(node.func.value, self.keys(node.args[-1]))  # type: ignore[attr-defined]

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                for inner, part in zip(target.elts, value.elts, strict=True):
                    self._assign(inner, part)
            else:
                for inner in target.elts:
                    self._hold(inner, _elements(self.keys(value)))
        elif isinstance(target, (ast.Name, ast.Attribute)):
            self._hold(target, self.keys(value))

    def _iterate(self, target: ast.expr, source: ast.expr) -> None:
        """`for index, item in enumerate(…)`: each variable gets what stands at its place."""
        if isinstance(target, ast.Tuple) and isinstance(source, ast.Call):
            name = _last(source.func)
            if name in ('enumerate', 'items') and len(target.elts) == 2:
                self._iterate(target.elts[1], source.args[0] if name == 'enumerate' and source.args else source)
                return
            if name == 'zip' and len(source.args) == len(target.elts):
                for inner, part in zip(target.elts, source.args, strict=True):
                    self._iterate(inner, part)
                return
        found = _elements(self.keys(source))
        for inner in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
            self._hold(inner, found)

    def _hold(self, target: ast.expr, keys: frozenset[Keys]) -> None:
        if not keys:
            return
        if isinstance(target, ast.Starred):
            target = target.value
        if isinstance(target, ast.Name):
            self._variables.setdefault(target.id, set()).update(keys)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == 'self':
            self._follower.set_attribute(self._code, target.attr, keys)
        else:
            self._follower.is_open = True

    # What is done with it.

    def _see(self, node: ast.AST) -> None:
        match node:
            case ast.Call():
                self._call(node)
            case ast.Subscript() if () in self.keys(node.value):
                self._at(syntax.literal(node.slice), node.ctx, node.slice)
            case ast.Attribute() if () in self.keys(node.value):
                self._at(node.attr, node.ctx, node)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]) if () in self.keys(right):
                self._take(left)
            case ast.Dict():
                pairs = zip(node.keys, node.values, strict=True)
                self._spread([(None if key is None else syntax.literal(key) or '', value) for key, value in pairs])
            case ast.BinOp(op=ast.BitOr()) if () in self.keys(node):
                self._follower.gives_more = True
            case ast.Return() if found := self.keys(node.value):
                self._follower.give_back(self._code.node, found)
            case ast.Yield() | ast.YieldFrom() | ast.DictComp():
                self._lose(node.value)
            case ast.Assign():
                self._store(node)

    def _lose(self, node: ast.expr | None) -> None:
        if self.keys(node):
            self._follower.is_open = True

    def _store(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript) and not self.keys(target.value):
                self._lose(node.value)

    def _at(self, key: str | None, context: ast.expr_context, index: ast.expr) -> None:
        """Note what `cfg['key']` and `cfg.key` do."""
        if key is not None:
            (self._follower.given if isinstance(context, ast.Store) else self._follower.taken).add(key)
        elif isinstance(context, ast.Store):
            self._follower.gives_more = True
        elif isinstance(context, ast.Del):
            self._take(index, or_lose=True)

    def _take(self, key: ast.expr | None, *, or_lose: bool = False) -> None:
        name = syntax.literal(key)
        if name is not None:
            self._follower.taken.add(name)
        elif isinstance(key, ast.Name) and key.id in self._body.strings:
            self._follower.taken.update(self._body.strings[key.id])
        elif or_lose and key is not None and not isinstance(key, (ast.Slice, ast.UnaryOp, ast.Constant)):
            self._follower.is_open = True

    def _spread(self, pairs: Sequence[tuple[str | None, ast.expr]]) -> None:
        """Note the keys that `{**cfg, 'key': 1}` adds; those of another dict that is spread are not known."""
        spread = [() in self.keys(value) for key, value in pairs if key is None]
        if any(spread):
            self._follower.given.update(key for key, _ in pairs if key)
            self._follower.gives_more = (
                self._follower.gives_more or not all(spread) or any(key == '' for key, _ in pairs)
            )

    def _call(self, call: ast.Call) -> None:
        if isinstance(call.func, ast.Attribute):
            holder = self.keys(call.func.value)
            if holder:
                if () in holder:
                    self._method(call, call.func.attr)
                return
        given = list(self._given(call))
        if not given:
            return
        name = _last(call.func)
        if name in NEUTRAL or name in COLLECTING:
            return
        if name in COPIES:
            pairs = [(item.arg, item.value) for item in call.keywords]
            self._spread([*pairs, *((None, each) for each in call.args)] if name in _DICTS else [])
        elif name == 'map' and call.args and _last(call.args[0]) == 'build':
            self._build(call, call.args[0], given[1:])
        elif any(each.place == '**' for each in given):
            self._follower.is_open = True
        else:
            self._hand_on(call, name, given)

    def _method(self, call: ast.Call, name: str) -> None:
        follower = self._follower
        first = call.args[0] if call.args else None
        if name in ('pop', 'get'):
            self._take(first, or_lose=name == 'pop')
        elif name == 'setdefault':
            self._at(syntax.literal(first), ast.Store(), call)
        elif name == 'update':
            follower.given.update(item.arg for item in call.keywords if item.arg is not None)
            written = _written_keys(first)
            follower.given.update(written or ())
            spread = any(item.arg is None for item in call.keywords)
            follower.gives_more = follower.gives_more or spread or (first is not None and written is None)
        elif name in SPOILING:
            follower.is_open = True

    def _given(self, call: ast.Call) -> Iterator[Given]:
        """Yield the arguments of a call that hold the value."""
        for place, argument in enumerate(call.args):
            found = self.keys(argument)
            if found:
                yield Given('**' if isinstance(argument, ast.Starred) else place, found)
        for item in call.keywords:
            found = self.keys(item.value)
            if not found:
                continue
            if item.arg is not None:
                yield Given(item.arg, found)
                continue
            if () in found:
                yield Given('**', found)
            for key in {each[0] for each in found if each}:
                yield Given(key, _below(found, key))

    def _hand_on(self, call: ast.Call, name: str, given: list[Given]) -> None:
        follower, function = self._follower, call.func
        if isinstance(function, ast.Attribute):
            start = self._super(function.value)
            if start is not None:
                follower.call_method(self._code.mro, start, name, given)
                return
            if isinstance(function.value, ast.Name) and function.value.id in ('self', 'cls') and self._code.mro:
                follower.call_method(self._code.mro, 0, name, given)
                return
        code = self._own(call)
        if code is not None:
            follower.call(code, given, bound=False)
            return
        reference = syntax.dotted(
            function.value if name == '__init__' and isinstance(function, ast.Attribute) else function
        )
        found = None if reference is None else self._found(reference)
        if found is not None and found[1]:
            if name == '__init__':  # `Base.__init__(self, …)`
                given = [each._replace(place=each.place - 1) if isinstance(each.place, int) else each for each in given]
            follower.construct(follower.definitions.mro(found[0]), 0, given)
        elif _builds(name):
            self._build(call, function, given)
        elif found is not None:
            follower.is_built = True
        elif isinstance(function, ast.Name) and function.id in self._body.own_names:
            follower.goes_on = True
        else:
            follower.is_open = True

    def _build(self, call: ast.Call, function: ast.expr, given: list[Given]) -> None:
        follower = self._follower
        if any(each for one in given for each in one.keys) or not given or given[0].place not in (0, 1, 'cfg'):
            follower.is_open = True
            return
        follower.is_built = True
        registry = function.value if isinstance(function, ast.Attribute) and function.attr == 'build' else None
        if _last(function) == 'build_from_cfg':
            registry = call.args[1] if len(call.args) > 1 else syntax.keyword(call, 'registry')
        found = self._found(syntax.dotted(registry) or '')
        follower.registries.add(found[0] if found is not None else '')
        defaults = syntax.keyword(call, 'default_args')
        written = _written_keys(defaults)
        follower.given.update(written or ())
        follower.given.update(item.arg for item in call.keywords if item.arg not in (None, 'default_args', 'cfg'))
        more = len(call.args) > 1 or (defaults is not None and written is None)
        follower.gives_more = follower.gives_more or more or any(item.arg is None for item in call.keywords)

    # What functions are.

    def _own(self, call: ast.Call) -> Code | None:
        """The function of the user's that a call calls, if it is one."""
        function, code = call.func, self._code
        definitions = self._follower.definitions
        if isinstance(function, ast.Name) and function.id in self._body.nested:
            return code._replace(node=self._body.nested[function.id])
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == 'self':
            for at, path in enumerate(code.mro):
                found = definitions.definition(path)
                if found is None:
                    continue
                for item in getattr(found[1], 'body', ()):
                    if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == function.attr:
                        return Code(item, found[0], code.mro, at)
            return None
        reference = syntax.dotted(function)
        known = None if reference is None else self._found(reference)
        found = None if known is None else definitions.definition(known[0])
        if found is None or isinstance(found[1], ast.ClassDef):
            return None
        return Code(found[1], found[0], (), 0)

    def _found(self, reference: str) -> tuple[str, bool] | None:
        """The path of what a name means, and whether it is a class; None where that is not known."""
        if not reference or reference.partition('.')[0] in self._body.assigned:
            return None
        found = self._follower.definitions.resolve(reference, self._code.module)
        return None if found is None else (found.path, found.kind == 'class')

    def _super(self, node: ast.expr) -> int | None:
        """The place in the order of classes from which `super()` looks."""
        if not isinstance(node, ast.Call) or syntax.dotted(node.func) != 'super':
            return None
        named = syntax.dotted(node.args[0]) if node.args else None
        found = self._found(named) if named is not None else None
        after = found[0] if found is not None else None
        return (self._code.mro.index(after) if after in self._code.mro else self._code.at) + 1


def _last(node: ast.expr) -> str:
    """The last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ''


def _builds(name: str) -> bool:
    return name == 'build' or name.startswith('build_') or name.endswith('_build')


def _elements(keys: frozenset[Keys]) -> frozenset[Keys]:
    """The ways from what is in a list, or at any key of a dict."""
    return frozenset(each[1:] for each in keys)


def _below(keys: frozenset[Keys], key: str) -> frozenset[Keys]:
    """The ways from what stands at a key."""
    return frozenset(each[1:] for each in keys if each and each[0] == key)


def _under(name: str | None, keys: frozenset[Keys], key: object) -> frozenset[Keys]:
    """The ways to a value that is put at a key, or spread."""
    return keys if name is None and key is None else frozenset((name or '', *each) for each in keys)


def _written_keys(node: ast.expr | None) -> list[str] | None:
    """The keys of a dict that is written out, None if it is not."""
    if isinstance(node, ast.Dict):
        names = [syntax.literal(key) for key in node.keys]
    elif isinstance(node, ast.Call) and syntax.dotted(node.func) in ('dict', 'ConfigDict') and not node.args:
        names = [item.arg for item in node.keywords]
    else:
        return None
    return None if None in names else [name for name in names if name is not None]
