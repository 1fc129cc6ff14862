"""Rules from outside, as docs/python.md tells to write them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / 'docs' / 'python.md').read_text(encoding='utf-8')


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with a config; beside it, as if installed, the plugin of the page."""
    [code] = re.findall(r'```python\n(# lab_rules/seeds\.py\n.*?)```', PAGE, re.DOTALL)
    [points] = re.findall(r'```toml\n\[project\.entry-points[^\n]*\n(\w+ = "\w+")', PAGE)
    installed = tmp_path / 'installed'
    (installed / 'lab_rules').mkdir(parents=True)
    (installed / 'lab_rules' / '__init__.py').write_text('')
    (installed / 'lab_rules' / 'seeds.py').write_text(code)
    (installed / 'lab_rules-1.0.dist-info').mkdir()
    (installed / 'lab_rules-1.0.dist-info' / 'METADATA').write_text(
        'Metadata-Version: 2.1\nName: lab-rules\nVersion: 1.0\n'
    )
    (installed / 'lab_rules-1.0.dist-info' / 'entry_points.txt').write_text(
        f'[cfglint.rules]\n{points.replace(chr(34), "")}\n'
    )
    folder = tmp_path / 'project'
    folder.mkdir()
    (folder / 'a.py').write_text(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=2)\ntrain_dataloader = dict()\noptim_wrapper = dict()\n"
        'model = dict()\n'
    )
    (folder / 'lab_here.py').write_text('raise SystemExit("imported from the folder that is checked")\n')
    settings(folder, 'lab_rules')
    return folder


def settings(folder: Path, *plugins: str) -> None:
    (folder / 'cfglint.toml').write_text(f'plugins = {list(plugins)}\n')


def cfglint(folder: Path, *arguments: str) -> tuple[int, str]:
    path = f'{ROOT}:{folder.parent / "installed"}'
    command = [sys.executable, '-m', 'cfglint', *arguments]
    ran = subprocess.run(command, cwd=folder, env={'PYTHONPATH': path}, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


CHECK = ('check', 'a.py', '--no-cache', '--output-format', 'concise', '--quiet')
SAID = 'a.py: warning[missing-seed] this config sets no `randomness.seed`\n'


@pytest.mark.parametrize('name', ['lab_rules', 'lab', 'lab_rules.seeds'], ids=['package', 'entry point', 'module'])
def test_is_asked_like_others(project: Path, name: str) -> None:
    settings(project, name)
    assert cfglint(project, *CHECK, '--select', 'lab-rules') == (1, SAID)
    assert cfglint(project, *CHECK, '--select', 'missing-seed') == (1, SAID)
    assert SAID in cfglint(project, *CHECK)[1]
    assert SAID not in cfglint(project, *CHECK, '--ignore', 'lab-rules')[1]


def test_can_be_suppressed_and_explained(project: Path) -> None:
    config = project / 'a.py'
    config.write_text(f'# cfglint: ignore-file[missing-seed] -- a demo\n{config.read_text()}')
    assert cfglint(project, *CHECK, '--select', 'lab-rules', '--select', 'unused-suppression') == (0, '')
    code, page = cfglint(project, 'explain', 'missing-seed')
    assert code == 0 and 'Our runs have a seed.' in page and 'Family: lab-rules' in page
    assert '/python/' in page and '/rules/' not in page
    assert 'missing-seed' in cfglint(project, 'rules')[1]


@pytest.mark.parametrize(
    ('name', 'says'),
    [
        ('lab_absent', 'plugins: there is no `lab_absent`: install it in the environment that cfglint runs in'),
        ('lab_here', 'plugins: there is no `lab_here`'),
        ('json', 'plugins: `json` has no rule: decorate a function'),
        ('lab_broken', 'plugins: `lab_broken` cannot be imported: ZeroDivisionError: division by zero'),
        ('lab_needs', "plugins: `lab_needs` cannot be imported: No module named 'absent_too'"),
        ('lab_exits', 'plugins: `lab_exits` cannot be imported: SystemExit'),
        ('lab_program.__main__', 'plugins: `lab_program.__main__` has no rule: decorate a function'),
        ('typer.__main__', 'plugins: `typer.__main__` has no rule: decorate a function'),
        ('', 'plugins: `` cannot be imported: ValueError'),
        ('__main__', 'plugins: `__main__` has no rule'),
        ('lab_taken', 'plugins: the rule `unknown-type` of `lab_taken` is called like one of `component`'),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(project: Path, name: str, says: str) -> None:
    installed = project.parent / 'installed'
    (installed / 'lab_broken.py').write_text('# for cfglint\n1 / 0\n')
    (installed / 'lab_needs.py').write_text('# for cfglint\nimport absent_too\n')
    (installed / 'lab_exits.py').write_text('# of cfglint\nraise SystemExit(0)\n')
    program = 'raise SystemExit("this was run")\n'
    (installed / 'lab_program').mkdir()
    (installed / 'lab_program' / '__init__.py').write_text(program)
    (installed / 'lab_program' / '__main__.py').write_text(program)
    (installed / 'lab_taken.py').write_text(
        'from cfglint.rules.rule import rule\n\n\n@rule()\ndef unknown_type(context):\n    return iter(())\n'
    )
    settings(project, name)
    code, printed = cfglint(project, *CHECK)
    assert code == 2 and printed.startswith(f'cfglint: error: {says}') and printed.count('\n') == 1


def test_counts_only_for_the_project_that_names_it(project: Path) -> None:
    other = project.parent / 'other'
    other.mkdir()
    (other / 'a.py').write_text((project / 'a.py').read_text())
    (other / 'cfglint.toml').write_text('')
    code = (
        'import os, cfglint\n'
        f'for folder in ({str(project)!r}, {str(other)!r}):\n'
        '    os.chdir(folder)\n'
        '    print([found.rule for found in cfglint.check("a.py", ignore=["advice"])])\n'
    )
    path = f'{ROOT}:{project.parent / "installed"}'
    ran = subprocess.run(
        [sys.executable, '-c', code], env={'PYTHONPATH': path}, capture_output=True, text=True, check=True
    )
    with_plugin, without = ran.stdout.splitlines()
    assert 'missing-seed' in with_plugin and 'missing-seed' not in without
