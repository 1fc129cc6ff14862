"""Names in scope: what each name of a module stands for, by Python's rules of scopes.

scopes = Scopes(tree, ['own', 'heads'])
scopes.path(node)  # 'mmcv.runner.BaseModule' of `runner.BaseModule` after `from mmcv import runner`
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.syntax import absolute_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Import(NamedTuple):
    """A name that an import binds.

    Attributes:
        statement: The statement.
        alias: The part of it that names this.
        path: What is imported: a module, or `module.name`; absolute.
        bound: The name that it has from then on; `*` for a star import.
        is_top: Whether the statement stands at the top level of the module, in no `if` or `try`.
    """

    statement: ast.Import | ast.ImportFrom
    alias: ast.alias
    path: str
    bound: str
    is_top: bool

    @property
    def stands_for(self) -> str:
        """What the bound name stands for: `import a.b` binds `a`, which is the package."""
        if isinstance(self.statement, ast.Import) and self.alias.asname is None:
            return self.bound
        return self.path


class _Scope:
    """A module, class, function, lambda or comprehension."""

    def __init__(self, parent: _Scope | None, *, is_class: bool = False) -> None:
        self.parent = parent
        self.is_class = is_class
        self.imports: dict[str, list[Import]] = {}
        self.others: dict[str, list[ast.AST]] = {}
        """What else binds a name: a node each."""
        self.elsewhere: dict[str, _Scope] = {}
        """Names that `global` and `nonlocal` give to other scopes."""

    def owner(self, name: str) -> _Scope | None:
        """Return the scope in which a name that is read here is bound."""
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.elsewhere:
                return scope.elsewhere[name].owner(name)
            if (name in scope.imports or name in scope.others) and (scope is self or not scope.is_class):
                return scope
            scope = scope.parent
        return None


class Scopes:
    """The scopes of a module.

    Attributes:
        imports: What is imported, anywhere in the module, in the order of the text.
        loads: Every name that is read, in the order of the text.
    """

    def __init__(self, tree: ast.Module, package: Sequence[str]) -> None:
        self.imports: list[Import] = []
        self.loads: list[ast.Name] = []
        self._of: dict[ast.AST, _Scope] = {}
        self.top = _Scope(None)
        _Builder(self, tree, package).build()

    def path(self, node: ast.AST | None) -> str | None:
        """Return the dotted path of what an expression names, through imports; None for anything else."""
        rest: list[str] = []
        while isinstance(node, ast.Attribute):
            rest.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        found = self.imported(node)
        return None if found is None else '.'.join([found.stands_for, *reversed(rest)])

    def imported(self, name: ast.Name) -> Import | None:
        """Return the import that a name stands for; None where it is anything else, or one of several things."""
        owner = self.owner_of(name)
        if owner is None or name.id in owner.others:
            return None
        found = owner.imports[name.id]
        return found[0] if len({each.stands_for for each in found}) == 1 else None

    def owner_of(self, name: ast.Name) -> _Scope | None:
        """Return the scope in which a name is bound; None for a builtin."""
        scope = self._of.get(name)
        return None if scope is None else scope.owner(name.id)

    def definition(self, node: ast.AST | None) -> ast.AST | None:
        """Return the only thing that binds what a name stands for: a class or function of the module, a value …"""
        owner = self.owner_of(node) if isinstance(node, ast.Name) else None
        if owner is None or not isinstance(node, ast.Name) or node.id in owner.imports:
            return None
        found = owner.others[node.id]
        return found[0] if len(found) == 1 else None

    def is_bound_by(self, name: ast.Name, node: ast.AST) -> bool:
        """Tell whether a name stands for what a node binds: a parameter, say."""
        owner = self.owner_of(name)
        return owner is not None and node in owner.others.get(name.id, ())

    def uses(self, of: Import) -> list[ast.Name]:
        """Return the names that are read and stand for what is imported there."""
        return [each for each in self.loads if each.id == of.bound and of in self._imports_of(each)]

    def _imports_of(self, name: ast.Name) -> list[Import]:
        owner = self.owner_of(name)
        return [] if owner is None else owner.imports.get(name.id, [])

    @cached_property
    def _inner(self) -> dict[str, bool]:
        """The names that scopes bind, and whether one below the top level does."""
        names = dict.fromkeys((*self.top.imports, *self.top.others), False)
        for scope in set(self._of.values()) - {self.top}:
            names.update(dict.fromkeys((*scope.imports, *scope.others), True))
        return names

    def binds(self, name: str) -> bool:
        """Tell whether any scope of the module binds a name."""
        return name in self._inner

    def only_imports(self, name: str, path: str) -> bool:
        """Tell whether a name is bound at the top level, by nothing but imports of a path, and nowhere else."""
        found = self.top.imports.get(name, ())
        is_top = bool(found) and all(each.stands_for == path for each in found) and name not in self.top.others
        return is_top and not self._inner[name]

    def is_free(self, name: str, path: str) -> bool:
        """Tell whether a name can be imported from a path: nothing of the module has it, or it is the very same."""
        return not self.binds(name) or self.only_imports(name, path)


class _Builder(ast.NodeVisitor):
    """Notes for a tree which scope binds and which reads what."""

    def __init__(self, scopes: Scopes, tree: ast.Module, package: Sequence[str]) -> None:
        self._scopes = scopes
        self._tree = tree
        self._package = package
        self._scope = scopes.top
        self._top = {id(node) for node in tree.body}

    def build(self) -> None:
        """Look through the tree."""
        for statement in self._tree.body:
            self.visit(statement)

    def _within(self, scope: _Scope, nodes: Iterable[ast.AST | None]) -> None:
        outer, self._scope = self._scope, scope
        for node in nodes:
            if node is not None:
                self.visit(node)
        self._scope = outer

    def _bind(self, name: str, node: ast.AST) -> None:
        scope = self._scope.elsewhere.get(name, self._scope)
        scope.others.setdefault(name, []).append(node)

    def visit_Name(self, node: ast.Name) -> None:
        self._scopes._of[node] = self._scope
        if isinstance(node.ctx, ast.Load):
            self._scopes.loads.append(node)
        else:
            self._bind(node.id, node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._import(node, alias, alias.name, alias.asname or alias.name.partition('.')[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = absolute_module(node, self._package)
        for alias in node.names:
            self._import(node, alias, f'{module}.{alias.name}', alias.asname or alias.name)

    def _import(self, node: ast.Import | ast.ImportFrom, alias: ast.alias, path: str, bound: str) -> None:
        found = Import(node, alias, path, bound, id(node) in self._top)
        self._scopes.imports.append(found)
        if bound != '*':
            self._scope.elsewhere.get(bound, self._scope).imports.setdefault(bound, []).append(found)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name, node)
        self._visit_all((*node.decorator_list, *node.bases, *node.keywords))
        self._within(_Scope(self._scope, is_class=True), node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: Function) -> None:
        self._bind(node.name, node)
        self._visit_all((*node.decorator_list, *_outside(node.args), node.returns))
        inner = _Scope(self._scope)
        for each in parameters(node.args):
            inner.others.setdefault(each.arg, []).append(each)
        self._within(inner, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all(_outside(node.args))
        inner = _Scope(self._scope)
        for each in parameters(node.args):
            inner.others.setdefault(each.arg, []).append(each)
        self._within(inner, [node.body])

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _comprehension(self, node: ast.AST) -> None:
        first = node.generators[0]  # type: ignore[attr-defined]
        self.visit(first.iter)
        inner = _Scope(self._scope)
        rest = [each for each in ast.iter_child_nodes(node) if each is not first]
        self._within(inner, [first.target, *first.ifs, *rest])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        # What `:=` binds in a comprehension belongs to what is around it; to bind it in both does no harm.
        self.visit(node.target)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name is not None:
            self._bind(node.name, node)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self._scope.elsewhere.update(dict.fromkeys(node.names, self._scopes.top))

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        if self._scope.parent is not None:
            self._scope.elsewhere.update(dict.fromkeys(node.names, self._scope.parent))

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name is not None:
            self._bind(node.name, node)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name is not None:
            self._bind(node.name, node)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest is not None:
            self._bind(node.rest, node)
        self.generic_visit(node)


def parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    """Yield all parameters, in order."""
    yield from (*arguments.posonlyargs, *arguments.args)
    yield from [arguments.vararg] if arguments.vararg else []
    yield from arguments.kwonlyargs
    yield from [arguments.kwarg] if arguments.kwarg else []


def _outside(arguments: ast.arguments) -> Iterator[ast.AST | None]:
    """Yield what of a function's head is evaluated outside of it: defaults and annotations."""
    yield from (*arguments.defaults, *arguments.kw_defaults)
    yield from (each.annotation for each in parameters(arguments))
