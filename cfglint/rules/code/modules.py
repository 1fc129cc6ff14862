"""What a module of the user's own code imports, uses and defines, as far as rules ask; read and never imported."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.syntax import absolute_module, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.language.source import SourceFile, Span


class Name(NamedTuple):
    """A name that a statement imports, and where it is written."""

    name: str
    span: Span


class Statement(NamedTuple):
    """An `import` that Python runs whenever it imports the module.

    Attributes:
        span: Where the statement stands.
        module: The module of `from … import …`, absolute; none for a plain `import`.
        names: The modules of a plain `import`, else the names taken from the module.
    """

    span: Span
    module: str | None
    names: tuple[Name, ...]


class Attribute(NamedTuple):
    """A use of something through an imported module: `mmcv.Config`."""

    path: str
    """The dotted path that it stands for."""
    start: int
    """How many parts of the path are the import's."""
    span: Span


class Method(NamedTuple):
    """A method, or what else a class body binds.

    Attributes:
        span: Where its name stands.
        takes: The names of its parameters; none where that is not known.
        is_open: Whether it takes any name.
    """

    span: Span
    takes: frozenset[str] | None
    is_open: bool = False


class Class(NamedTuple):
    """A class at the top level of a module.

    Attributes:
        span: Where its name stands.
        binds: What its body binds, by name.
    """

    span: Span
    binds: dict[str, Method]


class Module(NamedTuple):
    """What a module holds.

    Attributes:
        name: Its dotted name.
        source: Its text.
        statements: The imports that always run.
        attributes: What is used through imported modules.
        classes: The classes at the top level, by name.
    """

    name: str
    source: SourceFile
    statements: tuple[Statement, ...]
    attributes: tuple[Attribute, ...]
    classes: dict[str, Class]


def module_of(name: str, source: SourceFile, tree: ast.Module, *, is_package: bool) -> Module:
    """Return what a module holds that was parsed."""
    package = name.split('.') if is_package else name.split('.')[:-1]
    statements = tuple(
        _statement(node, source, package) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))
    )
    classes = {
        node.name: Class(_name_span(node, source), dict(_binds(node, source)))
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    return Module(name, source, statements, tuple(_attributes(tree, source, package)), classes)


def _statement(node: ast.Import | ast.ImportFrom, source: SourceFile, package: Sequence[str]) -> Statement:
    names = tuple(Name(alias.name, source.span(alias)) for alias in node.names)
    return Statement(source.span(node), _module(node, package), names)


def _module(node: ast.Import | ast.ImportFrom, package: Sequence[str]) -> str | None:
    return absolute_module(node, package) if isinstance(node, ast.ImportFrom) else None


_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def _binds(node: ast.ClassDef, source: SourceFile) -> Iterator[tuple[str, Method]]:
    for statement in node.body:
        if isinstance(statement, _Function):
            yield statement.name, _method(statement, source)
        elif not isinstance(statement, ast.ClassDef):
            # Assigned, or defined under a condition.
            for each in ast.walk(statement):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    yield each.id, Method(source.span(each), None)
                elif isinstance(each, _Function):
                    yield each.name, Method(_name_span(each, source), None)


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef, source: SourceFile) -> Method:
    span = _name_span(node, source)
    if node.decorator_list:
        return Method(span, None)
    takes = frozenset(each.arg for each in (*node.args.args, *node.args.kwonlyargs))
    return Method(span, takes, node.args.kwarg is not None)


_NAME = re.compile(r'(?:async\s+)?(?:def|class)\s+(\w+)')


def _name_span(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, source: SourceFile) -> Span:
    """Return where the name stands, the whole where it is written in an odd way."""
    span = source.span(node)
    match = _NAME.match(source.text, span.start)
    return span if match is None else span._replace(start=match.start(1), end=match.end(1))


def _attributes(tree: ast.Module, source: SourceFile, package: Sequence[str]) -> Iterator[Attribute]:
    bound = _bindings(tree.body, package)
    if not bound:
        return
    visitor = _Uses(tree, bound, package, frozenset(_flags(tree)) if _MAY_ASK.search(source.text) else frozenset())
    visitor.visit(tree)
    for node in visitor.found:
        written = dotted(node) or ''
        first, _, rest = written.partition('.')
        if first in visitor.rebound:
            continue
        target = bound[first]
        yield Attribute(f'{target}.{rest}', target.count('.') + 1, source.span(node))


def _bindings(body: Sequence[ast.stmt], package: Sequence[str]) -> dict[str, str]:
    """Return what the names that a module imports at its top level stand for."""
    bound: dict[str, str] = {}
    for node in body:
        module = _module(node, package) if isinstance(node, ast.ImportFrom) else ''
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            if module:
                bound[alias.asname or alias.name] = f'{module}.{alias.name}'
            elif alias.asname:
                bound[alias.asname] = alias.name
            else:
                bound[alias.name.partition('.')[0]] = alias.name.partition('.')[0]
    return bound


def _postpones_annotations(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == '__future__'
        and any(alias.name == 'annotations' for alias in node.names)
        for node in tree.body
    )


_MAY_ASK = re.compile(r'version|\bexcept\b|hasattr|find_spec|\bhas_', re.IGNORECASE)


class _Uses(ast.NodeVisitor):
    """Collects the attributes of imported names, but for those that the code is prepared not to find."""

    def __init__(self, tree: ast.Module, bound: dict[str, str], package: Sequence[str], flags: frozenset[str]) -> None:
        self.found: list[ast.Attribute] = []
        self.rebound: set[str] = set()
        """Names that mean something else in some place."""
        self._bound = bound
        self._package = package
        self._top = {id(node) for node in tree.body}
        self._is_postponed = _postpones_annotations(tree)
        self._flags = flags

    def visit_Attribute(self, node: ast.Attribute) -> None:
        written = dotted(node)
        if written is None:
            self.generic_visit(node)
        elif isinstance(node.ctx, ast.Load) and written.partition('.')[0] in self._bound:
            self.found.append(node)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.rebound.add(node.id)

    def visit_arg(self, node: ast.arg) -> None:
        self.rebound.add(node.arg)
        if node.annotation is not None and not self._is_postponed:
            self.visit(node.annotation)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        parts = (node.target, node.value, None if self._is_postponed else node.annotation)
        for part in parts:
            if part is not None:
                self.visit(part)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.rebound.add(node.name)
        for part in (*node.decorator_list, node.args):
            self.visit(part)
        for statement in node.body:
            self.visit(statement)
            if self._decides(statement):
                break  # the rest is for the other releases
        if node.returns is not None and not self._is_postponed:
            self.visit(node.returns)

    def visit_Try(self, node: ast.Try) -> None:
        # `try: mmcv.Config … except AttributeError: …` is prepared for both.
        for part in (*node.finalbody, *(() if node.handlers else node.body)):
            self.visit(part)

    def visit_If(self, node: ast.If) -> None:
        if not self._asks(node.test):
            self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        if not self._asks(node.test):
            self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        if not self._asks(node.values[0]):
            self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        calls = (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call))
        if not any((dotted(call.func) or '').endswith('suppress') for call in calls):
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.rebound.add(node.name)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self._import(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self._import(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if id(node) not in self._top:
            other = _bindings([node], self._package)
            self.rebound.update(name for name, target in other.items() if self._bound.get(name) != target)

    def _decides(self, node: ast.stmt) -> bool:
        """Tell whether a function ends here in some releases."""
        return isinstance(node, ast.If) and self._asks(node.test) and isinstance(node.body[-1], (ast.Return, ast.Raise))

    def _asks(self, test: ast.expr) -> bool:
        return _asks_what_is_there(test, self._flags)


def _flags(tree: ast.Module) -> Iterator[str]:
    """Yield the variables that tell about releases, or about what could be imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _asks_what_is_there(node.value):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.Try) and node.handlers:
            inner = (each for handler in node.handlers for statement in handler.body for each in ast.walk(statement))
            yield from (each.id for each in inner if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def _asks_what_is_there(test: ast.expr, flags: frozenset[str] = frozenset()) -> bool:
    """Tell whether a condition is about releases, or about what can be imported."""
    for node in ast.walk(test):
        word = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ''
        if word in flags or word in ('hasattr', 'TYPE_CHECKING', 'find_spec'):
            return True
        if 'version' in word.lower() or word.lower().startswith('has_'):
            return True
    return False
