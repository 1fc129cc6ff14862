"""Reading a config file and all that it inherits, as ``mmengine.Config.fromfile`` does."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from cfglint.language import expressions, statements, templates  # noqa: F401  (they fill the evaluator's tables)
from cfglint.language.config import Base, Config
from cfglint.language.data import load as load_data
from cfglint.language.errors import ConfigError, Note
from cfglint.language.evaluator import Evaluator, Generator, evaluate, run
from cfglint.language.limits import TooLarge, expanded_size
from cfglint.language.merge import merge, replace_tokens, with_scope
from cfglint.language.methods import config_copy
from cfglint.language.source import SourceFile, read
from cfglint.language.style import decide, is_base_assignment, is_read_base
from cfglint.language.values import Array, ConfigTable, Opaque, Origin, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.language.source import Place, Range

EXTENSIONS = ('.py', '.yaml', '.yml', '.json')
MAX_BASES = 60
"""How deep configs may inherit; the deepest official one has 7 levels."""

# Deeply nested expressions need frames; the interpreter's own stack is not used up by them.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 6000))


def find_package(name: str) -> str | None:
    """Return the folder of an installed package, without importing it."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return os.path.dirname(spec.origin) if spec is not None and spec.origin else None


class Loader:
    """Loads configs; each file is read once, and what it resolves to is shared by all that inherit it."""

    def __init__(self, package_root: Callable[[str], str | None] = find_package) -> None:
        self._package_root = package_root
        self._loaded: dict[str, Config | ConfigError] = {}
        self._loading: list[str] = []

    def load(self, path: str, source: SourceFile | None = None) -> Config:
        """Return the resolved config of a file; `source` gives its text when it is not to be read from disk.

        Raises:
            ConfigError: MMEngine would refuse the file.
        """
        path = os.path.abspath(path)
        known = self._loaded.get(path)
        if known is None:
            try:
                known = self._load(path, source or read(path))
            except ConfigError as error:
                known = error
            self._loaded[path] = known
        if isinstance(known, ConfigError):
            raise known
        return known

    def forget(self, path: str) -> None:
        """Drop a file that nothing will inherit any more, to keep memory bounded."""
        self._loaded.pop(os.path.abspath(path), None)

    def _load(self, path: str, source: SourceFile) -> Config:
        self._loading.append(path)
        try:
            if path.endswith('.py'):
                return self._load_python(path, source)
            if path.endswith(EXTENSIONS):
                return self._load_data(path, source)
            message = f'`{os.path.basename(path)}` is no config: MMEngine reads .py, .yaml, .yml and .json'
            raise ConfigError('unreadable-file', message, source)
        finally:
            self._loading.pop()

    def _load_python(self, path: str, source: SourceFile) -> Config:
        tree = parse(source, source.text)
        decision = decide(source, tree)
        if decision.style == 'lazy':
            return self._load_lazy(path, source, tree)
        tokens = templates.substitute(source)
        if source.code is not source.text:
            tree = parse(source, source.code)
        warnings = () if decision.doubtful is None else (_doubtful_style(source, decision.doubtful, tree),)
        return self._load_text(path, source, tree, tokens, warnings)

    def _load_text(
        self, path: str, source: SourceFile, tree: ast.Module, tokens: dict[str, str], warnings: tuple[ConfigError, ...]
    ) -> Config:
        bases, partial, base_table = self._bases(path, source, _base_entries(source, tree))
        ev = Evaluator(source, lazy=False)
        hand_out = _BaseTable(base_table, partial)
        ev.base = hand_out
        run(ev, [node for node in tree.body if not is_base_assignment(node)] if _has_base(tree) else tree.body)
        if hand_out.copy is not None:
            base_table = hand_out.copy
        own = _own_table(ev, tokens)
        _check_copyable(ev, own)
        if tokens:
            own = replace_tokens(own, tokens, base_table, source)
        table = merge(own, base_table, source)
        return Config(
            path, source, tree, 'text', table, own, bases, partial,
            frozenset(ev.loads), ev.rebound, ev.imported, warnings,
        )  # fmt: skip

    def _load_data(self, path: str, source: SourceFile) -> Config:
        tokens = templates.substitute(source)
        own = load_data(source)
        entries: list[tuple[Any, Place | Range]] = []
        if '_base_' in own:
            origin, value = own.origins['_base_'], own['_base_']
            entries = [(value, origin.value)]
            if isinstance(value, list):
                entries = [(item, item_origin.value) for item, item_origin in zip(value, value.origins, strict=True)]
            own = Table(own, dict(own.origins))
            del own['_base_'], own.origins['_base_']
        bases, partial, base_table = self._bases(path, source, entries)
        own = _without_dunders(own)
        if tokens:
            own = replace_tokens(own, tokens, base_table, source)
        return Config(path, source, None, 'data', merge(own, base_table, source), own, bases, partial)

    def _bases(
        self, path: str, source: SourceFile, entries: list[tuple[Any, Place | Range]]
    ) -> tuple[tuple[Base, ...], str | None, Table]:
        """Load the bases and join them into one table."""
        bases: list[Base] = []
        partial: str | None = None
        joined = Table()
        for entry, place in entries:
            found, scope = self._resolve(path, source, entry, place)
            if found is None:
                partial = f'the base `{entry}` is in a package that is not installed here'
                continue
            base = self._load_base(found, source, place, text_style=True)
            partial = partial or base.partial
            table = base.table if scope is None else with_scope(base.table, scope)
            if joined:
                _check_duplicates(source, place, bases, joined, base)
                joined = Table({**joined, **table}, {**joined.origins, **table.origins})
            else:
                joined = table
            bases.append(Base(base, place))
        return tuple(bases), partial, joined

    def _resolve(
        self, path: str, source: SourceFile, entry: Any, place: Place | Range
    ) -> tuple[str | None, str | None]:
        """Return the file that a `_base_` entry names, and its scope; no file if its package is absent."""
        if isinstance(entry, Unknown):
            return None, None
        if not isinstance(entry, str):
            message = f'`_base_` has to be a string or a list of strings, not `{type(entry).__name__.lower()}`'
            raise ConfigError('invalid-base', message, source, place, key='_base_', exception='TypeError')
        if '::' not in entry:
            return os.path.normpath(os.path.join(os.path.dirname(path), entry)), None
        if not re.match(r'\w*::\w*/\w*', entry) or entry.count('::') > 1:
            message = f'`{entry}` is no base: write `package::folder/file.py` (MMEngine: `ValueError`)'
            raise ConfigError('invalid-base', message, source, place, key='_base_', exception='ValueError')
        scope, _, inner = entry.partition('::')
        if scope not in PACKAGES:
            message = f'`{scope}` is no package whose configs MMEngine can inherit (`does not support to load {scope} config`)'
            raise ConfigError('invalid-base', message, source, place, key='_base_', exception='AssertionError')
        root = self._package_root(scope)
        return (None if root is None else os.path.join(root, '.mim', 'configs', inner)), scope

    def _load_base(self, path: str, source: SourceFile, place: Place | Range, *, text_style: bool) -> Config:
        if path in self._loading:
            chain = ' → '.join(os.path.basename(name) for name in [*self._loading[self._loading.index(path) :], path])
            message = f'circular inheritance: {chain} (MMEngine: `RecursionError`)'
            raise ConfigError('circular-base', message, source, place, key='_base_', exception='RecursionError')
        if len(self._loading) > MAX_BASES:
            message = f'more than {MAX_BASES} levels of inheritance'
            raise ConfigError('endless-evaluation', message, source, place, key='_base_')
        if not os.path.lexists(path):
            raise _missing_base(path, source, place)
        try:
            base = self.load(path)
        except ConfigError as error:
            if error.source is None:  # the file could not be read at all: the place to tell is where it is named
                raise ConfigError(error.rule, error.message, source, place, key='_base_') from None
            raise
        if text_style and base.style == 'lazy' or not text_style and base.style == 'text' and base.bases:
            raise _mixed_styles(base, source, place)
        return base

    def _load_lazy(self, path: str, source: SourceFile, tree: ast.Module) -> Config:
        ev = Evaluator(source, lazy=True)
        bases: list[Base] = []
        tables: dict[str, Table] = {}
        block = _read_base_block(source, tree)
        for node in block.body if block is not None else []:
            module = _base_module(source, node)
            base = self._load_base(self._module_path(path, source, node, module), source, node, text_style=False)
            bases.append(Base(base, node))
            # MMEngine parses the base anew for every child: what the child changes is its own.
            tables[module] = config_copy(base.table)
        for node in ast.walk(tree) if tables else ():
            if isinstance(node, ast.ImportFrom) and '.' * node.level + (node.module or '') in tables:
                ev.from_base.add(id(node))
                _take_over(ev, node, tables['.' * node.level + (node.module or '')])
        body = [statement for node in tree.body for statement in ([] if node is block else [node])]
        run(ev, _hoisted(body))
        partial = next((base.config.partial for base in bases if base.config.partial), None)
        own = Table({name: value for name, value in ev.names.items() if not name.startswith('__')})
        own.origins.update({name: ev.origins[name] for name in own if name in ev.origins})
        _check_size(ev, own)
        return Config(
            path, source, tree, 'lazy', own, own, tuple(bases), partial,
            frozenset(ev.loads), ev.rebound, ev.imported,
        )  # fmt: skip

    def _module_path(self, path: str, source: SourceFile, node: ast.ImportFrom, module: str) -> str:
        parts = (node.module or '').split('.')
        if node.level:
            folder = os.path.join(os.path.dirname(path), *['..'] * (node.level - 1))
        else:
            if len(parts) == 1:
                message = f'`{module}` is a package, no config: write `from {module}.configs… import` (MMEngine: `ConfigParsingError`)'
                raise ConfigError('missing-base', message, source, node, exception='RuntimeError')
            folder = self._package_root(parts.pop(0)) or ''
            if not folder:
                message = f'`{module}` is in a package that is not installed here'
                raise ConfigError('uninstalled-package', message, source, node, exception='RuntimeError')
        return os.path.normpath(os.path.join(folder, *parts) + '.py')


PACKAGES = frozenset(
    'mmcls mmdet mmdet3d mmseg mmaction mmtrack mmpose mmedit mmocr mmgen mmfewshot mmrazor mmflow mmhuman3d mmrotate '
    'mmselfsup mmyolo mmpretrain mmagic'.split()
)
"""The packages whose configs can be inherited: the keys of ``mmengine.config.utils.MODULE2PACKAGE``."""


def parse(source: SourceFile, text: str) -> ast.Module:
    """Parse Python.

    Raises:
        ConfigError: It is malformed, or nested too deeply.
    """
    try:
        return ast.parse(text)
    except SyntaxError as error:
        message = f'{error.msg} (MMEngine: `SyntaxError`)'
        source.code = text if text is source.text else source.code
        place = _Point(error.lineno or 1, (error.offset or 1) - 1)
        raise ConfigError('syntax-error', message, source, _on_characters(source, place)) from None
    except (RecursionError, MemoryError, ValueError) as error:
        words = str(error) or type(error).__name__
        raise ConfigError('syntax-error', f'too deeply nested to be parsed ({words})', source) from None


class _Point:
    """A place without extent."""

    def __init__(self, lineno: int, col_offset: int) -> None:
        self.lineno = self.end_lineno = lineno
        self.col_offset = self.end_col_offset = col_offset


def _on_characters(source: SourceFile, point: _Point) -> Range:
    """Turn the place of a `SyntaxError`, whose column counts characters, into a range."""
    from cfglint.language.source import Range

    start = source.span(_Point(point.lineno, 0)).start + max(point.col_offset, 0)
    start = min(start, len(source.text))
    return Range(start, start)


class _BaseTable:
    """Hands ``_base_`` out as a copy of the file's own: configs may change it, and the change is inherited."""

    def __init__(self, table: Table, partial: str | None) -> None:
        self.table = table
        self.partial = partial
        self.copy: ConfigTable | None = None

    def __call__(self) -> ConfigTable | Unknown:
        if self.partial is not None:
            return Unknown(self.partial)
        if self.copy is None:
            self.copy = config_copy(self.table)
        return self.copy


def _has_base(tree: ast.Module) -> bool:
    return any(is_base_assignment(node) for node in tree.body)


def _base_entries(source: SourceFile, tree: ast.Module) -> list[tuple[Any, Place | Range]]:
    """Return the entries of the first `_base_`, each with its place."""
    statement = next((node for node in tree.body if is_base_assignment(node)), None)
    if statement is None:
        return []
    assert isinstance(statement, ast.Assign)
    value = evaluate(Evaluator(source, lazy=False), statement.value)
    if isinstance(value, Array):
        return [(item, _entry_place(statement, index, len(value))) for index, item in enumerate(value)]
    return [(value, statement.value)]


def _entry_place(statement: ast.Assign, index: int, count: int) -> Place:
    node = statement.value
    if isinstance(node, ast.List) and len(node.elts) == count:
        return node.elts[index]
    return node


def _own_table(ev: Evaluator, tokens: dict[str, str]) -> Table:
    """Return the names that MMEngine keeps of a text-style config."""
    own = Table()
    for name, value in ev.names.items():
        if name.startswith('__') or name == '_deprecation_':
            continue
        if isinstance(value, Opaque) and value.kind in ('function', 'module'):
            continue
        own[name] = value
        if name in ev.origins:
            own.origins[name] = ev.origins[name]
    _check_size(ev, own)
    return own


def _without_dunders(own: Table) -> Table:
    names = [name for name in own if not name.startswith('__') and name != '_deprecation_']
    return own if len(names) == len(own) else Table({name: own[name] for name in names}, own.origins)


def _check_size(ev: Evaluator, own: Table) -> None:
    try:
        expanded_size(own)
    except (TooLarge, RecursionError) as error:
        largest = max(own, key=lambda name: ev.origins[name].value.lineno if name in ev.origins else 0)
        ev.fail(ev.origins[largest].value, error)


def _check_copyable(ev: Evaluator, own: Table) -> None:
    for name, value in own.items():
        if isinstance(value, Generator):
            ev.fail(ev.origins[name].value, TypeError("cannot pickle 'generator' object"))


def _check_duplicates(source: SourceFile, place: Place | Range, bases: list[Base], joined: Table, base: Config) -> None:
    keys = joined.keys() & base.table.keys()
    if not keys:
        return
    key = next(key for key in base.table if key in keys)
    others = [other.config for other in bases if key in other.config.table]
    names = f'`{os.path.basename(others[0].path)}` and `{os.path.basename(base.path)}`'
    more = f' (and {len(keys) - 1} more keys)' if len(keys) > 1 else ''
    message = (
        f'two bases define `{key}`{more}: {names}; MMEngine fails with '
        '`Duplicate key is not allowed among bases`; let one inherit the other, or drop it from one'
    )
    origins = [config.table.origins.get(key) for config in (others[0], base)]
    notes = tuple(Note(origin.source, origin.key or origin.value, f'`{key}` is defined here') for origin in origins if origin)
    raise ConfigError('duplicate-base-key', message, source, place, key='_base_', exception='KeyError', notes=notes)


def _missing_base(path: str, source: SourceFile, place: Place | Range) -> ConfigError:
    import difflib

    folder, name = os.path.split(path)
    there = sorted(entry for entry in os.listdir(folder) if entry.endswith(EXTENSIONS)) if os.path.isdir(folder) else []
    near = difflib.get_close_matches(name, there, 1, 0.6)
    if near:
        hint = f'; did you mean `{near[0]}`?'
    elif not os.path.isdir(folder):
        hint = f'; there is no folder `{os.path.relpath(folder, os.path.dirname(source.path))}`'
    else:
        hint = ''
    shown = os.path.relpath(path, os.path.dirname(source.path))
    message = f'the base `{shown}` does not exist{hint} (MMEngine: `FileNotFoundError`)'
    return ConfigError('missing-base', message, source, place, key='_base_', exception='FileNotFoundError')


def _mixed_styles(base: Config, source: SourceFile, place: Place | Range) -> ConfigError:
    name = os.path.basename(base.path)
    if base.style == 'lazy':
        culprit = next(iter(base.imported.values()), None)
        notes = () if culprit is None else (Note(base.source, culprit, 'this import makes it a pure-Python config'),)
        message = (
            f'`{name}` is no text-style config: it has imports that make MMEngine read it as a pure-Python one, and fails '
            'with `The configuration file type in the inheritance chain must match`; if it is a module that registers '
            'classes, name it in `custom_imports` instead'
        )
    else:
        notes = ()
        message = (
            f'`{name}` uses `_base_`, this config `read_base()`: MMEngine fails with `The configuration file type in the '
            'inheritance chain must match`; write both in one style'
        )
    return ConfigError('mixed-config-styles', message, source, place, key='_base_', exception='RuntimeError', notes=notes)


def _doubtful_style(source: SourceFile, node: ast.stmt, tree: ast.Module) -> ConfigError:
    remedy = 'move `_base_` above the import' if _has_base(tree) else 'write the value instead of importing'
    message = (
        f'`{ast.unparse(node)}` makes MMEngine read this file as a pure-Python config in a virtual environment, where it '
        f'does not recognise the standard library; {remedy}'
    )
    return ConfigError('interpreter-dependent-style', message, source, node)


def _read_base_block(source: SourceFile, tree: ast.Module) -> ast.With | None:
    """Return the one ``with read_base():`` that MMEngine honours: the first at the top level."""
    for node in tree.body:
        if is_base_assignment(node):
            message = '`_base_` in a pure-Python config: MMEngine fails with `inheritance chain must match`; use `with read_base():`'
            raise ConfigError('mixed-config-styles', message, source, node, key='_base_', exception='RuntimeError')
        if isinstance(node, ast.With):
            if len(node.items) > 1 or not is_read_base(node):
                message = 'only `with read_base():` may be used in a config (MMEngine: `ConfigParsingError`)'
                raise ConfigError('unsupported-with', message, source, node, exception='RuntimeError')
            return node
    return None


def _base_module(source: SourceFile, node: ast.stmt) -> str:
    if not isinstance(node, ast.ImportFrom) or node.module is None:
        message = 'only `from … import …` may stand in `with read_base():` (MMEngine: `AssertionError`)'
        raise ConfigError('unsupported-import', message, source, node, exception='AssertionError')
    return '.' * node.level + node.module


def _take_over(ev: Evaluator, node: ast.ImportFrom, table: Table) -> None:
    """Bind the names that a child takes over from a base."""
    for alias in node.names:
        if alias.name == '*':
            ev.names.update(table)
            ev.origins.update(table.origins)
            return
        if alias.name not in table:
            message = f'the base `{node.module}` has no `{alias.name}` (MMEngine: `KeyError`)'
            raise ConfigError('undefined-base-variable', message, ev.source, alias, exception='KeyError')
        name = alias.asname or alias.name
        ev.names[name] = table[alias.name]
        origin = table.origins.get(alias.name)
        ev.origins[name] = origin if origin is not None else Origin(ev.source, alias, alias)


def _hoisted(body: list[ast.stmt]) -> list[ast.stmt]:
    """Move ``import package`` to the top, the last first, as MMEngine does for placeholders."""
    from cfglint.language.style import is_standard_library

    def moves(node: ast.stmt) -> bool:
        return isinstance(node, ast.Import) and not all(is_standard_library(alias.name) for alias in node.names)

    moved = [node for node in body if moves(node)]
    return [*reversed(moved), *(node for node in body if not moves(node))] if moved else body
