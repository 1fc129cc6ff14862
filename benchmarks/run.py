"""Measure `cfglint check` side by side with what it is compared to, and print ratios.

    python benchmarks/run.py FOLDER [--repeat N] [--no-copies] [--no-mmengine]

FOLDER holds configs: those of mmdet 3.3.0, say (``mmdet/.mim/configs`` in its wheel). Ratios, since machines differ:
all that is compared runs in turn, in this run, on the same files; the best of N runs counts. Exits with 1 when a budget is
exceeded.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BUDGETS = {
    'ruff': 1.0, 'loop': 1 / 20, 'again': 0.1, 'imports': 4 / 3, 'copies': 10.0, 'memory': 200.0, 'memory growth': 1.5,
}  # fmt: skip
START_UP = 0.1
"""Seconds beside start-up that a run with nothing to do may take, whatever the cold run took."""
LOOP = """
import sys, time, warnings, json
warnings.simplefilter('ignore')
from mmengine import Config
paths = json.load(sys.stdin)
def load():
    done = 0
    for path in paths:
        try:
            Config.fromfile(path, import_custom_modules=False)
            done += 1
        except Exception:
            pass  # what MMEngine refuses takes part in the time
    return done
load()
start = time.perf_counter()
load()
print(time.perf_counter() - start)
"""


class Run(NamedTuple):
    """What a process took."""

    seconds: float
    megabytes: float


def environment() -> dict[str, str]:
    """Return the environment of what is measured: with compiled modules, as an installation has them."""
    left_out = ('PYTHONDONTWRITEBYTECODE', 'CFGLINT_OUTPUT_FORMAT')
    return {name: value for name, value in os.environ.items() if name not in left_out}


def once(command: Sequence[str]) -> Run:
    """Run a command and measure it."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
    _, _, usage = os.wait4(process.pid, 0)
    scale = 1024 if sys.platform != 'darwin' else 1024 * 1024
    return Run(time.perf_counter() - start, usage.ru_maxrss / scale)


def in_turn(commands: dict[str, Sequence[str]], repeat: int) -> dict[str, Run]:
    """Run commands in turn, so that all meet the same conditions; return the best of each."""
    for command in commands.values():
        once(command)  # caches of the file system, compiled modules
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            runs[name].append(once(command))
    return {name: min(each) for name, each in runs.items()}


def check(path: str, *, cache: bool = False) -> list[str]:
    """Return the command that checks a path."""
    options = ['--isolated', '--quiet', '--output-format', 'concise', *([] if cache else ['--no-cache'])]
    return [sys.executable, '-m', 'cfglint', 'check', *options, path]


class Table:
    """Prints what was measured, and remembers whether a budget was exceeded."""

    def __init__(self) -> None:
        self.exceeded = False

    def row(
        self, what: str, value: str, ratio: float, budget: float, show: Callable[[float], str] = '{:.2f}×'.format
    ) -> None:
        """Print a line."""
        verdict = 'ok' if ratio <= budget else 'OVER'
        self.exceeded |= ratio > budget
        print(f'{what:<52} {value:>12} {show(ratio):>9}  (budget {show(budget)}: {verdict})')


def loop_seconds(files: Sequence[str]) -> float:
    """Return what a warm loop of ``Config.fromfile`` takes over the files."""
    command = [sys.executable, '-c', LOOP]
    ran = subprocess.run(
        command, input=json.dumps(files), env=environment(), capture_output=True, text=True, check=True
    )
    return float(ran.stdout.split()[-1])


def copies(folder: Path, count: int, into: Path) -> str:
    """Return a folder with `count` copies of the tree."""
    target = into / str(count)
    for number in range(count):
        shutil.copytree(folder, target / str(number))
    return str(target)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--repeat', type=int, default=5, help='how often each command runs; the best run counts')
    parser.add_argument('--no-copies', action='store_true', help='leave out 3 and 10 times the files')
    parser.add_argument('--no-mmengine', action='store_true', help='leave out the loop of Config.fromfile')
    args = parser.parse_args()
    folder = str(args.folder)
    files = sorted(str(path) for path in args.folder.rglob('*.py'))
    typical = sorted(files, key=lambda path: os.path.getsize(path))[len(files) // 2]
    table = Table()
    ruff = [sys.executable, '-m', 'ruff', 'check', '--no-cache', '--quiet', '--exit-zero', folder]
    runs = in_turn({'check': check(folder), 'ruff': ruff}, args.repeat)
    ours = runs['check']
    print(f'{len(files)} files; cfglint {ours.seconds:.2f} s, ruff {runs["ruff"].seconds:.2f} s')
    table.row(
        'cold check / ruff check --no-cache',
        f'{ours.seconds:.2f} s',
        ours.seconds / runs['ruff'].seconds,
        BUDGETS['ruff'],
    )
    if not args.no_mmengine:
        loop = loop_seconds(files)
        faster = f'{loop / ours.seconds:.1f}× faster'
        table.row(
            'cold check / warm loop of Config.fromfile', faster, ours.seconds / loop, BUDGETS['loop'], '{:.3f}×'.format
        )
    imports = [sys.executable, '-c', 'import typer, pydantic']
    one = in_turn({'check': check(typical), 'imports': imports}, args.repeat * 3)
    table.row(
        f'one file ({os.path.basename(typical)[:24]}) / bare imports',
        f'{one["check"].seconds * 1000:.0f} ms',
        one['check'].seconds / one['imports'].seconds,
        BUDGETS['imports'],
    )
    warm = in_turn({'check': check(folder, cache=True)}, args.repeat)['check'].seconds
    table.row(
        'the same again, with the cache / cold check',
        f'{warm * 1000:.0f} ms',
        warm / ours.seconds,
        max(BUDGETS['again'], (one['imports'].seconds + START_UP) / ours.seconds),
    )
    table.row('peak memory', f'{ours.megabytes:.0f} MB', ours.megabytes, BUDGETS['memory'], '{:.0f} MB'.format)
    if not args.no_copies:
        with tempfile.TemporaryDirectory() as scratch:
            for count in (3, 10):
                many = in_turn({'check': check(copies(args.folder, count, Path(scratch)))}, max(1, args.repeat // 2))[
                    'check'
                ]
                table.row(
                    f'{count}× the files: time',
                    f'{many.seconds:.2f} s',
                    many.seconds / ours.seconds,
                    BUDGETS['copies'] * count / 10,
                )
                growth = many.megabytes / ours.megabytes
                table.row(f'{count}× the files: memory', f'{many.megabytes:.0f} MB', growth, BUDGETS['memory growth'])
    return int(table.exceeded)


if __name__ == '__main__':
    sys.exit(main())
