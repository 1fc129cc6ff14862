"""The JSON Schema of the results, from the classes that hold them."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from cfglint.smoke.report.details import Details
from cfglint.smoke.results import Result


def document() -> str:
    """Return the schema, as it stands in `schemas/output/smoke.json`."""
    schema = TypeAdapter(list[Result]).json_schema()
    details = TypeAdapter(Details).json_schema()
    schema['$defs'].update(details.pop('$defs'), Details=details)
    schema['$defs']['Result']['properties']['details'] = {'$ref': '#/$defs/Details'}
    device = _object({'name': {'type': 'string'}, 'memory': {'type': ['integer', 'null'], 'description': 'In bytes.'}})
    versions = {'type': 'object', 'additionalProperties': {'type': ['string', 'null']}}
    properties = {
        'cfglint': {'type': 'string', 'description': 'Its version.'},
        'versions': {**versions, 'description': 'Of Python, torch and the libraries in the training environment.'},
        'devices': {'type': 'array', 'items': device, 'description': 'The devices that were used.'},
        'results': {'type': 'array', 'items': schema['items']},
    }
    whole = {
        '$schema': 'https://json-schema.org/draft/2020-12/schema',
        'title': 'What `cfglint smoke --output-format json` prints',
        **_object(properties),
        '$defs': schema['$defs'],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + '\n'


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {'type': 'object', 'properties': properties, 'required': list(properties)}
