"""One config, as rules read it: its sections, its scope, where things are written, and what is kept for all configs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from cfglint.catalog.run_libraries import UNKNOWN_SCOPE
from cfglint.diagnostics import Related
from cfglint.era import can_run
from cfglint.helper_variables import helper_variables
from cfglint.language.misspelt_base import MISSPELT, misspelt_base
from cfglint.language.values import Array, Row, Table
from cfglint.rules.reading.items import Item
from cfglint.rules.reading.legacy_scope import fragment_scope, legacy_scope
from cfglint.sections.table import READ_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from cfglint.era import Era
    from cfglint.language.config import Config
    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile
    from cfglint.memos import Memo
    from cfglint.workspace import Workspace

T = TypeVar('T')

_ABSENT: Any = object()


class ConfigView:
    """A config with what it is checked against.

    Attributes:
        path: Its normalised absolute path.
        era: Which generation its keys belong to, judged after resolution.
        libraries: The releases of libraries that it is checked against.
        is_entry: Whether it is meant to run on its own; a fragment only serves others as a base.
        config: The resolved config with its files. Only a rule that declares no `reads` may look at it, or at `lineage` and
            `loads`, before it has found something to report.
        style: ``text`` (``_base_``), ``lazy`` (``read_base()``) or ``data`` (YAML, JSON).
        partial: Why some of the config is not known (a base in a package that is not installed), else none.
        root: The config itself, as an item.
    """

    def __init__(
        self, config: Config, era: Era, *, is_entry: bool, workspace: Workspace, legacy_scope: str | None = None
    ) -> None:
        self.config = config
        self._table = config.table
        self.path = config.path
        self.era = era
        self.is_entry = is_entry
        self.style = config.style
        self.partial = config.partial or (MISSPELT if misspelt_base(config.tree) else None)
        self._workspace = workspace
        is_modern = era == 'neutral' and config.style == 'lazy'  # 0.x had no such configs
        self.libraries = self._workspace.libraries.for_config('1.x' if is_modern else era, config.path)
        self._legacy_scope = legacy_scope
        self._once: dict[str, Any] = {}
        self.root = Item('', config.table, None, None)

    @property
    def is_legacy(self) -> bool:
        """Whether it is judged as a config for 0.x releases: nothing of 1.x is asked of it."""
        return self.libraries.era == 0

    @cached_property
    def identities(self) -> dict[str, tuple[int, int]]:
        """What identifies each section: the very value, written at the very place."""
        origins = self._table.origins.get
        return {name: (id(value), id(origins(name))) for name, value in self._table.items()}

    def __contains__(self, section: str) -> bool:
        """Tell whether the config has a top-level key."""
        return section in self._table

    def present(self, sections: Mapping[str, T]) -> list[tuple[str, Any, T]]:
        """Return those of some sections that the config has: the key, the value, and what `sections` holds for it."""
        table = self._table
        return [(name, table[name], what) for name, what in sections.items() if name in table]

    def find(self, key: str) -> Item | None:
        """Return the item of a dotted key, None when there is none."""
        item: Item | None = self.root
        for part in key.split('.'):
            if item is None:
                return None
            found = item.get(part)
            item = found if found is not None or not part.isdigit() else item.get(int(part))
        return item

    def value(self, key: str, default: Any = None) -> Any:
        """Return the value of a dotted key."""
        section, *rest = key.split('.')
        value = self._table.get(section, _ABSENT)
        for part in rest:
            if isinstance(value, Table):
                value = value.get(part, _ABSENT)
            elif isinstance(value, (Array, Row)) and part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                return default
        return default if value is _ABSENT else value

    def read(self, path: str) -> SourceFile:
        """Return the text of a module of the user's code.

        Raises:
            ConfigError: It cannot be read.
        """
        return self._workspace.read(path)

    @property
    def scope(self) -> str:
        """The scope in which types are looked up: ``mmengine`` where the config gives none; for 0.x, its library's.

        A fragment that gives none is served by the configs that inherit it: by those of the only library that has its types.
        """
        if self.is_legacy:
            if self._legacy_scope is None:
                self._legacy_scope = legacy_scope(self._table, self.libraries)
            return self._legacy_scope
        return self.given_scope or self._fragment_scope or 'mmengine'

    @cached_property
    def _fragment_scope(self) -> str:
        """The scope of the library whose types a file names that does not run, and gives no scope."""
        if (
            self.is_legacy
            or self.style == 'data'
            or self.partial is not None
            or (self.is_entry and can_run(self._table))
        ):
            return ''
        return fragment_scope(self._table, self.libraries)

    @property
    def is_scope_guessed(self) -> bool:
        """Whether the types of a fragment alone tell its scope."""
        return self.given_scope == '' and self._fragment_scope != ''

    @property
    def variables(self) -> list[str]:
        """The top-level names that MMEngine does not read."""
        return [name for name in self._table if isinstance(name, str) and name not in READ_KEYS]

    @property
    def given_scope(self) -> str:
        """The default scope that the config gives: empty where it gives none, `UNKNOWN_SCOPE` where that is not known."""
        scope = self._table.get('default_scope')
        if scope is None:
            return '' if self.partial is None else UNKNOWN_SCOPE
        return scope if isinstance(scope, str) else UNKNOWN_SCOPE

    @property
    def is_scope_given(self) -> bool:
        """Whether the config gives a default scope."""
        return self.given_scope not in ('', UNKNOWN_SCOPE)

    def section(self, name: str) -> Item | None:
        """Return the item of a top-level key, None where there is none."""
        return self.root.get(name)

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what `make` gives, made once for this config."""
        known = self._once.get(key)
        if known is None:
            known = self._once[key] = make()
        return known

    def memo(self, name: str) -> Memo:
        """Return what was found under a name for the values of all configs.

        It must depend on nothing but the value and the key that it is kept by.
        """
        return self._workspace.memos[name]

    def shared(self, key: Hashable, value: Any, make: Callable[[], Any]) -> Any:
        """Return what `make` gives for `value`, not None, made once for all configs that share this very value.

        `make` must depend on nothing but `key` and `value`.
        """
        memo = self._workspace.memos['']
        known = memo.get(key, value)
        return memo.keep(key, value, make()) if known is None else known

    @cached_property
    def lineage(self) -> list[Config]:
        """The config and all that it inherits."""
        return self.config.lineage()

    @cached_property
    def loads(self) -> frozenset[str]:
        """The names that some expression of the config or of its bases reads, or surely did: helper variables are among them."""
        return helper_variables(self.config)

    @cached_property
    def own_imports(self) -> tuple[str, ...]:
        """The modules of the user's own that the config imports: they decide which of several classes a name means."""
        given = self.value('custom_imports')
        names = given.get('imports') if isinstance(given, dict) else None
        listed = [names] if isinstance(names, str) else names if isinstance(names, (list, tuple)) else []
        found = {name for name in listed if isinstance(name, str)}
        if self.style == 'lazy':
            modules = (getattr(node, 'module', None) for each in self.lineage for node in each.imported.values())
            found |= {module for module in modules if module is not None}
        return tuple(sorted(each for each in found if self.libraries.own.has_package(each.partition('.')[0])))

    def key_span(self, item: Item) -> Span | None:
        """Return where the item's key stands (``lr`` in ``lr=0.1``); for items of a list, the item."""
        origin = item.origin
        if origin is None:
            return None if item.parent is None else self.value_span(item.parent)
        place = origin.key if origin.key is not None else origin.value
        name = getattr(place, 'arg', None)
        if isinstance(name, str):  # a keyword: its node covers the value too
            return origin.source.span_of_prefix(place, len(name))
        return origin.source.span(place)

    def value_span(self, item: Item) -> Span | None:
        """Return where the item's value stands."""
        if item.origin is None:
            return None if item.parent is None else self.value_span(item.parent)
        return item.origin.source.span(item.origin.value)

    def source_text(self, item: Item) -> str | None:
        """Return the text of the item's value as the user wrote it."""
        if item.origin is None:
            return None
        span = item.origin.source.span(item.origin.value)
        return item.origin.source.text[span.start : span.end]

    def source_of(self, item: Item) -> SourceFile:
        """Return the file in which the item is written."""
        return self.config.source if item.origin is None else item.origin.source

    def related(self, item: Item, message: str) -> Related:
        """Make a related place of an item."""
        return Related(message, self.key_span(item))
