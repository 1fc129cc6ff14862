"""Work in a process of its own: what its code makes up it can make up of itself only."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
from typing import TYPE_CHECKING, Any, Callable

from . import guard
from .wire import MAX_LINE, events_of

if TYPE_CHECKING:
    from .wire import Wire

FAILED = 70


def told_apart(work: Callable[[], None], wire: Wire, last: str) -> dict[str, Any] | int:
    """Do some work in a fork, which has a pipe in place of the wire.

    Returns:
        The first event of the name `last` that it tells; its exit code, or minus the signal that ended it, if it tells none.
    """
    told, pipe = os.pipe()
    pid = os.fork()
    if not pid:
        _work(work, wire, pipe)
    os.close(pipe)

    def ask_fork(number: int, frame: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    signal.signal(signal.SIGUSR1, ask_fork)  # who asks where this hangs wants to know where the fork does
    try:
        event = _first(told, last)
        return _end(pid) if event is None else event
    finally:
        os.close(told)
        guard.kill_descendants(os.getpid())


def _work(work: Callable[[], None], wire: Wire, pipe: int) -> None:
    code = FAILED
    try:
        guard.die_with_parent()
        faulthandler.register(signal.SIGUSR1, file=2, all_threads=False)
        os.dup2(pipe, wire.fd)
        work()
        code = 0
    finally:
        os._exit(code)


def _first(fd: int, name: str) -> dict[str, Any] | None:
    """Return the first event of a name that comes; None if the pipe ends, or holds too much, without one."""
    data, left = b'', MAX_LINE
    while left > 0:
        piece = os.read(fd, 1 << 16)
        left -= len(piece)
        *lines, data = (data + piece).split(b'\n')
        for event in events_of(lines):
            if event['event'] == name:
                return event
        if not piece:
            break
    return None


def _end(pid: int) -> int:
    """Wait for a process that has told all; return how it ended."""
    with contextlib.suppress(ChildProcessError):
        _, status = os.waitpid(pid, 0)
        return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return FAILED


def end_like(code: int) -> int:
    """End this process by the signal that ended another one; return the code to end with where there was none."""
    if code < 0:
        faulthandler.disable()  # what it would say is where this process is
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code
