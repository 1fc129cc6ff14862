"""Verifying fixes: what they do to every config that they reach, before any of them counts."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from cfglint.diagnostics import Applicability, Severity
from cfglint.era import can_run, era_of, is_entry
from cfglint.fixing.compare import Declared, differences
from cfglint.fixing.edits import apply, identity
from cfglint.language.errors import ConfigError
from cfglint.language.source import SourceFile
from cfglint.parallel import jobs_for, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from cfglint.diagnostics import Diagnostic, Edit
    from cfglint.engine import Engine
    from cfglint.findings import Findings
    from cfglint.fixing.edits import Candidate, Identity
    from cfglint.language.config import Config
    from cfglint.language.loader import Loader
    from cfglint.workspace import Workspace

    Texts = Mapping[str, SourceFile | None]

BROKEN = 'would break a config'
NEW = 'would cause another diagnostic'
MORE = 'would change more than it should'
RIGHT = 'would change a config that is right'
MIXED = 'would mix 0.x and 1.x'
USELESS = 'would not help'
UNDECIDED = 'could not be told apart from others that do harm'

_SAMPLE = 8
"""How many of the configs that go wrong are looked at to find the fix that is to blame."""
_USUAL = 20_000
"""Characters of a config of usual length: to try fixes on longer ones counts for more than one try."""


class Problem(NamedTuple):
    """Something that fixes would do to a config, and those that may be to blame, by number."""

    config: str
    reason: str
    suspects: frozenset[int]


class Verified(NamedTuple):
    """Fixes that do no harm, with what they lead to; and the others, each with the reason."""

    fixes: list[Candidate]
    refused: list[tuple[Candidate, str]]
    texts: dict[str, SourceFile | None]
    found: Findings


class Verifier:
    """Verifies fixes for a tree as it stands.

    Args:
        engine: Checks.
        workspace: The tree.
        found: What was found in all configs of the tree.
    """

    def __init__(self, engine: Engine, workspace: Workspace, found: Findings) -> None:
        self._engine = engine
        self._workspace = workspace
        self._found = found
        self._tries = 4 + len(found.bases) // _SAMPLE
        """How many times fixes may be tried on a few configs: in all, about what one more check takes."""
        self._refused: list[tuple[Candidate, str]] = []
        self._last = self._trial([])

    def _trial(self, fixes: Sequence[Candidate]) -> _Trial:
        return _Trial(self._engine, self._found, self._workspace, fixes)

    def verified(self, fixes: Sequence[Candidate]) -> Verified:
        """Return which of the fixes do no harm, all together.

        What a few configs resolve to tells of most of the harm; only then all that are reached are checked.
        """
        good = self._sifted(fixes, lambda trial: trial.changes(trial.sample), rounds=3)
        good = self._sifted(good, lambda trial: trial.problems(trial.reached), rounds=1)
        return Verified(good, self._refused, self._last.after, self._last.found)

    def _sifted(
        self, fixes: Sequence[Candidate], problems_of: Callable[[_Trial], Sequence[Problem]], rounds: int
    ) -> list[Candidate]:
        """Return the fixes that cause no problems; note the others.

        After some rounds, those to blame are not looked for any more: all that may be are dropped.
        """
        good = list(fixes)
        for number in count():
            if number == rounds:
                self._tries = 0
            if self._last.fixes != good:
                self._last = self._trial(good)
            problems = problems_of(self._last) if good else []
            if not problems:
                break
            blamed = self._blamed(good, problems)
            self._refused += [(good[number], reason) for number, reason in sorted(blamed.items())]
            good = [each for number, each in enumerate(good) if number not in blamed]
        return good

    def _blamed(self, fixes: Sequence[Candidate], problems: Sequence[Problem]) -> dict[int, str]:
        """Return the fixes that are to blame, at least one, with the reasons."""
        blamed: dict[int, str] = {}
        for problem in problems:
            if len(problem.suspects) == 1:
                blamed.setdefault(min(problem.suspects), problem.reason)
        unclear = [problem for problem in problems if blamed.keys().isdisjoint(problem.suspects)]
        suspects = sorted({number for problem in unclear for number in problem.suspects})
        kept = [each for number, each in enumerate(fixes) if number not in blamed and number not in suspects]
        for number in suspects:
            configs = [problem.config for problem in unclear if number in problem.suspects][:_SAMPLE]
            reason: str | None = UNDECIDED
            cost = 1 + max((len(self._found.texts.get(path, '')) for path in configs), default=0) // _USUAL
            if self._tries >= cost:
                self._tries -= cost
                reason = self._reason_against([*kept, fixes[number]], configs)
            if reason is None:
                kept.append(fixes[number])
            else:
                blamed[number] = reason
        if not blamed:  # it takes several of them, or another config: none can be told to be good
            blamed = dict.fromkeys(suspects or range(len(fixes)), UNDECIDED)
        return blamed

    def _reason_against(self, fixes: Sequence[Candidate], configs: Collection[str]) -> str | None:
        trial = self._trial(fixes)
        problems = trial.problems([path for path in trial.reached if path in configs])
        return problems[0].reason if problems else None


class _Trial:
    """Some fixes, applied in memory.

    Attributes:
        fixes: The fixes.
        reached: The configs that they may change.
        after: The texts after the fixes.
        found: What is found in all configs, once `problems` has looked at all that are reached.
    """

    def __init__(self, engine: Engine, found: Findings, workspace: Workspace, fixes: Sequence[Candidate]) -> None:
        self._engine = engine
        self._before = found
        self._workspace = workspace
        self.fixes = fixes
        self._edited = {path for each in fixes for path in each.paths}
        self.after = _applied(fixes, workspace.overlay, found.texts)
        self._changed = workspace.over(self.after)
        self.reached = self._reached()
        self.found = found

    def _reached(self) -> list[str]:
        reached = {path for path in self._before.bases if not self._edited.isdisjoint(self._files_of(path))}
        # Modules that configs import are in no lineage; what was broken may be so by what is changed.
        reached.update(*(each.configs for each in self.fixes))
        reached.update(each.path for each in self._before.outcomes if each.status == 'broken')
        return sorted(reached)

    @property
    def sample(self) -> list[str]:
        """A few of the configs that each fix may change, first of all those that do not show what it is for."""
        chosen: set[str] = set()
        for each in self.fixes:
            reached = [path for path in self.reached if not each.paths.isdisjoint(self._files_of(path))]
            silent = [path for path in reached if path not in each.configs]
            for paths in (silent, sorted(each.configs.intersection(reached))):
                chosen.update(paths[:: max(1, len(paths) * 2 // _SAMPLE)])
        return sorted(chosen)

    def problems(self, configs: Sequence[str]) -> list[Problem]:
        """Return what the fixes would do to some configs beside what they are for."""
        return self.changes(configs) or [*self._unparsable(), *self._new_findings(configs)]

    def changes(self, configs: Sequence[str]) -> list[Problem]:
        """Return what some configs would resolve to beside what the fixes are for."""

        def compare(paths: Sequence[str]) -> list[Problem]:
            return [problem for path in paths for problem in self._of_config(path, self._changed.loader)]

        parts, _ = spread(compare, lambda: None, configs, jobs_for(len(configs)))
        return [problem for part in parts for problem in part]

    def _of_config(self, path: str, loader: Loader) -> list[Problem]:
        """Return what a config resolves to other than the fixes declare."""
        try:
            before = self._workspace.loader.load(path)
        except ConfigError:
            return []
        try:
            after = loader.load(path)
        except ConfigError:
            return [self._problem(path, BROKEN)]
        if era_of(after) == 'mixed' and era_of(before) != 'mixed':
            return [self._problem(path, MIXED)]
        return list(self._undeclared(before, after))

    def _undeclared(self, before: Config, after: Config) -> Iterable[Problem]:
        declared_by = Declared({number: self.fixes[number].fix.keys for number in self._near(before.path)}).by
        for key in differences(before.printed(), after.printed()):
            declared = declared_by(key)
            if not declared:
                yield self._problem(before.path, MORE)
            elif self._is_judged(before) and not any(before.path in self.fixes[each].configs for each in declared):
                yield Problem(before.path, RIGHT, frozenset(declared))

    def _is_judged(self, config: Config) -> bool:
        """Tell whether it means something that a config does not show a defect: it is more than a part of others."""
        return is_entry(config) and (can_run(config.table) or config.path not in self._before.inherited)

    def _unparsable(self) -> Iterable[Problem]:
        """Yield the edited modules that are no Python any more; configs among them are told as broken."""
        for path in self._edited:
            if path.endswith('.py') and path not in self._before.bases and not _parses(self._edited_text(path)):
                yield self._problem(path, BROKEN)

    def _edited_text(self, path: str) -> str:
        edited = self.after[path]
        assert edited is not None  # it counts as absent, and is edited
        return edited.text

    def _new_findings(self, configs: Sequence[str]) -> Iterable[Problem]:
        """Yield what is found after the fixes and was not before, and the diagnostics that remain."""
        meant = set(configs)
        before = self._engine.conclude(self._workspace, self._before.of(meant))
        found = self._engine.collect(self._changed, configs)
        found.inherited |= self._before.inherited
        for path in self._edited:
            found.texts[path] = self._edited_text(path)
        after = self._engine.conclude(self._changed, found)
        self.found = self._before.without(meant)
        for path in self._edited:
            self.found.texts.pop(path, None)
        self.found.join(found)
        broken = {each.path for each in self._before.outcomes if each.status == 'broken'}
        for crash in found.crashes:
            if crash.path not in broken:
                yield self._problem(crash.path, BROKEN)
        old, new = _counted(before.diagnostics), _counted(after.diagnostics)
        allowed = _counted(filter(_counts, before.diagnostics))
        for diagnostic in filter(_counts, after.diagnostics):
            name = identity(diagnostic)
            allowed[name] -= 1
            if allowed[name] < 0:
                shows = found.configs(diagnostic) & meant
                yield self._problem(min(shows, default=diagnostic.path), NEW)
        wanted = _counted(diagnostic for each in self.fixes for diagnostic in each.diagnostics)
        for number, each in enumerate(self.fixes):
            left = any(new[name] > max(old[name] - wanted[name], 0) for name in map(identity, each.diagnostics))
            if left and not meant.isdisjoint(each.configs):
                yield Problem(min(meant.intersection(each.configs)), USELESS, frozenset([number]))

    def _problem(self, path: str, reason: str) -> Problem:
        return Problem(path, reason, frozenset(self._near(path) or range(len(self.fixes))))

    def _files_of(self, path: str) -> tuple[str, ...]:
        return path, *self._before.bases.get(path, ())

    def _near(self, path: str) -> list[int]:
        """Return the fixes that may change a config: they edit it or a file that it inherits, or are for it."""
        files = self._files_of(path)
        fixes = enumerate(self.fixes)
        return [number for number, each in fixes if not each.paths.isdisjoint(files) or path in each.configs]


def _applied(fixes: Iterable[Candidate], texts: Texts, checked: Mapping[str, str]) -> dict[str, SourceFile | None]:
    edits: dict[str, list[Edit]] = {}
    for each in fixes:
        for edit in each.fix.edits:
            edits.setdefault(edit.span.path, []).append(edit)
    changed = dict(texts)
    for path, some in edits.items():
        known = changed.get(path)
        before = checked[path] if known is None else known.text
        changed[path] = SourceFile(path, apply(before, some))
    return changed


def _counted(diagnostics: Iterable[Diagnostic]) -> Counter[Identity]:
    return Counter(map(identity, diagnostics))


def _counts(diagnostic: Diagnostic) -> bool:
    """Tell whether a new diagnostic is harm: it is more than advice, or its own fix would go on."""
    fix = diagnostic.fix
    return diagnostic.severity > Severity.INFO or (fix is not None and fix.applicability > Applicability.DISPLAY)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
