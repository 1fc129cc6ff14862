"""One requirement in all the forms in which pip, Poetry and conda have it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from cfglint.requirements.lines import is_relevant, of_table, parse, specifier_of


@pytest.mark.parametrize(('line', 'expected'), [
    ('mmdet==3.3.0', ('mmdet', '==3.3.0')),
    ('mmdet [extra] >= 3.0 , < 4  ; python_version > "3.8"', ('mmdet', '>=3.0,<4')),
    ('mmdet (>=3.0)', ('mmdet', '>=3.0')),
    ('mmdet  # the newest', ('mmdet', '')),
    ('mmdet>=3.0 # why', ('mmdet', '>=3.0')),
    ('mmcv==2.0.1 -f https://download.openmmlab.com/mmcv/dist/cu117/torch2.0/index.html', ('mmcv', '==2.0.1')),
    ('mmcv==2.0.1 --no-deps', ('mmcv', '==2.0.1')),
    ('mmcv==2.0.1 --hash=sha256:abc --hash=sha256:def', ('mmcv', '==2.0.1')),
    ('mmdet @ git+https://github.com/open-mmlab/mmdetection.git@v3.1.0', ('mmdet', '==3.1.0')),
    ('git+https://github.com/open-mmlab/mmdetection.git@v2.25.1#egg=mmdet', ('mmdet', '==2.25.1')),
    ('git+ssh://git@github.com/open-mmlab/mmsegmentation@v1.1.0', ('mmsegmentation', '==1.1.0')),
    ('git+https://github.com/open-mmlab/mmdetection.git', ('mmdet', '')),
    ('git+https://github.com/open-mmlab/mmdetection@dev-3.x', ('mmdet', '==3.*')),
    ('git+https://github.com/someone/mmdetection.git@v3.1.0', ('someone/mmdetection', '==3.1.0')),
    ('https://x.org/torch1.9/mmcv_full-1.7.0-cp38-cp38-manylinux1_x86_64.whl', ('mmcv-full', '==1.7.0')),
    ('mmdet==2.0.0rc4', ('mmdet', '==2.0.0rc4')),
    ('-r other.txt', None),
    ('--extra-index-url https://mm.org', None),
    ('git+https://github.com/somebody/thing.git', None),
    ('./mmdet', None),
    ('', None),
])  # fmt: skip
def test_lines(line: str, expected: tuple[str, str] | None) -> None:
    assert parse(line) == expected


@pytest.mark.parametrize(('said', 'expected'), [
    ('=1.7.0', '==1.7.0.*'), ('=1.7.0=py38_0', '==1.7.0.*'), ('^3.0', '>=3.0,<4'), ('^0.29.1', '>=0.29.1,<0.30'), ('~3.1', '>=3.1,==3.1.*'),
    ('~=3.1', '~=3.1'), ('3.0.*', '==3.0.*'), ('*', ''), ('>=3.0,<3.2', '>=3.0,<3.2'), ('>=2,<3|>=4', '>=2,<3'), ('1.x', '==1.x'), ('^x', ''),
])  # fmt: skip
def test_specifiers_of_poetry_and_conda(said: str, expected: str) -> None:
    assert specifier_of(said) == expected


def test_tables() -> None:
    table = {
        'mmdet': '^3.0', 'mmcv': {'version': '2.0.1', 'optional': True}, 'python': '^3.8', 'mmengine': {'path': '../mmengine'},
        'mmseg': {'git': 'https://github.com/open-mmlab/mmsegmentation.git', 'tag': 'v1.1.0'}, 'odd': 3,
        'mmpose': {'git': 'https://gitlab.com/someone/mmpose.git'},
    }  # fmt: skip
    assert of_table(table) == [
        ('mmdet', '>=3.0,<4'), ('mmcv', '==2.0.1'), ('python', '>=3.8,<4'), ('mmseg', '==1.1.0'), ('someone/mmpose', ''),
    ]  # fmt: skip


LONG = {
    'letters': lambda n: 'mm' * n,
    'brackets': lambda n: 'mmdet' + '[' * n,
    'versions': lambda n: 'mmdet==' + '1.' * n,
    'blanks': lambda n: 'mm' + ' ' * n + '-',
    'commas': lambda n: 'mmcv=' + ',' * n,
    'options': lambda n: 'mmdet' + ' --hash=a' * n,
    'comments': lambda n: 'mmdet' + ' #' * n,
    'addresses': lambda n: 'mmdet @ ' + 'git+https://' * n,
}


@pytest.mark.parametrize('text', LONG.values(), ids=LONG)
def test_long_lines_are_read_in_linear_time(text: Callable[[int], str]) -> None:
    # Ten times the length takes ten times the time; by a regular expression that backtracks, a hundred times.
    few, many = (min(_seconds(text(n)) for _ in range(5)) for n in (4_000, 40_000))
    assert many < 30 * few + 1e-3


def _seconds(text: str) -> float:
    begin = time.process_time()
    is_relevant(text)
    parse(text)
    return time.process_time() - begin
