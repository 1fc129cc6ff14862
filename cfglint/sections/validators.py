"""From a model to the function that validates a dict.

The validators of the models are also kept as data, in ``compiled.json``: pydantic-core makes a validator of it in
microseconds, while importing Pydantic and building the models takes longer than everything else that a check of one
file does. What plainly fits needs not even that, see `cfglint.sections.fitting`. `python -m cfglint.sections.export`
writes the file, and a test keeps it in step with the models.
"""

from __future__ import annotations

import json
import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.sections.models.base import Model

COMPILED = os.path.join(os.path.dirname(__file__), 'compiled.json')
_DROPPED = frozenset({'metadata', 'ref', 'serialization', 'default', 'default_factory'})


def model_of(where: str) -> type[Model]:
    """The model, from ``module:Name`` in `cfglint.sections.models`."""
    module, _, name = where.partition(':')
    model: type[Model] = getattr(import_module(f'cfglint.sections.models.{module}'), name)
    return model


def validator_of(where: str) -> Callable[[object], object]:
    """A function that raises ``ValidationError`` on what the model does not accept."""
    from pydantic_core import SchemaError, SchemaValidator

    known = compiled_validator(where)
    if known is not None:
        try:
            return SchemaValidator(known).validate_python
        except SchemaError:
            pass  # this release of pydantic-core describes a schema in another way: let Pydantic do it
    validate: Callable[[object], object] = model_of(where).__pydantic_validator__.validate_python
    return validate


def compiled_validator(where: str) -> dict[str, Any] | None:
    """The validator of a model as data: the core schema of a typed dict; none if it was not kept."""
    known = _compiled().get(where)
    return None if known is None else known['validator']


def needs_of(where: str) -> dict[str, Any]:
    """What is said when a field of a model is missing: for `lacking`."""
    known = _compiled().get(where)
    if known is not None:
        needs: dict[str, Any] = known['needs']
        return needs
    from cfglint.sections.errors import needs as needs_of_model

    return needs_of_model(model_of(where))


def lacking(needs: dict[str, Any], field: str, name: str | None, path: Path) -> Violation:
    """The violation about a missing field; `name` is the class as the config names it."""
    called = name or needs['name']
    what, said = needs['fields'][field]
    said = said or f"TypeError: {call(needs['call'], called)} missing 1 required positional argument: '{field}'"
    advice = Advice(f'add `{field}=…`: {what}' if what else f'add `{field}=…`')
    return Violation(path, 'missing-field', f'`{called}` needs `{field}`', raises=said, advice=advice)


def call(given: str | None, called: str) -> str:
    """How Python names the call of a class or function in its messages."""
    return given or (f'{called}.__init__()' if called[:1].isupper() else f'{called}()')


def compiled(where: str) -> dict[str, Any]:
    """The validator of a model, and what is said of missing fields, as plain data."""
    from cfglint.sections.errors import needs

    model = model_of(where)
    return {'validator': _validator(model), 'needs': needs(model)}


def _validator(model: type[Model]) -> dict[str, Any]:
    model.model_rebuild()
    fields = _plain(model.__pydantic_core_schema__)['schema']['fields']
    return {
        'type': 'typed-dict',
        'extra_behavior': model.model_config['extra'],
        'config': {'strict': True},
        'fields': {
            model.model_fields[name].alias or name: {
                'type': 'typed-dict-field',
                'schema': field['schema'],
                'required': model.model_fields[name].is_required(),
            }
            for name, field in fields.items()
        },
    }


@cache
def _compiled() -> dict[str, Any]:
    try:
        with open(COMPILED, 'rb') as file:
            content: dict[str, Any] = json.load(file)
    except (OSError, ValueError):
        return {}
    return content


def _plain(schema: Any) -> Any:
    """A core schema without what is not data, or does not decide."""
    if isinstance(schema, (list, tuple)):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get('type') == 'default':
        return _plain(schema['schema'])
    return {key: _plain(item) for key, item in schema.items() if key not in _DROPPED}
