"""Each top-level key of 0.x: what replaces it, with the user's own values."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.diagnostics import Severity
from cfglint.rules import family
from tests.kit import repo
from tests.rules.deprecated.kit import advised, diagnose, found, serious

BASE = 'data = dict(samples_per_gpu=2)\n'
"""Makes any other key one of a 0.x config."""

ROWS = {
    "optimizer = dict(type='SGD', lr=0.02)": "write optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02))",
    "optimizer = dict(type='AdamW', lr=1e-4, paramwise_cfg=dict(norm_decay_mult=0.0))": "write optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4), paramwise_cfg=dict(norm_decay_mult=0.0))",
    "optimizer = dict(type='SGD', lr=0.1, constructor='DefaultOptimizerConstructor')": "write optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1), constructor='DefaultOptimWrapperConstructor')",
    "optimizer = dict(type='SGD', lr=0.1, constructor='TSMOptimizerConstructor', paramwise_cfg=dict(fc_lr5=True))": "write optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1), constructor='TSMOptimWrapperConstructor', paramwise_cfg=dict(fc_lr5=True))",
    "optimizer = dict(type='AdamW', lr=1e-3, layer_decay=0.65, constructor='TransformerFinetuneConstructor')": "write optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-3), constructor='LearningRateDecayOptimWrapperConstructor', paramwise_cfg=dict(layer_decay_rate=0.65))",
    "optimizer = dict(type='LARS', lr=0.3, paramwise_options={'bias': dict(weight_decay=0.)})": "write optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='LARS', lr=0.3), paramwise_cfg=dict(custom_keys={'bias': dict(decay_mult=0.)}))",
    'optimizer = None': 'write optim_wrapper = None',
    "optimizer = dict(generator=dict(type='Adam', lr=0.0001), discriminator=dict(type='Adam', lr=0.0004))": "write optim_wrapper = dict(constructor='MultiOptimWrapperConstructor', generator=dict(optimizer=dict(type='Adam', lr=0.0001)), discriminator=dict(optimizer=dict(type='Adam', lr=0.0004)))",
    "optimizers = dict(generator=dict(type='Adam', lr=1e-4))": "write optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=1e-4))",
    "optimizers = dict(type='Adam', lr=1e-4)": "write optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=1e-4))",
    'optimizer_config = dict(grad_clip=dict(max_norm=35, norm_type=2))': "write optim_wrapper = dict(type='OptimWrapper', clip_grad=dict(max_norm=35, norm_type=2))",
    'optimizer_config = dict(grad_clip=None)': 'remove it',
    'optimizer_config = None': 'remove it',
    "optimizer_config = dict(type='GradientCumulativeOptimizerHook', cumulative_iters=4)": "write optim_wrapper = dict(type='OptimWrapper', accumulative_counts=4)",
    "optimizer_config = dict(type='GradientCumulativeFp16OptimizerHook', cumulative_iters=4, loss_scale=512.)": "write optim_wrapper = dict(type='AmpOptimWrapper', loss_scale=512., accumulative_counts=4)",
    "optimizer_config = dict(type='Fp16OptimizerHook', loss_scale='dynamic')": "write optim_wrapper = dict(type='AmpOptimWrapper', loss_scale='dynamic')",
    'optimizer_config = dict(update_interval=8)': "write optim_wrapper = dict(type='OptimWrapper', accumulative_counts=8)",
    'optimizer_config = dict(detect_anomalous_params=True)': "write model_wrapper_cfg = dict(type='MMDistributedDataParallel', detect_anomalous_params=True)",
    "fp16 = dict(loss_scale='dynamic')": "write optim_wrapper = dict(type='AmpOptimWrapper', loss_scale='dynamic')",
    'fp16 = dict(loss_scale=512)': "write optim_wrapper = dict(type='AmpOptimWrapper', loss_scale=512.0)",
    'fp16 = dict()': "write optim_wrapper = dict(type='AmpOptimWrapper', loss_scale=512.0)",
    'fp16 = None': 'remove it',
    'apex_amp = dict(mode="gan")': "write `type='ApexOptimWrapper'` in each optimizer wrapper",
    "lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[8, 11])": "write param_scheduler = [dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=501), dict(type='MultiStepLR', milestones=[8, 11], by_epoch=True, begin=0)]",
    "lr_config = dict(policy='step', step=30)": "write param_scheduler = [dict(type='StepLR', step_size=30, by_epoch=True, begin=0)]",
    "lr_config = dict(policy='poly', power=0.9, min_lr=1e-4, by_epoch=False)": "write param_scheduler = [dict(type='PolyLR', power=0.9, eta_min=1e-4, by_epoch=False, begin=0)]",
    'lr_config = dict(step=[9], warmup_iters=1000)': 'decide by hand: without a `policy` its curve is not known; write what it changes into `param_scheduler`',
    "lr_config = dict(policy='CosineAnnealing', min_lr=0)": "write param_scheduler = [dict(type='CosineAnnealingLR', eta_min=0, by_epoch=True, begin=0)]",
    "lr_config = dict(policy='CosineAnnealing', min_lr_ratio=1e-2)": "write param_scheduler = [dict(type='CosineAnnealingLR', eta_min_ratio=1e-2, by_epoch=True, begin=0)]",
    "lr_config = dict(policy='exp', gamma=0.98)": "write param_scheduler = [dict(type='ExponentialLR', gamma=0.98, by_epoch=True, begin=0)]",
    "lr_config = dict(policy='CosineRestart', periods=[5, 5], restart_weights=[1, 1], min_lr=1e-7)": "write param_scheduler = [dict(type='CosineRestartLR', periods=[5, 5], restart_weights=[1, 1], eta_min=1e-7, by_epoch=True, begin=0)]",
    "lr_config = dict(policy='OneCycle', max_lr=4e-4, total_steps=100100)": "write param_scheduler = [dict(type='OneCycleLR', eta_max=4e-4, total_steps=100100, by_epoch=False, begin=0)]",
    "lr_config = dict(policy='Linear', by_epoch=False, target_lr=0, start=135000, interval=1350)": 'decide by hand: write `start_factor` of `LinearLrInterval`: the learning rate of all optimizers',
    "lr_config = dict(policy='YOLOX', warmup='exp', warmup_iters=5, num_last_epochs=15, min_lr_ratio=0.05)": 'decide by hand: how long training lasts is not known; write `param_scheduler` by hand',
    "lr_config = dict(policy='cyclic', target_ratio=(10, 1e-4), cyclic_times=1)": 'decide by hand: how long training lasts is not known; write `param_scheduler` by hand',
    "lr_config = dict(policy='Fixed')": 'remove it',
    "lr_config = dict(policy='inv', gamma=0.1)": 'decide by hand: MMEngine has no scheduler for the policy `Inv`; write `param_scheduler` by hand',
    'lr_config = None': 'remove it',
    'lr_config = dict(step=[16, 22])': 'decide by hand: without a `policy` its curve is not known; write what it changes into `param_scheduler`',
    "lr_config = dict(policy='poly', warmup='constant', warmup_iters=10, warmup_ratio=0.5)": "write param_scheduler = [dict(type='ConstantLR', factor=0.5, by_epoch=False, begin=0, end=11), dict(type='PolyLR', by_epoch=True, begin=0)]",
    "lr_config = dict(policy='poly', warmup='linear', warmup_iters=5, warmup_by_epoch=True)": "write param_scheduler = [dict(type='LinearLR', start_factor=0.1, by_epoch=True, begin=0, end=5, convert_to_iter_based=True), dict(type='PolyLR', by_epoch=True, begin=0)]",
    "momentum_config = dict(policy='step', step=[3], gamma=0.5)": "write param_scheduler = [dict(type='MultiStepMomentum', milestones=[3], gamma=0.5, by_epoch=True, begin=0)]",
    "momentum_config = dict(policy='cyclic', target_ratio=(0.85 / 0.95, 1))": 'decide by hand: how long training lasts is not known; write `param_scheduler` by hand',
    'momentum_config = None': 'remove it',
    "runner = dict(type='EpochBasedRunner', max_epochs=12)": "write train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)",
    "runner = dict(type='IterBasedRunner', max_iters=80000)": "write train_cfg = dict(type='IterBasedTrainLoop', max_iters=80000)",
    "runner = dict(type='DynamicIterBasedRunner', is_dynamic_ddp=True)": 'write train_cfg = dict(by_epoch=False, val_begin=1)',
    'runner = dict(fp16_loss_scaler=dict(init_scale=512))': "write train_cfg = dict(type='IterBasedTrainLoop')",
    'total_epochs = 210': "write train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=210, val_interval=1)",
    'total_iters = 1000': "write train_cfg = dict(type='IterBasedTrainLoop', max_iters=1000)",
    "workflow = [('train', 1)]": 'remove it',
    "workflow = [('train', 1), ('val', 1)]": 'decide by hand: MMEngine computes no losses of the validation set; remove it, or write a loop that does',
    'checkpoint_config = dict(interval=5)': "write default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=5))",
    'checkpoint_config = None': 'write default_hooks = dict(checkpoint=None)',
    'checkpoint_config = dict(interval=1, create_symlink=False)': "write default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))",
    "log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook')])": "logger=dict(type='LoggerHook', interval=50)",
    "log_config = dict(interval=9, hooks=[dict(type='TextLoggerHook', by_epoch=False)])": 'interval=9, log_metric_by_epoch=False',
    "log_config = dict(interval=9, hooks=[dict(type='TensorboardLoggerHook')])": "dict(type='TensorboardVisBackend')",
    "log_config = dict(interval=9, hooks=[dict(type='MMDetWandbHook')])": "dict(type='WandbVisBackend')",
    "log_config = dict(interval=9, hooks=[dict(type='MlflowLoggerHook')])": "dict(type='MLflowVisBackend')",
    "log_config = dict(interval=9, hooks=[dict(type='PaviLoggerHook')])": 'decide by hand: MMEngine has no backend for `PaviLoggerHook`',
    "evaluation = dict(interval=2, metric='bbox')": 'decide by hand: write the metrics of this evaluation as `val_evaluator` and `test_evaluator`',
    "evaluation = dict(metric='mIoU', pre_eval=True)": 'decide by hand: write the metrics of this evaluation as `val_evaluator` and `test_evaluator`',
    "evaluation = dict(metric='accuracy', save_best='auto')": 'decide by hand: write the metrics of this evaluation as `val_evaluator` and `test_evaluator`',
    "evaluation = dict(metrics=['top_k_accuracy'], start=3)": 'decide by hand: write the metrics of this evaluation as `val_evaluator` and `test_evaluator`',
    "evaluation = dict(interval=1, metric='mAP', save_best='AP')": 'decide by hand: write the metrics of this evaluation as `val_evaluator` and `test_evaluator`',
    "evaluation = dict(type='GenerativeEvalHook', metrics=[dict(type='FID')], best_metric=['fid'])": 'decide by hand: 1.x has no metric `FID`',
    'evaluation = dict(interval=5, save_image=True)': 'decide by hand: write the metrics of this evaluation as `val_evaluator` and `test_evaluator`',
    "dist_params = dict(backend='nccl')": "write env_cfg = dict(dist_cfg=dict(backend='nccl'))",
    'cudnn_benchmark = True': 'write env_cfg = dict(cudnn_benchmark=True)',
    'opencv_num_threads = 0': 'write env_cfg = dict(mp_cfg=dict(opencv_num_threads=0))',
    "mp_start_method = 'fork'": "write env_cfg = dict(mp_cfg=dict(mp_start_method='fork'))",
    'omp_num_threads = 4': 'set the environment variable `OMP_NUM_THREADS` instead',
    'seed = 42': 'write randomness = dict(seed=42)',
    'deterministic = True': 'write randomness = dict(deterministic=True)',
    'diff_seed = True': 'write randomness = dict(diff_rank_seed=True)',
    'gpu_ids = range(0, 8)': 'remove it',
    'resume_from = None': 'write resume = False',
    "resume_from = 'a.pth'": "write load_from = 'a.pth' resume = True",
    'auto_resume = True': 'write resume = True',
    "exp_name = 'a'": "write experiment_name = 'a'",
    "custom_hooks_config = [dict(type='EMAHook')]": "write custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage')]",
    'visual_config = None': 'remove it',
    "visual_config = dict(type='MMEditVisualizationHook', interval=100, res_name_list=['gt'])": "write custom_hooks = [dict(type='BasicVisualizationHook', interval=100, on_train=False, on_val=True, on_test=True)]",
    'use_ddp_wrapper = True': "write model_wrapper_cfg = dict(type='MMSeparateDistributedDataParallel', broadcast_buffers=False, find_unused_parameters=False)",
    'prefetch = True': 'write train_dataloader = dict(batch_size=2)',
    'persistent_workers = True': 'write train_dataloader = dict(batch_size=2)',
    "sampler = dict(type='RepeatAugSampler')": 'write `train_dataloader.sampler`',
    'metrics = dict(fid50k=dict(type="FID"))': 'write `test_evaluator`',
    'precise_bn = dict(num_iters=200)': 'write a `PreciseBNHook` of MMPretrain into `custom_hooks`',
    'module_hooks = []': 'do it in the data preprocessor of the model',
    'multigrid = dict()': 'nothing in MMEngine changes the size of batches while it trains',
    'omnisource = True': 'write `other_loaders` of a `MultiLoaderEpochBasedTrainLoop`',
    'ipu_model_cfg = dict()': 'remove it: MMEngine has no runner for IPUs',
    'use_adversarial_train = True': 'remove it: MMPose 1.x trains no mesh models',
    'USE_MMDET = True': 'remove it: only the scripts of mmtrack 0.x read it',
    'img_norm_cfg = dict(mean=[1, 2, 3], std=[1, 1, 1], to_rgb=True)': 'write `data_preprocessor` in `model`',
    'dataset_info = dict()': "write `metainfo=dict(from_file='…')` in each dataset",
    'data_cfg = dict(image_size=[192, 256])': 'write a `codec`, and give the rest to the datasets, the head and the metric',
    'channel_cfg = dict(num_output_channels=17)': 'give the number of keypoints to the head as `out_channels`',
    "eval_config = dict(metric='accuracy')": 'remove it: `val_evaluator` says what to measure, `train_cfg.val_interval` how often',
    'train_cfg = dict(rpn=dict())': 'write model = dict(train_cfg=dict(rpn=dict()))',
    "test_cfg = dict(metrics=['PSNR'], crop_border=4)": "say `metrics` and `crop_border` in `val_evaluator` and `test_evaluator`; write the rest as model = dict(test_cfg=dict(metrics=['PSNR'], crop_border=4))",
    'train_cfg = dict(disc_steps=8, gen_steps=1)': '`disc_steps` is called `discriminator_steps` now, `gen_steps` is called `generator_steps` now; write model = dict(train_cfg=dict(disc_steps=8, gen_steps=1))',
}  # fmt: skip


@pytest.mark.parametrize('text', ROWS)
def test_each_key_is_spelled_out(text: str, tmp_path: Path) -> None:
    key = text.partition(' ')[0]
    diagnostic = found(diagnose(tmp_path, BASE + text + '\n'), key)
    assert ROWS[text] in advised(diagnostic)
    assert diagnostic.consequence == 'ignores it' or key in ('train_cfg', 'test_cfg')
    assert diagnostic.span is not None and diagnostic.span.start == len(BASE)


DATA = {
    "data = dict(samples_per_gpu=2, workers_per_gpu=4, train=dict(type='CocoDataset', ann_file='a.json'))": "write train_dataloader = dict(batch_size=2, num_workers=4, sampler=dict(type='DefaultSampler', shuffle=True), batch_sampler=dict(type='AspectRatioBatchSampler'), dataset=dict(type='CocoDataset', ann_file='a.json', filter_cfg=dict(filter_empty_gt=True, min_size=32)))",
    'data = dict(samples_per_gpu=8)': 'write train_dataloader = dict(batch_size=8)',
    "data = dict(videos_per_gpu=8, val=dict(type='A'))": "write train_dataloader = dict(batch_size=8) val_dataloader = dict(batch_size=1, drop_last=False, sampler=dict(type='DefaultSampler', shuffle=False), dataset=dict(type='A', test_mode=True))",
    'data = dict(test_dataloader=dict(samples_per_gpu=1))': 'remove it',
    "data = dict(train=[dict(type='A'), dict(type='B')])": "write train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=True), dataset=dict(type='ConcatDataset', datasets=[dict(type='A'), dict(type='B')]))",
    'data = dict(val_dataloader=dict(shuffle=False))': 'remove it',
    'data = None': 'decide by hand: write the dataloaders by hand',
}  # fmt: skip


@pytest.mark.parametrize('text', DATA)
def test_data(text: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, "lr_config = dict(policy='step', step=[8])\n" + text + '\n')
    assert DATA[text] in advised(found(diagnostics, 'data'))


ONCE = (
    'data = dict(samples_per_gpu=2, workers_per_gpu=4, val_dataloader=dict(samples_per_gpu=1))',
    'evaluation = dict(interval=5, gpu_collect=True, pre_eval=True, rule="less")',
    "optimizer = dict(type='SGD', lr=0.1, paramwise_cfg=dict(bias_lr_mult=2.))",
    "train_pipeline = [dict(type='Normalize', mean=[0], std=[1]), dict(type='Collect', keys=['img'])]\nfp16 = dict()",
)


@pytest.mark.parametrize('text', ONCE)
def test_one_diagnostic_a_key(text: str, tmp_path: Path) -> None:
    keys = [key for _, key in serious(diagnose(tmp_path, text + '\n'))]
    assert sorted(keys) == sorted({line.partition(' ')[0] for line in text.splitlines()})


WHOLE = """\
data = dict(
    samples_per_gpu=2,
    train=dict(type='CocoDataset', ann_file='a.json', img_prefix='a/', pipeline=[dict(type='Collect', keys=['img'])]),
    val=dict(type='CocoDataset', ann_file='b.json', img_prefix='b/', pipeline=[]))
evaluation = dict(interval=2, metric='bbox')
model = dict(type='RPN')
"""


def test_the_replacement_is_complete(tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, WHOLE)
    data, evaluation = (found(diagnostics, key).advice for key in ('data', 'evaluation'))
    assert data is not None and evaluation is not None
    said: dict[str, object] = {}
    exec(f'{data.code}\n{evaluation.code}', said)
    assert said['train_dataloader']['sampler'] == {'type': 'DefaultSampler', 'shuffle': True}  # type: ignore[index]
    assert said['train_dataloader']['dataset']['data_prefix'] == {'img': 'a/'}  # type: ignore[index]
    assert said['val_dataloader']['dataset']['test_mode'] is True  # type: ignore[index]
    assert said['val_evaluator']['ann_file'] == 'b.json'  # type: ignore[index]
    assert said['val_cfg'] and said['default_scope'] == 'mmdet'


PARTS = {
    "train_pipeline = [dict(type='Collect', keys=['img'])]": ('removed-transform', "train_pipeline = [dict(type='PackDetInputs')]"),
    "model = dict(type='RPN', pretrained='a.pth', backbone=dict(type='ResNet'))": (
        'removed-model-part', "backbone=dict(type='ResNet', init_cfg=dict(type='Pretrained', checkpoint='a.pth'))"
    ),
    "custom_hooks = [dict(type='ExpMomentumEMAHook', total_iter=20000)]": ('removed-hook', "type='EMAHook', ema_type='ExpMomentumEMA'"),
    "extra = dict(type='CocoDataset', img_prefix='a/', pipeline=[])": ('removed-dataset', "data_prefix=dict(img='a/')"),
}  # fmt: skip


@pytest.mark.parametrize('text', PARTS)
def test_each_variable_with_parts_of_0x(text: str, tmp_path: Path) -> None:
    rule, code = PARTS[text]
    diagnostic = found(
        diagnose(tmp_path, f"data = dict(val=dict(type='CocoDataset'))\n{text}\n"), text.partition(' ')[0]
    )
    assert diagnostic.rule == rule and 'has parts of 0.x: `' in diagnostic.message
    assert code in advised(diagnostic)


MODERN = "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"


def test_dead_key_in_a_modern_config(tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, MODERN + "fp16 = dict(loss_scale='dynamic')\n")
    assert serious(diagnostics) == [('removed-fp16', 'fp16')]
    assert 'training stays fp32' in diagnostics[0].message and diagnostics[0].severity is Severity.ERROR


def test_fields_of_a_dead_section_are_not_reported_again(tmp_path: Path) -> None:
    text = MODERN + "data = dict(samples_per_gpu=4, train=dict(type='CocoDataset', img_prefix='a'))\n"
    assert serious(diagnose(tmp_path, text)) == [('removed-data', 'data')]


HELPERS = (
    "optimizer = dict(type='SGD', lr=0.1)\noptim_wrapper = dict(optimizer=optimizer)\n",
    'total_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=total_epochs)\n',
    MODERN + "data = dict(type='A')\ntest_dataloader = dict(dataset=data)\n",
    MODERN + 'seed = 3\nrandomness = dict(seed=seed)\n',
)  # fmt: skip


@pytest.mark.parametrize('text', HELPERS)
def test_a_helper_variable_is_no_key(text: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, text) == []


@pytest.mark.parametrize('read', ['_base_.optimizer', "_base_['optimizer']", '{{_base_.optimizer}}'])
def test_a_helper_variable_of_a_base(read: str, tmp_path: Path) -> None:
    base = "optimizer = dict(type='SGD', lr=0.1)\ntrain_cfg = dict(by_epoch=True, max_epochs=3)\n"
    child = f"_base_ = './_base_/b.py'\noptim_wrapper = dict(optimizer={read})\n"
    files = {'_base_/b.py': base, 'config.py': child}
    assert repo.diagnose(tmp_path, files, 'config.py', rules=family('deprecated')) == []


def test_a_key_of_a_legacy_config_is_a_key_though_it_is_read(tmp_path: Path) -> None:
    text = (
        "optimizer = dict(type='SGD', lr=0.1)\nlr_config = dict(policy='step', step=[3], min_lr=optimizer['lr'] / 10)\n"
    )
    assert 'optimizer' in [key for _, key in serious(diagnose(tmp_path, text))]


def test_model_settings(tmp_path: Path) -> None:
    assert serious(diagnose(tmp_path, MODERN + 'test_cfg = dict(score_thr=0.05)\n')) == [
        ('model-settings-at-top-level', 'test_cfg'),
    ]
    for text in (
        'test_cfg = dict()',
        "test_cfg = dict(type='MyLoop', score_thr=1)",
        'test_cfg = dict(fp16=True)',
        'test_cfg = None',
    ):
        assert diagnose(tmp_path, MODERN + text + '\n') == []


def test_partial_override_and_base_are_two_places(tmp_path: Path) -> None:
    files = {
        'base.py': "optimizer = dict(type='SGD', lr=0.1, weight_decay=0.0001)\noptimizer_config = dict(grad_clip=None)\n",
        **{f'child{index}.py': "_base_ = './base.py'\noptimizer = dict(lr=0.02)\n" for index in range(3)},
    }
    diagnostics = [each for each in diagnose(tmp_path, files) if each.key == 'optimizer']
    assert len(diagnostics) == 4
    assert advised(diagnostics[1]) == 'write optim_wrapper = dict(optimizer=dict(lr=0.02))'
    assert "dict(type='SGD', lr=0.1, weight_decay=0.0001)" in advised(diagnostics[0])
    assert len(diagnostics[0].affects) == 3


def test_override_of_clipping_that_deletes(tmp_path: Path) -> None:
    files = {
        'base.py': "optimizer = dict(type='SGD')\noptimizer_config = dict(grad_clip=None)\n",
        'config.py': "_base_ = './base.py'\noptimizer_config = dict(_delete_=True, grad_clip=dict(max_norm=35))\n",
    }
    diagnostic = found(
        [each for each in diagnose(tmp_path, files) if each.path.endswith('config.py')], 'optimizer_config'
    )
    assert 'optim_wrapper = dict(clip_grad=dict(max_norm=35))' in advised(diagnostic)


def test_one_pointer_for_a_tree(tmp_path: Path) -> None:
    runtime = "log_config = dict(interval=50)\ndist_params = dict(backend='nccl')\n"
    files = {'_base_/runtime.py': runtime}
    files.update({f'{name}.py': "_base_ = './_base_/runtime.py'\ndata = dict(samples_per_gpu=2)\n" for name in 'abc'})
    pointers = [each for each in diagnose(tmp_path, files) if each.rule == 'legacy-config']
    assert [Path(each.path).name for each in pointers] == ['runtime.py']
    assert 'cfglint migrate' in str(pointers[0].advice) and pointers[0].severity is Severity.INFO


ODD = (
    'None',
    '[]',
    '()',
    '{}',
    '3',
    "'text'",
    '[1, (2,)]',
    "open('x').read()",
    'dict(type=None)',
    "dict(type=['a'])",
    'dict(a=[dict(b=())])',
)


@pytest.mark.parametrize('value', ODD)
def test_odd_values_do_no_harm(value: str, tmp_path: Path) -> None:
    names = sorted({text.partition(' ')[0] for text in (*ROWS, *DATA)} - {'custom_hooks'})
    nested = (
        'data = dict(train={0}, val=[{0}], train_dataloader={0}, samples_per_gpu={0})',
        'model = dict(pretrained={0}, a={0})',
    )
    for index, text in enumerate((*[f'{name} = {{0}}' for name in names], *nested)):
        folder = tmp_path / str(index)
        for extra in ('', "default_scope = 'mmdet'\n"):
            for diagnostic in diagnose(
                folder,
                'lr_config = dict(policy="step")\n' * ('lr_config' not in text) + extra + text.format(value) + '\n',
            ):
                assert diagnostic.message


@pytest.mark.parametrize('suffix', ['.yaml', '.json'])
def test_other_formats(suffix: str, tmp_path: Path) -> None:
    text = (
        'optimizer:\n  type: SGD\n  lr: 0.02\n' if suffix == '.yaml' else '{"optimizer": {"type": "SGD", "lr": 0.02}}'
    )
    diagnostics = diagnose(tmp_path, {f'config{suffix}': text})
    code = advised(diagnostics[0]).replace('"', "'")
    assert "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02))" in code
    assert diagnostics[0].fix is None


def test_an_evaluator_that_is_there_stays(tmp_path: Path) -> None:
    text = "val_evaluator = dict(type='LVISMetric')\nevaluation = dict(interval=2, metric=['bbox', 'segm'])\n"
    said_of = found(diagnose(tmp_path, text), 'evaluation')
    assert advised(said_of).startswith('remove it: `val_evaluator` says what to measure')


def test_a_length_that_the_runner_reads_is_not_removed_before_it(tmp_path: Path) -> None:
    text = "total_epochs = 24\nrunner = dict(type='EpochBasedRunner', max_epochs=total_epochs)\n"
    [said_of] = repo.diagnose(tmp_path, text, rules=['removed-total-epochs'])
    assert 'max_epochs=total_epochs' in advised(said_of) and said_of.fix is None


def test_what_a_missing_base_would_add_is_left_out_of_the_advice(tmp_path: Path) -> None:
    text = "_base_ = 'absent.py'\nlr_config = dict(policy='step', step=[9])\nrunner = dict(max_epochs=12)\n"
    (told,) = (each for each in repo.diagnose(tmp_path, text) if each.rule == 'removed-lr-config')
    assert told.advice is not None and 'milestones=[9]' in (told.advice.code or '')


def test_what_is_added_to_sections_that_are_there_is_what_the_key_says(tmp_path: Path) -> None:
    hooks = "default_hooks = dict(timer=dict(type='IterTimerHook'), logger=dict(type='LoggerHook', interval=50))\n"
    backend = "hooks=[dict(type='TextLoggerHook'), dict(type='TensorboardLoggerHook')]"
    text = (
        f"default_scope = 'mmdet'\nmodel = dict(type='RetinaNet')\n{hooks}vis_backends = [dict(type='LocalVisBackend')]\n"
        "visualizer = dict(type='DetLocalVisualizer', vis_backends=vis_backends)\n"
        f'checkpoint_config = dict(interval=7)\nlog_config = dict({backend})\n'
    )
    said = {each.key: each.advice for each in diagnose(tmp_path, text)}
    assert said['checkpoint_config'] is not None and said['log_config'] is not None
    assert said['checkpoint_config'].code == "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=7))"
    assert 'DetLocalVisualizer' in str(said['log_config'].code) and 'IterTimerHook' not in str(said['log_config'].code)


@pytest.mark.parametrize(('old', 'new'), [
    ('data = dict(samples_per_gpu=1)', 'train_dataloader = dict(batch_size=12, num_workers=4)'),
    ("lr_config = dict(policy='poly')", "param_scheduler = [dict(type='PolyLR', power=0.9, by_epoch=False)]"),
    ("runner = dict(type='IterBasedRunner', max_iters=9)", "train_cfg = dict(type='IterBasedTrainLoop', max_iters=7)"),
])  # fmt: skip
def test_what_the_same_file_says_as_1x_does_is_not_to_be_written_again(old: str, new: str, tmp_path: Path) -> None:
    key, scope = old.partition(' ')[0], "default_scope = 'mmseg'\n"
    assert advised(found(diagnose(tmp_path, f'{scope}{old}\n{new}\n'), key)).strip() == 'remove it'
    files = {'base.py': f'{scope}{new}\n', 'config.py': f"_base_ = 'base.py'\n{old}\n"}
    assert advised(found(diagnose(tmp_path, files), key)).startswith('add to')
