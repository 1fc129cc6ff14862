"""Documents for the tests of features: a folder of configs, and the place of `|` in one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cfglint.server.document import Document
from cfglint.server.options import Options
from cfglint.server.positions import Positions
from cfglint.server.project import Project
from tests.kit.repo import write

if TYPE_CHECKING:
    from lsprotocol import types


class Repo:
    """A folder with some configs, all of them checked.

    Args:
        folder: Where it is made.
        files: Texts by name.
    """

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        self.folder = folder
        (folder / '.git').mkdir(exist_ok=True)
        write(folder, files)
        self.project = Project(str(folder), Options())
        self.settle()

    def settle(self) -> None:
        """Check all that waits."""
        while self.project.checks.check_next() is not None:
            pass

    def path(self, name: str) -> str:
        """Return the path of a file."""
        return str(self.folder / name)

    def at(self, name: str, text: str | None = None) -> tuple[Document, types.Position]:
        """Open a file with a text, in which `|` marks a place; return the file, and the place."""
        from cfglint.language.source import SourceFile

        text = Path(self.path(name)).read_text(encoding='utf-8') if text is None else text
        offset = text.index('|') if '|' in text else 0
        path = self.path(name)
        source = SourceFile(path, text.replace('|', '', 1))
        if path not in self.project.last:
            self.project.check_open(path)
        self.project.checks.change(path, source)
        self.project.check_open(path)
        self.settle()
        positions = Positions()
        return Document(self.project, path, positions), positions.position(source, offset)

    def text(self, location: types.Location) -> str:
        """Return ``name:row:text`` of a place."""
        path = location.uri.removeprefix('file://')
        source = self.project.source(path)
        positions = Positions()
        start, end = (positions.offset(source, each) for each in (location.range.start, location.range.end))
        return f'{Path(path).relative_to(self.folder)}:{location.range.start.line + 1}:{source.text[start:end]}'
