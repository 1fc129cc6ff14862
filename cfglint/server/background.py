"""Checking what waits, a file at a time, so that requests are answered in between."""

from __future__ import annotations

import asyncio
import traceback
import uuid
from typing import TYPE_CHECKING, Protocol

from lsprotocol import types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygls.progress import Progress

    from cfglint.server.project import Project

_SHOWN_FROM = 50
"""How many files have to wait before the client is told how far it is."""


class Host(Protocol):
    """The server, as far as it is needed here.

    Attributes:
        projects: The folders that are open, by path.
        open: The files that are open.
    """

    projects: dict[str, Project]
    open: dict[str, str]

    @property
    def client_capabilities(self) -> types.ClientCapabilities:
        """What the client can do."""

    @property
    def work_done_progress(self) -> Progress:
        """What shows the client how far something is."""

    def window_log_message(self, params: types.LogMessageParams) -> None:
        """Log a message."""

    def publish(self, project: Project, paths: Sequence[str], *, anew: bool = False) -> None:
        """Tell the client what is found in files."""

    def settled(self) -> None:
        """Tell the client that all is checked."""


class Background:
    """Checks what waits in all projects; what is asked for meanwhile goes first.

    Args:
        server: Tells the client.
    """

    def __init__(self, server: Host) -> None:
        self._server = server
        self._task: asyncio.Task[None] | None = None

    def restart(self) -> None:
        """Begin again with what waits first now."""
        self.stop()
        self._task = asyncio.get_running_loop().create_task(self._run())
        self._task.add_done_callback(self._tell_failure)

    def stop(self) -> None:
        """End what is going on; what was not reached still waits."""
        if self._task is not None:
            self._task.cancel()

    def _tell_failure(self, task: asyncio.Task[None]) -> None:
        """Log a failure of our own; what waits is checked with the next change."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            text = ''.join(traceback.format_exception(error))
            self._server.window_log_message(types.LogMessageParams(types.MessageType.Error, text))

    async def _run(self) -> None:
        for project in list(self._server.projects.values()):
            count = len(project.checks.waiting)
            async with _Progress(self._server, count) as progress:
                await self._check(project, progress)
            self._server.publish(project, sorted(project.checks.unsettled))
        self._server.settled()

    async def _check(self, project: Project, progress: _Progress) -> None:
        await asyncio.sleep(0)
        while waiting := project.checks.waiting:
            path = next(iter(waiting))
            if path in self._server.open:
                project.check_open(path)
                self._server.publish(project, [path], anew=True)
            else:
                project.checks.check(path)
            progress.advance()
            await asyncio.sleep(0)


class _Progress:
    """What the client shows while many files wait."""

    def __init__(self, server: Host, total: int) -> None:
        self._server = server
        self._total = total
        self._done = 0
        self._token = ''

    async def __aenter__(self) -> _Progress:
        window = self._server.client_capabilities.window
        if self._total >= _SHOWN_FROM and window is not None and window.work_done_progress:
            token = str(uuid.uuid4())
            await self._server.work_done_progress.create_async(token)
            begin = types.WorkDoneProgressBegin('cfglint', message=f'{self._total} configs', percentage=0)
            self._server.work_done_progress.begin(token, begin)
            self._token = token
        return self

    def advance(self) -> None:
        """Note that a file is done."""
        self._done += 1
        if self._token and not self._done % (1 + self._total // 50):
            percentage = min(100, 100 * self._done // self._total)
            message = f'{self._done} of {self._total} configs'
            report = types.WorkDoneProgressReport(message=message, percentage=percentage)
            self._server.work_done_progress.report(self._token, report)

    async def __aexit__(self, *error: object) -> None:
        if self._token:
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
