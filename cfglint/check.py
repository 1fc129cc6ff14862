"""A whole run: lint the files, apply suppressions and per-file ignores, and keep going when cfglint itself fails."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cfglint import suppress
from cfglint.era import is_below_base_folder
from cfglint.language.environment import ENVIRONMENT
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from cfglint.language.source import SourceFile, read
from cfglint.lint import Collector, Findings, Outcome, Report
from cfglint.parallel import jobs_for, spread
from cfglint.rules.context import Shared
from cfglint.rules.libraries import Libraries
from cfglint.upstream import Upstream

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.config import Config
    from cfglint.patterns import Patterns
    from cfglint.rules.libraries import Usage
    from cfglint.rules.rule import Rule


class Crash(NamedTuple):
    """A defect of cfglint itself."""

    path: str
    what: str
    traceback: str
    rule: str = ''
    """The rule that failed, if one did."""


class Traces:
    """What a run has depended on, beside the files that it was given.

    Attributes:
        touched: The paths that were read, or looked for.
        environment: The environment variables that were read, None for those that are not set.
        local_code: Whether the user's own modules were looked into.
    """

    def __init__(self, touched: set[str], environment: dict[str, str | None], local_code: bool) -> None:
        self.touched = touched
        self.environment = environment
        self.local_code = local_code

    def join(self, other: Traces) -> None:
        """Add what another process has depended on."""
        self.touched |= other.touched
        self.environment.update(other.environment)
        self.local_code |= other.local_code


class Collected(NamedTuple):
    """What was found in files, without a conclusion; and where cfglint failed itself."""

    found: Findings
    crashes: list[Crash]
    traces: Traces

    @classmethod
    def of(cls, found: Findings) -> Collected:
        """Return what was found in files, where nothing else is to be told."""
        return cls(found, [], Traces(set(), {}, local_code=False))


class Result(Report):
    """What a run found, and where it failed itself.

    Attributes:
        crashes: The failures.
        against: The releases of libraries that the configs were checked against, in a line.
        traces: What it has depended on.
        found: What was found in each file, before suppressions; empty where an earlier answer is repeated.
        refused: How many fixes are not offered, by the reason.
    """

    def __init__(
        self,
        diagnostics: list[Diagnostic],
        outcomes: list[Outcome],
        crashes: list[Crash] | None = None,
        against: str = '',
        traces: Traces | None = None,
        found: Findings | None = None,
        refused: dict[str, int] | None = None,
    ) -> None:
        super().__init__(diagnostics, outcomes)
        self.crashes = crashes or []
        self.against = against
        self.traces = traces or Traces(set(), {}, local_code=False)
        self.found = found or Findings()
        self.refused = refused or {}


def check(
    paths: Sequence[str],
    rules: Sequence[Rule],
    loader: CarefulLoader | None = None,
    *,
    per_file_ignores: Sequence[tuple[Patterns, frozenset[str]]] = (),
    progress: Callable[[str], None] = lambda path: None,
    shared: Shared | None = None,
    candidates: Container[str] = (),
) -> Result:
    """Check files.

    Args:
        paths: The files, absolute.
        rules: The rules to ask; no other is called.
        loader: Loads configs.
        per_file_ignores: Which rules or families do not count in which files.
        progress: Called with each path before it is read.
        shared: The releases of libraries to check against; the newest if not given.
        candidates: The files that count only if they are configs, or if one that counts inherits them.
    """
    loader, shared = loader or CarefulLoader(), shared or Shared()
    collected = collect(paths, rules, loader, progress=progress, shared=shared, candidates=candidates)
    return conclude(collected, rules, loader, per_file_ignores, shared)


def collect(
    paths: Sequence[str],
    rules: Sequence[Rule],
    loader: CarefulLoader,
    *,
    progress: Callable[[str], None] = lambda path: None,
    shared: Shared | None = None,
    candidates: Container[str] = (),
) -> Collected:
    """Look into the files as `check` does, without a conclusion."""
    shared = shared or Shared()
    found, crashes, traces = _collect(paths, rules, loader, progress, shared, candidates)
    waiting = found.waiting()
    if waiting:
        more, crashes_there, traces_there = _collect(waiting, rules, loader, progress, shared)
        found.join(more)
        crashes = sorted({*crashes, *crashes_there})
        traces.join(traces_there)
    return Collected(found, crashes, traces)


def conclude(
    collected: Collected,
    rules: Sequence[Rule],
    loader: CarefulLoader,
    per_file_ignores: Sequence[tuple[Patterns, frozenset[str]]] = (),
    shared: Shared | None = None,
) -> Result:
    """Apply suppressions and per-file ignores to what was found."""
    found, crashes, traces = collected
    report = found.report(_upstream(found, rules, loader, shared or Shared()).judge)
    checked = [
        outcome.path for outcome in report.outcomes if outcome.status == 'checked' and outcome.path in found.marked
    ]
    failed = {crash.rule for crash in crashes}

    def is_judged(path: str, rule: Rule) -> bool:
        # An `entry` rule can say something about a fragment only when it is inherited.
        return rule.name not in failed and (rule.scope != 'entry' or path in found.runnable)

    @cache
    def source(path: str) -> SourceFile:
        return SourceFile(path, found.texts[path]) if path in found.texts else loader.source(path)

    diagnostics = suppress.apply(report.diagnostics, checked, source, rules, is_judged)
    if per_file_ignores:
        diagnostics = [each for each in diagnostics if not _is_ignored(each, per_file_ignores)]
    return Result(_said_once(diagnostics, rules), report.outcomes, crashes, traces=traces, found=found)


def _upstream(found: Findings, rules: Sequence[Rule], loader: CarefulLoader, shared: Shared) -> Upstream:
    """Return what tells the libraries' own defects; they are looked for with nothing of the user's code."""
    alone = Shared(Libraries(shared.libraries.targets), shared.changed)
    collector = Collector(rules, loader, lambda path: None, alone, lambda rule, path, error: None)
    return Upstream(shared.libraries, found.bases, lambda path: loader.source(path).text, collector.collect)


def _said_once(diagnostics: list[Diagnostic], rules: Sequence[Rule]) -> list[Diagnostic]:
    """Join what is about no single file into one diagnostic, at the first place; it names the other files."""
    once = {rule.name for rule in rules if rule.once}
    first: dict[tuple[str, str], int] = {}
    joined: list[Diagnostic] = []
    for each in diagnostics:
        index = first.setdefault((each.rule, each.message), len(joined)) if each.rule in once else len(joined)
        if index == len(joined):
            joined.append(each)
        else:
            known = joined[index]
            others = {*known.affects, each.path, *each.affects} - {known.path}
            joined[index] = known._replace(affects=tuple(sorted(others)))
    return joined


def _collect(
    paths: Sequence[str],
    rules: Sequence[Rule],
    loader: CarefulLoader,
    progress: Callable[[str], None],
    shared: Shared,
    candidates: Container[str] = (),
) -> Collected:
    """Look into the files, in several processes when there are many."""
    jobs = jobs_for(len(paths))
    ENVIRONMENT.read.clear()  # what earlier runs of this process have read does not count

    def on_failure(rule: Rule, path: str, error: Exception) -> None:
        loader.crashes.append(Crash(path, f'rule {rule.name}: {_words(error)}', _trace(error), rule.name))

    def report_progress(path: str) -> None:
        for _ in range(jobs):  # the other processes are about as far
            progress(path)

    def traces() -> Traces:
        touched = loader.touched | shared.libraries.touched
        return Traces(touched, dict(ENVIRONMENT.read), shared.libraries.knows_local)

    def tell() -> tuple[list[Crash], Traces, Usage]:
        return loader.crashes, traces(), shared.libraries.usage()

    collector = Collector(rules, loader, report_progress, shared, on_failure, candidates)
    if jobs > 1:
        shared.libraries.prepare()
    # Of a fragment there is less to say than of a config that runs.
    parts, told = spread(collector.collect, tell, paths, jobs, lambda path: 1 if is_below_base_folder(path) else 3)
    found, crashes, depends = Findings(), loader.crashes, traces()
    for part in parts:
        found.join(part)
    for more, elsewhere, usage in told:
        crashes += more
        depends.join(elsewhere)
        shared.libraries.add(usage)
    return Collected(found, sorted(set(crashes)), depends)  # what many inherit fails for each, and in each process


def _is_ignored(diagnostic: Diagnostic, ignores: Sequence[tuple[Patterns, frozenset[str]]]) -> bool:
    return any(
        (diagnostic.rule in names or diagnostic.family in names) and patterns.match(diagnostic.path)
        for patterns, names in ignores
    )


class CarefulLoader(Loader):
    """A loader whose own failures break one file, not the run; texts in memory go before those on disk."""

    def __init__(self, changed: Mapping[str, SourceFile] | None = None) -> None:
        super().__init__()
        self.crashes: list[Crash] = []
        self._changed = changed or {}

    def load_known(self, path: str, source: SourceFile | None = None) -> Config:
        """Load a config as `Loader.load_known` does."""
        try:
            return super().load_known(path, source)
        except ConfigError:
            raise
        except Exception as error:
            self.crashes.append(Crash(path, f'reading: {_words(error)}', _trace(error)))
            raise ConfigError('', f'cfglint failed to read it ({_words(error)})') from error

    def read(self, path: str) -> SourceFile:
        """Return the text of a file as `Loader.read` does."""
        changed = self._changed.get(path)
        return read(path) if changed is None else SourceFile(path, changed.text)


def _words(error: Exception) -> str:
    return f'{type(error).__name__}: {error}'.partition('\n')[0]


def _trace(error: Exception) -> str:
    import traceback  # few runs fail

    return ''.join(traceback.format_exception(error))
