"""The tables of docs/smoke.md that `tools/smoke_zoo.py` makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.smoke.results import Failure, Report, Result, Status
from tools import smoke_zoo

PAGE = f'before\n\n{smoke_zoo.BEGIN}\nold\n{smoke_zoo.END}\n\nafter\n'
RESULTS = (
    Result('zoo/a/fine.py', Status.OK),
    Result('zoo/b/broken.py', Status.FAILED, failure=Failure('forward', 'an index | is out of bounds\nin a frame')),
)


def test_all_that_did_not_run_is_counted_and_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke_zoo, 'CAUSES', {'b/broken': 'a defect of the library'})
    page = tmp_path / 'page.md'
    page.write_text(PAGE, encoding='utf-8')
    smoke_zoo.write_docs(page, {'mmtoy': Report(RESULTS, {'mmtoy': '1.0'})}, ['--small'])
    lines = page.read_text(encoding='utf-8').splitlines()
    assert (lines[0], lines[-1]) == ('before', 'after') and 'old' not in lines
    assert any(line.startswith('cfglint smoke ') and line.endswith(' --small') for line in lines)
    assert '| mmtoy 1.0 | 2 | 1 | 1 failed |' in lines
    assert '| mmtoy `broken` | forward: an index / is out of bounds | a defect of the library |' in lines


def test_what_nobody_has_explained_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke_zoo, 'CAUSES', {})
    page = tmp_path / 'page.md'
    page.write_text(PAGE, encoding='utf-8')
    with pytest.raises(SystemExit, match=r'mmtoy broken: forward: .*: say why in smoke_zoo\.json'):
        smoke_zoo.write_docs(page, {'mmtoy': Report(RESULTS)}, [])
    assert page.read_text(encoding='utf-8') == PAGE


def test_every_cause_belongs_to_a_config_of_the_list() -> None:
    named = [f'{library}/{name}' for library, names in smoke_zoo.CONFIGS.items() for name in names]
    assert [part for part in smoke_zoo.CAUSES if not any(part in name for name in named)] == []
