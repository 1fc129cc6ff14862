"""Find registries and registrations in a module: decorators, calls, and loops over written-out classes."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cfglint.catalog import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cfglint.catalog.facts import ModuleFacts

_METHODS = ('register_module', '_register_module')


class Registrations:
    """Adds what one module registers to its facts."""

    def __init__(self, facts: ModuleFacts) -> None:
        self._facts = facts
        self._loops: dict[str, list[str]] = {}

    def registry(self, variable: str, value: ast.expr) -> None:
        """Note `VARIABLE = Registry(…)`."""
        if not isinstance(value, ast.Call) or not (syntax.dotted(value.func) or '').endswith('Registry'):
            return
        name = syntax.string(value.args[0] if value.args else syntax.keyword(value, 'name'))
        if name is not None:
            self._facts['registries'][variable] = {
                'name': name,
                'parent': syntax.dotted(syntax.keyword(value, 'parent')),
                'scope': syntax.string(syntax.keyword(value, 'scope')),
                'line': value.lineno,
            }

    def decorated(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Note `@REGISTRY.register_module(…)`."""
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            registry = _registry(call.func if call else decorator)
            if registry is not None:
                self._add(registry, call, [node.name], node.lineno)

    def call(self, call: ast.Call, imported: Mapping[str, str] | None = None) -> None:
        """Note `REGISTRY.register_module(module=X)`, `REGISTRY.register_module()(X)` and `_register_module(X, 'name')`.

        `imported` holds what the function around it imports: local name → dotted path.
        """
        inner = call.func if isinstance(call.func, ast.Call) else call
        registry = _registry(inner.func)
        if registry is None:
            return
        reference = syntax.dotted(_target(call, inner))
        if reference is None:
            self._unclear(call)
            return
        first, _, rest = reference.partition('.')
        if imported is not None and first in imported:
            reference = '.'.join([imported[first], rest]) if rest else imported[first]
        elif imported is not None and not self._bound(first):
            self._unclear(call)
            return
        self._add(registry, inner, self._loops.get(reference, [reference]), call.lineno)

    def _bound(self, name: str) -> bool:
        return name in self._facts['names'] or name in self._facts['imports']

    @contextmanager
    def loop(self, node: ast.For) -> Iterator[None]:
        """Within it, the loop's variable stands for each item of a written-out list or tuple."""
        name = node.target.id if isinstance(node.target, ast.Name) else None
        items = [syntax.dotted(item) for item in node.iter.elts] if isinstance(node.iter, (ast.List, ast.Tuple)) else []
        if name is None or not items or None in items:
            yield
            return
        self._loops[name] = [item for item in items if item is not None]
        try:
            yield
        finally:
            del self._loops[name]

    def inside(self, function: ast.FunctionDef | ast.AsyncFunctionDef, package: Sequence[str]) -> None:
        """Note what a function registers when it is called, with the classes that it imports itself."""
        imported: dict[str, str] = {}
        for statement in function.body:
            for node in syntax.walk(statement):
                if isinstance(node, ast.ImportFrom):
                    module = syntax.absolute_module(node, package)
                    imported.update({item.asname or item.name: f'{module}.{item.name}' for item in node.names})
                elif isinstance(node, ast.Call) and _registry(node.func) is not None:
                    self.call(node, imported)
                elif isinstance(node, ast.ClassDef):
                    self._made(node)

    def _made(self, node: ast.ClassDef) -> None:
        """Note a class that a function defines and registers: it may do so under any name, or never."""
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if _registry(call.func if call else decorator) is not None:
                self._unclear(decorator)

    def _unclear(self, node: ast.expr) -> None:
        self._facts['unclear'].append((node.lineno, syntax.text(node)))

    def _add(self, registry: str, call: ast.Call | None, targets: list[str], line: int) -> None:
        given = None
        if call is not None:
            given = syntax.keyword(call, 'name') or syntax.keyword(call, 'module_name') or _positional_name(call)
        names = syntax.strings(given)
        no_name = given is None or (isinstance(given, ast.Constant) and given.value is None)
        if names is None and not no_name:
            if call is not None:
                self._unclear(call)
            return
        flag = syntax.keyword(call, 'force') if call is not None else None
        force = isinstance(flag, ast.Constant) and bool(flag.value)
        for target in targets:
            self._facts['registered'].append(
                {'registry': registry, 'names': names, 'target': target, 'force': force, 'line': line}
            )


def _private(call: ast.Call) -> bool:
    """Whether it is `_register_module(module, name)`, not `register_module(name)`."""
    return isinstance(call.func, ast.Attribute) and call.func.attr.startswith('_')


def _target(call: ast.Call, inner: ast.Call) -> ast.expr | None:
    """The node of what a call registers."""
    if inner is not call or _private(call):
        return call.args[0] if call.args else syntax.keyword(call, 'module')
    return syntax.keyword(call, 'module') or (call.args[2] if len(call.args) > 2 else None)


def _positional_name(call: ast.Call) -> ast.expr | None:
    place = 1 if _private(call) else 0
    return call.args[place] if len(call.args) > place else None


def _registry(function: ast.expr) -> str | None:
    """`REGISTRY` of `REGISTRY.register_module`."""
    if isinstance(function, ast.Attribute) and function.attr in _METHODS:
        return syntax.dotted(function.value)
    return None
