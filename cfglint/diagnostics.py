"""What cfglint says about configs: values that can be sorted, hashed and compared."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cfglint.language.places import Span


class Severity(IntEnum):
    """How bad it is. Ordered, so `>=` selects."""

    INFO = 1
    """Advice: it works, but hurts; or the answer needs a person's knowledge."""
    WARNING = 2
    """It runs, most likely not as meant."""
    ERROR = 3
    """MMEngine raises, or ignores what was meant."""

    def __str__(self) -> str:
        return self.name.lower()


class Applicability(IntEnum):
    """How much a fix may be trusted. Ordered, so `>=` selects what to apply."""

    DISPLAY = 0
    """Only a suggestion: a person has to finish it."""
    UNSAFE = 1
    """Changes what MMEngine, the library or their tools read, or may lose a comment."""
    SAFE = 2
    """Changes nothing of what anything reads: it removes what nothing reads, or renames what MMEngine refuses."""

    def __str__(self) -> str:
        return self.name.lower()


class Edit(NamedTuple):
    """Replace a span by `content`."""

    span: Span
    content: str


class Fix(NamedTuple):
    """Edits that belong together, across files where needed: all or none."""

    message: str
    """In the imperative: "Remove `_delete_`"."""
    edits: tuple[Edit, ...]
    applicability: Applicability
    keys: tuple[str, ...] = ()
    """The dotted keys of the resolved config that it adds, changes or removes; ``*.name`` is a key in any dict.

    A fix that changes more is not applied."""

    def joined(self, *others: Fix) -> Fix:
        """Return one fix for a defect that several configs, or several keys of one, show."""
        fixes = (self, *others)
        edits = tuple(dict.fromkeys(edit for fix in fixes for edit in fix.edits))
        keys = tuple(dict.fromkeys(key for fix in fixes for key in fix.keys))
        return Fix(self.message, edits, min(fix.applicability for fix in fixes), keys)


class Related(NamedTuple):
    """Another place, or only words, that help to understand a diagnostic."""

    message: str
    span: Span | None = None


TODO = '# TODO(cfglint): '
"""How a comment begins that says what a person has to do."""

QUESTION = 'decide by hand: '
"""How advice begins that leaves something open."""


class Advice(NamedTuple):
    """What to do about a diagnostic.

    Attributes:
        text: The imperative: what to write, and where.
        code: Python (or YAML) that can be pasted as it stands; none where there is nothing to paste.
    """

    text: str
    code: str | None = None


class Diagnostic(NamedTuple):
    """One defect, or one piece of advice.

    Attributes:
        rule: The name of the rule, in kebab-case.
        family: The family of the rule.
        severity: How bad it is.
        message: What is wrong, one sentence, the user's words in backticks.
        path: The file that it is about.
        span: Where; none when the file as a whole is meant.
        key: The dotted key, such as ``default_hooks.checkpoint.interval``; list items are numbers.
        related: Further places.
        fix: What to change, if that is known.
        consequence: What MMEngine does, after "MMEngine": ``raises KeyError: 'model'`` or ``ignores it``; may be empty.
        advice: What to do, if that is known.
        affects: The paths of the other configs that show it, sorted.
        is_upstream: Whether it is a library's own defect, in a file that equals its release's.
    """

    rule: str
    family: str
    severity: Severity
    message: str
    path: str
    span: Span | None = None
    key: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    consequence: str = ''
    advice: Advice | None = None
    affects: tuple[str, ...] = ()
    is_upstream: bool = False

    def sort_key(self) -> tuple[str, int, int, str, str, str]:
        """Order by place, then by rule."""
        start, end = (self.span.start, self.span.end) if self.span is not None else (-1, -1)
        return self.path, start, end, self.rule, self.key or '', self.message


MAX_TEXT = 1000
"""Characters of a message, or of a key: what is longer is a name or a value that nobody reads to its end."""


def shortened(text: str, length: int = MAX_TEXT) -> str:
    """Return a text without its middle if it has more characters than `length`."""
    return text if len(text) <= length else f'{text[: length // 2]} … {text[-length // 4 :]}'
