"""What ``cfglint report`` does, once its options are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint import files
from cfglint.cli import exits
from cfglint.cli.guard import report_crash
from cfglint.cli.run_check import engine_for
from cfglint.cli.task import task_of
from cfglint.cli.terminal import Progress
from cfglint.report.releases import against
from cfglint.report.sources import Sources, shown
from cfglint.survey import survey
from cfglint.targeting import libraries_for
from cfglint.usage import UsageError
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from cfglint.cli.options import CheckOptions


def run(options: CheckOptions, output: str) -> int:
    """Write the page, and return the exit code: that there are findings is what the page is for.

    Raises:
        UsageError: There is no config, jinja2 is missing, or the page cannot be written.
    """
    try:
        from cfglint.report.page import render
    except ModuleNotFoundError as error:
        if error.name not in ('jinja2', 'markupsafe'):
            raise
        raise UsageError("the page needs jinja2: pip install 'mmcfglint[report]'") from None
    task = task_of(options)
    libraries = libraries_for(task.found.files, task.where._replace(settings=task.settings), options.targets)
    workspace = Workspace(libraries)
    result = engine_for(task).check(workspace, task.found.files, task.found.candidates)
    if not any(each.status in ('checked', 'broken') for each in result.outcomes):
        raise UsageError('there is no config in what was given')
    result.against = against(libraries)
    found = survey(result, workspace, libraries, lambda count: Progress(count, enabled=True))
    page = render(found, Sources())
    try:
        with open(output, 'w', encoding='utf-8', errors='backslashreplace') as file:
            file.write(page)
    except OSError as error:
        raise UsageError(f'cannot write `{output}`: {files.reason(error)}') from None
    print(f'wrote {shown(output)}: {len(page.encode("utf-8", "backslashreplace")) / 1e6:.1f} MB')
    for crash in result.crashes:
        report_crash(f'{shown(crash.path)}: {crash.what}', crash.traceback, verbose=options.verbose)
    return exits.INTERNAL if result.crashes else exits.OK
