"""Rotated boxes: mmrotate 1.x builds its models from those of mmdet."""

from tests.migrate.kit import mapped, value

HEAD = """dict(
    type='RotatedRetinaHead', num_classes=15, assign_by_circumhbbox=None,
    anchor_generator=dict(type='RotatedAnchorGenerator', ratios=[1.0], strides=[8]),
    bbox_coder=dict(type='DeltaXYWHAOBBoxCoder', angle_range='le90'),
    loss_cls=dict(type='FocalLoss'))"""


def test_a_single_stage() -> None:
    text = (
        f"model = dict(type='RotatedRetinaNet', bbox_head={HEAD}, test_cfg=dict(nms=dict(iou_thr=0.1), max_per_img=9))"
    )
    assert mapped(text, 'mmrotate').todos() == []
    assert value(text, 'mmrotate')['model'] == {
        'type': 'mmdet.RetinaNet',
        'bbox_head': {
            'type': 'mmdet.RetinaHead',
            'num_classes': 15,
            'anchor_generator': {
                'type': 'FakeRotatedAnchorGenerator',
                'angle_version': 'le90',
                'ratios': [1.0],
                'strides': [8],
            },
            'bbox_coder': {'type': 'DeltaXYWHTRBBoxCoder', 'angle_version': 'le90'},
            'loss_cls': {'type': 'mmdet.FocalLoss'},
        },
        'test_cfg': {'nms': {'type': 'nms_rotated', 'iou_threshold': 0.1}, 'max_per_img': 9},
    }


def test_heads_that_refine() -> None:
    text = f"""
model = dict(
    type='S2ANet', fam_head={HEAD}, align_cfgs=dict(type='AlignConv', kernel_size=3, channels=256, featmap_strides=[8]),
    odm_head=dict(type='ODMRefineHead', num_classes=15), train_cfg=dict(fam_cfg=dict(a=1), odm_cfg=dict(b=2)))
"""
    found = value(text, 'mmrotate')['model']
    assert found['type'] == 'RefineSingleStageDetector' and found['bbox_head_init']['type'] == 'S2AHead'
    assert found['bbox_head_init']['bbox_coder']['use_box_type'] is False
    assert found['bbox_head_refine'] == [
        {
            'type': 'S2ARefineHead',
            'num_classes': 15,
            'frm_cfg': {'type': 'AlignConv', 'feat_channels': 256, 'strides': [8], 'kernel_size': 3},
        }
    ]
    assert found['train_cfg'] == {'init': {'a': 1}, 'refine': [{'b': 2}], 'stage_loss_weights': [1.0]}


def test_steps() -> None:
    text = """
train_pipeline = [
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='RResize', img_scale=(1024, 1024)),
    dict(type='RRandomFlip', flip_ratio=[0.25, 0.25], direction=['horizontal', 'vertical'], version='oc'),
    dict(type='PolyRandomRotate', rotate_ratio=0.5, angles_range=180, auto_bound=False, rect_classes=[9], version='oc'),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img'])]
data = dict(train=dict(type='DOTADataset', ann_file='a/', img_prefix='b/', version='oc', pipeline=train_pipeline))
"""
    found = value(text, 'mmrotate')
    assert found['train_pipeline'] == [
        {'type': 'mmdet.LoadAnnotations', 'with_bbox': True, 'box_type': 'qbox'},
        {'type': 'ConvertBoxType', 'box_type_mapping': {'gt_bboxes': 'rbox'}},
        {'type': 'mmdet.Resize', 'scale': (1024, 1024), 'keep_ratio': True},
        {'type': 'mmdet.RandomFlip', 'prob': [0.25, 0.25], 'direction': ['horizontal', 'vertical']},
        {'type': 'RandomRotate', 'prob': 0.5, 'angle_range': 180, 'rect_obj_labels': [9]},
        {'type': 'mmdet.PackDetInputs'},
    ]
    dataset = found['train_dataloader']['dataset']
    assert dataset['data_prefix'] == {'img_path': 'b/'} and dataset['filter_cfg'] == {'filter_empty_gt': True}


def test_boxes_around_are_a_question() -> None:
    text = "model = dict(type='RotatedRetinaNet', bbox_head=dict(type='RotatedRetinaHead', assign_by_circumhbbox='oc'))"
    assert [path for path, _ in mapped(text, 'mmrotate').todos()] == ['model.bbox_head']


def test_what_is_measured_is_the_same_of_all_rotated_datasets() -> None:
    metric = {'type': 'DOTAMetric', 'metric': 'mAP'}
    for data in ('', "data = dict(val=dict(type='OwnShips', pipeline=[]))\n"):
        assert value(f"{data}evaluation = dict(interval=1, metric='mAP')\n", 'mmrotate')['val_evaluator'] == metric


def test_an_angle_that_is_regressed_by_itself() -> None:
    text = "model = dict(type='RotatedFCOS', bbox_head=dict(type='RotatedFCOSHead', num_classes=2, separate_angle=False))\n"
    assert value(text, 'mmrotate')['model']['bbox_head']['use_hbbox_loss'] is False
