"""Look for input that cfglint has no answer to, or another one than MMEngine, git or pip has.

    python tools/fuzz.py [KIND…] [--zoo FOLDER] [--seconds 60] [--first 0]

Each kind (all of `tests/hostile/fuzzing`) gets an equal share of the time. What is found is printed with its seed:
``--only KIND SEED`` does that one again. Configs of the zoo are changed in a copy. Exits with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.hostile.fuzzing import FUZZERS
from tests.hostile.fuzzing.kit import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).resolve().parent.parent
_BATCH = 200
"""Turns of one process: what one of them leaves behind does not stay long."""
_MEMORY = 4 << 30


class Fault(NamedTuple):
    """What was found."""

    kind: str
    seed: int
    what: str


def turn(kind: str, seed: int, zoo: Path | None) -> Iterator[str]:
    """Do one turn in a folder of its own; yield what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield from FUZZERS[kind](Run(random.Random(f'{kind} {seed}'), Path(folder), zoo))
        except Exception as error:  # a failure of cfglint that no command catches
            yield f'{type(error).__name__}: {error}'
        finally:
            os.chdir(_ROOT)


def batch(kind: str, seeds: range, end: float, zoo: Path | None) -> tuple[int, list[Fault]]:
    """Do some turns in a process of their own; return how many, and what was found."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        warnings.simplefilter('ignore')
        with os.fdopen(writing, 'w', buffering=1) as pipe:
            for seed in seeds:
                for what in turn(kind, seed, zoo):
                    print(json.dumps([seed, what]), file=pipe)
                print(json.dumps([seed, None]), file=pipe)
                if time.monotonic() > end:
                    break
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = [json.loads(line) for line in pipe]
    _, status = os.waitpid(child, 0)
    faults = [Fault(kind, seed, what) for seed, what in said if what is not None]
    done = sum(what is None for _, what in said)
    if status:
        faults.append(Fault(kind, seeds[done], f'the process ended with {os.waitstatus_to_exitcode(status)}'))
        done += 1
    return done, faults


def main() -> int:
    """Run the fuzzers and print what they find."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('kinds', nargs='*', choices=[*FUZZERS, []], help='what to do; all by default')
    parser.add_argument('--zoo', type=Path, default=_ROOT / 'examples', help='configs to change')
    parser.add_argument('--seconds', type=float, default=60)
    parser.add_argument('--first', type=int, default=0, help='the first seed')
    parser.add_argument('--only', nargs=2, metavar=('KIND', 'SEED'), help='one turn')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        zoo = Path(shutil.copytree(args.zoo.resolve(), Path(folder) / 'zoo'))
        if args.only:
            found = list(turn(args.only[0], int(args.only[1]), zoo))
            print(*found, sep='\n')
            return int(bool(found))
        kinds = args.kinds or list(FUZZERS)
        found = [_all_of(kind, args.first, args.seconds / len(kinds), zoo) for kind in kinds]
        return int(any(found))


def _all_of(kind: str, first: int, seconds: float, zoo: Path) -> bool:
    """Do turns of one kind until the time is over; tell whether anything was found."""
    end = time.monotonic() + seconds
    seed, found = first, 0
    while time.monotonic() < end:
        done, faults = batch(kind, range(seed, seed + _BATCH), end, zoo)
        seed += done
        found += len(faults)
        for fault in faults:
            print(f'--only {fault.kind} {fault.seed}: {fault.what}', flush=True)
    print(f'{kind}: {seed - first} turns, {found} found', flush=True)
    return found > 0


if __name__ == '__main__':
    sys.exit(main())
