_base_ = './retinanet_r50_1x_balloon.py'
train_cfg = dict(
    _delete_=True, type='IterBasedTrainLoop', max_iters=6000, val_interval=500)
default_hooks = dict(checkpoint=dict(interval=500, max_keep_ckpts='3'))
