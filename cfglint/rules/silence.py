"""Rules that are known to have nothing to say about a config, since they read only what they were silent about before.

Configs that inherit the same bases share most of their sections, and most rules look into few of them. A rule reads
a config through its `Context`, which notes the sections that were read; the same rule on the very same sections would
be silent again, so that it need not be asked.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cfglint.language.values import Origin, Table
    from cfglint.rules.context import Context
    from cfglint.rules.memo import Memo
    from cfglint.rules.rule import Given, Rule

EVERYTHING = '*'
"""Stands in the names of sections that were read when more was read of the config than some of its sections."""


ABSENT = 0
"""The number of a section that a config does not have."""


class Marks(dict[str, int]):
    """A number for every section of a config that any rule has read of some config."""

    __slots__ = ('_known', '_table')

    def __init__(self, table: Table, known: Known) -> None:
        super().__init__(known.absent)
        self._table = table
        self._known = known
        for name in table.keys() & known.absent.keys():
            self[name] = known.mark(table[name], table.origins.get(name))

    def __missing__(self, name: str) -> int:
        table, known = self._table, self._known
        known.absent[name] = ABSENT
        self[name] = known.mark(table[name], table.origins.get(name)) if name in table else ABSENT
        return self[name]


class Known:
    """Numbers for values: the very same value, written at the very same place, has the same number all the time.

    Attributes:
        absent: The number of every section in a config that has none of them.
    """

    def __init__(self, memo: Memo) -> None:
        self.absent: dict[str, int] = {}
        self._memo = memo
        self._count = 0

    def mark(self, value: Any, origin: Origin | None) -> int:
        """Return the number of a value."""
        known = self._memo.get(id(origin), value)
        if known is None:
            self._count += 1
            known = self._memo.keep(id(origin), value, (self._count, origin))  # what is held keeps its id
        return known[0]


class _Group:
    """Questions for which the same sections are read.

    Attributes:
        of: Returns the numbers of the sections.
        questions: The questions, a bit each.
        silent: For the numbers of the sections, the questions to which nothing was said.
    """

    __slots__ = ('of', 'questions', 'silent')

    def __init__(self, names: frozenset[str]) -> None:
        self.of: Callable[[Marks], Any] = itemgetter(*names) if names else _nothing
        self.questions = 0
        self.silent: dict[Any, int] = {}


class Question(NamedTuple):
    """Rules that are asked together.

    Attributes:
        number: Its number among the questions.
        given: What there has to be, or none of the rules has anything to say.
        rules: A rule; or several, if they tell of parts of the same.
    """

    number: int
    given: Given | None
    rules: list[Rule]


class Silences:
    """Which questions need not be asked."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        by_given: dict[Any, list[Rule]] = {}
        for rule in rules:
            by_given.setdefault(rule.given or rule.name, []).append(rule)
        self._questions = [Question(number, each[0].given, each) for number, each in enumerate(by_given.values())]
        self._groups: dict[frozenset[str], _Group] = {}

    def left(self, context: Context) -> list[Question]:
        """Return the questions to ask about a config."""
        if not self._groups:
            return self._questions
        marks, silent = context.marks, 0
        for group in self._groups.values():
            if group.questions & ~silent:
                silent |= group.silent.get(group.of(marks), 0)
        return [question for question in self._questions if not silent >> question[0] & 1]

    def forget(self) -> None:
        """Forget what was noted: the values may be gone, and their numbers are never used again."""
        self._groups.clear()

    def note(self, number: int, context: Context) -> None:
        """Note that nothing was said to a question, from all that was read of the config for it."""
        names = context.root.reads
        if EVERYTHING in names:
            return
        key = frozenset(names)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(key)
        numbers = group.of(context.marks)
        group.questions |= 1 << number
        group.silent[numbers] = group.silent.get(numbers, 0) | 1 << number


def _nothing(marks: Marks) -> None:
    """Return the numbers of no section."""
