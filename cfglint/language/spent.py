"""What reading a config has cost so far: a bound holds for a file with all that it inherits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.language.bases import FILE_COST, MAX_CHARACTERS, TooMuch
from cfglint.language.evaluation.limits import MAX_BYTES, MAX_STEPS

if TYPE_CHECKING:
    from cfglint.language.config import Config
    from cfglint.language.places import Place
    from cfglint.language.source import SourceFile


class _Work(NamedTuple):
    """What evaluating files takes."""

    steps: int
    made: int


class _File:
    """What was spent for one file that is being loaded."""

    def __init__(self) -> None:
        self.characters = FILE_COST
        self.evaluated: dict[int, _Work] = {}
        """By base: one that a file imports from again is not evaluated again."""


class Spent:
    """What was spent so far for the files that are being loaded: one, its base, a base of that…"""

    def __init__(self) -> None:
        self._files: list[_File] = []

    def begin(self) -> None:
        """Begin to load a file."""
        self._files.append(_File())

    def end(self) -> None:
        """End loading the innermost file."""
        self._files.pop()

    @property
    def characters(self) -> int:
        """How much text was read for the innermost file, with what it inherits."""
        return self._files[-1].characters

    def read(self, characters: int, source: SourceFile, place: Place) -> None:
        """Count text that was read for what `source` names at `place`.

        Raises:
            TooMuch: It is too much, with all that was read before for the file that is loaded.
        """
        self._files[-1].characters += characters
        if sum(file.characters for file in self._files) > MAX_CHARACTERS:
            files, size = MAX_CHARACTERS // FILE_COST, MAX_CHARACTERS >> 10
            raise TooMuch(
                f'with what it inherits, MMEngine would read more than {files} files, or {size} kB', source, place
            )

    def evaluated(self, base: Config, source: SourceFile, place: Place) -> None:
        """Count what evaluating a base took that `source` names at `place`.

        Raises:
            TooMuch: It is too much, with all that was evaluated before for the file that is loaded.
        """
        self._files[-1].evaluated[id(base)] = _Work(base.steps, base.made)
        work = [each for file in self._files for each in file.evaluated.values()]
        if sum(each.steps for each in work) > MAX_STEPS or sum(each.made for each in work) > MAX_BYTES:
            message = 'evaluation stopped: with what it inherits, this file computes more than a config should'
            raise TooMuch(message, source, place)
