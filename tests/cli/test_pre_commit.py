"""The real pre-commit with this checkout as the hook's repository: a bad commit is stopped, a good one passes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT
from tests.kit.repo import write

IDENTITY = (
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@example.com',
    '-c',
    'init.defaultBranch=main',
    '-c',
    'commit.gpgsign=false',
)


def run(*command: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command and capture what it prints."""
    return subprocess.run(
        command, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )


@pytest.fixture(scope='module')
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment that keeps git and pre-commit away from the user's own settings.

    The tests share what pre-commit has installed: that takes longer than all else.
    """
    outside = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(('GIT_', 'PRE_COMMIT', 'CFGLINT', 'PYTHON'))
    }
    bin_folder = str(Path(sys.executable).parent)
    return {
        **outside,
        'PATH': f'{bin_folder}{os.pathsep}{outside["PATH"]}',
        'PRE_COMMIT_HOME': str(tmp_path_factory.mktemp('pre-commit')),
        'PIP_COMPILE': '0',  # most of what is installed is not run
        'GIT_CONFIG_GLOBAL': os.devnull,
    }


@pytest.fixture(scope='module')
def hook_repository(tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]) -> Path:
    """Return a git repository with what of this checkout is installed by the hook."""
    folder = tmp_path_factory.mktemp('hook') / 'cfglint'
    shutil.copytree(ROOT / 'cfglint', folder / 'cfglint', ignore=shutil.ignore_patterns('__pycache__'))
    for name in ('pyproject.toml', 'README.md', 'LICENSE', '.pre-commit-hooks.yaml'):
        shutil.copy(ROOT / name, folder / name)
    assert run('git', *IDENTITY, 'init', '-q', cwd=folder, env=env).returncode == 0
    assert run('git', 'add', '-A', cwd=folder, env=env).returncode == 0
    assert run('git', *IDENTITY, 'commit', '-qm', 'cfglint', cwd=folder, env=env).returncode == 0
    return folder


def test_a_bad_commit_is_stopped_and_a_good_one_passes(
    tmp_path: Path, hook_repository: Path, env: dict[str, str]
) -> None:
    head = run('git', 'rev-parse', 'HEAD', cwd=hook_repository, env=env).stdout.strip()
    repo = tmp_path / 'project'
    write(repo, {
        '.pre-commit-config.yaml': f'repos:\n  - repo: {hook_repository}\n    rev: {head}\n    hooks:\n      - id: cfglint\n',
        'cfglint.toml': 'extend-exclude = ["configs/old/"]\noutput-format = "concise"\n',
        'configs/a.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\n',
        'configs/old/b.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\n',
        'elsewhere/c.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\n',
    })  # fmt: skip
    run('git', *IDENTITY, 'init', '-q', cwd=repo, env=env)
    run('git', 'add', '-A', cwd=repo, env=env)
    assert 'installed at' in run('pre-commit', 'install', cwd=repo, env=env).stdout

    bad = run('git', *IDENTITY, 'commit', '-m', 'bad', cwd=repo, env=env)
    assert bad.returncode == 1, bad.stdout
    assert 'configs/a.py:1:33: error[misspelt-field]' in bad.stdout
    assert 'configs/old/b.py' not in bad.stdout and 'elsewhere/c.py' not in bad.stdout

    write(repo, {'configs/a.py': 'train_cfg = dict(by_epoch=True, max_epochs=12)\n'})
    run('git', 'add', '-A', cwd=repo, env=env)
    good = run('git', *IDENTITY, 'commit', '-m', 'good', cwd=repo, env=env)
    assert good.returncode == 0 and 'cfglint' in good.stdout and 'Passed' in good.stdout, good.stdout


def test_a_commit_that_breaks_others_is_stopped(tmp_path: Path, hook_repository: Path, env: dict[str, str]) -> None:
    head = run('git', 'rev-parse', 'HEAD', cwd=hook_repository, env=env).stdout.strip()
    repo = tmp_path / 'project'
    net = 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\nclass Net:\n    def __init__(self, {}=3):\n        pass\n'
    write(repo, {
        '.pre-commit-config.yaml': f'repos:\n  - repo: {hook_repository}\n    rev: {head}\n    hooks:\n      - id: cfglint\n',
        'cfglint.toml': 'output-format = "concise"\n',
        'mine/__init__.py': '',
        'mine/net.py': net.format('width'),
        'configs/_base_/run.yaml': 'train_cfg:\n  by_epoch: true\n  max_epochs: 3\n',
        'configs/a.py': "_base_ = './_base_/run.yaml'\ntrain_cfg = dict(max_epochs=4)\n",
        'configs/b.py': "default_scope = 'mmengine'\ncustom_imports = dict(imports=['mine.net'])\nmodel = dict(type='Net', width=4)\n",
    })  # fmt: skip
    run('git', *IDENTITY, 'init', '-q', cwd=repo, env=env)
    run('git', 'add', '-A', cwd=repo, env=env)
    run('pre-commit', 'install', cwd=repo, env=env)
    first = run('git', *IDENTITY, 'commit', '-m', 'first', cwd=repo, env=env)
    assert first.returncode == 0, first.stdout

    write(repo, {'mine/net.py': net.format('depth')})
    run('git', 'add', '-A', cwd=repo, env=env)
    module = run('git', *IDENTITY, 'commit', '-m', 'module', cwd=repo, env=env)
    assert module.returncode == 1 and 'configs/b.py:3:26: error[unknown-argument]' in module.stdout, module.stdout
    assert 'configs/a.py' not in module.stdout

    write(
        repo,
        {
            'mine/net.py': net.format('width'),
            'configs/_base_/run.yaml': 'train_cfg:\n  by_epoch: true\n  max_epoch: 3\n',
        },
    )
    run('git', 'add', '-A', cwd=repo, env=env)
    data = run('git', *IDENTITY, 'commit', '-m', 'data', cwd=repo, env=env)
    assert data.returncode == 1 and 'configs/_base_/run.yaml:3:3: error[misspelt-field]' in data.stdout, data.stdout
