"""From files to diagnostics: load each config, ask the rules, join what many configs share into one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cfglint.diagnostics import Diagnostic, Related
from cfglint.era import can_run, era_of, is_entry
from cfglint.language.errors import ConfigError
from cfglint.language.source import read
from cfglint.rules.context import Context, Shared
from cfglint.skip import reason_to_skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cfglint.language.config import Config
    from cfglint.language.loader import Loader
    from cfglint.rules.rule import Rule


class Outcome(NamedTuple):
    """What became of one file. Skipped is not clean: the summary counts it."""

    path: str
    status: Literal['checked', 'broken', 'skipped']
    reason: str = ''


@dataclass
class Report:
    """All that was found, sorted; and what became of every file."""

    diagnostics: list[Diagnostic]
    outcomes: list[Outcome]


@dataclass
class Findings:
    """What was found in some of the files of a run; plain data, so that processes can share the work."""

    outcomes: list[Outcome] = field(default_factory=list)
    defects: dict[tuple[str, str, str, Any], tuple[Diagnostic, set[str]]] = field(default_factory=dict)
    """Every defect, with the diagnostic that told of it first and the configs that show it."""
    pending: dict[str, list[Diagnostic]] = field(default_factory=dict)
    """What holds for a config that runs, by files that cannot run: they may turn out to be the base of another."""
    inherited: set[str] = field(default_factory=set)
    runnable: set[str] = field(default_factory=set)
    """The files of which all has been said that rules can say."""
    marked: set[str] = field(default_factory=set)
    """The files whose text mentions cfglint: there may be suppressions in them."""

    def add(self, path: str, diagnostics: Iterable[Diagnostic]) -> None:
        """Note what a config shows. The same words at the same place are one defect, whatever key led there."""
        for diagnostic in diagnostics:
            where = diagnostic.key if diagnostic.span is None else diagnostic.span
            defect = (diagnostic.rule, diagnostic.path, diagnostic.message, where)
            self.defects.setdefault(defect, (diagnostic, set()))[1].add(path)

    def join(self, other: Findings) -> None:
        """Add what was found in the files that come next."""
        self.outcomes += other.outcomes
        for defect, (diagnostic, configs) in other.defects.items():
            self.defects.setdefault(defect, (diagnostic, set()))[1].update(configs)
        self.pending.update(other.pending)
        for name in ('inherited', 'runnable', 'marked'):
            getattr(self, name).update(getattr(other, name))

    def report(self) -> Report:
        """Conclude: what was pending counts for the files that nothing inherits."""
        for path, diagnostics in self.pending.items():
            if path not in self.inherited:
                self.add(path, diagnostics)
        diagnostics = [_with_reach(diagnostic, reach) for diagnostic, reach in self.defects.values()]
        return Report(sorted(diagnostics, key=Diagnostic.sort_key), self.outcomes)


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
    return collect(paths, rules, loader, progress, Shared() if shared is None else shared).report()


def collect(
    paths: Sequence[str], rules: Sequence[Rule], loader: Loader, progress: Callable[[str], None], shared: Shared
) -> Findings:
    """Return what is found in files, without concluding; see `lint`."""
    found = Findings()
    reader_rules = {rule.name: rule for rule in rules if rule.scope == 'reader'}
    for path in paths:
        progress(path)
        found.outcomes.append(_check_file(path, rules, reader_rules, loader, shared, found))
    return found


def _check_file(
    path: str,
    rules: Sequence[Rule],
    reader_rules: dict[str, Rule],
    loader: Loader,
    shared: Shared,
    found: Findings,
) -> Outcome:
    try:
        source = read(path)
        if 'cfglint' in source.text:
            found.marked.add(path)
        reason = reason_to_skip(path, source)
        if reason is not None:
            return Outcome(path, 'skipped', reason)
        config = loader.load(path, source)
    except ConfigError as error:
        if error.rule in reader_rules:
            found.add(path, [reader_diagnostic(error, reader_rules[error.rule], path)])
        return Outcome(path, 'broken', error.message)
    found.inherited.update(base.config.path for base in config.bases)
    for each in config.lineage():
        found.add(path, [reader_diagnostic(w, reader_rules[w.rule], each.path) for w in each.warnings if w.rule in reader_rules])
    entry = is_entry(config)
    context = Context(config, era_of(config), is_entry=entry, shared=shared)
    always, if_entry = ask(context, rules)
    found.add(path, always)
    if entry and can_run(config):
        found.runnable.add(path)
        found.add(path, if_entry)
    elif entry:
        found.pending[path] = if_entry
    return Outcome(path, 'checked')


def ask(context: Context, rules: Sequence[Rule]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Return the diagnostics of rules about any config, and of those about configs that run on their own."""
    always: list[Diagnostic] = []
    if_entry: list[Diagnostic] = []
    for rule in rules:
        if rule.scope == 'reader' or not _holds(rule, context.era):
            continue
        if rule.scope == 'entry' and not context.is_entry:
            continue
        context.rule = rule
        (if_entry if rule.scope == 'entry' else always).extend(rule.check(context))
    return always, if_entry


def _holds(rule: Rule, era: str) -> bool:
    return rule.era == 'all' or era in ('mixed', 'neutral') or rule.era == era


def reader_diagnostic(error: ConfigError, rule: Rule, path: str) -> Diagnostic:
    """Turn what the reader of the config language refuses into a diagnostic."""
    span = None if error.source is None or error.place is None else error.source.span(error.place)
    path = path if error.source is None else error.source.path
    related = tuple(Related(note.message, note.source.span(note.place)) for note in error.notes)
    return Diagnostic(rule.name, rule.family, rule.severity, error.message, path, span, error.key, related)


def _with_reach(diagnostic: Diagnostic, configs: set[str]) -> Diagnostic:
    """Say how many configs inherit a defect, if any but the file itself do."""
    others = len(configs - {diagnostic.path})
    if not others:
        return diagnostic
    words = 'affects 1 config that inherits it' if others == 1 else f'affects {others} configs that inherit it'
    return diagnostic._replace(related=(*diagnostic.related, Related(words)))
