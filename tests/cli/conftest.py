"""Running the command line, in this process (fast) or in one of its own (exit codes, pipes, signals)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from cfglint.cli.app import make_app

ROOT = Path(__file__).parent.parent.parent


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Return a function that runs cfglint in an empty folder, without the caller's settings."""
    monkeypatch.chdir(tmp_path)
    for name in ('CFGLINT_OUTPUT_FORMAT', 'CFGLINT_TRACEBACK', 'NO_COLOR', 'FORCE_COLOR'):
        monkeypatch.delenv(name, raising=False)

    def run(*args: str, env: dict[str, str] | None = None, stdin: str | None = None) -> Ran:
        result = CliRunner().invoke(make_app(args[0] if args else None), list(args), env=env, input=stdin)
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


def environment(**more: str) -> dict[str, str]:
    """Return an environment for a process of its own, in which this checkout is imported."""
    kept = {
        name: os.environ[name]
        for name in ('PATH', 'HOME', 'XDG_CACHE_HOME', 'SYSTEMROOT', 'TMPDIR')
        if name in os.environ
    }
    return {**kept, 'PYTHONPATH': str(ROOT), **more}


def process(*args: str, cwd: Path, **more: str) -> Ran:
    """Run cfglint in a process of its own."""
    command = [sys.executable, '-m', 'cfglint', *args]
    ran = subprocess.run(command, cwd=cwd, env=environment(**more), capture_output=True, check=False)
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
