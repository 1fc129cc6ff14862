"""Find out what `cfglint check` has to do in a process of its own, while this one imports what checks.

Importing Typer takes as long as importing all rules, and so does Pydantic, if there are settings: a check of one file
ends a third sooner.
"""

from __future__ import annotations

import marshal
import os
import sys
from typing import NoReturn

from cfglint.cli import exits
from cfglint.cli.guard import Guard
from cfglint.cli.task import CheckOptions, Task
from cfglint.discover import Found
from cfglint.parallel import fork
from cfglint.settings import Project, Settings


def check() -> None:
    """Check what the command line says, and exit; return if the system does not allow another process."""
    with Guard():
        task = _task()
    if task is None:
        return
    with Guard(verbose=task.options.verbose):
        from cfglint.cli.run_check import run

        code = run(task)
    sys.exit(code)


def _task() -> Task | None:
    """Return what there is to do, None if no process can be started to find out.

    Raises:
        SystemExit: The command line asks for help, or is wrong; the user has been told.
    """
    exits.flush()  # else both would write it
    started = fork(_tell_task)
    if started is None:
        return None
    pid, reader = started
    _import_what_checks()
    with os.fdopen(reader, 'rb') as file:
        data = file.read()
    if not data:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        raise SystemExit(code if code >= 0 else 128 - code)  # as shells report signals
    options, (settings, *place), found = marshal.loads(data)
    return Task(CheckOptions(*options), Project(Settings(*settings), *place), Found(*found))


def _tell_task(writer: int) -> NoReturn:
    """Find out what there is to do, write it to a pipe, and exit."""

    def tell(task: Task) -> None:
        options, (settings, *place), found = task
        plain = tuple(options), (tuple(settings), *place), tuple(found)  # marshal knows no named tuples
        with os.fdopen(writer, 'wb') as file:
            file.write(marshal.dumps(plain))

    try:
        from cfglint.cli.app import make_app

        make_app('check')(prog_name='cfglint', obj=tell)
    except SystemExit as end:
        exits.leave(end.code if isinstance(end.code, int) else exits.INTERNAL)
    except KeyboardInterrupt:
        exits.leave(exits.INTERRUPTED)  # the other process has been told as well
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    exits.leave(exits.INTERNAL)


def _import_what_checks() -> None:
    """Import what takes long, whether the rules are asked in the end or not: there is nothing else to do."""
    import cfglint.cli.run_check  # noqa: F401
    from cfglint.rules import all_rules

    all_rules()
