"""What became of components: every row of the libraries' files is true of the newest release."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cfglint.catalog import libraries
from cfglint.catalog.installation import Installation
from cfglint.catalog.library_facts import known, library
from cfglint.catalog.library_index import gone, old_arguments, taken_over
from cfglint.catalog.successors import argument_instead, row_of, type_instead
from cfglint.catalog.targets import Targets

ROWS = [(scope, kind) for scope, rows in gone().items() for kind in rows]


@pytest.mark.parametrize(
    ('name', 'scope', 'to'),
    [
        ('Collect', 'mmdet', 'PackDetInputs'),
        ('RResize', 'mmrotate', 'mmdet.Resize'),
        ('EpochBasedRunner', 'mmdet', 'EpochBasedTrainLoop'),
        ('RetinaHead', 'mmdet', None),
        ('MMDetWandbHook', 'mmdet', None),
    ],
)
def test_types(name: str, scope: str, to: str | None) -> None:
    assert type_instead(name, scope) == to


def test_arguments() -> None:
    assert argument_instead('RandomFlip', 'mmdet', 'flip_ratio') == 'prob'
    assert argument_instead('RandomFlip', 'mmengine', 'flip_ratio') == 'prob'
    assert argument_instead('RandomFlip', 'mmdet', 'other') is None


def test_scopes() -> None:
    assert taken_over()['mmcls'] == 'mmpretrain' and 'mmdet' not in taken_over()


@pytest.fixture(scope='module')
def installations() -> dict[str, Installation]:
    return {scope: Targets(installed=lambda distribution: None).installation([scope], None, era=1) for scope in gone()}


@pytest.mark.parametrize(('scope', 'kind'), ROWS)
def test_what_is_gone_is_gone_and_its_successor_is_there(
    scope: str, kind: str, installations: dict[str, Installation]
) -> None:
    row, installation = row_of(kind, scope), installations[scope]
    assert (row is not None and installation.find(kind, None, scope) is None) or libraries.library_of(scope) is None
    if row is not None and row.facts.type is not None and row.facts.todo is None and installation.has_scope(scope):
        assert installation.find(row.facts.type, None, scope) is not None, row.facts.type


@pytest.mark.parametrize('scope', old_arguments())
def test_old_arguments_are_refused_and_new_ones_are_taken(scope: str, installations: dict[str, Installation]) -> None:
    installation = installations[scope]
    for kind, names in old_arguments()[scope].items():
        found = installation.find(kind, None, scope)
        if found is None or found.kind == 'unknown':
            continue
        signature = installation.signature(found)
        for name in names:
            assert signature.accepts(name) is False, (kind, name)
            new = argument_instead(kind, scope, name)
            assert new is None or signature.accepts(new) is not False, (kind, name, new)


@pytest.mark.parametrize('name', known())
def test_a_library_says_which_release_brought_it(name: str) -> None:
    assert library(name).since


def test_the_index_is_what_the_tool_makes_of_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / 'tools'))
    import build_library_index

    assert json.loads(build_library_index.PLACE.read_text(encoding='utf-8')) == build_library_index.build()
    sys.modules.pop('build_library_index')
