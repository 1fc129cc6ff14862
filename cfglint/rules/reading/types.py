"""Reading what a `type` says: the name, the package from which MMEngine would take it, whether it is MMEngine's own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.run_libraries import UNKNOWN_SCOPE
from cfglint.language.values import Lazy


class ClassName(NamedTuple):
    """The class that a config names: its package and its name."""

    package: str
    name: str


def type_name(value: Any) -> str | None:
    """Return the name in a `type` without scope or module: ``Resize`` for ``'mmdet.Resize'`` or a lazy class."""
    if isinstance(value, Lazy):
        value = value.name
    return value.rpartition('.')[2] if isinstance(value, str) else None


def class_name(value: dict[Any, Any], scope: str) -> ClassName | None:
    """Return the class that a dict names by its `type`, as MMEngine would look for it. None without a literal type."""
    kind = value.get('type')
    if not isinstance(kind, (str, Lazy)):
        return None
    inner = value.get('_scope_')
    return _class_name(kind, inner if isinstance(inner, str) else scope)


@lru_cache(maxsize=8192)
def _class_name(kind: str | Lazy, scope: str) -> ClassName | None:
    name = type_name(kind)
    assert name is not None
    prefix, dot, _ = (kind.name if isinstance(kind, Lazy) else kind).partition('.')
    package = prefix if dot else scope
    return None if package == UNKNOWN_SCOPE else ClassName(package, name)


def mmengine_type(value: Any) -> str | None:
    """Return the class that a dict names, if that is MMEngine's own: without a scope, or with its.

    The `_scope_` that MMEngine adds to what it takes from a library's package is that library's, which falls back to MMEngine.
    """
    if not isinstance(value, dict):
        return None
    kind = value.get('type')
    if isinstance(kind, Lazy):
        package, _, name = kind.name.rpartition('.')
        return name if package.split('.')[0] == 'mmengine' else None
    if not isinstance(kind, str) or not _falls_back(value.get('_scope_')):
        return None
    scope, _, name = kind.rpartition('.')
    return name if not scope or scope.split('.')[0] == 'mmengine' else None


def _falls_back(scope: Any) -> bool:
    """Tell whether types are looked up in MMEngine's registries, too, where the library of a `_scope_` has none of the name."""
    return scope in (None, 'mmengine') or (isinstance(scope, str) and libraries.library_of(scope) is not None)
