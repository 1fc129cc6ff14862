"""Adding a library takes what CONTRIBUTING.md says, and nothing else: this test does exactly that, with its examples."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import cfglint

ROOT = Path(__file__).parents[2]


def block(title: str) -> str:
    """Return an example of the page."""
    page = (ROOT / 'CONTRIBUTING.md').read_text(encoding='utf-8')
    found = re.search(rf'^ *```\w+ title="{re.escape(title)}"\n(.*?)^ *```', page, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return textwrap.dedent(found[1])


def test_the_page(tmp_path: Path) -> None:
    package = Path(cfglint.__file__).parent
    shutil.copytree(package, tmp_path / 'cfglint', ignore=shutil.ignore_patterns('__pycache__'))
    (tmp_path / 'cfglint/catalog/data/libraries/toyseg.json').write_text(block('toyseg.json'), encoding='utf-8')
    (tmp_path / 'config.py').write_text(block('0.x.py'), encoding='utf-8')

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env={'PYTHONPATH': str(tmp_path), 'PATH': ''},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run(str(ROOT / 'tools/build_library_index.py')).stderr == ''
    migrated = run('-m', 'cfglint', 'migrate', 'config.py', '--output', 'new')
    assert migrated.returncode == 1, migrated.stderr  # there is an open question
    assert (tmp_path / 'new/config.py').read_text(encoding='utf-8') == block('1.x.py')
    old = "default_scope = 'toyseg'\nmodel = dict(type='ToyUNet', base=16)\n"
    (tmp_path / 'modern.py').write_text(old, encoding='utf-8')
    said = run('-m', 'cfglint', 'check', 'modern.py', '--select', 'removed-model-part').stdout
    assert "type='UNet'" in said and 'base_channels=16' in said


def test_what_does_not_follow_the_schema_is_named(tmp_path: Path) -> None:
    package = Path(cfglint.__file__).parent
    shutil.copytree(package, tmp_path / 'cfglint', ignore=shutil.ignore_patterns('__pycache__'))
    wrong = block('toyseg.json').replace('"role": "formats"', '"role": "shapes"')
    (tmp_path / 'cfglint/catalog/data/libraries/toyseg.json').write_text(wrong, encoding='utf-8')
    said = subprocess.run(
        [sys.executable, str(ROOT / 'tools/build_library_index.py')],
        env={'PYTHONPATH': str(tmp_path), 'PATH': ''},
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    assert "toyseg.json: transforms.ToyBundle: role: 'shapes' is no" in said
