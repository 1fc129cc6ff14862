"""Patterns of ignore files, compared with git."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from cfglint.patterns import Patterns, lines_of

FILES = (
    'build', 'build\\', 'a/build/x', 'a b', 'a', 'ab', 'a/b/c', 'a/c', 'b/a/c', 'aab', 'foo/bar', 'foox/bar', 'foo/x/bar',
    'fooxbar', '!x', '#x', '[a]', 'a]', '-', 'm', 'é', 'x/é', '*', 'z/*', 'c\\d', '1', 'B', 'trail', 'deep/a/b/foo/bar',
    '^m', 'a\tb', 'x.py', 'd/x.py', 'd.py/y',
)  # fmt: skip
LINES = (
    b'build\\', b'build\\\\', b'!', b'!!x', b'/', b'//', b'///a', b'[z-a]', b'[', b'[a', b'[]a]', b'[!a]', b'[^m]', b'[a-]',
    b'[--m]', b'[[:alpha:]]', b'[[:digit:]]', b'[[:nope:]]', b'[[:', b'[[:]', b'[\\]]', b'a[/]c', b'\\!x', b'\\#x', b'#x',
    b'trail  ', b'a\\ ', b'a\\ b', b'  ', b'\t', b'a\tb', b'\xff\xfe', b'\xc3\xa9', b'?', b'??', b'*', b'**', b'**/', b'/**',
    b'**/c', b'a/**', b'a/**/c', b'**/a/**', b'foo**/bar', b'fo*o**/bar', b'foo/**bar', b'***/c', b'**\\/c', b'a**b', b'*b*',
    b'\\*', b'z/\\*', b'c\\d', b'c\\\\d', b'*.py', b'*.py/', b'd/*', b'*/x.py', b'a/', b'/a', b'/a/', b'x/\xe9', b'a\0b',
    b'\xef\xbb\xbfa', b'a\r', b'B', b'[A-Z]', b'*\n!a', b'a\n!a/c', b'/*\n!/a',
)  # fmt: skip


@pytest.fixture(scope='module')
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with files of odd names."""
    folder = tmp_path_factory.mktemp('tree')
    subprocess.run(['git', 'init', '-q', str(folder)], check=True)
    for name in FILES:
        path = folder / name
        if not path.is_dir():
            for above in reversed(path.parents):
                if above.is_file():
                    above.unlink()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text('')
    return folder


def test_what_matches_is_what_git_says(tree: Path, tmp_path: Path) -> None:
    files = [os.path.relpath(path, tree) for path in tree.rglob('*') if path.is_file() and '.git' not in path.parts]
    wrong = {}
    for lines in LINES:
        (tmp_path / 'ignore').write_bytes(lines)
        command = ['git', '-C', str(tree), 'ls-files', '-z', '-o', '-i', f'--exclude-from={tmp_path / "ignore"}']
        listed = subprocess.run(command, capture_output=True, check=True).stdout
        expected = sorted(os.fsdecode(name) for name in listed.split(b'\0') if name)
        patterns = Patterns(str(tree), lines_of(lines))
        ours = sorted(name for name in files if patterns.match(str(tree / name)))
        if ours != expected:
            wrong[lines] = (ours, expected)
    assert wrong == {}


@pytest.mark.parametrize('pattern', ['*a' * 12 + 'b', '**/a/' * 10 + 'b', 'x/' + '*a' * 12 + 'b', '[a]*' * 12 + 'b'])
def test_no_pattern_takes_long(tmp_path: Path, pattern: str) -> None:
    patterns = Patterns(str(tmp_path), [pattern])
    paths = [str(tmp_path / name) for name in ('a' * 250, '/'.join('a' * 60), f'x/{"a" * 250}')]
    began = time.perf_counter()
    assert not any(patterns.match(path) for path in paths)
    assert time.perf_counter() - began < 0.5
