"""Config values as JSON, without losing what JSON lacks: tuples, classes, unknown values, non-string keys."""

from __future__ import annotations

import json
import math
from typing import Any

from cfglint.language.values import Lazy, Opaque, Unknown


def encode(value: Any) -> Any:
    """Return `value` as plain JSON data.

    A tuple is ``{"$tuple": […]}``, an unknown value ``{"$unknown": "reason"}``, a lazily imported object
    ``{"$lazy": "package.module.Name"}``, any other object ``{"$repr": "type"}``; see also ``$float``, ``$set``,
    ``$bytes`` and ``$dict`` (for keys that are no strings).
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {'$float': repr(value)}
    if isinstance(value, dict):
        return _encode_dict(value)
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, tuple):
        return {'$tuple': [encode(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {'$set': sorted((encode(item) for item in value), key=json.dumps)}
    if isinstance(value, bytes):
        return {'$bytes': value.hex()}
    return _encode_object(value)


def _encode_dict(value: dict[Any, Any]) -> Any:
    if all(isinstance(key, str) for key in value):
        return {key: encode(item) for key, item in value.items()}
    return {'$dict': [[encode(key), encode(item)] for key, item in value.items()]}


def _encode_object(value: Any) -> dict[str, str]:
    if isinstance(value, Unknown):
        return {'$unknown': value.reason}
    if isinstance(value, Lazy):
        return {'$lazy': value.name}
    return {'$repr': value.kind if isinstance(value, Opaque) else type(value).__name__}
