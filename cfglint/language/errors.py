"""What the config language refuses, as one exception."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.diagnostics import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cfglint.diagnostics import Advice
    from cfglint.language.places import Place
    from cfglint.language.reads import Reads
    from cfglint.language.source import SourceFile


class Note(NamedTuple):
    """A second place that helps to understand the first, with its words."""

    source: SourceFile
    place: Place
    message: str


class ConfigError(Exception):
    """A config that MMEngine would refuse, at the place where the mistake is.

    Attributes:
        rule: The name of the language rule, such as ``missing-base``.
        message: What is wrong, one sentence.
        source: The file in which the mistake stands; none when the file could not be read at all.
        place: Where in it.
        key: The dotted key that is wrong, if there is one.
        missing: The path of the file that is not there, where nothing of a similar name is.
        folder: The topmost folder that is not there, of a file that is not.
        absent: The name that no base defines, where nothing of a similar name is.
        exception: The name of the exception that Python would raise; ``try`` statements of a config catch by it.
        raises: What MMEngine raises, with its words, where the rule does not declare just that.
        advice: What to do.
        reads: What was read, or looked for, until it was raised; none where no whole file is refused.
        characters: How much text was read until then, for the whole file that is refused.
    """

    def __init__(
        self,
        rule: str,
        message: str,
        source: SourceFile | None = None,
        place: Place | None = None,
        *,
        key: str | None = None,
        exception: str = 'Exception',
        raises: str | None = None,
        advice: Advice | None = None,
        notes: tuple[Note, ...] = (),
    ) -> None:
        self.message = shortened(message)
        super().__init__(self.message)
        self.rule = rule
        self.source = source
        self.place = place
        self.key = key
        self.exception = exception
        self.raises = None if raises is None else shortened(raises)
        self.advice = advice
        self.notes = notes
        self.missing: str | None = None
        self.folder: str | None = None
        self.absent: str | None = None
        self.reads: Reads | None = None
        self.characters = 0

    @property
    def is_bound(self) -> bool:
        """Whether a bound is exceeded: going on, in the file or in one that inherits it, would cost as much again."""
        return self.rule == 'endless-evaluation'

    @property
    def is_local(self) -> bool:
        """Whether the rest of the file can be read nevertheless."""
        return self.rule not in ('endless-evaluation', 'syntax-error')

    def moved(self, source: SourceFile, place: Place, key: str) -> ConfigError:
        """Return the same at another place: where the file is named that could not be read."""
        return ConfigError(
            self.rule,
            self.message,
            source,
            place,
            key=key,
            exception=self.exception,
            raises=self.raises,
            advice=self.advice,
        )

    def beside(self, notes: Iterable[Note]) -> ConfigError:
        """Return the same with further places."""
        found = ConfigError(
            self.rule,
            self.message,
            self.source,
            self.place,
            key=self.key,
            exception=self.exception,
            raises=self.raises,
            advice=self.advice,
            notes=(*self.notes, *notes),
        )
        found.missing = self.missing
        return found

    def bare(self) -> ConfigError:
        """Forget how it came about: an error that is kept must not keep all that was in use when it was raised."""
        self.__traceback__ = self.__context__ = self.__cause__ = None
        return self


def once(errors: Sequence[ConfigError]) -> Iterator[ConfigError]:
    """Yield errors, each cause once.

    A cause is a name that is not defined where it is first read, a folder that is not there for all bases in it, and a
    base that was emptied for all names that a file takes from it.
    """
    told: set[tuple[str, str]] = set()
    for error in errors:
        cause = _cause(error)
        if cause is None or cause not in told:
            yield error if cause is None or cause[0] == 'name' else _joined([e for e in errors if _cause(e) == cause])
        if cause is not None:
            told.add(cause)


def _cause(error: ConfigError) -> tuple[str, str] | None:
    if error.folder is not None:
        return 'folder', error.folder
    if error.absent is not None and error.source is not None:
        return 'absent', error.source.path
    return ('name', error.message) if error.rule == 'undefined-name' else None


def _joined(errors: list[ConfigError]) -> ConfigError:
    """Return the first error of one cause, of those that say what to do, with the places of the others."""
    first = next((each for each in errors if each.advice is not None), errors[0])
    others = [each for each in errors if each is not first]
    found = first.beside(
        Note(each.source, each.place, 'nor is this one there')
        for each in others
        if each.source is not None and each.place is not None
    )
    names = list(dict.fromkeys(f'`{each.absent}`' for each in errors if each.absent is not None))
    if len(names) > 1:
        more = ' and '.join(names) if len(names) == 2 else f'{", ".join(names[:2])} and {len(names) - 2} more'
        found.message = shortened(f'no base defines {more}')
    return found


def nearest(name: str, names: Iterable[object]) -> str | None:
    """Return the most similar of the names, None where none is near; comparing takes quadratic time."""
    known = [each for each in names if isinstance(each, str)]
    if len(name) > 100 or len(known) > 1000:
        return None
    import difflib  # takes longer than most files

    return next(iter(difflib.get_close_matches(name, known, 1, 0.75)), None)
