"""The models against the real classes: same fields, same defaults, same required arguments."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from typing import Any

import mmengine.dataset
import mmengine.evaluator
import mmengine.hooks
import mmengine.model
import mmengine.runner
import mmengine.visualization
import pytest
import torch
from mmengine import registry

import cfglint.sections
from cfglint.sections.dataloaders import BATCH_SAMPLER, COLLATE, SAMPLER
from cfglint.sections.datasets import DATASET
from cfglint.sections.errors import by_key, metadata
from cfglint.sections.evaluators import EVALUATOR_CLASS, METRIC
from cfglint.sections.hooks import DEFAULT_SLOTS, HOOK, PRIORITIES
from cfglint.sections.hooks.common import GREATER, LESS
from cfglint.sections.hooks.ema import AVERAGES
from cfglint.sections.log_processor import LOG_PROCESSOR
from cfglint.sections.loops import TEST_LOOP, TRAIN_LOOP, VAL_LOOP
from cfglint.sections.model import DATA_PREPROCESSOR, INITIALIZER
from cfglint.sections.models.base import Model, Words
from cfglint.sections.models.dataloaders import DataLoader
from cfglint.sections.models.env_cfg import DistributedEnvironment, EnvCfg, MultiProcessing, Randomness
from cfglint.sections.models.optim_wrapper import AutoScaleLR, ParamwiseCfg
from cfglint.sections.models.runner import Arguments
from cfglint.sections.optim_wrapper import OPTIM_WRAPPER
from cfglint.sections.optim_wrapper.amp import SCALER
from cfglint.sections.optim_wrapper.optimizers import arguments
from cfglint.sections.optim_wrapper.wrappers import Optimizer
from cfglint.sections.param_scheduler import SCHEDULER
from cfglint.sections.table import SECTIONS, TOP_LEVEL_KEYS
from cfglint.sections.visualizer import VIS_BACKEND, VISUALIZER
from cfglint.sections.wrappers import MODEL_WRAPPER

COMMON = {'type', '_scope_', '_delete_'}
PLACES = [
    # the component, MMEngine's registry, and the arguments that MMEngine passes itself
    (TRAIN_LOOP, registry.LOOPS, {'runner', 'dataloader', 'evaluator'}),
    (VAL_LOOP, registry.LOOPS, {'runner', 'dataloader', 'evaluator'}),
    (TEST_LOOP, registry.LOOPS, {'runner', 'dataloader', 'evaluator'}),
    (OPTIM_WRAPPER, registry.OPTIM_WRAPPERS, set()),
    (SCHEDULER, registry.PARAM_SCHEDULERS, {'optimizer'}),
    (SAMPLER, registry.DATA_SAMPLERS, {'dataset'}),
    (BATCH_SAMPLER, registry.DATA_SAMPLERS, {'dataset'}),
    (COLLATE, registry.FUNCTIONS, {'data_batch'}),
    (DATASET, registry.DATASETS, set()),
    (METRIC, registry.METRICS, set()),
    (EVALUATOR_CLASS, registry.EVALUATOR, set()),
    (HOOK, registry.HOOKS, set()),
    (LOG_PROCESSOR, registry.LOG_PROCESSORS, set()),
    (VISUALIZER, registry.VISUALIZERS, set()),
    (VIS_BACKEND, registry.VISBACKENDS, set()),
    (DATA_PREPROCESSOR, registry.MODELS, set()),
    (INITIALIZER, registry.WEIGHT_INITIALIZERS, set()),
    (MODEL_WRAPPER, registry.MODEL_WRAPPERS, {'module'}),
]
CLASSES = [(component, place, name, given) for component, place, given in PLACES for name in component.specs]

# Fields that are no parameters of the class: who reads them.
READ_BEFORE = {
    TRAIN_LOOP: {'by_epoch'},  # Runner.build_train_loop
    VAL_LOOP: {'by_epoch'},
    TEST_LOOP: {'by_epoch'},
    OPTIM_WRAPPER: {'constructor', 'paramwise_cfg'},  # build_optim_wrapper
    SCHEDULER: {'convert_to_iter_based', 'epoch_length'},  # build_scheduler_from_cfg
    HOOK: {'priority'},  # Runner.register_hook
    VIS_BACKEND: {'name'},  # Visualizer.__init__
    INITIALIZER: {'override'},  # mmengine.model.initialize
}
# (class, field): why its default or its being required differs from the class.
DIFFERENT = {
    ('OptimWrapper', 'optimizer'): 'the section says itself what is missing, since a constructor may need none',
    ('AmpOptimWrapper', 'optimizer'): 'as above',
    ('ApexOptimWrapper', 'optimizer'): 'as above',
    ('LocalVisBackend', 'save_dir'): 'Visualizer fills it in',
    ('TensorboardVisBackend', 'save_dir'): 'Visualizer fills it in',
    ('WandbVisBackend', 'save_dir'): 'Visualizer fills it in',
    ('MLflowVisBackend', 'save_dir'): 'Visualizer fills it in',
    ('DVCLiveVisBackend', 'save_dir'): 'Visualizer fills it in',
    ('MMDistributedDataParallel', 'broadcast_buffers'): "torch's default differs between releases: True, then None",
}
FORWARDS_TO = {
    'AmpOptimWrapper': ['mmengine.optim:OptimWrapper'],
    'ApexOptimWrapper': ['mmengine.optim:OptimWrapper'],
    'EMAHook': ['mmengine.model:MomentumAnnealingEMA'],
    'CheckpointHook': [],  # to Runner.save_checkpoint, which takes no others: see below
    'MMDistributedDataParallel': ['torch.nn.parallel:DistributedDataParallel'],
    'MMSeparateDistributedDataParallel': ['torch.nn.parallel:DistributedDataParallel'],
    **{name: ['mmengine.model.weight_init:BaseInit'] for name in INITIALIZER.specs if name != 'Pretrained'},
}


def parameters(name: str, target: Any) -> dict[str, inspect.Parameter]:
    """All parameters of a class, with those of the classes to which it forwards the rest."""
    result: dict[str, inspect.Parameter] = {}
    for source in [*map(resolve, reversed(FORWARDS_TO.get(name, []))), target]:
        result |= inspect.signature(source).parameters
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    forwards = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in inspect.signature(target).parameters.values())
    if not name.endswith(('LR', 'Momentum')) or name not in SCHEDULER.specs:  # their mixins forward, and are read below
        assert not forwards or name in FORWARDS_TO, f'{name} forwards its arguments: where to?'
    return {key: value for key, value in result.items() if value.kind not in kinds}


def resolve(where: str) -> Any:
    module, _, path = where.partition(':')
    target = importlib.import_module(module)
    for part in path.split('.') if path else ():
        target = getattr(target, part)
    return target


def scheduler_parameters(name: str, target: Any) -> dict[str, inspect.Parameter]:
    """The mixins of learning rate and momentum pass `param_name`, and forward the rest to the general class."""
    general = next(base for base in target.__mro__ if base.__name__.endswith('ParamScheduler'))
    found = dict(inspect.signature(general).parameters)
    if not name.endswith('ParamScheduler'):
        del found['param_name']
    return found


@pytest.mark.parametrize(
    ('component', 'place', 'name', 'given'), CLASSES, ids=[f'{c.what}-{n}' for c, _, n, _ in CLASSES]
)
def test_model_has_the_parameters_of_the_class(component: Any, place: Any, name: str, given: set[str]) -> None:
    target = place.get(name)
    assert target is not None, f'{name} is not registered'
    real = (scheduler_parameters if component is SCHEDULER else parameters)(name, target)
    real = {key: value for key, value in real.items() if key not in given - {'seed'}}
    real.pop('model', None)  # EMAHook passes it
    fields = {
        key: f
        for key, f in by_key(component.specs[name].model).items()
        if key not in COMMON | READ_BEFORE.get(component, set())
    }
    newer_torch = component is MODEL_WRAPPER
    assert set(real) == set(fields) if not newer_torch else set(real) <= set(fields)
    for key, parameter in real.items():
        if (name, key) in DIFFERENT:
            continue
        required = parameter.default is inspect.Parameter.empty
        assert fields[key].is_required() == required, key
        if not required and not newer_torch:
            assert fields[key].get_default(call_default_factory=True) == parameter.default, key


def test_every_registered_class_has_a_model() -> None:
    without = {
        # registered for other runners or as plain PyTorch
        'ColossalAIOptimWrapper',
        'DeepSpeedOptimWrapper',
        'DistributedDataParallel',
        'DataParallel',
        'MMFullyShardedDataParallel',
        'ColossalAIModelWrapper',
        'CollosalAIModelWrapper',
        'MMDeepSpeedEngineWrapper',
    }
    for place in {id(place): place for _, place, _ in PLACES if place is not registry.MODELS}.values():
        modelled = {name for component, other, _ in PLACES if other is place for name in component.specs}
        own = {n for n, c in place.module_dict.items() if c.__module__.startswith(('mmengine', 'torch'))}
        assert own - modelled - without == set(), place.name


def test_optimizers_take_the_arguments_of_this_pytorch() -> None:
    for name in Optimizer.specs:
        real = set(inspect.signature(getattr(torch.optim, name)).parameters) - {'params'}
        assert real <= set(arguments(name)), name


def test_grad_scaler() -> None:
    assert set(inspect.signature(torch.cuda.amp.GradScaler).parameters) <= set(SCALER)


def test_kinds_of_average() -> None:
    for name, taken in AVERAGES.items():
        assert set(inspect.signature(registry.MODELS.get(name)).parameters) == {'model', *taken}


def test_dataloader_takes_the_arguments_of_this_pytorch() -> None:
    real = inspect.signature(torch.utils.data.DataLoader).parameters
    fields = by_key(DataLoader)
    assert set(fields) - COMMON == {*real, 'num_batch_per_epoch', 'disable_subprocess_warning'}
    source = inspect.getsource(mmengine.runner.Runner.build_dataloader)
    read = set(re.findall(r"dataloader_cfg\.(?:pop|get)\(\s*'(\w+)'", source))
    assert read <= set(fields)
    for key, parameter in real.items():
        if key not in ('collate_fn', 'dataset'):  # MMEngine has its own default; a dataset is required
            assert fields[key].default == parameter.default, key
    assert fields['dataset'].is_required()


@pytest.mark.parametrize(
    ('model', 'function', 'given'),
    [
        (Randomness, 'mmengine.runner:Runner.set_randomness', {'self'}),
        (MultiProcessing, 'mmengine.utils.dl_utils:set_multi_processing', {'distributed'}),
    ],
)
def test_plain_dicts_have_the_parameters_of_the_function(model: type[Model], function: str, given: set[str]) -> None:
    real = {key: p for key, p in inspect.signature(resolve(function)).parameters.items() if key not in given}
    fields = {key: field for key, field in by_key(model).items() if key not in COMMON}
    assert set(real) == set(fields)
    for key, parameter in real.items():
        assert fields[key].is_required() == (parameter.default is inspect.Parameter.empty)
        if not fields[key].is_required():
            assert fields[key].default == parameter.default


def test_distributed_environment() -> None:
    real = inspect.signature(resolve('mmengine.dist:init_dist')).parameters
    fields = by_key(DistributedEnvironment)
    assert {key for key in real if key not in ('launcher', 'kwargs')} <= set(fields)
    assert fields['backend'].default == real['backend'].default


def test_env_cfg_has_the_keys_that_the_runner_reads() -> None:
    read = set(re.findall(r"env_cfg\.get\('(\w+)'", inspect.getsource(mmengine.runner.Runner.setup_env)))
    assert read == set(by_key(EnvCfg)) - COMMON


def test_checkpoint_hook_forwards_nothing_that_could_be_given() -> None:
    taken = set(inspect.signature(mmengine.runner.Runner.save_checkpoint).parameters) - {'self'}
    source = inspect.getsource(mmengine.hooks.CheckpointHook._save_checkpoint_with_step)
    passed = set(re.findall(r'(\w+)=', source[source.index('runner.save_checkpoint(') :])) | {'out_dir', 'filename'}
    assert taken <= passed | set(by_key(HOOK.specs['CheckpointHook'].model))


def test_paramwise_has_the_keys_that_the_constructor_reads() -> None:
    source = inspect.getsource(resolve('mmengine.optim:DefaultOptimWrapperConstructor'))
    read = set(re.findall(r"paramwise_cfg\.get\(\s*'(\w+)'", source))
    assert read == set(by_key(ParamwiseCfg)) - COMMON


def test_auto_scale_lr_has_the_keys_that_the_runner_reads() -> None:
    source = inspect.getsource(mmengine.runner.Runner.scale_lr)
    read = set(re.findall(r"auto_scale_lr(?:\.get\(|\[)'(\w+)'", source))
    assert read == set(by_key(AutoScaleLR)) - COMMON


def test_sections_are_the_keys_that_the_runner_reads() -> None:
    runner = mmengine.runner.Runner
    read = set(re.findall(r"cfg(?:\.get\(|\[)'(\w+)'", inspect.getsource(runner.from_cfg)))
    read |= set(re.findall(r"self\.cfg\.get\(\s*'(\w+)'", inspect.getsource(runner)))
    assert {'model', 'sync_bn', 'compile'} <= read
    assert read <= set(SECTIONS) <= TOP_LEVEL_KEYS


def test_runner_arguments_have_its_defaults() -> None:
    real = inspect.signature(mmengine.runner.Runner).parameters
    for key, field in by_key(Arguments).items():
        if key in real and key != 'work_dir':  # required there, but launch scripts fill it in
            assert field.default == real[key].default, key


def test_default_hooks_and_priorities() -> None:
    source = inspect.getsource(mmengine.runner.Runner.register_default_hooks)
    assert dict(re.findall(r"(\w+)=dict\(type='(\w+)'", source)) == DEFAULT_SLOTS
    assert {priority.name for priority in mmengine.runner.Priority} == set(PRIORITIES)


def test_names_of_metrics() -> None:
    for hook in (mmengine.hooks.CheckpointHook, mmengine.hooks.EarlyStoppingHook):
        assert hook._default_greater_keys == list(GREATER)
        assert hook._default_less_keys == list(LESS)


def models() -> list[type[Model]]:
    for module in pkgutil.walk_packages(cfglint.sections.__path__, 'cfglint.sections.'):
        importlib.import_module(module.name)
    found, pending = [], [Model]
    while pending:
        pending += (subclasses := pending.pop().__subclasses__())
        found += subclasses
    return found


ABSTRACT = {'TrainLoop', 'Scheduler', 'Hook', 'VisBackend', 'Initializer', 'Layered'}


@pytest.mark.parametrize('model', models(), ids=lambda model: model.__name__)
def test_docstring_names_the_source_and_fields_are_described(model: type[Model]) -> None:
    doc = inspect.cleandoc(model.__doc__ or '')
    assert doc.split('\n')[0].endswith('.')
    if model.__name__ not in ABSTRACT:
        _, _, sources = doc.partition('Source: ')
        assert sources
        for source in re.findall(r'[\w.]+(?::[\w.]+)?', sources.split('(')[0]):
            resolve(source)
    for name, field in model.model_fields.items():
        assert (field.description or '').endswith('.'), name
        words = metadata(field, Words)
        assert words is None or words.text[:1] != ' '
