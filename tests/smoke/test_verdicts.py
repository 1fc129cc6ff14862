"""What is the config's fault and what is not; and what is wrong though nothing was raised."""

from __future__ import annotations

import contextlib
import copy
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mmengine.visualization
import pytest
import torch
from mmengine.optim import OptimWrapper

from cfglint.smoke import pool
from cfglint.smoke.options import Options
from cfglint.smoke.results import Failure, Result, Status
from cfglint.smoke.second_runs import SecondRuns
from cfglint.smoke.worker import parameters, silence
from cfglint.smoke.worker.blame import Blame
from cfglint.smoke.worker.failure import describe, walk_chain
from cfglint.smoke.worker.guard import ForbiddenNetwork, Offline
from cfglint.smoke.worker.memory import Meter
from cfglint.smoke.worker.observe import Observer, StopSmoke
from cfglint.smoke.worker.overrides import SLOW_CPU
from cfglint.smoke.worker.stages import DATASET, Stages
from cfglint.smoke.worker.wire import Wire
from tests.smoke.conftest import run_batch

ODD = "custom_imports = dict(imports=['toylib', 'faults', 'odd'])\n"
QUIET = "train_cfg = dict(type='Quiet', max_iters=500)\n"
DIRECT = "optim_wrapper['type'] = 'Direct'\n"
FEW = "train_dataloader.update(drop_last=True, batch_size=32)\ntrain_dataloader['dataset']['length'] = {}\n"
STATIC = "optim_wrapper = dict(type='AmpOptimWrapper', dtype='bfloat16', loss_scale=512., optimizer=dict(type='SGD', lr=0.1))\n"
PASSING = {
    'quiet': QUIET,
    'direct': DIRECT,
    'quiet_and_direct': QUIET + DIRECT,
    'quiet_accumulating': QUIET + "optim_wrapper['accumulative_counts'] = 3\n",
    'logged_nan': "model['type'] = 'Reporting'\n",
    'weights_by_hand': "model['type'] = 'Pretrained'\n",
    'hidden_sync_bn': "model = dict(type='Synchronised')\n",
    'enough': FEW.format(32),
    'static_scale': STATIC,
    'demanding': "model['type'] = 'Demanding'\ntrain_dataloader['batch_size'] = 32\n",
    'asking': "custom_hooks = [dict(type='Asking')]\nval_dataloader, val_cfg, val_evaluator = train_dataloader, dict(), dict(type='RightShare')\n",
    'as_worker': "train_dataloader['dataset']['pipeline'].insert(0, dict(type='AsWorker'))\n",
    'replaced': "custom_hooks = [dict(type='Replacing')]\n",
    'warming_up': "param_scheduler = [dict(type='LinearLR', start_factor=1e-18, end=1e17, by_epoch=False)]\n",
}
COUNTED = "custom_hooks = [dict(type='Counted')]\nval_dataloader, val_cfg, val_evaluator = train_dataloader, dict(), dict(type='RightShare')\n"
# The status, then words of the reason.
EXCUSED = {
    'fetching': ("model['type'] = 'Fetching'\n", Status.NEEDS_DOWNLOAD, '`model` fetches something', '--allow-downloads'),
    'measuring': ("model['type'] = 'Measuring'\n", Status.NEEDS_DOWNLOAD, 'weights that were not loaded', 'model'),
    'gathering': ("model['type'] = 'Gathering'\n", Status.UNSUPPORTED, 'group of processes', '--nproc'),
    'unfilled': ("model = dict(type='Empty', pretrained='https://example.com/a.pth')\n", Status.NEEDS_DOWNLOAD,
                 '`scale` is left for weights to fill', '--allow-downloads'),
    'counted': (COUNTED, Status.UNSUPPORTED, 'looks at `val_dataloader`', '--val'),
    'only_on_cuda': ("model['type'] = 'OnlyOnCuda'\n", Status.UNSUPPORTED, '`model` has no CPU version', '--device cuda'),
    'writing': ("custom_hooks = [dict(type='Writing', path='/somewhere/file')]\n", Status.UNSUPPORTED,
                '`custom_hooks[0]` writes', '--allow-writes'),
}  # fmt: skip
# Stage, key and words of the message.
FAILING = {
    'swallowed': ("model['type'] = 'Swallowing'\n", 'step', 'optim_wrapper', 'no optimizer stepped'),
    'lossless': ("model['type'] = 'Lossless'\n", 'forward', 'model', '`loss` in its name'),
    'few': (FEW.format(31), 'dataloader', 'train_dataloader.drop_last', '31 samples are no batch of 32'),
    'ending': ("train_dataloader['dataset']['pipeline'].append(dict(type='Ending'))\n", 'dataset',
               'train_dataloader.dataset.pipeline[1]', 'StopIteration'),
    'ending_late': ("train_dataloader['dataset']['pipeline'].append(dict(type='Ending', after=2))\n", 'dataset',
                    'train_dataloader.dataset.pipeline[1]', 'StopIteration'),
    'explained': ("model['type'] = 'Explained'\n", 'model', 'model', 'raised as ValueError: each level of the head'),
    'import': ("custom_imports['imports'] = ['toylib', 'absent.thing']\n", 'import', 'custom_imports.imports[1]',
               'no module `absent`: set PYTHONPATH'),
    'import_inside': ("custom_imports['imports'].append('needy')\n", 'import', 'custom_imports.imports[3]',
                      '`needy` needs `absent`, which is not installed'),
    'library': ("default_scope = 'mmabsent'\nmodel['type'] = 'ResNet'\n", 'import', 'default_scope',
                '`mmabsent` is not installed'),
    'other_library': ("model['type'] = 'mmabsent.ResNet'\n", 'import', 'model.type', '`mmabsent` is not installed'),
    'nan_data': ("train_dataloader['dataset']['pipeline'].append(dict(type='Spoil'))\n", 'dataset',
                 'train_dataloader.dataset', 'the samples of micro-batch 1'),
    'nan_preprocessor': ("model['data_preprocessor'] = dict(type='Scaler', std=0.0)\n", 'forward',
                         'model.data_preprocessor', 'the preprocessor makes numbers'),
    'empty': ("model = dict(type='Empty')\n", 'model', 'model', 'not finite before the first step: scale'),
    'nan_start': ("model['type'] = 'BadStart'\nmodel['neck'] = dict(type='Neck')\n", 'model', 'model.neck',
                  'not finite before the first step: neck.linear.bias'),
    'workers': ("train_dataloader['num_workers'] = 0\n", 'dataloader', 'train_dataloader.persistent_workers',
                'persistent_workers option needs num_workers > 0'),
    'negative_workers': ("train_dataloader['num_workers'] = -1\n", 'dataloader', 'train_dataloader.num_workers',
                         'should be non-negative'),
    'late_workers': ("train_dataloader['timeout'] = -1\n", 'dataloader', 'train_dataloader.timeout', 'non-negative'),
    'log_level': ("log_level = 'INF'\n", 'config', 'log_level', 'INF'),
    'randomness': ('randomness = dict(sed=1)\n', 'config', 'randomness.sed', "unexpected keyword argument 'sed'"),
    'untyped': ("custom_hooks = [dict(type='Counting'), dict()]\n", 'registry', 'custom_hooks[1]', 'the key "type"'),
    'in_a_hook': ("custom_hooks = [dict(type='Counting'), dict(type='EMAHook', speed=1)]\n", 'hooks',
                  'custom_hooks[1].speed', 'unexpected keyword argument'),
    'silent_hook': ("default_hooks = dict(logger=dict(type='LoggerHook', intervall=1))\n", 'hooks',
                    'default_hooks.logger.intervall', 'unexpected keyword argument'),
    'silent_backend': ("visualizer = dict(type='Visualizer', vis_backends=[dict(type='WandbVisBackendd')])\n", 'registry',
                       'visualizer.vis_backends[0].type', 'not in the'),
    'precision': ("optim_wrapper.update(type='AmpOptimWrapper', dtype='float61')\n", 'optimizer', 'optim_wrapper.dtype',
                  'dtype should be any of'),
    'scale': ("optim_wrapper.update(type='AmpOptimWrapper', loss_scale=512)\n", 'optimizer', 'optim_wrapper.loss_scale',
              'must be of type float'),
    'scaler': ("optim_wrapper.update(type='AmpOptimWrapper', loss_scale=dict(init_scal=2.))\n", 'optimizer',
               'optim_wrapper.loss_scale.init_scal', 'takes no `init_scal`'),
    'too_demanding': ("model['type'] = 'Demanding'\ntrain_dataloader['batch_size'] = 3\n", 'forward', 'model', 'four samples'),
    'optimizer': ("optim_wrapper['optimizer']['type'] = 'SDG'\n", 'registry', 'optim_wrapper.optimizer.type',
                  '`SDG` is in no registry: None is not'),
    'priority': ("custom_hooks = [dict(type='EMAHook', priority='HIHG')]\n", 'hooks', 'custom_hooks[0].priority', 'HIHG'),
    'clip': ("optim_wrapper['clip_grad'] = dict(max_nrom=1.0)\n", 'step', 'optim_wrapper.clip_grad.max_nrom', 'unexpected'),
    'recomputed': ("activation_checkpointing = ['nekc']\n", 'hooks', 'activation_checkpointing', "no attribute 'nekc'"),
    'parts': ("model['type'] = 'Gan'\nmodel.pop('neck', None)\noptim_wrapper = dict(constructor='OnePerPart', generatr=optim_wrapper)\n",
              'optimizer', 'optim_wrapper', "no attribute 'generatr'"),
    'dry': ("train_dataloader = dict(batch_size=2, num_workers=0, dataset=dict(type='Dry'), sampler=None)\n"
            "train_cfg = dict(type='IterBasedTrainLoop', max_iters=9)\n", 'dataloader', 'train_dataloader', 'the data has none'),
    'half_of_validation': ('val_cfg = dict()\n', 'config', 'val_cfg', 'there is no val_dataloader, val_evaluator'),
    'standing_still': ("optim_wrapper['optimizer']['lr'] = 1e-18\n", 'step', 'optim_wrapper', 'no parameter moved'),
    'own_scope': ("default_scope = 'toys'\nmodel['type'] = 'ResNet'\n", 'registry', 'model.type', 'not in the'),
}  # fmt: skip


class SlowMeter(Meter):
    """Time stands still but while someone looks at the parameters."""

    seconds = 0.0

    def now(self) -> float:
        return self.seconds


def test_what_watching_takes_is_not_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    meter, original = SlowMeter('cpu', None), parameters.checksums

    def checksums(named: Any) -> dict[str, int]:
        meter.seconds += 100.0
        return original(named)

    monkeypatch.setattr(parameters, 'checksums', checksums)
    model = torch.nn.Linear(2, 1)
    wrapper = OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1))
    observer = Observer(Stages(Wire(os.open(os.devnull, os.O_WRONLY))), meter, 2)
    observer.attach(model, wrapper)
    observer.start()
    for _ in range(2):
        with contextlib.suppress(StopSmoke):
            observer.before_iteration()
            wrapper.update_params(model(torch.ones(1, 2)).sum())
            meter.seconds += 0.5
            observer.after_iteration({})
    assert [batch['seconds'] for batch in observer.micro_batches] == [0.5, 0.5]
    assert meter.seconds > 400


def test_a_copy_of_the_model_copies_nothing_of_the_observer() -> None:
    model = torch.nn.Linear(2, 1)
    model.data_preprocessor = torch.nn.Identity()
    observer = Observer(Stages(Wire(os.open(os.devnull, os.O_WRONLY))), SlowMeter('cpu', None), 1)
    observer.attach(model, OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1)))
    observer.model = (number for number in ())  # which cannot be copied
    assert copy.deepcopy(model).data_preprocessor(torch.ones(1)).item() == 1.0


@pytest.fixture(scope='module')
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = tmp_path_factory.mktemp('verdicts')
    texts = {**PASSING, **{name: row[0] for name, row in (*EXCUSED.items(), *FAILING.items())}}
    return run_batch(folder, {name: ODD + text for name, text in texts.items()})


@pytest.mark.parametrize('name', PASSING)
def test_what_is_right_passes_however_unusual(results: dict[str, Result], name: str) -> None:
    result = results[name]
    assert result.status is Status.OK, (result.reason, result.failure)
    steps = [step['micro_batch'] for step in result.details['optimizers'][0]['steps']]
    assert steps == ([3, 6] if name == 'quiet_accumulating' else [1, 2])
    assert len(result.details['micro_batches']) == steps[-1]


@pytest.mark.parametrize('name', EXCUSED)
def test_what_smoke_does_not_allow_is_not_the_configs_fault(results: dict[str, Result], name: str) -> None:
    _, status, *words = EXCUSED[name]
    result = results[name]
    assert (result.status, result.failure) == (status, None), result.failure
    assert all(word in str(result.reason) for word in words), result.reason


@pytest.mark.parametrize('name', FAILING)
def test_what_is_wrong_fails_even_where_nothing_is_raised(results: dict[str, Result], name: str) -> None:
    _, stage, key, words = FAILING[name]
    failure = results[name].failure
    assert failure is not None, results[name]
    assert (failure.stage, failure.key) == (stage, key), failure.traceback
    assert words in failure.message


@pytest.mark.parametrize('allowed', [False, True])
def test_libraries_are_told_to_stay_offline_before_they_are_imported(
    monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    found: list[dict[str, str]] = []

    class Worker:
        def __init__(self, python: str, folder: Any, environment: dict[str, str], remove: Any) -> None:
            found.append(environment)

        def close(self) -> None:
            """There is nothing to end."""

    monkeypatch.setattr(pool, 'Worker', Worker)
    monkeypatch.delenv('HF_HUB_OFFLINE', raising=False)
    with pool.Pool(Options(device='cpu', allow_downloads=allowed)) as started:
        started._start(started._slots[0])
    assert ('HF_HUB_OFFLINE' in found[0]) is not allowed


def test_what_the_server_imports_is_kept_off_the_network() -> None:
    offline = Offline()
    offline('socket.connect', (None, ('192.0.2.1', 80)))
    offline.active = True
    offline('open', ('a.txt', 'w', 0))
    with pytest.raises(ForbiddenNetwork):
        offline('socket.connect', (None, ('192.0.2.1', 80)))


@pytest.mark.parametrize(
    ('message', 'key'),
    [
        ("module 'albumentations' has no attribute 'Bluxr'", 'pipeline[0].transforms[0].type'),
        ("Drop.__init__() got an unexpected keyword argument 'odd'", 'pipeline[0].transforms[1].odd'),
        ("Albu.__init__() got an unexpected keyword argument 'odd'", 'pipeline[0]'),
    ],
)
def test_what_is_built_inside_by_another_library_is_found_by_its_name(message: str, key: str) -> None:
    class Albu:
        def __call__(self) -> None:
            raise ValueError(message)

    config = {'pipeline': [{'type': 'Albu', 'transforms': [{'type': 'Bluxr'}, {'type': 'Drop', 'odd': 1}]}]}
    with pytest.raises(ValueError) as caught:
        Albu()()
    assert Blame(config).key(walk_chain([caught.value]), DATASET, message) == key


class Elsewhere:
    """A backend that imports its package when it is first used."""

    def add_config(self) -> str:
        return 'written'


def test_a_backend_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(silence.PACKAGES, 'Elsewhere', 'json')
    backend: Any = Elsewhere()
    silence.silence_backends(SimpleNamespace(_vis_backends={'own': backend}))
    assert backend.add_config() is None


def test_a_backend_whose_package_is_missing_is_charged_to_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(silence.PACKAGES, 'Elsewhere', 'no_such_package')
    with pytest.raises(ImportError, match='pip install no_such_package') as caught:
        silence.silence_backends(SimpleNamespace(_vis_backends={'own': Elsewhere()}))
    blame = Blame({'visualizer': {'vis_backends': [{'type': 'LocalVisBackend'}, {'type': 'Elsewhere'}]}})
    told = describe(caught.value, 'config', blame)
    assert (told['stage'], told['key']) == ('import', 'visualizer.vis_backends[1]')


def test_the_backends_that_import_late_are_those_of_mmengine() -> None:
    assert [name for name in silence.PACKAGES if not hasattr(mmengine.visualization, name)] == []


def test_hooks_may_look_into_the_validation_that_is_to_come(tmp_path: Path) -> None:
    result = run_batch(tmp_path, {'config': ODD + COUNTED}, val=True, steps=1)['config']
    assert (result.status, bool(result.details['metrics'])) == (Status.OK, True), result.failure


def test_that_the_batch_of_the_config_was_not_tried_is_told() -> None:
    cut = Result('x.py', Status.FAILED, Failure('forward', 'broken'), details={
        'batch_size': 32, 'changes': [{'key': 'train_dataloader.batch_size', 'why': SLOW_CPU}]})  # fmt: skip
    second = SecondRuns()
    assert second.wanted({'config': 'x.py'}, cut) is not None
    (hint,) = second.settled(replace(cut, failure=Failure('forward', 'broken again'))).details['hints']
    assert '--batch-size 32' in hint['message']
