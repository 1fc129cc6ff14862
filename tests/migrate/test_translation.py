"""Models of mmgen that translate images: their losses are built in, and weighed in `loss_config`."""

from __future__ import annotations

from typing import Any

from tests.migrate.kit import mapped, value

PIX2PIX = "model = dict(type='Pix2Pix', gan_loss=dict(type='GANLoss', gan_type='{kind}'), gen_auxiliary_loss={loss})"
PIXEL = "dict(type='L1Loss', loss_weight=50.0, loss_name='pixel_loss', data_info=dict(pred='a', target='b'))"


def model(text: str) -> dict[str, Any]:
    found: dict[str, Any] = value(text, 'mmgen')['model']
    del found['data_preprocessor']
    return found


def test_a_weight() -> None:
    found = {'type': 'Pix2Pix', 'loss_config': {'pixel_loss_weight': 50.0}}
    assert model(PIX2PIX.format(kind='vanilla', loss=PIXEL)) == found


def test_no_such_loss() -> None:
    found = {'type': 'Pix2Pix', 'loss_config': {'pixel_loss_weight': 0.0}}
    assert model(PIX2PIX.format(kind='vanilla', loss=None)) == found


def test_several_weights() -> None:
    losses = [
        {'type': 'L1Loss', 'loss_weight': 10.0, 'loss_name': 'cycle_loss'},
        {'type': 'L1Loss', 'loss_weight': 10.0, 'loss_name': 'cycle_loss'},
        {'type': 'L1Loss', 'loss_weight': 0.5, 'loss_name': 'id_loss'},
    ]
    text = f"model = dict(type='CycleGAN', gen_auxiliary_loss={losses})\ntrain_cfg = dict(buffer_size=30)"
    found = {'loss_config': {'cycle_loss_weight': 10.0, 'id_loss_weight': 0.5}, 'buffer_size': 30}
    assert model(text) == {'type': 'CycleGAN', **found}
    losses[1]['loss_weight'] = 5.0
    assert [path for path, _ in mapped(text.replace('10.0', '5.0', 1), 'mmgen').todos()] == ['model.gen_auxiliary_loss']


def test_other_losses_are_left_open() -> None:
    assert [path for path, _ in mapped(PIX2PIX.format(kind='lsgan', loss=PIXEL), 'mmgen').todos()] == ['model.gan_loss']
    other = PIX2PIX.format(kind='vanilla', loss=PIXEL.replace('L1Loss', 'MSELoss'))
    assert next(path for path, _ in mapped(other, 'mmgen').todos()) == 'model.gen_auxiliary_loss'


PICTURES = """
pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='RandomCropLongEdge', keys=['img']),
    dict(type='Resize', size=(64, 128), backend='pillow'),
    dict(type='RandomFlip', flip_prob=0.5, direction='horizontal'),
    dict(type='Collect', keys=['img', 'gt_label'])]
model = dict(type='StaticUnconditionalGAN', generator=dict(type='DCGANGenerator'))
data = dict(train=dict(type='mmcls.ImageNet', pipeline=pipeline), val=dict(type='UnconditionalImageDataset', imgs_root='a'))
evaluation = dict(type='GenerativeEvalHook', interval=10, metrics=dict(type='FID50k', num_images=9))
"""


def test_pictures_are_what_is_aimed_at() -> None:
    found = mapped(PICTURES, 'mmgen').value()
    assert found['train_dataloader']['dataset'] == {
        'type': 'ImageNet',
        'pipeline': [
            {'type': 'LoadImageFromFile', 'key': 'gt'},
            {'type': 'RandomCropLongEdge', 'keys': ['gt']},
            {'type': 'Resize', 'keys': ['gt'], 'scale': (128, 64), 'backend': 'pillow'},
            {'type': 'Flip', 'keys': ['gt'], 'flip_ratio': 0.5, 'direction': 'horizontal'},
            {'type': 'PackInputs'},
        ],
    }
    assert found['val_dataloader']['dataset']['data_prefix'] == {'gt': ''}


def test_what_is_not_tested_has_no_evaluator() -> None:
    found = mapped(PICTURES, 'mmgen').value()
    assert 'val_evaluator' in found and 'test_evaluator' not in found


def test_mixed_precision_by_apex_is_a_question() -> None:
    assert [path for path, _ in mapped("apex_amp = dict(mode='gan')", 'mmgen').todos()] == ['apex_amp']
