_base_ = './retinanet_r50_fpn_1x_coco.py'
model = dict(
    backbone=dict(
        depth=101,
        init_cfg=dict(checkpoint='torchvision://resnet101')))
lr_config = dict(step=[16, 22])
runner = dict(max_epochs=24)
fp16 = dict(loss_scale=512.)
