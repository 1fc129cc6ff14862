"""The component that a dict of a config describes, and what is known of it."""

from __future__ import annotations

import ast
import os
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import libraries as known_libraries
from cfglint.catalog.framework import injected
from cfglint.catalog.store import Catalog
from cfglint.language.errors import ConfigError
from cfglint.language.files import read
from cfglint.language.trees import tree_of
from cfglint.language.values import Lazy, Table
from cfglint.rules.reading.items import Item
from cfglint.rules.reading.lookup import Use, resolve
from cfglint.rules.reading.places import Where, where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.catalog import Component, Parameter
    from cfglint.catalog.model import Resolved
    from cfglint.rules.context import Context
    from cfglint.server.document import Document
    from cfglint.server.syntax import Key, Node

_MAX_DOC = 1200
_MAX_LINE = 80


class Built(NamedTuple):
    """A component at a place of a config.

    Attributes:
        where: Where it stands.
        resolved: What its type stands for.
        given: The arguments that MMEngine, or what is around it, gives.
    """

    where: Where
    resolved: Resolved
    given: frozenset[str]

    @property
    def component(self) -> Component:
        """The class or function."""
        return self.resolved.component

    def parameters(self) -> list[Parameter]:
        """Return the arguments that a config may give, those that it must give first."""
        every = self.resolved.signature.parameters.values()
        return sorted((each for each in every if each.name not in self.given), key=lambda each: not each.required)


def built_at(document: Document, path: Sequence[Key], node: Node | None = None) -> Built | None:
    """Return what the dict at a path describes, None where that is not known.

    Args:
        document: The file.
        path: The keys of the dict.
        node: The dict as it stands in the text; its `type` goes before the one that is inherited.
    """
    context = document.context
    if context is None or not path:
        return None
    place = where(context, path)
    if place is None:
        return None
    item = document.item(path)
    table = item.value if item is not None and isinstance(item.value, Table) else Table()
    kind = _type_of(document, node, table)
    if kind is None:
        return None
    return built_as(context, place, Table({**table, 'type': kind}, table.origins))


def built_as(context: Context, place: Where, table: Table) -> Built | None:
    """Return what a dict with a `type` describes at a place."""
    item = Item('', table, None, None)
    kind = item.get('type')
    if kind is None or not isinstance(kind.value, (str, Lazy)):
        return None
    use = Use(item, kind, place.registry, place.scope, place.slot)
    resolved = resolve(context, use)
    if resolved is None:
        return None
    installation = context.libraries.installation(context.scope)
    framework = injected(resolved.component, installation, place.slot)
    return Built(place, resolved, framework.given)


def _type_of(document: Document, node: Node | None, table: Table) -> str | Lazy | None:
    """Return the type of a dict: the one that is typed, else the one that it inherits."""
    written = None if node is None else node.get('type')
    if written is None:
        kind = table.get('type')
        return kind if isinstance(kind, (str, Lazy)) else None
    literal = written.literal()
    if literal is not None:
        return literal or None
    kind = table.get('type')
    if document.is_current and isinstance(kind, (str, Lazy)):
        return kind
    return lazy_name(document, written.text)


def lazy_name(document: Document, name: str) -> Lazy | None:
    """Return what an imported name of a pure-Python config stands for."""
    node = None if document.config is None else document.config.imported.get(name)
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        original = next((each.name for each in node.names if (each.asname or each.name) == name), name)
        return Lazy(f'{node.module}.{original}')
    return None


def file_of(context: Context, component: Component) -> str | None:
    """Return the file that defines a component: of the user's own code, or of an installed library."""
    local = context.libraries.own.code
    if local is not None and component.module in local.files:
        return local.files[component.module]
    package, *inner = component.module.split('.')
    folder = context.libraries.targets.find_package(package)
    if folder is None:
        return None
    place = os.path.join(folder, *inner)
    return next((each for each in (f'{place}.py', os.path.join(place, '__init__.py')) if os.path.isfile(each)), None)


def definition_of(context: Context, component: Component) -> tuple[str, ast.AST] | None:
    """Return the file and the statement that define a component, where its source is at hand."""
    path = file_of(context, component)
    return None if path is None else _definition(path, component.path.rpartition('.')[2], os.stat(path).st_mtime_ns)


@lru_cache(maxsize=256)
def _definition(path: str, name: str, changed: int) -> tuple[str, ast.AST] | None:
    try:
        tree = tree_of(read(path).text)
    except (ConfigError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    kinds = (ast.ClassDef, ast.FunctionDef)
    found = next((node for node in ast.walk(tree) if isinstance(node, kinds) and node.name == name), None)
    return None if found is None else (path, found)


def doc_of(context: Context, component: Component) -> str:
    """Return the documentation of a component, where its source is at hand; else nothing."""
    found = definition_of(context, component)
    text = '' if found is None else ast.get_docstring(found[1]) or ''  # type: ignore[arg-type]
    text = text.split('\nArgs:')[0].split('\nParameters\n')[0].strip()
    return text if len(text) <= _MAX_DOC else f'{text[:_MAX_DOC].rsplit(chr(10), 1)[0]}\n…'


def signature(built: Built) -> str:
    """Return a component with what a config may give it, an argument a line where there are many."""
    words = []
    for each in built.parameters():
        annotation = f': {each.annotation}' if each.annotation else ''
        equals = ' = ' if annotation else '='
        words.append(f'{each.name}{annotation}' + ('' if each.default is None else f'{equals}{each.default}'))
    line = f'{built.component.name}({", ".join(words)})'
    if len(line) <= _MAX_LINE:
        return line
    return f'{built.component.name}(\n' + ''.join(f'    {each},\n' for each in words) + ')'


def since(component: Component) -> str | None:
    """Return the first release of the library, of all that the catalog has, from which on the component is there."""
    catalog, index = _catalog(component)
    if catalog is None or index is None:
        return None
    ranges = catalog.history(f'{component.registry}@{component.scope}', component.name)
    return next((catalog.releases[first] for first, last in ranges if first and first <= index <= last), None)


def parameter_since(context: Context, parameter: Parameter) -> str | None:
    """Return the release in which an argument was added, where the one before lacks it."""
    library = known_libraries.library_of(parameter.owner.partition('.')[0])
    release = None if library is None else context.libraries.installation(context.scope).release(library)
    if release is None:
        return None
    for index in range(release.index, 0, -1):
        before = _parameters(release.catalog, parameter.owner, index - 1)
        if before is None:
            return None  # what declares it is new itself
        if parameter.name not in before:
            return release.catalog.releases[index]
    return None


def _catalog(component: Component) -> tuple[Catalog | None, int | None]:
    if component.library not in known_libraries.libraries():
        return None, None
    catalog = Catalog.load(component.library)
    return catalog, catalog.index(component.release)


def _parameters(catalog: Catalog, owner: str, index: int) -> set[str] | None:
    """Return the names that a class or function took in a release; None if it was not there."""
    stored = catalog.object(owner, index)
    if stored is None:
        return None
    taker = stored.body if stored.body['kind'] == 'function' else stored.body.get('init') or {}
    return {each[0] for each in taker.get('params', ())}
