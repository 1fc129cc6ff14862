"""The names by which configs reach what changed in modules of the user's: classes, functions, and modules themselves."""

from __future__ import annotations

import ast
import os
from collections import defaultdict
from typing import TYPE_CHECKING

from cfglint.language.errors import ConfigError
from cfglint.language.trees import tree_of
from cfglint.recognition import why_no_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cfglint.language.source import SourceFile
    from cfglint.workspace import Workspace

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def affected_names(changed: Mapping[str, str | None], workspace: Workspace, roots: Sequence[str]) -> dict[str, str]:
    """Return what a config may name of what changed, each name with the module that changed.

    A class belongs to what changed if its own text did, or if it uses something that did: a base, a default, a decorator.

    Args:
        changed: The paths of the modules, with the text that each had before; None where that is not known.
        workspace: Where the modules are.
        roots: The folders from which modules are imported.
    """
    search = _Search(workspace, roots)
    for path, before in changed.items():
        search.begin(path, before)
    if search.affected:
        search.follow_imports()
    return search.names


class _Search:
    """A search for all that is affected by modules that changed.

    Attributes:
        names: What a config may name: registered names of classes and functions, and modules with their dotted path.
        affected: The last part of a module's name → the names in it that are affected, each with the file that changed.
    """

    def __init__(self, workspace: Workspace, roots: Sequence[str]) -> None:
        self.names: dict[str, str] = {}
        self.affected: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._workspace = workspace
        self._roots = roots
        self._modules: dict[str, _Module] = {}

    def begin(self, path: str, before: str | None) -> None:
        """Note what a file has that it had not before, and the other way round; all, where one text is missing.

        A statement that binds no name, such as a call that registers, may concern all of them.
        """
        source = _read(self._workspace, path)
        old, new = _Module(before or ''), _Module('' if source is None else source.text)
        common = {each.dump for each in old.statements} & {each.dump for each in new.statements}
        differing = [each for each in (*old.statements, *new.statements) if each.dump not in common]
        if before is None or source is None or any(not each.binds for each in differing):
            differing = [*old.statements, *new.statements]
            self.names.update(dict.fromkeys(self._dotted_names(path), path))
        for module in (old, new):
            self._spread(path, module, {name: path for each in differing for name in each.binds})

    def follow_imports(self) -> None:
        """Note what uses the names that are affected, in all modules."""
        from cfglint.catalog.local import python_files

        paths = dict.fromkeys(path for root in self._roots for path in python_files(root))
        sources = [source for path in paths if (source := _read(self._workspace, path)) is not None]
        grows = True
        while grows:
            grows = False
            for source in sources:
                if any(last in source.text for last in list(self.affected)):
                    module = self._module(source)
                    grows |= self._spread(source.path, module, module.imported(self.affected))

    def _module(self, source: SourceFile) -> _Module:
        if source.path not in self._modules:
            is_config = why_no_config(source) is None
            self._modules[source.path] = _Module('' if is_config else source.text)
        return self._modules[source.path]

    def _spread(self, path: str, module: _Module, causes: dict[str, str]) -> bool:
        """Note what in a module uses affected names; tell whether that is news."""
        known = self.affected[_last_part(path)] if causes else {}
        before = len(known)
        causes, grows = {**known, **causes}, bool(causes)
        while grows:
            grows = False
            for each in module.statements:
                cause = next((causes[name] for name in (*each.binds, *each.uses) if name in causes), None)
                if cause is not None and not each.binds <= causes.keys():
                    causes.update(dict.fromkeys(each.binds - causes.keys(), cause))
                    grows = True
        known.update(causes)
        for each in module.statements:
            cause = next((causes[name] for name in each.binds if name in causes), None)
            if cause is not None:
                self.names.update(dict.fromkeys(each.registered - self.names.keys(), cause))
        return len(known) > before

    def _dotted_names(self, path: str) -> Iterator[str]:
        for root in self._roots:
            if path.startswith(os.path.join(root, '')):
                relative = os.path.splitext(os.path.relpath(path, root))[0]
                yield relative.removesuffix(f'{os.sep}__init__').replace(os.sep, '.')


class _Module:
    """What the top level of a module says; nothing where it cannot be parsed."""

    def __init__(self, text: str) -> None:
        try:
            body = tree_of(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            body = []
        self._imports = [
            node for each in body for node in ast.walk(each) if isinstance(node, ast.ImportFrom | ast.Import)
        ]
        self.statements = [_Statement(node) for node in body if not _is_docstring(node)]

    def imported(self, affected: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """Return the affected names that imports bring here, each with the file that changed."""
        found: dict[str, str] = {}
        for node in self._imports:
            source = (node.module or '').rpartition('.')[2] if isinstance(node, ast.ImportFrom) else ''
            inside = affected.get(source, {}) if source else {}
            for alias in node.names:
                last = alias.name.rpartition('.')[2]
                if alias.name == '*':
                    found.update(inside)
                elif alias.name in inside:
                    found[alias.asname or alias.name] = inside[alias.name]
                elif affected.get(last):
                    found[alias.asname or alias.name.partition('.')[0]] = next(iter(affected[last].values()))
        return found


class _Statement:
    """A statement of a module.

    Attributes:
        dump: What it says, without places.
        binds: The names that it binds in the module.
        uses: The names that it reads.
        registered: The names by which a config may know what it defines.
    """

    def __init__(self, node: ast.stmt) -> None:
        self.dump = ast.dump(node)
        self.binds = frozenset(_bound(node))
        self.uses = frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name))
        self.registered = frozenset(_registered(node))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, _DEFINITIONS):
        yield node.name
        return
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.alias) and each.name != '*':
            yield each.asname or each.name.partition('.')[0]
        elif isinstance(each, _DEFINITIONS):
            yield each.name


def _registered(node: ast.stmt) -> Iterator[str]:
    for each in ast.walk(node):
        if not isinstance(each, _DEFINITIONS):
            continue
        yield each.name
        for decorator in each.decorator_list:  # `@MODELS.register_module(name='Other')`
            for part in ast.walk(decorator):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value
        if isinstance(node, ast.ClassDef):
            return


def _last_part(path: str) -> str:
    name = os.path.splitext(os.path.basename(path))[0]
    return os.path.basename(os.path.dirname(path)) if name == '__init__' else name


def _read(workspace: Workspace, path: str) -> SourceFile | None:
    try:
        return workspace.read(path)
    except ConfigError:
        return None
