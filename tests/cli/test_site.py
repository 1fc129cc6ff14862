"""The documentation is a site, and its pictures show what is printed."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from cfglint.report.links import HOME
from cfglint.report.links import page as address
from cfglint.rules import all_rules
from tests.cli.conftest import ROOT, environment


def test_the_site_is_built_without_warnings_and_has_what_is_pointed_to(tmp_path: Path) -> None:
    command = [sys.executable, '-m', 'mkdocs', 'build', '--strict', '--quiet', '--site-dir', str(tmp_path)]
    surroundings = {**environment(), 'NO_MKDOCS_2_WARNING': '1'}
    ran = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, '')
    addresses = [address(rule.name, rule.family) for rule in all_rules().values()]
    addresses += [address('rule-of-a-plugin', 'my-rules'), *_addresses_in_sources()]
    for each in addresses:
        page, _, anchor = each.removeprefix(f'{HOME}/').partition('#')
        text = Path(tmp_path, page, 'index.html').read_text(encoding='utf-8')
        assert not anchor or f'id="{anchor}"' in text, each
    index = (tmp_path / 'search' / 'search_index.json').read_text(encoding='utf-8')
    assert (
        'only one of size and size_divisor should be valid' in index and '"title":"unsized-seg-preprocessor"' in index
    )


def _addresses_in_sources() -> list[str]:
    """Return the addresses of the documentation that stand in the extension and the metadata of the package."""
    texts = [(ROOT / name).read_text(encoding='utf-8') for name in ('README.md', 'editors/vscode/package.json')]
    return [each for text in texts for each in re.findall(rf'{re.escape(HOME)}/[\w/#-]*', text)]


def test_pictures_show_what_is_printed(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT))
    from tools.make_pictures import IMAGES, PAGES, PICTURES, PLOTS, output

    assert sorted(path.stem for path in IMAGES.iterdir()) == sorted([*PICTURES, *PLOTS, *PAGES])
    for name, command in PLOTS.items():
        output(f'{command} --output {tmp_path / name}.svg')
        assert (tmp_path / f'{name}.svg').read_text() == (IMAGES / f'{name}.svg').read_text(), name
    for name, command in PICTURES.items():
        drawn = _words(IMAGES / f'{name}.svg')
        assert drawn.endswith(''.join(f'${command}{output(command, colour="never")}'.split())), name


def _words(picture: Path) -> str:
    """Return the text of a picture without white space, since long lines are wrapped."""
    texts = ElementTree.parse(picture).getroot().iter('{http://www.w3.org/2000/svg}text')
    return ''.join(html.unescape(''.join(text.itertext())) for text in texts).translate(
        dict.fromkeys(map(ord, ' \n\xa0'))
    )
