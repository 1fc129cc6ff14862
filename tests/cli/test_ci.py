"""The action and the recipes for CI: valid for those who read them, and their shell does what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml
from sarif_pydantic import Sarif

from tests.cli.conftest import ROOT, environment, process
from tests.cli.test_since import BAD, CHILD, GOOD, Repository
from tests.kit.repo import write

ACTION: dict[str, Any] = yaml.safe_load((ROOT / 'action.yml').read_text(encoding='utf-8'))
PAGE = (ROOT / 'docs' / 'ci.md').read_text(encoding='utf-8')


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository in which the last commit breaks a child of a base."""
    (tmp_path / 'repo').mkdir()
    found = Repository(tmp_path / 'repo')
    found.commit({'configs/_base_/sgd.py': GOOD, 'configs/child.py': CHILD, 'configs/other.py': BAD})
    found.commit({'configs/_base_/sgd.py': BAD})
    return found


def recipe(language: str, heading: str) -> str:
    """Return a block of code of the page."""
    section = PAGE.partition(f'\n## {heading}\n')[2].partition('\n## ')[0]
    found = re.search(rf'```{language}\n(.*?)```', section, re.DOTALL)
    assert found is not None
    return found[1]


def shell(script: str, repository: Repository, tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script with a command cfglint that is this checkout."""
    write(tmp_path, {'bin/cfglint': f'#!/bin/sh\nexec "{sys.executable}" -m cfglint "$@"\n'})
    (tmp_path / 'bin/cfglint').chmod(0o755)
    given = environment(**variables)
    given['PATH'] = f'{tmp_path / "bin"}{os.pathsep}{given["PATH"]}'
    return subprocess.run(
        ['bash', '-e', '-c', script], cwd=repository.folder, env=given, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ('schema', 'file'), [('github-actions', 'action.yml'), ('gitlab-ci', None), ('github-workflows', None)]
)
def test_files_for_services_are_valid(schema: str, file: str | None, tmp_path: Path) -> None:
    path = ROOT / file if file else tmp_path / 'ci.yml'
    if not file:
        path.write_text(recipe('yaml', 'GitLab' if schema == 'gitlab-ci' else 'GitHub'))
    ran = subprocess.run(
        [sys.executable, '-m', 'check_jsonschema', '--builtin-schema', f'vendor.{schema}', str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_module_of_a_pull_request_is_run_in_place_of_one_that_the_action_names() -> None:
    scripts = '\n'.join(step.get('run', '') for step in ACTION['runs']['steps'])
    named = re.findall(r'(\S+) -m (\w+)', scripts)
    assert sorted(named) == [('-I', 'pip'), ('-I', 'venv')]


def test_the_action_annotates_summarises_and_fails(repository: Repository, tmp_path: Path) -> None:
    [step] = [each for each in ACTION['runs']['steps'] if each.get('id') == 'check']
    names = {name for name in step['env'] if name.startswith('INPUT_')}
    assert names == {f'INPUT_{name.upper().replace("-", "_")}' for name in ACTION['inputs'] if name != 'upload-sarif'}
    given = dict.fromkeys(names, '')
    given |= {name: str(tmp_path / name.lower()) for name in ('GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT')}
    given |= {'RUNNER_TEMP': str(tmp_path), 'INPUT_PATHS': 'configs', 'INPUT_SINCE': 'HEAD~1', 'INPUT_FAIL_ON': 'error'}
    ran = shell(step['run'], repository, tmp_path, **given)
    assert ran.returncode == 1, ran.stderr
    assert '::error ' in ran.stdout and 'file=configs/child.py' in ran.stdout and 'other.py' not in ran.stdout
    assert 'configs/child.py' in (tmp_path / 'github_step_summary').read_text()
    assert (tmp_path / 'github_output').read_text() == f'sarif={tmp_path}/cfglint.sarif\n'
    assert Sarif.model_validate_json((tmp_path / 'cfglint.sarif').read_text()).runs[0].results
    calm = shell(
        step['run'], repository, tmp_path, **{**given, 'INPUT_FAIL_ON': 'never', 'INPUT_TARGETS': 'mmdet==3.3.0'}
    )
    assert calm.returncode == 0, calm.stderr


def test_the_recipe_for_gitlab_writes_its_reports(repository: Repository, tmp_path: Path) -> None:
    job = yaml.safe_load(recipe('yaml', 'GitLab'))['cfglint']
    repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD~1')
    ran = shell(job['script'][-1], repository, tmp_path, CI_MERGE_REQUEST_TARGET_BRANCH_NAME='main')
    assert ran.returncode == 1, ran.stderr
    reports = job['artifacts']['reports']
    entries = json.loads((repository.folder / reports['codequality']).read_text())
    assert {each['location']['path'] for each in entries} == {'configs/child.py'}
    suites = JUnitXml.fromfile(str(repository.folder / reports['junit']))
    assert suites.failures == 1


def test_the_recipe_for_reviewdog_gives_it_sarif(repository: Repository, tmp_path: Path) -> None:
    write(tmp_path, {'bin/reviewdog': '#!/bin/sh\ncat\n'})
    (tmp_path / 'bin/reviewdog').chmod(0o755)
    ran = shell(recipe('sh', 'reviewdog'), repository, tmp_path)
    assert ran.returncode == 0
    assert Sarif.model_validate_json(ran.stdout).runs[0].results


def test_sarif_and_junit_are_valid_for_others(repository: Repository) -> None:
    ran = process('check', 'configs', '--output-format', 'sarif', cwd=repository.folder)
    [run] = Sarif.model_validate_json(ran.out).runs
    assert run.results and run.tool.driver.name == 'cfglint' and run.tool.driver.rules
    text = process('check', 'configs', '--output-format', 'junit', cwd=repository.folder).out
    assert JUnitXml.fromstring(text.encode()).failures >= 1
