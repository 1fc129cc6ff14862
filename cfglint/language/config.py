"""A config as MMEngine would see it."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cfglint.language.reads import NOTHING
from cfglint.language.values import Table

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from cfglint.language.errors import ConfigError
    from cfglint.language.places import Place
    from cfglint.language.source import SourceFile
    from cfglint.language.values import Origin


class Base(NamedTuple):
    """A config that another one inherits, and where it says so."""

    config: Config
    place: Place


def spent_on(bases: Sequence[Base]) -> tuple[int, int]:
    """Return how many steps evaluating some bases takes, and how many bytes it makes; one that is named again is kept."""
    configs = {id(base.config): base.config for base in bases}.values()
    return sum(config.steps for config in configs), sum(config.made for config in configs)


class Config:
    """A resolved config file.

    Attributes:
        path: Its normalised absolute path.
        source: Its text.
        tree: Its syntax tree; none for YAML and JSON.
        style: ``text`` (``_base_``), ``lazy`` (``read_base()``) or ``data`` (YAML, JSON).
        table: The config with all bases merged, keys in MMEngine's order.
        own: What the file itself says, before merging.
        bases: The configs that it inherits, in order.
        partial: Why some of the config is not known (a base that is missing, a line that fails), else none.
        loads: The names that expressions of this file read.
        rebound: The names that the file assigns more than once, with the first assignment.
        imported: The names that the file imports, with the import.
        warnings: What MMEngine accepts, but not everywhere or not as meant; told by the reader itself.
        errors: What MMEngine refuses in this file; what it concerns is unknown, all else is read.
        refusal: What MMEngine refuses first, in this file or in a base, else none.
        tokens: What stands in the parsed text for each ``{{ _base_.key }}``, with the dotted key.
        has_objects: Whether some value may be no plain data (a class, a function…).
        has_odd_keys: Whether some key of a dict is a keyword, or has a quote or a line end.
        imported_names: The names that imports of this file and of its bases bind, as far as MMEngine notes them.
        levels: How many levels of inheritance there are; one without bases.
        characters: How much text MMEngine reads for it: it reads a base again for each config that names it.
        size: How many items its values have, at most.
        steps: How many steps evaluating these files takes.
        made: How many bytes that makes.
        reads: What it depends on: files and environment variables, those of its bases included.
    """

    def __init__(
        self,
        path: str,
        source: SourceFile,
        tree: ast.Module | None,
        style: Literal['text', 'lazy', 'data'],
        table: Table,
        own: Table,
        bases: tuple[Base, ...] = (),
        partial: str | None = None,
        loads: frozenset[str] = frozenset(),
        rebound: dict[str, Origin] | None = None,
        imported: dict[str, ast.stmt] | None = None,
        warnings: tuple[ConfigError, ...] = (),
        tokens: dict[str, str] | None = None,
        has_objects: bool = False,
        has_odd_keys: bool = False,
        errors: tuple[ConfigError, ...] = (),
        refusal: ConfigError | None = None,
        imported_names: frozenset[str] = frozenset(),
        size: int = 0,
        steps: int = 0,
        made: int = 0,
    ) -> None:
        self.path = path
        self.source = source
        self.tree = tree
        self.style = style
        self.table = table
        self.own = own
        self.bases = bases
        self.partial = partial
        self.loads = loads
        self.rebound = rebound or {}
        self.imported = imported or {}
        self.warnings = warnings
        self.tokens = tokens or {}
        self.has_objects = has_objects
        self.has_odd_keys = has_odd_keys
        self.errors = errors
        self.refusal = refusal
        self.imported_names = imported_names
        self.levels: int = 1 + max((base.config.levels for base in bases), default=0)
        self.characters = 0
        self.size = size
        inherited_steps, inherited_made = spent_on(bases)
        self.steps: int = steps + inherited_steps
        self.made: int = made + inherited_made
        self.reads = NOTHING
        self._inherited: tuple[Config, ...] | None = None

    def with_table(self, table: Table) -> Config:
        """Return the same config, resolved to something else."""
        other = copy(self)
        other.table = table
        return other

    def printed(self) -> Table:
        """Return what ``Config.to_dict`` does: the config without the names that imports bind."""
        if self.imported_names.isdisjoint(self.table):
            return self.table
        names = [name for name in self.table if name not in self.imported_names]
        origins = self.table.origins
        return Table(
            {name: self.table[name] for name in names}, {name: origins[name] for name in names if name in origins}
        )

    def lineage(self) -> list[Config]:
        """Return the config and all that it inherits, itself first, each once."""
        if self._inherited is None:
            self._inherited = self._find_inherited()
        return [self, *self._inherited]

    def _find_inherited(self) -> tuple[Config, ...]:
        found: dict[str, Config] = {self.path: self}
        waiting = [base.config for base in reversed(self.bases)]
        while waiting:
            config = waiting.pop()
            if config.path not in found:
                found[config.path] = config
                waiting += [base.config for base in reversed(config.bases)]
        return tuple(found.values())[1:]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a top-level key."""
        return self.table.get(key, default)
