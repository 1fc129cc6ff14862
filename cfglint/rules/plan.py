"""Which rules to ask about a config: not those to which nothing in it belongs, nor those that were silent about the same.

Configs that inherit the same bases share most of their sections. A rule declares which sections it reads: on the very
same ones it would be silent again. It may declare words, too, of which one has to stand in its sections,
or the kind of what it tells of, which is looked for once for several rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.rules.reading.words import words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cfglint.rules.context import Context
    from cfglint.rules.declaration import Find, Rule, Scope


class Plan:
    """Chooses the rules to ask about a config.

    Attributes:
        reader: The rules that the reader of the config language reports, by name.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: list[Rule] = []
        self.reader: dict[str, Rule] = {}
        for rule in rules:
            if rule.scope == 'reader':
                self.reader[rule.name] = rule
            else:
                self._rules.append(rule)
        self._index = Index(self._rules)
        self._kinds: dict[tuple[Any, ...], _Kind] = {}
        self._of_files: dict[tuple[Any, ...], tuple[Rule, ...]] = {}
        self._held: list[Any] = []

    def for_file(self, context: Context) -> tuple[Rule, ...]:
        """Return the rules to ask about a file itself."""
        return self._on_files(context, 'file')

    def for_text(self, context: Context) -> tuple[Rule, ...]:
        """Return the rules to ask about the text of a file."""
        return self._on_files(context, 'text')

    def for_config(self, context: Context) -> Iterator[Batch]:
        """Yield the rules to ask about a config, a batch for each choice of sections; silence is to be told to the batch."""
        self._held.append(context.config.table)  # what is held keeps its id
        kind = self._kind_of(context)
        return kind.batches(context, self._index.found_in(context, kind.all))

    def forget(self) -> None:
        """Forget what rules were silent about: what is held for that does not grow with the number of files."""
        self._held.clear()
        self._index.forget()
        for kind in self._kinds.values():
            kind.forget()

    def _on_files(self, context: Context, scope: Scope) -> tuple[Rule, ...]:
        """Return the rules of a scope that hold for a file; to find its default scope could take all catalogs."""
        key = (scope, context.era, context.is_legacy, context.libraries.targets.is_for_legacy)
        if key not in self._of_files:
            rules = (rule for rule in self._rules if rule.scope == scope)
            self._of_files[key] = tuple(rule for rule in rules if _holds_for(rule, context))
        return self._of_files[key]

    def _kind_of(self, context: Context) -> _Kind:
        kind: _Kind = context.once('kind', lambda: self._kind(context))
        return kind

    def _kind(self, context: Context) -> _Kind:
        """Return the rules for configs of a kind: all that a rule may ask for without declaring it belongs to the kind."""
        key = (
            context.era,
            context.is_entry,
            context.style,
            context.partial is None,
            context.libraries,
            context.scope,
            context.is_scope_given,
            context.own_imports,
        )
        if key not in self._kinds:
            scopes = ('config', 'entry') if context.is_entry else ('config',)
            numbered = [(number, rule) for number, rule in enumerate(self._rules) if rule.scope in scopes]
            self._kinds[key] = _Kind([each for each in numbered if _holds_for(each[1], context)])
        return self._kinds[key]


class Index:
    """Finds the rules whose sections and words are in a config; rules are bits of a number."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._known: dict[tuple[str, int], int] = {}
        """Section and identity of its value → the rules of which a word stands in it."""
        self._without_needs = _bits(number for number, rule in enumerate(rules) if not rule.needs)
        self._without_words = _bits(number for number, rule in enumerate(rules) if not rule.words)
        self._needing: dict[str, int] = {}
        """Section → the rules that need it."""
        self._by_section: dict[str, dict[Any, int]] = {}
        """Section → word → the rules that read the section and look for the word."""
        self._anywhere: dict[Any, int] = {}
        """Word → the rules that look for it everywhere."""
        self._by_kind: dict[Find, dict[Any, int]] = {}
        """What is looked for → kind of what is found → the rules that tell of the kind."""
        for number, rule in enumerate(rules):
            if rule.tells is not None:
                by_kind = self._by_kind.setdefault(rule.tells.find, {})
                by_kind[rule.tells.name] = by_kind.get(rule.tells.name, 0) | 1 << number
            for section in rule.needs:
                self._needing[section] = self._needing.get(section, 0) | 1 << number
            indices = [self._anywhere]
            if rule.reads is not None:
                indices = [self._by_section.setdefault(section, {}) for section in rule.reads]
            for index in indices:
                index.update((word, index.get(word, 0) | 1 << number) for word in rule.words)

    def found_in(self, context: Context, among: int) -> int:
        """Return those among some rules of which a config has what they need, a word, and what they tell of."""
        there, found, known = self._without_needs, self._without_words, self._known
        for section, value in context.config.table.items():
            there |= self._needing.get(section, 0)
            key = (section, id(value))
            if key not in known:
                known[key] = self._found_in(context, section, value)
            found |= known[key]
        return self._with_something_to_tell(context, there & found & among)

    def forget(self) -> None:
        """Forget all values: they may be gone."""
        self._known.clear()

    def _with_something_to_tell(self, context: Context, rules: int) -> int:
        """Return some rules without those that tell of a kind of which nothing is found in a config."""
        for find, by_kind in self._by_kind.items():
            if not any(rules & telling for telling in by_kind.values()):
                continue
            try:
                found = find(context)
            except Exception:
                continue  # so do the rules when they are asked, which is where a failure is noted
            for kind, telling in by_kind.items():
                if kind not in found:
                    rules &= ~telling
        return rules

    def _found_in(self, context: Context, section: str, value: Any) -> int:
        words, found = words_in(context, value), 0
        for index in (self._by_section.get(section), self._anywhere):
            if index:
                for word in index.keys() & words:
                    found |= index[word]
        return found


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)


class Batch(NamedTuple):
    """Rules that read the same sections.

    Attributes:
        rules: The rules to ask, each with its bit.
        silent: For the identities of the sections, the rules that were silent about them; none if they read everything.
        sections: The identities of the sections of this config.
    """

    rules: list[tuple[int, Rule]]
    silent: dict[tuple[Any, ...], int] | None
    sections: tuple[Any, ...]

    def note_silent(self, rules: int) -> None:
        """Note which rules, as bits, have said nothing about these sections."""
        if self.silent is not None:
            self.silent[self.sections] = self.silent.get(self.sections, 0) | rules


class _Group:
    """The rules of a kind that read the same sections."""

    def __init__(self, sections: frozenset[str] | None) -> None:
        self.sections = None if sections is None else tuple(sorted(sections))
        self.all = 0
        self.rules: list[tuple[int, Rule]] = []
        self.silent: dict[tuple[Any, ...], int] = {}
        self._chosen: dict[int, list[tuple[int, Rule]]] = {}

    def chosen(self, bits: int) -> list[tuple[int, Rule]]:
        """Return those of its rules that have one of some bits."""
        if bits not in self._chosen:
            self._chosen[bits] = [each for each in self.rules if each[0] & bits]
        return self._chosen[bits]

    def forget(self) -> None:
        """Forget what its rules were silent about."""
        self.silent.clear()
        self._chosen.clear()


class _Kind:
    """The rules that are asked about configs of one kind."""

    def __init__(self, numbered: Sequence[tuple[int, Rule]]) -> None:
        groups: dict[frozenset[str] | None, _Group] = {}
        for number, rule in numbered:
            group = groups.setdefault(rule.reads, _Group(rule.reads))
            group.all |= 1 << number
            group.rules.append((1 << number, rule))
        self.all = _bits(number for number, _ in numbered)
        self._groups = list(groups.values())
        self._concerned: dict[int, list[tuple[_Group, int]]] = {}
        """Rules that may have something to say, as bits → the groups in which there are some, with these."""

    def batches(self, context: Context, found: int) -> Iterator[Batch]:
        """Yield the rules to ask, of those that were found to have something to say."""
        if found not in self._concerned:
            self._concerned[found] = [(group, group.all & found) for group in self._groups if group.all & found]
        identity = context.identities.get
        for group, left in self._concerned[found]:
            if group.sections is None:
                yield Batch(group.chosen(left), None, ())
                continue
            sections = tuple(map(identity, group.sections))
            new = left & ~group.silent.get(sections, 0)
            if new:
                yield Batch(group.chosen(new), group.silent, sections)

    def forget(self) -> None:
        self._concerned.clear()
        for group in self._groups:
            group.forget()


def _holds_for(rule: Rule, context: Context) -> bool:
    if context.era == 'own':
        return rule.family == 'language' and rule.era == 'all'
    if context.is_legacy:
        return rule.for_legacy
    if context.era == '1.x' and context.libraries.targets.is_for_legacy:
        return rule.for_legacy and rule.family != 'component'  # there is no release to look types up in
    return rule.era in ('all', context.era) or context.era in ('mixed', 'neutral')
