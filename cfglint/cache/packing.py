"""What was found, as data for JSON and back: named tuples are lists, and what many files share is written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.catalog.used_libraries import Usage
from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix, Related, Severity
from cfglint.findings import Dependencies, Findings, Outcome, Result
from cfglint.language.places import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

READS = 6
"""Where it stands in what is packed of a file which paths and environment variables that depends on."""
_FLAGS = ('own', 'runnable', 'marked')


class Table:
    """Numbers for objects that many others refer to.

    Attributes:
        rows: The objects, by number.
    """

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, row: Hashable) -> int:
        """Return the number of an object."""
        known = self._numbers.get(row)
        if known is None:
            known = self._numbers[row] = len(self.rows)
            self.rows.append(row)
        return known


class Packer:
    """Packs what was found in single files.

    Attributes:
        diagnostics: The diagnostics that they refer to.
        paths: The paths.
        usages: What they use of the libraries.
    """

    def __init__(self) -> None:
        self.diagnostics = Table()
        self.paths = Table()
        self.usages = Table()

    def part(self, path: str, found: Findings) -> list[Any]:
        """Return what was found in one file."""
        (outcome,) = found.outcomes
        usage = found.usages.get(path)
        return [
            outcome[1:],
            [self.diagnostics.number(each) for each, _ in found.defects.values()],
            [self.diagnostics.number(each) for each in found.pending[path]] if path in found.pending else None,
            self._numbers(found.bases.get(path, ())),
            ''.join(str(int(path in getattr(found, name))) for name in _FLAGS),
            self._numbers(sorted(found.texts)),
            [self._numbers(sorted(found.dependencies.paths)), found.dependencies.environment],
            None if usage is None else self.usages.number(_usage_row(usage)),
        ]

    def _numbers(self, paths: tuple[str, ...] | list[str]) -> list[int]:
        return [self.paths.number(path) for path in paths]


class Unpacker:
    """Unpacks what a `Packer` has packed.

    Args:
        diagnostics: The rows of its tables, as JSON gives them.
        paths: The same.
        usages: The same.
        text: Returns what a file holds.
    """

    def __init__(self, diagnostics: list[Any], paths: list[str], usages: list[Any], text: Callable[[str], str]) -> None:
        self._packed = diagnostics
        self._diagnostics: dict[int, Diagnostic] = {}
        self._paths = paths
        self._usages = [_usage(each) for each in usages]
        self._text = text

    def part(self, path: str, packed: list[Any]) -> Findings:
        """Return what was found in one file."""
        outcome, shown, pending, bases, flags, texts, (reads, environment), usage = packed
        found = Findings()
        found.outcomes = [Outcome(path, *outcome)]
        found.add(path, map(self._diagnostic, shown))
        if pending is not None:
            found.pending[path] = [self._diagnostic(each) for each in pending]
        if outcome[0] != 'no config':
            found.bases[path] = tuple(self._paths[each] for each in bases)
            found.inherited.update(found.bases[path])
        for name, flag in zip(_FLAGS, flags, strict=True):
            if flag == '1':
                getattr(found, name).add(path)
        found.texts = {self._paths[each]: self._text(self._paths[each]) for each in texts}
        found.dependencies = Dependencies({self._paths[each] for each in reads}, environment)
        if usage is not None:
            found.usages[path] = self._usages[usage]
        return found

    def _diagnostic(self, number: int) -> Diagnostic:
        known = self._diagnostics.get(number)
        if known is None:
            known = self._diagnostics[number] = _diagnostic(*self._packed[number])
        return known


def pack_result(result: Result) -> list[Any]:
    """Return what a run concludes."""
    return [result.diagnostics, result.outcomes, result.against, result.refused, result.environment]


def unpack_result(packed: list[Any]) -> Result:
    """Return what `pack_result` has packed; without what was found in single files."""
    diagnostics, outcomes, against, refused, environment = packed
    found = [_diagnostic(*each) for each in diagnostics]
    result = Result(found, [Outcome(*each) for each in outcomes], Findings(), against)
    result.refused, result.environment = refused, environment
    return result


def _usage_row(usage: Usage) -> tuple[Any, ...]:
    legacy = None if usage.legacy is None else _usage_row(usage.legacy)
    unchecked = tuple(sorted(usage.unchecked.items()))
    return tuple(sorted(usage.scopes)), tuple(sorted(usage.libraries)), unchecked, usage.has_own, legacy


def _usage(packed: list[Any]) -> Usage:
    scopes, libraries, unchecked, has_own, legacy = packed
    return Usage(
        frozenset(scopes),
        frozenset(libraries),
        dict(unchecked),
        has_own,
        None if legacy is None else _usage(legacy),
    )


def _diagnostic(
    rule: str,
    family: str,
    severity: int,
    message: str,
    path: str,
    span: list[Any] | None,
    key: str | None,
    related: list[Any],
    fix: list[Any] | None,
    consequence: str,
    advice: list[Any] | None,
    affects: list[str],
    is_upstream: bool,
) -> Diagnostic:
    places = tuple(Related(words, _span(place)) for words, place in related)
    return Diagnostic(
        rule,
        family,
        Severity(severity),
        message,
        path,
        _span(span),
        key,
        places,
        _fix(fix),
        consequence,
        None if advice is None else Advice(*advice),
        tuple(affects),
        is_upstream,
    )


def _span(packed: list[Any] | None) -> Span | None:
    return None if packed is None else Span(*packed)


def _fix(packed: list[Any] | None) -> Fix | None:
    if packed is None:
        return None
    message, edits, applicability, keys = packed
    changes = tuple(Edit(Span(*span), content) for span, content in edits)
    return Fix(message, changes, Applicability(applicability), tuple(keys))
