"""What the documentation takes from the code is in step with it, its commands are understood, and it is a site."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from cfglint.cli.app import make_app
from tests.cli.conftest import ROOT, environment

PAGES = [ROOT / 'README.md', ROOT / 'examples' / 'README.md', *sorted((ROOT / 'docs').glob('*.md'))]


def test_generated_documentation_is_in_step() -> None:
    command = [sys.executable, 'tools/generate_docs.py', '--check']
    ran = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, '', '')


def test_ci_runs_the_command_of_the_readme() -> None:
    commands = [
        line
        for line in (ROOT / 'README.md').read_text(encoding='utf-8').splitlines()
        if line.endswith('.venv/bin/pytest')
    ]
    assert len(commands) == 1
    for name in ('.ci/run', 'CONTRIBUTING.md'):
        assert commands[0] in (ROOT / name).read_text(encoding='utf-8').splitlines(), name


def _commands(path: Path) -> list[str]:
    """Return the lines of shell blocks that call cfglint, without what follows a `|` or a `>`."""
    blocks = re.findall(r'```sh\n(.*?)```', path.read_text(encoding='utf-8'), re.DOTALL)
    lines = [line for block in blocks for line in block.replace('\\\n', '').splitlines()]
    found = [re.split(r' [|>] ', line)[0] for line in lines if line.startswith('cfglint ')]
    assert found or 'cfglint check' not in ''.join(blocks)
    return found


@pytest.mark.parametrize('path', [path for path in PAGES if _commands(path)], ids=lambda path: path.name)
def test_commands_are_understood(path: Path) -> None:
    root = typer.main.get_command(make_app())
    for line in _commands(path):
        name, *arguments = shlex.split(line, comments=True)[1:]
        command = root.commands[name]  # type: ignore[attr-defined]
        command.make_context(name, arguments)


def test_the_readme_shows_pictures_and_links_pages_that_are_there() -> None:
    text = (ROOT / 'README.md').read_text(encoding='utf-8')
    links = [link for link in re.findall(r'\]\(([^)#]+)', text) if '://' not in link]
    assert len(links) > 10 and [link for link in links if not os.path.exists(ROOT / link)] == []
