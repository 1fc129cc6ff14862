"""Configs for the toy library, written into the test's folder."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cfglint.smoke.options import Options
from cfglint.smoke.pool import Pool
from cfglint.smoke.run import Smoke

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cfglint.smoke.results import Result

TOY = Path(__file__).with_name('toy')
CONFIG = """
custom_imports = dict(imports=['toylib', 'faults'])
model = dict(type='Classifier')
train_dataloader = dict(
    batch_size=2, num_workers=2, persistent_workers=True,
    dataset=dict(type='Points', pipeline=[dict(type='MakePoint')]),
    sampler=dict(type='DefaultSampler', shuffle=False),
    collate_fn=dict(type='default_collate'))
train_cfg = dict(by_epoch=True, max_epochs=3)
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1))
"""

FORKING = """#!/bin/sh
case "$*" in
    *--launch*) exec {python} "$@" ;;
    "-m torch.distributed.run "*) shift 2; set -- {torchrun} "$@" ;;
esac
PYTHONPATH={paths} exec {python} "$@"
"""
"""Only what imports torch gets the paths, which may have a module that imports it at once."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line('markers', 'cuda: needs a CUDA device')


def write_configs(folder: Path, texts: Mapping[str, str]) -> list[str]:
    """The plain classifier once for each text, changed by it."""
    paths = []
    for name, text in texts.items():
        path = folder / f'{name}.py'
        path.write_text(CONFIG + text, encoding='utf-8')
        paths.append(str(path))
    return paths


class Warm:
    """The pool that the tests share: importing torch takes longer than most of them."""

    pool: Pool | None = None

    @classmethod
    def pool_for(cls, options: Options) -> Pool | None:
        """The shared pool, or none for options that need workers of another kind."""
        shared = (options.device, options.python, options.jobs) == ('cpu', sys.executable, 1)
        shared = shared and (options.nproc == 1 or options.fake)
        if not shared or options.allow_downloads:  # which is the server's, not a job's
            return None
        if cls.pool is None:
            cls.pool = Pool(options).__enter__()
        # All but the worker's own start is decided anew for each job.
        cls.pool.options = options
        return cls.pool


@pytest.fixture(scope='session', autouse=True)
def end_of_shared_pool() -> Iterator[None]:
    yield
    if Warm.pool is not None:
        Warm.pool.__exit__()


def run_batch(folder: Path, texts: Mapping[str, str], *, own: bool = False, **options: Any) -> dict[str, Result]:
    """Run many configs in one warm worker: the one that the tests share, or one of their own that starts in the folder."""
    settings = Options(**{'device': 'cpu', 'timeout': 120.0, 'threads': 1, 'dedupe': False, **options})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('PYTHONPATH', str(TOY))
        patch.chdir(folder)
        results = Smoke(settings, pool=None if own else Warm.pool_for(settings)).run(write_configs(folder, texts))
    return {Path(result.config).stem: result for result in results}


def forking_python(folder: Path, *paths: Path) -> str:
    """Write an interpreter that finds modules in `paths`, and whose torchrun forks its ranks."""
    path = folder / 'python'
    names = {
        'python': sys.executable,
        'torchrun': TOY.with_name('forking_torchrun.py'),
        'paths': ':'.join(map(str, paths)),
    }
    path.write_text(
        FORKING.format(**{name: shlex.quote(str(value)) for name, value in names.items()}), encoding='utf-8'
    )
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def smoke(tmp_path: Path) -> Callable[..., Result]:
    """Run one config, the plain classifier changed by `text`."""

    def smoke(text: str = '', **options: Any) -> Result:
        return run_batch(tmp_path, {'config': text}, **options)['config']

    return smoke
