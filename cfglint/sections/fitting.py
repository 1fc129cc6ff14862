"""What plainly fits a model, seen without pydantic-core: importing that takes longer than checking a file.

Only what is sure is said here. pydantic-core decides the rest, and a test compares the two.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cfglint.sections.validators import compiled_validator

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.sections.terms import Dict

_ANY = {'type': 'any'}
_EXACT = 2**53
"""Integers below it are floats as well, without a loss."""


def lacks(where: str, value: Dict) -> tuple[str, ...] | None:
    """Return the required fields that a dict lacks if all that it has fits for sure, else None.

    Args:
        where: The model, as ``module:Name`` in `cfglint.sections.models`.
        value: The dict; only read.
    """
    known = _known(where)
    if known is None:
        return None
    fields, required, takes_others = known
    for key, item in value.items():
        if key in fields:
            schema = fields[key]
            if schema is not None and not _fits(schema, item):
                return None
        elif not takes_others or type(key) is not str:
            return None
    return tuple(name for name in required if name not in value)


@cache
def _known(where: str) -> tuple[dict[str, Any], tuple[str, ...], bool] | None:
    """Return the schemas of a model's fields (none where anything fits), the names of those that it requires, and whether
    it takes others."""
    model = compiled_validator(where)
    if model is None:
        return None
    fields = model['fields']
    required = tuple(name for name, field in fields.items() if field['required'])
    schemas = {name: None if field['schema'] == _ANY else field['schema'] for name, field in fields.items()}
    return schemas, required, model['extra_behavior'] != 'forbid'


def _fits(schema: dict[str, Any], value: object) -> bool:
    kind = schema['type']
    return kind in _SURE and _SURE[kind](schema, value)


def _is_number(schema: dict[str, Any], value: Any) -> bool:
    if type(value) is not int and (type(value) is not float or schema['type'] != 'float'):
        return False
    return _is_within(schema, value) if len(schema) > 1 else -_EXACT < value < _EXACT


def _is_text(schema: dict[str, Any], value: Any) -> bool:
    return type(value) is str and _is_within(schema, value)


def _is_within(schema: dict[str, Any], value: Any) -> bool:
    return all(name in _LIMITS and _LIMITS[name](value, limit) for name, limit in schema.items() if name != 'type')


def _is_list(schema: dict[str, Any], value: Any) -> bool:
    return isinstance(value, list) and all(_fits(schema['items_schema'], item) for item in value)


def _is_tuple(schema: dict[str, Any], value: Any) -> bool:
    items = schema['items_schema']
    return len(items) == 1 and isinstance(value, tuple) and all(_fits(items[0], item) for item in value)


def _is_dict(schema: dict[str, Any], value: Any) -> bool:
    keys, values = schema['keys_schema'], schema['values_schema']
    return isinstance(value, dict) and all(_fits(keys, key) and _fits(values, item) for key, item in value.items())


_LIMITS: dict[str, Callable[[Any, Any], bool]] = {
    'gt': lambda value, limit: value > limit,
    'ge': lambda value, limit: value >= limit,
    'lt': lambda value, limit: value < limit,
    'le': lambda value, limit: value <= limit,
    'min_length': lambda value, limit: len(value) >= limit,
}
_SURE: dict[str, Callable[[dict[str, Any], Any], bool]] = {
    'any': lambda schema, value: True,
    'bool': lambda schema, value: type(value) is bool,
    'int': _is_number,
    'float': _is_number,
    'str': _is_text,
    'literal': lambda schema, value: type(value) is str and value in schema['expected'],
    'nullable': lambda schema, value: value is None or _fits(schema['schema'], value),
    'union': lambda schema, value: any(_fits(choice, value) for choice in schema['choices']),
    'list': _is_list,
    'tuple': _is_tuple,
    'dict': _is_dict,
}
