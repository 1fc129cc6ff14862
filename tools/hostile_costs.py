"""Show what the hostile trees of the tests cost: the fuel of the evaluator, the time of the processor, and the memory.

    python tools/hostile_costs.py [PART OF A NAME]

Each tree is checked in a process of its own, which may take 10 s and 3 GB. What takes more than 1 s or 300 MB is printed.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from cfglint.cli import run_check  # noqa: F401  (all is imported before a process is started)
from cfglint.language import data  # noqa: F401
from cfglint.language.evaluation import evaluator
from cfglint.rules import all_rules
from tests.hostile.commands import run
from tests.hostile.kit import Case, write
from tests.hostile.test_corpus import CORPUS

SECONDS = 1.0
MEGABYTES = 300


class Fuel:
    """Adds up the steps that all evaluators of a process take."""

    def __init__(self) -> None:
        self.made: list[evaluator.Evaluator] = []
        initialize = evaluator.Evaluator.__init__

        def noted(self_: evaluator.Evaluator, *args: object, **kwargs: bool) -> None:
            initialize(self_, *args, **kwargs)  # type: ignore[arg-type]
            self.made.append(self_)

        evaluator.Evaluator.__init__ = noted  # type: ignore[method-assign]

    @property
    def steps(self) -> int:
        """The steps so far."""
        return sum(each.spent[0] for each in self.made)


def measure(case: Case) -> tuple[float, int]:
    """Check a tree in a process of its own; print its fuel, return its seconds and megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), {'.git/HEAD': ''} if not any(name.startswith('.git') for name in case.files()) else {})
        write(Path(folder), case.files())
        sys.stdout.flush()
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
            resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
            os.chdir(folder)
            fuel = Fuel()
            ran = run('check', '--no-cache', '--isolated', 'configs')
            print(f'{case.id}: exit {ran.code}, {fuel.steps} steps', end='')
            sys.stdout.flush()
            os._exit(0)
        _, _, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10


def main() -> None:
    """Measure all trees, or those that are named."""
    all_rules()
    wanted = [case for case in CORPUS if not sys.argv[1:] or sys.argv[1] in case.id]
    beyond = []
    for case in wanted:
        seconds, megabytes = measure(case)
        print(f', {seconds:.2f} s, {megabytes} MB')
        if seconds > SECONDS or megabytes > MEGABYTES:
            beyond.append(f'{case.id}: {seconds:.2f} s, {megabytes} MB')
    print(f'{len(wanted)} trees, {len(beyond)} beyond {SECONDS} s or {MEGABYTES} MB', *beyond, sep='\n')


if __name__ == '__main__':
    main()
