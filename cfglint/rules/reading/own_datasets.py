"""The classes that a dataset of the user's own has: what `METAINFO` says in their code, which is read and never run."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.code.walking import below
from cfglint.language.errors import ConfigError
from cfglint.language.trees import module_tree
from cfglint.language.values import Lazy
from cfglint.rules.reading.lookup import Use, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.catalog import Component
    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

LEGACY = ('CLASSES', 'PALETTE')
BASE = 'mmengine.dataset.base_dataset.BaseDataset'


class OwnClass(NamedTuple):
    """A class of the user's own, as its file has it."""

    path: str
    node: ast.ClassDef
    module: ast.Module
    source: SourceFile
    constants: Mapping[str, ast.expr]
    """What it names in its `METAINFO` and imports from other modules of the tree."""

    def assigned(self, name: str) -> ast.expr | None:
        """Return what the body of the class assigns to a name, None if it does not."""
        return _assigned(self.node.body, name)

    def constant(self, value: ast.expr) -> ast.expr:
        """Return what a name stands for, as its module or the one that it is imported from says; else the value itself."""
        if not isinstance(value, ast.Name):
            return value
        return _assigned(self.module.body, value.id) or self.constants.get(value.id, value)

    @property
    def has_metainfo(self) -> bool:
        """Whether its body gives a `METAINFO` that says something."""
        value = self.assigned('METAINFO')
        value = None if value is None else self.constant(value)
        return value is not None and not (is_whole(value) and not fields(value))

    def span(self, node: ast.AST) -> Span:
        """Return where a node of it stands."""
        return self.source.span(node)  # type: ignore[arg-type]


class OwnDataset(NamedTuple):
    """A dataset of the user's own.

    Attributes:
        classes: It and those of its bases that are the user's, too, in the order in which Python looks.
        base: The first class of a library among its bases, in a copy of it, too.
        lineage: All that it inherits.
    """

    classes: tuple[OwnClass, ...]
    base: str
    lineage: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.classes[0].node.name

    @property
    def metainfo(self) -> tuple[OwnClass, ast.expr] | None:
        """The first `METAINFO`: MMEngine takes that alone, whatever its bases have."""
        for each in self.classes:
            value = each.assigned('METAINFO')
            if value is not None:
                return each, each.constant(value)
        return None

    @property
    def may_change(self) -> bool:
        """Whether its code may make other metainfo than `METAINFO` and the config say."""
        return any(_changes_metainfo(each.node) for each in self.classes)

    def field(self, name: str) -> tuple[OwnClass, ast.expr] | None:
        """Return a field of `METAINFO`."""
        found = self.metainfo
        value = None if found is None else fields(found[1]).get(name)
        return None if found is None or value is None else (found[0], value)

    def known_field(self, name: str) -> Any:
        """Return the value of a field of `METAINFO`; None where there is none, or it is not written out."""
        found = self.field(name)
        return None if found is None else literal(found[0].module, found[0].constant(found[1]))


def own_dataset(context: Context, leaf: Item, scope: str) -> OwnDataset | None:
    """Return the class of the user's own that a dataset names, None if it names none, or one that is not known."""
    found = _named(context, leaf, scope)
    if found is None or found.library:
        return None
    return _read(context, found.path)


def copied_dataset(context: Context, leaf: Item, scope: str) -> OwnDataset | None:
    """Return the class of a dataset that is of the tree's copy of a library: it may have been changed there."""
    found = _named(context, leaf, scope) if context.libraries.own.has_libraries else None
    if found is None or not found.library or not context.libraries.own.holds(found.module):
        return None
    return _read(context, found.path)


def _named(context: Context, leaf: Item, scope: str) -> Component | None:
    """Return the class that a dataset names."""
    kind = leaf.get('type')
    if kind is None or not isinstance(kind.value, (str, Lazy)):
        return None
    inner = leaf.value.get('_scope_', scope)
    found = resolve(context, Use(leaf, kind, 'DATASETS', inner if isinstance(inner, str) else scope, 'dataset'))
    return None if found is None or found.component.kind != 'class' else found.component


def _read(context: Context, path: str) -> OwnDataset | None:
    """Read a class and those of its bases that are in the tree."""
    installation = context.libraries.installation(context.scope, with_local=True)
    lineage = installation.mro(path)
    classes: list[OwnClass] = []
    for each in lineage:
        own = _class_at(context, each)
        if own is None or (classes and not own.has_metainfo and installation.is_copied(each)):
            known = installation.object(each) is not None
            return OwnDataset(tuple(classes), each, lineage) if classes and known and BASE in lineage else None
        classes.append(own)
    return None


def _class_at(context: Context, path: str) -> OwnClass | None:
    local = context.libraries.own.code
    module, _, name = path.rpartition('.')
    file = None if local is None else local.files.get(module)
    if file is None:
        return None
    try:
        source = context.read(file)
    except ConfigError:
        return None
    tree = _parsed(source.text)
    node = None if tree is None else _class_of(tree, name)
    if tree is None or node is None:
        return None
    return OwnClass(path, node, tree, source, _imported(context, module, file, tree, node))


def _imported(context: Context, module: str, file: str, tree: ast.Module, node: ast.ClassDef) -> Mapping[str, ast.expr]:
    """Return the constants that a class names in its `METAINFO` and imports from other modules of the tree."""
    metainfo, local = _assigned(node.body, 'METAINFO'), context.libraries.own.code
    names = set() if metainfo is None else {each.id for each in ast.walk(metainfo) if isinstance(each, ast.Name)}
    package = module.split('.') if file.endswith('__init__.py') else module.split('.')[:-1]
    found: dict[str, ast.expr] = {}
    for each in tree.body if names and local is not None else ():
        if not isinstance(each, ast.ImportFrom):
            continue
        above = package[: len(package) - each.level + 1] if each.level else []
        origin = '.'.join([*above, *(each.module or '').split('.')]).strip('.')
        for alias in each.names if local is not None and origin in local.files else ():
            name = alias.asname or alias.name
            value = _constant(context, local.files[origin], alias.name) if local is not None and name in names else None
            if value is not None:
                found[name] = value
    return found


def _constant(context: Context, file: str, name: str) -> ast.expr | None:
    """Return what a module assigns to a name."""
    try:
        tree = _parsed(context.read(file).text)
    except ConfigError:
        return None
    return None if tree is None else _assigned(tree.body, name)


def _class_of(tree: ast.Module, name: str) -> ast.ClassDef | None:
    return next((each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == name), None)


def _parsed(text: str) -> ast.Module | None:
    """Return a module, None if it cannot be parsed; all configs name the datasets of few."""
    return _kept(text) if len(text) <= _SHORT else _kept_long(text)


_SHORT = 16_000
"""Up to so many characters, many modules are kept: a tree takes a hundred times the memory of its text."""


@lru_cache(maxsize=32)
def _kept(text: str) -> ast.Module | None:
    try:
        return module_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(maxsize=2)
def _kept_long(text: str) -> ast.Module | None:
    return _kept.__wrapped__(text)


def fields(metainfo: ast.expr) -> Mapping[str, ast.expr]:
    """Return the fields of a dict that is written out; without those that are not known."""
    if isinstance(metainfo, ast.Call) and isinstance(metainfo.func, ast.Name) and metainfo.func.id == 'dict':
        return {each.arg: each.value for each in metainfo.keywords if each.arg is not None}
    if isinstance(metainfo, ast.Dict):
        pairs = zip(metainfo.keys, metainfo.values, strict=True)
        return {
            key.value: value for key, value in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
    return {}


def is_whole(metainfo: ast.expr) -> bool:
    """Tell whether all fields of a dict are written out."""
    if isinstance(metainfo, ast.Call):
        is_dict = isinstance(metainfo.func, ast.Name) and metainfo.func.id == 'dict'
        return is_dict and not metainfo.args and all(each.arg for each in metainfo.keywords)
    return isinstance(metainfo, ast.Dict) and len(fields(metainfo)) == len(metainfo.keys)


def literal(module: ast.Module, value: ast.expr) -> Any:
    """Return the value of an expression that is written out, here or as a constant of the module; else None."""
    if isinstance(value, ast.Name):
        known = _assigned(module.body, value.id)
        return None if known is None or isinstance(known, ast.Name) else literal(module, known)
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _assigned(body: list[ast.stmt], name: str) -> ast.expr | None:
    """Return what is assigned to a name, if that is done once."""
    found = [
        value for each in body for target, value in _targets(each) if isinstance(target, ast.Name) and target.id == name
    ]
    return found[0] if len(found) == 1 else None


def _targets(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(statement, ast.Assign):
        yield from ((target, statement.value) for target in statement.targets)
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        yield statement.target, statement.value


@lru_cache(maxsize=128)
def _changes_metainfo(node: ast.ClassDef) -> bool:
    if node.decorator_list and any('dataclass' in ast.unparse(each) for each in node.decorator_list):
        return True
    for method in node.body:
        if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if 'metainfo' in method.name or any(_may_set(each) for each in below(method)):
            return True
        if method.name == '__init__' and any(_hands_on(each) for each in below(method)):
            return True
    return False


def _may_set(node: ast.AST) -> bool:
    """Tell whether a node is `_metainfo`, which only who changes it has a reason to name, or sets the class's own."""
    if isinstance(node, ast.Attribute) and node.attr == '_metainfo':
        return True
    changed = isinstance(node, ast.Attribute) and node.attr == 'METAINFO' and isinstance(node.ctx, ast.Store)
    return changed and not (isinstance(node, ast.Attribute) and ast.unparse(node.value) == 'self')


def _hands_on(node: ast.AST) -> bool:
    """Tell whether an `__init__` gives its base other metainfo than it got."""
    if isinstance(node, ast.Constant):
        return node.value == 'metainfo'
    if isinstance(node, ast.keyword):
        return node.arg == 'metainfo' and not (isinstance(node.value, ast.Name) and node.value.id == 'metainfo')
    return isinstance(node, ast.Name) and node.id == 'metainfo' and isinstance(node.ctx, ast.Store)
