"""`--target`: the library and the release to migrate to, and projects that stay at 0.x."""

from pathlib import Path

import pytest

from cfglint.catalog.targets import Targets
from cfglint.migrate.run import Migrated, migrate
from cfglint.migrate.targets import goal_of, reason_to_stay
from cfglint.usage import UsageError

GAN = """\
model = dict(type='StaticUnconditionalGAN', generator=dict(type='DCGANGenerator', output_scale=64, base_channels=8))
optimizer = dict(generator=dict(type='Adam', lr=0.1), discriminator=dict(type='Adam', lr=0.1))
total_iters = 10
dist_params = dict(backend='nccl')
"""


def migrated(tmp_path: Path, text: str, *targets: str) -> Migrated:
    path = tmp_path / 'config.py'
    path.write_text(text)
    return next(migrate([str(path)], goal_of(targets)))


def test_the_newest_library(tmp_path: Path) -> None:
    assert "constructor='MultiOptimWrapperConstructor'" in migrated(tmp_path, GAN).text
    assert "constructor='MultiOptimWrapperConstructor'" in migrated(tmp_path, GAN, 'mmagic==1.2.0').text


@pytest.mark.parametrize('target', ['mmgen', 'mmgen==1.0.0rc0'])
def test_an_older_one_of_1_x(tmp_path: Path, target: str) -> None:
    text = migrated(tmp_path, GAN, target).text
    assert "constructor='GenOptimWrapperConstructor'" in text
    assert "default_scope = 'mmgen'" in text


def test_a_release_that_does_not_have_a_type_yet(tmp_path: Path) -> None:
    text = "model = dict(type='RetinaNet', bbox_head=dict(type='RTMDetHead'))\ndata = dict(train=dict(type='CocoDataset'))\n"
    text += "custom_hooks = [dict(type='TrackVisualizationHook')]\n"
    assert migrated(tmp_path, text, 'mmdet==3.3.0').todos == []
    todos = migrated(tmp_path, text, 'mmdet==3.0.0', 'mmcv==2.0.0').todos
    assert todos == [
        ('custom_hooks.0', 'mmdet 3.0.0 does not have `TrackVisualizationHook` yet; write what does the same')
    ]


def test_arguments_are_those_of_the_release(tmp_path: Path) -> None:
    text = "model = dict(type='ImageClassifier', head=dict(type='LinearClsHead', num_classes=3))\n"
    assert migrated(tmp_path, text, 'mmpretrain==1.2.0').todos == []


@pytest.mark.parametrize(
    ('target', 'words'),
    [
        ('mmdet==2.28.2', 'is a release of 0.x: name one of 1.x'),
        ('mmdet==9.9', 'mmdet'),
        ('torch==2.0.1', 'no library of 0.x became `torch`'),
        ('nothing', 'no library of 0.x became `nothing`'),
    ],
)
def test_what_is_refused(target: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        goal_of([target])


@pytest.mark.parametrize(
    ('requirement', 'why'),
    [
        (
            'mmdet<3',
            'requirements.txt:1 requires mmdet<3: name the release to migrate to, such as `--target mmdet==3.3.0`',
        ),
        ('mmcls==0.25.0', 'such as `--target mmpretrain=='),
        ('mmcv-full', 'the project is for releases of 0.x: name the release to migrate to'),
    ],
)
def test_projects_for_0_x(tmp_path: Path, requirement: str, why: str) -> None:
    (tmp_path / 'requirements.txt').write_text(f'{requirement}\n')
    assert why in str(reason_to_stay(Targets((), {}, [tmp_path])))


@pytest.mark.parametrize('requirement', ['mmdet>=3', 'torch', 'mmengine'])
def test_other_projects(tmp_path: Path, requirement: str) -> None:
    (tmp_path / 'requirements.txt').write_text(f'{requirement}\n')
    assert reason_to_stay(Targets((), {}, [tmp_path])) is None


def test_settings_for_0_x() -> None:
    assert str(reason_to_stay(Targets((), {'mmdet': '2.28.2'}))).startswith('the settings are for releases of 0.x')


def test_code_for_0_x(tmp_path: Path) -> None:
    (tmp_path / 'mine').mkdir()
    (tmp_path / 'mine' / '__init__.py').write_text('from mmcv.runner import Hook\n')
    targets = Targets((), {}, [tmp_path])
    assert str(reason_to_stay(targets)).startswith(
        'the code here is written for mmcv 1.x: name the release to migrate to'
    )
    assert reason_to_stay(targets, by_code=False) is None


@pytest.mark.parametrize(('target', 'scope'), [('mmdet==3.3.0', "default_scope = 'mmdet'"), ('mmpretrain', '')])
def test_the_library_that_is_asked_for_where_no_config_tells(target: str, scope: str, tmp_path: Path) -> None:
    """What became mmpretrain may have been mmcls or mmselfsup; what became mmdet was mmdet, unless it tracks."""
    text = migrated(tmp_path, "model = dict(type='OwnLanes')\ndata = dict(train=dict(type='OwnRoads'))\n", target).text
    assert scope in text and bool(scope) == ('default_scope' in text)
