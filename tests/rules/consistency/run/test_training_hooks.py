"""When early stopping can stop nothing: how often a run validates, by the real MMEngine."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.language.loader import Loader
from cfglint.rules.context import Context
from cfglint.rules.reading.loop import train_loop, validations
from cfglint.workspace import Workspace
from tests.kit.complete import complete
from tests.kit.repo import diagnose, write
from tests.rules.consistency.recorder import Run

RULE = 'early-stopping-never-stops'
LOOPS = {
    'each epoch': 'by_epoch=True, max_epochs=5',
    'the last one, too': 'by_epoch=True, max_epochs=5, val_interval=2',
    'at the end': 'by_epoch=True, max_epochs=4, val_interval=2',
    'late': 'by_epoch=True, max_epochs=5, val_interval=2, val_begin=3',
    'never': 'by_epoch=True, max_epochs=2, val_begin=3',
    'longer than training': 'by_epoch=True, max_epochs=2, val_interval=5',
    'iterations': 'by_epoch=False, max_iters=7, val_interval=3',
    'late iterations': 'by_epoch=False, max_iters=7, val_interval=3, val_begin=4',
}


@pytest.mark.usefixtures('bare_mmengine')
@pytest.mark.parametrize('loop', LOOPS.values(), ids=LOOPS)
def test_validations_are_as_many_as_mmengine_runs(loop: str, tmp_path: Path) -> None:
    (path,) = write(tmp_path, complete(f'train_cfg = dict({loop})\n'))
    found = train_loop(Context(Loader().load(path), '1.x', is_entry=True, workspace=Workspace()))
    assert found is not None
    assert validations(found) == len(Run(Path(path)).train().validations)


@pytest.mark.parametrize(
    ('loop', 'hook', 'expected'),
    [
        pytest.param('max_epochs=7', '', [], id='more than the default'),
        pytest.param('max_epochs=5', '', ['custom_hooks.0'], id='the default is 5'),
        pytest.param('max_epochs=6', ', patience=5', ['custom_hooks.0.patience'], id='it stops after the last one'),
        pytest.param('max_epochs=7', ', patience=5', [], id='it stops before the last one'),
        pytest.param('max_epochs=5', ', stopping_threshold=0.9', [], id='a threshold'),
        pytest.param('max_epochs=5, dynamic_intervals=[(3, 1)]', '', [], id='intervals that change'),
        pytest.param('max_epochs=2, val_begin=3', '', [], id='no validation is another mistake'),
    ],
)
def test_patience_against_the_number_of_validations(loop: str, hook: str, expected: list[str], tmp_path: Path) -> None:
    text = complete(
        f'train_cfg = dict(by_epoch=True, {loop})\n'
        f"custom_hooks = [dict(type='EarlyStoppingHook', monitor='toy/zeros'{hook})]\n"
    )
    assert [each.key for each in diagnose(tmp_path, text, rules=[RULE])] == expected
