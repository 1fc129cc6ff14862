"""What the server does when a message arrives."""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from cfglint.server.app import Server, path_of
from cfglint.server.requests import serve_commands, serve_requests
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from lsprotocol.types import DocumentDiagnosticReport

_WATCHED: Final = '**/*.{py,json,yaml,yml,toml,txt,cfg}'


def make_server() -> Server:
    """Return a server that knows all messages."""
    server = Server()
    _serve_life(server)
    _serve_files(server)
    serve_requests(server)
    serve_commands(server)
    return server


def run() -> None:
    """Serve one client on the standard input and output, until it leaves.

    Raises:
        UsageError: It sends a message longer than there is memory.
    """
    # Configs and their syntax trees are many small objects, none of them in circles: a rare look suffices.
    gc.set_threshold(50_000, 20, 100)
    output = os.fdopen(os.dup(sys.stdout.fileno()), 'wb')
    sys.stdout = sys.stderr  # whatever is printed must not stand among the messages
    logging.getLogger('pygls.protocol.json_rpc').addFilter(_is_failure)
    try:
        make_server().start_io(stdout=output)
    except (MemoryError, OverflowError):
        raise UsageError('the client sends a message that is longer than there is memory') from None


def _is_failure(record: logging.LogRecord) -> bool:
    """Tell whether a line of the log is about a failure: a request that is refused, or needless by now, is none."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, JsonRpcException) or isinstance(error, JsonRpcInternalError)


def _serve_life(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(ls: Server, params: types.InitializeParams) -> None:
        ls.set_up_diagnostics(params.capabilities)
        ls.set_options(params.initialization_options)
        if ls.pulls:
            options = types.DiagnosticOptions(
                inter_file_dependencies=True, workspace_diagnostics=False, identifier='cfglint'
            )
            ls.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(_diagnostic)

    @server.feature(types.INITIALIZED)
    def initialized(ls: Server, params: types.InitializedParams) -> None:
        _watch(ls)
        ls.load()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configured(ls: Server, params: types.DidChangeConfigurationParams) -> None:
        # Clients send the settings of all servers: only those below our name are ours.
        own = params.settings.get('cfglint') if isinstance(params.settings, dict) else None
        if own is not None and ls.set_options(own):
            ls.load()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
        ls.load()

    @server.feature(types.SHUTDOWN)
    def shutdown(ls: Server, params: Any) -> None:
        ls.background.stop()


def _watch(ls: Server) -> None:
    """Ask the client to tell of files that change on disk."""
    workspace = ls.client_capabilities.workspace
    watched = None if workspace is None else workspace.did_change_watched_files
    if watched is None or not watched.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
    registration = types.Registration('watch', types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    ls.client_register_capability(types.RegistrationParams([registration]))


def _serve_files(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            ls.changed(path, params.text_document.uri, params.text_document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            uri = params.text_document.uri
            ls.changed(path, uri, ls.workspace.get_text_document(uri).source)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            ls.saved(path)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            ls.closed(path)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def changed_on_disk(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
        ls.changed_on_disk([path for each in params.changes if (path := path_of(each.uri)) is not None])


def _diagnostic(ls: Server, params: types.DocumentDiagnosticParams) -> DocumentDiagnosticReport:
    path = path_of(params.text_document.uri)
    return types.RelatedFullDocumentDiagnosticReport([] if path is None else ls.found(path))
