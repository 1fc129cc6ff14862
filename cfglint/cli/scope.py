"""Which files a run looks at when it is about a change: those that changed, and the configs that depend on them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cfglint.changes import Changes, changes_since, last_state, staged_changes
from cfglint.dependents import dependents
from cfglint.diagnostics import Diagnostic, Related
from cfglint.discover import discover, discover_by_default
from cfglint.report.sources import shown
from cfglint.settings import places
from cfglint.usage import UsageError
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from cfglint.catalog.run_libraries import Libraries
    from cfglint.cli.options import CheckOptions
    from cfglint.cli.task import Task
    from cfglint.discover import Found
    from cfglint.language.source import SourceFile


class Scope(NamedTuple):
    """What a run about a change looks at.

    Attributes:
        found: The files.
        workspace: Where they are, with what is staged in place of what is on disk.
        changed: The files that changed.
        through: The configs that did not change, each with the changed file that it depends on.
        remark: What is to be said of it, in a line.
    """

    found: Found
    workspace: Workspace
    changed: frozenset[str]
    through: dict[str, str]
    remark: str

    def explained(self, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Return diagnostics; those in files that did not change say why they are looked at."""
        return [self._explained(each) for each in diagnostics]

    def _explained(self, diagnostic: Diagnostic) -> Diagnostic:
        cause = self.through.get(diagnostic.path)
        if cause is None:
            return diagnostic
        note = Related(f'checked since `{shown(cause)}` has changed, which this config depends on')
        return diagnostic._replace(related=(*diagnostic.related, note))


def is_about_change(options: CheckOptions) -> bool:
    """Tell whether a run is about a change.

    Raises:
        UsageError: What else is asked for does not go with it.
    """
    about = options.since is not None or options.staged
    if options.since is not None and options.staged:
        raise UsageError('--since and --staged are two things: choose one')
    if options.staged and (options.fix or options.diff):
        raise UsageError('--staged checks what is staged, and fixes change what is on disk: leave one out')
    if about and options.write_baseline:
        raise UsageError('--write-baseline needs all findings: leave out --since and --staged')
    return about or (options.with_dependents and bool(options.paths))


def scope_of(task: Task, libraries: Libraries) -> Scope:
    """Return what a run about a change looks at.

    Raises:
        UsageError: Git cannot tell what changed.
    """
    options, found = task.options, task.found
    folder = os.path.commonpath(found.folders or [*map(os.path.dirname, found.files)] or [os.getcwd()])
    if options.staged:
        changes = staged_changes(folder)
    elif options.since is not None:
        changes = changes_since(folder, options.since)
    else:
        changes = last_state(folder, found.files)
    changes = changes.as_given(found.files)
    workspace = workspace_of(libraries, changes.overlay)
    among = found.files if options.staged or options.since is not None else _all_files(task)
    among = [path for path in among if changes.overlay.get(path, path) is not None]
    below = tuple(os.path.join(each, '') for each in found.folders)
    among += [path for path in changes.overlay if path.startswith(below) and not os.path.lexists(path)]
    through = _through(workspace, changes, among, task)
    given: AbstractSet[str] = set(found.files)
    if options.since is not None or options.staged:
        given = changes.files & set(among)
    elif options.force_exclude:  # the others are modules, or lie where no configs are
        given &= set(among)
    files = sorted(given | through.keys())
    return Scope(
        found._replace(files=files, named=[path for path in found.named if path in files], groups=[]),
        workspace,
        changes.files,
        through,
        _remark(options, len(files) - len(through), len(through)),
    )


def workspace_of(libraries: Libraries, overlay: Mapping[str, SourceFile | None]) -> Workspace:
    """Return a workspace in which texts go before those on disk, those of the user's modules included."""
    texts = {path: None if source is None else source.text.encode() for path, source in overlay.items()}
    return Workspace(libraries.over(texts) if texts else libraries, overlay)


def _through(workspace: Workspace, changes: Changes, among: Sequence[str], task: Task) -> dict[str, str]:
    # A settings file that was deleted is none of those that are read.
    settings = (
        [] if task.options.isolated else [task.options.config or ''] if task.options.config else places(os.getcwd())
    )
    stating = {*workspace.libraries.targets.stated.touched, *map(os.path.abspath, settings)}
    general = min(changes.files & stating, default=None)
    if general is not None:  # what says the releases, or the rules, is about every config
        return dict.fromkeys((path for path in among if path not in changes.files), general)
    return dependents(workspace, changes.files, among=among, before=changes.before).through


def _all_files(task: Task) -> list[str]:
    """Return all files that a run without paths would look at."""
    try:
        if task.where.settings.paths:
            paths = [os.path.join(task.where.folder, path) for path in task.where.settings.paths]
            return discover(paths, task.excludes).files
        return discover_by_default(os.getcwd(), task.excludes).files
    except UsageError:
        return discover([os.getcwd()], task.excludes).files


def _remark(options: CheckOptions, changed: int, dependent: int) -> str:
    nothing = not changed and not dependent
    one = changed == 1 or nothing
    if options.staged:
        what, such = f'{"is" if one else "are"} staged', 'are'
    elif options.since is not None:
        what, such = f'changed since {options.since}', 'did'
    else:
        what, such = f'{"was" if one else "were"} given', 'were'
    if nothing:
        return f'no config {what}, or depends on files that {such}'
    return f'of these files, {changed} {what} and {dependent} depend{"s" * (dependent == 1)} on files that {such}'
