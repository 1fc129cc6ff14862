"""What ``cfglint check`` does, once its options are read."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cfglint.cache import RunCache
from cfglint.cli import exits
from cfglint.cli.adopt import adopt
from cfglint.cli.guard import Guard, report_crash
from cfglint.cli.output import is_folded, outputs, write
from cfglint.cli.task import Task, task_of
from cfglint.cli.terminal import Progress
from cfglint.diagnostics import Severity
from cfglint.discover import NO_CONFIG_DATA
from cfglint.engine import Engine
from cfglint.findings import Outcome
from cfglint.recognition import OF_OTHER_TOOL
from cfglint.report.releases import against, as_legacy, refused, unknown
from cfglint.report.sources import Sources, shown
from cfglint.report.summary import count
from cfglint.selection import per_file_ignores, select_rules
from cfglint.targeting import cache_folder, libraries_for
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.catalog.run_libraries import Libraries
    from cfglint.cli.options import CheckOptions
    from cfglint.cli.scope import Scope
    from cfglint.discover import Found
    from cfglint.findings import Parts, Result
    from cfglint.settings import Settings


def check_as_told(options: CheckOptions) -> int:
    """Check what a command line says, and return the exit code; every failure becomes a line and a code."""
    with Guard(verbose=options.verbose):
        return run(task_of(options))


def run(task: Task) -> int:
    """Check, print, and return the exit code."""
    options, where, found, settings = task.options, task.where, task.found, task.settings
    if options.code:
        from cfglint.cli.run_code import run_code

        return run_code(task)
    if any(set(target) & set('<>!~*,') for target in (*options.targets, *where.settings.targets.values())):
        from cfglint.cli.run_range import has_range, run_range

        if has_range(task):
            return run_range(task)
    libraries = libraries_for(found.files, where._replace(settings=settings), options.targets, options.python)
    scope = scope_for(task, libraries)
    found = found if scope is None else scope.found
    overlay = {} if task.given is None else {task.given.path: task.given}
    workspace = Workspace(libraries, overlay) if scope is None else scope.workspace
    is_plain = scope is None and task.given is None and options.python is None
    cache = _run_cache(task, workspace) if is_plain else None
    result, parts = (None, None) if cache is None else cache.load()
    if options.verbose:
        read = 'none' if where.file is None else shown(where.file)
        again = '' if not parts else f'; {len(parts)} of them have not changed since they were checked'
        again = again if result is None else '; nothing has changed since they were checked'
        _say(f'settings: {read}; {len(found.files)} files{again}')
    if result is None:
        engine = engine_for(task)
        gc.freeze()  # what is imported stays
        the_run = Run(found, engine, workspace)
        if options.fix or options.diff:
            from cfglint.cli.run_fix import run_fix

            return run_fix(the_run, settings, options)
        if options.add_ignores is not None:
            from cfglint.cli.run_ignores import run_ignores

            return run_ignores(the_run, task)
        result = the_run.check(parts)
        if any(each.fix is not None for each in result.diagnostics):
            from cfglint.fixing.run import offered

            result = offered(result, found.files, engine, workspace)
        if cache is not None and parts is not None:
            cache.keep(result, parts)
    sources = Sources({path: text for path, text in workspace.overlay.items() if text is not None})
    remarks = [adopt(result, sources, where, options)]
    if scope is not None:
        result.diagnostics = scope.explained(result.diagnostics)
        remarks.append(scope.remark)
    show(result, sources, settings, options)
    return finish(result, settings, options, found, remark='\n'.join(filter(None, remarks)))


def engine_for(task: Task) -> Engine:
    """Return what checks configs as the settings and the options say."""
    options, settings = task.options, task.settings
    rules = select_rules(settings, options.select, options.ignore, options.extend_select)
    ignores = per_file_ignores(settings, task.where.folder)
    progress = partial(Progress, enabled=not options.quiet)
    return Engine(rules, ignores, progress, suppressions=options.suppressions)


def scope_for(task: Task, libraries: Libraries) -> Scope | None:
    """Return what a run about a change looks at, None for any other run."""
    options = task.options
    if options.since is None and not options.staged and not options.with_dependents:
        return None
    from cfglint.cli.scope import is_about_change, scope_of

    if not is_about_change(options):
        return None
    scope = scope_of(task, libraries)
    for path, cause in sorted(scope.through.items()) if options.verbose else ():
        _say(f'{shown(path)} depends on {shown(cause)}')
    return scope


def _run_cache(task: Task, workspace: Workspace) -> RunCache | None:
    """Return the cache of earlier runs, None where they are of no use."""
    options, where, folder = task.options, task.where, cache_folder()
    writes = options.fix or options.diff or options.add_ignores is not None
    # What a plugin reads, nobody knows.
    if writes or where.settings.plugins or not options.cache or folder is None:
        return None
    # What is said is not how it is printed.
    settings = where.settings._replace(fail_on='warning', output_format='full', baseline=None)
    question = (
        options.paths,
        options.exclude,
        options.force_exclude,
        options.select,
        options.extend_select,
        options.ignore,
        options.targets,
        options.suppressions,
        settings,
        where.folder,
        os.getcwd(),
    )
    return RunCache(os.path.join(folder, 'answers'), question, task.found, workspace)


class Run(NamedTuple):
    """The files of a run, and what checks them.

    Attributes:
        found: The files.
        engine: Checks them.
        workspace: Where they are.
    """

    found: Found
    engine: Engine
    workspace: Workspace

    def check(self, parts: Parts | None = None) -> Result:
        """Check all files; see `Engine.check`."""
        result = self.engine.check(self.workspace, self.found.files, self.found.candidates, parts)
        return self.complete(result)

    def complete(self, result: Result) -> Result:
        """Add what is to be told of the files that were passed over, and the releases that were checked against."""
        result.against = against(self.workspace.libraries)
        result.environment = [*refused(self.workspace.libraries), *self._hints(result)]
        result.outcomes += [
            Outcome(path, 'no config' if why in (NO_CONFIG_DATA, OF_OTHER_TOOL) else 'skipped', why)
            for path, why in self.found.skipped
        ]
        return result

    def _hints(self, result: Result) -> Iterator[str]:
        """Yield what would let more be known of the configs."""
        checked = [each.path for each in result.outcomes if each.status == 'checked']
        is_legacy = any(each.rule == 'legacy-config' for each in result.diagnostics)
        hint = as_legacy(self.workspace.libraries) if is_legacy else unknown(self.workspace.libraries, checked)
        if hint is not None:
            yield hint


def show(result: Result, sources: Sources, settings: Settings, options: CheckOptions) -> None:
    """Print the diagnostics in the formats that were chosen."""
    write(result, sources, outputs(options, settings.output_format), options)


def finish(
    result: Result, settings: Settings, options: CheckOptions, found: Found, fixed: str = '', remark: str = ''
) -> int:
    """Say what became of the run, and return the exit code."""
    if options.verbose:
        for outcome in result.outcomes:
            if outcome.status != 'checked':
                _say(f'{outcome.status}: {shown(outcome.path)}: {outcome.reason}')
    if not options.quiet:
        from cfglint.report.summary import legacy_summary, summary, upstream_summary

        print(f'{fixed}{summary(result.diagnostics, result.outcomes, result.refused)}', file=sys.stderr)
        if upstream := upstream_summary(result.diagnostics):
            print(upstream, file=sys.stderr)
        folds = any(is_folded(each, options) for each in outputs(options, settings.output_format))
        if legacy := legacy_summary(result.diagnostics, is_folded=folds):
            print(legacy, file=sys.stderr)
        if remark:
            print(remark, file=sys.stderr)
        for line in filter(None, [result.against, *result.environment]):
            print(line, file=sys.stderr)
    for crash in result.crashes:
        report_crash(f'{shown(crash.path)}: {crash.what}', crash.traceback, verbose=options.verbose)
    if result.crashes:
        return exits.INTERNAL
    empty = without_configs(found, result.outcomes)
    if empty is not None:
        print(f'cfglint: error: {empty}', file=sys.stderr)
        return exits.USAGE
    return exits.OK if options.exit_zero else _verdict(result, settings, options)


def _verdict(result: Result, settings: Settings, options: CheckOptions) -> int:
    """Return the exit code for what was found: the libraries' own defects do not count."""
    counts = Counter(each.severity for each in result.diagnostics if not each.is_upstream)
    if options.max_warnings is not None:
        if counts[Severity.WARNING] > options.max_warnings:
            return exits.DIAGNOSTICS
        counts[Severity.WARNING] = 0
    if settings.fail_on == 'never':
        return exits.OK
    threshold = Severity[settings.fail_on.upper()]
    return exits.DIAGNOSTICS if any(n and each >= threshold for each, n in counts.items()) else exits.OK


def without_configs(found: Found, outcomes: Sequence[Outcome]) -> str | None:
    """Say that folders which were asked for hold nothing to check; None if there is something in each."""
    for group in found.groups:
        prefixes = tuple(folder.rstrip(os.sep) + os.sep for folder in group)
        below = [each for each in outcomes if each.path.startswith(prefixes)]
        if not any(each.status in ('checked', 'broken') for each in below):
            passed = sum(each.status == 'no config' for each in below)
            why = f' ({count(passed, "file")} passed over; a file that you name is read)' if passed else ''
            named = ', '.join(f'`{os.path.relpath(folder)}`' for folder in group[:3])
            return f'there is no config in {named}{" …" if len(group) > 3 else ""}{why}'
    return None


def _say(words: str) -> None:
    print(f'cfglint: {words}', file=sys.stderr)
