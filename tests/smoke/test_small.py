"""`--small`: sizes shrink alike, or not at all."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cfglint.smoke.report.text import one
from cfglint.smoke.results import Failure, Result, Status
from cfglint.smoke.second_runs import SecondRuns
from cfglint.smoke.worker.overrides import Changes
from cfglint.smoke.worker.small import shrink
from tests.smoke.conftest import run_batch

DETECTOR = {
    'model': {'type': 'Detector', 'data_preprocessor': {'pad_size_divisor': 32}, 'neck': {'out_channels': 256}},
    'train_dataloader': {'dataset': {'pipeline': [
        {'type': 'Resize', 'scale': (1333, 800), 'keep_ratio': True},
        {'type': 'RandomCrop', 'crop_size': (0.3, 0.9)},
    ]}},
}  # fmt: skip
SEGMENTOR = {
    'model': {'data_preprocessor': {'size': (512, 1024)}, 'backbone': {'img_size': (512, 1024)},
              'test_cfg': {'crop_size': (512, 1024)}},
    'train_dataloader': {'dataset': {'pipeline': [
        {'type': 'RandomResize', 'scale': (2048, 1024), 'keep_ratio': True, 'ratio_range': (0.5, 2.0)},
        {'type': 'RandomCrop', 'crop_size': (512, 1024), 'cat_max_ratio': 0.75},
    ]}},
}  # fmt: skip
POSE = {
    'model': {'head': {'decoder': {'input_size': (192, 256), 'heatmap_size': (48, 64)}}},
    'train_dataloader': {'dataset': {'pipeline': [
        {'type': 'TopdownAffine', 'input_size': (192, 256)},
        {'type': 'GenerateTarget', 'encoder': {'input_size': (192, 256), 'heatmap_size': (48, 64), 'sigma': 2}},
    ]}},
}  # fmt: skip


def shrunk(config: dict[str, Any]) -> tuple[dict[str, Any], Changes, dict[str, Any]]:
    table, changes = copy.deepcopy(config), Changes()
    return shrink(table, changes), changes, table


def test_sides_of_a_detector() -> None:
    found, changes, table = shrunk(DETECTOR)
    assert found == {'factor': 8, 'left_alone': None}
    resize, crop = table['train_dataloader']['dataset']['pipeline']
    assert (resize['scale'], crop['crop_size']) == ((167, 100), (0.3, 0.9))
    assert [(each['key'], each['why']) for each in changes.listed] == [
        ('train_dataloader.dataset.pipeline[0].scale', '--small')
    ]


def test_a_segmentor_agrees_in_all_places() -> None:
    found, _, table = shrunk(SEGMENTOR)
    assert found['factor'] == 8
    assert table['model']['data_preprocessor']['size'] == table['model']['backbone']['img_size'] == (64, 128)
    assert table['train_dataloader']['dataset']['pipeline'][1]['crop_size'] == (64, 128)
    assert table['model']['test_cfg']['crop_size'] == (512, 1024)


def test_heatmaps_stay_a_fraction() -> None:
    found, _, table = shrunk(POSE)
    assert found['factor'] == 2
    encoder = table['train_dataloader']['dataset']['pipeline'][1]['encoder']
    assert encoder == {'input_size': (96, 128), 'heatmap_size': (24, 32), 'sigma': 2}
    assert table['model']['head']['decoder'] == {'input_size': (96, 128), 'heatmap_size': (24, 32)}


@pytest.mark.parametrize(('size', 'factor'), [((6, 8), 2), ((3, 4), None)])
def test_feature_maps_stay_a_fraction_too(size: tuple[int, int], factor: int | None) -> None:
    head = {**POSE['model']['head'], 'in_featuremap_size': size, 'out_shape': (64, 48)}
    found, _, table = shrunk({**POSE, 'model': {'head': head}})
    assert found['factor'] == factor
    shrunken = ((3, 4), (32, 24)) if factor else (size, (64, 48))
    assert (table['model']['head']['in_featuremap_size'], table['model']['head']['out_shape']) == shrunken


@pytest.mark.parametrize(
    ('change', 'why'),
    [
        ({'backbone': {'img_size': 384}}, '`model.backbone.img_size` is 384, which is no size of the pipelines'),
        ({'backbone': {'img_size': (512, 640)}}, 'which is no size of the pipelines'),
    ],
)
def test_what_does_not_agree_is_left_alone(change: dict[str, Any], why: str) -> None:
    found, changes, table = shrunk({**SEGMENTOR, 'model': change})
    assert found['factor'] is None and why in found['left_alone']
    assert (changes.listed, table['model']) == ([], change)


def test_small_pictures_stay() -> None:
    pipeline = [{'type': 'RandomCrop', 'crop_size': 32, 'padding': 4}, {'type': 'Resize', 'scale': 96}]
    found, _, _ = shrunk({'model': {}, 'train_dataloader': {'dataset': {'pipeline': pipeline}}})
    assert found == {'factor': None, 'left_alone': 'no smaller sizes fit: 32, 96'}
    assert shrunk({'model': {}})[0]['left_alone'] == 'the pipelines give no sizes'


def test_a_run_that_fails_when_small_runs_again_at_full_size(tmp_path: Any) -> None:
    pack = "train_dataloader['dataset'] = dict(type='Pictures', pipeline=[dict(type='LoadPicture'), dict({})])\nmodel['classes'] = 3\n"
    texts = {
        'agrees': pack.format("type='Pack', size=(480, 640)"),  # no step makes that size: the pictures have it
        'broken': pack.format("type='Pack', size=(480, 512)"),
    }
    results = run_batch(tmp_path, texts, synthetic=True, small=True)
    assert results['agrees'].status is Status.OK, results['agrees'].failure
    assert 'left alone, for it failed when it was small' in one(results['agrees'])
    assert results['broken'].failure is not None and results['broken'].failure.stage == 'dataset'


@pytest.mark.parametrize('small', [False, True])
def test_shrunk_images_foretell_nothing_of_the_real_run(tmp_path: Any, small: bool) -> None:
    pipeline = "[dict(type='LoadPicture'), dict(type='Resized', scale=(512, 512)), dict(type='Pack', size=(512, 512))]"
    text = f"train_dataloader['dataset'] = dict(type='Pictures', pipeline={pipeline})\nmodel['classes'] = 3\n"
    text += 'train_cfg = dict(by_epoch=False, max_iters=90)\n'
    result = run_batch(tmp_path, {'config': text}, synthetic=True, small=small)['config']
    assert result.status is Status.OK, result.failure
    assert ((result.details.get('small') or {}).get('factor'), bool(result.details['estimate'])) == (
        (8, False) if small else (None, True)
    )


@pytest.mark.parametrize(('stage', 'again'), [('forward', True), ('timeout', False), ('out of memory', False)])
def test_what_a_larger_run_cannot_mend_is_not_run_again(stage: str, again: bool) -> None:
    result = Result('a.py', Status.FAILED, failure=Failure(stage, 'it failed'), details={'small': {'factor': 4}})
    wanted = SecondRuns().wanted({'config': 'a.py'}, result)
    assert wanted == ({'config': 'a.py', 'overrides': {'small': False}} if again else None)
