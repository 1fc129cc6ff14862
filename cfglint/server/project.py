"""A folder that is open in the editor: its settings, its files, and what is found in them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cfglint import baseline
from cfglint.discover import discover, discover_by_default, excludes_of
from cfglint.engine import Engine
from cfglint.incremental import Incremental
from cfglint.language.bases import EXTENSIONS
from cfglint.language.errors import ConfigError
from cfglint.language.files import is_large
from cfglint.language.source import SourceFile
from cfglint.recognition import data_kind, kind_of_data, why_no_config
from cfglint.report.sources import Sources
from cfglint.selection import per_file_ignores, select_rules
from cfglint.settings import Project as Place
from cfglint.settings import Settings, project
from cfglint.severities import as_settings_say
from cfglint.targeting import libraries_for
from cfglint.usage import UsageError
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.config import Config
    from cfglint.server.options import Options

MAX_FILES = 20_000
"""How many files of a folder are looked at."""
MAX_BESIDE = 500
"""How many files beside an open config are looked at, where it lies in no folder of configs."""
MAX_RESOLVED = 20_000
"""How many types are remembered with what they stand for."""
HELD = 2_000
"""How many resolved configs stay in memory."""
_SETTINGS = ('cfglint.toml', 'pyproject.toml')


class Project:
    """What is known of a folder.

    Args:
        root: The folder.
        options: What the client says.
        texts: The texts of the files that are open, saved or not.
        alone: Whether only these are looked at: the folder is not open itself.

    Attributes:
        root: The same.
        is_alone: Whether only open files are looked at.
        place: The settings, and the folder that their paths are relative to.
        problem: Why the settings do not count, in a line; empty if they do.
        checks: What is found in the files.
        last: The configs of open files as they were when nothing in them was refused.
    """

    def __init__(
        self, root: str, options: Options, texts: Mapping[str, str] | None = None, *, alone: bool = False
    ) -> None:
        self.root = root
        self.is_alone = alone
        self._options = options
        self.problem = ''
        self.last: dict[str, Config] = {}
        self._looked_into: set[str] = set()
        try:
            self._set_up()
        except UsageError as error:
            self.problem = str(error)
            self._options = options._replace(target=(), config=None, python=None)
            self._set_up(isolated=True)
        for path, text in (texts or {}).items():
            self.checks.change(path, SourceFile(path, text))

    def _set_up(self, *, isolated: bool = False) -> None:
        place = Place(Settings(), self.root) if isolated else project(self.root, self._options.config)
        settings = place.settings
        files = [] if self.is_alone else _files(self.root, place)[:MAX_FILES]
        libraries = libraries_for(
            files or [os.path.join(self.root, '_')], place, self._options.target, self._options.python
        )
        engine = Engine(select_rules(settings), per_file_ignores(settings, place.folder))
        self.place = place
        self._found = frozenset(files)
        self.checks = Incremental(engine, Workspace(libraries, held=HELD), files)

    @property
    def workspace(self) -> Workspace:
        """Where the files are."""
        return self.checks.workspace

    def decides(self, path: str) -> bool:
        """Tell whether a file decides how configs are checked: settings, and what says which releases are required."""
        return (
            os.path.basename(path) in _SETTINGS
            or path == self._options.config
            or path in self.workspace.libraries.targets.stated.touched
        )

    def changed_on_disk(self, paths: Sequence[str]) -> None:
        """Note that files appeared, changed or went away; those of configs wait to be checked."""
        modules, new = [], []
        for path in paths:
            if path in self.checks.files and not self.is_module(path):
                self.checks.reread(path)
            elif path.endswith('.py') and why_no_config(self.source(path)) is not None:
                modules.append(path)
            elif os.path.isfile(path):
                new.append(path)
        if new:
            self._found = frozenset(_files(self.root, self.place)[:MAX_FILES])
        for path in self._found.intersection(new):
            self.checks.reread(path)
        if modules:
            self.renew_libraries()

    def concerns(self, path: str, text: str) -> bool:
        """Tell whether a file may be a config, or a module, of ours: editors open JSON and YAML of all kinds, of any size."""
        if is_large(text):
            return False
        if path.endswith('.py') or path in self._found:
            return True
        return path.endswith(EXTENSIONS) and kind_of_data(path, text.encode('utf-8', 'replace')) in ('child', 'config')

    def owns(self, path: str) -> bool:
        """Tell whether a file is the user's own, rather than one of an installed package."""
        return path in self._found or path in self.last or os.path.dirname(path) in self._looked_into

    def is_module(self, path: str) -> bool:
        """Tell whether a file is Python, and no config: the components of configs may be defined there."""
        outcome = self.checks.outcome(path)
        return path.endswith('.py') and outcome is not None and outcome.status == 'no config'

    def close(self, path: str) -> None:
        """Note that a file is not open any more: what is on disk counts, if anything does."""
        self.last.pop(path, None)
        if path in self._found or os.path.dirname(path) in self._looked_into:
            self.checks.reread(path)
        else:
            self.checks.leave(path)

    def renew_libraries(self) -> None:
        """Look into the user's own code once more: all configs may use it."""
        files = sorted(self.checks.files)
        try:
            libraries = libraries_for(files, self.place, self._options.target, self._options.python)
        except UsageError as error:
            self.problem = str(error)
            return
        workspace = Workspace(libraries, self.workspace.overlay, HELD)
        self.checks = Incremental(self.checks.engine, workspace, files)

    def status(self) -> dict[str, Any]:
        """Return what a client may show: the releases that configs are checked against, and how many there are."""
        chosen = self.workspace.libraries.chosen()
        return {
            'root': self.root,
            'targets': [{'library': each.library, 'release': each.release, 'why': each.why} for each in chosen],
            'files': len(self.checks.files),
        }

    def source(self, path: str) -> SourceFile:
        """Return the text of a file, saved or not; an unreadable one is empty."""
        return self.workspace.loader.source(path)

    def config(self, path: str) -> Config | None:
        """Return what a file resolves to; of an open file that is broken, what it did when nothing in it was."""
        try:
            config = self.workspace.loader.load_known(path)
        except ConfigError:
            return self.last.get(path)
        return config if config.refusal is None else self.last.get(path, config)

    def check_open(self, path: str) -> None:
        """Check a file that is open, and note what it resolves to, if nothing in it is refused."""
        if len(self.workspace.libraries.resolved) > MAX_RESOLVED:
            self.renew_libraries()  # every letter of a type that is typed makes a new one
        self.checks.check(path)
        outcome = self.checks.outcome(path)
        if outcome is not None and outcome.status == 'checked' and path not in self._found:
            self._look_beside(path)
        config = self.workspace.loader.held(path)
        if config is not None and config.refusal is None:
            self.last[path] = config

    def _look_beside(self, path: str) -> None:
        """Look at the files beside a config that no folder of configs has: some may inherit it."""
        folder = os.path.dirname(path)
        if folder in self._looked_into:
            return
        self._looked_into.add(folder)
        with suppress(OSError), os.scandir(folder) as entries:
            names = [entry.path for entry in entries if entry.name.endswith(EXTENSIONS) and os.path.isfile(entry.path)]
            self.checks.add(
                each for each in names[:MAX_BESIDE] if each.endswith('.py') or data_kind(each) in ('child', 'config')
            )

    def diagnostics(self, paths: Collection[str]) -> dict[str, list[Diagnostic]]:
        """Return what is to be said of some files, with the severities of the settings and without their baseline."""
        found = self.checks.conclude(paths)
        every = [each for several in found.values() for each in several]
        try:
            every = self._without_known(as_settings_say(every, self.place.settings, self.place.folder), paths)
        except UsageError as error:
            self.problem = str(error)
        kept: dict[str, list[Diagnostic]] = {path: [] for path in found}
        for each in every:
            kept[each.path].append(each)
        return kept

    def _without_known(self, diagnostics: list[Diagnostic], paths: Collection[str]) -> list[Diagnostic]:
        """Leave out what the project's baseline has."""
        if self.place.settings.baseline is None:
            return diagnostics
        path = os.path.join(self.place.folder, self.place.settings.baseline)
        texts = {path: source for path, source in self.workspace.overlay.items() if source is not None}
        return baseline.compare(
            baseline.load(path), diagnostics, Sources(texts), os.path.dirname(path), sorted(paths)
        ).new


def _files(root: str, place: Place) -> list[str]:
    """Return what `cfglint check` looks at in a folder; nothing, where no folder is one of configs: not all that editors open is."""
    excludes = excludes_of(place.settings, place.folder)
    if place.settings.paths:
        return discover([os.path.join(place.folder, path) for path in place.settings.paths], excludes).files
    try:
        return discover_by_default(root, excludes, anywhere=False).files
    except UsageError:
        return []
