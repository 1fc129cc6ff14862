"""Code actions and renaming, without the wire."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from cfglint.language.loader import Loader
from cfglint.server.features.actions import FIX_ALL, actions, resolved
from cfglint.server.features.rename import prepare, rename
from cfglint.usage import UsageError
from tests.server.kit import Repo

if TYPE_CHECKING:
    from cfglint.server.document import Document

BASE = """\
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
img_scale = (1333, 800)
scales = [img_scale]
"""
CHILD = "_base_ = ['./base.py']\noptim_wrapper = dict(optimizer=dict(lr=0.02))\nscale = _base_.img_scale\n"
OLD = """\
optimizer = dict(type='SGD', lr=0.02)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', step=[8, 11])
runner = dict(type='EpochBasedRunner', max_epochs=12)
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path, {'configs/base.py': BASE, 'configs/child.py': CHILD, 'configs/old.py': OLD})


def offered(document: Document, position: types.Position, *kinds: str) -> dict[str, types.CodeAction]:
    context = types.CodeActionContext([], only=list(kinds) or None)
    asked = types.CodeActionParams(types.TextDocumentIdentifier(''), types.Range(position, position), context)
    return {each.title: each for each in actions(document, asked)}


def applied(repo: Repo, edit: types.WorkspaceEdit | None) -> dict[str, str]:
    """Return the texts of the files that an edit changes or makes, by name."""
    from cfglint.server.positions import Positions

    assert edit is not None and edit.document_changes
    texts: dict[str, str] = {}
    for change in edit.document_changes:
        if not isinstance(change, types.TextDocumentEdit):
            continue
        path = Path(change.text_document.uri.removeprefix('file://'))
        source = repo.project.source(str(path))
        text = source.text
        places = [
            (Positions().offset(source, each.range.start), Positions().offset(source, each.range.end), each)
            for each in change.edits
        ]
        for start, end, each in sorted(places, key=lambda place: place[0], reverse=True):
            text = text[:start] + each.new_text + text[end:]
        texts[str(path.relative_to(repo.folder))] = text
    return texts


def test_a_fix_is_verified_and_applied(repo: Repo) -> None:
    document, position = repo.at('configs/base.py', BASE.replace('max_epochs', 'max_ep|och'))
    found = offered(document, position, 'quickfix')
    action = next(each for title, each in found.items() if 'max_epochs' in title)
    assert action.edit is None
    assert applied(repo, resolved(document, action).edit) == {'configs/base.py': BASE}


def test_all_that_is_safe_is_fixed_at_once(repo: Repo) -> None:
    text = f'{CHILD}model = dict(_delete_=True, a=1)\n'
    document, position = repo.at('configs/child.py', f'|{text}')
    found = offered(document, position, FIX_ALL)
    (action,) = found.values()
    fixed = applied(repo, resolved(document, action).edit)['configs/child.py']
    assert '_delete_' not in fixed and fixed.startswith(CHILD)


def test_a_suppression_has_a_place_for_the_reason(repo: Repo) -> None:
    document, position = repo.at('configs/base.py', BASE.replace('max_epochs', 'max_ep|och'))
    action = offered(document, position)['Ignore misspelt-field here, with a reason']
    line = applied(repo, action.edit)['configs/base.py'].splitlines()[0]
    assert line.endswith('# cfglint: ignore[misspelt-field] -- say why')


def test_migrating_a_config(repo: Repo) -> None:
    document, position = repo.at('configs/old.py', f'|{OLD}')
    action = offered(document, position, 'refactor.rewrite')['Migrate this config to 1.x']
    text = applied(repo, resolved(document, action).edit)['configs/old.py']
    assert 'optim_wrapper' in text and 'lr_config' not in text
    document, position = repo.at('configs/old.py', f'|{OLD}# not saved\n')
    action = offered(document, position, 'refactor.rewrite')['Migrate this config to 1.x']
    with pytest.raises(UsageError, match='save'):
        resolved(document, action)


def test_moving_a_section_to_a_base_changes_nothing(repo: Repo) -> None:
    document, position = repo.at('configs/child.py', CHILD.replace('lr=', 'l|r='))
    before = Loader().load(repo.path('configs/child.py')).table
    action = offered(document, position, 'refactor.extract')['Move `optim_wrapper` to a new base']
    texts = applied(repo, resolved(document, action).edit)
    assert texts == {
        'configs/child_optim_wrapper.py': "_base_ = ['./base.py']\noptim_wrapper = dict(optimizer=dict(lr=0.02))\n",
        'configs/child.py': "_base_ = './child_optim_wrapper.py'\nscale = _base_.img_scale\n",
    }
    for name, text in texts.items():
        Path(repo.path(name)).write_text(text, encoding='utf-8')
    assert Loader().load(repo.path('configs/child.py')).table == before


def test_a_section_that_others_need_stays(repo: Repo) -> None:
    document, position = repo.at('configs/base.py', BASE.replace('img_scale = ', 'img_s|cale = '))
    action = offered(document, position, 'refactor.extract')['Move `img_scale` to a new base']
    with pytest.raises(UsageError, match='cannot move it'):
        resolved(document, action)


def test_a_key_is_renamed_in_the_whole_tree(repo: Repo) -> None:
    document, position = repo.at('configs/base.py', BASE.replace('img_scale = ', 'img_s|cale = '))
    assert prepare(document, position) == types.Range(types.Position(2, 0), types.Position(2, 9))
    assert applied(repo, rename(document, position, 'size')) == {
        'configs/base.py': BASE.replace('img_scale', 'size'),
        'configs/child.py': CHILD.replace('img_scale', 'size'),
    }
    document, position = repo.at('configs/child.py', CHILD.replace('lr=', 'l|r='))
    assert applied(repo, rename(document, position, 'rate')) == {
        'configs/base.py': BASE.replace('lr=', 'rate='),
        'configs/child.py': CHILD.replace('lr=', 'rate='),
    }


@pytest.mark.parametrize(('name', 'words'), [('1x', 'no name'), ('class', 'no name'), ('scales', 'something else')])
def test_a_name_that_does_not_fit_is_refused(repo: Repo, name: str, words: str) -> None:
    document, position = repo.at('configs/base.py', BASE.replace('img_scale = ', 'img_s|cale = '))
    with pytest.raises(UsageError, match=words):
        rename(document, position, name)
