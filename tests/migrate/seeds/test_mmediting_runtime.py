"""The tables of MMEditing's "Migration of Runtime Settings"."""

from tests.migrate.kit import value

RUNTIME = """
checkpoint_config = dict(interval=5000, save_optimizer=True, by_epoch=False)
log_config = dict(
    interval=100,
    hooks=[
        dict(type='TextLoggerHook', by_epoch=False),
        dict(type='TensorboardLoggerHook'),
    ])
visual_config = None
dist_params = dict(backend='nccl')
log_level = 'INFO'
load_from = None
resume_from = None
workflow = [('train', 1)]
"""


def test_runtime() -> None:
    found = value(RUNTIME, 'mmedit', 'mmedit')
    # Slip: the right column adds `out_dir=save_dir`, a name that nothing defines.
    assert found['default_hooks'] == {
        'checkpoint': {'type': 'CheckpointHook', 'interval': 5000, 'save_optimizer': True, 'by_epoch': False},
        'timer': {'type': 'IterTimerHook'},
        'logger': {'type': 'LoggerHook', 'interval': 100, 'log_metric_by_epoch': False},
        'param_scheduler': {'type': 'ParamSchedulerHook'},
        'sampler_seed': {'type': 'DistSamplerSeedHook'},
    }
    assert found['default_scope'] == 'mmedit'
    # The right column also writes MMEngine's defaults, and 4 threads of OpenCV, of which the left one says nothing.
    assert found['env_cfg'] == {'dist_cfg': {'backend': 'nccl'}}
    assert found['log_level'] == 'INFO'
    assert found['log_processor'] == {'type': 'LogProcessor', 'window_size': 100, 'by_epoch': False}
    assert found['load_from'] is None
    assert found['resume'] is False
    # Slip: TensorBoard is lost in the right column.
    assert found['visualizer']['vis_backends'] == [{'type': 'LocalVisBackend'}, {'type': 'TensorboardVisBackend'}]
    assert found.keys() == {
        'default_hooks', 'default_scope', 'env_cfg', 'log_level', 'log_processor', 'load_from', 'resume', 'visualizer',
    }  # fmt: skip


def test_resuming() -> None:
    """All four ways in which the document describes `resume` and `load_from`."""
    assert value("resume_from = 'a.pth'\nload_from = 'b.pth'") == {'load_from': 'a.pth', 'resume': True}
    assert value('auto_resume = True\nload_from = None') == {'load_from': None, 'resume': True}
    assert value("resume_from = None\nload_from = 'b.pth'") == {'load_from': 'b.pth', 'resume': False}
    assert value('resume_from = None\nload_from = None') == {'load_from': None, 'resume': False}
