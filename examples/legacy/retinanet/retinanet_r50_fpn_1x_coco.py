_base_ = [
    '../_base_/retinanet_r50_fpn.py', '../_base_/coco_detection.py',
    '../_base_/schedule_1x.py', '../_base_/default_runtime.py'
]
# Four GPUs instead of eight: a quarter of the images, a quarter of the rate.
optimizer = dict(lr=0.005)
