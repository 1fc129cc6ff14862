"""What the fuzzers share: the folder to work in, a watch, and commands whose answers are looked at."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.hostile.commands import all_of, run
from tests.hostile.kit import RAW

SECONDS = 20
"""What one answer may take of the processor, so that nothing hangs unnoticed; `tools/hostile_costs.py` measures costs."""
_BUSY = 20
"""How many times as long it may take by the clock: it waits for something then, or for a busy machine."""


class Run(NamedTuple):
    """One turn of a fuzzer.

    Attributes:
        rng: Where its input comes from.
        folder: An empty folder, the current one.
        zoo: Configs to change, if there are any; they are there again after the turn.
    """

    rng: random.Random
    folder: Path
    zoo: Path | None = None


Fuzzer = Callable[[Run], Iterator[str]]
"""Yields what is wrong."""


class TooLong(BaseException):
    """An answer takes too long; no handler of what is tried may catch it."""


@contextmanager
def watch(seconds: int = SECONDS) -> Iterator[None]:
    """Stop what takes too long.

    Raises:
        TooLong: It does.
    """

    def stop(*_: object) -> None:
        raise TooLong

    before = {number: signal.signal(number, stop) for number in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, _BUSY * seconds)
    try:
        yield
    finally:
        for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
            signal.setitimer(timer, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def faults_of(*command: str) -> Iterator[str]:
    """Run a command; yield what is wrong with its answer, whatever it was given."""
    words = ' '.join(command)
    try:
        with watch():
            ran = run(*command)
    except TooLong:
        yield f'{words}: no answer in {SECONDS} s'
        return
    if ran.code not in (0, 1, 2):
        yield f'{words}: exit {ran.code}: {ran.err[-1500:]}'
    raw = RAW.search(ran.out) or RAW.search(ran.err)
    if raw is not None:
        yield f'{words}: raw {raw[0]!a} in {raw.string[max(raw.start() - 40, 0) : raw.end() + 20]!a}'


def any_command(rng: random.Random, path: str) -> Sequence[str]:
    """Choose a command and a format for a file."""
    command = rng.choice(list(all_of([path])))
    return [path if word == 'configs' else word for word in command]
