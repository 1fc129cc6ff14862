"""What a pull request may try: to run code where it is checked, to be believed, to write elsewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.dom import minidom

import pytest

from cfglint import targeting
from cfglint.report.markdown import escaped
from tests.cli.conftest import environment, process
from tests.hostile.commands import run
from tests.kit.repo import write

CONFIG = 'train_cfg = dict(by_epoch=True, max_epoch=1)\n'


def git(folder: Path, *arguments: str) -> None:
    """Run git."""
    command = ['git', '-c', 'user.name=a', '-c', 'user.email=a@b', *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize('options', [['--since', 'HEAD'], ['--staged'], ['--with-dependents']])
def test_a_repository_that_lies_among_the_files_configures_nothing(tmp_path: Path, options: list[str]) -> None:
    """The files of a bare repository can be part of a commit; its settings name programs that git would run."""
    inner = tmp_path / 'configs' / 'inner'
    write(tmp_path, {'configs/inner/a.py': CONFIG, 'configs/inner/.gitattributes': '*.py filter=evil\n'})
    git(inner, 'init', '-q', '--bare', '.')
    for key, value in (('core.bare', 'false'), ('core.worktree', '.')):
        git(inner, 'config', key, value)
    git(inner, 'add', 'a.py')
    git(inner, 'commit', '-qm', 'a')
    git(inner, 'config', 'filter.evil.clean', f'touch {tmp_path / "ran"}; cat')
    (inner / 'a.py').write_text(f'{CONFIG}a = 1\n')
    git(tmp_path, 'init', '-q')
    process('check', '--no-cache', *options, 'configs/inner/a.py', cwd=tmp_path)
    assert not (tmp_path / 'ran').exists()


PROGRAMS = {
    'a filter': {'filter.evil.clean': '{run}; cat', 'filter.evil.required': 'true'},
    'a filter that stays': {'filter.evil.process': '{run}'},
    'a filter whose name git reads otherwise': {'filter.evil=1.clean': '{run}; cat'},
    'a filter in an included file': {'include.path': '../evil.ini'},
    'a monitor': {'core.fsmonitor': '{run}'},
    'hooks': {'core.hooksPath': 'hooks'},
    'a program for differences': {'diff.evil.command': '{run}', 'diff.external': '{run}', 'diff.evil.textconv': '{run}; cat'},
    'a remote to run': {'protocol.ext.allow': 'always', 'remote.origin.url': 'ext::{run}'},
    'a remote with a server': {'remote.origin.url': '{folder}', 'remote.origin.uploadpack': '{run}; false'},
    'a way to reach a remote': {'remote.origin.url': 'ssh://evil/x', 'core.sshCommand': '{run}; false'},
}  # fmt: skip
"""Settings of a repository that was packed by somebody else; each names a program."""


@pytest.mark.skipif(sys.platform == 'win32', reason='the programs are commands of a shell')
@pytest.mark.parametrize('name', PROGRAMS)
def test_nothing_that_a_repository_names_is_run(name: str, tmp_path: Path) -> None:
    evil = tmp_path / 'evil'
    evil.write_text(f'#!/bin/sh\ntouch {tmp_path}/ran\n')
    evil.chmod(0o755)
    folder = tmp_path / 'repo'
    driver = 'evil=1' if 'filter.evil=1.clean' in PROGRAMS[name] else 'evil'
    write(folder, {'configs/a.py': CONFIG, '.gitattributes': f'*.py filter={driver} diff=evil\n'})
    write(folder, {'evil.ini': f'[filter "evil"]\n clean = {evil}\n', '.gitignore': 'evil.ini\nhooks\n'})
    (folder / 'hooks').mkdir()
    for hook in ('post-index-change', 'reference-transaction', 'post-checkout', 'pre-auto-gc'):
        (folder / 'hooks' / hook).symlink_to(evil)
    git(folder, 'init', '-q')
    git(folder, 'add', '.')
    git(folder, 'commit', '-qm', 'a')
    if 'remote' in name:
        # What is missing in a partial clone, git fetches.
        for key, value in (('extensions.partialClone', 'origin'), ('core.repositoryFormatVersion', '1')):
            git(folder, 'config', key, value)
        git(folder, 'config', 'remote.origin.promisor', 'true')
        for path in (folder / '.git/objects').glob('??/*'):
            kind = subprocess.run(
                ['git', 'cat-file', '-t', path.parent.name + path.name], cwd=folder, capture_output=True, check=True
            ).stdout
            if kind == b'blob\n':
                path.unlink()
    for key, value in PROGRAMS[name].items():
        git(folder, 'config', key, value.format(run=evil, folder=folder))
    for options in (['--since', 'HEAD'], ['--staged'], ['--with-dependents']):
        (folder / 'configs/a.py').write_text(f'{CONFIG}a = {len(options[0])}\n')
        ran = process('check', '--no-cache', *options, 'configs/a.py', cwd=folder)
        assert ran.code in (0, 1, 2) and not (tmp_path / 'ran').exists(), (options, ran.err)


def test_plugins_are_not_looked_for_in_the_tree(tmp_path: Path) -> None:
    evil = f'open({str(tmp_path / "ran")!r}, "w")\n'
    write(
        tmp_path,
        {'evil.py': evil, 'configs/evil.py': evil, 'configs/a.py': CONFIG, 'cfglint.toml': 'plugins = ["evil"]\n'},
    )
    ran = process('check', '--no-cache', 'configs/a.py', cwd=tmp_path)
    assert ran.code == 2 and 'there is no `evil`' in ran.err and not (tmp_path / 'ran').exists()


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('by @octocat, see #12', 'by @\u200boctocat, see \\#\u200b12'),
        ('`a` @b `c`', '<code>a</code> @\u200bb <code>c</code>'),
        ('`@b` and #x', '<code>@b</code> and \\#\u200bx'),
        ('<img src=x>|', '&lt;img src=x&gt;&#124;'),
    ],
)
def test_a_comment_calls_nobody(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.skipif(sys.platform == 'win32', reason='who owns a folder is not looked at')
@pytest.mark.parametrize(
    'kind',
    ['absent', 'own', 'linked', 'everybody', 'a group', 'a group of one', 'of another', 'a link of another', 'a file'],
)
def test_a_cache_is_kept_in_a_folder_of_ones_own(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can write into it would say what is wrong with a config, or have other files removed."""
    folder = tmp_path / 'cfglint'
    if 'link' in kind:
        (tmp_path / 'elsewhere').mkdir()
        folder.symlink_to('elsewhere')
    elif kind != 'absent':
        folder.mkdir()
    if kind == 'everybody':
        folder.chmod(0o777)
    if 'group' in kind:
        folder.chmod(0o775)
        fields = list(folder.stat())
        fields[5] = fields[4] + (kind == 'a group')
        monkeypatch.setattr(os, 'stat', lambda path: os.stat_result(fields))
    if 'of another' in kind:
        monkeypatch.setattr(os, 'geteuid', lambda: 12345)
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    monkeypatch.setattr(sys, 'platform', 'linux')
    assert (targeting.cache_folder() is not None) == (kind in ('absent', 'own', 'linked', 'a group of one', 'a file'))


@pytest.mark.skipif(sys.platform != 'linux', reason='the entries are pipes and devices of Linux')
@pytest.mark.parametrize('kind', ['a pipe', 'a device', 'a huge file'])
def test_an_entry_of_the_cache_blocks_nothing(kind: str, tmp_path: Path) -> None:
    write(tmp_path, {'configs/a.py': CONFIG})
    variables = {'XDG_CACHE_HOME': str(tmp_path / 'cache')}
    process('check', 'configs', cwd=tmp_path, **variables)  # what has changed just now is not kept
    first = process('check', 'configs', cwd=tmp_path, **variables)
    [entry] = (tmp_path / 'cache/cfglint/answers').glob('*.json')
    entry.unlink()
    if kind == 'a pipe':
        os.mkfifo(entry)
    elif kind == 'a device':
        entry.symlink_to('/dev/zero')
    else:
        with open(entry, 'wb') as file:
            file.truncate(10 << 40)
    again = process('check', 'configs', cwd=tmp_path, **variables)
    assert first.out == again.out and first.code == again.code == 1


class _Handlers(HTMLParser):
    """Notes what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag."""
        self.found += [each for each in attrs if each[0].startswith('on') or (each[1] or '').startswith('javascript:')]
        self.found += [tag] if tag == 'img' else []


MARKUP = ('"><img src=x onerror=alert(1)>', '</script><script>alert(1)</script>', "' onload='alert(1)", ']]>')


def test_markup_in_names_is_text_in_pages_and_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    keys = ', '.join(f'{mark!r}: dict(lr_mult={number})' for number, mark in enumerate(MARKUP, 2))
    text = f"""
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, **{{{MARKUP[0]!r}: 1}})
model = dict(type={MARKUP[1]!r}, a={MARKUP[3]!r})
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), paramwise_cfg=dict(custom_keys={{{keys}}}))
param_scheduler = dict(type='StepLR', step_size=1)
load_from = 'javascript:alert(1)'
"""
    name = f'configs/{MARKUP[0]}.py'
    write(tmp_path, {'.git/HEAD': '', name: text})
    for command in (
        ('report', '--output', 'r.html', 'configs'),
        ('show', '--schedule', '--output', 's.svg', '--', name),
    ):
        assert run(*command).code == 0
    page, handlers = (tmp_path / 'r.html').read_text(), _Handlers()
    handlers.feed(page)
    assert not handlers.found and 'alert(1)</script>' not in page and 'onerror' in page
    picture = minidom.parseString((tmp_path / 's.svg').read_bytes())
    assert not picture.getElementsByTagName('script') and not picture.getElementsByTagName('img')
    minidom.parseString(run('check', '--no-cache', '--output-format', 'junit', 'configs').out)


@pytest.mark.parametrize('text', ['mmdet.' * 20_000, 'a' * 200_000, '`' * 9_000, '\x1b[31m' * 900])
def test_what_is_asked_for_is_not_repeated_at_length(text: str) -> None:
    ran = run('explain', text)
    assert ran.code == 2 and len(ran.err) < 600 and '\x1b' not in ran.err


@pytest.mark.parametrize(
    'message', [b'Content-Length: ' + b'9' * 20, b'Content-Length: -5', b'Content-Length: x', b'X' * 90_000]
)
def test_what_is_no_message_ends_the_server_or_is_passed_over(message: bytes, tmp_path: Path) -> None:
    command = [sys.executable, '-m', 'cfglint', 'server']
    ran = subprocess.run(
        command, input=message + b'\r\n\r\n{}', cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert ran.returncode in (0, 2) and b'internal error' not in ran.stderr


@pytest.mark.parametrize('log', ['GITHUB_ACTIONS', 'TF_BUILD', ''])
@pytest.mark.parametrize(
    'command', ['##[stop-commands]x', '##vso[task.setvariable variable=PATH]x', '::stop-commands::x']
)
def test_nothing_is_a_command_to_what_keeps_the_log(
    log: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ('GITHUB_ACTIONS', 'TF_BUILD'):
        monkeypatch.delenv(name, raising=False)
    if log:
        monkeypatch.setenv(log, 'true')
    text = f'note = """\n {command}\n """\ntrain_cfg = dict(by_epoch=True, max_epoch=3)  # {command}\n'
    write(tmp_path, {'.git/HEAD': '', 'configs/a.py': text, 'cfglint.toml': ''})
    started = re.compile(r'^\s*::(?!error |warning |notice )|^(?!::).*##\w*\[', re.MULTILINE)
    printed = [
        run('check', '--no-cache', '--output-format', 'full', 'configs').out,
        run('check', '--no-cache', '--output-format', 'github', 'configs').out,
        run('check', '--no-cache', '--diff', '--unsafe-fixes', 'configs').out,
        run('show', 'configs/a.py', command).err,
        run('check', '--no-cache', command).err,
    ]
    found = [bool(started.search(each)) for each in printed]
    assert not any(found) if log else any(found)
    assert all('stop-commands' in each or 'setvariable' in each for each in (printed[0], printed[2]))
    assert '::error title=cfglint' in printed[1]
    data = json.loads(run('show', 'configs/a.py', '--format', 'json').out)
    assert data['note'].strip() == command
