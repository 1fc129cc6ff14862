"""What ``cfglint check --code`` does: modules that are given, and configs, if some are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog import libraries as known
from cfglint.cli.adopt import adopt
from cfglint.cli.run_check import Run, engine_for, finish, show
from cfglint.diagnostics import Applicability
from cfglint.given_code import GivenCode, collect, python_files, words_of_absent
from cfglint.report.sources import Sources
from cfglint.targeting import libraries_for
from cfglint.usage import UsageError
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from cfglint.cli.options import CheckOptions
    from cfglint.cli.task import Task
    from cfglint.diagnostics import Diagnostic


def run_code(task: Task) -> int:
    """Check, print, and return the exit code."""
    options, where, settings = task.options, task.where, task.settings
    _require_only_checked(options)
    files = [path for path in python_files(options.code) if path not in task.found.files]
    libraries = libraries_for([*task.found.files, *files], where, options.targets, options.python)
    workspace = Workspace(libraries)
    engine = engine_for(task)
    given = GivenCode(files, libraries)
    found = engine.collect(workspace, task.found.files, task.found.candidates)
    found.join(collect(workspace, given, engine.rules))
    result = Run(task.found, engine, workspace).complete(engine.conclude(workspace, found))
    count = sum(each.fix is not None for each in result.diagnostics)
    result.diagnostics = [_only_shown(each) for each in result.diagnostics]
    remarks = [adopt(result, Sources({}), where, options), _remark(given, count), words_of_absent(given.absent())]
    show(result, Sources({}), settings, options)
    return finish(result, settings, options, task.found, remark='\n'.join(filter(None, remarks)))


def _require_only_checked(options: CheckOptions) -> None:
    if options.fix or options.diff:
        raise UsageError('--code is only checked: `cfglint migrate --code` changes code')
    if options.since is not None or options.staged or options.with_dependents or '-' in options.paths:
        raise UsageError('--code takes the modules as they are on disk: leave out what asks git or the standard input')
    if options.add_ignores is not None:
        raise UsageError('--code goes with no option that writes files')


def _only_shown(diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic whose fix another command applies."""
    fix = diagnostic.fix
    return diagnostic if fix is None else diagnostic._replace(fix=fix._replace(applicability=Applicability.DISPLAY))


def _remark(given: GivenCode, count: int) -> str:
    """Say what the code was checked against, and for how much of it there is a fix."""
    if given.is_for_legacy:
        return 'the project is for releases of 0.x, its code was not checked; name another one with --target'
    names = []
    for package in sorted({'mmcv', 'mmengine', *given.packages}):
        release = given.releases.installation.release(known.library_of(package) or '')
        if release is not None and not given.releases.has_ended(package):
            names.append(f'{release.library} {release.version}')
    against = f'code was checked against {", ".join(names)}'
    return f'{against}; `cfglint migrate --code` mends {count} of these' if count else against
