"""Configs as they are at a revision of git, with all that they inherit there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.changes import Revision
from cfglint.language.errors import ConfigError
from cfglint.language.files import decode
from cfglint.workspace import CarefulLoader

if TYPE_CHECKING:
    from cfglint.language.source import SourceFile


class RevisionLoader(CarefulLoader):
    """A loader that reads files of the repository from a revision; all others are read from disk.

    Args:
        revision: The revision.
    """

    def __init__(self, revision: Revision) -> None:
        super().__init__()
        self._revision = revision

    def read(self, path: str) -> SourceFile:
        """Return the text of a file as `Loader.read` does."""
        if not self._revision.holds(path):
            return super().read(path)
        data = self._revision.contents(path)
        if data is None:
            raise ConfigError('unreadable-file', f'cannot read `{path}`: it is not there at {self._revision.name}')
        return decode(path, data)

    def exists(self, path: str) -> bool:
        """Tell whether there is a file as `Loader.exists` does."""
        return self._revision.has(path) if self._revision.holds(path) else super().exists(path)


def loader_at(revision: str, folder: str) -> RevisionLoader:
    """Return a loader for a revision of the repository that a folder is in.

    Raises:
        UsageError: It is in none, git is missing, or it does not know the revision.
    """
    return RevisionLoader(Revision(folder, revision))
