"""What the documentation takes from the code is in step with it, and its commands are the ones that CI runs."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.conftest import ROOT, environment


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
