"""The configs in "Migrate Model from MMCV to MMEngine"."""

from tests.migrate.kit import value


def test_the_common_process() -> None:
    text = """
optimizer = dict(type='SGD', lr=0.01)
lr_config = dict(policy='step', step=[2, 3])
optimizer_config = dict(grad_clip=None)
log_config = dict(interval=10, hooks=[dict(type='TextLoggerHook')])
runner = dict(type='EpochBasedRunner', max_epochs=5)
workflow = [('train', 1)]
"""
    found = value(text)
    assert found['train_cfg'] == {'type': 'EpochBasedTrainLoop', 'max_epochs': 5, 'val_interval': 1}
    assert found['optim_wrapper'] == {'type': 'OptimWrapper', 'optimizer': {'type': 'SGD', 'lr': 0.01}}
    # A slip: the document drops the schedule.
    assert found['param_scheduler'] == [
        {'type': 'MultiStepLR', 'milestones': [2, 3], 'by_epoch': True, 'begin': 0, 'end': 5}
    ]


def test_the_hooks_that_optimize() -> None:
    sgd = "optimizer = dict(type='SGD', lr=0.01)\n"
    assert value(sgd + "optimizer_config = dict(type='OptimizerHook')")['optim_wrapper']['type'] == 'OptimWrapper'
    assert value(sgd + "optimizer_config = dict(type='Fp16OptimizerHook', loss_scale='dynamic')")['optim_wrapper'] == {
        'type': 'AmpOptimWrapper',
        'optimizer': {'type': 'SGD', 'lr': 0.01},
        'loss_scale': 'dynamic',
    }
    text = "optimizer_config = dict(type='GradientCumulativeFp16OptimizerHook', cumulative_iters=4, loss_scale=512.)"
    found = value(sgd + text)['optim_wrapper']
    assert (found['type'], found['accumulative_counts'], found['loss_scale']) == ('AmpOptimWrapper', 4, 512.0)
