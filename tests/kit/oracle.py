"""The real MMEngine: builds a config's Runner and trains two iterations on the CPU."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any


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
    logging.disable(logging.CRITICAL)
    try:
        return RUNNERS.build(config) if 'runner_type' in config else Runner.from_cfg(config)
    finally:
        logging.disable(logging.NOTSET)


def train(path: Path, work_dir: Path) -> Any:
    """Build the Runner and train (and validate) to the end; the toy data make that a few iterations."""
    runner = build(path, work_dir)
    logging.disable(logging.CRITICAL)
    try:
        if runner.cfg.get('train_cfg') is not None:
            runner.train()
        elif runner.cfg.get('test_cfg') is not None:
            runner.test()
    finally:
        logging.disable(logging.NOTSET)
    return runner
