"""Configs for the toy library, written into the test's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cfglint.smoke.options import Options
from cfglint.smoke.run import Smoke

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


def run_batch(folder: Path, texts: Mapping[str, str], **options: Any) -> dict[str, Result]:
    """Run many configs in one warm worker: importing torch takes longer than all of them."""
    settings: dict[str, Any] = {'device': 'cpu', 'timeout': 60.0, 'threads': 1, 'dedupe': False, **options}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('PYTHONPATH', str(TOY))
        patch.chdir(folder)
        results = Smoke(Options(**settings)).run(write_configs(folder, texts))
    return {Path(result.config).stem: result for result in results}


@pytest.fixture
def smoke(tmp_path: Path) -> Callable[..., Result]:
    """Run one config, the plain classifier changed by `text`."""

    def smoke(text: str = '', **options: Any) -> Result:
        return run_batch(tmp_path, {'config': text}, **options)['config']

    return smoke
