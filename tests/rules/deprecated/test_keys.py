"""Each top-level key of 0.x: what replaces it, with the user's own values."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.diagnostics import Severity
from cfglint.engine import check
from cfglint.rules import all_rules
from tests.rules.deprecated.kit import diagnose, found, serious

BASE = 'data = dict(samples_per_gpu=2)\n'
"""Makes any other key one of a 0.x config."""

ROWS = {
    "optimizer = dict(type='SGD', lr=0.02)": "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02))",
    "optimizer = dict(type='AdamW', lr=1e-4, paramwise_cfg=dict(norm_decay_mult=0.0))": (
        "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=0.0001), "
        'paramwise_cfg=dict(norm_decay_mult=0.0))'
    ),
    "optimizer = dict(type='SGD', lr=0.1, constructor='DefaultOptimizerConstructor')": (
        "constructor='DefaultOptimWrapperConstructor'"
    ),
    "optimizer = dict(type='SGD', lr=0.1, constructor='TSMOptimizerConstructor', paramwise_cfg=dict(fc_lr5=True))": (
        "constructor='TSMOptimWrapperConstructor', paramwise_cfg=dict(fc_lr5=True)"
    ),
    "optimizer = dict(type='AdamW', lr=1e-3, layer_decay=0.65, constructor='TransformerFinetuneConstructor')": (
        "constructor='LearningRateDecayOptimWrapperConstructor', paramwise_cfg=dict(layer_decay_rate=0.65)"
    ),
    "optimizer = dict(type='LARS', lr=0.3, paramwise_options={'bias': dict(weight_decay=0.)})": 'regular expressions',
    'optimizer = None': 'optim_wrapper = None',
    "optimizer = dict(generator=dict(type='Adam', lr=0.0001), discriminator=dict(type='Adam', lr=0.0004))": (
        "optim_wrapper = dict(constructor='MultiOptimWrapperConstructor', generator=dict(optimizer=dict(type='Adam', "
        "lr=0.0001)), discriminator=dict(optimizer=dict(type='Adam', lr=0.0004)))"
    ),
    "optimizers = dict(generator=dict(type='Adam', lr=1e-4))": (
        "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=0.0001))"
    ),
    "optimizers = dict(type='Adam', lr=1e-4)": "optimizer=dict(type='Adam', lr=0.0001)",
    'optimizer_config = dict(grad_clip=dict(max_norm=35, norm_type=2))': (
        'optim_wrapper = dict(clip_grad=dict(max_norm=35, norm_type=2))'
    ),
    'optimizer_config = dict(grad_clip=None)': 'remove it',
    'optimizer_config = None': 'remove it',
    "optimizer_config = dict(type='GradientCumulativeOptimizerHook', cumulative_iters=4)": 'accumulative_counts=4',
    "optimizer_config = dict(type='GradientCumulativeFp16OptimizerHook', cumulative_iters=4, loss_scale=512.)": (
        "optim_wrapper = dict(type='AmpOptimWrapper', loss_scale=512.0, accumulative_counts=4)"
    ),
    "optimizer_config = dict(type='Fp16OptimizerHook', loss_scale='dynamic')": (
        "optim_wrapper = dict(type='AmpOptimWrapper', loss_scale='dynamic')"
    ),
    'optimizer_config = dict(update_interval=8)': 'accumulative_counts=8',
    'optimizer_config = dict(detect_anomalous_params=True)': "model_wrapper_cfg = dict(type='MMDistributedDataParallel'",
    "fp16 = dict(loss_scale='dynamic')": "optim_wrapper = dict(type='AmpOptimWrapper', loss_scale='dynamic')",
    'fp16 = dict(loss_scale=512)': 'loss_scale=512.0',
    'fp16 = dict()': 'loss_scale=512.0',
    'fp16 = None': 'remove it',
    'apex_amp = dict(mode="gan")': 'ApexOptimWrapper',
    "lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[8, 11])": (
        "param_scheduler = [dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500), "
        "dict(type='MultiStepLR', by_epoch=True, milestones=[8, 11])]"
    ),
    "lr_config = dict(policy='step', step=30)": "dict(type='StepLR', by_epoch=True, step_size=30)",
    "lr_config = dict(policy='poly', power=0.9, min_lr=1e-4, by_epoch=False)": (
        "dict(type='PolyLR', by_epoch=False, power=0.9, eta_min=0.0001)"
    ),
    'lr_config = dict(step=[9], warmup_iters=1000)': 'with `milestones=[9]`, `end=1000` in its warm-up',
    "lr_config = dict(policy='CosineAnnealing', min_lr=0)": "dict(type='CosineAnnealingLR', by_epoch=True, eta_min=0)",
    "lr_config = dict(policy='CosineAnnealing', min_lr_ratio=1e-2)": 'eta_min_ratio=0.01',
    "lr_config = dict(policy='exp', gamma=0.98)": "dict(type='ExponentialLR', by_epoch=True, gamma=0.98)",
    "lr_config = dict(policy='CosineRestart', periods=[5, 5], restart_weights=[1, 1], min_lr=1e-7)": (
        "dict(type='CosineRestartLR', by_epoch=True, periods=[5, 5], restart_weights=[1, 1], eta_min=1e-07)"
    ),
    "lr_config = dict(policy='OneCycle', max_lr=4e-4, total_steps=100100)": 'eta_max=0.0004, total_steps=100100',
    "lr_config = dict(policy='Linear', by_epoch=False, target_lr=0, start=135000, interval=1350)": (
        "dict(type='LinearLrInterval', by_epoch=False, interval=1350, end_factor=0, begin=135000, start_factor=…)"
    ),
    "lr_config = dict(policy='YOLOX', warmup='exp', warmup_iters=5, num_last_epochs=15, min_lr_ratio=0.05)": (
        "dict(type='QuadraticWarmupLR', begin=0, end=5, by_epoch=True, convert_to_iter_based=True)"
    ),
    "lr_config = dict(policy='cyclic', target_ratio=(10, 1e-4), cyclic_times=1)": 'CosineAnnealingLR',
    "lr_config = dict(policy='Fixed')": 'remove it',
    "lr_config = dict(policy='inv', gamma=0.1)": 'nothing in MMEngine does',
    'lr_config = None': 'remove it',
    'lr_config = dict(step=[16, 22])': 'with `milestones=[16, 22]`: lists of a base are replaced, not merged',
    "lr_config = dict(policy='poly', warmup='constant', warmup_iters=10, warmup_ratio=0.5)": (
        "dict(type='ConstantLR', factor=0.5, by_epoch=False, begin=0, end=10)"
    ),
    "lr_config = dict(policy='poly', warmup='linear', warmup_iters=5, warmup_by_epoch=True)": (
        "dict(type='LinearLR', start_factor=0.1, by_epoch=True, begin=0, end=5, convert_to_iter_based=True)"
    ),
    "momentum_config = dict(policy='step', step=[3], gamma=0.5)": 'MultiStepMomentum',
    "momentum_config = dict(policy='cyclic', target_ratio=(0.85 / 0.95, 1))": 'eta_min_ratio',
    'momentum_config = None': 'remove it',
    "runner = dict(type='EpochBasedRunner', max_epochs=12)": "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
    "runner = dict(type='IterBasedRunner', max_iters=80000)": "train_cfg = dict(type='IterBasedTrainLoop', max_iters=80000)",
    "runner = dict(type='DynamicIterBasedRunner', is_dynamic_ddp=True)": 'MMSeparateDistributedDataParallel',
    'runner = dict(fp16_loss_scaler=dict(init_scale=512))': 'loss_scale=dict(init_scale=512)',
    'total_epochs = 210': "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=210)",
    'total_iters = 1000': "train_cfg = dict(type='IterBasedTrainLoop', max_iters=1000)",
    "workflow = [('train', 1)]": 'remove it',
    "workflow = [('train', 1), ('val', 1)]": 'a loss on the validation set is not computed',
    'checkpoint_config = dict(interval=5)': "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=5))",
    'checkpoint_config = None': 'default_hooks = dict(checkpoint=None)',
    'checkpoint_config = dict(interval=1, create_symlink=False)': 'without `create_symlink`',
    "log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook')])": (
        "default_hooks = dict(logger=dict(type='LoggerHook', interval=50))"
    ),
    "log_config = dict(interval=9, hooks=[dict(type='TextLoggerHook', by_epoch=False)])": 'log_processor = dict(by_epoch=False)',
    "log_config = dict(interval=9, hooks=[dict(type='TensorboardLoggerHook')])": "dict(type='TensorboardVisBackend')",
    "log_config = dict(interval=9, hooks=[dict(type='MMDetWandbHook')])": "dict(type='WandbVisBackend')",
    "log_config = dict(interval=9, hooks=[dict(type='MlflowLoggerHook')])": "dict(type='MLflowVisBackend')",
    "log_config = dict(interval=9, hooks=[dict(type='PaviLoggerHook')])": 'nothing for `PaviLoggerHook`',
    "evaluation = dict(interval=2, metric='bbox')": (
        "write `train_cfg.val_interval=2`, `val_evaluator = dict(type='CocoMetric', metric='bbox')`"
    ),
    "evaluation = dict(metric='mIoU', pre_eval=True)": "val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])",
    "evaluation = dict(metric='accuracy', save_best='auto')": "dict(type='Accuracy')`, `default_hooks.checkpoint.save_best='auto'",
    "evaluation = dict(metrics=['top_k_accuracy'], start=3)": "metric_list=['top_k_accuracy']",
    "evaluation = dict(interval=1, metric='mAP', save_best='AP')": 'with its prefix',
    "evaluation = dict(type='GenerativeEvalHook', metrics=[dict(type='FID')], best_metric=['fid'])": 'GenEvaluator',
    'evaluation = dict(interval=5, save_image=True)': 'BasicVisualizationHook',
    "dist_params = dict(backend='nccl')": "env_cfg = dict(dist_cfg=dict(backend='nccl'))",
    'cudnn_benchmark = True': 'env_cfg = dict(cudnn_benchmark=True)',
    'opencv_num_threads = 0': 'env_cfg = dict(mp_cfg=dict(opencv_num_threads=0))',
    "mp_start_method = 'fork'": "env_cfg = dict(mp_cfg=dict(mp_start_method='fork'))",
    'omp_num_threads = 1': 'OMP_NUM_THREADS=1',
    'seed = 42': 'randomness = dict(seed=42)',
    'deterministic = True': 'randomness = dict(seed=…, deterministic=True)',
    'diff_seed = True': 'diff_rank_seed=True',
    'gpu_ids = range(0, 8)': 'remove it',
    'resume_from = None': 'remove it',
    "resume_from = 'a.pth'": "load_from = 'a.pth'` and `resume = True",
    'auto_resume = True': 'resume = True',
    "exp_name = 'a'": 'experiment_name',
    "custom_hooks_config = [dict(type='EMAHook')]": 'custom_hooks = [',
    'visual_config = None': 'remove it',
    "visual_config = dict(type='MMEditVisualizationHook', interval=100, res_name_list=['gt'])": "img_keys=['gt']",
    'use_ddp_wrapper = True': 'MMSeparateDistributedDataParallel',
    'prefetch = True': 'remove it',
    'persistent_workers = True': 'train_dataloader',
    "sampler = dict(type='RepeatAugSampler')": 'train_dataloader.sampler',
    'metrics = dict(fid50k=dict(type="FID"))': 'test_evaluator',
    'precise_bn = dict(num_iters=200)': 'PreciseBNHook',
    'module_hooks = []': 'data preprocessor',
    'multigrid = dict()': 'remove it',
    'omnisource = True': 'MultiLoaderEpochBasedTrainLoop',
    'ipu_model_cfg = dict()': 'remove it',
    'use_adversarial_train = True': 'remove it',
    'USE_MMDET = True': 'remove it',
    'img_norm_cfg = dict(mean=[1, 2, 3], std=[1, 1, 1], to_rgb=True)': 'bgr_to_rgb=True',
    'dataset_info = dict()': 'metainfo',
    'data_cfg = dict(image_size=[192, 256])': 'codec',
    'channel_cfg = dict(num_output_channels=17)': 'out_channels',
    "eval_config = dict(metric='accuracy')": 'val_evaluator',
    'train_cfg = dict(rpn=dict())': 'model = dict(train_cfg=dict(rpn=dict()))',
    "test_cfg = dict(metrics=['PSNR'], crop_border=4)": 'say `metrics` and `crop_border` in `val_evaluator`',
    'train_cfg = dict(disc_steps=8, gen_steps=1)': '`disc_steps` is called `discriminator_steps` now',
}  # fmt: skip


@pytest.mark.parametrize('text', ROWS)
def test_each_key_is_spelled_out(text: str, tmp_path: Path) -> None:
    key = text.partition(' ')[0]
    diagnostic = found(diagnose(tmp_path, BASE + text + '\n'), key)
    assert ROWS[text] in diagnostic.message
    assert diagnostic.span is not None and diagnostic.span.start == len(BASE)


DATA = {
    "data = dict(samples_per_gpu=2, workers_per_gpu=4, train=dict(type='CocoDataset', ann_file='a.json'))": (
        "train_dataloader = dict(batch_size=2, num_workers=4, dataset=dict(type='CocoDataset', …))"
    ),
    'data = dict(samples_per_gpu=8)': 'write `train_dataloader = dict(batch_size=8)`',
    "data = dict(videos_per_gpu=8, val=dict(type='A'))": '`val_dataloader = dict(batch_size=8, dataset=dict(…))`',
    'data = dict(test_dataloader=dict(samples_per_gpu=1))': '`test_dataloader = dict(batch_size=1)`',
    "data = dict(train=[dict(type='A'), dict(type='B')])": "dict(type='ConcatDataset', datasets=[…])",
    'data = dict(val_dataloader=dict(shuffle=False))': "sampler=dict(type='DefaultSampler', shuffle=False)",
    'data = None': 'write these',
}


@pytest.mark.parametrize('text', DATA)
def test_data(text: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, "lr_config = dict(policy='step', step=[8])\n" + text + '\n')
    assert DATA[text] in found(diagnostics, 'data').message


FIELDS = {
    'data = dict(samples_per_gpu=2, workers_per_gpu=4)': {
        'data.samples_per_gpu': '`train_dataloader.batch_size=2`', 'data.workers_per_gpu': '`num_workers=4`',
    },
    'data = dict(val_dataloader=dict(samples_per_gpu=1), persistent_workers=True)': {
        'data.val_dataloader': 'top level', 'data.val_dataloader.samples_per_gpu': '`batch_size=1` in `val_dataloader`',
        'data.persistent_workers': 'persistent_workers=True',
    },
    'evaluation = dict(interval=5, gpu_collect=True, pre_eval=True, rule="less")': {
        'evaluation.interval': '`train_cfg.val_interval=5`', 'evaluation.gpu_collect': 'collect_device',
        'evaluation.pre_eval': 'remove it', 'evaluation.rule': '`default_hooks.checkpoint.rule=',
    },
    'optimizer_config = dict(grad_clip=dict(max_norm=1), coalesce=True)': {
        'optimizer_config.grad_clip': 'clip_grad=dict(max_norm=1)', 'optimizer_config.coalesce': 'remove it',
    },
    'checkpoint_config = dict(interval=1, sync_buffer=True)': {'checkpoint_config.sync_buffer': 'SyncBuffersHook'},
    "runner = dict(type='DynamicIterBasedRunner', pass_training_status=True)": {'runner.pass_training_status': 'remove it'},
    "optimizer = dict(type='SGD', paramwise_cfg=dict(bias_lr_mult=2.))": {'optimizer.paramwise_cfg': 'optim_wrapper'},
    "lr_config = dict(policy='cyclic', target_ratio=(10, 1e-4))": {'lr_config.target_ratio': 'two entries'},
}  # fmt: skip


@pytest.mark.parametrize('text', FIELDS)
def test_fields_are_reported_where_they_are_written(text: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, text + '\n')
    for key, expected in FIELDS[text].items():
        diagnostic = found(diagnostics, key)
        assert expected in diagnostic.message
        assert diagnostic.span is not None
        assert text[diagnostic.span.start : diagnostic.span.end] == key.rpartition('.')[2]


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
    from cfglint.engine import check
    from tests.rules.deprecated.kit import RULES, write

    paths = write(tmp_path, {'_base_/b.py': base, 'config.py': child})
    assert check(paths[1:], RULES).diagnostics == []


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
    assert 'write `optim_wrapper = dict(optimizer=dict(lr=0.02))`' in diagnostics[1].message
    assert "dict(type='SGD', lr=0.1, weight_decay=0.0001)" in diagnostics[0].message
    assert len(diagnostics[0].affects) == 3


def test_override_of_clipping_that_deletes(tmp_path: Path) -> None:
    files = {
        'base.py': "optimizer = dict(type='SGD')\noptimizer_config = dict(grad_clip=None)\n",
        'config.py': "_base_ = './base.py'\noptimizer_config = dict(_delete_=True, grad_clip=dict(max_norm=35))\n",
    }
    diagnostic = found(
        [each for each in diagnose(tmp_path, files) if each.path.endswith('config.py')], 'optimizer_config'
    )
    assert 'optim_wrapper = dict(clip_grad=dict(_delete_=True, max_norm=35))' in diagnostic.message


def test_one_pointer_for_a_tree(tmp_path: Path) -> None:
    runtime = "log_config = dict(interval=50)\ndist_params = dict(backend='nccl')\n"
    files = {'_base_/runtime.py': runtime}
    files.update({f'{name}.py': "_base_ = './_base_/runtime.py'\ndata = dict(samples_per_gpu=2)\n" for name in 'abc'})
    pointers = [each for each in diagnose(tmp_path, files) if each.rule == 'legacy-config']
    assert [Path(each.path).name for each in pointers] == ['runtime.py']
    assert 'cfglint migrate' in pointers[0].message and pointers[0].severity is Severity.INFO


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
    assert "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02))" in diagnostics[0].message
    assert diagnostics[0].fix is None


def test_an_evaluator_that_is_there_stays(tmp_path: Path) -> None:
    text = "val_evaluator = dict(type='LVISMetric')\nevaluation = dict({})\n"
    path = tmp_path / 'config.py'
    said = {
        "metric=['bbox', 'segm']": 'remove it: `val_evaluator` says what to measure',
        "interval=2, metric='bbox'": 'write `train_cfg.val_interval=2`',
    }
    for fields, words in said.items():
        path.write_text(text.format(fields))
        [said_of] = check([str(path)], [all_rules()['removed-evaluation']]).diagnostics
        assert words in said_of.message and 'CocoMetric' not in said_of.message


def test_a_length_that_the_runner_reads_is_not_removed_before_it(tmp_path: Path) -> None:
    path = tmp_path / 'config.py'
    path.write_text("total_epochs = 24\nrunner = dict(type='EpochBasedRunner', max_epochs=total_epochs)\n")
    [said_of] = check([str(path)], [all_rules()['removed-total-epochs']]).diagnostics
    assert 'keep it for `train_cfg = dict(max_epochs=total_epochs)`' in said_of.message and said_of.fix is None
