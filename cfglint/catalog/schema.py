"""Named tuples from JSON: plain data that is checked, without the time that importing Pydantic takes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar('T')


def build(kind: type[T], value: Any, where: str) -> T:
    """Return a named tuple, with all that is inside of it, from what JSON holds.

    Args:
        kind: The class; its annotations are the schema.
        value: What JSON holds.
        where: What to name in errors.

    Raises:
        ValueError: A field is not known, is missing, or has a value of another type.
    """
    hints = _hints(cast('Hashable', kind))
    if not isinstance(value, dict):
        raise ValueError(f'{where}: a {kind.__name__} is a dict, not {value!r}')
    if unknown := sorted(value.keys() - hints.keys()):
        raise ValueError(f'{where}: {kind.__name__} has no {unknown[0]!r}')
    found = {name: _built(hints[name], each, f'{where}: {name}') for name, each in value.items()}
    try:
        return kind(**found)
    except TypeError as error:
        raise ValueError(f'{where}: {error}') from None


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _built(kind: Any, value: Any, where: str) -> Any:
    """Return a value of an annotation."""
    if kind is Any:
        return _with_tuples(value)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal and value in parts:
        return value
    if origin in (UnionType, Union):
        if value is None and NoneType in parts:
            return None
        *others, last = (each for each in parts if each is not NoneType)
        fitting = (each for each in others if isinstance(value, each))
        return _built(next(fitting, last), value, where)
    if origin is Mapping and isinstance(value, dict):
        return {key: _built(parts[1], each, f'{where}.{key}') for key, each in value.items()}
    if origin is tuple and isinstance(value, (list, tuple)):
        kinds = [parts[0]] * len(value) if parts[-1] is Ellipsis else parts
        if len(kinds) == len(value):
            return tuple(_built(each, item, where) for each, item in zip(kinds, value, strict=True))
    if origin is frozenset and isinstance(value, (list, tuple)):
        return frozenset(_built(parts[0], item, where) for item in value)
    if origin is None and hasattr(kind, '_fields'):
        return build(kind, value, where)
    if origin is None and isinstance(value, (int, float) if kind is float else kind):
        return value
    raise ValueError(f'{where}: {value!r} is no {kind}')


def _with_tuples(value: Any) -> Any:
    """Return a value with tuples for what stands for them: `{"$tuple": [1, 5]}`."""
    if isinstance(value, dict):
        if value.keys() == {'$tuple'}:
            return tuple(map(_with_tuples, value['$tuple']))
        return {key: _with_tuples(each) for key, each in value.items()}
    return [_with_tuples(each) for each in value] if isinstance(value, list) else value
