"""Apply all fixes to copies of folders of configs, and say what harm they did: nothing, if all is well.

    .venv/bin/python tools/verify_fixes.py FOLDER…

First the safe fixes, then the unsafe ones. Told are internal errors, findings above info that were not there before,
and files that resolve to something else after safe fixes, but for keys that were removed or renamed. A line is added to
each file: what equals an official release is not fixed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cfglint.discover import discover
from cfglint.fixing.compare import differences
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.values import Table

CHECK = (sys.executable, '-m', 'cfglint', 'check', '.', '--no-cache', '--isolated', '--output-format', 'json')
ENVIRONMENT = {**os.environ, 'PYTHONPATH': sys.path[0]}
OWN = b'\n__own__ = True\n'
"""What MMEngine leaves out of the config."""


class Ran(NamedTuple):
    """What a run of cfglint said."""

    code: int
    findings: list[dict[str, Any]]
    told: str
    seconds: float


def check(folder: Path, *options: str) -> Ran:
    """Run cfglint in a folder."""
    began = time.monotonic()
    ran = subprocess.run([*CHECK, *options], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    return Ran(ran.returncode, json.loads(ran.stdout or '[]'), ran.stderr.strip(), time.monotonic() - began)


def resolved(folder: Path) -> dict[str, Table]:
    """Return what all configs of a folder resolve to, those that can be read."""
    loader, found = Loader(), {}
    for path in discover([str(folder)]).files:
        try:
            found[path] = loader.load(path).table
        except ConfigError:
            continue
    return found


def changed(before: dict[str, Table], after: dict[str, Table]) -> Iterator[tuple[str, str]]:
    """Yield the files that are broken or say something else, with the key, but for keys removed or renamed."""
    for path, table in before.items():
        if path not in after:
            yield path, 'broken'
            continue
        keys = list(differences(table, after[path]))
        gone = [_value(table, key) for key in keys if not _has(after[path], key)]
        for key in keys:
            if _has(after[path], key) and (_has(table, key) or _value(after[path], key) not in gone):
                yield path, '.'.join(key)


def _has(value: Any, key: tuple[str, ...]) -> bool:
    try:
        _value(value, key)
    except LookupError:
        return False
    return True


def _value(value: Any, key: tuple[str, ...]) -> Any:
    for part in key:
        value = value[part] if isinstance(value, dict) else value[int(part)]
    return value


def harm(folder: Path) -> int:
    """Apply fixes to a copy of a folder; print and count what harm they did."""
    count = 0
    with tempfile.TemporaryDirectory(prefix='cfglint-fixes-') as temporary:
        copy = Path(temporary) / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns('.git'))
        for path in copy.rglob('*.py'):
            path.write_bytes(path.read_bytes() + OWN)
        before, values = check(copy), resolved(copy)
        for options in (('--fix',), ('--fix', '--unsafe-fixes')):
            after, now = check(copy, *options), resolved(copy)
            print(f'{folder} {options[-1]}: {after.told} ({before.seconds:.1f} s to check, {after.seconds:.1f} s)')
            problems = [f'internal error: {after.told}'] if after.code > 1 else []
            new = _counted(after.findings) - _counted(before.findings)
            problems += [f'new: {each}' for each in new]
            if options == ('--fix',):
                problems += [f'changed: {path}: {key}' for path, key in changed(values, now)]
            for each in problems:
                print(f'  {each}')
            count += len(problems)
    return count


def _counted(findings: list[dict[str, Any]]) -> Counter[tuple[str, str, str]]:
    return Counter((each['code'], each['filename'], each['message']) for each in findings if each['severity'] != 'info')


if __name__ == '__main__':
    total = sum(harm(Path(each).resolve()) for each in sys.argv[1:])
    print(f'{total} harm done' if total else 'no harm done')
    raise SystemExit(bool(total))
