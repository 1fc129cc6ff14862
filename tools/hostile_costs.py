"""Show what the hostile trees of the tests cost, and the examples of all rules made long: the fuel of the evaluator, the time of the processor, and the memory.

    python tools/hostile_costs.py [PART OF A NAME] [--every-command]

Each tree is checked in a process of its own, which may take 10 s and 3 GB; where a tree takes more than 1 s or 300 MB, each of
its configs is checked alone. What takes more then is printed. What takes more is tried three times, and the least counts: a
processor that others use, too, is slower. With ``--every-command``, each tree goes through all commands and
formats instead, and what is wrong with an answer is printed.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from cfglint.cli import (
    look_for_garbage_seldom,
    run_check,  # noqa: F401  (all is imported before a process is started)
)
from cfglint.language import data  # noqa: F401
from cfglint.language.evaluation import evaluator
from cfglint.rules import all_rules
from tests.hostile.commands import all_of, run
from tests.hostile.fuzzing.kit import faults_of
from tests.hostile.kit import Case, write
from tests.hostile.long_examples import cases as long_examples
from tests.hostile.test_corpus import CORPUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 1.0
LIMIT = 10
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


@contextmanager
def written(case: Case) -> Iterator[list[str]]:
    """Write a tree into a folder that is the current one for a while; give its configs."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        files = case.files()
        write(Path(folder), {'.git/HEAD': ''} if not any(name.startswith('.git') for name in files) else {})
        write(Path(folder), files)
        os.chdir(folder)
        try:
            yield sorted(str(path.relative_to(folder)) for path in Path(folder).glob('configs/*.*') if path.is_file())
        finally:
            os.chdir(before)


def cost(work: Callable[[], object], limit: int = LIMIT) -> tuple[float, int]:
    """Do some work in a process of its own; return its seconds and megabytes."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        look_for_garbage_seldom()
        work()
        sys.stdout.flush()
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    if status:
        print(f': ended with status {status}', end='')
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10


def least(work: Callable[[], object]) -> tuple[float, int]:
    """Do some work, up to three times where it costs more than it may; return the least that it took."""
    found = cost(work)
    for _ in range(2):
        if is_beyond(*found):
            seconds, megabytes = cost(work)
            found = min(found[0], seconds), min(found[1], megabytes)
    return found


def check(path: str) -> None:
    """Check a path; print how it went."""
    fuel = Fuel()
    ran = run('check', '--no-cache', '--isolated', '--', path)
    print(f': exit {ran.code}, {fuel.steps} steps', end='')


def measure(case: Case) -> Iterator[str]:
    """Check a tree; print what that costs, yield what is beyond the bounds."""
    with written(case) as configs:
        print(case.id, end='')
        found = least(lambda: check('configs'))
        print(', {:.2f} s, {} MB'.format(*found))
        places = configs if is_beyond(*found) and len(configs) > 1 else []
        for path in places:
            print(f'  {path}', end='')
            found = least(lambda path=path: check(path))  # type: ignore[misc]
            print(', {:.2f} s, {} MB'.format(*found))
            if is_beyond(*found):
                yield '{}, {}: {:.2f} s, {} MB'.format(case.id, path, *found)
        if not places and is_beyond(*found):
            yield '{}: {:.2f} s, {} MB'.format(case.id, *found)


def is_beyond(seconds: float, megabytes: int) -> bool:
    """Tell whether something costs more than it may."""
    return seconds > SECONDS or megabytes > MEGABYTES


def try_all(case: Case) -> None:
    """Let all commands answer about a tree; print what is wrong with what they say."""

    def work() -> None:
        for command in all_of(configs):
            for fault in faults_of(*command):
                print(f'{case.id}: {fault}')

    with written(case) as configs:
        cost(work, 20 * LIMIT)


def do_all_once() -> None:
    """Let all commands answer about a small tree: what they import and read then need not be by each process."""
    with written(
        Case('', 'a small tree', lambda: {'configs/a.py': 'train_cfg = dict(by_epoch=True, max_epoch=1)\n'})
    ) as configs:
        for command in all_of(configs):
            run(*command)


def main() -> None:
    """Measure all trees, or those that are named, or let all commands answer about them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('part', nargs='?', default='', help='of the names of trees')
    parser.add_argument('--every-command', action='store_true')
    args = parser.parse_args()
    all_rules()
    wanted = [case for case in (*CORPUS, *long_examples()) if args.part in case.id]
    if args.every_command:
        do_all_once()
        for case in wanted:
            try_all(case)
        print(f'{len(wanted)} trees')
        return
    beyond = [each for case in wanted for each in measure(case)]
    print(f'{len(wanted)} trees, {len(beyond)} beyond {SECONDS} s or {MEGABYTES} MB', *beyond, sep='\n')


if __name__ == '__main__':
    main()
