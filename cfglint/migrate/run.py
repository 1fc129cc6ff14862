"""A whole tree of configs: the bases first, and every file verified before it counts."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import TODO as PREFIX
from cfglint.era import Era, era_of
from cfglint.helper_variables import helper_variables
from cfglint.language.errors import ConfigError
from cfglint.language.source import SourceFile
from cfglint.migrate.bases import NewTree, OldTree, entries, is_archived, with_paths, with_roots
from cfglint.migrate.change import Computed, Tree, plain, same, value_of
from cfglint.migrate.diff import own_part, with_questions
from cfglint.migrate.mapping.renames import map_renamed, renamed_library
from cfglint.migrate.mapping.whole import Mapped, OddValues, map_config
from cfglint.migrate.old_library import library_of
from cfglint.migrate.render import in_a_line
from cfglint.migrate.targets import Goal
from cfglint.migrate.text import Text
from cfglint.migrate.writing import rewritten
from cfglint.report.sources import shown
from cfglint.sections.table import LEGACY_KEYS
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.language.config import Config

_HELD = 1_000_000
NEWEST = Goal()
"""The newest release of whichever library a config is of."""


@dataclass
class Migrated:
    """What became of a file.

    Attributes:
        path: The file.
        before: Its old text.
        text: Its new text; the old one if it is not migrated.
        todos: The open questions that are written in it: dotted paths and reasons.
        refused: Why it is not migrated, if it is not.
        is_bug: Whether that is a defect of cfglint.
        literal: The top-level keys of which nothing of the user's text could be kept.
        became: What became of top-level keys: the old ones and the new one, which is empty where nothing replaces them.
        tables: What the old file resolves to, and what the new one does, if it is migrated.
        notes: What is to be done beside the configs of its library.
    """

    path: str
    before: str
    text: str
    todos: list[tuple[str, str]] = field(default_factory=list)
    refused: str | None = None
    is_bug: bool = False
    literal: frozenset[str] = frozenset()
    became: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    tables: tuple[dict[str, Any], dict[str, Any]] | None = None
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the text is another one."""
        return self.text != self.before


def migrate(paths: Iterable[str], goal: Goal = NEWEST) -> Iterator[Migrated]:
    """Migrate files and all that they inherit, the bases first.

    Args:
        paths: The absolute paths of the files.
        goal: What they are migrated to.
    """
    yield from Migration(paths, goal).run()


class Migration:
    """The migration of a tree; its arguments are those of `migrate`."""

    def __init__(self, paths: Iterable[str], goal: Goal = NEWEST) -> None:
        self.goal = goal
        self.scope = goal.library
        self.before = OldTree(_HELD, goal.library)
        self.after = NewTree(_HELD, self.before.replaced)
        self.configs: dict[str, Config] = {}
        self.refused: dict[str, ConfigError] = {}
        self.results: dict[str, Config] = {}
        self.mapped: dict[str, Mapped] = {}
        self.withheld: dict[str, set[str]] = {}
        self.libraries: dict[str, str] = {}
        self.eras: dict[str, Era] = {}
        self.legacy: set[str] = set()
        self.renamed: dict[str, str] = {}
        self.stuck: set[str] = set()
        self.failures: dict[str, str] = {}
        self._load(paths)
        self._find_legacy()
        self._find_libraries()
        for path in self.legacy:
            mapping = map_renamed if path in self.renamed else map_config
            facts = goal.facts(self.libraries[path])
            try:
                found = mapping(self.configs[path].table, facts, goal.releases)
            except OddValues as error:
                raise UsageError(f'cannot migrate `{path}`: {error}; correct that first') from None
            self.mapped[path] = found._replace(trees=with_roots(found.trees)) if self._of_library(path) else found
        self._withhold()

    def _load(self, paths: Iterable[str]) -> None:
        for path in paths:
            try:
                config = self.before.load(path)
            except ConfigError as error:
                self.refused[path] = error
                continue
            for each in config.lineage():
                self.configs[each.path] = each

    def _find_legacy(self) -> None:
        self.eras = eras = {path: era_of(config) for path, config in self.configs.items()}
        self._find_renamed({path for path, era in eras.items() if era == '1.x'})
        modern = {path for path, era in eras.items() if era in ('1.x', 'mixed')} - self.renamed.keys()
        inherited = {each.path for path in modern for each in self.configs[path].lineage()}
        for path, era in eras.items():
            if era == '0.x':
                self.legacy |= {each.path for each in self.configs[path].lineage()}
            elif era == 'neutral' and not modern and '0.x' in eras.values():
                self.legacy.add(path)
        self.legacy |= self.renamed.keys()
        self.legacy -= inherited

    def _find_renamed(self, modern: set[str]) -> None:
        for path in modern:
            name = renamed_library(self.configs[path].table)
            if name is not None and self.scope in (None, name):
                for each in self.configs[path].lineage():
                    self.renamed[each.path] = name

    def _find_libraries(self) -> None:
        votes: dict[str, Counter[str]] = {}
        for path in self.legacy:
            config = self.configs[path]
            found = self.renamed.get(path) or self.scope or library_of(config)
            if found is not None:
                for each in config.lineage():
                    votes.setdefault(each.path, Counter())[found] += 1
                self.libraries[path] = found
        common = Counter(self.libraries.values()).most_common(1)
        for path in self.legacy - self.libraries.keys():
            best = votes.get(path, Counter()).most_common(1) or common
            self.libraries[path] = best[0][0] if best else self.goal.otherwise or 'mmengine'

    def _withhold(self) -> None:
        """MMEngine refuses a key that two bases of a file have: all but one leave it to those who inherit them."""
        for path in self.legacy:
            owners: dict[str, list[str]] = {}
            for base in self.configs[path].bases:
                for key in self.mapped[base.config.path].trees if base.config.path in self.mapped else ():
                    owners.setdefault(key, []).append(base.config.path)
            for key, bases in owners.items():
                if len(set(bases)) > 1:
                    keeper = max(bases, key=lambda base: len(str(value_of(self.mapped[base].trees[key]))))
                    for other in set(bases) - {keeper}:
                        for each in self.configs[other].lineage():
                            if each.path != keeper:
                                self.withheld.setdefault(each.path, set()).add(key)

    def wanted(self, path: str) -> dict[str, Any]:
        """Return what a migrated file resolves to, without what it leaves to those who inherit it."""
        withheld = self.withheld.get(path, ())
        return {key: value for key, value in self.mapped[path].value().items() if key not in withheld}

    def run(self) -> Iterator[Migrated]:
        """Migrate all files, and yield what becomes of them; what libraries' bases become is known afterwards, too."""
        for path in self.in_order():
            result = self.migrated(path)
            if not is_archived(path):
                yield result

    def in_order(self) -> list[str]:
        """Return all paths, bases first."""
        found: dict[str, None] = {}
        for config in self.configs.values():
            for each in sorted(config.lineage(), key=lambda each: each.levels):
                found.setdefault(each.path)
        return [*found, *self.refused]

    # One file

    def migrated(self, path: str) -> Migrated:
        """Migrate a file whose bases are migrated."""
        if path in self.refused:
            return Migrated(path, '', '', refused=self.refused[path].message)
        config = self.configs[path]
        text = config.source.text
        if path not in self.legacy:
            self._accept(path, text)
            return Migrated(path, text, text, _left(text), refused=self._reason_to_leave(config))
        reason = self._stuck_base(config) or _refusal(config, self._bases(path))
        if reason is not None:
            self._accept(path, text)
            self.stuck.add(path)
            return Migrated(path, text, text, refused=reason)
        return self._migrated(config)

    def _reason_to_leave(self, config: Config) -> str | None:
        """Say why a file that has keys of 0.x is left as it is; None if it has none."""
        match self.eras[config.path]:
            case 'mixed':
                read = helper_variables(config)
                old = [key for key in config.own if key in LEGACY_KEYS and key not in read]
                more = f' and {len(old) - 3} more' if len(old) > 3 else ''
                words = ', '.join(f'`{key}`' for key in old[:3])
                said = f'it has {words}{more} beside sections of 1.x: `cfglint check` tells what they become'
                return said if old else None
            case '0.x':
                return 'a config with sections of 1.x inherits it: `cfglint check` tells what its keys become'
            case _:
                return None

    def _stuck_base(self, config: Config) -> str | None:
        """Say which base of a file stays one of 0.x: it would be one of both generations."""
        stuck = next((base.config.path for base in config.bases if base.config.path in self.stuck), None)
        return None if stuck is None else f'it inherits `{shown(stuck)}`, which is not migrated'

    def _migrated(self, config: Config) -> Migrated:
        path, mapped = config.path, self.mapped[config.path]
        base = self._base(config)
        wanted = {key: tree for key, tree in mapped.trees.items() if key not in self.withheld.get(path, ())}
        for key in base.keys() - wanted.keys():
            if key in SECTIONS and key not in self.withheld.get(path, ()):
                wanted[key] = Computed(None)
        mine = own_part(config, wanted, base)
        if self._of_library(path):
            mine = with_paths(mine, wanted)
        mine = with_questions(mine, wanted, self._unasked(config, mapped, mine))
        literal: set[str] = set()
        for _ in range(4):
            text = rewritten(config, mapped, mine, literal, self._bases(path))
            wrong = self._wrong(path, text, wanted, mapped)
            if not wrong:
                todos = _as_often_as_written([each for each in mapped.todos() if _is_written(mine, each[0])], text)
                became = [((old,), new) for old, new in self._bases(path).items()] + _became(config, mapped, mine)
                tables = (config.table, self.results[path].table)
                result = Migrated(path, config.source.text, text, todos, literal=frozenset(literal), became=became)
                return replace(result, tables=tables, notes=self.goal.facts(self.libraries[path]).notes)
            if wrong <= literal:
                break
            literal |= wrong
        failed = self.failures.get(path) if '*' in wrong and config.bases else None
        self._accept(path, config.source.text)
        self.stuck.add(path)
        keys = ', '.join(f'`{key}`' for key in sorted(wrong))
        why = (
            f'cfglint would write something else than it means in {keys}'
            if failed is None
            else f'what it does with its base cannot be done with the migrated one: {failed}'
        )
        text = config.source.text
        return Migrated(path, text, text, refused=why, is_bug=failed is None, literal=frozenset(literal))

    def _unasked(self, config: Config, mapped: Mapped, mine: dict[str, Tree]) -> list[str]:
        """Return the paths of questions that neither a base asks nor what a file says itself."""
        bases = [self.mapped[base.config.path] for base in config.bases if base.config.path in self.mapped]
        asked = {question for base in bases for question in base.todos()}
        return [path for path, why in mapped.todos() if (path, why) not in asked and not _is_written(mine, path)]

    def _of_library(self, path: str) -> bool:
        """Tell whether a file inherits what only a library has."""
        return any(is_archived(each.path) for each in self.configs[path].lineage())

    def _bases(self, path: str) -> dict[str, str]:
        """Return the bases of a file that only a library has, and what replaces them."""
        return {old: new for old, (_, new) in self.before.replaced.get(path, {}).items()}

    def _base(self, config: Config) -> dict[str, Any]:
        """Return what the migrated bases of a file say."""
        found: dict[str, Any] = {}
        for base in config.bases:
            result = self.results.get(base.config.path)
            if result is not None:
                found.update(plain(result.table))
        return found

    def _wrong(self, path: str, text: str, wanted: dict[str, Tree], mapped: Mapped) -> set[str]:
        """Return the top-level keys that a text resolves to something else than is wanted; `*` if it does not resolve."""
        result = self._accept(path, text)
        if result is None:
            return {'*'}
        table = plain(result.table)
        wrong = {key for key, tree in wanted.items() if key not in table or not same(table[key], value_of(tree))}
        inherited = mapped.removed
        wrong |= {
            key
            for key in table.keys() - wanted.keys()
            if key not in inherited and key not in self.withheld.get(path, ())
        }
        return wrong

    def _accept(self, path: str, text: str) -> Config | None:
        self.after.forget(path)
        try:
            result = self.after.load(path, SourceFile(path, text))
        except ConfigError as error:
            self.results.pop(path, None)
            self.failures[path] = error.message
            return None
        self.results[path] = result
        return result


SECTIONS = frozenset({
    'val_dataloader', 'val_cfg', 'val_evaluator', 'test_dataloader', 'test_cfg', 'test_evaluator', 'param_scheduler',
    'optim_wrapper', 'train_dataloader', 'train_cfg', 'custom_hooks',
})  # fmt: skip
"""What a file takes back by writing None."""


def _became(config: Config, mapped: Mapped, mine: dict[str, Tree]) -> list[tuple[tuple[str, ...], str]]:
    """Return which keys of a file became which."""
    found = []
    told: set[str] = set()
    for name in mine:
        old = tuple(key for key in mapped.sources.get(name, ()) if key in config.own)
        if old:
            found.append((old, name))
            told.update(old)
    return found + [((key,), '') for key in config.own if key in mapped.removed and key not in told]


def _is_written(mine: dict[str, Tree], path: str) -> bool:
    """Tell whether an open question is in what a file says itself."""
    tree: Any = mine
    for name in path.split('.'):
        items = tree if isinstance(tree, dict) else getattr(tree, 'items', None)
        if isinstance(items, tuple) or not isinstance(items, dict):
            return True
        if name not in items:
            return False
        tree = items[name]
    return True


def _left(text: str) -> list[tuple[str, str]]:
    """Return the questions that an earlier migration left open in a file: lines and reasons."""
    lines = enumerate(text.splitlines(), 1)
    return [(f'line {row}', line.partition(PREFIX)[2]) for row, line in lines if PREFIX in line]


def _as_often_as_written(todos: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """Return questions as often as they stand in a text: a variable that several datasets read asks once."""
    written = Counter(reason for _, reason in _left(text))
    told: Counter[str] = Counter()
    found = []
    for path, reason in todos:
        line = in_a_line(reason)
        told[line] += 1
        if told[line] <= max(written[line], 1):
            found.append((path, reason))
    return found


def _refusal(config: Config, bases: dict[str, str]) -> str | None:
    if not bases.keys() <= {entry for _, entry in entries(Text(config))}:
        return 'what it inherits is in no file that is here'
    if config.style != 'text':
        return 'only Python configs with `_base_` are migrated'
    base = Text(config).assignments.get('_base_')
    if config.partial and base is not None and any(isinstance(each, ast.Name) for each in ast.walk(base.value)):
        return 'its `_base_` is computed from variables: write the paths themselves'
    if config.partial:
        return f'{config.partial}: what it inherits is not known'
    return None
