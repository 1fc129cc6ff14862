"""What replaces each key of 0.x in one file, as text that can be pasted there: the same mapping as `cfglint migrate`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.library_facts import library as facts_of
from cfglint.language.values import Table
from cfglint.migrate.change import Kept, Todo, Tree, todos_in
from cfglint.migrate.diff import own_part
from cfglint.migrate.mapping import whole
from cfglint.migrate.mapping.whole import Mapped
from cfglint.migrate.writing import assignments
from cfglint.sections.table import MODERN_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from cfglint.language.config import Config


_MAX_SHOWN = 100_000
"""Characters of a file whose replacements are written out; the longest config of 0.x that is known has 75,000."""
_TOO_LONG = 'what replaces it is too long to be shown: run `cfglint migrate`'


class Replacement(NamedTuple):
    """What replaces a key.

    Attributes:
        sections: The text of each top-level key that it becomes.
        questions: What a person has to decide.
        others: The other keys of the file that the same sections come from.
    """

    sections: dict[str, str]
    questions: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """The whole replacement, to be shown; empty if nothing replaces the key."""
        # Lines of the user's own text may end as on Windows.
        return '\n'.join(self.sections.values()).replace('\r\n', '\n')


def replacements(config: Config, mapped: Callable[[Config], Mapped]) -> dict[str, Replacement]:
    """Return what replaces each key of 0.x that a file says itself, and each variable in which something is renamed.

    Args:
        config: The file, resolved.
        mapped: Returns what a config becomes, as `map_config` does.
    """
    became = mapped(config)
    base = {key: value for each in config.bases for key, value in mapped(each.config).value().items()}
    mine = own_part(config, became.trees, base)
    made: defaultdict[str, list[str]] = defaultdict(list)
    for name in mine:
        for source in became.sources.get(name, ()):
            made[source].append(name)
    names = {key: _sections(key, config, became, mine, made.get(key, [])) for key in config.own}
    if len(config.source.text) > _MAX_SHOWN:
        return {key: Replacement({}, (_TOO_LONG,) if each else ()) for key, each in names.items() if each is not None}
    needed = {name: mine[name] for each in names.values() for name in each or ()}
    texts = assignments(config, became, needed) if needed else {}
    return {
        key: _replacement(key, each, config, became, mine, texts) for key, each in names.items() if each is not None
    }


def map_config(table: Table, library: str, keys: Container[str] | None = None) -> Mapped:
    """Return what a config becomes.

    Args:
        table: The config, resolved.
        library: The library of 0.x that it is of.
        keys: In a config that has keys of 1.x too: the keys of 0.x. The others are left alone.
    """
    if keys is not None:
        table = Table(
            {key: value for key, value in table.items() if key in keys and key not in MODERN_KEYS},
            {key: origin for key, origin in table.origins.items() if key in keys},
        )
    try:
        return whole.map_config(table, facts_of(library))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return Mapped({}, {}, frozenset())  # values of kinds that 0.x did not take: nothing is known of what they mean


def _sections(key: str, config: Config, mapped: Mapped, mine: dict[str, Tree], made: Sequence[str]) -> list[str] | None:
    """Return the top-level keys that a key becomes, those that are `made` of it; none if it stays as it is."""
    tree = mine.get(key)
    if isinstance(tree, Todo):
        return []
    names = list(made)
    if not names:
        if key in mapped.removed:
            return []
        if tree is None or isinstance(tree, Kept):
            return None
        names = [key]
    if key == _first(config, mapped):
        names += [name for name in mine if not mapped.sources.get(name, (key,)) and name not in config.own]
    return names


def _replacement(
    key: str, names: list[str], config: Config, mapped: Mapped, mine: dict[str, Tree], texts: dict[str, str]
) -> Replacement:
    tree = mine.get(key)
    if isinstance(tree, Todo):
        return Replacement({}, (tree.reason,))
    questions = [reason for name in names for _, reason in todos_in(mine[name])]
    sources = {each for name in names for each in mapped.sources.get(name, ())}
    others = frozenset(each for each in sources if each in config.own and each != key)
    return Replacement({name: texts[name] for name in names}, tuple(dict.fromkeys(questions)), others)


def _first(config: Config, mapped: Mapped) -> str | None:
    """Return the key that tells of what comes from no key: the default scope."""
    given = [key for key in config.own if key in mapped.removed]
    return 'data' if 'data' in given else next(iter(given), None)
