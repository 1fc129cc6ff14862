"""The real MMEngine fails on the values that the models refuse, and trains with those that they accept."""

from __future__ import annotations

import copy
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from mmengine.config import Config
from mmengine.logging import MessageHub, MMLogger
from mmengine.runner import Runner

import tests.kit.toy  # noqa: F401  (registers the toy library)
from cfglint.sections import validate
from tests.sections.cases import CASES, METRIC, Case, loader, wrapper

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = [case for case in CASES if case.oracle]
ACCEPTED = [case for case in REFUSED if case.good is not None]
pytestmark = [pytest.mark.usefixtures('bare_mmengine'), pytest.mark.filterwarnings('ignore')]


def run(section: str, value: Any, work_dir: Path) -> int:
    """Train, validate and test with a small config in which one section is replaced; return the iterations."""
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
    config.setdefault('experiment_name', uuid.uuid4().hex)
    runner = Runner.from_cfg(Config(config))
    runner.train()
    if section.startswith('test'):
        runner.test()
    return runner.iter


@pytest.mark.parametrize('case', REFUSED, ids=lambda case: f'{case.section}-{case.name}')
def test_mmengine_refuses(case: Case, tmp_path: Path) -> None:
    with pytest.raises(Exception) as raised:
        run(case.section, case.bad, tmp_path)
    quoted = next((found.raises for found in validate(case.section, case.bad) if found.raises), None)
    if case.quotes:
        assert quoted is not None
        name, _, text = quoted.partition(': ')
        assert raised.type.__name__ in name
        assert words(text) <= words(str(raised.value))


def words(text: str) -> set[str]:
    """The words of a message; the values in it differ."""
    return set(re.findall(r'[A-Za-z_]{3,}', text))


@pytest.mark.parametrize('case', ACCEPTED, ids=lambda case: f'{case.section}-{case.name}')
def test_mmengine_accepts(case: Case, tmp_path: Path) -> None:
    assert run(case.section, case.good, tmp_path) > 0
