from pathlib import Path

from cfglint.migrate.run import migrate
from tests.migrate.kit import mapped


def questions(model: str, lib: str = 'mmdet') -> list[tuple[str, str]]:
    return mapped(f'model = {model}', lib).todos()


def test_a_component_that_is_gone() -> None:
    assert questions("dict(type='YOLACT', segm_head=dict(type='YOLACTSegmHead', num_classes=80))") == [
        ('model.segm_head', 'write `with_seg_branch` and `loss_segm` in the mask head')
    ]


def test_a_component_of_which_nothing_is_written_down() -> None:
    assert questions("dict(type='Recognizer2D', neck=dict(type='BaseMattor'))", 'mmedit') == [
        ('model.neck', 'mmagic has no `BaseMattor`; write what does the same')
    ]


def test_an_argument_that_is_gone() -> None:
    assert questions("dict(type='RetinaNet', neck=dict(type='NASFPN', add_extra_convs=True))") == [
        ('model.neck.add_extra_convs', '`NASFPN` has no argument `add_extra_convs`')
    ]


def test_what_neither_era_has_is_the_users_own() -> None:
    assert questions("dict(type='MyDetector', a=1, neck=dict(type='FPN', my_argument=1))") == []


def test_what_0x_did_not_take_either_is_no_question_of_the_migration() -> None:
    assert questions("dict(type='RetinaNet', norm_cfg=dict(type='BN', requires_grad=True))") == []


def test_costs_become_a_list() -> None:
    assigner = "dict(type='HungarianAssigner', cls_cost=dict(type='FocalLossCost', weight=2.0))"
    found = mapped(f"model = dict(type='RetinaNet', train_cfg=dict(assigner={assigner}))").value()['model']
    assert found['train_cfg']['assigner'] == {
        'type': 'HungarianAssigner',
        'match_costs': [
            {'type': 'FocalLossCost', 'weight': 2.0},
            {'type': 'BBoxL1Cost', 'weight': 1.0},
            {'type': 'IoUCost', 'iou_mode': 'giou', 'weight': 1.0},
        ],
    }


def test_what_is_borrowed_is_named_so() -> None:
    found = mapped("model = dict(type='S2ANet', neck=dict(type='FPN', num_outs=5))", 'mmrotate').value()['model']
    assert found['neck'] == {'type': 'mmdet.FPN', 'num_outs': 5}


def test_a_model_that_no_library_of_1x_has_is_one_question() -> None:
    text = (
        "model = dict(type='SiamRPN', backbone=dict(type='SOTResNet'))\n"
        "train_pipeline = [dict(type='SeqCropLikeSiamFC'), dict(type='SeqGrayAug')]\n"
        "data = dict(train=dict(type='SOTTrainDataset', pipeline=train_pipeline))\n"
    )
    assert mapped(text, 'mmtrack').todos() == [
        ('model', 'mmdet has no single object tracking: stay with mmtrack for this config')
    ]


def test_a_library_without_a_release_is_one_question() -> None:
    text = (
        "model = dict(type='PWCNet')\ndata = dict(train=dict(type='FlyingChairs', pipeline=[]))\nevaluation = dict()\n"
    )
    assert [path for path, _ in mapped(text, 'mmflow').todos()] == ['model']


def test_the_priority_of_a_hook_is_read_by_the_runner() -> None:
    assert mapped("custom_hooks = [dict(type='SyncNormHook', interval=10, priority=48)]", 'mmdet').todos() == []


def test_a_line_end_in_a_value_does_not_become_code(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text("optimizer = dict(type='SGD', lr=0.1)\nlr_config = dict(policy='a\\nevil = 1')\n")
    (result,) = migrate([str(tmp_path / 'a.py')])
    assert 'TODO(cfglint)' in result.text and '\nevil' not in result.text.lower()


def test_parts_of_what_is_gone_are_no_questions_of_their_own() -> None:
    found = questions("dict(type='Recognizer2D', neck=dict(type='BaseMattor', part=dict(type='BaseMattor')))", 'mmedit')
    assert [path for path, _ in found] == ['model.neck']


def test_augmentations_of_another_package_are_theirs() -> None:
    steps = "[dict(type='Imgaug', transforms=[dict(type='Rotate', rotate=(-20, 20)), dict(type='Normalize')])]"
    found = mapped(f'train_pipeline = {steps}', 'mmaction').value()['train_pipeline']
    assert found[0]['transforms'] == [{'type': 'Rotate', 'rotate': (-20, 20)}, {'type': 'Normalize'}]


def test_wrappers_take_nothing_of_the_dataset_that_a_base_had() -> None:
    text = (
        "data = dict(train=dict(type='CBGSDataset', ann_file='a.pkl', classes=['car'], dataset=dict(type='MyDataset')))"
    )
    dataset = mapped(text, 'mmdet3d').value()['train_dataloader']['dataset']
    assert dataset == {'type': 'CBGSDataset', 'dataset': {'type': 'MyDataset'}}


def test_graphs_of_skeletons() -> None:
    backbone = "dict(type='AGCN', in_channels=3, data_bn=True, graph_cfg=dict(layout='ntu-rgb+d', strategy='agcn'))"
    found = mapped(f"model = dict(type='SkeletonGCN', backbone={backbone})", 'mmaction')
    assert found.value()['model']['backbone'] == {
        'type': 'AAGCN',
        'in_channels': 3,
        'graph_cfg': {'layout': 'nturgb+d', 'mode': 'spatial'},
    }
    other = backbone.replace("'agcn'", "'distance'")
    assert questions(f"dict(type='SkeletonGCN', backbone={other})", 'mmaction') == [
        ('model.backbone.graph_cfg.mode', '`Graph` has nothing of the kind: write a `mode` of 1.x')
    ]


def test_views_of_a_test_are_resized_to_the_scale_around_them() -> None:
    views = "dict(type='MultiScaleFlipAug3D', img_scale=(1333, 600), flip=False, transforms=[dict(type='Resize')])"
    found = mapped(f'test_pipeline = [{views}]', 'mmdet3d').value()['test_pipeline']
    assert found[0]['transforms'][0]['scale'] == (1333, 600)


def test_what_is_built_around_a_model_is_a_question() -> None:
    text = """
algorithm = dict(type='GeneralDistill', architecture=dict(type='MMSegArchitecture'))
steps = [dict(type='Normalize', mean=[1], std=[2], to_rgb=True)]
data = dict(train=dict(type='ADE20KDataset', img_dir='a', pipeline=steps))
"""
    found = mapped(text, 'mmseg')
    assert [path for path, _ in found.todos()] == ['algorithm']
    assert found.value()['data_preprocessor']['mean'] == [1]
    assert mapped("algorithm = 'fast'", 'mmseg').todos() == []


def test_joint_training_on_one_set_is_training() -> None:
    text = 'omnisource = True\ndata = dict(train=%s)\n'
    assert mapped(text % "dict(type='VideoDataset')", 'mmaction').todos() == []
    assert [path for path, _ in mapped(text % "[dict(type='VideoDataset')]", 'mmaction').todos()] == ['omnisource']
