from typing import Any

import pytest

from tests.migrate.kit import mapped, value

DATA = """
data_cfg = dict(image_size=[192, 256], heatmap_size=[48, 64], num_joints=17, use_gt_bbox=False, det_bbox_thr=0.0,
    soft_nms=False, oks_thr=0.9, vis_thr=0.2, bbox_file='boxes.json')
train_pipeline = [{steps}]
data = dict(
    samples_per_gpu=64,
    workers_per_gpu=2,
    train=dict(type='{dataset}', ann_file='a/train.json', img_prefix='a/', data_cfg=data_cfg, pipeline=train_pipeline),
    val=dict(type='{dataset}', ann_file='a/val.json', img_prefix='a/', data_cfg=data_cfg, pipeline=[]),
    test=dict(type='{dataset}', ann_file='a/val.json', img_prefix='a/', data_cfg=data_cfg, pipeline=[]))
"""
SIZES = {'input_size': (192, 256), 'heatmap_size': (48, 64)}


def config(more: str = '', steps: str = '', dataset: str = 'TopDownCocoDataset') -> dict[str, Any]:
    return value(DATA.format(steps=steps, dataset=dataset) + more, 'mmpose')


def model(head: str, settings: str = '', steps: str = '') -> dict[str, Any]:
    text = f"model = dict(type='TopDown', backbone=dict(type='ResNet', depth=50), keypoint_head=dict({head}), "
    return config(f'{text}test_cfg=dict({settings}))', steps)['model']  # type: ignore[no-any-return]


def test_a_heatmap_head_decodes_by_a_codec() -> None:
    found = model(
        "type='TopdownHeatmapSimpleHead', in_channels=32, out_channels=17, num_deconv_layers=0, "
        "extra=dict(final_conv_kernel=3), loss_keypoint=dict(type='JointsMSELoss', use_target_weight=True)",
        "flip_test=True, post_process='unbiased', shift_heatmap=True, modulate_kernel=17",
        "dict(type='TopDownGenerateTarget', sigma=3, unbiased_encoding=True)",
    )
    assert found['type'] == 'TopdownPoseEstimator'
    assert found['head'] == {
        'type': 'HeatmapHead',
        'in_channels': 32,
        'out_channels': 17,
        'deconv_out_channels': None,
        'deconv_kernel_sizes': None,
        'final_layer': {'kernel_size': 3, 'padding': 1},
        'loss': {'type': 'KeypointMSELoss', 'use_target_weight': True},
        'decoder': {'type': 'MSRAHeatmap', **SIZES, 'sigma': 3, 'unbiased': True, 'blur_kernel_size': 17},
    }
    assert found['test_cfg'] == {'flip_test': True, 'flip_mode': 'heatmap', 'shift_heatmap': True}


def test_features_are_joined_by_a_neck() -> None:
    found = model(
        "type='TopdownHeatmapSimpleHead', in_channels=[18, 36], in_index=(0, 1), input_transform='resize_concat', "
        'out_channels=21, num_deconv_layers=0, extra=dict(num_conv_layers=1, num_conv_kernels=(1,), final_conv_kernel=1)'
    )
    assert found['neck'] == {'type': 'FeatureMapProcessor', 'concat': True}
    assert found['head']['in_channels'] == 54
    assert found['head']['conv_out_channels'] == (54,)


def test_regression_with_deviations() -> None:
    head = model(
        "type='DeepposeRegressionHead', in_channels=2048, num_joints=17, out_sigma=True, "
        "loss_keypoint=dict(type='RLELoss', q_dis='laplace')",
        'flip_test=True, regression_flip_shift=True',
    )
    assert head['head'] == {
        'type': 'RLEHead',
        'in_channels': 2048,
        'num_joints': 17,
        'loss': {'type': 'RLELoss', 'q_distribution': 'laplace'},
        'decoder': {'type': 'RegressionLabel', 'input_size': (192, 256)},
    }
    assert head['test_cfg'] == {'flip_test': True, 'shift_coords': True}


@pytest.mark.parametrize(
    ('step', 'encoder'),
    [
        ("sigma=2, encoding='UDP', target_type='GaussianHeatmap'", {'type': 'UDPHeatmap', **SIZES, 'sigma': 2}),
        (
            "encoding='UDP', target_type='CombinedTarget'",
            {'type': 'UDPHeatmap', **SIZES, 'sigma': 2, 'heatmap_type': 'combined'},
        ),
        ("kernel=(9, 9), encoding='Megvii'", {'type': 'MegviiHeatmap', **SIZES, 'kernel_size': 9}),
        ('sigma=2, unbiased_encoding=True', {'type': 'MSRAHeatmap', **SIZES, 'sigma': 2, 'unbiased': True}),
    ],
)
def test_targets(step: str, encoder: dict[str, Any]) -> None:
    found = config(steps=f"dict(type='TopDownGenerateTarget', {step})")
    assert found['train_pipeline'] == [{'type': 'GenerateTarget', 'encoder': encoder}]


def test_targets_of_several_levels() -> None:
    found = config(steps="dict(type='TopDownGenerateTarget', kernel=[(11, 11), (9, 9)], encoding='Megvii')")
    step = found['train_pipeline'][0]
    assert step['multilevel'] is True
    assert [each['kernel_size'] for each in step['encoder']] == [11, 9]


def test_shifts_and_rotations_are_one_step() -> None:
    found = config(
        steps="dict(type='TopDownRandomShiftBboxCenter', shift_factor=0.2, prob=0.3), "
        "dict(type='TopDownRandomFlip', flip_prob=0.5), "
        "dict(type='TopDownGetRandomScaleRotation', rot_factor=30, scale_factor=0.25)"
    )
    assert found['train_pipeline'] == [
        {'type': 'RandomFlip', 'prob': 0.5, 'direction': 'horizontal'},
        {
            'type': 'RandomBBoxTransform',
            'shift_factor': 0.2,
            'scale_factor': (0.75, 1.25),
            'rotate_factor': 60,
        },
    ]


def test_a_rotation_alone_shifts_nothing() -> None:
    found = config(steps="dict(type='TopDownGetRandomScaleRotation', rot_factor=40, scale_factor=0.5)")
    assert found['train_pipeline'] == [{'type': 'RandomBBoxTransform', 'shift_prob': 0.0}]


def test_boxes_are_of_the_test_set() -> None:
    found = config()
    assert 'bbox_file' not in found['train_dataloader']['dataset']
    assert found['val_dataloader']['dataset'] == {
        'type': 'CocoDataset',
        'ann_file': 'a/val.json',
        'pipeline': [],
        'data_prefix': {'img': 'a/'},
        'data_mode': 'topdown',
        'bbox_file': 'boxes.json',
        'test_mode': True,
    }


EVALUATION = (
    "checkpoint_config = dict(interval=1)\nevaluation = dict(interval=10, metric={metric}, save_best='{best}')\n"
)


@pytest.mark.parametrize(
    ('dataset', 'metric', 'best', 'evaluator', 'new'),
    [
        ('TopDownCocoDataset', "'mAP'", 'AP', {'type': 'CocoMetric', 'ann_file': 'a/val.json'}, 'coco/AP'),
        (
            'TopDownCrowdPoseDataset',
            "'mAP'",
            'AP',
            {
                'type': 'CocoMetric',
                'ann_file': 'a/val.json',
                'use_area': False,
                'iou_type': 'keypoints_crowd',
                'prefix': 'crowdpose',
            },
            'crowdpose/AP',
        ),
        ('TopDownMpiiDataset', "'PCKh'", 'PCKh', {'type': 'MpiiPCKAccuracy'}, 'PCK'),
        ('FaceWFLWDataset', "['NME']", 'NME', {'type': 'NME', 'norm_mode': 'keypoint_distance'}, 'NME'),
        (
            'OneHand10KDataset',
            "['PCK', 'AUC', 'EPE']",
            'AUC',
            [{'type': 'PCKAccuracy', 'thr': 0.2}, {'type': 'AUC'}, {'type': 'EPE'}],
            'AUC',
        ),
    ],
)
def test_metrics(dataset: str, metric: str, best: str, evaluator: Any, new: str) -> None:
    found = config("model = dict(type='TopDown')\n" + EVALUATION.format(metric=metric, best=best), dataset=dataset)
    assert found['val_evaluator'] == evaluator
    assert found['default_hooks']['checkpoint']['save_best'] == new


def test_a_head_that_is_gone_is_a_question() -> None:
    text = "model = dict(type='TopDown', keypoint_head=dict(type='CuboidCenterHead', space_size=[1]))"
    assert [path for path, _ in mapped(text, 'mmpose').todos()] == ['model.head']


REGRESSION = """
data_cfg = dict(image_size=512, heatmap_size=[128])
steps = [dict(type='GetKeypointCenterArea', minimal_area=16), dict(type='BottomUpGenerateOffsetTarget', radius=4),
         dict(type='BottomUpGenerateHeatmapTarget', sigma=(2, 4), gen_center_heatmap=True, bg_weight=0.1)]
model = dict(
    type='DisentangledKeypointRegressor', backbone=dict(type='HRNet'),
    keypoint_head=dict(type='DEKRHead', in_channels=(32, 64), num_joints=17, input_transform='resize_concat',
                       heatmap_loss=dict(type='JointsMSELoss'), offset_loss=dict(type='SoftWeightSmoothL1Loss')),
    test_cfg=dict(num_joints=17, max_pool_kernel=9, use_nms=True, nms_dist_thr=0.05, flip_test=True,
                  rescore_cfg=dict(in_channels=74, pretrained='a.pth')))
data = dict(train=dict(type='BottomUpCocoDataset', data_cfg=data_cfg, pipeline=steps))
"""


def test_centers_and_displacements_have_one_codec() -> None:
    found = mapped(REGRESSION, 'mmpose').value()
    codec = {
        'type': 'SPR',
        'input_size': (512, 512),
        'heatmap_size': (128, 128),
        'sigma': (4, 2),
        'minimal_diagonal_length': 4.0,
        'generate_keypoint_heatmaps': True,
    }
    assert found['train_dataloader']['dataset']['pipeline'] == [
        {'type': 'GenerateTarget', 'encoder': codec},
        {'type': 'BottomupGetHeatmapMask'},
    ]
    assert found['model']['head'] == {
        'type': 'DEKRHead',
        'in_channels': 96,
        'num_keypoints': 17,
        'heatmap_loss': {'type': 'KeypointMSELoss'},
        'displacement_loss': {'type': 'SoftWeightSmoothL1Loss'},
        'decoder': {**codec, 'decode_nms_kernel': 9},
        'rescore_cfg': {'in_channels': 74, 'init_cfg': {'type': 'Pretrained', 'checkpoint': 'a.pth'}},
    }
    assert found['model']['test_cfg'] == {
        'multiscale_test': False,
        'flip_test': True,
        'nms_dist_thr': 0.05,
        'shift_heatmap': True,
    }


def test_scores_of_scales_that_count_less_are_a_question() -> None:
    found = mapped(REGRESSION.replace('flip_test=True', 'multi_scale_score_decrease=0.9'), 'mmpose')
    assert [path for path, _ in found.todos()] == ['model.test_cfg.multi_scale_score_decrease']
