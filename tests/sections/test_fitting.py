"""What is said to fit without pydantic-core, fits for pydantic-core."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import SchemaValidator

from cfglint.language.values import Array, Row, Table
from cfglint.sections.fitting import lacks
from cfglint.sections.validators import COMPILED
from tests.sections.cases import CASES
from tests.sections.test_properties import scalars
from tests.sections.test_schema_files import dicts, objections

MODELS = {where: model['validator'] for where, model in json.loads(Path(COMPILED).read_bytes()).items()}
VALIDATORS = {where: SchemaValidator(model) for where, model in MODELS.items()}
WORDS = [
    word for model in MODELS.values() for field in model['fields'].values() for word in field['schema'].get('expected', ())
]  # fmt: skip
inner = st.one_of(scalars, st.sampled_from(WORDS), st.integers(-2, 3), st.floats(-2, 3))
values = st.one_of(
    inner,
    st.lists(inner, max_size=3),
    st.lists(inner, max_size=3).map(Array),
    st.lists(inner, max_size=3).map(Row),
    st.dictionaries(st.text(max_size=2), inner, max_size=2).map(Table),
)


def agree(where: str, value: dict[Any, Any]) -> bool:
    """Compare what is said without pydantic-core with what it says; tell whether anything was."""
    missing = lacks(where, value)
    if missing is None:
        return False
    refused = objections(VALIDATORS[where].validate_python, value)
    assert [('missing', (name,)) for name in missing] == refused
    return True


@pytest.mark.parametrize('where', MODELS)
def test_opinions_agree_on_all_cases(where: str) -> None:
    """On every dict of every case, whatever it was meant for."""
    told = [agree(where, value) for value in dicts([[case.bad, case.good] for case in CASES])]
    assert any(told) and not all(told)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_opinions_agree_on_any_value_of_any_field(data: st.DataObject) -> None:
    where = data.draw(st.sampled_from(sorted(MODELS)))
    names = st.sampled_from([*MODELS[where]['fields'], 'other'])
    value = data.draw(st.dictionaries(names, values, max_size=4))
    assert agree(where, value) is (lacks(where, value) is not None)


@pytest.mark.parametrize(
    ('fields', 'expected'),
    [
        ({'batch_size': 2, 'num_workers': 2, 'persistent_workers': True, 'dataset': {}}, ()),
        ({'batch_size': 2}, ('dataset',)),
        ({'batch_size': 0, 'dataset': {}}, None),
        ({'batch_sise': 2, 'dataset': {}}, None),
        ({'batch_size': True, 'dataset': {}}, None),
        ({1: 2, 'dataset': {}}, None),
    ],
)
def test_what_is_plain_is_told(fields: dict[Any, Any], expected: tuple[str, ...] | None) -> None:
    assert lacks('dataloaders:DataLoader', fields) == expected


def test_a_model_that_was_not_kept_is_left_to_pydantic() -> None:
    assert lacks('dataloaders:Nothing', {}) is None
