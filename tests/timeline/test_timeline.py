"""Timelines against what the real Runner of MMEngine does, and what is said of those that cannot be known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.evaluator import BaseMetric
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper, OptimWrapperDict
from mmengine.registry import OPTIM_WRAPPER_CONSTRUCTORS
from mmengine.runner import Runner

from cfglint.language.loader import Loader
from cfglint.language.values import Table
from cfglint.timeline import setup
from cfglint.timeline import timeline as timelines
from cfglint.timeline.timeline import Timeline, Timelines

LENGTH = 4
"""How many iterations an epoch of the real training has."""
TRAINING = """
train_cfg = dict(by_epoch=True, max_epochs=6, val_interval=2, val_begin=2, dynamic_intervals=[(5, 1)])
val_cfg = dict()
train_dataloader = dict()
val_dataloader = dict()
val_evaluator = dict()
default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=4))
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.1, momentum=0.9),
    paramwise_cfg=dict(bias_lr_mult=2.0, custom_keys={'backbone': dict(lr_mult=0.1), 'head.weight': dict(lr=0.03)}))
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=6),
    dict(type='MultiStepLR', by_epoch=True, milestones=[3, 5], gamma=0.1),
    dict(type='CosineAnnealingMomentum', by_epoch=True, eta_min=0.5, convert_to_iter_based=True)]
"""
ITERATIONS = """
train_cfg = dict(type='IterBasedTrainLoop', max_iters=15, val_interval=4)
val_cfg = dict()
train_dataloader = dict()
val_dataloader = dict()
val_evaluator = dict()
default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=6, by_epoch=False, save_begin=2))
optim_wrapper = dict(
    constructor='TwoOptimizers',
    backbone=dict(optimizer=dict(type='SGD', lr=0.1)),
    head=dict(optimizer=dict(type='Adam', lr=0.01, betas=(0.7, 0.9))))
param_scheduler = dict(
    backbone=dict(type='PolyLR', by_epoch=False, eta_min=1e-3),
    head=[dict(type='StepLR', by_epoch=False, step_size=5)])
"""


class Model(BaseModel):
    """Three layers."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = torch.nn.Linear(1, 1)
        self.neck = torch.nn.Linear(1, 1)
        self.head = torch.nn.Linear(1, 1)

    def forward(self, inputs: torch.Tensor, data_samples: Any = None, mode: str = 'tensor') -> Any:
        found = self.head(self.neck(self.backbone(inputs.float())))
        return {'loss': found.sum()} if mode == 'loss' else [found]

    def train_step(self, data: Any, optim_wrapper: Any) -> Any:
        loss = self(**self.data_preprocessor(data, True), mode='loss')['loss']
        single = not isinstance(optim_wrapper, OptimWrapperDict)
        for each in [optim_wrapper] if single else [*optim_wrapper.values()]:
            each.zero_grad()
            loss.backward(retain_graph=True)
        for each in [optim_wrapper] if single else [*optim_wrapper.values()]:
            each.step()
        return {'loss': loss.detach()}


class Numbers(torch.utils.data.Dataset[dict[str, Any]]):
    """Numbers."""

    def __len__(self) -> int:
        return LENGTH

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {'inputs': torch.ones(1)}


class Metric(BaseMetric):
    """Measures nothing."""

    def process(self, data_batch: Any, data_samples: Any) -> None:
        self.results.append(0)

    def compute_metrics(self, results: Any) -> dict[str, float]:
        return {'x': 0.0}


class Log(Hook):
    """Writes down what happens."""

    priority = 'VERY_HIGH'

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], list[list[float]]] = {}
        self.validations: list[int] = []

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        single = isinstance(runner.optim_wrapper, OptimWrapper) and not isinstance(
            runner.optim_wrapper, OptimWrapperDict
        )
        for name, each in [('', runner.optim_wrapper)] if single else runner.optim_wrapper.items():
            for parameter, found in (('lr', each.get_lr()['lr']), ('momentum', each.get_momentum()['momentum'])):
                self.values.setdefault((name, parameter), []).append(found)

    def before_val(self, runner: Any) -> None:
        self.validations.append(runner.epoch if runner.train_loop.max_epochs > 1 else runner.iter)


@pytest.fixture(scope='module', autouse=True)
def constructor() -> Any:
    @OPTIM_WRAPPER_CONSTRUCTORS.register_module(force=True)
    class TwoOptimizers:
        def __init__(self, optim_wrapper_cfg: dict[str, Any], paramwise_cfg: Any = None) -> None:
            self.given = optim_wrapper_cfg

        def __call__(self, model: Any) -> OptimWrapperDict:
            kinds = {'backbone': torch.optim.SGD, 'head': torch.optim.Adam}
            wrappers = {}
            for name, kind in kinds.items():
                own = {key: each for key, each in self.given[name]['optimizer'].items() if key != 'type'}
                wrappers[name] = OptimWrapper(kind(getattr(model, name).parameters(), **own))
            return OptimWrapperDict(**wrappers)

    yield
    del OPTIM_WRAPPER_CONSTRUCTORS._module_dict['TwoOptimizers']


def timeline_of(text: str, folder: Path) -> Timeline:
    path = folder / 'a.py'
    path.write_text(text, encoding='utf-8')
    return Timelines().of(Loader().load_known(str(path)))


def trained(folder: Path) -> Log:
    """Train with the real Runner."""
    table = Loader().load(str(folder / 'a.py')).table
    given = {key: plain(value) for key, value in table.items() if key not in ('val_dataloader', 'val_evaluator')}
    sampler, collate = {'type': 'DefaultSampler', 'shuffle': False}, {'type': 'default_collate'}
    loader = {'batch_size': 1, 'sampler': sampler, 'collate_fn': collate, 'dataset': Numbers()}
    given |= {'train_dataloader': loader, 'val_dataloader': loader, 'val_evaluator': [Metric()]}
    log = Log()
    Runner(Model(), str(folder), **given, custom_hooks=[log], log_level='ERROR').train()
    return log


def plain(value: Any) -> Any:
    if isinstance(value, Table):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def event(timeline: Timeline, kind: str) -> list[float]:
    return sorted({at for each in timeline.events if each.kind == kind for at in each.at})


@pytest.fixture
def short_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, 'EPOCH', LENGTH)
    monkeypatch.setattr(setup, 'EPOCH', LENGTH)


@pytest.mark.usefixtures('short_epochs')
@pytest.mark.parametrize('text', [TRAINING, ITERATIONS])
def test_curves_are_those_of_the_runner(text: str, tmp_path: Path) -> None:
    timeline = timeline_of(text, tmp_path)
    log = trained(tmp_path)
    assert timeline.clock is not None
    unit = LENGTH if timeline.clock.by_epoch else 1
    drawn: dict[tuple[str, str], set[tuple[float, ...]]] = {}
    for curve in timeline.curves:
        assert curve.unknown is None
        assert len(curve.points) > 2
        for at, value in curve.points:
            real = log.values[curve.optimizer, curve.parameter][round(at * unit)]
            assert min(abs(value - each) for each in real) < 1e-9
        drawn.setdefault((curve.optimizer, curve.parameter), set()).add(curve.points[0])
    for key, found in log.values.items():
        if key[1] == 'lr':  # as many groups as the real optimizer has rates, and the optimizer's own
            assert len({round(each, 12) for each in found[0]} - {round(value, 12) for _, value in drawn[key]}) == 0


@pytest.mark.usefixtures('short_epochs')
@pytest.mark.parametrize(('text', 'pattern'), [(TRAINING, 'epoch_*.pth'), (ITERATIONS, 'iter_*.pth')])
def test_events_are_those_of_the_runner(text: str, pattern: str, tmp_path: Path) -> None:
    timeline = timeline_of(text, tmp_path)
    log = trained(tmp_path)
    assert event(timeline, 'validation') == log.validations
    assert event(timeline, 'checkpoint') == sorted(int(each.stem.split('_')[1]) for each in tmp_path.glob(pattern))


LEGACY = """
optimizer = dict(type='SGD', lr=0.02, momentum=0.9, paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.5)}))
lr_config = dict(policy='step', step=[8, 11])
runner = dict(type='EpochBasedRunner', max_epochs=12)
evaluation = dict(interval=3)
checkpoint_config = dict(interval=6)
custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=2)]
model = dict(backbone=dict(frozen_stages=1))
"""


def test_a_config_of_0_x(tmp_path: Path) -> None:
    timeline = timeline_of(LEGACY, tmp_path)
    assert [(each.name, each.points[0][1], each.points[-1][1]) for each in timeline.curves] == [
        ('lr', 0.02, pytest.approx(0.0002)),
        ('lr · backbone', 0.01, pytest.approx(0.0001)),
    ]
    found = {kind: event(timeline, kind) for kind in ('validation', 'checkpoint', 'pipeline', 'freezing')}
    assert found == {'validation': [3, 6, 9, 12], 'checkpoint': [6, 12], 'pipeline': [9], 'freezing': [0]}
    assert timeline.notes == ()


LOOP = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
SGD = "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        (SGD, 'there is no `train_cfg` that says how long training lasts'),
        (f'{SGD}train_cfg = dict(by_epoch=True)\n', '`train_cfg.max_epochs` is not given as a number'),
        (f'{LOOP}', '`optim_wrapper` names no optimizer'),
        (f"{LOOP}optim_wrapper = dict(optimizer=dict(type='SGD'))\n", 'the learning rate of the optimizer is not given as a number'),
        (f"{LOOP}{SGD}param_scheduler = dict(type='LinearLR', by_epoch=False, end=9)\n", 'how many iterations an epoch has depends on the data'),
        (f"{SGD}train_cfg = dict(type='MyLoop', max_epochs=3)\n", 'how `MyLoop` counts is not known: taken for epochs'),
        (f'{LOOP}{SGD}auto_scale_lr = dict(enable=True)\n', '`auto_scale_lr` multiplies the learning rate'),
        (f"{LOOP}optim_wrapper = dict(constructor='Layers', optimizer=dict(lr=0.1))\n", '`Layers` gives parts of the model'),
        (f"_base_ = 'absent.py'\n{LOOP}{SGD}", 'what comes from there is not known'),
    ],
)  # fmt: skip
def test_what_is_not_known_is_said(text: str, words: str, tmp_path: Path) -> None:
    assert words in '\n'.join(timeline_of(text, tmp_path).notes)


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ("param_scheduler = dict(type='MyLR')", 'the formula of `MyLR` is not known'),
        ("param_scheduler = dict(type='ReduceOnPlateauLR')", 'depends on what validation measures'),
        ("import os\nparam_scheduler = dict(type='StepLR', step_size=os.getpid())", '`param_scheduler` is not known'),
        ("default_hooks = dict(param_scheduler=dict(type='MyHook'))", '`MyHook` changes it in a way of its own'),
    ],
)
def test_a_curve_that_cannot_be_computed_says_why(text: str, words: str, tmp_path: Path) -> None:
    curve = timeline_of(f'{LOOP}{SGD}{text}\n', tmp_path).curves[0]
    assert curve.points == () and words in str(curve.unknown)


@pytest.mark.parametrize(
    ('hook', 'at'),
    [
        ("dict(type='PipelineSwitchHook', switch_epoch=8)", 8),
        ("dict(type='mmdet.YOLOXModeSwitchHook', num_last_epochs=3)", 8),
        ("dict(type='YOLOXPoseModeSwitchHook')", 0),
        ("dict(type='SwitchRecipeHook', schedule=[dict(action_epoch=4, loss=dict())])", 3),
        ("dict(type='RTMOModeSwitchHook', epoch_attributes={5: dict(a=1)})", 5),
    ],
)
def test_switches_of_the_pipeline(hook: str, at: int, tmp_path: Path) -> None:
    assert event(timeline_of(f'{LOOP}{SGD}custom_hooks = [{hook}]\n', tmp_path), 'pipeline') == [at]


@pytest.mark.parametrize('length', [10**9, 10**40])
def test_a_training_without_end_is_drawn_at_once(length: int, tmp_path: Path) -> None:
    loop = (
        f"train_cfg = dict(type='IterBasedTrainLoop', max_iters={length}, val_interval=1, dynamic_intervals=[(9, 1)])\n"
    )
    stages = 'val_cfg = dict()\nval_dataloader = dict()\nval_evaluator = dict()\n'
    timeline = timeline_of(f"{loop}{SGD}{stages}param_scheduler = dict(type='StepLR', step_size=1)\n", tmp_path)
    if length == 10**9:
        assert timeline.curves[0].unknown == 'training lasts more than 2,000,000 iterations'
        assert len(event(timeline, 'validation')) < 5000 and event(timeline, 'validation')[-1] == length
    else:
        assert timeline.clock is None


def test_parts_that_learn_later(tmp_path: Path) -> None:
    hook = "custom_hooks = [dict(type='SwAVHook', frozen_layers_cfg=dict(prototypes=1000))]\n"
    assert event(timeline_of(f'{LOOP}{SGD}{hook}', tmp_path), 'freezing') == [1000 / setup.EPOCH]


def test_curves_that_take_too_long_are_not_computed(tmp_path: Path) -> None:
    keys = ', '.join(f'a{n}=dict(lr_mult={n})' for n in range(300))
    text = f"""
train_cfg = dict(type='IterBasedTrainLoop', max_iters=9_000)
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), paramwise_cfg=dict(custom_keys=dict({keys})))
param_scheduler = [dict(type='LinearLR', begin=n, end=n + 1, by_epoch=False) for n in range(300)]
"""
    curves = timeline_of(text, tmp_path).curves
    computed = [curve for curve in curves if curve.points]
    assert 0 < len(computed) < 9 and 'too long' in str(curves[-1].unknown)
