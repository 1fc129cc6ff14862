"""What ``cfglint check --add-ignores REASON`` does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cfglint.add_ignores import with_ignores
from cfglint.cli.adopt import adopt
from cfglint.cli.run_check import finish, show
from cfglint.fixing.writing import write
from cfglint.report.sources import Sources
from cfglint.report.summary import count
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from cfglint.cli.run_check import Run
    from cfglint.cli.task import Task


def run_ignores(run: Run, task: Task) -> int:
    """Suppress what is found, by comments in the files that were given; the exit code is about what is left.

    Raises:
        UsageError: The reason is no line of words, or a file cannot be written.
    """
    reason = (task.options.add_ignores or '').strip()
    if not reason or re.search(r'[#\r\n]', reason):
        raise UsageError('--add-ignores needs a reason, in one line and without `#`')
    sources = Sources()
    result = run.check()
    adopt(result, sources, task.where, task.options)
    given = set(run.found.files)
    meant = [each for each in result.diagnostics if each.path in given and not each.is_upstream]
    texts = with_ignores(meant, reason, sources.get)
    write(texts, {path: sources.get(path) for path in texts})
    left = run._replace(workspace=run.workspace.over(texts)).check()
    remark = adopt(left, Sources(texts), task.where, task.options)
    show(left, Sources(texts), task.settings, task.options)
    words = f'added suppressions to {count(len(texts), "file")}; '
    return finish(left, task.settings, task.options, run.found, words, remark)
