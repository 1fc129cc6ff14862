"""What lies beside configs: ignore files beside git's answer, requirements beside pip's, settings, suppressions."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from cfglint.patterns import Patterns, lines_of
from cfglint.requirements.lines import parse
from tests.hostile.data import TOML
from tests.hostile.fuzzing.kit import Fuzzer, Run, any_command, faults_of
from tests.hostile.scans import PROJECT_FILES

_NAMES = ['a', 'ab', 'b.py', 'a b', '.a', '-a', '[a]', 'x*', '\u00e4', 'A', 'build', 'deep']
_PIECES = ['a', 'b', '*', '**', '?', '/', '[a-c]', '[!a]', '[^a]', '[', ']', '!', '\\', ' ', '.py', '#', '-', '.', '\u00e4',
           '[[:alpha:]]', 'build', '**/', '/**', '\t', '\r']  # fmt: skip
_CONFIG = "train_cfg = dict(by_epoch=True, max_epoch=12)\nmodel = dict(type='A', b=1)\n"


def _of(rng: random.Random, pieces: list[str], most: int) -> str:
    return ''.join(rng.choice(pieces) for _ in range(rng.randrange(1, most)))


def _ignored(run: Run) -> Iterator[str]:
    """Compare what an ignore file leaves out with what git says."""
    files = {'/'.join(run.rng.choice(_NAMES) for _ in range(run.rng.randrange(1, 4))) for _ in range(12)}
    files = {each for each in files if not any(other.startswith(each + '/') for other in files)}
    for name in files:
        path = run.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('')
    text = '\n'.join(_of(run.rng, _PIECES, 7) for _ in range(run.rng.randrange(1, 5))).encode()
    (run.folder / '.lines').write_bytes(text)
    subprocess.run(['git', 'init', '-q'], check=True)
    command = ['git', 'ls-files', '-z', '-o', '-i', '--exclude-from=.lines']
    listed = subprocess.run(command, capture_output=True, check=True).stdout
    expected = {os.fsdecode(name) for name in listed.split(b'\0')} & files
    patterns = Patterns(str(run.folder), lines_of(text))
    ours = {name for name in files if patterns.match(str(run.folder / name))}
    if ours != expected and b'**//**' not in text:
        yield f'{text!r}: {sorted(ours ^ expected)}'


def _requirements(run: Run) -> Iterator[str]:
    """Compare what a requirement is read as with what `packaging` reads."""
    name = run.rng.choice(['mmdet', 'mmcv-full', 'MMDet', 'mm_det', 'mmengine'])
    extra = run.rng.choice(['', '', '[all]', ' [a, b]'])
    versions = ['1', '2.0.0', '3.0rc1', '1.*', '2.0.0.post1', '0.29', '1!2.0']
    parts = [
        run.rng.choice(['==', '>=', '<', '<=', '~=', '!=', '>', '==='])
        + run.rng.choice([' ', ''])
        + run.rng.choice(versions)
        for _ in range(run.rng.randrange(3))
    ]
    marker = run.rng.choice(['', '', '; python_version > "3.8"', " ; extra == 'x'"])
    line = f'{name}{extra}{run.rng.choice(["", " "])}{run.rng.choice([",", " , "]).join(parts)}{marker}'
    found = parse(line)
    try:
        theirs = Requirement(line)
    except InvalidRequirement:
        theirs = None
    if theirs is not None and (found is None or canonicalize_name(found[0]) != canonicalize_name(theirs.name)):
        yield f'{line!r}: {found}, packaging reads {theirs}'
    elif theirs is not None and found is not None:
        ours = sorted(''.join(part.split()) for part in found[1].split(',') if part)
        if ours != sorted(map(str, theirs.specifier)):
            yield f'{line!r}: {ours}, packaging reads {theirs.specifier}'
    file, texts = run.rng.choice(list(PROJECT_FILES.items()))
    yield from _checked(run, file, _mixed(run.rng, [line, *(text[:300] for text in texts.values())]))


def _settings(run: Run) -> Iterator[str]:
    """Put pieces of settings together."""
    pieces = [text[:200] for text in TOML.values()]
    file = run.rng.choice(['cfglint.toml', 'pyproject.toml'])
    head = '[tool.cfglint]\n' if file == 'pyproject.toml' else ''
    yield from _checked(run, file, head + _mixed(run.rng, pieces))


def _suppressed(run: Run) -> Iterator[str]:
    """Put comments that suppress anywhere into a config."""
    words = ['# cfglint: ignore', '# cfglint: ignore[', ']', 'removed-data', 'misspelt-field', ',', ' ', '#', '"', "'", '\n',
             '# cfglint: ignore-file', '-next-line', '"""', '\\', 'a = 1', '(', '{', '\u00e4', '\u202e', '*', 'all']  # fmt: skip
    lines = _CONFIG.splitlines(keepends=True)
    for _ in range(run.rng.randrange(1, 6)):
        lines.insert(run.rng.randrange(len(lines) + 1), _of(run.rng, words, 6) + run.rng.choice(['\n', '']))
    name = run.rng.choice(['configs/a.py', 'configs/a.py', 'configs/a.yaml'])
    yield from _checked(run, name, ''.join(lines))


def _mixed(rng: random.Random, pieces: list[str]) -> str:
    """Return some pieces, each cut somewhere, one a line or not."""
    chosen = [rng.choice(pieces) for _ in range(rng.randrange(1, 5))]
    return rng.choice(['\n', '\n', '', ' ']).join(
        each[: rng.choice([len(each), rng.randrange(len(each) + 1)])] for each in chosen
    )


def _checked(run: Run, name: str, text: str) -> Iterator[str]:
    """Run a command over a config beside a file with a text."""
    for path, each in (('configs/b.py', _CONFIG), (name, text)):
        (run.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (run.folder / path).write_bytes(each.encode('utf-8', 'surrogateescape'))
    yield from faults_of(
        *any_command(run.rng, run.rng.choice(['configs', name if name.startswith('configs') else 'configs/b.py']))
    )


FUZZERS: dict[str, Fuzzer] = {
    'ignored': _ignored,
    'requirements': _requirements,
    'settings': _settings,
    'suppressed': _suppressed,
}
