"""What is said of 0.x repositories that have registries, and arguments, of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.component.test_components import diagnose

if TYPE_CHECKING:
    from pathlib import Path

MODEL = "model = dict(type='FasterRCNN', backbone=dict(type='ResNet', depth=50))\n"
DATA = "data = dict(train=dict(type='CocoDataset', ann_file='a.json', pipeline=[]))\n"
OWN = {
    'own/__init__.py': '',
    'own/registry.py': "from mmcv.utils import Registry\n\nBACKBONES = Registry('backbone')\n",
    'own/hrnet.py': (
        'from own.registry import BACKBONES\n\n\n@BACKBONES.register_module\n'
        'class HRNet:\n    def __init__(self, arch): ...\n'
    ),
}


@pytest.mark.parametrize(('kind', 'said'), [('HRNet', []), ('ResNet', ['unknown-argument'])])
def test_a_registry_of_its_own_may_be_the_one_asked(tmp_path: Path, kind: str, said: list[str]) -> None:
    config = f"model = dict(type='FasterRCNN', backbone=dict(type='{kind}', depth=50, arch='w18'))\n{DATA}"
    assert [rule for rule, *_ in diagnose(tmp_path, {**OWN, 'config.py': config}, 'mmdet==2.28.2')] == said


REGISTRATIONS = {
    'a loop over a package': (
        'import inspect\nfrom torchvision import transforms\nfrom own.registry import PIPELINES\n\n'
        'for each in inspect.getmembers(transforms, inspect.isclass):\n    PIPELINES.register_module(each[1])\n'
    ),
    'a class': ('from own.registry import PIPELINES\n\n\n@PIPELINES.register_module()\nclass Rotated:\n    pass\n'),
}


@pytest.mark.parametrize(('text', 'said'), [
    ('a loop over a package', []),
    ('a class', ['unknown-argument']),
])  # fmt: skip
def test_what_a_registry_of_its_own_may_have(tmp_path: Path, text: str, said: list[str]) -> None:
    files = {
        'own/__init__.py': '',
        'own/registry.py': "from mmcv.utils import Registry\n\nPIPELINES = Registry('pipeline')\n",
        'own/transforms.py': REGISTRATIONS[text],
        'config.py': f'{MODEL}{DATA}'.replace('[]', "[dict(type='RandomCrop', crop_siz=2, crop_size=(2, 2))]"),
    }
    assert [rule for rule, *_ in diagnose(tmp_path, files, 'mmdet==2.28.2')] == said


BUILDER = """from mmcv.utils import build_from_cfg
from mmdet.datasets import DATASETS


def build_dataset(cfg, default_args=None):
    if cfg['type'] == 'Paired':
        return Paired(build_dataset(cfg['source']), cfg)
    return build_from_cfg(cfg, DATASETS, default_args)
"""
PAIRED = """from mmdet.datasets import DATASETS


@DATASETS.register_module()
class Paired:
    def __init__(self, source, cfg): ...


@DATASETS.register_module()
class Tripled:
    def __init__(self, source): ...
"""


@pytest.mark.parametrize(('kind', 'said'), [('Paired', []), ('Tripled', ['unknown-argument'])])
def test_a_class_that_a_builder_of_its_own_makes_itself(tmp_path: Path, kind: str, said: list[str]) -> None:
    files = {'own/__init__.py': '', 'own/builder.py': BUILDER, 'own/paired.py': PAIRED}
    config = f"{MODEL}data = dict(train=dict(type='{kind}', source=dict(type='CocoDataset', ann_file='a', pipeline=[]), ratio=2))\n"
    assert [rule for rule, *_ in diagnose(tmp_path, {**files, 'config.py': config}, 'mmdet==2.28.2')] == said


@pytest.mark.parametrize(('value', 'said'), [("'dynamic'", []), ("'512.'", ['wrong-argument-type']), ('512.', [])])
def test_a_word_for_a_number_by_default(tmp_path: Path, value: str, said: list[str]) -> None:
    config = f"{MODEL}{DATA}optimizer_config = dict(type='Fp16OptimizerHook', loss_scale={value})\n"
    assert [rule for rule, *_ in diagnose(tmp_path, {'config.py': config}, 'mmdet==2.25.3', 'mmcv==1.4.8')] == said


def test_wrappers_that_are_read_key_by_key(tmp_path: Path) -> None:
    config = f"{MODEL}data = dict(train=dict(type='ConcatDataset', datasets=[], saparate_eval=False))\n"
    [(rule, _, message, *_)] = diagnose(tmp_path, {'config.py': config}, 'mmdet==2.28.2')
    assert rule == 'misspelt-argument'
    assert 'TypeError' not in message


def test_a_type_that_the_copy_is_too_old_for_is_not_another_librarys(tmp_path: Path) -> None:
    files = {
        'mmdet/__init__.py': '', 'mmdet/version.py': "__version__ = '3.0.0'\n",
        'config.py': (
            "default_scope = 'mmdet'\nmodel = dict(type='DeepSORT')\n"
            "train_dataloader = dict(dataset=dict(type='MOTChallengeDataset'))\n"
        ),
    }  # fmt: skip
    assert 'wrong-default-scope' not in [rule for rule, *_ in diagnose(tmp_path, files)]


@pytest.mark.parametrize(('stage', 'said'), [('val', []), ('test', []), ('train', ['unknown-argument'])])
def test_training_takes_a_batch_size_away(tmp_path: Path, stage: str, said: list[str]) -> None:
    """`train_detector` and the tools that test pop `samples_per_gpu` of what they evaluate on."""
    data = f"data = dict({stage}=dict(type='CocoDataset', ann_file='a.json', pipeline=[], samples_per_gpu=1))\n"
    assert [rule for rule, *_ in diagnose(tmp_path, {'config.py': MODEL + data}, 'mmdet==2.28.2')] == said


def test_what_a_wrapper_does_not_read_of_a_base_is_not_missed(tmp_path: Path) -> None:
    """`build_dataset` makes a `RepeatDataset` of `dataset` and `times`: what a base's dataset leaves there is harmless."""
    data = "data = dict(train=dict(type='RepeatDataset', {}times=3, dataset=dict(type='CocoDataset', ann_file='b', pipeline=[])))\n"
    for said, given in ([], ''), (['unknown-argument'], "ann_file='a', "):
        files = {'base.py': MODEL + DATA, 'config.py': "_base_ = 'base.py'\n" + data.format(given)}
        assert [rule for rule, *_ in diagnose(tmp_path, files, 'mmdet==2.28.2')] == said


def test_the_layers_of_a_backbone_of_ones_own(tmp_path: Path) -> None:
    """Whoever builds a normalization with mmcv's `build_norm_layer` may say whether it is trained."""
    model = "model = dict(type='FasterRCNN', backbone=dict(type='Own', norm_layer=dict(type='BN', {})))\n"
    for said, given in ([], 'requires_grad=True'), (['unknown-argument'], 'requires_gradient=True'):
        found = diagnose(tmp_path, {'config.py': model.format(given) + DATA}, 'mmdet==2.28.2')
        assert [rule for rule, *_ in found if rule != 'unknown-type'] == said
