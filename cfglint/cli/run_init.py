"""What ``cfglint init`` does: it looks at the repository, and writes what is not there yet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint import __version__, baseline, files
from cfglint.catalog import libraries as catalogs
from cfglint.catalog.asked import Origin
from cfglint.cli import exits
from cfglint.cli.adopt import DEFAULT_BASELINE
from cfglint.cli.guard import report_crash
from cfglint.cli.options import CheckOptions
from cfglint.cli.run_check import Run, engine_for
from cfglint.cli.task import Task, task_of
from cfglint.git import repository_of
from cfglint.report.sources import Sources, shown
from cfglint.report.summary import count
from cfglint.settings import find
from cfglint.targeting import libraries_for
from cfglint.usage import UsageError
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.targets import Targets

_HOOK = """repos:
  - repo: https://github.com/cfglint/cfglint
    rev: v{version}
    hooks:
      - id: cfglint
"""
_WORKFLOW = """name: cfglint
on:
  pull_request:
jobs:
  cfglint:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: cfglint/cfglint@v{version}
        with:
          since: origin/${{{{ github.base_ref }}}}
"""


def run() -> int:
    """Write what is not there yet, say what was written, and return the exit code.

    Raises:
        UsageError: There are settings already, or no configs, or a file cannot be written.
    """
    here = os.getcwd()
    repository = repository_of(here)
    root = here if repository is None else repository.root
    known = find(root)
    if known is not None:
        raise UsageError(f'`{shown(known)}` has settings of cfglint already')
    task = task_of(CheckOptions(isolated=True))
    workspace = Workspace(libraries_for(task.found.files, task.where, ()))
    result = Run(task.found, engine_for(task), workspace).check()
    for crash in result.crashes:
        report_crash(f'{shown(crash.path)}: {crash.what}', crash.traceback)
    findings = [each for each in result.diagnostics if not each.is_upstream]
    if findings:
        entries = baseline.entries_of(result.diagnostics, Sources(), root)
        has_baseline = _write(root, DEFAULT_BASELINE, baseline.dump(entries), count(len(findings), 'finding'))
    else:
        has_baseline = os.path.exists(os.path.join(root, DEFAULT_BASELINE))
    _write_settings(root, list(_settings(task, root, workspace.libraries.targets, has_baseline)))
    _write(root, '.pre-commit-config.yaml', _HOOK.format(version=__version__), 'the hook')
    if os.path.exists(os.path.join(root, '.github')) or not os.path.exists(os.path.join(root, '.gitlab-ci.yml')):
        name = os.path.join('.github', 'workflows', 'cfglint.yml')
        _write(root, name, _WORKFLOW.format(version=__version__), 'the workflow')
    return exits.INTERNAL if result.crashes else exits.OK


def _settings(task: Task, root: str, targets: Targets, has_baseline: bool) -> Iterator[str]:
    """Yield the lines of a table of settings."""
    paths = sorted(os.path.relpath(folder, root).replace(os.sep, '/') for folder in task.found.folders)
    yield f'paths = [{", ".join(map(_quoted, paths))}]'
    if has_baseline:
        yield f'baseline = {_quoted(DEFAULT_BASELINE)}'
    known = [(library, targets.known(library)) for library in catalogs.libraries()]
    required = [(library, each) for library, each in known if each is not None and each.origin is Origin.REQUIREMENTS]
    if required and len(targets.eras) == 1:
        said = ', '.join(f'{_quoted(library)} = {_quoted(each.release)}' for library, each in required)
        yield f'targets = {{ {said} }}'


def _write_settings(root: str, lines: list[str]) -> None:
    """Add a table to `pyproject.toml` where there is one, else write a file of one's own."""
    path = os.path.join(root, 'pyproject.toml')
    if not os.path.exists(path):
        _write(root, 'cfglint.toml', ''.join(f'{line}\n' for line in lines), 'the settings')
        return
    try:
        text = files.contents(path).decode()
        end = '\r\n' if '\r\n' in text else '\n'
        gap = '' if not text else end if text.endswith('\n') else end * 2
        with open(path, 'a', encoding='utf-8', newline='') as file:
            file.write(gap + end.join(['[tool.cfglint]', *lines, '']))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f'cannot add settings to `{shown(path)}`: {error}') from None
    print(f'added [tool.cfglint] to {shown(path)}')


def _write(root: str, name: str, text: str, what: str) -> bool:
    """Write a file unless there is one; say what became of it, and return whether it was written."""
    path = os.path.join(root, name)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'x', encoding='utf-8', newline='\n') as file:
            file.write(text)
    except FileExistsError:
        print(
            f'left {shown(path)} as it is; {what} could be:\n{text}'
            if len(text) < 1000
            else f'left {shown(path)} as it is'
        )
        return False
    except OSError as error:
        raise UsageError(f'cannot write `{shown(path)}`: {(error.strerror or "it failed").lower()}') from None
    print(f'wrote {shown(path)}: {what}')
    return True


def _quoted(words: str) -> str:
    return '"' + words.replace('\\', '\\\\').replace('"', '\\"') + '"'
