"""Writing, while somebody else writes, and while signals come."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.fuzzing.kit import Fuzzer, Run

_ROOT = Path(__file__).parents[3]
_CODE = 'import sys; from cfglint.cli import main; main()'
_BEFORE = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)\ntrain_dataloader = dict(batch_siz=1)\n"
_LINE = '# saved meanwhile\n'
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL, signal.SIGUSR1, signal.SIGPIPE)


def _interrupted(run: Run) -> Iterator[str]:
    """Fix files, and send a signal at some moment: each file is as it was, or as it should be, and no other is there for long."""
    names = _written(run)
    started = _start('--fix')
    time.sleep(run.rng.random() * 0.8)
    started.send_signal(run.rng.choice(_SIGNALS))
    started.communicate()
    after = {name: Path(name).read_text() for name in names}
    _start('--fix').communicate()
    wanted = {name: Path(name).read_text() for name in names}
    if 'batch_size' not in wanted[names[0]]:
        yield f'nothing was fixed: {wanted}'
    for name in names:
        if after[name] not in (_BEFORE, wanted[name]):
            yield f'{name} has become {after[name]!r}'
    left = sorted(set(os.listdir('configs')) - {os.path.basename(name) for name in names})
    if left:
        yield f'left behind: {left}'


def _overtaken(run: Run) -> Iterator[str]:
    """Save files while they are fixed: what was saved is there afterwards, or what was fixed was not yet saved."""
    names = _written(run)
    started = _start('--fix')
    saved = []
    time.sleep(run.rng.random() * 0.4)
    while started.poll() is None and len(saved) < 3:
        name = run.rng.choice(names)
        with open(name, 'a') as file:
            file.write(_LINE)
        saved.append(name)
        time.sleep(run.rng.random() * 0.1)
    started.communicate()
    for name in set(saved):
        text = Path(name).read_text()
        if text.count(_LINE) != saved.count(name):
            yield f'{name}: of {saved.count(name)} lines that were added, {text.count(_LINE)} are there'


def _written(run: Run) -> list[str]:
    names = [f'configs/{number}.py' for number in range(run.rng.randrange(1, 6))]
    Path('configs').mkdir()
    for name in names:
        Path(name).write_text(_BEFORE)
    return names


def _start(*options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, '-c', _CODE, 'check', '--no-cache', '--isolated', '--unsafe-fixes', *options, 'configs']
    environment = {**os.environ, 'PYTHONPATH': str(_ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


FUZZERS: dict[str, Fuzzer] = {'interrupted': _interrupted, 'overtaken': _overtaken}
