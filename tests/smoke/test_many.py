"""Many configs: jobs, twins, resuming; and environments that can't run any."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from cfglint.smoke.options import Options
from cfglint.smoke.results import Result, Status
from cfglint.smoke.run import Smoke
from tests.smoke.conftest import TOY, run_batch, write_configs

if TYPE_CHECKING:
    from pathlib import Path


def test_jobs_run_side_by_side_and_twins_once(tmp_path: Path) -> None:
    nap = "custom_hooks = [dict(type='Trouble', kind='nap', at='before_run', path={path!r})]\n"
    texts = {
        'one': nap.format(path=str(tmp_path / 'mark')),
        'two': nap.format(path=str(tmp_path / 'mark')) + "model['frozen'] = True\n",
        # The same model and data; only the schedule and unused names differ.
        'twin': nap.format(path=str(tmp_path / 'mark')) + 'train_cfg = dict(by_epoch=True, max_epochs=9)\nnote = 5\n',
        'fragment': 'del model\n',
    }
    results = run_batch(tmp_path, texts, jobs=2, dedupe=True, allow_writes=True)
    assert {name: result.status for name, result in results.items()} == {
        'one': Status.OK, 'two': Status.OK, 'twin': Status.SAME, 'fragment': Status.UNFIT,
    }  # fmt: skip
    assert results['twin'].reason == results['one'].config
    assert len((tmp_path / 'mark').read_text().split()) == 2
    # Each naps for 6 s: one after the other, the last would have ended after 12.
    assert max(result.seconds for result in results.values()) < 12


def test_results_that_are_there_are_not_run_again(tmp_path: Path) -> None:
    (config, other) = write_configs(tmp_path, {'a': '', 'b': ''})
    done = [Result(config, Status.FAILED), Result('elsewhere.py', Status.OK)]
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('PYTHONPATH', str(TOY))
        results = Smoke(Options(device='cpu'), progress=lambda result: seen.append(result.config)).run(
            [config, other], done
        )
    assert [(result.config, result.status) for result in results] == [(config, Status.FAILED), (other, Status.OK)]
    assert seen == [other]


def fake_python(tmp_path: Path, body: str) -> str:
    path = tmp_path / 'python'
    path.write_text(f'#!/bin/sh\n{body}\n')
    path.chmod(0o755)
    return str(path)


def environment_failure(tmp_path: Path, **options: Any) -> Result:
    results = run_batch(tmp_path, {'a': '', 'b': ''}, **options)
    assert results['a'].failure == results['b'].failure
    return results['a']


def test_an_environment_without_torch_is_named(tmp_path: Path) -> None:
    python = fake_python(tmp_path, f'exec {sys.executable} -S -E "$@"')
    failure = environment_failure(tmp_path, python=python).failure
    assert failure is not None
    assert failure.stage == 'environment' and 'No module named' in failure.message
    assert failure.remedy is not None and '--python' in failure.remedy


def test_an_interpreter_that_crashes_is_reported(tmp_path: Path) -> None:
    failure = environment_failure(tmp_path, python=fake_python(tmp_path, 'echo no way >&2; exit 7')).failure
    assert failure is not None
    assert failure.stage == 'environment' and '7' in failure.message and 'no way' in failure.message
