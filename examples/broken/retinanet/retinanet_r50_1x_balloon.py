_base_ = [
    '../_base_/retinanet_r50_fpn.py', '../_base_/balloon_detection.py',
    '../_base_/schedule_1x.py', '../_base_/default_runtime.py'
]
# MMEngine reads `train_cfg.val_interval`, and ignores this without a message.
evaluation = dict(interval=2)
