"""Configs for programs of the user's own, and odd ones that are for MMEngine or 0.x all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.engine import check
from cfglint.era import era_of
from cfglint.language.loader import Loader
from cfglint.rules import all_rules
from tests.kit.repo import write

OWN = {
    'solver and workflow': (
        "model = dict(type='ActionFormer')\nsolver = dict(train=dict(batch_size=2), ema=True)\n"
        "optimizer = dict(type='AdamW', lr=1e-4, paramwise=True)\nscheduler = dict(type='Cosine', max_epoch=35)\n"
        "evaluation = dict(type='mAP', subset='validation')\nworkflow = dict(logging_interval=200, end_epoch=15)\n"
    ),
    'a dict for workflow': "optimizer = dict(type='Adam')\nworkflow = dict(end_epoch=1)\n",
    'a metric for evaluation': "dataset = dict(train=dict(type='A'))\nevaluation = dict(type='mAP', subset='val')\n",
    'a name for runner': "runner = 'default'\nmodel = dict(type='A')\noptimizer = dict(name='adam', lr=1e-3)\n",
    'a runner of its own': "runner = dict(type='DistillTask', hours=3)\noptimizer = dict(type='Adam')\nscheduler = dict(type='A')\n",
    'a trainer': "trainer = dict(type='T', max_epochs=10)\nmodel = dict(type='A')\noptimizer = dict(type='Adam', lr=1e-3)\n",
    'sections by phase': "model = dict(type='A')\ntrain = dict(epochs=3)\ntest = dict(batch_size=2)\n",
    'data without loaders': (
        "epoch = 800\nmodel = dict(type='A')\noptimizer = dict(type='SGD', lr=0.05)\nscheduler = dict(type='OneCycleLR')\n"
        "data = dict(num_classes=20, train=dict(type='D', split='train'), val=dict(type='D', split='val'))\n"
    ),
    'runtime of such a trainer': (
        "seed = None\nsync_bn = False\nbatch_size = 16\nepoch = 100\nhooks = [dict(type='CheckpointLoader')]\n"
        "train = dict(type='DefaultTrainer')\ntest = dict(type='SemSegTester')\n"
    ),
    'loaders of its own': (
        "model = dict(type='A')\noptimizer = dict(type='Lion')\nlr_scheduler = dict(type='Cosine')\n"
        "train_dataloader = dict(type='L', batch=3)\nepochs = 10\n"
    ),
    'networks': (
        "network_g = dict(type='RRDBNet')\ndatasets = dict(train=dict(type='D'))\nlogger = dict(print_freq=1)\n"
        "train = dict(optim_g=dict(type='Adam'))\n"
    ),
    'numbers instead of a schedule': (
        "model = dict(type='A')\noptimizer = dict(optimizer=dict(type='AdamW'))\nmax_epochs = 24\nbatch_size = 2\n"
    ),
    'loaders and params': (
        "model = dict(type='A')\noptimizer = dict(type='AdamW')\ndataset_params = dict(version='v1')\n"
        "train_data_loader = dict(batch_size=1)\n"
    ),
    'data that is one dataset': (
        "data = dict(type='InternalData', root='x')\nmodel = 'PixArt_XL_2'\noptimizer = dict(type='CAME', lr=1e-5)\n"
        "lr_schedule = 'constant'\n"
    ),
    'a diffusion model': (
        "seed = 42\ndataset = dict(type='VideoText')\nvae = dict(type='V')\nscheduler = dict(type='iddpm')\n"
        "model = dict(type='STDiT')\nepochs = 3\n"
    ),
    'schedulers that are handed on': (
        "optimizer = dict(type='AdamW', lr=1e-3)\nparam_scheduler = [dict(type='CosineAnnealingLR', T_max=10)]\n"
        "model = dict(type='M')\nmodel_cfg = dict(whole=model, hyper=dict(optimizer=optimizer, schedule=param_scheduler))\n"
        "callbacks = [dict(type='ModelCheckpoint')]\ntrainer_cfg = dict(accelerator='auto', devices=8)\n"
    ),
    'a suite': (
        "models = [dict(type='HF', abbr='a', path='a')]\ndatasets = [dict(type='D', abbr='d', path='d')]\n"
        "infer = dict(partitioner=dict(type='P'), runner=dict(type='R'))\neval = dict(partitioner=dict(type='P'))\n"
    ),
    'models of a suite': "models = [dict(type='API', path='a', batch_size=1)]\n",
    'a suite that is put together elsewhere': 'datasets = []\nsummarizer = dict(a=1)\n',
    'datasets of a suite': "mmlu_datasets = [dict(abbr='mmlu', type='MMLU', path='x', reader_cfg=dict(output_column='y'))]\n",
}  # fmt: skip

JUDGED = {
    'optimizer and schedule of a child': ('0.x', 'optimizer = dict(lr=0.02)\nlr_config = dict(step=[8, 11])\n'),
    'optimizer of a child': ('0.x', 'optimizer = dict(lr=0.02)\n'),
    'model and data of a child': ('0.x', "model = dict(type='A')\ndata = dict(train=dict(ann_file='a.json'))\n"),
    'optimizers of a GAN': (
        '0.x', "model = dict(type='A')\noptimizers = dict(generator=dict(type='Adam'))\ntotal_iters = 300\n"
    ),
    'a custom runner': ('0.x', "runner = dict(type='MyRunner', max_epochs=3)\nscheduler = dict(type='A')\n"),
    'an evaluation hook': ('0.x', "evaluation = dict(type='GenerativeEvalHook', interval=10000)\n"),
    'old loaders': ('0.x', "train = dict(type='D')\ndata = dict(samples_per_gpu=2, train=train)\noptimizer = dict(type='SGD')\n"),
    'runtime of 0.x': ('0.x', "log_config = dict(interval=50)\nworkflow = [('train', 1)]\nseed = 0\n"),
    'helpers of 0.x': (
        '0.x', "dataset = dict(type='D')\nmodel = dict(type='A')\nevaluation = dict(interval=1, metric='bbox')\n"
               "data = dict(train=dataset)\noptimizer = dict(type='SGD')\n"
    ),
    'helpers of 1.x': (
        '1.x', "train_dataset = dict(type='D')\nval_dataset = dict(type='D')\nbatch_size = 2\n"
               "model = dict(type='A')\ntrain_dataloader = dict(batch_size=batch_size, dataset=train_dataset)\n"
               "val_dataloader = dict(dataset=val_dataset)\n"
    ),
    'optimizer as a helper': ('1.x', "optimizer = dict(type='SGD')\noptim_wrapper = dict(optimizer=optimizer)\n"),
    'both eras': ('mixed', "optimizer = dict(type='SGD')\noptim_wrapper = dict(type='OptimWrapper')\n"),
    'own sections beside those of MMEngine': (
        '1.x', "default_scope = 'mmdet'\nsolver = dict(a=1)\noptim_wrapper = dict(type='OptimWrapper')\n"
    ),
    'a model': ('neutral', "model = dict(type='A')\n"),
    'a pipeline': ('neutral', "dataset_type = 'A'\ntrain_pipeline = [dict(type='B')]\n"),
}  # fmt: skip


def era(folder: Path, text: str) -> str:
    write(folder, {'a.py': text})
    return era_of(Loader().load(str(folder / 'a.py')))


@pytest.mark.parametrize('text', OWN.values(), ids=list(OWN))
def test_configs_for_own_programs_are_of_no_era_and_of_these_only_the_language_is_judged(
    tmp_path: Path, text: str
) -> None:
    assert era(tmp_path, text) == 'own'
    assert check([str(tmp_path / 'a.py')], list(all_rules().values())).diagnostics == []
    write(tmp_path, {'a.py': f'{text}other = absent\n'})
    found = check([str(tmp_path / 'a.py')], list(all_rules().values())).diagnostics
    assert [each.rule for each in found] == ['undefined-name']


@pytest.mark.parametrize(('expected', 'text'), JUDGED.values(), ids=list(JUDGED))
def test_odd_configs_are_judged(tmp_path: Path, expected: str, text: str) -> None:
    assert era(tmp_path, text) == expected


def test_bases_are_judged_as_what_inherits_them(tmp_path: Path) -> None:
    base = "model = dict(type='NoSuchNet')\nseed = 0\n"
    write(tmp_path, {
        'own_base.py': base, 'own.py': "_base_ = 'own_base.py'\nsolver = dict(a=1)\noptimizer = dict(type='A')\n",
        'base.py': base, 'child.py': "_base_ = 'base.py'\n",
        'both.py': base, 'a.py': "_base_ = 'both.py'\nsolver = dict(a=1)\noptimizer = dict(type='A')\n", 'b.py': "_base_ = 'both.py'\n",
    })  # fmt: skip
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    found = check(files, list(all_rules().values())).diagnostics
    assert {Path(each.path).name for each in found if each.rule == 'removed-seed'} == {'base.py', 'both.py'}
