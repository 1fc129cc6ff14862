"""The exported JSON Schemas: in step with the models, valid, and of the same opinion on the cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic_core import SchemaValidator, ValidationError

from cfglint.sections import SECTIONS, json_schema
from cfglint.sections.export import export, render, render_validators
from cfglint.sections.validators import COMPILED, model_of
from tests.sections.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).parents[2] / 'schemas'


@pytest.mark.parametrize('section', SECTIONS)
def test_file_is_in_step(section: str) -> None:
    written = (FOLDER / f'{section}.json').read_text(encoding='utf-8')
    assert written == render(section), 'run `python -m cfglint.sections.export`'


def test_validators_are_in_step() -> None:
    assert Path(COMPILED).read_text(encoding='utf-8') == render_validators(), 'run `python -m cfglint.sections.export`'


@pytest.mark.parametrize('where', json.loads(Path(COMPILED).read_bytes()))
def test_compiled_validator_is_of_the_same_opinion(where: str) -> None:
    """On every dict of every case, whatever it was meant for."""
    compiled = SchemaValidator(json.loads(Path(COMPILED).read_bytes())[where]['validator']).validate_python
    model = model_of(where).__pydantic_validator__.validate_python
    for value in dicts([[case.bad, case.good] for case in CASES]):
        assert objections(compiled, value) == objections(model, value)


def objections(validate: Callable[[Any], Any], value: Any) -> list[Any]:
    try:
        validate(value)
    except ValidationError as error:
        return [(detail['type'], detail['loc']) for detail in error.errors(include_url=False, include_context=False)]
    return []


def dicts(value: Any) -> Iterator[dict[Any, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        yield from dicts(item)


def test_no_file_is_left_over(tmp_path: Path) -> None:
    assert {file.stem for file in FOLDER.glob('*.json')} == set(SECTIONS)
    (tmp_path / 'gone.json').write_text('{}')
    export(tmp_path)
    assert {file.stem for file in tmp_path.glob('*.json')} == set(SECTIONS)


@pytest.mark.parametrize('section', SECTIONS)
def test_document(section: str) -> None:
    schema = json_schema(section)
    assert schema['$schema'] == 'https://json-schema.org/draft/2020-12/schema'
    assert schema['title'] == section
    json.dumps(schema)
    definitions = schema.get('$defs', {})
    used = {reference.removeprefix('#/$defs/') for reference in references(schema)}
    assert used == set(definitions)


def references(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema['$ref']} if '$ref' in schema else set()
        return own.union(*map(references, schema.values()))
    return set().union(*map(references, schema)) if isinstance(schema, list) else set()
