"""Text-style configs: ``_base_``, templates, and names that a child inherits by merging."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.language import bases as base_files
from cfglint.language.base_table import BaseTable
from cfglint.language.config import Base, Config
from cfglint.language.copies import UNCOPYABLE
from cfglint.language.errors import ConfigError
from cfglint.language.evaluation.evaluator import Evaluator, evaluate
from cfglint.language.evaluation.limits import MAX_ITEMS, ContainsItself, TooLarge, expanded_size
from cfglint.language.evaluation.operators import type_name
from cfglint.language.evaluation.statements import run_module
from cfglint.language.merge import merge, opened, replace_tokens, with_scope, without_deletes
from cfglint.language.parsing import check_compiles, is_nested, parse_code
from cfglint.language.places import Range
from cfglint.language.style import Decision, is_base_assignment
from cfglint.language.values import Array, Opaque, Origin, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.base_loader import BaseLoader
    from cfglint.language.environment_variables import Environment
    from cfglint.language.places import Place
    from cfglint.language.source import SourceFile

Entries = list[tuple[Any, Any]]
"""The entries of a `_base_`, each with its place."""


class Inherited:
    """The joined bases of a file.

    Attributes:
        bases: The configs, in order.
        table: What they define together.
        partial: Why some of it is not known, else none.
        warnings: What the reader notes about them.
        errors: What MMEngine refuses about them.
        refusal: What MMEngine refuses first, in the file or in a base, else none.
    """

    def __init__(self, loader: BaseLoader, path: str, source: SourceFile, entries: Entries) -> None:
        self.bases: list[Base] = []
        self.table = Table()
        self.partial: str | None = None
        self.warnings: list[ConfigError] = []
        self.errors: list[ConfigError] = []
        self.refusal: ConfigError | None = None
        if len(entries) > base_files.MAX_BASES:
            message = f'more than {base_files.MAX_BASES} bases'
            raise ConfigError('endless-evaluation', message, source, entries[0][1], key='_base_')
        for entry, place in entries:
            try:
                self._add(loader, path, source, entry, place)
            except ConfigError as error:
                if error.is_bound:
                    raise
                self.refuse(error, f'the base `{entry}` cannot be read')

    def refuse(self, error: ConfigError, partial: str) -> None:
        """Note what MMEngine refuses, and that some of what is inherited is therefore not known."""
        self.errors.append(error.bare())
        self.refusal = self.refusal or error
        self.partial = self.partial or partial

    def _add(self, loader: BaseLoader, path: str, source: SourceFile, entry: Any, place: Place) -> None:
        if isinstance(entry, Unknown):
            self.partial = f'which base this is, is not known: {entry.reason}'
            return
        target = base_files.resolve(path, source, entry, place, lambda name: loader.package_of(name, path))
        stand_in = loader.stand_in(entry, target.path, source)
        if stand_in is None and target.path is None:
            self.partial = f'the base `{entry}` is in a package that is not installed here'
            self.warnings.append(base_files.uninstalled(str(target.scope), source, place))
            loader.touched.update(base_files.places_of(str(target.scope)))
            return
        base = stand_in or loader.load_base(str(target.path), source, place)
        self.partial = self.partial or base.partial
        self.refusal = self.refusal or base.refusal
        table = with_scope(base.table, target.scope) if target.scope and not stand_in else base.table
        if self.table:
            table = self._joined(source, place, base, table)
        self.table = table
        self.bases.append(Base(base, place))

    def _joined(self, source: SourceFile, place: Place, base: Config, table: Table) -> Table:
        """Return all that is inherited so far together with what one more base defines."""
        both = self.table.keys() & table.keys()
        table = Table({**self.table, **table}, {**self.table.origins, **table.origins})
        if both:
            self.refuse(base_files.duplicate(source, place, self.bases, both, base), 'two bases define the same key')
            table.update(dict.fromkeys(both, Unknown('two bases define it')))
        return table


def load_text(loader: BaseLoader, path: str, source: SourceFile, decision: Decision) -> Config:
    """Read a text-style config.

    Raises:
        ConfigError: MMEngine would refuse it.
    """
    tokens = _substitute(source, loader.environment) if '{{' in source.text else {}
    tree = parse_code(source)
    inherited = _inherited(loader, path, source, tree)
    ev = Evaluator(source, loader.environment, lazy=False)
    ev.inherit(inherited.bases)
    hand_out = BaseTable(inherited.table, inherited.partial)
    ev.base = hand_out
    body = _without_base(source, tree)
    check_compiles(source, tree)
    run_module(ev, body)
    base_table = inherited.table
    if hand_out.copy is not None:
        base_table = hand_out.copy
        _check_base_size(ev, base_table)
    own = _own_table(ev)
    errors = ev.errors
    if tokens:
        own = replace_tokens(own, tokens, base_table, inherited.partial, source, errors)
        check_size(ev, own)
    table = merged(own, base_table, inherited.partial, source, errors)
    size = bounded_size(ev, inherited, table)
    warnings = [*inherited.warnings, *_doubts(source, decision, tree)]
    partial = ev.partial or inherited.partial or (FAILING if errors else None)
    return Config(
        path, source, tree, 'text', table, own, tuple(inherited.bases), partial,
        frozenset(ev.loads), ev.rebound, ev.imported, tuple(warnings), tokens, ev.made_objects, ev.odd_keys,
        (*inherited.errors, *errors), inherited.refusal or next(iter(errors), None), frozenset(), size, *ev.spent,
    )  # fmt: skip


def bounded_size(ev: Evaluator, inherited: Inherited, table: Table) -> int:
    """Return how many items a config has, at most: its own ones, and those that it inherits.

    Raises:
        ConfigError: They are too many.
    """
    size = ev.own_size + sum(base.config.size for base in inherited.bases)
    if size <= MAX_ITEMS:
        return size
    ev.tick(Range(0, 0), MAX_ITEMS >> 1)
    try:
        return expanded_size(table)
    except TooLarge as error:
        message = f'evaluation stopped: with what it inherits, this is {error}'
        raise ConfigError('endless-evaluation', message, ev.source, Range(0, 0)) from None


def merged(own: Table, base: Table, partial: str | None, source: SourceFile, errors: list[ConfigError]) -> Table:
    """Merge what a file says into what it inherits, of which some may not be known (`partial`)."""
    if partial is None:
        return merge(own, base, source, errors)
    return opened(merge(without_deletes(own, base), base, source, errors), own)


FAILING = 'MMEngine fails to read some of it'
"""Why a config is not known in which a line fails."""


def _inherited(loader: BaseLoader, path: str, source: SourceFile, tree: ast.Module) -> Inherited:
    """Read the bases of a file."""
    try:
        entries = _base_entries(source, tree, loader.environment)
    except ConfigError as error:
        if not error.is_local:
            raise
        inherited = Inherited(loader, path, source, [])
        inherited.refuse(error, 'which bases these are, is not known')
        return inherited
    return Inherited(loader, path, source, entries)


def _substitute(source: SourceFile, environment: Environment) -> dict[str, str]:
    from cfglint.language.templates import substitute  # most configs have no templates

    return substitute(source, environment)


_VISIBLE = ('os', 'sys', 're', 'copy', 'platform')
"""Names of MMEngine's own module that an expression for `_base_` happens to see (it uses a bare `eval`)."""


def _base_entries(source: SourceFile, tree: ast.Module, environment: Environment) -> Entries:
    """Return the entries of the first `_base_`: the only one that counts."""
    statement = next((node for node in tree.body if is_base_assignment(node)), None)
    if statement is None:
        return []
    assert isinstance(statement, ast.Assign)
    node = statement.value
    entries = node.elts if isinstance(node, ast.List) else [node]
    if all(isinstance(entry, ast.Constant) for entry in entries):
        return [(entry.value, entry) for entry in entries]  # type: ignore[attr-defined]
    ev = Evaluator(source, environment, lazy=False)
    ev.names.update({name: Opaque('module', name) for name in _VISIBLE}, osp=Opaque('module', 'os.path'))
    value = evaluate(ev, statement.value)
    if isinstance(value, Array):
        return [(item, _entry_place(statement, index, len(value))) for index, item in enumerate(value)]
    return [(value, statement.value)]


def _entry_place(statement: ast.Assign, index: int, count: int) -> Place:
    node = statement.value
    return node.elts[index] if isinstance(node, ast.List) and len(node.elts) == count else node


def _without_base(source: SourceFile, tree: ast.Module) -> list[ast.stmt]:
    """Return the statements that MMEngine runs: all but assignments to `_base_`, wherever they are."""
    if not is_nested(tree):
        return [node for node in tree.body if not is_base_assignment(node)]
    for node in ast.walk(tree):
        for name in ('body', 'orelse', 'finalbody'):
            statements = getattr(node, name, None)
            if isinstance(statements, list) and node is not tree and any(map(is_base_assignment, statements)):
                kept = [statement for statement in statements if not is_base_assignment(statement)]
                if name == 'body' and not kept:
                    word = type(node).__name__
                    raise ConfigError(
                        'misplaced-base',
                        '`_base_` may only be assigned at the top level',
                        source,
                        statements[0],
                        key='_base_',
                        exception='ValueError',
                        raises=f'ValueError: empty body on {word}',
                        advice=Advice('assign it outside of the block'),
                    )
                setattr(node, name, kept)
    return [node for node in tree.body if not is_base_assignment(node)]


def _check_base_size(ev: Evaluator, base: Table) -> None:
    """Make sure that walking over the changed bases comes to an end; what contains itself MMEngine can read, not we.

    Raises:
        ConfigError: They are too large.
    """
    try:
        ev.tick(Range(0, 0), expanded_size(base))  # to count it, and to have copied it
    except ContainsItself:
        for key, value in base.items():
            try:
                expanded_size(value)
            except ContainsItself as error:
                base[key] = Unknown(str(error))
            except TooLarge:
                break
        check_size(ev, base)
    except TooLarge:
        check_size(ev, base)


def _own_table(ev: Evaluator) -> Table:
    """Return the names that MMEngine keeps of a text-style config.

    Raises:
        ConfigError: They are too large.
    """
    own = Table()
    require_names(ev)
    for name, value in ev.names.items():
        if name.startswith('__') or name == '_base_':
            continue
        if isinstance(value, Opaque) and value.kind in ('function', 'module'):
            continue
        own[name] = value
        if name in ev.origins:
            own.origins[name] = ev.origins[name]
    check_size(ev, own)
    if ev.made_uncopyable:
        _check_copyable(ev, own)
    if '_deprecation_' in own:
        try:
            check_deprecation(ev.source, own.pop('_deprecation_'), own.origins.pop('_deprecation_', None))
        except ConfigError as error:
            ev.tolerate(error)
    return own


def require_names(ev: Evaluator) -> None:
    """Note that MMEngine refuses names that are no strings, which ``globals()`` can make, and take them out."""
    for name in [name for name in ev.names if not isinstance(name, str)]:
        raises = f"AttributeError: '{type_name(name)}' object has no attribute 'startswith'"
        try:
            ev.refuse(_place_of(ev, name), 'failing-expression', 'a name that is no string', raises=raises)
        except ConfigError as error:
            ev.tolerate(error)
        del ev.names[name]


def check_size(ev: Evaluator, own: Table) -> None:
    """Make sure that walking over the values of a file comes to an end.

    Raises:
        ConfigError: It does not.
    """
    try:
        ev.own_size = expanded_size(own)
        ev.tick(Range(0, 0), ev.own_size >> 1)
    except ConfigError:
        raise
    except Exception as error:
        for name, value in own.items():
            try:
                expanded_size(value)
            except Exception:
                ev.fail(_place_of(ev, name), error)
        ev.fail(_place_of(ev, next(reversed(own))), error)


def _place_of(ev: Evaluator, name: object) -> Place:
    origin = ev.origins.get(name)
    return Range(0, 0) if origin is None or origin.source is not ev.source else origin.value


def _check_copyable(ev: Evaluator, own: Table) -> None:
    for name, value in own.items():
        found = next(_uncopyable(value), None)
        if found is not None and name in ev.origins:
            try:
                ev.fail(ev.origins[name].value, TypeError(f"cannot pickle '{found.kind}' object"))
            except ConfigError as error:
                ev.tolerate(error)


def _uncopyable(value: Any) -> Iterator[Opaque]:
    if isinstance(value, Opaque):
        if value.kind in UNCOPYABLE:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _uncopyable(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _uncopyable(item)


def check_deprecation(source: SourceFile, value: Any, origin: Origin | None) -> None:
    """Refuse a `_deprecation_` that MMEngine cannot read: it asks ``'expected' in value``, then ``value['expected']``.

    Raises:
        ConfigError: It cannot be read.
    """
    if isinstance(value, (Table, Unknown)):
        return
    if isinstance(value, (str, list, tuple, set, frozenset)) and not any(
        word in value for word in ('expected', 'reference')
    ):
        return
    raise ConfigError(
        'invalid-deprecation',
        f'`_deprecation_` must be a dict with `expected` and `reference`, got `{type_name(value)}`',
        source,
        None if origin is None else origin.value,
        key='_deprecation_',
        exception='TypeError',
        advice=Advice('name the new config and where to read of it', "dict(expected='new.py', reference='https://…')"),
    )


def _doubts(source: SourceFile, decision: Decision, tree: ast.Module) -> Iterator[ConfigError]:
    """Warn where MMEngine reads the file otherwise on some interpreter."""
    node = decision.doubtful
    if node is None:
        return
    has_base = any(map(is_base_assignment, tree.body))
    remedy = 'move `_base_` above the import' if has_base else 'write the value instead of importing what computes it'
    message = f'in a virtual environment, `{ast.unparse(node)}` makes this file a pure-Python config'
    yield ConfigError('interpreter-dependent-style', message, source, node, advice=Advice(remedy))
