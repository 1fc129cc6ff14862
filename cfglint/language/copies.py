"""Copies of values, as Python and MMEngine make them. Origins are kept."""

from __future__ import annotations

from typing import Any

from cfglint.language.values import Array, ConfigTable, Opaque, Row, Table

UNCOPYABLE = frozenset({'generator', 'module', 'dict_keys', 'dict_values', 'dict_items'})
"""The kinds of objects that ``copy.deepcopy`` refuses: MMEngine copies every text-style config."""


def deep_copy(value: Any, memo: dict[int, Any]) -> Any:
    """Copy containers as ``copy.deepcopy`` does: what is shared inside stays shared.

    The value must have passed `expanded_size`.
    """
    if not isinstance(value, (Table, Array, Row, set)):
        if isinstance(value, Opaque) and value.kind in UNCOPYABLE:
            raise TypeError(f"cannot pickle '{value.kind}' object")
        return value
    known = memo.get(id(value))
    if known is not None:
        return known
    result: Any
    if isinstance(value, Table):
        result = type(value)({}, dict(value.origins))
        memo[id(value)] = result
        for key, item in value.items():
            result[key] = deep_copy(item, memo)
        return result
    if isinstance(value, Array):
        result = Array((), [])
        memo[id(value)] = result
        result.extend(deep_copy(item, memo) for item in value)
        result.origins = list(value.origins)
        return result
    result = set(value) if isinstance(value, set) else Row([deep_copy(item, memo) for item in value], value.origins)
    memo[id(value)] = result
    return result


def config_copy(value: Any, sets: dict[int, set[Any]] | None = None) -> Any:
    """Copy as MMEngine does to hand a base out (``Config._dict_to_config_dict``): nothing stays shared.

    But for sets: it copies none here, while ``Config._substitute_base_vars`` has copied each container by itself, when the
    base was read. So one set is shared by the items of a container, and by nothing else.

    Args:
        value: The base, or a part of it.
        sets: The copies of sets in the container that holds the value, by the identity of the sets.
    """
    if isinstance(value, set):
        return set(value) if sets is None else sets.setdefault(id(value), set(value))
    if not isinstance(value, (Table, Array, Row)):
        return value
    inner: dict[int, set[Any]] = {}
    if isinstance(value, Table):
        return ConfigTable({key: config_copy(item, inner) for key, item in value.items()}, dict(value.origins))
    if isinstance(value, Array):
        return Array([config_copy(item, inner) for item in value], list(value.origins))
    return Row([config_copy(item, inner) for item in value], value.origins)


def shallow_copy(value: Any) -> Any:
    """Copy the outermost container only."""
    if isinstance(value, Table):
        return type(value)(value, dict(value.origins))
    if isinstance(value, Array):
        return Array(value, list(value.origins))
    return set(value) if isinstance(value, set) else value


def as_config(value: Any) -> Any:
    """Convert as ``ConfigDict._hook`` does: plain dicts below become ``ConfigDict`` copies, lists are rebuilt."""
    if isinstance(value, ConfigTable):
        return value
    if isinstance(value, Table):
        return ConfigTable({key: as_config(item) for key, item in value.items()}, dict(value.origins))
    if isinstance(value, Array):
        return Array([as_config(item) for item in value], list(value.origins))
    if isinstance(value, Row):
        return Row([as_config(item) for item in value], value.origins)
    return value


def plain_copy(value: Any) -> Any:
    """Convert as ``ConfigDict.to_dict`` does: plain dicts throughout."""
    if isinstance(value, Table):
        return Table({key: plain_copy(item) for key, item in value.items()}, dict(value.origins))
    if isinstance(value, Array):
        return Array([plain_copy(item) for item in value], list(value.origins))
    if isinstance(value, Row):
        return Row([plain_copy(item) for item in value], value.origins)
    return value


def placed(value: Any) -> Any:
    """Turn what a Python function returned into a value of a config: containers without origins."""
    kind = type(value)
    if kind is list:
        return Array(value)
    if kind is tuple:
        return Row(value)
    if kind is dict:
        return Table(value)
    return value
