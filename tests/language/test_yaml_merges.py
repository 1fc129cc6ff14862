"""Mappings that YAML merges with ``<<``, as PyYAML does; where its releases differ, the value is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mmengine import Config

from cfglint.language.encoding import encode
from cfglint.language.loader import Loader

ANCHORS = 'one: &one {lr: 1, steps: 3, seed: 5}\nother: &other {lr: 2, decay: 4, seed: 5}\n'


def merged(text: str, folder: Path) -> tuple[Any, Any]:
    """Return what cfglint and MMEngine read as ``merged``."""
    path = folder / 'config.yaml'
    path.write_text(f'{ANCHORS}merged:\n{text}')
    return Loader().load(str(path)).table['merged'], Config.fromfile(path).merged.to_dict()


@pytest.mark.parametrize(
    'text',
    [
        '  <<: *one\n  lr: 9\n',
        '  lr: 9\n  <<: *one\n',
        '  <<: [*one]\n',
        '  <<: [*one, *one]\n',
        '  <<: *one\n  decay: 1\n  <<: *other\n',
        '  <<: [*one, *other]\n  lr: 9\n',
        '  <<: {<<: *one, lr: 7}\n',
    ],
)
def test_all_releases_agree(text: str, tmp_path: Path) -> None:
    found, real = merged(text, tmp_path)
    assert found == real


def test_releases_differ_in_which_goes_first(tmp_path: Path) -> None:
    found, real = merged('  <<: [*one, *other]\n', tmp_path)
    assert real['lr'] in (1, 2)
    assert json.dumps(encode(found['lr'])).startswith('{"$unknown": "releases of PyYAML differ')
    assert {name: found[name] for name in ('steps', 'seed', 'decay')} == {'steps': 3, 'seed': 5, 'decay': 4}
