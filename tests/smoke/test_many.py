"""Many configs: jobs, twins, resuming; and environments that can't run any."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from cfglint.smoke.options import Options
from cfglint.smoke.process import PythonNotFound, executable_of
from cfglint.smoke.results import Result, Status
from cfglint.smoke.run import Smoke
from tests.smoke.conftest import TOY, Warm, run_batch, write_configs

if TYPE_CHECKING:
    from pathlib import Path


def test_jobs_run_side_by_side_and_twins_once(tmp_path: Path) -> None:
    meet = "custom_hooks = [dict(type='Trouble', kind='meet', at='before_run', path={path!r})]\n"
    texts = {
        'one': meet.format(path=str(tmp_path / 'mark')),
        'two': meet.format(path=str(tmp_path / 'mark')) + "model['frozen'] = True\n",
        'twin': meet.format(path=str(tmp_path / 'mark')) + "work_dir = 'elsewhere'\n",
        'fragment': 'del model\n',
    }
    results = run_batch(tmp_path, texts, jobs=2, dedupe=True, allow_writes=True)
    assert {name: result.status for name, result in results.items()} == {
        'one': Status.OK, 'two': Status.OK, 'twin': Status.SAME, 'fragment': Status.UNFIT,
    }  # fmt: skip
    assert results['twin'].reason == results['one'].config
    assert len((tmp_path / 'mark').read_text().split()) == 2


def test_results_that_are_there_are_not_run_again(tmp_path: Path) -> None:
    (config, other) = write_configs(tmp_path, {'a': '', 'b': ''})
    done = [Result(config, Status.FAILED), Result('elsewhere.py', Status.OK)]
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('PYTHONPATH', str(TOY))
        options = Options(device='cpu', threads=1)
        smoke = Smoke(options, progress=lambda result: seen.append(result.config), pool=Warm.pool_for(options))
        results = smoke.run([config, other], done)
    assert [(result.config, result.status) for result in results] == [(config, Status.FAILED), (other, Status.OK)]
    assert seen == [other]


def fake_python(tmp_path: Path, body: str) -> str:
    path = tmp_path / 'python'
    path.write_text(f'#!/bin/sh\n{body}\n')
    path.chmod(0o755)
    return str(path)


def test_the_folder_of_an_environment_stands_for_its_interpreter(tmp_path: Path) -> None:
    (tmp_path / 'bin').mkdir()
    (tmp_path / 'bin' / 'python').symlink_to(sys.executable)
    assert executable_of(str(tmp_path)) == str(tmp_path / 'bin' / 'python')
    with pytest.raises(PythonNotFound, match='there is no bin/python in this folder'):
        executable_of(str(tmp_path / 'bin'))


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
