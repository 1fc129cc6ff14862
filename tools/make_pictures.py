"""Draw what commands print in a terminal, for the documentation: `docs/images/NAME.svg`.

python tools/make_pictures.py
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / 'docs' / 'images'
_COLUMNS = 116
_FONT_FACES = re.compile(r'@font-face \{\{.*?\}\}', re.DOTALL)
PICTURES = {
    'check': 'cfglint check examples/broken/retinanet/retinanet_r50_1x_balloon.py',
    'show': 'cfglint show examples/broken/retinanet/retinanet_r101_2x_balloon.py optim_wrapper.optimizer.type',
    'graph': 'cfglint graph examples/broken',
    'migrate': 'cfglint migrate examples/legacy/_base_/schedule_1x.py --diff',
    'explain': 'cfglint explain "RuntimeError: Only one of `type` or `by_epoch` can exist in `loop_cfg`."',
}
"""What is printed in a terminal: the command of each picture."""
PLOTS = {
    'schedule': 'cfglint show --schedule examples/broken/retinanet/retinanet_r50_1x_balloon.py '
    'examples/legacy/retinanet/retinanet_r101_fpn_2x_coco.py',
}
"""What cfglint draws itself, with `--output`."""
PAGES = {'report': 'cfglint report examples'}
"""What it writes as a page, with `--output`."""


def output(command: str, colour: str = 'always') -> str:
    """Return what a command prints in a terminal."""
    environment = {
        'PATH': os.environ.get('PATH', ''),
        'PYTHONPATH': str(ROOT),
        'PYTHONIOENCODING': 'utf-8',
        'COLUMNS': str(_COLUMNS),
        **({'FORCE_COLOR': '1'} if colour == 'always' else {'NO_COLOR': '1'}),
    }
    words = [sys.executable, '-m', *shlex.split(command)]
    ran = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, encoding='utf-8', check=False
    )
    return ran.stdout + ran.stderr


def picture(command: str) -> str:
    """Return what a command prints, as SVG. The font is that of the reader: nothing is fetched."""
    with open(os.devnull, 'w', encoding='utf-8') as nowhere:
        console = Console(file=nowhere, width=_COLUMNS, record=True, force_terminal=True, legacy_windows=False)
        console.print(Text(f'$ {command}', style='bold'))
        console.print(Text.from_ansi(output(command)))
        return console.export_svg(
            title='cfglint',
            theme=DIMMED_MONOKAI,
            code_format=_FONT_FACES.sub('', CONSOLE_SVG_FORMAT).replace('Fira Code', 'ui-monospace, Menlo, Consolas'),
            unique_id='cfglint',
        )


def photograph(command: str, image: Path) -> None:
    """Draw the beginning of the page that a command writes, if there is a browser."""
    browser = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome', 'chrome'))), None)
    if browser is None:
        print(f'{image.name} is left as it is: there is no Chromium')
        return
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, 'page.html')
        output(f'{command} --output {shlex.quote(str(page))}')
        options = ['--headless', '--no-sandbox', '--hide-scrollbars', '--window-size=1100,760', f'--screenshot={image}']
        subprocess.run([browser, *options, page.as_uri()], capture_output=True, check=True)


def main() -> int:
    """Draw all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, command in PLOTS.items():
        output(f'{command} --output {shlex.quote(str(IMAGES / f"{name}.svg"))}')
    for name, command in PAGES.items():
        photograph(command, IMAGES / f'{name}.png')
    for name, command in PICTURES.items():
        (IMAGES / f'{name}.svg').write_text(picture(command), encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main())
