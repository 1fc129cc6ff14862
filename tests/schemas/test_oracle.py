"""The real MMEngine fails on the values that the models refuse, and trains with those that they accept."""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mmengine.logging import MessageHub, MMLogger
from mmengine.runner import Runner

import tests.kit.toy  # noqa: F401  (registers the toy library)
from tests.schemas.cases import CASES, METRIC, Case, loader, wrapper

REFUSED = [case for case in CASES if case.oracle]
ACCEPTED = [case for case in REFUSED if case.good is not None]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        yield
    logging.disable(logging.NOTSET)


def run(section: str, value: Any, work_dir: Path) -> None:
    """Train, validate and test with a small config in which one section is replaced."""
    config: dict[str, Any] = {
        'model': {'type': 'ToyModel'},
        'work_dir': str(work_dir),
        'train_dataloader': loader(),
        'train_cfg': {'by_epoch': True, 'max_epochs': 2},
        'optim_wrapper': wrapper(),
        'val_dataloader': loader(),
        'val_cfg': {},
        'val_evaluator': METRIC,
        'test_dataloader': loader(),
        'test_cfg': {},
        'test_evaluator': METRIC,
        'default_hooks': {'checkpoint': None, 'logger': {'type': 'LoggerHook', 'interval': 1}},
        'log_level': 'ERROR',
    }
    config[section] = copy.deepcopy(value)
    MMLogger._instance_dict.clear()
    MessageHub._instance_dict.clear()
    runner = Runner(**_arguments(config))
    runner.train()
    runner.test()


def _arguments(config: dict[str, Any]) -> dict[str, Any]:
    """What Runner.from_cfg passes, but with a name of its own for each run."""
    import inspect
    import uuid

    names = set(inspect.signature(Runner).parameters)
    return {key: item for key, item in config.items() if key in names} | {
        'cfg': config,
        'experiment_name': uuid.uuid4().hex,
    }


@pytest.mark.parametrize('case', REFUSED, ids=lambda case: f'{case.section}-{case.name}')
def test_mmengine_refuses(case: Case, tmp_path: Path) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  (each case has its own)
        run(case.section, case.bad, tmp_path)


@pytest.mark.parametrize('case', ACCEPTED, ids=lambda case: f'{case.section}-{case.name}')
def test_mmengine_accepts(case: Case, tmp_path: Path) -> None:
    run(case.section, case.good, tmp_path)
