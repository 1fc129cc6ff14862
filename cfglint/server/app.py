"""The thin layer between the wire and the features."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from cfglint import __version__
from cfglint.language.source import SourceFile
from cfglint.server.background import Background
from cfglint.server.document import Document
from cfglint.server.messages import Messages
from cfglint.server.options import Options, options_of
from cfglint.server.positions import Positions
from cfglint.server.project import Project
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STATUS = 'cfglint/status'
"""What the server tells when all is checked: of each project the releases that configs are checked against, and the number
of its files; and the versions of the open files that this is about."""


class Server(LanguageServer):
    """The state of the server.

    Attributes:
        projects: The folders that are open, by path; and those of files that belong to none.
        open: The files that are open, with the names that the client has for them.
        positions: Converts places.
        background: Checks what waits.
        pulls: Whether the client asks for the diagnostics of open files.
    """

    def __init__(self) -> None:
        super().__init__('cfglint', __version__)
        self.projects: dict[str, Project] = {}
        self.open: dict[str, str] = {}
        self.positions = Positions()
        self.background = Background(self)
        self._options = Options()
        self._published: dict[str, list[types.Diagnostic]] = {}
        self.pulls = False
        self._problems: set[str] = set()
        self._is_loading = False

    # Projects

    def set_options(self, said: Any) -> bool:
        """Take over what the client says, and tell whether it is something new; what is wrong is told, and does not count."""
        before = self._options
        try:
            self._options = options_of(said)
        except UsageError as error:
            self.warn(str(error))
        return self._options != before

    def load(self) -> None:
        """Read the settings and find the files of all folders, from scratch; what is found there comes later."""
        folders = [path for uri in self.workspace.folders if (path := path_of(uri)) is not None]
        if not folders and self.workspace.root_path:
            folders = [os.path.abspath(self.workspace.root_path)]
        if folders and os.path.isdir(folders[0]):
            os.chdir(folders[0])  # messages name files as seen from there
        texts = {path: self.workspace.get_text_document(uri).source for path, uri in self.open.items()}
        last = {path: config for project in self.projects.values() for path, config in project.last.items()}
        gc.unfreeze()
        self._is_loading = True
        self.projects = {}
        for folder in folders:
            inside = {path: text for path, text in texts.items() if _is_below(path, folder)}
            self._add(Project(folder, self._options, inside), last)
        for path in texts.keys() - {path for project in self.projects.values() for path in project.checks.files}:
            self.project_of(path).checks.change(path, SourceFile(path, texts[path]))
        self.background.restart()

    def project_of(self, path: str) -> Project:
        """Return the project that a file belongs to; one of its own where its folder is not open."""
        above = [root for root in self.projects if _is_below(path, root)]
        if above:
            return self.projects[max(above, key=len)]
        return self._add(Project(os.path.dirname(path), self._options, alone=True), {})

    def _add(self, project: Project, last: dict[str, Any]) -> Project:
        project.last.update({path: config for path, config in last.items() if _is_below(path, project.root)})
        self.projects[project.root] = project
        self.warn(project.problem)
        return project

    def warn(self, words: str) -> None:
        """Tell the user something once."""
        if words and words not in self._problems:
            self._problems.add(words)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f'cfglint: {words}'))

    # Files

    def changed(self, path: str, uri: str, text: str) -> None:
        """Note the text of an open file, if it may be a config or a module."""
        project = self.project_of(path)
        if project.concerns(path, text):
            self.open[path] = uri
            project.checks.change(path, SourceFile(path, text))
            self.background.restart()
        elif path in self.open:
            self.closed(path)

    def closed(self, path: str) -> None:
        """Note that a file is closed."""
        if self.open.pop(path, None) is None:
            return
        project = self.project_of(path)
        project.close(path)
        if project.is_alone and not any(_is_below(each, project.root) for each in self.open):
            del self.projects[project.root]
            for each in [each for each in self._published if _is_below(each, project.root)]:
                self._tell(each, [])
        self.background.restart()

    def saved(self, path: str) -> None:
        """Note that an open file is on disk now: settings, and modules of the user's, count from then on."""
        project = self.project_of(path)
        if project.decides(path):
            self.load()
        elif project.is_module(path):
            project.renew_libraries()
            self.background.restart()

    def changed_on_disk(self, paths: Iterable[str]) -> None:
        """Note that files appeared, changed or went away: the user, git, or another program did it."""
        by_project: dict[str, list[str]] = {}
        for path in paths:
            project = self.project_of(path)
            if project.decides(path):
                self.load()
                return
            if path not in self.open:
                by_project.setdefault(project.root, []).append(path)
        for root, several in by_project.items():
            self.projects[root].changed_on_disk(several)
        self.background.restart()

    def version_of(self, uri: str) -> int | None:
        """Return the version of an open file; None if it is not open."""
        return self.workspace.get_text_document(uri).version if path_of(uri) in self.open else None

    def document(self, uri: str) -> Document | None:
        """Return a file that is open, checked as it stands; None for any other."""
        path = path_of(uri)
        if path is None or path not in self.open:
            return None
        project = self.project_of(path)
        if path in project.checks.waiting:
            project.check_open(path)
            self.publish(project, [path], anew=True)
        return Document(project, path, self.positions)

    # Diagnostics

    def is_pulled(self, path: str) -> bool:
        """Tell whether the client asks for what is found in a file, rather than being told."""
        return self.pulls and path in self.open

    def set_up_diagnostics(self, capabilities: types.ClientCapabilities) -> None:
        """Let clients that can ask do so for open files."""
        document = capabilities.text_document
        self.pulls = document is not None and document.diagnostic is not None
        self.positions = Positions(self.workspace.position_encoding or types.PositionEncodingKind.Utf16)

    def found(self, path: str) -> list[types.Diagnostic]:
        """Return what is to be said of a file now."""
        project = self.project_of(path)
        if path in project.checks.waiting:
            project.check_open(path)
        return self._messages(project, [path])[path]

    def publish(self, project: Project, paths: Sequence[str], *, anew: bool = False) -> None:
        """Tell the client what is found in files, where that is something else than before, or the text is a new one."""
        for path, messages in self._messages(project, paths).items():
            is_pulled = self.is_pulled(path)
            self._tell(path, [] if is_pulled else messages, always=anew and not is_pulled)
        self.warn(project.problem)

    def _tell(self, path: str, messages: list[types.Diagnostic], *, always: bool = False) -> None:
        """Push what is found in a file, where that is something else than before."""
        before = self._published.pop(path, [])
        if messages:
            self._published[path] = messages
        if messages == before and not always:
            return
        uri = self.open.get(path) or uris.from_fs_path(path) or ''
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, messages, self.version_of(uri)))

    def settled(self) -> None:
        """All is checked: let the client ask again, and tell it what was checked."""
        if self._is_loading:
            self._is_loading = False
            gc.collect()
            gc.freeze()  # what stays need not be looked through while something is typed
        workspace = self.client_capabilities.workspace
        if self.pulls and workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            self.workspace_diagnostic_refresh(None)
        for project in self.projects.values():
            for crash in project.checks.crashes():
                self.window_log_message(types.LogMessageParams(types.MessageType.Error, crash.traceback))
        documents = [self.workspace.get_text_document(uri) for uri in self.open.values()]
        versions = [{'uri': each.uri, 'version': each.version} for each in documents]
        self.protocol.notify(STATUS, {'projects': [each.status() for each in self.projects.values()], 'open': versions})

    def _messages(self, project: Project, paths: Sequence[str]) -> dict[str, list[types.Diagnostic]]:
        messages = Messages(self.positions, project.source)
        found = project.diagnostics(paths)
        return {path: [messages.message(each) for each in several] for path, several in found.items()}


def path_of(uri: str) -> str | None:
    """Return the path of a file, None for what is on no disk."""
    path = uris.to_fs_path(uri) if uri.startswith('file:') else None
    return None if path is None else os.path.abspath(path)


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ''))
