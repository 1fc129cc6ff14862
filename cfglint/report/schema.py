"""The section models as JSON Schema."""

from __future__ import annotations

import json
from typing import Any

from cfglint.sections import SECTIONS, json_schema
from cfglint.usage import UsageError, did_you_mean


def document(section: str | None) -> str:
    """Return the JSON Schema of a section, or of a whole config.

    Raises:
        UsageError: There is no such section.
    """
    if section is not None and section not in SECTIONS:
        hint = did_you_mean(section, SECTIONS) or f'; there are {", ".join(SECTIONS)}'
        raise UsageError(f'there is no section `{section}`{hint}')
    data = _whole() if section is None else json_schema(section)
    return json.dumps(data, indent=2, ensure_ascii=False) + '\n'


def _whole() -> dict[str, Any]:
    """Join the sections; each is a resource of its own, so that its references stay inside of it."""
    properties = {}
    for section in SECTIONS:
        schema = json_schema(section)
        properties[section] = {'$id': f'urn:cfglint:section:{section}', **schema}
    return {
        '$schema': 'https://json-schema.org/draft/2020-12/schema',
        'title': 'An MMEngine config',
        'type': 'object',
        'properties': properties,
    }
