"""Migrate whole model zoos, and prove the result with the real MMEngine: resolve(migrate(files)) == M(resolve(files)).

    python tools/verify_migration.py FOLDER… [--scope LIBRARY] [--reasons N] [--keep DIR]

For each folder it prints how many files are migrated, how many of those that run have no open question, for how many the
equation holds, and how many a second migration would change. A file that another one inherits may leave a key to its
children where two bases of a child have it; those keys are compared in the children.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shutil
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from mmengine.config import Config

from cfglint.migrate.change import plain, same
from cfglint.migrate.run import Migrated, Migration
from cfglint.migrate.targets import Goal


class Zoo(NamedTuple):
    """What became of a folder."""

    results: list[Migrated]
    legacy: set[str]
    """The files that are to be migrated."""
    equal: list[str]
    unequal: list[str]
    unresolved: list[str]
    """Files that MMEngine itself cannot resolve, before or after."""
    again: list[str]
    """Files that a second migration changes."""


def resolved(path: str) -> dict[str, Any] | None:
    """Return a config as MMEngine resolves it; none if it does not."""
    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
        found: dict[str, Any] = Config.fromfile(path, import_custom_modules=False).to_dict()
        return found
    return None


def verify(root: Path, scope: str | None) -> Zoo:
    """Migrate a folder in place and compare.

    Args:
        root: The folder, a copy.
        scope: The library that its configs are of; found out if not given.
    """
    paths = sorted(str(path) for path in root.rglob('*.py'))
    migration = Migration(paths, Goal(scope))
    before = {path: resolved(path) for path in paths}
    results = list(migration.run())
    wanted = {path: migration.wanted(path) for path in paths if path in migration.mapped}
    for result in results:
        if result.changed:
            Path(result.path).write_text(result.text)
    zoo = Zoo(results, set(wanted), [], [], [], [])
    refused = {result.path for result in results if result.refused}
    for path, value in wanted.items():
        if path in refused:
            continue
        after = resolved(path)
        if before[path] is None or after is None:
            zoo.unresolved.append(path)
        elif not same(before[path], plain(migration.configs[path].table)):
            zoo.unequal.append(path)
        else:
            held = all(key in after and same(after[key], each) for key, each in value.items())
            (zoo.equal if held else zoo.unequal).append(path)
    second = Migration(paths, Goal(scope))
    zoo.again.extend(each.path for each in second.run() if each.changed)
    return zoo


def main() -> None:
    """Print the counts of each folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folders', nargs='+', type=Path)
    parser.add_argument('--scope')
    parser.add_argument('--reasons', type=int, default=0, help='How many of the commonest open questions to print.')
    parser.add_argument('--keep', type=Path, help='Where to leave the migrated files.')
    options = parser.parse_args()
    warnings.simplefilter('ignore')
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as temporary:
            root = Path(temporary) / 'configs'
            shutil.copytree(folder, root)
            zoo = verify(root, options.scope)
            _print(folder, root, zoo, options.reasons)
            if options.keep:
                shutil.copytree(root, options.keep, dirs_exist_ok=True)


def _print(folder: Path, root: Path, zoo: Zoo, count: int) -> None:
    runs = [each for each in zoo.results if '/_base_/' not in each.path and (each.path in zoo.legacy or each.refused)]
    clean = [each for each in runs if not each.todos and not each.refused]
    held, failed = len(zoo.equal), len(zoo.unequal)
    print(
        f'{folder}: {len(zoo.results)} files, {sum(each.changed for each in zoo.results)} migrated, '
        f'{len(clean)} of {len(runs)} without a question; equation {held} of {held + failed}, '
        f'{len(zoo.unresolved)} not resolved by MMEngine; {len(zoo.again)} changed again'
    )
    for name in ('unequal', 'unresolved', 'again'):
        for path in getattr(zoo, name)[:5]:
            print(f'  {name}: {Path(path).relative_to(root)}')
    refused = Counter(each.refused for each in zoo.results if each.refused)
    for reason, number in refused.most_common(5):
        print(f'  {number} refused: {reason}')
    reasons: Counter[str] = Counter()
    for each in runs:
        reasons.update({f'{_place(where)}: {why}' for where, why in each.todos})
    for reason, number in reasons.most_common(count):
        print(f'  {number:4} {reason}')


def _place(where: str) -> str:
    return re.sub(r'\.\d+', '.*', where)


if __name__ == '__main__':
    main()
