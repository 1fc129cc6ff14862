"""The words in which checks are written: plain functions on plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.values import Lazy, Opaque, Unknown
from cfglint.sections.violations import Kind, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfglint.diagnostics import Advice

Dict = dict[Any, Any]


def found(
    kind: Kind,
    message: str,
    *path: str | int,
    raises: str | None = None,
    suggestion: str | None = None,
    severity: Severity = 'error',
    advice: Advice | None = None,
    depends_on: tuple[str, ...] = (),
) -> Violation:
    """A violation, in the terms of `Model.relations`; `raises` is what MMEngine raises, `depends_on` names other fields."""
    others = tuple((field,) for field in depends_on)
    return Violation(path, kind, message, suggestion, severity, raises=raises, advice=advice, depends_on=others)


def undecided(value: object) -> bool:
    """Whether only running code would tell the value: then it satisfies everything."""
    kind = type(value)
    return kind is Unknown or kind is Lazy or (kind is Opaque and value.kind not in _CODE)  # type: ignore[attr-defined]


def decided_keys(value: Mapping[Any, Any]) -> bool:
    """Whether all keys are strings; an undecided key may be any key."""
    return _STRINGS.issuperset(map(type, value))


def absent(given: Mapping[Any, Any], *keys: str) -> bool:
    """Whether all keys are missing or None."""
    return all(given.get(key) is None for key in keys)


def quoted(names: Iterable[str]) -> str:
    """Names as they stand in a message."""
    return ', '.join(f'`{name}`' for name in names)


_STRINGS = frozenset({str})
# Python objects of these types are code: never a number, a string or a container.
_CODE = frozenset({'function', 'builtin_function_or_method', 'type', 'module', 'method'})
