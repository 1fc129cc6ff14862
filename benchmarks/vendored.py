"""Measure `cfglint check` in a repository that carries a copy of a library, against the same configs without it.

    python benchmarks/vendored.py PACKAGE [--configs N] [--repeat N]

PACKAGE is the folder of a library with its configs in `.mim`: `mmdet` of the unpacked wheel of mmdet 3.3.0, say. Both
repositories hold all configs, so that bases are found; N of them are checked, spread over all. Ratios, since machines
differ: all that is compared runs in turn, the best of the runs counts. Exits with 1 when a budget is exceeded.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from run import Table, in_turn

BUDGET = 3.0
"""Times that the configs take beside a copy of the library, at most, against the catalog."""


def repository(folder: Path, package: Path, *, with_copy: bool) -> Path:
    """Make a repository with the configs of a library, and a copy of its package if wanted."""
    shutil.copytree(package / '.mim' / 'configs', folder / 'configs')
    (folder / '.git').mkdir()
    if with_copy:
        shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns('.mim', '__pycache__'))
    return folder


def chosen(folder: Path, count: int) -> list[str]:
    """Return paths of configs that run on their own, spread over all."""
    found = sorted(path for path in folder.rglob('*.py') if '_base_' not in path.parts)
    return [str(found[index * len(found) // count]) for index in range(min(count, len(found)))]


def command(folder: Path, count: int) -> list[str]:
    """Return the command that checks `count` configs of a repository."""
    options = ['--isolated', '--quiet', '--no-cache', '--output-format', 'concise']
    return [sys.executable, '-m', 'cfglint', 'check', *options, *chosen(folder / 'configs', count)]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('package', type=Path)
    parser.add_argument('--configs', type=int, default=100, help='how many configs are checked')
    parser.add_argument('--repeat', type=int, default=5, help='how often each command runs; the best run counts')
    args = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as scratch:
        # What modules hold is kept by their content: a cache folder of its own, emptied before each run, measures without.
        os.environ['XDG_CACHE_HOME'] = os.path.join(scratch, 'cache')
        plain = repository(Path(scratch, 'plain'), args.package, with_copy=False)
        fork = repository(Path(scratch, 'fork'), args.package, with_copy=True)
        cold = {
            'catalog': command(plain, args.configs),
            'empty': ['rm', '-rf', os.environ['XDG_CACHE_HOME']],
            'copy': command(fork, args.configs),
        }
        runs = in_turn(cold, args.repeat)
        warm = in_turn({'copy': command(fork, args.configs)}, args.repeat)
        for what, took in (('nothing of it read before', runs['copy']), ('its modules read before', warm['copy'])):
            ratio = took.seconds / runs['catalog'].seconds
            table.row(f'{args.configs} configs beside a copy, {what}', f'{took.seconds:.2f} s', ratio, BUDGET)
    return int(table.exceeded)


if __name__ == '__main__':
    sys.exit(main())
