"""The index of a user's own code."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from cfglint.catalog import Installation, local, walk
from cfglint.catalog.local import index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = """
from mmdet.registry import MODELS

@MODELS.register_module()
class Head: ...
"""


@pytest.fixture(scope='module')
def registry_key() -> Callable[[str], str | None]:
    return Installation({'mmdet': '3.3.0'}).registry_key


def test_registrations_have_their_place(write: Callable, registry_key: Callable) -> None:
    root = write({'pkg/head.py': HEAD})
    [found] = index([root], registry_key).registrations()
    assert (found.key, found.name, found.path, found.module, found.file, found.line) == (
        'MODELS@mmdet',
        'Head',
        'pkg.head.Head',
        'pkg.head',
        str(root / 'pkg/head.py'),
        5,
    )


def test_a_registry_of_the_user_is_a_scope(write: Callable, registry_key: Callable) -> None:
    code = index(
        [
            write(
                {
                    'mine/registry.py': 'from mmengine.registry import MODELS as ROOT, Registry\n'
                    "MODELS = Registry('model', parent=ROOT, scope='mine')",
                    'mine/net.py': "from .registry import MODELS\n@MODELS.register_module('N')\nclass Net: ...",
                }
            )
        ],
        registry_key,
    )
    assert list(code.registry_keys()) == ['MODELS@mine']
    assert code.registered('MODELS@mine') == {'N': 'mine.net.Net'}


def test_a_registry_that_is_not_known_keeps_its_name(write: Callable, registry_key: Callable) -> None:
    code = index([write({'net.py': 'from somewhere.registry import MODELS\n' + HEAD.split('\n', 2)[2]})], registry_key)
    assert list(code.registry_keys()) == ['MODELS@somewhere']


def test_a_class_registered_under_two_names(write: Callable, registry_key: Callable) -> None:
    code = index([write({'net.py': HEAD.replace('()', "(name=['A', 'B'])")})], registry_key)
    assert code.registered('MODELS@mmdet') == {'A': 'net.Head', 'B': 'net.Head'}


def test_dynamic_registrations_are_told(write: Callable, registry_key: Callable) -> None:
    code = index(
        [
            write(
                {
                    'net.py': 'from mmdet.registry import MODELS\nfor n in names():\n'
                    '    MODELS.register_module(name=n, module=make(n))'
                }
            )
        ],
        registry_key,
    )
    assert code.dynamic('MODELS@mmdet')
    assert not code.dynamic('HOOKS@mmdet')


def test_folders_that_hold_no_code_of_the_user(write: Callable, registry_key: Callable) -> None:
    root = write(
        {
            '.hidden/a.py': HEAD,
            'build/b.py': HEAD,
            'work_dirs/c.py': HEAD,
            'env2/pyvenv.cfg': '',
            'env2/lib/d.py': HEAD,
            'good/e.py': HEAD,
        }
    )
    assert list(index([root], registry_key).files) == ['good.e']


def test_broken_and_huge_files_are_skipped_and_told(
    write: Callable,
    registry_key: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(local, 'MAX_FILE_SIZE', 1000)
    root = write({'broken.py': 'class A(', 'huge.py': HEAD + '#' * 1000, 'good.py': HEAD})
    code = index([root], registry_key)
    assert code.registered('MODELS@mmdet') == {'Head': 'good.Head'}
    # Anything may be in them.
    names = code.module('broken')
    assert names is not None
    assert names.dynamic
    assert sorted(map(os.path.basename, code.skipped)) == ['broken.py']
    huge = code.module('huge')
    assert huge is not None
    assert huge.dynamic


def test_a_named_pipe_does_not_block(write: Callable, registry_key: Callable) -> None:
    root = write({'good.py': HEAD})
    os.mkfifo(root / 'pipe.py')
    code = index([root], registry_key)
    assert list(code.files) == ['good']


def test_the_number_of_files_is_bounded(
    write: Callable,
    registry_key: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(walk, 'MAX_FILES', 3)
    assert len(index([write({f'm{n}.py': HEAD for n in range(5)})], registry_key).files) == 3


def test_the_cache_is_used_and_its_loss_is_harmless(
    write: Callable,
    registry_key: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root, cache = write({'src/net.py': HEAD}) / 'src', tmp_path / 'cache'
    first = dict(index([root], registry_key, cache).registered('MODELS@mmdet'))
    [entry] = cache.rglob('*.json')
    assert json.loads(entry.read_text().splitlines()[1])['classes']['Head']
    with monkeypatch.context() as patched:
        patched.setattr(local, 'read_module', lambda *_: pytest.fail('it was parsed again'))
        assert dict(index([root], registry_key, cache).registered('MODELS@mmdet')) == first
    for spoiled in ('', '[]', '{"names": 1}', '{'):
        entry.write_text(spoiled)
        assert dict(index([root], registry_key, cache).registered('MODELS@mmdet')) == first
    write({'src/net.py': HEAD.replace('Head', 'Other')})
    assert dict(index([root], registry_key, cache).registered('MODELS@mmdet')) == {'Other': 'net.Other'}


def test_a_cache_that_cannot_be_written_only_costs_time(write: Callable, registry_key: Callable) -> None:
    root = write({'src/net.py': HEAD, 'file': 'in the way'})
    assert index([root / 'src'], registry_key, root / 'file').registered('MODELS@mmdet') == {'Head': 'net.Head'}
