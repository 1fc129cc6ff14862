"""A Python module of the user's: its text, its tree and its names."""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING

from cfglint.code.guards import guarded
from cfglint.code.parents import Parents
from cfglint.code.scopes import FUNCTIONS, Scopes
from cfglint.code.walking import below
from cfglint.language.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.code.scopes import Function
    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile

_NAME = re.compile(r'(?:async\s+)?(?:def|class)\s+(\w+)')


class Code:
    """A module that was parsed.

    Args:
        name: Its dotted name.
        source: Its text.
        is_package: Whether it is the `__init__.py` of a package.

    Raises:
        ConfigError: It cannot be parsed.
    """

    def __init__(self, name: str, source: SourceFile, *, is_package: bool) -> None:
        self.name = name
        self.source = source
        self.is_package = is_package
        self.foreign_bases: dict[ast.ClassDef, tuple[str, ...]] = {}
        """What was found of classes that many rules ask for."""
        self.tree = parse(source)
        source.tree = None  # a tree takes a hundred times the memory of its text

    @property
    def package(self) -> Sequence[str]:
        """The parts of the name of the package that relative imports start from."""
        parts = self.name.split('.')
        return parts if self.is_package else parts[:-1]

    @property
    def text(self) -> str:
        """The text."""
        return self.source.text

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes, outer ones first: walking over a tree takes as long as parsing its text."""
        return below(self.tree)

    @cached_property
    def scopes(self) -> Scopes:
        """The names of the module."""
        return Scopes(self.tree, self.package)

    @cached_property
    def guarded(self) -> frozenset[ast.AST]:
        """The nodes that are prepared not to find what they use."""
        return guarded(self.tree, self.text)

    @cached_property
    def parents(self) -> Parents:
        """What is around each node."""
        return Parents(self.nodes)

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        """The classes, wherever they are defined, outer ones first."""
        return [node for node in self.nodes if isinstance(node, ast.ClassDef)]

    @cached_property
    def attributes_made(self) -> frozenset[str]:
        """The names of what may be an attribute of an object of the module's: of functions, and of attributes that are set."""
        return frozenset(
            node.name if isinstance(node, FUNCTIONS) else node.attr
            for node in self.nodes
            if isinstance(node, FUNCTIONS) or (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
        )

    @cached_property
    def postpones_annotations(self) -> bool:
        """Whether annotations are not evaluated."""
        return any(
            isinstance(node, ast.ImportFrom)
            and node.module == '__future__'
            and any(alias.name == 'annotations' for alias in node.names)
            for node in self.tree.body
        )

    @cached_property
    def annotations(self) -> frozenset[ast.AST]:
        """The nodes that stand in annotations."""
        found: set[ast.AST] = set()
        for node in self.nodes:
            for each in (getattr(node, 'annotation', None), getattr(node, 'returns', None)):
                if each is not None:
                    found.update(below(each))
        return frozenset(found)

    @cached_property
    def exports(self) -> frozenset[str]:
        """The names that `__all__` lists."""
        lists = (
            node.value
            for node in self.tree.body
            if isinstance(node, (ast.Assign, ast.AugAssign))
            and '__all__' in map(ast.unparse, node.targets if isinstance(node, ast.Assign) else [node.target])
        )
        return frozenset(
            each.value
            for value in lists
            for each in below(value)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )

    @cached_property
    def words_in_texts(self) -> frozenset[str]:
        """The words of texts that stand for code: annotations in quotes, and what `__all__` lists."""
        texts = (each.value for each in self.annotations if isinstance(each, ast.Constant))
        return self.exports.union(*(re.findall(r'\w+', text) for text in texts if isinstance(text, str)))

    def span(self, node: ast.AST) -> Span:
        """Return where a node stands."""
        return self.source.span(node)  # type: ignore[arg-type]

    def name_span(self, node: ast.ClassDef | Function) -> Span:
        """Return where the name of a definition stands, the whole where it is written in an odd way."""
        span = self.span(node)
        match = _NAME.match(self.text, span.start)
        return span if match is None else span._replace(start=match.start(1), end=match.end(1))

    def written(self, node: ast.AST) -> str:
        """Return a node as the user wrote it."""
        span = self.span(node)
        return self.text[span.start : span.end]


def methods(node: ast.ClassDef) -> dict[str, Function]:
    """Return the methods of a class body by name; of several, the last."""
    return {each.name: each for each in node.body if isinstance(each, FUNCTIONS)}


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls below a node, in the order of the text."""
    return (each for each in below(node) if isinstance(each, ast.Call))
