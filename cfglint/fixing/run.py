"""Fixing the files of a run: passes of fixes that do not touch each other, each verified before it counts."""

from __future__ import annotations

from collections import Counter
from copy import copy
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from cfglint.dependents import dependents
from cfglint.diagnostics import Applicability
from cfglint.fixing.edits import Candidate, choose, identity, without_lost_comments
from cfglint.fixing.verify import Verifier
from cfglint.language.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.diagnostics import Edit, Fix
    from cfglint.engine import Engine
    from cfglint.findings import Result
    from cfglint.fixing.edits import Identity
    from cfglint.workspace import Workspace

ELSEWHERE = 'would change files that were not given'
CHANGED = 'the file was changed meanwhile'

_PASSES = 10
"""How often fixes that touch each other get their turn."""


class Fixed(NamedTuple):
    """What fixing comes to; nothing is written yet.

    Attributes:
        result: What is found afterwards; what is not offered as a fix there is only displayed.
        before: What was found before, with the fixes that are offered.
        texts: The files that change, with their new text.
        originals: The same files with the text that was checked.
        applied: How many fixes of each rule were applied.
    """

    result: Result
    before: Result
    texts: dict[str, SourceFile]
    originals: dict[str, SourceFile]
    applied: Counter[str]


def fix(result: Result, files: Sequence[str], engine: Engine, workspace: Workspace, trust: Applicability) -> Fixed:
    """Apply the fixes that may be trusted and do no harm, in memory.

    Args:
        result: What was found in the files.
        files: The files, which may be changed.
        engine: Checks again.
        workspace: Where they are; other configs below the roots of its code may inherit them.
        trust: What to apply at least.
    """
    tree = _Tree(result, files, engine, workspace)
    tree.fix(trust)
    done = tree.state()
    edited = {
        path: source
        for path, source in tree.texts.items()
        if source is not None and source is not workspace.overlay.get(path)
    }
    applied = Counter(tree.applied)
    if trust > Applicability.UNSAFE:
        tree.fix(Applicability.UNSAFE)  # not to apply them, but to know what can be offered
    originals = {path: SourceFile(path, tree.originals[path]) for path in edited}
    texts = {path: source for path, source in edited.items() if source.text != originals[path].text}
    rules = Counter(rule for (rule, *_), number in applied.items() for _ in range(number))
    return Fixed(tree.offered(done, applied), tree.offered(result), texts, originals, rules)


def offered(result: Result, files: Sequence[str], engine: Engine, workspace: Workspace) -> Result:
    """Return what was found, with only those fixes offered that would be applied."""
    tree = _Tree(result, files, engine, workspace)
    tree.fix(Applicability.UNSAFE)
    return tree.offered(result)


class _Tree:
    """The files of a run, as fixes change them in memory.

    Attributes:
        texts: The files that have changed.
        originals: The texts that edits were meant for at first.
        applied: How many diagnostics were fixed, by what identifies them.
    """

    def __init__(self, result: Result, files: Sequence[str], engine: Engine, workspace: Workspace) -> None:
        self._engine = engine
        self._workspace = workspace
        self._files = frozenset(files)
        self._first = result
        self._found = result.findings
        self._refused: dict[Identity, str] = {}
        self._looked_at: set[str] = set()
        self.texts: dict[str, SourceFile | None] = {}
        self.originals = dict(result.findings.texts)
        self.applied: Counter[Identity] = Counter()
        edited = {
            edit.span.path for each in result.diagnostics if _is_more_than_shown(each.fix) for edit in each.fix.edits
        }
        if edited:
            others = dependents(workspace, edited, self._files)
            self._looked_at = others.looked_at
            if others.configs:
                self._found = result.findings.without(())
                self._found.join(engine.collect(workspace, others.configs))

    def fix(self, trust: Applicability) -> None:
        """Apply fixes until none is left that may be applied."""
        for _ in range(_PASSES):
            chosen = choose(self._candidates(trust))
            if not chosen:
                return
            done = Verifier(self._engine, self._now(), self._found).verified(chosen)
            for candidate, reason in done.refused:
                self._refused.update((identity(each), reason) for each in candidate.diagnostics)
            self.applied.update(identity(each) for candidate in done.fixes for each in candidate.diagnostics)
            self.texts, self._found = done.texts, done.found

    def state(self) -> Result:
        """Return what is found in the files as they stand now."""
        if not self.texts:
            return self._first
        found = self._found.of(self._files)
        found.crashes, found.dependencies = self._first.crashes, self._first.dependencies
        return self._engine.conclude(self._now(), found)

    def _now(self) -> Workspace:
        """Return the tree with the texts as they stand now."""
        return self._workspace.over({**self._workspace.overlay, **self.texts}) if self.texts else self._workspace

    def offered(self, result: Result, before: Counter[Identity] | None = None) -> Result:
        """Return a result in which fixes that were not applied are only displayed.

        Args:
            result: What was found.
            before: What had been fixed by then.
        """
        left = self.applied - (before or Counter())
        reasons: Counter[str] = Counter()
        diagnostics = []
        for diagnostic in result.diagnostics:
            name, fix = identity(diagnostic), diagnostic.fix
            if not _is_more_than_shown(fix):
                diagnostics.append(diagnostic)
            elif left[name] > 0:
                left[name] -= 1
                diagnostics.append(diagnostic._replace(fix=self._judged(fix)))
            else:
                reasons[self._refused.get(name, 'touch others')] += 1
                diagnostics.append(diagnostic._replace(fix=fix._replace(applicability=Applicability.DISPLAY)))
        result = copy(result)
        result.diagnostics, result.refused = diagnostics, dict(reasons)
        result.dependencies.paths.update(self._looked_at)
        return result

    def _candidates(self, trust: Applicability) -> list[Candidate]:
        """Return the fixes for what was found at first and is still there, unless they were refused."""
        left = Counter(map(identity, self._first.diagnostics)) - self.applied
        candidates: dict[frozenset[Edit], Candidate] = {}
        # All configs of the tree count here, not only those that were given: they may show a defect, too.
        found = self._found.without(())
        for diagnostic in self._engine.conclude(self._now(), found).diagnostics:
            name = identity(diagnostic)
            if not _is_more_than_shown(diagnostic.fix) or name in self._refused or left[name] <= 0:
                continue
            left[name] -= 1
            reason = self._reason_against(diagnostic.fix)
            if reason is not None:
                self._refused[name] = reason
                continue
            fix = self._judged(diagnostic.fix)
            if fix.applicability >= trust:
                same = candidates.setdefault(frozenset(fix.edits), Candidate(fix))
                same.add(fix, diagnostic, found.configs(diagnostic))
        return list(candidates.values())

    def _reason_against(self, fix: Fix) -> str | None:
        paths = {edit.span.path for edit in fix.edits}
        if not paths <= self._files:
            return ELSEWHERE
        return None if paths.isdisjoint(self._found.changed) else CHANGED

    def _judged(self, fix: Fix) -> Fix:
        return without_lost_comments(fix, self._found.texts)


def _is_more_than_shown(fix: Fix | None) -> TypeGuard[Fix]:
    return fix is not None and bool(fix.edits) and fix.applicability > Applicability.DISPLAY
