"""How many keypoints heads predict, and how many datasets have."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.rules import all_rules
from cfglint.workspace import Workspace
from tests.kit.complete import complete
from tests.kit.repo import diagnose, write
from tests.rules.consistency import library_checks

OWN = (
    'dataset_info = dict(dataset_name="own", keypoint_info={0: dict(name="a"), 1: dict(name="b")}, skeleton_info={})\n'
)
HEATMAPS = "head=dict(type='HeatmapHead', in_channels=32, out_channels=%d)"
COMBINED = "head=dict(type='HeatmapHead', in_channels=32, out_channels=%d, decoder=dict(type='UDPHeatmap', heatmap_type='combined'))"
LIFTING = (
    "head=dict(type='TemporalRegressionHead', num_joints=%d, decoder=dict(type='%s', num_keypoints=17, remove_root=%s))"
)
INLINE = "type='CocoDataset', metainfo=dict(dataset_name='own', keypoint_info={0: dict(name='a'), 1: dict(name='b')})"

MISTAKES = [
    (HEATMAPS % 16, "type='CocoDataset'"),
    (HEATMAPS % 17, "type='MpiiDataset'"),
    (HEATMAPS % 17, "type='mmpose.CrowdPoseDataset'"),
    (HEATMAPS % 17, "type='RepeatDataset', times=2, dataset=dict(type='AicDataset')"),
    (HEATMAPS % 17, "type='CocoDataset', metainfo=dict(from_file='configs/_base_/datasets/crowdpose.py')"),
    (HEATMAPS % 17, "type='CocoDataset', metainfo=dict(from_file='metainfo/own.py')"),
    (HEATMAPS % 17, INLINE),
    (HEATMAPS % 16, "type='CocoDataset', pipeline=[dict(type='LoadImage'), dict(type='mmpose.GetBBoxCenterScale')]"),
    (COMBINED % 48, "type='CocoDataset'"),
    ("head=dict(type='RTMCCHead', in_channels=768, out_channels=133)", "type='CocoDataset'"),
    ("head=dict(type='RLEHead', in_channels=768, num_joints=16)", "type='CocoDataset'"),
    ("head=dict(type='RTMOHead', num_keypoints=14)", "type='CocoDataset'"),
    (LIFTING % (17, 'ImagePoseLifting', True), "type='Human36mDataset'"),
    (LIFTING % (16, 'VideoPoseLifting', False), "type='Human36mDataset'"),
    (HEATMAPS % 8, "type='DeepFashionDataset', subset='upper'"),
    (HEATMAPS % 6, "type='DeepFashionDataset'"),
]
RIGHT = [
    (LIFTING % (16, 'ImagePoseLifting', True), "type='Human36mDataset'"),
    (LIFTING % (17, 'VideoPoseLifting', False), "type='Human36mDataset'"),
    (LIFTING % (17, 'VideoPoseLifting', 'True, root_index=(11, 12)'), "type='Human36mDataset'"),
    (HEATMAPS % 6, "type='DeepFashionDataset', subset='upper'"),
    (HEATMAPS % 9, "type='DeepFashionDataset', subset='own'"),
    (HEATMAPS % 17, "type='CocoDataset'"),
    (HEATMAPS % 2, "type='CocoDataset', metainfo=dict(from_file='metainfo/own.py')"),
    (HEATMAPS % 2, INLINE),
    (COMBINED % 51, "type='CocoDataset'"),
    (HEATMAPS % 5, "type='MyDataset'"),
    (HEATMAPS % 5, "type='mmdet.CocoDataset'"),
    (HEATMAPS % 5, "type='CocoDataset', metainfo=dict(from_file='metainfo/absent.py')"),
    (HEATMAPS % 5, "type='CocoDataset', metainfo=dict(from_file='metainfo/computed.py')"),
    (HEATMAPS % 5, "type='CocoDataset', metainfo=dict(from_file='metainfo/broken.py')"),
    ("head=dict(type='MyHead', out_channels=5)", "type='CocoDataset'"),
    (HEATMAPS % 5, "type='CocoDataset', metainfo=dict(from_file='my/coco.py')"),
    (HEATMAPS % 133, "type='OneHand10KDataset', pipeline=[dict(type='SingleHandConverter', num_keypoints=133)]"),
    (HEATMAPS % 5, "type='CocoDataset', pipeline=[dict(type='LoadImage'), dict(type='SelectMyKeypoints')]"),
    (
        HEATMAPS % 21,
        "type='CombinedDataset', metainfo=dict(from_file='configs/_base_/datasets/halpe26.py'), datasets=[dict(type='CocoDataset', "
        "pipeline=[dict(type='KeypointConverter', num_keypoints=21, mapping=[(0, 0)])])]",
    ),
]


def found(head: str, dataset: str, folder: Path) -> list[str]:
    """Return what is said of a config that trains a head on a dataset."""
    model = f"default_scope = 'mmpose'\nmodel = dict(type='TopdownPoseEstimator', {head})\n"
    write(folder, {
        'metainfo/own.py': OWN,
        'metainfo/computed.py': 'dataset_info = dict(keypoint_info={**other})\n',
        'metainfo/broken.py': 'dataset_info = dict(\n',
        'config.py': complete(f'{model}train_dataloader = dict(dataset=dict({dataset}))\n'),
    })  # fmt: skip
    workspace = Workspace(Libraries(roots=(folder,)))
    result = check([str(folder / 'config.py')], [all_rules()['keypoint-count-mismatch']], workspace=workspace)
    is_own = 'MyDataset' in dataset or ("from_file='metainfo/" in dataset and 'absent' not in dataset)
    assert workspace.libraries.knows_local == is_own
    return [each.message for each in result.diagnostics]


@pytest.mark.parametrize(('head', 'dataset'), MISTAKES)
def test_mistakes(head: str, dataset: str, tmp_path: Path) -> None:
    assert len(found(head, dataset, tmp_path)) == 1


@pytest.mark.parametrize(('head', 'dataset'), RIGHT)
def test_what_is_right_or_not_known(head: str, dataset: str, tmp_path: Path) -> None:
    assert found(head, dataset, tmp_path) == []


def test_message_tells_both_numbers(tmp_path: Path) -> None:
    [message] = found(COMBINED % 48, INLINE, tmp_path)
    assert '48 (16 keypoints' in message and 'metainfo` has 2 keypoints' in message


def test_metainfo_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes before mmpose's of the same name, but is read only where a change of it would be noticed."""
    dataset = "type='CocoDataset', metainfo=dict(from_file='configs/_base_/datasets/coco.py')"
    model = f"default_scope = 'mmpose'\nmodel = dict(type='TopdownPoseEstimator', {HEATMAPS % 5})\n"
    _, path = write(tmp_path, {
        'configs/_base_/datasets/coco.py': OWN,
        'configs/config.py': complete(f'{model}train_dataloader = dict(dataset=dict({dataset}))\n'),
    })  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for roots, words in (((tmp_path,), ['has 2 keypoints']), ((tmp_path / 'elsewhere',), [])):
        workspace = Workspace(Libraries(roots=roots))
        found = check([path], [all_rules()['keypoint-count-mismatch']], workspace=workspace).diagnostics
        assert len(found) == len(words) and all(word in each.message for word, each in zip(words, found, strict=True))


def test_a_test_may_leave_some_out(tmp_path: Path) -> None:
    text = (
        f"default_scope = 'mmpose'\nmodel = dict(type='TopdownPoseEstimator', {HEATMAPS % 19}, "
        "test_cfg=dict(output_keypoint_indices=[0, 1]))\nval_dataloader = dict(dataset=dict(type='CocoDataset'))\n"
    )
    assert diagnose(tmp_path, complete(text), rules=['keypoint-count-mismatch']) == []


def test_the_loss_refuses_other_numbers() -> None:
    library_checks.keypoint_loss(17, 17)
    with (
        warnings.catch_warnings(),
        pytest.raises(RuntimeError, match=str(all_rules()['keypoint-count-mismatch'].raises)),
    ):
        warnings.simplefilter('ignore')
        library_checks.keypoint_loss(14, 17)
