"""What is found in the files of a workspace, kept up to date while they change.

A change costs what it is about: the file, the configs that depend on it, and the places at which those show something.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cfglint.engine import Collector
from cfglint.findings import Findings
from cfglint.recognition import UNPARSABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.engine import Engine
    from cfglint.findings import Crash, Outcome
    from cfglint.language.source import SourceFile
    from cfglint.workspace import Workspace


class _Checked(NamedTuple):
    """What is known of a file.

    Attributes:
        findings: What was found in it.
        reads: The files that it depends on, and the folders that were searched.
        places: The files in which it shows something.
        doubt: Why it is no config by itself; none if it is one.
    """

    findings: Findings
    reads: frozenset[str]
    places: frozenset[str]
    doubt: str | None

    @property
    def outcome(self) -> Outcome:
        return self.findings.outcomes[0]


class Incremental:
    """Checks files of a workspace one by one, and again those that a change is about.

    Args:
        engine: Knows the rules, and concludes. What its rules say `once` a run is said in each file.
        workspace: Where the files are.
        files: The files that may be configs.

    Attributes:
        waiting: The files that have to be checked, in the order in which that should be done.
        unsettled: The files of which something else may be said since they were concluded last.
    """

    def __init__(self, engine: Engine, workspace: Workspace, files: Iterable[str] = ()) -> None:
        self.engine = engine.for_single_files()
        self.workspace = workspace
        self.waiting: dict[str, None] = dict.fromkeys(files)
        self.unsettled: set[str] = set()
        self._is_complete = False
        self._files: set[str] = set(self.waiting)
        self._checked: dict[str, _Checked] = {}
        self._bases: dict[str, frozenset[str]] = {}
        self._heirs: defaultdict[str, set[str]] = defaultdict(set)
        self._configs_in: Counter[str] = Counter()
        self._as_config: set[str] = set()
        self._were_configs: set[str] = set()
        self._unparsable: set[str] = set()
        self._collector = Collector(self.engine.rules, workspace, candidates=_AllBut(self._as_config))

    @property
    def files(self) -> frozenset[str]:
        """The files that may be configs."""
        return frozenset(self._files)

    def change(self, path: str, source: SourceFile | None) -> None:
        """Give a file a text that is not saved, None if it counts as absent; what depends on it waits to be checked."""
        self._expect(self.workspace.change(path, source))
        self._enter(path, exists=source is not None)

    def reread(self, path: str) -> None:
        """Take the text of a file from the disk; what depends on it waits to be checked."""
        self._expect(self.workspace.reread(path))
        self._enter(path, exists=os.path.isfile(path))

    def add(self, paths: Iterable[str]) -> None:
        """Let further files wait to be checked."""
        new = sorted(set(paths) - self._files)
        self._files.update(new)
        self.waiting.update(dict.fromkeys(new))

    def leave(self, path: str) -> None:
        """Take the text of a file from the disk, and check it no more: it was of interest only for a while."""
        self._expect(self.workspace.reread(path))
        self._enter(path, exists=False)

    def expect(self, paths: Iterable[str]) -> None:
        """Check some files once more: something else has changed that they depend on."""
        for path in sorted(self._files.intersection(paths)):
            self._drop(path)
            self.waiting[path] = None

    def dependents(self, path: str) -> list[str]:
        """Return the configs that depend on a file, sorted, those that wait to be checked included."""
        found = {each for each, known in self._checked.items() if path in known.reads}
        return sorted((found | self._heirs[path]) - {path})

    def outcome(self, path: str) -> Outcome | None:
        """Return what became of a file, None while it waits."""
        known = self._checked.get(path)
        return None if known is None else known.outcome

    def shows_something(self, path: str) -> bool:
        """Tell whether something is found in a file, in what it inherits, or in both together."""
        known = self._checked.get(path)
        return known is not None and bool(known.findings.defects or known.outcome.status == 'broken')

    def findings(self) -> Findings:
        """Return all that is known, as one run would find it."""
        return self._joined(self._checked)

    def check(self, path: str) -> None:
        """Check a file, wherever in the order it waits."""
        self.waiting.pop(path, None)
        if path in self._files:
            self._drop(path)
            self._collect(path)

    def check_next(self) -> str | None:
        """Check the file that waits first, and return its path; None if none waits."""
        path = next(iter(self.waiting), None)
        if path is not None:
            self.check(path)
        return path

    @property
    def is_complete(self) -> bool:
        """Whether every file was checked at least once: before, it is not known which files nothing inherits."""
        self._is_complete = self._is_complete or not self.waiting
        return self._is_complete

    def conclude(self, paths: Collection[str]) -> dict[str, list[Diagnostic]]:
        """Return what is to be said of some files, as far as it is known."""
        self.unsettled.difference_update(paths)
        shown = {each for each, known in self._checked.items() if not known.places.isdisjoint(paths)}
        heirs = {heir for path in paths for heir in self._heirs[path]}
        found = self._joined((shown | heirs | set(paths)) & self._checked.keys())
        diagnostics: dict[str, list[Diagnostic]] = {path: [] for path in paths}
        for each in self.engine.conclude(self.workspace, found).diagnostics:
            if each.path in diagnostics:
                diagnostics[each.path].append(each)
        return diagnostics

    def crashes(self) -> list[Crash]:
        """Return the failures of cfglint's own since the last time."""
        found = sorted(set(self.workspace.loader.crashes))
        self.workspace.loader.crashes.clear()
        return found

    def _joined(self, paths: Iterable[str]) -> Findings:
        joined = Findings()
        for path in sorted(paths):
            joined.join(self._checked[path].findings.without(()))
        joined.inherited = {path for path, heirs in self._heirs.items() if heirs}
        if not self.is_complete:
            joined.pending = {}
        return joined

    def _enter(self, path: str, *, exists: bool) -> None:
        """Note that a file is there, or not any more."""
        self._drop(path)
        if exists:
            self._files.add(path)
            self.waiting = {path: None, **self.waiting}
        else:
            self._files.discard(path)
            self.waiting.pop(path, None)
            self._inherit(path, frozenset())

    def _expect(self, changed: frozenset[str]) -> None:
        """Let all wait that has read something which changed."""
        self.expect([path for path, known in self._checked.items() if not changed.isdisjoint(known.reads)])

    def _drop(self, path: str) -> None:
        """Forget what was found in a file."""
        known = self._checked.pop(path, None)
        if known is not None:
            self.unsettled |= known.places
            self._count(path, known, -1)

    def _collect(self, path: str) -> None:
        self._as_config.discard(path)
        findings = self._collector.collect([path])
        doubt = findings.outcomes[0].reason if findings.outcomes[0].status == 'no config' else None
        if doubt is None:
            self._were_configs.add(path)
        elif doubt != UNPARSABLE:
            self._were_configs.discard(path)
        if doubt is not None and self._is_one_after_all(path, doubt):
            self._as_config.add(path)
            findings = self._collector.collect([path])
        said = [each for each, _ in findings.defects.values()]
        said += [each for several in findings.pending.values() for each in several]
        places = frozenset({path, *(each.path for each in said)})
        known = _Checked(findings, self.workspace.loader.reads(path).paths, places, doubt)
        self._checked[path] = known
        (self._unparsable.add if doubt == UNPARSABLE else self._unparsable.discard)(path)
        self.unsettled |= places
        self._inherit(path, frozenset(findings.bases.get(path, ())))
        self._count(path, known, 1)

    def _inherit(self, path: str, bases: frozenset[str]) -> None:
        """Note what a file inherits; for a base, it counts whether any file does."""
        before = self._bases.get(path, frozenset())
        self._bases[path] = bases
        for base in before ^ bases:
            had_heirs = bool(self._heirs[base])
            (self._heirs[base].add if base in bases else self._heirs[base].discard)(path)
            if had_heirs != bool(self._heirs[base]):
                self.unsettled.add(base)
                self._reconsider([base])

    def _count(self, path: str, known: _Checked, step: int) -> None:
        """Count the configs of a folder: beside one, what cannot be parsed is taken for one, too."""
        if known.doubt is not None or known.outcome.status != 'checked':
            return
        folder = os.path.dirname(path)
        self._configs_in[folder] += step
        if self._configs_in[folder] in (0, step):
            self._reconsider([each for each in self._unparsable if os.path.dirname(each) == folder])

    def _reconsider(self, paths: Iterable[str]) -> None:
        """Check files once more of which it is decided otherwise now whether they are configs."""
        for path in paths:
            known = self._checked.get(path)
            if known is None or known.doubt is None:
                continue
            if self._is_one_after_all(path, known.doubt) != (path in self._as_config):
                self.expect([path])

    def _is_one_after_all(self, path: str, doubt: str) -> bool:
        """Tell whether a file that does not say so is a config: others inherit it, or it was one before it broke."""
        if self._heirs[path]:
            return True
        return doubt == UNPARSABLE and (path in self._were_configs or self._configs_in[os.path.dirname(path)] > 0)


class _AllBut:
    """Holds everything but what is in a set."""

    def __init__(self, excluded: Container[str]) -> None:
        self._excluded = excluded

    def __contains__(self, path: object) -> bool:
        return path not in self._excluded
