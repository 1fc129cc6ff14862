"""Any tree of configs resolves as MMEngine resolves it; every place is the text that stands there."""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from cfglint.language.config import Config
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from cfglint.language.source import SourceFile
from cfglint.language.values import Array, Origin, Row, Table
from tests.language.oracle import Refusal, cfglint, difference, mmengine, plain, write
from tests.language.strategies import lazy_trees, text_statements, text_trees

DIFFERENTIAL = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def check(files: dict[str, str]) -> None:
    """Compare a tree with MMEngine's own answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), files)  # type: ignore[arg-type]
        theirs, ours = mmengine(path), cfglint(path)
        event('MMEngine refuses' if isinstance(theirs, Refusal) else 'MMEngine accepts')
        assume(not isinstance(ours, Config) or '$unknown' not in str(plain(ours)))
        if isinstance(theirs, Refusal):
            assert isinstance(ours, ConfigError), f'only MMEngine refuses: {theirs}'
            return
        assert isinstance(ours, Config), f'only cfglint refuses: {ours.rule}: {ours.message}'
        where = difference(plain(ours), theirs)
    assert where is None, where


@DIFFERENTIAL
@given(text_trees())
def test_text_style(files: dict[str, str]) -> None:
    check(files)


@DIFFERENTIAL
@given(lazy_trees())
def test_pure_python_style(files: dict[str, str]) -> None:
    check(files)


def origins(value: Any) -> list[Origin]:
    """Return all origins in a value."""
    found: list[Origin] = []
    if isinstance(value, Table):
        found += value.origins.values()
    elif isinstance(value, (Array, Row)):
        assert len(value.origins) == len(value)
        found += [origin for origin in value.origins if origin is not None]
    if isinstance(value, (Table, Array, Row)):
        for item in value.values() if isinstance(value, Table) else value:
            found += origins(item)
    return found


def text_of(source: SourceFile, place: Any) -> str:
    """Return what stands at a place."""
    span = source.span(place)
    return source.text[span.start : span.end]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(text_statements.filter(lambda text: '{{' not in text), max_size=5), st.sampled_from(['\n', '\r\n', '\r'])
)
def test_places_are_what_ast_says(statements: list[str], end: str) -> None:
    lines = [
        '_base_ = []  # é 🐍 \t',
        'model = dict(type="ü", data=dict(x=[1]), é=1);\tdata = dict(x="🐍", y=2)',
        *statements,
    ]
    text = '\n'.join(lines) + '\n'
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), text.replace('\n', end))
        ours = cfglint(path)
    if not isinstance(ours, Config):
        return
    source = ours.source
    for origin in origins(ours.own):
        for place in (origin.key, origin.value):
            if isinstance(place, ast.AST) and getattr(place, 'end_col_offset', None) is not None:
                assert text_of(source, place).replace(end, '\n') == ast.get_source_segment(text, place)


_PIECES = [
    "'{{ fileBasename }}'",
    "'{{$CFGLINT_ABSENT:some/long/default}}'",
    "'{{fileDirname}}/é'",
    "{{'$CFGLINT_ABSENT:5'}}",
    '1',
    "'🐍'",
    '{{_base_.lr}}',
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=4), min_size=1, max_size=4))
def test_places_survive_templates(rows: list[list[str]]) -> None:
    text = "_base_ = 'base.py'\n" + ''.join(f'k{n} = [{", ".join(row)}]; z{n} = 0\n' for n, row in enumerate(rows))
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), {'base.py': 'lr = 1\n', 'config.py': text})
        config = Loader().load(str(path))
    for n, row in enumerate(rows):
        assert [text_of(config.source, origin.value) for origin in config.table[f'k{n}'].origins] == row
        assert text_of(config.source, config.table.origins[f'k{n}'].key) == f'k{n}'
        assert text_of(config.source, config.table.origins[f'z{n}'].key) == f'z{n}'


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    ),
    st.sampled_from([None, 2]),
)
def test_json_is_what_python_says(value: Any, indent: int | None) -> None:
    import json

    from cfglint.language import jsons

    source = SourceFile('x.json', json.dumps(value, indent=indent, ensure_ascii=False))
    result = jsons.parse(source)
    assert result == value
    for origin in origins(result):
        assert json.loads(text_of(source, origin.value)) is not ...
    if isinstance(result, Table):
        for key, origin in result.origins.items():
            assert json.loads(text_of(source, origin.key)) == key
            assert json.loads(text_of(source, origin.value)) == result[key]
