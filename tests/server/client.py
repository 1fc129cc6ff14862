"""A client that talks to a server over its standard input and output, as an editor does.

The server is a process of its own: `cfglint server` itself, or one that is forked from a process that has imported all that
it needs, which takes longer than most conversations.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import socket
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls import uris
from pygls.io_ import run_async
from pygls.lsp.client import LanguageClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from multiprocessing.process import BaseProcess
    from pathlib import Path

T = TypeVar('T')
SECONDS = 60
"""How long a test waits for the server before it fails."""
FORKS = sys.platform != 'win32'


def serve(connection: socket.socket) -> None:
    """Serve one client; what is read and written goes over a socket."""
    from cfglint.server.wire import run

    for number in (0, 1):
        os.dup2(connection.fileno(), number)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, 'w')
    run()


class Client(LanguageClient):
    """An editor with one folder.

    Attributes:
        pushed: What the server said last of each file.
        messages: What it told the user.
        status: What it told when all was checked, each time.
        progress: What it told of how far it is.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__('test', '1')
        self.folder = folder
        self._forked: BaseProcess | None = None
        self.pushed: dict[str, list[types.Diagnostic]] = {}
        self.messages: list[str] = []
        self.status: list[Any] = []
        self.progress: list[Any] = []
        self.refreshed = 0
        self._settled = asyncio.Event()
        self._versions: dict[str, int] = {}
        self._listen()

    def _listen(self) -> None:
        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.pushed[os.path.relpath(uris.to_fs_path(params.uri) or '', self.folder)] = list(params.diagnostics)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def shown(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @self.feature(types.WINDOW_LOG_MESSAGE)
        def logged(params: types.LogMessageParams) -> None:
            self.messages.append(params.message)

        @self.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def create(params: types.WorkDoneProgressCreateParams) -> None:
            return None

        @self.feature(types.PROGRESS)
        def progressed(params: types.ProgressParams) -> None:
            self.progress.append(params.value)

        @self.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            return None

        @self.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        def refresh(params: Any) -> None:
            self.refreshed += 1

        @self.feature('cfglint/status')
        def settled(params: Any) -> None:
            self.status.append(params)
            self._settled.set()

    def uri(self, name: str) -> str:
        """Return the name that the client has for a file."""
        return uris.from_fs_path(os.path.normpath(self.folder / name)) or ''

    async def settled(self, *, every: bool = True) -> None:
        """Wait until the server has checked all that waits, with the texts as they were typed last.

        Args:
            every: Whether all files that are open concern the server.
        """
        while True:
            try:
                await asyncio.wait_for(self._settled.wait(), SECONDS)
            except TimeoutError:
                raise AssertionError(f'the server is not done; it said {self.messages}') from None
            self._settled.clear()
            versions = {each.uri: each.version for each in self.status[-1].open}
            typed = {self.uri(name): version for name, version in self._versions.items()}
            if versions == typed or (not every and versions):
                return

    async def start(self, *, pulls: bool = False, options: Any = None, command: bool = False) -> types.InitializeResult:
        """Start the server, by its command or forked, and open the folder."""
        await (self._fork() if FORKS and not command else self.start_io(sys.executable, '-m', 'cfglint', 'server'))
        document = types.TextDocumentClientCapabilities(
            diagnostic=types.DiagnosticClientCapabilities() if pulls else None,
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
                )
            ),
        )
        capabilities = types.ClientCapabilities(
            text_document=document,
            window=types.WindowClientCapabilities(work_done_progress=True),
            workspace=types.WorkspaceClientCapabilities(
                diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
                did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
            ),
        )
        folder = types.WorkspaceFolder(self.uri('').rstrip('/'), 'folder')
        params = types.InitializeParams(capabilities, workspace_folders=[folder], initialization_options=options)
        result = await asyncio.wait_for(self.initialize_async(params), SECONDS)
        self.initialized(types.InitializedParams())
        await self.settled()
        return result

    async def _fork(self) -> None:
        """Start a server that is forked, and listen to it."""
        forking = multiprocessing.get_context('forkserver')
        forking.set_forkserver_preload(['tests.server.warm'])
        ours, theirs = socket.socketpair()
        self._forked = forking.Process(target=serve, args=(theirs,))
        self._forked.start()
        theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours)
        self.protocol.set_writer(writer)
        listening = run_async(self._stop_event, reader, self.protocol, logging.getLogger(__name__))
        self._async_tasks.append(asyncio.create_task(listening))

    def open(self, name: str, text: str | None = None) -> None:
        """Open a file, with a text that is not saved if one is given."""
        text = (self.folder / name).read_text(encoding='utf-8') if text is None else text
        self._versions[name] = 1
        item = types.TextDocumentItem(self.uri(name), 'python', 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name: str, text: str) -> None:
        """Replace the text of an open file."""
        self._versions[name] += 1
        identifier = types.VersionedTextDocumentIdentifier(self._versions[name], self.uri(name))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))

    def close(self, name: str) -> None:
        """Close a file."""
        del self._versions[name]
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(name))))

    def change_on_disk(self, **kinds: types.FileChangeType) -> None:
        """Tell the server that files changed on disk; double underscores are slashes, and all end in `.py`."""
        events = [types.FileEvent(self.uri(f'{name.replace("__", "/")}.py'), kind) for name, kind in kinds.items()]
        self.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    async def leave(self) -> int | None:
        """Shut the server down, and return its exit code."""
        await asyncio.wait_for(self.shutdown_async(None), SECONDS)
        self.exit(None)
        if self._forked is not None:
            await asyncio.to_thread(self._forked.join, SECONDS)
            code = self._forked.exitcode
            self._forked.close()
        else:
            assert self._server is not None
            code = await asyncio.wait_for(self._server.wait(), SECONDS)
        await self.stop()
        return code


def talk(folder: Path, conversation: Callable[[Client], Awaitable[T]], **start: Any) -> T:
    """Start a server in a folder, talk to it, and shut it down; it must not fail meanwhile.

    Args:
        folder: The folder that is open.
        conversation: What is said.
        start: How the server is started, and what it is told then; `command=True` for `cfglint server` itself.
    """

    async def run() -> T:
        client = Client(folder)
        await client.start(**start)
        try:
            result = await conversation(client)
        except BaseException:
            await client.leave()
            raise
        assert await client.leave() == 0
        return result

    return asyncio.run(run())
