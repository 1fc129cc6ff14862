"""Put one fault at a time into the configs of a model zoo, and count how many are found where they are.

    python tools/mutate.py FOLDER --library mmdet==3.3.0 [--seed 0] [--count 500] [--kind NAME] [--misses 20]

A fault counts as found when a diagnostic at warning or above, which is not said of the config as it is, points at its
line or at its key. Nothing is written to disk.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cfglint.catalog.run_libraries import Libraries
from cfglint.catalog.targets import Targets
from cfglint.diagnostics import Diagnostic, Severity
from cfglint.engine import check
from cfglint.era import can_run, era_of, is_entry
from cfglint.language.errors import ConfigError
from cfglint.language.source import SourceFile
from cfglint.rules import all_rules
from cfglint.rules.context import Context
from cfglint.rules.reading.lookup import resolve
from cfglint.rules.reading.uses import collect
from cfglint.workspace import Workspace
from tools.mutations import components, counts, data, sections, training, writing
from tools.mutations.mutation import Kind, Mutation, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS: dict[str, Kind] = {
    **components.KINDS,
    **sections.KINDS,
    **counts.KINDS,
    **data.KINDS,
    **training.KINDS,
    **writing.KINDS,
}
RULES = list(all_rules().values())
ADVICE = frozenset({'decay-mult-lost', 'shadowed-custom-key'})
"""Rules that tell of a fault as advice, since the libraries' own configs have it, too."""


class Zoo:
    """The configs below a folder that run."""

    def __init__(self, folder: Path, libraries: Libraries) -> None:
        self.libraries = libraries
        self._workspace = Workspace(libraries)
        self.files = sorted(str(path) for path in folder.rglob('*.py') if '_base_' not in path.parts)
        self._subjects: dict[str, Subject | None] = {}
        self._known: dict[str, set[tuple[str, str | None, str]]] = {}

    def subject(self, path: str) -> Subject | None:
        """Return a config if it runs."""
        if path not in self._subjects:
            self._subjects[path] = self._subject(path)
        return self._subjects[path]

    def _subject(self, path: str) -> Subject | None:
        try:
            config = self._workspace.loader.load(path)
        except ConfigError:
            return None
        context = Context(config, era_of(config), is_entry=is_entry(config), workspace=self._workspace)
        if config.partial or not can_run(config.table) or not context.is_entry:
            return None
        self._known[path] = {_said(each) for each in self._diagnose(path, Workspace(self.libraries))}
        uses = collect(context, 'mutated', lambda use: [resolved] if (resolved := resolve(context, use)) else [])
        return Subject(context, uses)

    def diagnose(self, path: str, workspace: Workspace) -> list[Diagnostic]:
        """Return what is said of one config, at warning or above, that is not said of it as it is."""
        return [each for each in self._diagnose(path, workspace) if _said(each) not in self._known[path]]

    def _diagnose(self, path: str, workspace: Workspace) -> list[Diagnostic]:
        result = check([path], RULES, workspace)
        if result.crashes:
            raise RuntimeError(result.crashes[0].traceback)
        return [each for each in result.diagnostics if each.severity >= Severity.WARNING or each.rule in ADVICE]


def _said(diagnostic: Diagnostic) -> tuple[str, str | None, str]:
    return diagnostic.rule, diagnostic.key, diagnostic.message


class Trial(NamedTuple):
    """A fault, and what was said."""

    path: str
    mutation: Mutation
    said: list[Diagnostic]
    is_read: bool
    """Whether the reader takes the config: what it refuses has become another fault, at the place where it fails."""

    @property
    def is_found(self) -> bool:
        """Whether something points at the fault."""
        return any(self._points_at(each) for each in self.said)

    def _points_at(self, diagnostic: Diagnostic) -> bool:
        if diagnostic.key is not None and diagnostic.key in self.mutation.keys:
            return True
        span, source = diagnostic.span, SourceFile(self.mutation.source.path, self.mutation.changed())
        if span is None or span.path != source.path:
            return False
        return source.location(span.start).row in (self.mutation.row(), *self.mutation.rows)


def trials(zoo: Zoo, kind: Kind, count: int, chance: random.Random) -> Iterator[Trial]:
    """Yield up to `count` different faults of one kind, spread over the configs."""
    tried: set[tuple[str, int, int, str]] = set()
    for _ in range(6):
        for path in chance.sample(zoo.files, len(zoo.files)):
            subject = zoo.subject(path)
            if subject is None:
                continue
            found = list(kind(subject, chance))
            if not found:
                continue
            mutation = chance.choice(found)
            mark = (mutation.source.path, mutation.start, mutation.end, mutation.text)
            if mark in tried:
                continue
            tried.add(mark)
            changed = SourceFile(mutation.source.path, mutation.changed())
            workspace = Workspace(zoo.libraries, {changed.path: changed})
            yield Trial(path, mutation, zoo.diagnose(path, workspace), _is_read(path, workspace))
            if len(tried) >= count:
                return


def _is_read(path: str, workspace: Workspace) -> bool:
    try:
        workspace.loader.load(path)
    except ConfigError:
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--library', action='append', default=[], metavar='LIB==VERSION')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--count', type=int, default=500)
    parser.add_argument('--kind', action='append', choices=sorted(KINDS))
    parser.add_argument('--misses', type=int, default=20, help='how many misses to list for each kind')
    options = parser.parse_args()
    zoo = Zoo(options.folder.resolve(), Libraries(Targets(options.library, installed=lambda distribution: None)))
    worst = 1.0
    for name in options.kind or KINDS:
        began = time.monotonic()
        done = list(trials(zoo, KINDS[name], options.count, random.Random(f'{options.seed} {name}')))
        if name not in ('broken-base', 'undefined-reference'):
            done = [trial for trial in done if trial.is_read]
        missed = [trial for trial in done if not trial.is_found]
        share = 1 - len(missed) / len(done) if done else 1.0
        worst = min(worst, share)
        print(
            f'{name}: {len(done) - len(missed)} of {len(done)} found ({share:.1%}), {time.monotonic() - began:.0f} s',
            flush=True,
        )
        for trial in missed[: options.misses]:
            said = [f'{each.rule} {each.key}' for each in trial.said[:3]]
            print(
                f'    {Path(trial.path).name}: {trial.mutation.what} | {Path(trial.mutation.source.path).name}:{trial.mutation.row()} | {said}'
            )
    return int(worst < 0.97)


if __name__ == '__main__':
    sys.exit(main())
