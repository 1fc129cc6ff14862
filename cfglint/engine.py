"""The engine: asks rules about configs, applies suppressions and ignores, and joins what many configs share."""

from __future__ import annotations

import os
from contextlib import nullcontext
from functools import cache, cached_property, partial
from itertools import chain, filterfalse, islice
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from cfglint import missing_bases, suppress
from cfglint.diagnostics import Applicability, Diagnostic, Related, Severity
from cfglint.era import can_run, era_of, is_below_base_folder, is_entry
from cfglint.findings import Findings, Outcome, Result, crash_of
from cfglint.language.errors import ConfigError, once
from cfglint.language.source import SourceFile
from cfglint.language.style import is_base_assignment
from cfglint.parallel import jobs_for, spread
from cfglint.reads import reads_of
from cfglint.recognition import is_expected, why_no_config, why_no_config_data
from cfglint.rules.context import Context
from cfglint.rules.declaration import MAX_OF_A_RULE
from cfglint.rules.plan import Plan
from cfglint.rules.reading.words import words_in
from cfglint.upstream import Shown, Upstream
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence
    from contextlib import AbstractContextManager

    from cfglint.catalog.used_libraries import Usage
    from cfglint.findings import Parts
    from cfglint.language.config import Config
    from cfglint.patterns import Patterns
    from cfglint.rules.declaration import Rule


def _silent(path: str) -> None:
    """Show no progress."""


class Engine:
    """Checks files of a workspace.

    Args:
        rules: The rules to ask; no other is called, and the reader's own diagnostics are reported if their rule is among
            them.
        per_file_ignores: Which rules or families do not count in which files.
        progress: Given the number of files, shows while it lasts how far it is; called with each path before it is read.
        suppressions: Whether comments may suppress what is found.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        per_file_ignores: Sequence[tuple[Patterns, frozenset[str]]] = (),
        progress: Callable[[int], AbstractContextManager[Callable[[str], None]]] = lambda count: nullcontext(_silent),
        *,
        suppressions: bool = True,
    ) -> None:
        self.rules = rules
        self._suppressions = suppressions
        self._per_file_ignores = per_file_ignores
        self._progress = progress
        self._shown: Shown | None = None

    def for_single_files(self) -> Engine:
        """Return an engine that says in each file what this one says once a run."""
        return Engine([rule._replace(once=False) for rule in self.rules], self._per_file_ignores)

    def check(
        self,
        workspace: Workspace,
        paths: Sequence[str],
        candidates: Container[str] = (),
        parts: Parts | None = None,
    ) -> Result:
        """Check files.

        Args:
            workspace: Where they are.
            paths: The files, absolute.
            candidates: Those that count only if they are configs, or if one that counts inherits them.
            parts: What is known of single files from an earlier run; what is found in the others is added.
        """
        return self.conclude(workspace, self.collect(workspace, paths, candidates, parts))

    def collect(
        self,
        workspace: Workspace,
        paths: Sequence[str],
        candidates: Container[str] = (),
        parts: Parts | None = None,
    ) -> Findings:
        """Look into files as `check` does, without a conclusion."""
        with self._progress(len(paths)) as progress:
            found = _collected(workspace, paths, self.rules, progress, candidates, parts)
            waiting = found.waiting()
            if waiting:
                found.join(_collected(workspace, waiting, self.rules, progress, (), parts))
        return found

    def conclude(self, workspace: Workspace, found: Findings) -> Result:
        """Apply suppressions and per-file ignores to what was found."""
        diagnostics, outcomes = found.report(self._upstream(workspace, found).judge)
        checked = [each.path for each in outcomes if each.status == 'checked' and each.path in found.marked]
        failed = {crash.rule for crash in found.crashes}

        def is_judged(path: str, rule: Rule) -> bool:
            # An `entry` rule can say something about a fragment only when it is inherited; one of the run, about no file.
            is_of_fragments = rule.scope != 'entry' or rule.once
            return rule.name not in failed and (is_of_fragments or path in found.runnable)

        @cache
        def source(path: str) -> SourceFile:
            return SourceFile(path, found.texts[path]) if path in found.texts else workspace.loader.source(path)

        if self._suppressions:
            diagnostics = suppress.apply(diagnostics, checked, source, self.rules, is_judged)
        diagnostics = [each for each in diagnostics if not self._is_ignored(each)]
        return Result(_folded(_said_once(diagnostics, self.rules)), outcomes, found)

    def _is_ignored(self, diagnostic: Diagnostic) -> bool:
        return any(
            (diagnostic.rule in names or diagnostic.family in names) and patterns.match(diagnostic.path)
            for patterns, names in self._per_file_ignores
        )

    def _upstream(self, workspace: Workspace, found: Findings) -> Upstream:
        """Return what tells the libraries' own defects; they are looked for with nothing of the user's code."""
        alone = workspace.alone()
        if self._shown is None or self._shown.workspace is not alone:
            self._shown = Shown(alone, Collector(self.rules, alone).collect)

        def bases(path: str) -> Sequence[str]:
            known = found.bases.get(path)
            return _bases_of(workspace, path) if known is None else known

        return Upstream(workspace, bases, self._shown)


def _bases_of(workspace: Workspace, path: str) -> Sequence[str]:
    """Return what a config inherits that was not checked itself: a base of one that was."""
    try:
        return [each.path for each in workspace.loader.load(path).lineage()[1:]]
    except ConfigError:
        return ()


def check(
    paths: Sequence[str], rules: Sequence[Rule], workspace: Workspace | None = None, candidates: Container[str] = ()
) -> Result:
    """Check files, in a workspace of their own if none is given."""
    return Engine(rules).check(workspace or Workspace(), paths, candidates)


def _said_once(diagnostics: list[Diagnostic], rules: Sequence[Rule]) -> list[Diagnostic]:
    """Join what is the fault of no single file into one diagnostic, at the first place; it names the other files."""
    once = {rule.name for rule in rules if rule.once}
    first: dict[tuple[str, Severity, str], int] = {}
    joined: list[Diagnostic] = []
    for each in diagnostics:
        index = (
            first.setdefault((each.rule, each.severity, each.message), len(joined))
            if each.rule in once
            else len(joined)
        )
        if index == len(joined):
            joined.append(each)
        else:
            known = joined[index]
            others = {*known.affects, each.path, *each.affects} - {known.path}
            joined[index] = known._replace(affects=tuple(sorted(others)))
    return joined


_MAX_ALIKE = 50


def _folded(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Keep the first of very many diagnostics of a rule in one dict or list, and count the others."""
    if len(diagnostics) <= _MAX_ALIKE:
        return diagnostics
    alike: dict[tuple[str, str, str], list[int]] = {}
    for index, each in enumerate(diagnostics):
        alike.setdefault((each.rule, each.path, (each.key or '').rpartition('.')[0]), []).append(index)
    dropped = set()
    folded = list(diagnostics)
    for (_, _, parent), places in alike.items():
        if parent and len(places) > _MAX_ALIKE:
            dropped.update(places[1:])
            words = Related(f'{len(places) - 1} more of this rule in `{parent}`')
            first = folded[places[0]]
            folded[places[0]] = first._replace(related=(*first.related, words))
    return [each for index, each in enumerate(folded) if index not in dropped] if dropped else folded


def _collected(
    workspace: Workspace,
    paths: Sequence[str],
    rules: Sequence[Rule],
    progress: Callable[[str], None],
    candidates: Container[str] = (),
    parts: Parts | None = None,
) -> Findings:
    """Look into files of which there is no part yet, in several processes when there are many."""
    left = [path for path in paths if parts is None or (path, path in candidates) not in parts]
    jobs = jobs_for(len(left))

    def report_progress(path: str) -> None:
        for _ in range(jobs):  # the other processes are about as far
            progress(path)

    collector = Collector(rules, workspace, report_progress, candidates, notes_usage=parts is not None)

    def total() -> tuple[Findings, Usage]:
        return collector.overall(), workspace.libraries.usage()

    def cost(path: str) -> int:
        return 1 if is_below_base_folder(path) else 3  # of a fragment there is less to say than of a config that runs

    if parts is None:  # findings of single files take memory
        joined, totals = spread(collector.collect, total, left, jobs, cost)
    else:
        runs, totals = spread(collector.parts, total, left, jobs, cost)
        fresh = {(path, path in candidates): part for path, part in zip(left, chain(*runs), strict=True)}
        parts.update(fresh)
        keys = [(path, path in candidates) for path in paths]
        joined = [parts[key] for key in keys]
        for usage in (parts[key].usages.get(key[0]) for key in keys if key not in fresh):
            workspace.libraries.add(usage) if usage is not None else None
    found = collector.overall()
    for each in joined:
        found.join(each)
    for overall, usage in totals:
        found.join(overall)
        workspace.libraries.add(usage)
    return found


class Collector:
    """Asks rules about files, without concluding.

    Args:
        rules: The rules to ask; one that fails costs its own answer about one config.
        workspace: Where the files are.
        progress: Called with each path before it is read.
        candidates: The files that count only if they are configs, since nobody has named them.
        notes_usage: Whether to note what each config uses of the libraries.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        workspace: Workspace,
        progress: Callable[[str], None] = _silent,
        candidates: Container[str] = (),
        *,
        notes_usage: bool = False,
    ) -> None:
        self._candidates = candidates
        self._notes_usage = notes_usage
        self._rules = rules
        self._workspace = workspace
        self._loader = workspace.loader
        self._progress = progress
        self._by_file: WeakKeyDictionary[Config, list[Diagnostic]] = WeakKeyDictionary()
        self._by_text: WeakKeyDictionary[SourceFile, tuple[Sequence[Rule], list[Diagnostic]]] = WeakKeyDictionary()
        self._roots = [os.fspath(root) for root in workspace.libraries.roots]

    @cached_property
    def _plan(self) -> Plan:
        return Plan(self._rules)  # most collectors of what upstream shows are never asked

    def overall(self) -> Findings:
        """Return what is to be told beside the files: failures of cfglint's own, and what all depends on."""
        found = Findings()
        found.crashes = sorted(set(self._loader.crashes))
        found.dependencies = self._workspace.dependencies()
        return found

    def collect(self, paths: Sequence[str]) -> Findings:
        """Return what is found in files."""
        found = Findings()
        for part in self.parts(paths):
            found.join(part)
        return found

    def parts(self, paths: Sequence[str]) -> list[Findings]:
        """Return what is found in each of some files."""
        return [self._part(path) for path in paths]

    def _part(self, path: str) -> Findings:
        self._progress(path)
        found = Findings()
        found.outcomes.append(self._check(path, found))
        return found

    def _check(self, path: str, found: Findings) -> Outcome:
        """Look into one file."""
        reader = self._plan.reader
        if self._workspace.next_file():
            self._plan.forget()
        is_candidate = path in self._candidates
        source: SourceFile | None = None
        try:
            source = self._loader.read(path)
            if is_candidate and path.endswith('.py'):
                held = self._loader.held(path)
                why = why_no_config(source, None if held is None else held.tree)
                if why is not None:
                    found.dependencies.paths.add(path)
                    return Outcome(path, 'no config', why)
            config = self._loader.load_known(path, source)
        except ConfigError as error:
            found.dependencies = reads_of(error, path, self._roots)
            if is_candidate and source is None and not is_expected(path):
                return Outcome(path, 'no config', error.bare().message)
            if error.rule in reader:
                found.add(path, [reader_diagnostic(error, reader[error.rule], path)])
            return Outcome(path, 'broken', error.bare().message)
        found.dependencies = reads_of(config, path, self._roots)
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
        context = self._context(config)
        always, if_entry = self._answers(context)
        of_files = [said for each in lineage for said in self._file_diagnostics(each, context)]
        waiting = self._of_text_only(context)
        always = [*(of_files if not waiting else filterfalse(frozenset(waiting).__contains__, of_files)), *always]
        found.add(path, always)
        if waiting:
            found.pending[path] = waiting
        if if_entry is not None and can_run(config.table):
            found.runnable.add(path)
            found.add(path, if_entry)
        elif if_entry is not None:
            found.pending[path] = [*waiting, *if_entry]
        self._note_texts(found, config, [*always, *waiting, *(if_entry or ())])
        if self._notes_usage:
            found.usages[path] = context.libraries.usage_by(words_in(context, config.table), context.scope)
        return Outcome(path, 'checked') if config.refusal is None else Outcome(path, 'broken', config.refusal.message)

    def _note_texts(self, found: Findings, config: Config, diagnostics: Iterable[Diagnostic]) -> None:
        """Note the texts that edits are meant for: what is on disk may be another one when they are applied."""
        paths = {edit.span.path for each in diagnostics if each.fix is not None for edit in each.fix.edits}
        for path in paths - found.texts.keys():
            source = next((each.source for each in config.lineage() if each.path == path), None)
            found.texts[path] = (source or self._loader.source(path)).text

    def _answers(self, context: Context, rounds: int = 3) -> tuple[list[Diagnostic], list[Diagnostic] | None]:
        """Return what is said of any config, and of one that runs on its own; none if it does not."""
        always: list[Diagnostic] = []
        if_entry: list[Diagnostic] | None = [] if context.is_entry else None
        for batch in self._plan.for_config(context):
            silent = 0
            for bit, rule in batch.rules:
                said = ask(context, rule, self._note_failure)
                if said:
                    (always if rule.scope == 'config' or if_entry is None else if_entry).extend(said)
                elif said is not None:
                    silent |= bit
            batch.note_silent(silent)
        claims = context.claims
        misspelt = claims.misspelt() if rounds else []
        if misspelt:
            always, if_entry = self._answers(
                self._context(claims.as_meant(context.config, partial(words_in, context))), rounds - 1
            )
            return [*misspelt, *always], if_entry
        return claims.kept(always), None if if_entry is None else claims.kept(if_entry)

    def _file_diagnostics(self, config: Config, of_heir: Context) -> list[Diagnostic]:
        """Return what is said of one file, however many configs inherit it."""
        known = self._by_file.get(config)
        if known is None:
            context = of_heir if of_heir.config is config else self._context(config)
            known = self._reader_diagnostics(config, context)
            known += self._text_diagnostics(context)
            for rule in self._plan.for_file(context):
                known += ask(context, rule, self._note_failure) or []
            self._by_file[config] = known
        return known

    def _text_diagnostics(self, context: Context) -> list[Diagnostic]:
        """Return what is said of the text of a file, asked once as long as it stays the same."""
        source, rules = context.config.source, self._plan.for_text(context)
        known = self._by_text.get(source)
        if known is None or known[0] is not rules:
            known = rules, [each for rule in rules for each in ask(context, rule, self._note_failure) or []]
            self._by_text[source] = known
        return known[1]

    def _reader_diagnostics(self, config: Config, context: Context) -> list[Diagnostic]:
        """Return what the reader of the config language says of one file."""
        reader = self._plan.reader
        return [
            reader_diagnostic(each, reader[each.rule], config.path)
            for each in (*config.warnings, *once(config.errors))
            if each.rule in reader and not self._is_found_otherwise(each)
            if reader[each.rule].for_legacy or not context.is_legacy
        ]

    def _of_text_only(self, context: Context) -> list[Diagnostic]:
        """Return what the reader says of a file that pure-Python configs which inherit it read in their own style."""
        config = context.config
        if config.style != 'text' or config.tree is None or not (config.warnings or config.errors):
            return []
        if any(map(is_base_assignment, config.tree.body)):
            return []
        return self._reader_diagnostics(config, context)

    def _is_found_otherwise(self, error: ConfigError) -> bool:
        """Tell whether a missing base lies where a loader of the repository's own finds it."""
        return error.rule == 'missing-base' and self._workspace.libraries.finds_base(
            getattr(error.place, 'value', None)
        )

    def _context(self, config: Config) -> Context:
        return Context(config, era_of(config), is_entry=is_entry(config), workspace=self._workspace)

    def _note_failure(self, rule: Rule, path: str, error: Exception) -> None:
        self._loader.crashes.append(crash_of(path, f'rule {rule.name}', error, rule.name))


def _inherits(config: Config) -> bool:
    """Tell whether a config names bases, whether or not they can be read."""
    return bool(config.bases) or config.partial is not None


def ask(context: Context, rule: Rule, on_failure: Callable[[Rule, str, Exception], None]) -> list[Diagnostic] | None:
    """Return what a rule says of a config, None if it fails."""
    context.rule = rule
    try:
        return _first(rule, rule.check(context))
    except Exception as error:
        on_failure(rule, context.path, error)
        return None


def _first(rule: Rule, said: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return what a rule says of one config, the first of very many: nobody reads all, and each takes its time.

    Fixes of the first are not applied: what they leave would be told next, as if they had caused it.
    """
    found = list(islice(said, MAX_OF_A_RULE + 1))
    if len(found) > MAX_OF_A_RULE:
        found = [_displayed(each) for each in found[:MAX_OF_A_RULE]]
        words = Related(f'only the first {MAX_OF_A_RULE} of `{rule.name}` are told')
        found[0] = found[0]._replace(related=(*found[0].related, words))
    return found


def _displayed(diagnostic: Diagnostic) -> Diagnostic:
    fix = diagnostic.fix
    return diagnostic if fix is None else diagnostic._replace(fix=fix._replace(applicability=Applicability.DISPLAY))


def reader_diagnostic(error: ConfigError, rule: Rule, path: str) -> Diagnostic:
    """Turn what the reader of the config language refuses into a diagnostic."""
    span = None if error.source is None or error.place is None else error.source.span(error.place)
    path = path if error.source is None else error.source.path
    related = tuple(Related(note.message, note.source.span(note.place)) for note in error.notes)
    advice = error.advice
    if advice is None and error.missing is not None and error.source is not None:
        advice = missing_bases.advice(error.missing, error.source)
    return Diagnostic(
        rule.name,
        rule.family,
        rule.severity,
        error.message,
        path,
        span,
        error.key,
        related,
        consequence=rule.consequence(rule.severity, _raised(error, rule), ignored=False),
        advice=advice,
    )


def _raised(error: ConfigError, rule: Rule) -> str | None:
    """Return what MMEngine raises: what the rule declares counts where it is the same exception."""
    if error.raises is not None or rule.severity is not Severity.ERROR or error.exception == 'Exception':
        return error.raises
    declared = (rule.raises or '').partition(':')[0]
    return None if declared == error.exception else error.exception
