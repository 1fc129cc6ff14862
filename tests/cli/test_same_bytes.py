"""The same bytes are printed whatever the seed of hashes, the number of processes and the order of what is named."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

import pytest

from cfglint.rules import all_rules
from tests.cli.conftest import environment
from tests.hostile.commands import FORMATS
from tests.kit.complete import examples
from tests.kit.repo import write

RULES = list(all_rules().items())
KINDS = 40
"""Examples of so many rules make the tree; many of them together inherit from a base that is wrong, too."""


@pytest.fixture(scope='module')
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with configs in which very much is wrong."""
    folder = tmp_path_factory.mktemp('tree')
    for name, rule in RULES[:: len(RULES) // KINDS]:
        files = examples(rule.doc)['bad'].items()
        write(
            folder,
            {f'configs/{name}/{file}': text for file, text in files if file.endswith('.py') and '..' not in file},
        )
    shared = 'train_cfg = dict(by_epoch=True, max_epoch=12, b=1, c=2)\nmodel = dict(type="RetinaNett", zz=1, aa=2)\n'
    own = (
        'from mmengine.registry import MODELS\n@MODELS.register_module()\nclass Own:\n    def __init__(self, a): pass\n'
    )
    write(folder, {'configs/_base_/shared.py': shared, 'own/__init__.py': own, 'requirements.txt': 'mmdet>=3\nmmseg\n'})
    for number in range(20):
        text = f'_base_ = "_base_/shared.py"\ncustom_imports = dict(imports=["own"])\nhead = dict(type="Own", a{number}=1)\n'
        write(folder, {f'configs/child{number}.py': text})
    return folder


OUTPUTS = [f'--output-format={each}:{{folder}}/{each}' for each in FORMATS if each != 'full']
COMMANDS = [('check', '--no-cache', '--output-format=full', *OUTPUTS), ('graph',), ('migrate', '--diff')]
CODE = """
import os, sys
import cfglint.cli.run_check, cfglint.rules
from cfglint import parallel
parallel.MIN_ITEMS = 1
jobs = int(sys.argv[1])
parallel.processors = lambda: jobs
from cfglint.cli import main
for command in {commands!r}:
    sys.argv[1:] = [*command, *{names!r}]
    child = os.fork()
    if child == 0:
        main()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in (0, 1)
    print({mark!r}, flush=True)
"""
MARK = '=== the next command ==='


def printed(tree: Path, folder: Path, seed: str, jobs: int, names: list[str]) -> dict[str, bytes]:
    """Return what each command prints about files, errors and all; of the formats, all but the first go to a folder."""
    folder.mkdir()
    variables = {**environment(), 'PYTHONHASHSEED': seed, 'COLUMNS': '100'}
    commands = [[word.format(folder=folder) for word in command] for command in COMMANDS]
    line = [sys.executable, '-c', CODE.format(commands=commands, names=names, mark=MARK), str(jobs)]
    ran = subprocess.run(line, cwd=tree, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert ran.returncode == 0, ran.stdout[-2000:]
    *parts, end = ran.stdout.split(MARK.encode())
    found = {command[0]: part for command, part in zip(COMMANDS, parts, strict=True)}
    found |= {path.name: path.read_bytes() for path in folder.iterdir()}
    assert end == b'\n' and len(found) == len(COMMANDS) + len(OUTPUTS)
    return {name: re.sub(rb'in [0-9.]+ m?s', b'', text) for name, text in found.items()}


def test_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    named = sorted(str(path.relative_to(tree)) for path in tree.glob('configs/**/*.py'))
    first = printed(tree, tmp_path / 'first', '1', 1, named)
    other = printed(tree, tmp_path / 'other', '2', 3, [*named[1::2], *named[::2][::-1]])
    for name, text in first.items():
        lines = zip_longest(text.splitlines(), other[name].splitlines())
        assert text == other[name], (name, next(pair for pair in lines if pair[0] != pair[1]))
        assert len(text) > 1000, name
