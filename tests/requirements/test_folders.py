"""What whole repositories say: each kind of file, what goes before what, and files that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cfglint.requirements import Reader, read_folders

Write = Callable[[dict[str, str]], Path]


def said(root: Path, *folders: str) -> list[tuple[str, str, str, int | None]]:
    """Return name, specifier, file and line of what a repository says."""
    found = read_folders(
        [os.path.join(root, folder) for folder in folders] or [str(root)], Reader(), ['mmdet', 'mmseg', 'mmcv']
    )
    return [(each.name, each.specifier, os.path.relpath(each.file, root), each.line) for each in found]


def test_all_kinds_of_files_in_their_order(write: Write) -> None:
    root = write({
        'pyproject.toml': '[project]\ndependencies = ["mmdet>=3.0,<3.3"]\noptional-dependencies.x = ["mmpose"]\n',
        'setup.cfg': '[options]\ninstall_requires =\n    mmcv==2.0.1\n[options.extras_require]\nall = mmocr==1.0.1\n',
        'setup.py': "from setuptools import setup\nsetup(install_requires=['mmrotate==0.3.4'])\n",
        'requirements.txt': 'mmengine==0.9.0\n',
        'requirements/mm.txt': '# comment\nmmpretrain==1.0.0\n',
        'environment.yml': 'dependencies:\n  - python=3.8\n  - open::mmyolo=0.6.0\n  - pip:\n      - mmcv-full==1.7.0  # pinned\n',
        'Dockerfile': 'FROM x\nRUN pip install -f https://mm.org/mm mmcv==2.0.0 && \\\n    mim install "mmtrack>=0.14" $MMDET\n',
    })  # fmt: skip
    assert said(root) == [
        ('mmdet', '>=3.0,<3.3', 'pyproject.toml', 2),
        ('mmpose', '', 'pyproject.toml', 3),
        ('mmcv', '==2.0.1', 'setup.cfg', 3),
        ('mmocr', '==1.0.1', 'setup.cfg', 5),
        ('mmrotate', '==0.3.4', 'setup.py', 2),
        ('mmengine', '==0.9.0', 'requirements.txt', 1),
        ('mmpretrain', '==1.0.0', os.path.join('requirements', 'mm.txt'), 2),
        ('mmyolo', '==0.6.0.*', 'environment.yml', 3),
        ('mmcv-full', '==1.7.0', 'environment.yml', 5),
        ('mmcv', '==2.0.0', 'Dockerfile', 2),
        ('mmtrack', '>=0.14', 'Dockerfile', 3),
    ]


def test_one_requirement_is_a_word_too(write: Write) -> None:
    root = write({'requirement.txt': 'mmdet==2.28.2\n', 'requirement-dev.txt': 'mmdet==3.0.0\n'})
    assert said(root) == [('mmdet', '==2.28.2', 'requirement.txt', 1), ('mmdet', '==3.0.0', 'requirement-dev.txt', 1)]


def test_includes_continuations_and_circles(write: Write) -> None:
    root = write({
        'requirements.txt': '-r requirements/runtime.txt\n-c constraints.txt\n-r https://x.org/mm.txt\n',
        'requirements/runtime.txt': '-r ../requirements.txt\nmmcv==2.0.1 \\\n    --hash=sha256:mm\n-e git+https://github.com/open-mmlab/mmdetection@v3.0.0\n',
        'constraints.txt': 'mmengine<0.11\n',
        'requirements/docs.txt': 'mmcv==1.0\n',
    })  # fmt: skip
    assert [(name, specifier, line) for name, specifier, _, line in said(root)] == [
        ('mmengine', '<0.11', 1), ('mmcv', '==2.0.1', 2), ('mmdet', '==3.0.0', 4), ('mmcv', '==1.0', 1),
    ]  # fmt: skip


@pytest.mark.parametrize('text', [
    "setup(install_requires=parse_requirements('needs.txt'))",
    "with open('x') as f:\n    pass\nneeds = parse('needs.txt')\nsetup(install_requires=needs)",
    "base = ['mmdet==2.28.2']\nsetup(extras_require={'all': base + ['numpy']})",
    "REQ = ['numpy']\nREQ = REQ + ['mmdet==2.28.2']\nsetup(install_requires=REQ)",
])  # fmt: skip
def test_setup_scripts(write: Write, text: str) -> None:
    root = write({'setup.py': f'from setuptools import setup\n{text}\n', 'needs.txt': 'mmdet==2.28.2\n'})
    assert [each[:2] for each in said(root)] == [('mmdet', '==2.28.2')]


@pytest.mark.parametrize('text', [
    '[tool.poetry.dependencies]\npython = "^3.8"\nmmdet = "2.28.2"\n',
    '[tool.poetry.group.mm.dependencies]\nmmdet = {version = "2.28.2", extras = ["x"]}\n',
    '[dependency-groups]\nmm = ["mmdet==2.28.2", {include-group = "x"}]\n',
    '[tool.uv]\ndev-dependencies = ["mmdet==2.28.2"]\n',
    '[tool.pdm.dev-dependencies]\nmm = ["mmdet==2.28.2"]\n',
])  # fmt: skip
def test_project_files(write: Write, text: str) -> None:
    assert [each[:2] for each in said(write({'pyproject.toml': text})) if each[0] != 'python'] == [
        ('mmdet', '==2.28.2')
    ]


def test_a_copy_of_the_library_tells_its_version(write: Write) -> None:
    root = write(
        {
            'mmdet/version.py': "# x\n__version__ = '2.11.0'\n",
            'mmseg/__init__.py': "__version__: str = '1.1.0+me'\n",
            'requirements.txt': 'mmdet>=3',
        }
    )
    assert [each[:2] for each in said(root)] == [('mmdet', '==2.11.0'), ('mmseg', '==1.1.0+me'), ('mmdet', '>=3')]


def test_nearer_folders_come_first_and_inner_ones_only_where_nothing_else_is_said(write: Write) -> None:
    files = {
        'detection/requirements.txt': 'mmdet==2.11.0\n',
        'segmentation/mmseg/version.py': "__version__ = '0.11.0'\n",
    }
    assert [each[:2] for each in said(write(files))] == [('mmdet', '==2.11.0'), ('mmseg', '==0.11.0')]
    root = write({**files, 'requirements.txt': 'mmcv==2.0.0\n'})
    assert [each[:2] for each in said(root)] == [('mmcv', '==2.0.0')]
    assert [each[:2] for each in said(root, 'detection', '')] == [('mmdet', '==2.11.0'), ('mmcv', '==2.0.0')]


def test_odd_folder_names(write: Write) -> None:
    root = write({'[a]*/requirements-dev.txt': 'mmdet==3.0.0\n', '[a]*/requirements/.more.txt': 'mmpose==1.1.0\n'})
    assert sorted(each[0] for each in said(root / '[a]*')) == ['mmdet', 'mmpose']


@pytest.mark.parametrize(
    'text',
    [
        '[project',
        'project = 1',
        '[project]\ndependencies = "mm"',
        'mm\x00',
        "setup(install_requires=['mm",
        '\ufeffmm\udcff',
        'mm' + '(' * 5000,
    ],
)
def test_broken_files_say_nothing_about_the_libraries(write: Write, tmp_path: Path, text: str) -> None:
    for name in (
        'pyproject.toml',
        'setup.cfg',
        'setup.py',
        'environment.yml',
        'Dockerfile',
        'requirements.txt',
        'mmdet/version.py',
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode('utf-8', 'surrogatepass'))
    assert [each for each in said(tmp_path) if each[0] in ('mmdet', 'mmcv')] == []
