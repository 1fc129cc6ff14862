"""The files of a run: texts that are not saved, what configs resolve to, and what all of them share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.catalog.run_libraries import Libraries
from cfglint.findings import Crash, Dependencies, crash_of, first_line
from cfglint.language.bases import find_package
from cfglint.language.errors import ConfigError
from cfglint.language.files import read
from cfglint.language.loader import MAX_HELD, Loader
from cfglint.language.source import SourceFile
from cfglint.memos import Memos

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cfglint.language.config import Config


class Workspace:
    """What the checks of a run share.

    Args:
        libraries: The releases of libraries that configs are checked against; the newest ones if not given.
        overlay: Texts that go before those on disk, by path; None for a file that counts as absent.
        held: How many configs stay in memory.

    Attributes:
        libraries: The same.
        overlay: The same.
        loader: Loads configs.
        memos: What was found for values, by the name of what looked for it.
    """

    def __init__(
        self,
        libraries: Libraries | None = None,
        overlay: Mapping[str, SourceFile | None] | None = None,
        held: int = MAX_HELD,
    ) -> None:
        self.libraries = Libraries() if libraries is None else libraries
        self.overlay = dict(overlay or {})
        self.loader = CarefulLoader(self.overlay, self.libraries.targets.find_package, held)
        self.memos = Memos()
        self._alone: Workspace | None = None

    def over(self, overlay: Mapping[str, SourceFile | None]) -> Workspace:
        """Return a workspace with the same libraries and other texts that are not saved."""
        return Workspace(self.libraries, overlay)

    def alone(self) -> Workspace:
        """Return the workspace with the same releases of libraries and texts, also later, but without the user's own code."""
        if self._alone is None:
            self._alone = Workspace(Libraries(self.libraries.targets), self.overlay)
        return self._alone

    def change(self, path: str, source: SourceFile | None) -> frozenset[str]:
        """Give a file a text that is not saved, and forget what was read from the one before.

        Args:
            path: The file.
            source: Its text; None if it counts as absent.

        Returns:
            What configs that may have changed have read: the file; its folder, too, where a file appears or goes away.
        """
        if self._alone is not None:
            self._alone.change(path, source)
        existed = self.loader.exists(path)
        self.overlay[path] = source
        return self._forget(path, folder=existed != (source is not None))

    def reread(self, path: str) -> frozenset[str]:
        """Take the text of a file from the disk, where it may have changed; do and return the same as `change`."""
        if self._alone is not None:
            self._alone.reread(path)
        self.overlay.pop(path, None)
        return self._forget(path, folder=True)

    def _forget(self, path: str, *, folder: bool) -> frozenset[str]:
        changed = frozenset({path, os.path.dirname(path)} if folder else {path})
        self.loader.forget_dependents(changed)
        return changed

    def read(self, path: str) -> SourceFile:
        """Return the text of a file, whether or not it is saved.

        Raises:
            ConfigError: It cannot be read.
        """
        return self.loader.read(path)

    def next_file(self) -> bool:
        """Note that the next file begins; tell whether something was forgotten."""
        return self.memos.next_file(self.loader.characters_read)

    def dependencies(self) -> Dependencies:
        """Return what all that was loaded so far depends on."""
        loader, libraries = self.loader, self.libraries
        stated = libraries.targets.stated
        general = stated.touched | libraries.touched
        local_code = libraries.knows_local or stated.has_read_code
        return Dependencies(loader.touched, dict(loader.environment.read), local_code, general)


class CarefulLoader(Loader):
    """A loader whose own failures break one file, not the run; texts in memory go before those on disk."""

    def __init__(
        self,
        changed: Mapping[str, SourceFile | None] | None = None,
        package_root: Callable[[str], str | None] = find_package,
        held: int = MAX_HELD,
    ) -> None:
        super().__init__(package_root, held)
        self.crashes: list[Crash] = []
        self._changed = {} if changed is None else changed

    def load_known(self, path: str, source: SourceFile | None = None) -> Config:
        """Load a config as `Loader.load_known` does."""
        try:
            return super().load_known(path, source)
        except ConfigError:
            raise
        except Exception as error:
            self.crashes.append(crash_of(path, 'reading', error))
            raise ConfigError('', f'cfglint failed to read it ({first_line(error)})') from error

    def read(self, path: str) -> SourceFile:
        """Return the text of a file as `Loader.read` does."""
        if path not in self._changed:
            return read(path)
        changed = self._changed[path]
        if changed is None:
            raise ConfigError('unreadable-file', f'cannot read `{path}`: no such file or directory')
        return SourceFile(path, changed.text)

    def exists(self, path: str) -> bool:
        """Tell whether there is a file as `Loader.exists` does."""
        return self._changed[path] is not None if path in self._changed else super().exists(path)
