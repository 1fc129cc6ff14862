"""The types that the code declares hold, as mypy's strict mode checks them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_types_are_right() -> None:
    command = [sys.executable, '-m', 'mypy', '--no-error-summary']
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, '', '')
