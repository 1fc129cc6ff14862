"""What a run finds: plain data, so that processes can share the work and a cache can keep it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cfglint.diagnostics import Diagnostic
from cfglint.recognition import UNPARSABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from cfglint.catalog.used_libraries import Usage


class Outcome(NamedTuple):
    """What became of one file. Skipped is not clean: the summary counts it, and those that are no configs."""

    path: str
    status: Literal['checked', 'broken', 'skipped', 'no config']
    reason: str = ''


class Crash(NamedTuple):
    """A defect of cfglint itself."""

    path: str
    what: str
    traceback: str
    rule: str = ''
    """The rule that failed, if one did."""


def crash_of(path: str, what: str, error: Exception, rule: str = '') -> Crash:
    """Return what there is to tell of an exception of cfglint's own.

    Args:
        path: The file that was looked into.
        what: What was done.
        error: The exception.
        rule: The rule that raised it, if one did.
    """
    import traceback  # few runs fail

    return Crash(path, f'{what}: {first_line(error)}', ''.join(traceback.format_exception(error)), rule)


def first_line(error: Exception) -> str:
    """Return the name and the first line of an exception."""
    return f'{type(error).__name__}: {error}'.partition('\n')[0]


class Dependencies:
    """What the findings depend on, beside the files that were given.

    Attributes:
        paths: The paths that were read, or looked for.
        environment: The environment variables that were read, None for those that are not set.
        local_code: Whether the user's own modules were looked into.
        general: The paths on which all that is found depends: what the project requires, and what its code is.
    """

    def __init__(
        self,
        paths: set[str] | None = None,
        environment: dict[str, str | None] | None = None,
        local_code: bool = False,
        general: set[str] | None = None,
    ) -> None:
        self.paths = paths or set()
        self.environment = environment or {}
        self.local_code = local_code
        self.general = general or set()

    def join(self, other: Dependencies) -> None:
        """Add what other findings depend on."""
        self.paths |= other.paths
        self.environment.update(other.environment)
        self.local_code |= other.local_code
        self.general |= other.general


Parts = dict[tuple[str, bool], 'Findings']
"""What was found in single files: by the path, and whether the file counts only if it is a config."""

Defect = tuple[str, str, str, Any]
"""A rule, a file, a message and a place."""


class Findings:
    """What was found in some of the files of a run; plain data, so that processes can share the work.

    Attributes:
        outcomes: What became of each file.
        defects: Every defect, with the diagnostic that tells of it best and the configs that show it.
        pending: What holds for a file unless others inherit it: what a config that runs needs, and what is wrong in a
            style that pure-Python heirs do not read it in.
        inherited: The files that others inherit, or that one of their bases does.
        own: The configs for a trainer of one's own.
        bases: The files that each config inherits.
        runnable: The files of which all has been said that rules can say.
        marked: The files whose text mentions cfglint: there may be suppressions in them.
        texts: The text that was checked, of files that have suppressions or can be fixed.
        changed: Those of them that were changed while others were checked.
        crashes: Where cfglint failed itself.
        dependencies: What all of this depends on.
        usages: What configs use of the libraries, as far as it was asked for.
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
        self.crashes: list[Crash] = []
        self.dependencies = Dependencies()
        self.usages: dict[str, Usage] = {}

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
        if other.crashes:  # what many inherit fails for each, and in each process
            self.crashes = sorted({*self.crashes, *other.crashes})
        self.dependencies.join(other.dependencies)
        self.outcomes += other.outcomes
        for defect, (diagnostic, configs) in other.defects.items():
            self._add(defect, diagnostic, set(configs))
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
        best, other = known[0], diagnostic
        # What a file itself shows goes before what those show that inherit it: it may know a fix.
        if diagnostic.path in configs and diagnostic.path not in known[1]:
            best, other = diagnostic, known[0]
        self.defects[defect] = _with_joined_fix(best, other), known[1]
        known[1].update(configs)

    def report(
        self, judge: Callable[[Diagnostic, set[str]], Diagnostic] | None = None
    ) -> tuple[list[Diagnostic], list[Outcome]]:
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
        outcomes = sorted(map(self._as_inherited, self.outcomes), key=lambda outcome: outcome.path)
        return sorted(diagnostics, key=Diagnostic.sort_key), outcomes

    def _as_inherited(self, outcome: Outcome) -> Outcome:
        """Return the outcome of a file as its heirs read it: one that fails alone may be right in a pure-Python config."""
        path = outcome.path
        if outcome.status != 'broken' or path not in self.inherited or path not in self.pending:
            return outcome
        fails = any(each.path == path and each.family == 'language' for each, _ in self.defects.values())
        return outcome if fails else Outcome(path, 'checked')

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


class Result:
    """What a run concludes.

    Attributes:
        diagnostics: All that is to be told, sorted.
        outcomes: What became of every file.
        findings: What was found in each file, before suppressions; empty where an earlier answer is repeated.
        against: The releases of libraries that the configs were checked against, in a line.
        environment: Why what is installed cannot run the configs, and what would tell more of them, a line each.
        refused: How many fixes are not offered, by the reason.
    """

    def __init__(
        self, diagnostics: list[Diagnostic], outcomes: list[Outcome], findings: Findings, against: str = ''
    ) -> None:
        self.diagnostics = diagnostics
        self.outcomes = outcomes
        self.findings = findings
        self.against = against
        self.refused: dict[str, int] = {}
        self.environment: list[str] = []

    @property
    def crashes(self) -> list[Crash]:
        """Where cfglint failed itself."""
        return self.findings.crashes

    @property
    def dependencies(self) -> Dependencies:
        """What the findings depend on."""
        return self.findings.dependencies


def _defect(diagnostic: Diagnostic) -> Defect:
    where = diagnostic.key if diagnostic.span is None else diagnostic.span
    return diagnostic.rule, diagnostic.path, diagnostic.message, where


def _with_joined_fix(best: Diagnostic, other: Diagnostic) -> Diagnostic:
    """Return a diagnostic with the edits that another config, or another key, needs for the same defect."""
    fix, more = best.fix, other.fix
    if fix is None or more is None or fix is more or fix == more or fix.message != more.message:
        return best
    return best._replace(fix=fix.joined(more))


def _with_reach(diagnostic: Diagnostic, configs: set[str]) -> Diagnostic:
    """Name the configs that show a defect, beside the file that it stands in."""
    return diagnostic._replace(affects=tuple(sorted(configs - {diagnostic.path})))
