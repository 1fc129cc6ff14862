"""Diagnostics over the wire."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cfglint.server.wire import make_server
from tests.server.client import Client, talk

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
default_scope = 'mmengine'
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
"""
CHILD = "_base_ = ['base.py']\nrandomness = dict(seed=3)\n"
WRONG = BASE.replace('max_epochs', 'max_epoch')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a repository of two configs."""
    (tmp_path / '.git').mkdir()
    (tmp_path / 'configs').mkdir()
    (tmp_path / 'configs' / 'base.py').write_text(BASE, encoding='utf-8')
    (tmp_path / 'configs' / 'child.py').write_text(CHILD, encoding='utf-8')
    return tmp_path


def test_what_is_typed_is_judged_before_it_is_saved(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        assert client.pushed == {}
        client.open('configs/base.py')
        await client.settled()
        assert client.pushed == {'configs/base.py': []}  # a client may wait for it
        client.type('configs/base.py', WRONG)
        await client.settled()
        (found,) = client.pushed['configs/base.py']
        assert (found.code, found.severity, found.source) == (
            'misspelt-field',
            types.DiagnosticSeverity.Error,
            'cfglint',
        )
        assert '1 other config shows it' in found.message
        assert found.range == types.Range(types.Position(1, 45), types.Position(1, 54))
        client.type('configs/base.py', BASE)
        await client.settled()
        assert client.pushed['configs/base.py'] == []

    talk(folder, conversation)


def test_columns_count_what_was_agreed_on(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        client.open('configs/base.py', "train_cfg = dict(max_epochs=12, note='🎉é', max_iter=3)\n")
        await client.settled()
        found = [each for each in client.pushed['configs/base.py'] if 'max_iter' in each.message]
        assert found[-1].range.start.character == 44  # the picture is two units of UTF-16

    talk(folder, conversation)


def test_a_broken_buffer_is_a_diagnostic_and_no_more(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        client.open('configs/child.py', "_base_ = ['base.py'\nrandomness = dict(seed=\n")
        await client.settled()
        assert [each.code for each in client.pushed['configs/child.py']] == ['syntax-error']
        client.type('configs/child.py', '\0')
        await client.settled()
        client.type('configs/child.py', CHILD)
        await client.settled()
        assert client.pushed['configs/child.py'] == []

    talk(folder, conversation)


def test_a_client_that_asks_is_not_told_of_open_files(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        client.open('configs/base.py', WRONG)
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(client.uri('configs/base.py')))
        report = await client.text_document_diagnostic_async(params)
        assert [each.code for each in report.items] == ['misspelt-field']
        await client.settled()
        assert client.pushed.get('configs/base.py', []) == []
        assert client.refreshed >= 1

    talk(folder, conversation, pulls=True)


def test_files_that_git_changes_removes_and_brings_back(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        (folder / 'configs' / 'base.py').unlink()
        client.change_on_disk(configs__base=types.FileChangeType.Deleted)
        await client.settled()
        assert [each.code for each in client.pushed['configs/child.py']] == ['missing-base']
        (folder / 'configs' / 'base.py').write_text(WRONG, encoding='utf-8')
        client.change_on_disk(configs__base=types.FileChangeType.Created)
        await client.settled()
        assert client.pushed['configs/child.py'] == []
        assert [each.code for each in client.pushed['configs/base.py']] == ['misspelt-field']

    talk(folder, conversation)


def test_settings_that_change_while_it_runs(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        client.open('configs/base.py', WRONG)
        await client.settled()
        assert client.pushed['configs/base.py']
        (folder / 'cfglint.toml').write_text("ignore = ['misspelt-field']\n", encoding='utf-8')
        event = types.FileEvent(client.uri('cfglint.toml'), types.FileChangeType.Created)
        client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await client.settled()
        assert client.pushed['configs/base.py'] == []
        (folder / 'cfglint.toml').write_text('ignored = 3\n', encoding='utf-8')
        client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await client.settled()
        assert any('unknown setting `ignored`' in each for each in client.messages)
        assert client.pushed['configs/base.py']

    talk(folder, conversation)


def test_files_of_other_tools_and_large_ones_are_left_alone(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        client.open('tsconfig.json', '{ // a comment\n  "compilerOptions": {},\n}')
        client.open('chart.yaml', 'name: {{ .Values.name }}\n- x: [\n')
        client.open('configs/large.py', f"x = '{'a' * 400_000}\n")
        client.open('configs/new.yaml', 'train_cfg: {type: EpochBasedTrainLoop, max_epoch: 3}\n')
        await client.settled(every=False)
        assert {name: [each.code for each in said] for name, said in client.pushed.items()} == {
            'configs/new.yaml': ['misspelt-field']
        }

    talk(folder, conversation)


def test_without_a_folder_of_configs_what_lies_beside_an_open_one_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / '.git').mkdir()
    (tmp_path / 'base.py').write_text(BASE, encoding='utf-8')
    (tmp_path / 'child.py').write_text(CHILD, encoding='utf-8')
    (tmp_path / 'main.py').write_text('def main():\n    pass\n', encoding='utf-8')

    async def conversation(client: Client) -> None:
        assert client.status[-1].projects[0].files == 0
        client.open('base.py', WRONG)
        await client.settled()
        (found,) = client.pushed['base.py']
        assert '1 other config shows it' in found.message
        assert client.status[-1].projects[0].files == 3

    talk(tmp_path, conversation)


def test_a_file_of_no_open_folder_is_judged_until_it_is_closed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp('elsewhere') / 'config.py'
    other.write_text(WRONG, encoding='utf-8')
    name = os.path.relpath(other, folder)

    async def conversation(client: Client) -> None:
        client.open(name)
        await client.settled()
        assert [each.code for each in client.pushed[name]] == ['misspelt-field']
        assert len(client.status[-1].projects) == 2
        client.close(name)
        await client.settled()
        assert client.pushed[name] == []
        assert len(client.status[-1].projects) == 1

    talk(folder, conversation)


def test_a_file_that_is_renamed(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        (folder / 'configs' / 'base.py').rename(folder / 'configs' / 'root.py')
        kinds = {'configs__base': types.FileChangeType.Deleted, 'configs__root': types.FileChangeType.Created}
        client.change_on_disk(**kinds)
        await client.settled()
        assert [each.code for each in client.pushed['configs/child.py']] == ['missing-base']
        client.open('configs/child.py', CHILD.replace('base.py', 'root.py'))
        await client.settled()
        assert client.pushed['configs/child.py'] == []

    talk(folder, conversation)


def test_settings_that_the_client_changes(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        client.open('configs/model.py', "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet')\n")
        await client.settled()
        for settings, release in (
            ({'python': {'x': 1}}, '3.3.0'),
            ({'cfglint': {'target': ['mmdet==3.1.0']}}, '3.1.0'),
        ):
            client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
            client.type('configs/model.py', f"default_scope = 'mmdet'\nmodel = dict(type='RetinaNet')  # {release}\n")
            await client.settled()
            targets = {each.library: each.release for each in client.status[-1].projects[0].targets}
            assert targets['mmdet'] == release

    talk(folder, conversation)


def test_a_target_of_the_client(folder: Path) -> None:
    async def conversation(client: Client) -> None:
        client.open('configs/model.py', "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet')\n")
        await client.settled()
        targets = {each.library: each.release for each in client.status[-1].projects[0].targets}
        assert targets['mmdet'] == '3.1.0'

    talk(folder, conversation, options={'target': ['mmdet==3.1.0']})


def test_progress_is_told_while_many_files_are_loaded(folder: Path) -> None:
    for number in range(60):
        (folder / 'configs' / f'child_{number}.py').write_text(CHILD, encoding='utf-8')

    async def conversation(client: Client) -> None:
        assert [each['kind'] for each in client.progress][:: len(client.progress) - 1] == ['begin', 'end']
        assert client.status[-1].projects[0].files == 62

    talk(folder, conversation)


def test_a_component_of_the_users_that_is_written_and_saved(folder: Path) -> None:
    (folder / 'parts').mkdir()
    (folder / 'configs' / 'own.py').write_text(
        "default_scope = 'mmdet'\ncustom_imports = dict(imports=['parts.hook'])\ncustom_hooks = [dict(type='MyHook', a=1)]\n"
        "model = dict(type='RetinaNet')\ntrain_dataloader = dict()\n",
        encoding='utf-8',
    )
    hook = 'from mmengine.registry import HOOKS\n\n\n@HOOKS.register_module()\nclass MyHook:\n    def __init__(self, {}): ...\n'

    async def conversation(client: Client) -> None:
        for name, expected in (('b', True), ('a', False)):
            (folder / 'parts' / 'hook.py').write_text(hook.format(name), encoding='utf-8')
            client.change_on_disk(parts__hook=types.FileChangeType.Changed)
            await client.settled()
            messages = [each.message for each in client.pushed['configs/own.py']]
            assert any('`MyHook`' in each and '`a`' in each for each in messages) == expected, messages

    talk(folder, conversation)


def test_a_request_about_a_text_that_has_changed_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    server, versions = make_server(), iter([1, 2])  # as if something was typed while the request waited
    monkeypatch.setattr(server, 'version_of', lambda uri: next(versions))
    params = types.HoverParams(types.TextDocumentIdentifier('file:///a.py'), types.Position(0, 0))
    with pytest.raises(JsonRpcException, match='the text has changed'):
        asyncio.run(server.protocol.fm.features[types.TEXT_DOCUMENT_HOVER](params))
