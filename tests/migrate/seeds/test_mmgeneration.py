"""The tables of "Migration from MMGeneration 0.x": the left column goes in, the right column comes out.

Where the document slips, the test says so.
"""

from tests.migrate.kit import value


def modern(text: str) -> dict:
    return value(text, 'mmgen', 'mmgen')


RUNNER = """
total_iters = 1000000
runner = dict(
    type='DynamicIterBasedRunner',
    is_dynamic_ddp=False,
    pass_training_status=True)
"""
EVALUATION = """
evaluation = dict(
    type='GenerativeEvalHook',
    interval=10000,
    metrics=[
        dict(
            type='FID',
            num_images=50000,
            bgr2rgb=True,
            inception_args=dict(type='StyleGAN')),
        dict(type='IS', num_images=50000)
    ],
    best_metric=['fid', 'is'],
    sample_kwargs=dict(sample_model='ema'))
"""
CHECKPOINT = 'checkpoint_config = dict(interval=10000, by_epoch=False, save_optimizer=True)\n'


def test_runner_and_schedule() -> None:
    # The interval stands in the evaluation of the next table.
    found = modern(RUNNER + EVALUATION)
    assert found['train_cfg'] == {'by_epoch': False, 'max_iters': 1000000, 'val_begin': 1, 'val_interval': 10000}
    assert found['val_cfg'] == {'type': 'GenValLoop'}
    assert found['test_cfg'] == {'type': 'GenTestLoop'}
    assert not {'total_iters', 'runner', 'evaluation'} & found.keys()


def test_evaluation() -> None:
    found = modern(EVALUATION + CHECKPOINT)
    # Slips: `sample_model='orig'` where 0.x samples 'ema', none for the second metric, a comma is missing.
    assert found['val_evaluator'] == {
        'type': 'GenEvaluator',
        'metrics': [
            {
                'type': 'FrechetInceptionDistance',
                'prefix': 'FID-Full-50k',
                'fake_nums': 50000,
                'inception_style': 'StyleGAN',
                'sample_model': 'ema',
            },
            {'type': 'InceptionScore', 'prefix': 'IS-50k', 'fake_nums': 50000, 'sample_model': 'ema'},
        ],
    }
    assert found['test_evaluator'] == found['val_evaluator']
    assert found['default_hooks']['checkpoint'] == {
        'type': 'CheckpointHook',
        'interval': 10000,
        'by_epoch': False,
        'less_keys': ['FID-Full-50k/fid'],
        'greater_keys': ['IS-50k/is'],
        'save_optimizer': True,
        'save_best': ['FID-Full-50k/fid', 'IS-50k/is'],
        'rule': ['less', 'greater'],
    }


def test_distribution_of_static_models() -> None:
    text = "use_ddp_wrapper = True\nfind_unused_parameters = False\nrunner = dict(type='DynamicIterBasedRunner', is_dynamic_ddp=False)"
    found = modern(text)
    assert found['model_wrapper_cfg'] == {
        'type': 'MMSeparateDistributedDataParallel',
        'broadcast_buffers': False,
        'find_unused_parameters': False,
    }
    assert not {'use_ddp_wrapper', 'find_unused_parameters', 'runner'} & found.keys()


def test_distribution_of_dynamic_models() -> None:
    text = "use_ddp_wrapper = False\nfind_unused_parameters = False\nrunner = dict(type='DynamicIterBasedRunner', is_dynamic_ddp=True)"
    assert modern(text)['model_wrapper_cfg'] == {
        'type': 'MMSeparateDistributedDataParallel',
        'broadcast_buffers': False,
        'find_unused_parameters': True,
    }


def test_optimizer() -> None:
    text = """
optimizer = dict(
    generator=dict(type='Adam', lr=0.0001, betas=(0.0, 0.999), eps=1e-6),
    discriminator=dict(type='Adam', lr=0.0004, betas=(0.0, 0.999), eps=1e-6))
"""
    # A slip: the generator's lr is 0.0002 in the right column.
    assert modern(text)['optim_wrapper'] == {
        'constructor': 'GenOptimWrapperConstructor',
        'generator': {'optimizer': {'type': 'Adam', 'lr': 0.0001, 'betas': (0.0, 0.999), 'eps': 1e-6}},
        'discriminator': {'optimizer': {'type': 'Adam', 'lr': 0.0004, 'betas': (0.0, 0.999), 'eps': 1e-6}},
    }


NETWORKS = """
    generator=dict(
        type='BigGANGenerator',
        output_scale=128,
        noise_size=120,
        num_classes=1000,
        base_channels=96,
        shared_dim=128,
        with_shared_embedding=True,
        sn_eps=1e-6,
        init_type='ortho',
        act_cfg=dict(type='ReLU', inplace=True),
        split_noise=True,
        auto_sync_bn=False),
    discriminator=dict(
        type='BigGANDiscriminator',
        input_scale=128,
        num_classes=1000,
        base_channels=96,
        sn_eps=1e-6,
        init_type='ortho',
        act_cfg=dict(type='ReLU', inplace=True),
        with_spectral_norm=True),
"""
BIGGAN = f"""
model = dict(
    type='BasiccGAN',{NETWORKS}
    gan_loss=dict(type='GANLoss', gan_type='hinge'))
train_cfg = dict(
    disc_steps=8, gen_steps=1, batch_accumulation_steps=8, use_ema=True)
optimizer = dict(
    generator=dict(type='Adam', lr=0.0001, betas=(0.0, 0.999), eps=1e-6),
    discriminator=dict(type='Adam', lr=0.0004, betas=(0.0, 0.999), eps=1e-6))
"""


def test_biggan() -> None:
    found = modern(BIGGAN)
    networks = eval(f'dict({NETWORKS})')
    assert found['model'] == {
        'type': 'BigGAN',
        'num_classes': 1000,
        'data_preprocessor': {'type': 'GANDataPreprocessor'},
        **networks,
        'generator_steps': 1,
        'discriminator_steps': 1,
    }
    adam = {'type': 'Adam', 'betas': (0.0, 0.999), 'eps': 1e-6}
    assert found['optim_wrapper'] == {
        'constructor': 'GenOptimWrapperConstructor',
        'generator': {'accumulative_counts': 8, 'optimizer': {**adam, 'lr': 0.0001}},
        'discriminator': {'accumulative_counts': 8, 'optimizer': {**adam, 'lr': 0.0004}},
    }
    assert 'train_cfg' not in found


def test_learning_rate() -> None:
    text = """
lr_config = dict(
    policy='Linear',
    by_epoch=False,
    target_lr=0,
    start=135000,
    interval=1350)
"""
    # What the table leaves out: how long training lasts, and the optimizers' learning rate, which is `start_factor`.
    rest = "total_iters = 270000\noptimizer = dict(generators=dict(type='Adam', lr=2e-4), discriminators=dict(type='Adam', lr=2e-4))"
    assert modern(text + rest)['param_scheduler'] == [
        {
            'type': 'LinearLrInterval',
            'interval': 1350,
            'by_epoch': False,
            'start_factor': 0.0002,
            'end_factor': 0,
            'begin': 135000,
            'end': 270000,
        }
    ]


def test_visualization() -> None:
    text = """
custom_hooks = [
    dict(
        type='VisualizeUnconditionalSamples',
        output_dir='training_samples',
        interval=1000)
]
log_config = dict(interval=100, hooks=[dict(type='TextLoggerHook')])
"""
    found = modern(text)
    # A slip: the interval is 5000 in the right column.
    assert found['custom_hooks'] == [
        {
            'type': 'GenVisualizationHook',
            'interval': 1000,
            'fixed_input': True,
            'vis_kwargs_list': {'type': 'GAN', 'name': 'fake_img'},
        }
    ]
    assert found['visualizer'] == {'type': 'GenVisualizer', 'vis_backends': [{'type': 'GenVisBackend'}]}


def test_mixed_precision() -> None:
    text = "runner = dict(type='DynamicIterBasedRunner', fp16_loss_scaler=dict(init_scale=512))\n"
    found = modern(BIGGAN + text)['optim_wrapper']
    # A slip: the right column has `loss_scale='dynamic'`, without the initial scale.
    for name, lr in (('generator', 0.0001), ('discriminator', 0.0004)):
        assert found[name] == {
            'accumulative_counts': 8,
            'optimizer': {'type': 'Adam', 'lr': lr, 'betas': (0.0, 0.999), 'eps': 1e-06},
            'type': 'AmpOptimWrapper',
            'loss_scale': {'init_scale': 512},
        }


def test_data() -> None:
    text = """
total_iters = 10
data = dict(
    samples_per_gpu=None,
    workers_per_gpu=4,
    train=dict(type='UnconditionalImageDataset', imgs_root='a'),
    val=dict(type='UnconditionalImageDataset', imgs_root='b'))
"""
    found = modern(text)
    # Slips: 4 workers become 8, and a batch size of 4 is invented. `persistent_workers` is no change of 0.x.
    assert found['train_dataloader'] == {
        'batch_size': None,
        'num_workers': 4,
        'sampler': {'type': 'InfiniteSampler', 'shuffle': True},
        'dataset': {'type': 'UnconditionalImageDataset', 'data_root': 'a'},
    }
    assert found['val_dataloader']['num_workers'] == 4
    assert found['val_dataloader']['sampler'] == {'type': 'DefaultSampler', 'shuffle': False}


PIPELINE = """
train_pipeline = [
    dict(
        type='LoadImageFromFile',
        key='real_img',
        io_backend='disk',
    ),
    dict(type='Flip', keys=['real_img'], direction='horizontal'),
    dict(
        type='Normalize',
        keys=['real_img'],
        mean=[127.5] * 3,
        std=[127.5] * 3,
        to_rgb=False),
    dict(type='ImageToTensor', keys=['real_img']),
    dict(type='Collect', keys=['real_img'], meta_keys=['real_img_path'])
]
data = dict(train=dict(type='UnconditionalImageDataset', imgs_root='a', pipeline=train_pipeline))
model = dict(type='StaticUnconditionalGAN', generator=dict(type='StyleGANv2Generator'))
"""


def test_pipeline() -> None:
    found = modern(PIPELINE)
    assert found['train_pipeline'] == [
        {'type': 'LoadImageFromFile', 'key': 'img'},
        {'type': 'Flip', 'keys': ['img'], 'direction': 'horizontal'},
        {'type': 'PackGenInputs', 'keys': ['img'], 'meta_keys': ['img_path']},
    ]
    assert found['model']['data_preprocessor'] == {
        'type': 'GANDataPreprocessor',
        'mean': [127.5, 127.5, 127.5],
        'std': [127.5, 127.5, 127.5],
        'bgr_to_rgb': False,
    }


def test_hooks() -> None:
    # `less_keys` and `greater_keys` come from the evaluation of another table.
    text = "log_config = dict(interval=100, hooks=[dict(type='TextLoggerHook')])\n"
    found = modern(RUNNER + text + CHECKPOINT)['default_hooks']
    assert found['timer'] == {'type': 'GenIterTimerHook'}
    assert found['logger'] == {'type': 'LoggerHook', 'interval': 100, 'log_metric_by_epoch': False}
    assert found['checkpoint'] == {
        'type': 'CheckpointHook',
        'interval': 10000,
        'by_epoch': False,
        'save_optimizer': True,
    }


def test_runtime() -> None:
    text = "cudnn_benchmark = False\nmp_start_method = 'fork'\nopencv_num_threads = 0\ndist_params = dict(backend='nccl')\nworkflow = [('train', 10000)]"
    found = modern(text)
    assert found['env_cfg'] == {
        'cudnn_benchmark': False,
        'mp_cfg': {'mp_start_method': 'fork', 'opencv_num_threads': 0},
        'dist_cfg': {'backend': 'nccl'},
    }
    assert found['default_scope'] == 'mmgen'
    assert 'workflow' not in found
