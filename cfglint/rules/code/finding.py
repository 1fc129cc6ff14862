"""What a rule says of a module of the user's code, whichever configs lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from cfglint.diagnostics import Diagnostic, Related, shortened

if TYPE_CHECKING:
    from cfglint.code.module import Code
    from cfglint.code.successors import Releases
    from cfglint.diagnostics import Advice, Fix, Severity
    from cfglint.language.places import Span
    from cfglint.rules.declaration import Rule


Look = Callable[['Code', 'Releases'], Iterable['Finding']]
"""Looks at a module, with the releases that it is checked against."""


class Finding(NamedTuple):
    """Something that is wrong with a module.

    Attributes:
        span: The place.
        message: What is wrong, one sentence.
        raises: What Python raises when it gets there.
        advice: What to do.
        fix: What to change.
        severity: How bad it is, if not as bad as the rule declares.
        related: Further places.
    """

    span: Span
    message: str
    raises: str | None = None
    advice: Advice | None = None
    fix: Fix | None = None
    severity: Severity | None = None
    related: tuple[Related, ...] = ()

    def diagnostic(self, rule: Rule) -> Diagnostic:
        """Return the diagnostic of a rule."""
        severity = rule.severity if self.severity is None else self.severity
        consequence = shortened(rule.consequence(severity, self.raises, ignored=False))
        message = shortened(self.message)
        return Diagnostic(
            rule.name,
            rule.family,
            severity,
            message,
            self.span.path,
            self.span,
            related=self.related,
            fix=self.fix,
            consequence=consequence,
            advice=self.advice,
        )
