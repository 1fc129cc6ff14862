"""Files whose lines end as on Windows become what others become, with their own line ends."""

from __future__ import annotations

from pathlib import Path

from cfglint.migrate.run import migrate
from tests.kit.repo import diagnose, write
from tests.migrate.test_trees import DATASET, RUNTIME, SCHEDULE

GAPS = f"""
{RUNTIME}

# how many threads

opencv_num_threads = 0

# how they start
mp_start_method = 'fork'

# the last one
find_unused_parameters = False
"""
MODEL = """model = dict(
    type='YOLOX',
    input_size=(640, 640),
    neck=dict(
        type='YOLOXPAFPN',  # as it was
        in_channels=[128, 256, 512]))
"""
LAST = 'model = dict()\n\nevaluation = dict(interval=2)\n'
FILES = {'last.py': LAST, 'dataset.py': DATASET, 'schedule.py': SCHEDULE, 'runtime.py': GAPS}


def _texts(folder: Path, files: dict[str, str]) -> list[str]:
    return [each.text for each in migrate(sorted(write(folder, files))) if each.text is not None]


def test_the_same_text(tmp_path: Path) -> None:
    unix = _texts(tmp_path / 'unix', FILES)
    windows = _texts(tmp_path / 'windows', {name: text.replace('\n', '\r\n') for name, text in FILES.items()})
    assert len(unix) == len(FILES)
    assert windows == [text.replace('\n', '\r\n') for text in unix]


def test_the_same_advice(tmp_path: Path) -> None:
    files = {'config.py': f'{MODEL}{DATASET}{SCHEDULE}{RUNTIME}'}
    said = {
        ends: [
            each.advice
            for each in diagnose(tmp_path / str(len(ends)), {'config.py': files['config.py'].replace('\n', ends)})
        ]
        for ends in ('\n', '\r\n')
    }
    assert said['\n'] == said['\r\n'] and any(each and each.code and '\n' in each.code for each in said['\n'])
