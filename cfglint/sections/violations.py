"""What the models say against a section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from cfglint.diagnostics import Advice

Path = tuple[str | int, ...]
Kind = Literal['unknown-field', 'missing-field', 'wrong-type', 'out-of-range', 'invalid-choice', 'conflict']
Severity = Literal['error', 'warning']


class Violation(NamedTuple):
    """One way in which a section is not what MMEngine expects there."""

    path: Path
    """Below the section; the empty path is the section itself. A missing field is reported where it is missing."""
    kind: Kind
    message: str
    suggestion: str | None = None
    """The valid field or choice that was probably meant."""
    severity: Severity = 'error'
    certain: bool = False
    """Whether the suggestion is known to be what the field is called; else it is the nearest name, a guess."""
    raises: str | None = None
    """What MMEngine raises, such as ``KeyError: 'type'``; none if it raises nothing, or if that is not known."""
    ignored: bool = False
    """Whether MMEngine ignores the field."""
    advice: Advice | None = None
    """What to do, where it is more than to take the suggestion."""
    depends_on: tuple[Path, ...] = ()
    """The other values that it depends on: with another one of these, nothing would be wrong."""
