"""Pure-Python ("lazy") configs: ``with read_base():``, and imports that become placeholders."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language import bases as base_files
from cfglint.language.config import Base, Config
from cfglint.language.copies import config_copy
from cfglint.language.errors import ConfigError, nearest
from cfglint.language.evaluation.evaluator import Evaluator
from cfglint.language.evaluation.limits import MAX_ITEMS
from cfglint.language.evaluation.namespaces import BUILTINS_OF_NAMES
from cfglint.language.evaluation.statements import key_of, run_module
from cfglint.language.parsing import check_compiles, is_compound, parse
from cfglint.language.places import Range
from cfglint.language.style import (
    always_builtin,
    is_base_assignment,
    is_read_base,
    is_standard_library,
    unsupported_with,
)
from cfglint.language.text import FAILING, check_size, require_names
from cfglint.language.values import Opaque, OpenTable, Origin, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.base_loader import BaseLoader
    from cfglint.language.source import SourceFile


def load_lazy(loader: BaseLoader, path: str, source: SourceFile) -> Config:
    """Read a pure-Python config.

    Raises:
        ConfigError: MMEngine would refuse it.
    """
    tree = parse(source)
    ev = Evaluator(source, loader.environment, lazy=True)
    ev.names.update(LazyObject=Opaque('type', 'LazyObject'), __file__=path)
    inherited = _Inherited(loader, path, source, tree)
    ev.inherit(inherited.bases)
    ev.tick(Range(0, 0), inherited.size)  # to have copied them
    body = _flat(tree.body, inherited.block)
    if inherited.block is None and any(map(is_base_assignment, body)):  # refused, and no name of the config
        body = [node for node in body if not is_base_assignment(node)]
        ev.names['_base_'] = Unknown('a pure-Python config has no `_base_`')
    imports = list(_imports(body))
    ev.errors += inherited.errors
    for node in imports:
        _check_import(ev, node, inherited.tables)
        if isinstance(node, ast.ImportFrom) and _module_of(node) in inherited.tables:
            ev.from_base.add(id(node))
            module = _module_of(node)
            _take_over(ev, node, inherited.tables[module], inherited.reasons.get(module))
    check_compiles(source, tree)
    ev.names['__builtins__'] = BUILTINS_OF_NAMES
    run_module(ev, _hoisted(body))
    require_names(ev)
    own = Table(
        {
            name: value
            for name, value in ev.names.items()
            if not name.startswith('__') and name != 'LazyObject' and not (name == '_base_' and inherited.errors)
        }
    )
    own.origins.update({name: ev.origins[name] for name in own if name in ev.origins})
    check_size(ev, own)
    warnings = [*inherited.warnings, *_doubts(source, tree, imports)]
    partial = ev.partial or inherited.partial or (FAILING if ev.errors else None)
    return Config(
        path, source, tree, 'lazy', own if partial is None else OpenTable(own, own.origins), own, tuple(inherited.bases), partial,
        frozenset(ev.loads), ev.rebound, ev.imported, tuple(warnings), {}, ev.made_objects, ev.odd_keys,
        tuple(ev.errors), inherited.refusal or next(iter(ev.errors), None), _imported_names(inherited, body, imports), ev.own_size, *ev.spent,
    )  # fmt: skip


def _flat(body: list[ast.stmt], block: ast.With | None) -> list[ast.stmt]:
    """Return the statements of a file, those of its ``with read_base():`` in the place of the block."""
    if block is None:
        return body
    return [statement for node in body for statement in (block.body if node is block else [node])]


class _Inherited:
    """What a file takes from its ``with read_base():``.

    Attributes:
        block: The statement; none if there is none.
        bases: The configs, in order.
        size: How many items they have.
        tables: What each imported module defines, as the file's own copy; none if it is not known.
        reasons: Why some of an imported module is not known, by module.
        partial: Why some of it is not known, else none.
        warnings: What the reader notes about them.
        errors: What MMEngine refuses about them.
        refusal: What MMEngine refuses first, in the file or in a base, else none.
    """

    def __init__(self, loader: BaseLoader, path: str, source: SourceFile, tree: ast.Module) -> None:
        self.block: ast.With | None = None
        self.bases: list[Base] = []
        self.size = 0
        self.tables: dict[str, Table | None] = {}
        self.reasons: dict[str, str] = {}
        self.partial: str | None = None
        self.warnings: list[ConfigError] = []
        self.errors: list[ConfigError] = []
        self.refusal: ConfigError | None = None
        try:
            self.block = _read_base_block(source, tree)
        except ConfigError as error:
            self._refuse(error)
        statements = [] if self.block is None else self.block.body
        if len(statements) > base_files.MAX_BASES:
            raise ConfigError('endless-evaluation', f'more than {base_files.MAX_BASES} bases', source, statements[0])
        for node in statements:
            try:
                self._add(loader, path, source, node)
            except ConfigError as error:
                if error.is_bound:
                    raise
                self._refuse(error, node)

    def _refuse(self, error: ConfigError, node: ast.stmt | None = None) -> None:
        self.errors.append(error.bare())
        self.refusal = self.refusal or error
        self.partial = self.partial or 'a base cannot be read'
        if isinstance(node, ast.ImportFrom):
            self.tables[_module_of(node)] = None
            self.reasons[_module_of(node)] = 'a base cannot be read'

    def _add(self, loader: BaseLoader, path: str, source: SourceFile, node: ast.stmt) -> None:
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            raise ConfigError(
                'unsupported-import',
                'only `from module import names` may stand in `with read_base():`',
                source,
                node,
                exception='AssertionError',
                advice=_from_import(node),
            )
        module = _module_of(node)
        file = _file_of(loader, path, source, node, module)
        if file is None:
            self.partial = self.reasons[module] = f'the base `{module}` is in a package that is not installed here'
            package = node.module.partition('.')[0]
            self.warnings.append(base_files.uninstalled(package, source, node))
            loader.touched.update(base_files.places_of(package))
            self.tables[module] = None
            return
        base = loader.load_base(file, source, node, lazy=True)
        self.partial = self.partial or base.partial
        if base.partial is not None:
            self.reasons[module] = base.partial
        self.refusal = self.refusal or base.refusal
        self.bases.append(Base(base, node))
        if self.tables.get(module) is None:
            self.size += base.size
            if self.size > MAX_ITEMS:
                raise base_files.TooManyItems(source, node)
            # MMEngine parses the base anew for every child: what the child changes is its own.
            self.tables[module] = config_copy(base.table)


def _module_of(node: ast.ImportFrom) -> str:
    return '.' * node.level + str(node.module)


def _read_base_block(source: SourceFile, tree: ast.Module) -> ast.With | None:
    """Return the one ``with read_base():`` that MMEngine honours: the first at the top level."""
    for node in tree.body:
        if is_base_assignment(node):
            raise ConfigError(
                'mixed-config-styles',
                'a pure-Python config has no `_base_`',
                source,
                node,
                key='_base_',
                exception='RuntimeError',
                advice=Advice('inherit with', 'with read_base():\n    from .base import *'),
            )
        if isinstance(node, ast.With):
            if len(node.items) > 1 or not is_read_base(node):
                raise unsupported_with(source, node.items[-1].context_expr)
            return node
    return None


def _file_of(loader: BaseLoader, path: str, source: SourceFile, node: ast.ImportFrom, module: str) -> str | None:
    """Return the file that a module of ``read_base()`` means; none if its package is absent."""
    parts = (node.module or '').split('.')
    if node.level:
        folder = os.path.join(os.path.dirname(path), *['..'] * (node.level - 1))
    else:
        if len(parts) == 1:
            raise ConfigError(
                'missing-base',
                f'`{module}` is a package, no config',
                source,
                node,
                exception='RuntimeError',
                raises='ConfigParsingError',
                advice=Advice(f'name the config, below `{module}.configs`'),
            )
        root = loader.package_of(parts.pop(0), path)
        if root is None:
            return None
        folder = root
    return os.path.normpath(os.path.join(folder, *parts) + '.py')


def _imports(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield all imports, those in functions too, in the order of the text."""
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif is_compound(node):
            nested = [child for child in ast.walk(node) if isinstance(child, (ast.Import, ast.ImportFrom))]
            yield from sorted(nested, key=lambda child: (child.lineno, child.col_offset))


def _imported_names(
    inherited: _Inherited, body: list[ast.stmt], imports: list[ast.Import | ast.ImportFrom]
) -> frozenset[str]:
    """Return the names that MMEngine notes as imported (``Config._parse_lazy_import``), those of the bases too.

    A module of the standard library that is imported without ``as`` is not among them.
    """
    names = {name for base in inherited.bases for name in base.config.imported_names}
    top = set(map(id, body))
    for node in imports:
        if isinstance(node, ast.ImportFrom):
            if _module_of(node) not in inherited.tables or is_standard_library(_module_of(node)):
                names.update(alias.asname or alias.name for alias in node.names)
        elif node.names[0].asname is not None:
            names.add(node.names[0].asname)
        elif id(node) in top and not is_standard_library(node.names[0].name):
            names.add(node.names[0].name.partition('.')[0])
    return frozenset(names)


def _check_import(ev: Evaluator, node: ast.Import | ast.ImportFrom, tables: dict[str, Table | None]) -> None:
    """Note the imports that MMEngine cannot turn into placeholders."""
    if isinstance(node, ast.Import):
        if len(node.names) != 1:
            message = 'a pure-Python config imports one module in a statement'
            code = '\n'.join(ast.unparse(ast.Import([alias])) for alias in node.names)
            error = ConfigError(
                'unsupported-import',
                message,
                ev.source,
                node,
                exception='AssertionError',
                raises='AssertionError: Illegal syntax in config file! import multiple modules in one line is not supported',
                advice=Advice('write', code),
            )
            ev.tolerate(error)
    elif _module_of(node) not in tables and any(alias.name == '*' for alias in node.names):
        error = ConfigError(
            'unsupported-import',
            f'`from {_module_of(node)} import *` stands outside of the first `with read_base():`',
            ev.source,
            node,
            exception='RuntimeError',
            raises='ConfigParsingError: Illegal syntax in config! `from xxx import *` is not allowed to appear outside the `if base:` statement',
            advice=Advice('import the names that are needed, or move it into the block'),
        )
        ev.tolerate(error)
        ev.partial = ev.partial or f'`from {_module_of(node)} import *` may define any name'


def _take_over(ev: Evaluator, node: ast.ImportFrom, table: Table | None, reason: str | None) -> None:
    """Bind the names that a child takes over from a base, of which some may not be known for a `reason`."""
    for alias in node.names:
        if alias.name == '*':
            ev.partial = ev.partial or reason
            if table is not None:
                ev.names.update(table)
                ev.origins.update(table.origins)
            else:  # it may replace whatever was taken over before
                ev.names.update({name: Unknown(reason or '') for name in ev.names if name != '__file__'})
            return
        name = alias.asname or alias.name
        if table is None or (reason is not None and alias.name not in table):
            ev.names[name] = Unknown(reason or '')
        elif alias.name not in table:
            near = nearest(alias.name, table)
            error = ConfigError(
                'undefined-base-variable',
                f'the base `{node.module}` has no `{alias.name}`',
                ev.source,
                alias,
                exception='KeyError',
                raises=f'KeyError: {alias.name!r}',
                advice=None if near is None else Advice('write', near),
            )
            ev.names[name] = ev.tolerate(error)
        else:
            ev.names[name] = table[alias.name]
        origin = None if table is None else table.origins.get(alias.name)
        ev.origins[name] = origin if origin is not None else Origin(ev.source, alias, alias)


def _from_import(node: ast.stmt) -> Advice | None:
    """Return what to write instead of ``import base``."""
    if not isinstance(node, ast.Import):
        return Advice('move it out of the block')
    return Advice('write', '\n'.join(f'from .{alias.name} import *' for alias in node.names))


def _hoisted(body: list[ast.stmt]) -> list[ast.stmt]:
    """Move ``import package`` to the top as MMEngine does for placeholders: one a package, the last package first."""
    moved: dict[str, ast.stmt] = {}
    rest = []
    for node in body:
        if (
            isinstance(node, ast.Import)
            and node.names[0].asname is None
            and not is_standard_library(node.names[0].name)
        ):
            moved.setdefault(node.names[0].name.partition('.')[0], node)
        else:
            rest.append(node)
    return [*reversed(moved.values()), *rest]


def _doubts(source: SourceFile, tree: ast.Module, imports: list[ast.Import | ast.ImportFrom]) -> Iterator[ConfigError]:
    """Warn about calls of the standard library, which MMEngine takes for foreign on some interpreters."""
    names: set[str] = set()
    for node in imports:
        module = node.names[0].name if isinstance(node, ast.Import) else _module_of(node)
        if is_standard_library(module) and not always_builtin(module):
            names.update((alias.asname or alias.name).partition('.')[0] for alias in node.names)
    if not names:
        return
    for statement in tree.body:
        for part in ast.walk(statement):
            if isinstance(part, ast.Call) and (name := _root_name(part.func)) in names:
                yield _doubtful_call(source, part, str(name), key_of(statement))


def _doubtful_call(source: SourceFile, node: ast.Call, name: str, key: str | None) -> ConfigError:
    where = 'on Python 3.11 and later, and in a virtual environment' if name == 'os' else 'in a virtual environment'
    message = f'`{ast.unparse(node.func):.30}` is called here: {where}, MMEngine fails to call it'
    advice = Advice('write the value instead of the call')
    return ConfigError(
        'interpreter-dependent-call', message, source, node, key=key, exception='RuntimeError', advice=advice
    )


def _root_name(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
