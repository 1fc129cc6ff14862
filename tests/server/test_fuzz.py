"""Whatever is typed: the server stays up, and in the end it says the same as one that is started afresh."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from cfglint.server.features.actions import actions
from cfglint.server.features.completion import completion
from cfglint.server.features.definition import definition, implementation
from cfglint.server.features.hints import hints, lenses
from cfglint.server.features.hover import hover
from cfglint.server.features.references import references
from cfglint.server.features.rename import prepare
from cfglint.server.features.symbols import folds, symbols
from cfglint.server.syntax import parse
from tests.server.client import Client, talk
from tests.server.kit import Repo

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    'configs/_base_/run.py': """\
default_scope = 'mmdet'
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
""",
    'configs/base.py': """\
_base_ = ['_base_/run.py']
model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50), neck=dict(type='FPN', num_outs=5))
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
sizes = [(1333, 800), (666, 400)]
""",
    'configs/child.py': """\
_base_ = './base.py'
optim_wrapper = dict(optimizer=dict(lr=0.02))  # é 🎉
first = _base_.sizes[0]
param_scheduler = [dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=500)]
""",
}
PIECES = (
    '(',
    ')',
    ',',
    "'",
    '"',
    '\n',
    '=',
    '[',
    ']',
    '{',
    '}',
    '#',
    '_base_',
    'dict(',
    "type='",
    'x',
    '.',
    '\t',
    '\\',
    '🎉',
    '',
)
"""What somebody may type."""


def edited(text: str, chance: random.Random) -> str:
    """Return a text in which a few characters are others."""
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.choice((0, 0, 0, 1, 3, 20)))
    return text[:start] + chance.choice(PIECES) + text[end:]


@pytest.mark.parametrize('seed', range(2))
def test_in_the_end_the_same_is_said_as_from_scratch(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    repo = Repo(tmp_path, FILES)
    texts = dict(FILES)

    async def conversation(client: Client) -> dict[str, list[types.Diagnostic]]:
        for name in texts:
            client.open(name)
        for _ in range(60):
            name = chance.choice(sorted(texts))
            texts[name] = edited(texts[name], chance) if chance.random() < 0.7 else FILES[name]
            client.type(name, texts[name])
            if chance.random() < 0.2:
                document = types.TextDocumentIdentifier(client.uri(name))
                place = types.Position(chance.randrange(4), chance.randrange(30))
                try:
                    await client.text_document_hover_async(types.HoverParams(document, place))
                except Exception as error:
                    assert 'the text has changed' in str(error)
        # In the end, a file is broken and another one is right again.
        texts['configs/base.py'] = FILES['configs/base.py']
        client.type('configs/base.py', texts['configs/base.py'])
        await client.settled()
        return dict(client.pushed)

    async def again(client: Client) -> dict[str, list[types.Diagnostic]]:
        for name, text in texts.items():
            client.open(name, text)
        await client.settled()
        return dict(client.pushed)

    typed, fresh = talk(repo.folder, conversation), talk(repo.folder, again)
    assert any(fresh.values())
    assert {name: said for name, said in typed.items() if said} == {name: said for name, said in fresh.items() if said}


def ask_everything(repo: Repo, name: str, text: str, offset: int) -> None:
    """Ask all features about a place; none of them may fail."""
    document, position = repo.at(name, f'{text[:offset]}|{text[offset:]}')
    around = types.Range(position, position)
    everything = types.Range(types.Position(0, 0), types.Position(1000, 0))
    context: Any = types.CodeActionContext([])
    for ask in (hover, completion, definition, implementation, references, prepare):
        ask(document, position)
    for ask in (symbols, folds, lenses):
        ask(document)
    hints(document, everything)
    actions(document, types.CodeActionParams(types.TextDocumentIdentifier(''), around, context))


def test_every_place_of_a_text_can_be_asked_about(tmp_path: Path) -> None:
    repo = Repo(tmp_path, FILES)
    text = FILES['configs/child.py']
    for offset in range(0, len(text), 7):
        ask_everything(repo, 'configs/child.py', text, offset)


def test_a_text_may_end_anywhere(tmp_path: Path) -> None:
    repo = Repo(tmp_path, FILES)
    text = FILES['configs/base.py']
    for end in range(0, len(text), 11):
        ask_everything(repo, 'configs/base.py', text[:end], end)


def test_a_text_may_be_anything(tmp_path: Path) -> None:
    chance = random.Random(0)
    repo = Repo(tmp_path, FILES)
    for _ in range(30):
        text = FILES['configs/child.py']
        for _ in range(chance.randrange(6)):
            text = edited(text, chance).replace('|', '')
        ask_everything(repo, 'configs/child.py', text, chance.randrange(len(text) + 1))


def test_what_stands_where_is_found_in_any_text() -> None:
    chance = random.Random(1)
    for _ in range(300):
        text = ''.join(chance.choice(PIECES) for _ in range(chance.randrange(60)))
        for node in parse(text).walk():
            assert 0 <= node.start <= node.end <= len(text), text
            assert node.parent is None or node in node.parent.children


def test_deep_brackets_do_not_end_it() -> None:
    for text in ('a = ' + '[' * 5000, 'a = ' + '(' * 5000 + ')' * 5000 + '\nb = 1'):
        nodes = list(parse(text).walk())
        assert 2 <= len(nodes) < 200
    assert nodes[-1].key == 'b'
