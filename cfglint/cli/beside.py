"""Find out what `cfglint check` has to do in a process of its own, while this one imports what checks.

Importing Typer takes as long as importing all rules, and so does Pydantic, if there are settings: a check of one file
ends a third sooner.
"""

from __future__ import annotations

import marshal
import os
import sys
from typing import Any, NoReturn

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
    alive, own = os.pipe()  # the other process sees that it ends, whatever ends this one

    def tell(writer: int) -> NoReturn:
        os.close(own)
        _tell_task(writer, alive)

    started = fork(tell)
    os.close(alive)
    try:
        if started is None:
            return None
        _import_what_checks()
        with os.fdopen(started[1], 'rb') as file:
            data = file.read()
    finally:
        os.close(own)
    if not data:
        print('cfglint: error: the process that reads the command line was killed', file=sys.stderr)
        raise SystemExit(exits.INTERNAL)
    answer = marshal.loads(data)
    if isinstance(answer, int):
        raise SystemExit(answer)
    return _unpacked(answer)


def _tell_task(writer: int, alive: int) -> NoReturn:
    """Find out what there is to do, or how to exit; write it to a pipe, and exit."""
    from threading import Thread

    Thread(target=_end_with, args=(alive,), daemon=True).start()
    outcome = _outcome()
    with os.fdopen(writer, 'wb') as file:
        file.write(marshal.dumps(_packed(outcome) if isinstance(outcome, Task) else outcome))
    os._exit(exits.OK)


def _outcome() -> Task | int:
    """Return what there is to do, or the exit code if all has been said."""
    tasks: list[Task] = []
    try:
        from cfglint.cli.app import make_app

        make_app('check')(prog_name='cfglint', obj=tasks.append)
    except SystemExit as end:
        return tasks[0] if tasks else exits.flushed(end.code if isinstance(end.code, int) else exits.INTERNAL)
    except KeyboardInterrupt:
        return exits.INTERRUPTED  # the other process has been told as well
    except OSError as error:
        return exits.unwritable(error)
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    return exits.INTERNAL


def _end_with(alive: int) -> None:
    """End this process when nobody has the other end of a pipe any more."""
    os.read(alive, 1)
    os._exit(exits.INTERRUPTED)


def _packed(task: Task) -> tuple[Any, ...]:
    """Return a task as plain values: marshal knows no named tuples."""
    options, (settings, *place), found = task
    return tuple(options), (tuple(settings), *place), tuple(found)


def _unpacked(plain: tuple[Any, ...]) -> Task:
    options, (settings, *place), found = plain
    return Task(CheckOptions(*options), Project(Settings(*settings), *place), Found(*found))


def _import_what_checks() -> None:
    """Import what takes long, whether the rules are asked in the end or not: there is nothing else to do."""
    import cfglint.cli.run_check  # noqa: F401
    from cfglint.rules import all_rules

    all_rules()
