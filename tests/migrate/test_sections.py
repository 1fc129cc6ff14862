from tests.migrate.kit import mapped, value


def test_epochs() -> None:
    text = "runner = dict(type='EpochBasedRunner', max_epochs=12)\nevaluation = dict(interval=2, metric='bbox')"
    assert value(text)['train_cfg'] == {'type': 'EpochBasedTrainLoop', 'max_epochs': 12, 'val_interval': 2}


def test_iterations_validate_as_often_as_mmcv_did() -> None:
    text = "runner = dict(type='IterBasedRunner', max_iters=100)\nevaluation = dict(metric='mIoU')"
    assert value(text, 'mmseg')['train_cfg'] == {'type': 'IterBasedTrainLoop', 'max_iters': 100, 'val_interval': 1}


def test_the_workflow_is_gone_unless_it_validates() -> None:
    assert 'workflow' not in value("workflow = [('train', 1)]")
    assert [path for path, _ in mapped("workflow = [('train', 1), ('val', 1)]").todos()] == ['workflow']


def test_steps_after_a_warm_up() -> None:
    text = """
lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[8, 11])
runner = dict(type='EpochBasedRunner', max_epochs=12)
"""
    assert value(text)['param_scheduler'] == [
        {'type': 'LinearLR', 'start_factor': 0.001, 'by_epoch': False, 'begin': 0, 'end': 501},
        {'type': 'MultiStepLR', 'milestones': [8, 11], 'by_epoch': True, 'begin': 0, 'end': 12},
    ]


def test_a_policy_without_counterpart_stays() -> None:
    found = mapped("lr_config = dict(policy='inv', gamma=0.1)")
    assert found.value()['lr_config'] == {'policy': 'inv', 'gamma': 0.1}
    assert [path for path, _ in found.todos()] == ['lr_config']


def test_resuming() -> None:
    assert value("resume_from = 'a.pth'\nload_from = None") == {'load_from': 'a.pth', 'resume': True}
    assert value('resume_from = None\nload_from = None') == {'load_from': None, 'resume': False}


def test_the_environment() -> None:
    text = (
        "dist_params = dict(backend='nccl')\ncudnn_benchmark = True\nopencv_num_threads = 0\nmp_start_method = 'fork'"
    )
    assert value(text)['env_cfg'] == {
        'cudnn_benchmark': True,
        'mp_cfg': {'mp_start_method': 'fork', 'opencv_num_threads': 0},
        'dist_cfg': {'backend': 'nccl'},
    }


def test_hooks_and_backends() -> None:
    text = """
checkpoint_config = dict(interval=1)
log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook'), dict(type='TensorboardLoggerHook')])
"""
    found = value(text)
    assert found['default_hooks']['logger'] == {'type': 'LoggerHook', 'interval': 50}
    assert found['default_hooks']['checkpoint'] == {'type': 'CheckpointHook', 'interval': 1}
    assert found['visualizer']['vis_backends'] == [{'type': 'LocalVisBackend'}, {'type': 'TensorboardVisBackend'}]


def test_the_best_checkpoint_is_named_with_the_prefix_of_its_metric() -> None:
    text = "evaluation = dict(metric='bbox', save_best='bbox_mAP')\ncheckpoint_config = dict(interval=1)\ndataset_type = 'CocoDataset'"
    checkpoint = value(text)['default_hooks']['checkpoint']
    assert checkpoint['save_best'] == 'coco/bbox_mAP'
    assert checkpoint['rule'] == 'greater'


def test_pipelines_that_normalize_differently_leave_a_question() -> None:
    step = "dict(type='Normalize', mean=[1], std=[1], to_rgb={})"
    text = (
        f'data = dict(samples_per_gpu=1, train=dict(type="ImageNet", pipeline=[{step.format(False)}]), '
        f'val=dict(type="ImageNet", pipeline=[{step.format(True)}]))'
    )
    assert [path for path, _ in mapped(text, 'mmcls').todos()] == ['data_preprocessor.to_rgb']
    assert mapped(text.replace('True', 'False'), 'mmcls').todos() == []
