"""The tool that writes facts of datasets and metrics into the files of libraries, on a tiny release."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / 'tools'))

import build_stock_facts
from catalog import library_files

from cfglint.catalog.library_file import library_file, library_names
from tests.kit.repo import write

FILES = {
    'version.py': '',
    'datasets/toy.py': (
        'class ToyDataset(BaseDataset):\n'
        "    METAINFO = dict(classes=('cat', 'dog'))\n\n\n"
        "class ToyPoseDataset(ToyDataset):\n    METAINFO = dict(from_file='configs/_base_/datasets/toy.py')\n"
    ),
    'evaluation/toy.py': (
        'class ToyMetric:\n'
        '    def __init__(self, metric=None):\n'
        "        if metric not in (None, 'dice', 1):\n            raise KeyError(metric)\n"
    ),
    '.mim/configs/_base_/datasets/toy.py': 'dataset_info = dict(keypoint_info={0: dict(), 1: dict(), 2: dict()})\n',
}


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / 'toy-1.0' / 'toy', FILES)
    monkeypatch.setattr(build_stock_facts, 'LIBRARIES', tmp_path)
    return tmp_path


def test_sections_are_replaced_and_others_stay(release: Path) -> None:
    given = {'library': 'toy', 'data': {'layouts': {'toy': 3}, 'choices': {'OldMetric': {'metric': ['a']}}}}
    file = release / 'toy.json'
    file.write_text(json.dumps(given), encoding='utf-8')
    build_stock_facts.main([str(release / 'toy-1.0')])
    assert json.loads(file.read_text(encoding='utf-8')) == {
        'library': 'toy',
        'model': {'dataset_classes': {'ToyDataset': 2}},
        'data': {
            'layouts': {'toy': 3},
            'choices': {'ToyMetric': {'metric': [None, 'dice', 1]}},
            'keypoints': {'toy.py': 3, 'ToyPoseDataset': 3},
            'prefix_dicts': ['ToyDataset', 'ToyPoseDataset'],
        },
    }


def test_a_file_that_does_not_follow_the_schema_is_not_written(release: Path) -> None:
    file = release / 'toy.json'
    file.write_text('{"data": {"layout": {}}}', encoding='utf-8')
    with pytest.raises(ValueError, match=r"toy\.json: DataFacts has no 'layout'"):
        build_stock_facts.main([str(release / 'toy-1.0')])
    assert file.read_text(encoding='utf-8') == '{"data": {"layout": {}}}'


@pytest.mark.parametrize('name', library_names())
def test_the_text_of_a_file_says_the_same(name: str) -> None:
    assert json.loads(library_files.text(library_file(name))) == library_file(name)


def test_what_does_not_fit_stands_on_lines_of_its_own() -> None:
    long = 'x' * 50
    lists, pairs = [long, long, long], {'a': {long: 1}, long: {long: {'b': 2}}}
    lines = library_files.text({'short': [1, {'c': []}], 'lists': lists, 'pairs': pairs}).splitlines()
    assert lines == [
        '{',
        '  "short": [1, {"c": []}],',
        '  "lists": [',
        f'    "{long}", "{long}",',
        f'    "{long}"',
        '  ],',
        '  "pairs": {',
        f'    "a": {{"{long}": 1}},',
        f'    "{long}": {{',
        f'      "{long}": {{"b": 2}}',
        '    }',
        '  }',
        '}',
    ]
