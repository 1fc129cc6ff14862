"""What a module of the user's own code imports, uses and defines, as far as rules ask; read and never imported."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.syntax import absolute_module
from cfglint.code.scopes import FUNCTIONS
from cfglint.code.walking import below

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile


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
        classes: The classes at the top level, by name.
        is_package: Whether it is the `__init__.py` of a package.
    """

    name: str
    source: SourceFile
    statements: tuple[Statement, ...]
    classes: dict[str, Class]
    is_package: bool


def module_of(code: Code) -> Module:
    """Return what a module holds that was parsed."""
    statements = tuple(
        Statement(
            code.span(node), _module(node, code.package), tuple(Name(each.name, code.span(each)) for each in node.names)
        )
        for node in code.tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
    )
    classes = {
        node.name: Class(code.name_span(node), dict(_binds(node, code)))
        for node in code.tree.body
        if isinstance(node, ast.ClassDef)
    }
    return Module(code.name, code.source, statements, classes, code.is_package)


def _module(node: ast.Import | ast.ImportFrom, package: Sequence[str]) -> str | None:
    return absolute_module(node, package) if isinstance(node, ast.ImportFrom) else None


def _binds(node: ast.ClassDef, code: Code) -> Iterator[tuple[str, Method]]:
    for statement in node.body:
        if isinstance(statement, FUNCTIONS):
            yield statement.name, _method(statement, code)
        elif not isinstance(statement, ast.ClassDef):
            # Assigned, or defined under a condition.
            for each in below(statement):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    yield each.id, Method(code.span(each), None)
                elif isinstance(each, FUNCTIONS):
                    yield each.name, Method(code.name_span(each), None)


def _method(node: Function, code: Code) -> Method:
    span = code.name_span(node)
    if node.decorator_list:
        return Method(span, None)
    takes = frozenset(each.arg for each in (*node.args.args, *node.args.kwonlyargs))
    return Method(span, takes, node.args.kwarg is not None)
