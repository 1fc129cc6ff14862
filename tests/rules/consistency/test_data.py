"""Datasets, evaluators, models and inheritance: MMEngine decides, or what the libraries' sources say."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfglint.rules import all_rules
from cfglint.rules.facts.transforms import FAULTS
from tests.kit.complete import complete, example_files
from tests.kit.oracle import build, train
from tests.kit.repo import diagnose, write
from tests.rules.consistency import library_checks

pytestmark = pytest.mark.usefixtures('bare_mmengine')
RAISING = (
    'invalid-dataset-argument', 'concat-of-different-metainfo', 'metric-keys-clash', 'epoch-larger-than-dataset',
    'typeless-component',
)  # fmt: skip


@pytest.fixture(scope='module', autouse=True)
def libraries() -> None:
    """Stand in for what examples name of libraries that are not installed."""
    from mmengine.registry import MODELS

    import tests.kit.toy

    class ToyWrapper(tests.kit.toy.ToyModel):
        """A model that builds a part of itself from the config."""

        def __init__(self, head: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.head = MODELS.build(head)

    MODELS.register_module(module=ToyWrapper, force=True)


def written(rule: str, kind: str, folder: Path) -> Path:
    """Write an example and return the path of its config."""
    write(folder / f'{rule}-{kind}', example_files(all_rules()[rule], kind, runnable=True))
    return folder / f'{rule}-{kind}' / 'config.py'


def loaded(rule: str, kind: str, folder: Path) -> Any:
    """Return an example as MMEngine reads it."""
    from mmengine import Config

    return Config.fromfile(str(written(rule, kind, folder)), import_custom_modules=False)


def said_by(error: BaseException) -> str:
    """Return what an exception says, with its type and all that it came from."""
    words = f'{type(error).__name__}: {error}'
    cause = error.__cause__ or error.__context__
    return words if cause is None else f'{words}\n{said_by(cause)}'


@pytest.mark.parametrize('rule', RAISING)
def test_mmengine_raises(rule: str, tmp_path: Path) -> None:
    said = all_rules()[rule].raises
    with pytest.raises(Exception) as raised:
        train(written(rule, 'bad', tmp_path), tmp_path / 'work')
    assert said is not None and said in said_by(raised.value)


@pytest.mark.parametrize('rule', RAISING)
def test_good_example_trains(rule: str, tmp_path: Path) -> None:
    assert train(written(rule, 'good', tmp_path), tmp_path / 'work').iter > 0


def _packed(cfg: Any) -> None:
    import numpy

    results: dict[str, Any] = {'img': numpy.zeros((4, 6, 3), numpy.uint8)}
    for transform in cfg.test_dataloader.dataset.pipeline[1:]:
        if transform.type == 'ImageToTensor':
            results = library_checks.image_to_tensor(results, transform['keys'])
        else:
            assert library_checks.pack_inputs(results).shape == (3, 4, 6)


LIBRARY: dict[str, Callable[[Any], None]] = {
    'unsupported-metric-value': lambda cfg: library_checks.coco_metric(cfg.val_evaluator.metric),
    'segm-without-masks': lambda cfg: library_checks.coco_results(
        cfg.val_evaluator.metric, {'bbox': 'results.bbox.json'}
    ),
    'unsized-seg-preprocessor': lambda cfg: library_checks.stack_batch(
        cfg.model.data_preprocessor.get('size'), cfg.model.data_preprocessor.get('size_divisor')
    ),
    'invalid-transform-argument': lambda cfg: library_checks.random_flip(cfg.train_dataloader.dataset.pipeline[0].prob),
    'tensor-before-packing': _packed,
}


@pytest.mark.parametrize('rule', LIBRARY)
def test_library_raises(rule: str, tmp_path: Path) -> None:
    said = all_rules()[rule].raises
    with pytest.raises(Exception) as raised:
        LIBRARY[rule](loaded(rule, 'bad', tmp_path))
    assert said is not None and said in str(raised.value)
    LIBRARY[rule](loaded(rule, 'good', tmp_path))


def _channels_fit(cfg: Any) -> bool:
    from torch import nn, zeros

    widths = {18: [64, 128, 256, 512], 50: [256, 512, 1024, 2048]}[cfg.model.backbone.depth]
    laterals = [nn.Conv2d(channels, 1, 1) for channels in cfg.model.neck.in_channels]
    try:
        for lateral, width in zip(laterals, widths, strict=True):
            lateral(zeros(1, width, 2, 2))
    except RuntimeError as error:
        assert str(all_rules()['channel-mismatch'].raises) in str(error)
        return False
    return True


def _classes(cfg: Any) -> Any:
    from mmengine.registry import DATASETS

    import tests.kit.toy  # noqa: F401

    return DATASETS.build(cfg.train_dataloader.dataset).metainfo['classes']


def _crop_is_batch(cfg: Any) -> bool:
    crop = cfg.train_dataloader.dataset.pipeline[0].crop_size
    return library_checks.padded(crop, cfg.model.data_preprocessor.size) == tuple(crop)


def _annotations_agree(cfg: Any) -> bool:
    dataset = cfg.val_dataloader.dataset
    return library_checks.join_path(dataset.data_root, dataset.ann_file) == cfg.val_evaluator.ann_file


RIGHT: dict[str, Callable[[Any], bool]] = {
    'stale-helper-variable': lambda cfg: cfg.train_dataloader.dataset.data_root == cfg.data_root,
    'dropped-imports': lambda cfg: 'my_backbones' in cfg.custom_imports.imports,
    'dropped-hooks': lambda cfg: any(hook.type == 'EMAHook' for hook in cfg.custom_hooks),
    'empty-dict-over-base': lambda cfg: not cfg.optim_wrapper.clip_grad,
    'num-classes-mismatch': lambda cfg: (
        cfg.model.bbox_head.num_classes == len(cfg.train_dataloader.dataset.metainfo.classes)
    ),
    'upper-case-metainfo': lambda cfg: _classes(cfg) == ('can', 'bottle'),
    'unjoined-path': lambda cfg: cfg.val_evaluator.ann_file == 'data/shelf/val.json',
    'stale-annotations': _annotations_agree,
    'crop-unlike-batch': _crop_is_batch,
    'channel-mismatch': _channels_fit,
    'masks-not-loaded': lambda cfg: cfg.train_dataloader.dataset.pipeline[0].get('with_mask', False),
}
"""Tells of a config, as MMEngine reads it, whether it is as it was meant."""


@pytest.mark.parametrize('rule', RIGHT)
def test_mmengine_reads_something_else(rule: str, tmp_path: Path) -> None:
    assert not RIGHT[rule](loaded(rule, 'bad', tmp_path))
    assert RIGHT[rule](loaded(rule, 'good', tmp_path))


def test_doubled_root(tmp_path: Path) -> None:
    from mmengine.dataset import BaseDataset

    def path(kind: str) -> str:
        dataset = loaded('doubled-root', kind, tmp_path).train_dataloader.dataset
        return BaseDataset(data_root=dataset.data_root, ann_file=dataset.ann_file, lazy_init=True).ann_file

    assert path('bad') == 'data/shelf/data/shelf/train.json'
    assert path('good') == 'data/shelf/train.json'


def test_no_batch_means_no_iteration(tmp_path: Path) -> None:
    assert train(written('batch-larger-than-dataset', 'bad', tmp_path), tmp_path / 'bad').iter == 0
    assert train(written('batch-larger-than-dataset', 'good', tmp_path), tmp_path / 'good').iter > 0


def _orders(path: Path, work: Path) -> list[list[int]]:
    runner = build(path, work)
    orders: list[list[int]] = []
    runner.train_loop.run_iter = lambda idx, batch: orders[-1].extend(int(each[0]) for each in batch['inputs'])
    start = runner.train_loop.run_epoch

    def run_epoch() -> None:
        orders.append([])
        start()

    runner.train_loop.run_epoch = run_epoch
    runner.train()
    return orders


def test_each_epoch_has_the_same_order(tmp_path: Path) -> None:
    first, second = _orders(written('frozen-shuffle', 'bad', tmp_path), tmp_path / 'bad')
    assert first == second and len(first) > 2
    first, second = _orders(written('frozen-shuffle', 'good', tmp_path), tmp_path / 'good')
    assert first != second


def test_normalized_twice(tmp_path: Path) -> None:
    import torch
    from mmengine.registry import MODELS

    cfg = loaded('normalized-twice', 'bad', tmp_path)
    preprocessor = MODELS.build(cfg.model.data_preprocessor)
    transform = cfg.train_dataloader.dataset.pipeline[0]
    image = torch.arange(0.0, 256.0).reshape(1, 16, 16)
    once = preprocessor({'inputs': [image]})['inputs']
    twice = preprocessor({'inputs': [(image - transform.mean[0]) / transform.std[0]]})['inputs']
    assert once.std() > 50 * twice.std()


PIPELINES = {
    "dict(type='ImageToTensor', keys=['img']), dict(type='PackDetInputs')": 1,
    "dict(type='mmcv.ToTensor', keys=('gt', 'img')), dict(type='Resize', scale=(2, 2)), dict(type='mmseg.PackSegInputs')": 1,
    "dict(type='ImageToTensor', keys=['img']), dict(type='ToTensor', keys=['img']), dict(type='PackPoseInputs')": 2,
    "dict(type='TestTimeAug', transforms=[[dict(type='ImageToTensor', keys=['img'])], [dict(type='PackDetInputs')]])": 1,
    "dict(type='ToTensor', keys=['gt_label']), dict(type='PackDetInputs')": 0,
    "dict(type='PackDetInputs'), dict(type='ImageToTensor', keys=['img'])": 0,
    "dict(type='ImageToTensor', keys=['img']), dict(type='PackInputs')": 0,
    "dict(type='ImageToTensor', keys=['img']), dict(type='Collect', keys=['img'])": 0,
    "dict(type='ImageToTensor', keys='img'), dict(type='PackDetInputs')": 0,
}
"""Pipelines, with how many of their transforms make a tensor too early."""


@pytest.mark.parametrize('pipeline', PIPELINES)
def test_tensors_before_packing(pipeline: str, tmp_path: Path) -> None:
    text = f"train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=[{pipeline}]))\n"
    assert len(diagnose(tmp_path, complete(text), rules=['tensor-before-packing'])) == PIPELINES[pipeline]


GRIDS: dict[str, dict[str, list[Any]]] = {
    'Resize': {
        'scale': [None, (10, 20), [10, 20], 10],
        'scale_factor': [None, 1, 0.5, (1.0, 1.0), [1.0, 1.0]],
        'keep_ratio': [True, False],
    },
    'RandomFlip': {
        'prob': [None, 0, 1, 0.5, 1.5, -0.5, [0.5, 0.5], [1, 0], [0.7, 0.6], (0.5, 0.5), [0.3, 0.3]],
        'direction': ['horizontal', ['horizontal', 'vertical'], ('horizontal', 'vertical'), 'up', ['horizontal', 'up']],
    },
    'Pad': {
        'size': [None, (50, 50)],
        'size_divisor': [None, 32],
        'pad_to_square': [True, False],
        'pad_val': [0, 0.5, {'img': 0}, (0, 0, 0)],
        'padding_mode': ['constant', 'wrap'],
    },
    'CenterCrop': {'crop_size': [8, (8, 8), [8, 8], 0, (0, 8), (8, 8, 8), 8.5, None]},
    'RandomResize': {
        'scale': [(10, 20), [(10, 20), (20, 40)], [[10, 20], [20, 40]], [10, 20], [(10, 20)], ((10, 20), (20, 40))],
        'ratio_range': [None, (0.5, 2.0), (2.0, 0.5)],
    },
    'RandomChoice': {
        'transforms': [[[], []]],
        'prob': [None, [0.5, 0.5], [1, 0], [0.7, 0.2], [0.5, 0.3, 0.2], (0.5, 0.5), [0.1, 0.9]],
    },
}
CHECKS = {
    'Resize': library_checks.resize, 'RandomFlip': library_checks.random_flip, 'Pad': library_checks.pad,
    'CenterCrop': library_checks.center_crop, 'RandomResize': library_checks.random_resize,
    'RandomChoice': library_checks.random_choice,
}  # fmt: skip


def _refused(name: str, given: dict[str, Any]) -> bool:
    try:
        CHECKS[name](**given)
    except (AssertionError, TypeError, ValueError, NotImplementedError):
        return True
    return False


@pytest.mark.parametrize('name', GRIDS)
def test_faults_of_transforms(name: str) -> None:
    for values in itertools.product(*GRIDS[name].values()):
        given = dict(zip(GRIDS[name], values, strict=True))
        assert bool(list(FAULTS[name](given))) == _refused(name, given), given


@pytest.mark.parametrize('name', GRIDS)
def test_advice_mends_transforms(name: str) -> None:
    for values in itertools.product(*GRIDS[name].values()):
        given = dict(zip(GRIDS[name], values, strict=True))
        while fault := next((each for each in FAULTS[name](given) if each.advice.code is not None), None):
            argument, _, code = str(fault.advice.code).partition('=')
            given[argument] = eval(code)  # only values and `dict(…)`
            assert fault.message not in {each.message for each in FAULTS[name](given)}, given
        assert list(FAULTS[name](given)) or not _refused(name, given), given
