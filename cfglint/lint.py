"""From files to diagnostics: load each config, ask the rules, join what many configs share into one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cfglint import missing_bases
from cfglint.diagnostics import Diagnostic, Related
from cfglint.era import can_run, era_of, is_below_base_folder, is_entry
from cfglint.language.errors import ConfigError
from cfglint.recognition import UNPARSABLE, is_expected, why_no_config, why_no_config_data
from cfglint.rules.context import Context, Shared
from cfglint.rules.silence import Silences
from cfglint.rules.spelling import as_meant

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from cfglint.language.config import Config
    from cfglint.language.loader import Loader
    from cfglint.language.source import SourceFile
    from cfglint.rules.rule import Given, Rule


class Outcome(NamedTuple):
    """What became of one file. Skipped is not clean: the summary counts it, and those that are no configs."""

    path: str
    status: Literal['checked', 'broken', 'skipped', 'no config']
    reason: str = ''


class Report:
    """All that was found, sorted; and what became of every file."""

    def __init__(self, diagnostics: list[Diagnostic], outcomes: list[Outcome]) -> None:
        self.diagnostics = diagnostics
        self.outcomes = outcomes


Defect = tuple[str, str, str, Any]
"""A rule, a file, a message and a place."""


class Findings:
    """What was found in some of the files of a run; plain data, so that processes can share the work.

    Attributes:
        outcomes: What became of each file.
        defects: Every defect, with the diagnostic that tells of it best and the configs that show it.
        pending: What holds for a config that runs, by files that cannot run: they may turn out to be bases of others.
        inherited: The files that others inherit, or that one of their bases does.
        own: The configs for a trainer of one's own.
        bases: The files that each config inherits.
        runnable: The files of which all has been said that rules can say.
        marked: The files whose text mentions cfglint: there may be suppressions in them.
        texts: The text that was checked, of files that have suppressions or can be fixed.
        changed: Those of them that were changed while others were checked.
    """

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.defects: dict[Defect, tuple[Diagnostic, set[str]]] = {}
        self.pending: dict[str, list[Diagnostic]] = {}
        self.inherited: set[str] = set()
        self.own: set[str] = set()
        self.bases: dict[str, tuple[str, ...]] = {}
        self.runnable: set[str] = set()
        self.marked: set[str] = set()
        self.texts: dict[str, str] = {}
        self.changed: set[str] = set()

    def add(self, path: str, diagnostics: Iterable[Diagnostic]) -> None:
        """Note what a config shows. The same words at the same place are one defect, whatever key led there."""
        for diagnostic in diagnostics:
            self._add(_defect(diagnostic), diagnostic, {path})

    def configs(self, diagnostic: Diagnostic) -> set[str]:
        """Return the configs that show what a diagnostic tells of."""
        return self.defects.get(_defect(diagnostic), (diagnostic, {diagnostic.path}))[1]

    def waiting(self) -> list[str]:
        """Take away the files that are configs after all, and return their paths.

        These are the files that a config inherits, and those beside configs that cannot be parsed.
        """
        folders = {os.path.dirname(each.path) for each in self.outcomes if each.status == 'checked'}
        waiting = [
            each.path
            for each in self.outcomes
            if each.status == 'no config'
            and (each.path in self.inherited or (each.reason == UNPARSABLE and os.path.dirname(each.path) in folders))
        ]
        taken = set(waiting)
        self.outcomes = [each for each in self.outcomes if each.path not in taken]
        return waiting

    def join(self, other: Findings) -> None:
        """Add what was found in the files that come next."""
        self.outcomes += other.outcomes
        for defect, (diagnostic, configs) in other.defects.items():
            self._add(defect, diagnostic, configs)
        self.pending.update(other.pending)
        self.bases.update(other.bases)
        for name in ('inherited', 'own', 'runnable', 'marked', 'changed'):
            getattr(self, name).update(getattr(other, name))
        self.changed.update(path for path, text in other.texts.items() if self.texts.get(path, text) != text)
        self.texts.update(other.texts)

    def of(self, paths: Container[str]) -> Findings:
        """Return what was found in some of the files."""
        return self._part(lambda path: path in paths)

    def without(self, paths: Container[str]) -> Findings:
        """Return what was found in all but some files, which are to be checked again."""
        return self._part(lambda path: path not in paths)

    def _part(self, is_meant: Callable[[str], bool]) -> Findings:
        part = Findings()
        part.outcomes = [outcome for outcome in self.outcomes if is_meant(outcome.path)]
        for defect, (diagnostic, configs) in self.defects.items():
            if meant := set(filter(is_meant, configs)):
                part.defects[defect] = diagnostic, meant
        part.pending = {path: each for path, each in self.pending.items() if is_meant(path)}
        part.bases = {path: each for path, each in self.bases.items() if is_meant(path)}
        for name in ('own', 'runnable', 'marked'):
            getattr(part, name).update(filter(is_meant, getattr(self, name)))
        part.inherited, part.texts, part.changed = set(self.inherited), dict(self.texts), set(self.changed)
        return part

    def _add(self, defect: Defect, diagnostic: Diagnostic, configs: set[str]) -> None:
        known = self.defects.get(defect)
        if known is None:
            self.defects[defect] = diagnostic, configs
            return
        told, other = known[0], diagnostic
        # What a file itself shows goes before what those show that inherit it: it may know a fix.
        if diagnostic.path in configs and diagnostic.path not in known[1]:
            told, other = diagnostic, known[0]
        self.defects[defect] = _with_joined_fix(told, other), known[1]
        known[1].update(configs)

    def report(self, judge: Callable[[Diagnostic, set[str]], Diagnostic] | None = None) -> Report:
        """Conclude: what was pending counts for the files that nothing inherits.

        Args:
            judge: Weighs each finding once more, with the configs that show it.
        """
        if self.own:
            self._keep_language_only(self._bases_of_own())
        for path, diagnostics in self.pending.items():
            if path not in self.inherited:
                self.add(path, diagnostics)
        weighed = (
            self.defects.values() if judge is None else ((judge(*each), each[1]) for each in self.defects.values())
        )
        diagnostics = [_with_reach(diagnostic, reach) for diagnostic, reach in weighed]
        outcomes = sorted(self.outcomes, key=lambda outcome: outcome.path)
        return Report(sorted(diagnostics, key=Diagnostic.sort_key), outcomes)

    def _bases_of_own(self) -> set[str]:
        """Return the files that only configs for a trainer of one's own inherit."""
        bases = {base for path in self.own for base in self.bases[path]}
        return bases.difference(*(each for path, each in self.bases.items() if path not in self.own))

    def _keep_language_only(self, paths: set[str]) -> None:
        """Drop what these files show, unless it is about the language."""
        for path in paths:
            self.pending.pop(path, None)
        for defect, (diagnostic, configs) in list(self.defects.items()):
            if diagnostic.family != 'language' and not configs.isdisjoint(paths):
                configs -= paths
                if not configs:
                    del self.defects[defect]


def lint(
    paths: Sequence[str],
    rules: Sequence[Rule],
    loader: Loader,
    progress: Callable[[str], None] = lambda path: None,
    shared: Shared | None = None,
) -> Report:
    """Check files.

    Args:
        paths: The files, absolute.
        rules: The rules to ask; the reader's own diagnostics are reported if their rule is among them.
        loader: Loads configs; what it holds is shared by all files.
        progress: Called with each path before it is read.
        shared: The releases of libraries to check against; the newest if not given.
    """
    return Collector(rules, loader, progress, Shared() if shared is None else shared).collect(paths).report()


Failure = Callable[['Rule', str, Exception], None]
"""Told of a rule that failed itself, with the path of the config that it was asked about."""


class Collector:
    """Asks rules about files, without concluding.

    Args:
        rules: The rules to ask.
        loader: Loads configs.
        progress: Called with each path before it is read.
        shared: What all configs share.
        on_failure: A rule that fails costs its own answer about one config if this is given; else the failure is raised.
        candidates: The files that count only if they are configs, since nobody has named them.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        loader: Loader,
        progress: Callable[[str], None],
        shared: Shared,
        on_failure: Failure | None = None,
        candidates: Container[str] = (),
    ) -> None:
        self._candidates = candidates
        self._plan = _Plan(rules)
        self._loader = loader
        self._progress = progress
        self._shared = shared
        self._on_failure = on_failure
        self._by_file: dict[str, list[Diagnostic]] = {}

    def collect(self, paths: Sequence[str]) -> Findings:
        """Return what is found in files."""
        found = Findings()
        for path in paths:
            self._progress(path)
            found.outcomes.append(self._check(path, found))
        return found

    def _check(self, path: str, found: Findings) -> Outcome:
        """Look into one file."""
        reader = self._plan.reader
        if self._shared.next_file():
            self._plan.forget()
        is_candidate = path in self._candidates
        source: SourceFile | None = None
        try:
            source = self._loader.read(path)
            if is_candidate and path.endswith('.py'):
                held = self._loader.held(path)
                why = why_no_config(source, None if held is None else held.tree)
                if why is not None:
                    return Outcome(path, 'no config', why)
            config = self._loader.load_known(path, source)
        except ConfigError as error:
            if is_candidate and source is None and not is_expected(path):
                return Outcome(path, 'no config', error.bare().message)
            if error.rule in reader:
                found.add(path, [reader_diagnostic(error, reader[error.rule], path)])
            return Outcome(path, 'broken', error.bare().message)
        if is_candidate and config.style == 'data':
            why = why_no_config_data(config.table, inherits=_inherits(config) or is_below_base_folder(path))
            if why is not None:
                return Outcome(path, 'no config', why)
        if 'cfglint' in source.text:
            found.marked.add(path)
            found.texts[path] = source.text
        lineage = config.lineage()
        found.bases[path] = tuple(each.path for each in lineage[1:])
        found.inherited.update(found.bases[path])
        if era_of(config) == 'own':
            found.own.add(path)
        always, if_entry = self._answers(config)
        always = [*(said for each in lineage for said in self._file_diagnostics(each)), *always]
        found.add(path, always)
        if if_entry is not None and can_run(config.table):
            found.runnable.add(path)
            found.add(path, if_entry)
        elif if_entry is not None:
            found.pending[path] = if_entry
        self._note_texts(found, config, [*always, *(if_entry or ())])
        return Outcome(path, 'checked') if config.refusal is None else Outcome(path, 'broken', config.refusal.message)

    def _note_texts(self, found: Findings, config: Config, diagnostics: Iterable[Diagnostic]) -> None:
        """Note the texts that edits are meant for: what is on disk may be another one when they are applied."""
        paths = {edit.span.path for each in diagnostics if each.fix is not None for edit in each.fix.edits}
        for path in paths - found.texts.keys():
            source = next((each.source for each in config.lineage() if each.path == path), None)
            found.texts[path] = (source or self._loader.source(path)).text

    def _answers(self, config: Config, rounds: int = 3) -> tuple[list[Diagnostic], list[Diagnostic] | None]:
        """Return what is said of any config, and of one that runs on its own; none if it does not."""
        context = self._context(config)
        rules = self._plan.rules(context)
        always = self._ask(context, rules.always)
        if_entry = self._ask(context, rules.if_entry) if context.is_entry else None
        if not context.meant or not rounds:
            return always, if_entry
        # What follows from a misspelt name is not told.
        always, if_entry = self._answers(as_meant(config, context.meant), rounds - 1)
        return [*context.misspelt, *always], if_entry

    def _file_diagnostics(self, config: Config) -> list[Diagnostic]:
        """Return what is said of one file, however many configs inherit it."""
        known = self._by_file.get(config.path)
        if known is None:
            reader = self._plan.reader
            known = [
                reader_diagnostic(each, reader[each.rule], config.path)
                for each in (*config.warnings, *config.errors)
                if each.rule in reader
            ]
            context = self._context(config)
            known += self._ask(context, self._plan.rules(context).by_file)
            self._by_file[config.path] = known
        return known

    def _context(self, config: Config) -> Context:
        return Context(config, era_of(config), is_entry=is_entry(config), shared=self._shared)

    def _ask(self, context: Context, rules: Silences) -> list[Diagnostic]:
        return ask(context, rules, self._on_failure)


def _inherits(config: Config) -> bool:
    """Tell whether a config names bases, whether or not they can be read."""
    return bool(config.bases) or config.partial is not None


class _Chosen(NamedTuple):
    """Rules by what they are asked about."""

    by_file: Silences
    always: Silences
    if_entry: Silences = Silences(())


class _Plan:
    """Which rules to ask about what.

    Attributes:
        reader: The rules that the reader of the config language reports, by name.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.reader = {rule.name: rule for rule in rules if rule.scope == 'reader'}
        self._rules = [rule for rule in rules if rule.scope != 'reader']
        self._chosen: dict[tuple[Any, ...], _Chosen] = {}

    def rules(self, context: Context) -> _Chosen:
        """Return the rules to ask about a config, or about a file, of its kind."""
        era, entry = context.era, context.is_entry
        key = (era, entry, context.style, context.partial, context.is_legacy)
        if key not in self._chosen:
            fitting = [rule for rule in self._rules if _holds_for(rule, context)]
            scopes = ('file', 'config', 'entry') if entry else ('file', 'config')
            self._chosen[key] = _Chosen(
                *(Silences([rule for rule in fitting if rule.scope == scope]) for scope in scopes)
            )
        return self._chosen[key]

    def forget(self) -> None:
        """Forget which rules were silent about what."""
        for each in self._chosen.values():
            for silences in each:
                silences.forget()


def _holds_for(rule: Rule, context: Context) -> bool:
    if context.era == 'own':
        return rule.family == 'language' and rule.era == 'all'
    if context.is_legacy:
        return rule.for_legacy
    if context.era == '1.x' and context.libraries.targets.is_for_legacy:
        return rule.for_legacy and rule.family != 'component'  # there is no release to look types up in
    return rule.era in ('all', context.era) or context.era in ('mixed', 'neutral')


def ask(context: Context, rules: Silences, on_failure: Failure | None = None) -> list[Diagnostic]:
    """Return what rules say of one config."""
    found: list[Diagnostic] = []
    for question in rules.left(context):
        if question.given is not None and not _holds(context, question.given):
            continue  # whatever makes it hold is remembered by parts: it would rarely be met whole again
        context.root.reads = set()
        silent = True
        for rule in question.rules:
            context.rule = rule
            try:
                said = list(rule.check(context))
            except Exception as error:
                if on_failure is None:
                    raise
                on_failure(rule, context.path, error)
                silent = False
                continue
            if said:
                found += said
                silent = False
        if silent:
            rules.note(question.number, context)
    return found


def _holds(context: Context, given: Given) -> bool:
    try:
        return bool(given(context))
    except Exception:  # the rules fail in their turn, each on its own account
        return True


def reader_diagnostic(error: ConfigError, rule: Rule, path: str) -> Diagnostic:
    """Turn what the reader of the config language refuses into a diagnostic."""
    span = None if error.source is None or error.place is None else error.source.span(error.place)
    path = path if error.source is None else error.source.path
    related = tuple(Related(note.message, note.source.span(note.place)) for note in error.notes)
    found = Diagnostic(rule.name, rule.family, rule.severity, error.message, path, span, error.key, related)
    if error.missing is None or error.source is None:
        return found
    return found._replace(advice=missing_bases.advice(error.missing, error.source))


def _defect(diagnostic: Diagnostic) -> Defect:
    where = diagnostic.key if diagnostic.span is None else diagnostic.span
    return diagnostic.rule, diagnostic.path, diagnostic.message, where


def _with_joined_fix(told: Diagnostic, other: Diagnostic) -> Diagnostic:
    """Return a diagnostic with the edits that another config, or another key, needs for the same defect."""
    fix, more = told.fix, other.fix
    if fix is None or more is None or fix is more or fix == more or fix.message != more.message:
        return told
    return told._replace(fix=fix.joined(more))


def _with_reach(diagnostic: Diagnostic, configs: set[str]) -> Diagnostic:
    """Name the configs that show a defect, beside the file that it stands in."""
    return diagnostic._replace(affects=tuple(sorted(configs - {diagnostic.path})))
