_base_ = './retinanet_r50_1x_balloon.py'
model = dict(backbone=dict(depth=101))
train_cfg = dict(max_epoch=24)
optim_wrapper = dict(optimizer=dict(type='AdamW', lr=1e-4))
fp16 = dict(loss_scale='dynamic')
