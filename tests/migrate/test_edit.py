"""Restoration: what mmedit 0.x measured and loaded, in the form of mmagic."""

from pathlib import Path

from cfglint.migrate.run import migrate
from tests.migrate.kit import mapped, value

CONFIG = """
scale = 2
model = dict(type='BasicRestorer', generator=dict(type='EDSR', in_channels=3, out_channels=3, upscale_factor=scale))
train_cfg = None
test_cfg = dict(metrics=['PSNR', 'SSIM'], crop_border=scale, convert_to='y')
pipeline = [
    dict(type='LoadImageFromFile', io_backend='disk', key='lq', flag='unchanged'),
    dict(type='LoadImageFromFile', io_backend='petrel', key='gt', flag='unchanged'),
    dict(type='RescaleToZeroOne', keys=['lq', 'gt']),
    dict(type='Normalize', keys=['lq', 'gt'], mean=[0, 0, 0], std=[1, 1, 1], to_rgb=True),
    dict(type='PairedRandomCrop', gt_patch_size=96),
    dict(type='Flip', keys=['lq', 'gt'], flip_ratio=0.5, direction='horizontal'),
    dict(type='Collect', keys=['lq', 'gt'], meta_keys=['lq_path', 'gt_path']),
    dict(type='ImageToTensor', keys=['lq', 'gt'])]
data = dict(
    workers_per_gpu=8,
    train_dataloader=dict(samples_per_gpu=16),
    train=dict(type='SRFolderDataset', lq_folder='a', gt_folder='b', pipeline=pipeline, scale=scale, filename_tmpl='{}x2'),
    val=dict(type='SRFolderDataset', lq_folder='c', gt_folder='d', pipeline=pipeline, scale=scale))
optimizers = dict(generator=dict(type='Adam', lr=1e-4))
total_iters = 100
evaluation = dict(interval=50, save_image=True, gpu_collect=True)
"""


def test_a_restorer() -> None:
    assert mapped(CONFIG, 'mmedit').todos() == []
    found = value(CONFIG, 'mmedit')
    assert found['model'] == {
        'type': 'BaseEditModel',
        'generator': {'type': 'EDSRNet', 'in_channels': 3, 'out_channels': 3, 'upscale_factor': 2},
        'data_preprocessor': {
            'type': 'DataPreprocessor',
            'mean': [0, 0, 0],
            'std': [255, 255, 255],
            'output_channel_order': 'RGB',
        },
    }
    assert found['val_evaluator'] == {
        'type': 'Evaluator',
        'metrics': [
            {'type': 'PSNR', 'crop_border': 2, 'convert_to': 'y'},
            {'type': 'SSIM', 'crop_border': 2, 'convert_to': 'y'},
        ],
    }


def test_keys_and_steps() -> None:
    assert value(CONFIG, 'mmedit')['pipeline'] == [
        {'type': 'LoadImageFromFile', 'key': 'img', 'color_type': 'unchanged'},
        {
            'type': 'LoadImageFromFile',
            'key': 'gt',
            'color_type': 'unchanged',
            'backend_args': {'backend': 'petrel'},
        },
        {'type': 'SetValues', 'dictionary': {'scale': 2}},
        {'type': 'PairedRandomCrop', 'gt_patch_size': 96},
        {'type': 'Flip', 'keys': ['img', 'gt'], 'flip_ratio': 0.5, 'direction': 'horizontal'},
        {'type': 'PackInputs', 'meta_keys': ['img_path', 'gt_path']},
    ]


def test_folders() -> None:
    dataset = value(CONFIG, 'mmedit')['train_dataloader']['dataset']
    assert dataset['type'] == 'BasicImageDataset' and dataset['data_prefix'] == {'img': 'a', 'gt': 'b'}
    assert dataset['filename_tmpl'] == {'img': '{}x2', 'gt': '{}'} and 'scale' not in dataset


def test_a_model_that_was_written_anew_is_one_question() -> None:
    text = "model = dict(type='CycleGAN', gan_loss=dict(type='GANLoss'), cycle_loss=dict(type='L1Loss'), id_loss=None)"
    assert [path for path, _ in mapped(text, 'mmedit').todos()] == ['model']


def test_settings_beside_a_gan_are_arguments_of_its_model() -> None:
    text = (
        "model = dict(type='SinGAN', generator=dict(type='SinGANMultiScaleGenerator'))\n"
        'train_cfg = dict(noise_weight_init=0.1, iters_per_scale=2000, other=1)\ntest_cfg = None\ntotal_iters = 10\n'
    )
    found = mapped(text, 'mmgen')
    assert found.value()['model']['iters_per_scale'] == 2000 and found.value()['train_cfg']['max_iters'] == 10
    assert ('model.other', '`SinGAN` has no argument `other`') in found.todos()


MATTING = """
model = dict(type='GCA', backbone=dict(type='SimpleEncoderDecoder'))
test_cfg = dict(metrics=['SAD'])
steps = [dict(type='FormatTrimap', to_onehot=True), dict(type='Pad', keys=['trimap', 'merged'], mode='reflect')]
data = dict(test=dict(type='AdobeComp1kDataset', ann_file='data/comp/list.json', data_prefix='data/comp', pipeline=steps))
"""


def test_matting_pads_in_the_model() -> None:
    model = value(MATTING, 'mmedit')['model']
    assert model['test_cfg'] == {'resize_method': 'pad', 'resize_mode': 'reflect', 'size_divisor': 32}
    assert model['data_preprocessor'] == {'type': 'MattorPreprocessor', 'proc_trimap': 'as_is'}


def test_matting_looks_for_all_in_one_folder() -> None:
    dataset = value(MATTING, 'mmedit')['test_dataloader']['dataset']
    assert (dataset['data_root'], dataset['ann_file']) == ('data/comp', 'list.json') and 'data_prefix' not in dataset


def test_what_is_only_tested_is_not_validated() -> None:
    text = MATTING + 'evaluation = dict(interval=5)\n'
    assert {'val_evaluator', 'val_cfg', 'test_evaluator'} & value(text, 'mmedit').keys() == {'test_evaluator'}


def test_a_plateau_is_seen_when_validation_is_over() -> None:
    text = "total_iters = 9\nlr_config = dict(policy='Reduce', by_epoch=False, val_metric='PSNR', mode='max')\n"
    assert value(text, 'mmedit')['param_scheduler'] == [
        {'type': 'ReduceOnPlateauLR', 'monitor': 'PSNR', 'rule': 'greater', 'by_epoch': True}
    ]


def test_folders_and_partitions_of_benchmarks_are_questions() -> None:
    text = "data = dict(train=dict(type='SRREDSDataset', folder='a', val_partition='REDS4'))"
    places = [path.rpartition('.')[2] for path, _ in mapped(text, 'mmedit').todos()]
    assert places == ['dataset', 'folder', 'val_partition']


def test_settings_of_a_child_leave_no_key_that_means_something_else_now(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text(
        "total_iters = 100\ndata = dict(train=dict(type='SRFolderDataset'))\nmodel = dict(type='BasicRestorer', generator=dict(type='EDSR'))\n"
    )
    (tmp_path / 'a.py').write_text("_base_ = 'base.py'\ntrain_cfg = dict(fix_iter=50)\n")
    migrated = {Path(each.path).name: each.text for each in migrate([str(tmp_path / 'a.py')])}
    assert migrated['a.py'] == "_base_ = 'base.py'\nmodel = dict(train_cfg=dict(fix_iter=50))\n"
