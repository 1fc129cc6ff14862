"""The real MMEngine: builds a config's Runner and trains two iterations on the CPU."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@contextmanager
def bare() -> Iterator[None]:
    """Leave out of MMEngine what takes its time and decides nothing here; undo what it sets for the whole process."""
    import torch
    from mmengine.config import Config
    from mmengine.dataset import base_dataset
    from mmengine.runner import loops, runner
    from mmengine.visualization import Visualizer

    figure = (None, SimpleNamespace(get_dpi=lambda: 100), None)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    logging.disable(logging.CRITICAL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Config, 'pretty_text', '')  # each checkpoint holds it
        patch.setattr(Config, 'dump', lambda *arguments: None)
        patch.setattr(base_dataset.gc, 'collect', lambda: 0)  # for each dataset
        patch.setattr(runner, 'collect_env', dict)  # starts compilers to ask for their versions
        patch.setattr(loops.time, 'sleep', lambda seconds: None)  # before a dataloader is started again
        patch.setattr(Visualizer, '_initialize_fig', lambda self, options: figure)  # nothing is drawn
        yield
    logging.disable(logging.NOTSET)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(False)
    torch.backends.cudnn.deterministic = False


def build(path: Path, work_dir: Path) -> Any:
    """Return the Runner of a config file. Raises what MMEngine raises."""
    from mmengine import Config
    from mmengine.logging import MMLogger
    from mmengine.registry import RUNNERS
    from mmengine.runner import Runner

    import tests.kit.toy  # noqa: F401  (registers the toy library)

    config = Config.fromfile(str(path))
    if config.get('work_dir') is None:
        config.work_dir = str(work_dir)
    config.experiment_name = f'oracle-{path.parent.name}-{path.stem}'
    config.setdefault('log_level', 'ERROR')
    MMLogger._instance_dict.clear()
    return RUNNERS.build(config) if 'runner_type' in config else Runner.from_cfg(config)


def train(path: Path, work_dir: Path) -> Any:
    """Build the Runner and train (and validate) to the end; the toy data make that a few iterations."""
    runner = build(path, work_dir)
    if runner.cfg.get('train_cfg') is not None:
        runner.train()
    elif runner.cfg.get('test_cfg') is not None:
        runner.test()
    return runner
