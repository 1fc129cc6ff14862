"""Lookups in the shipped catalogs, as MMEngine's registries answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.catalog import Component, Extra, Installation, Missing, Unknown, libraries

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope='module')
def mmdet() -> Installation:
    return Installation({'mmdet': '3.3.0'})


def path(installation: Installation, name: str, registry: str | None = 'MODELS', scope: str = 'mmdet') -> str | None:
    found = installation.find(name, registry, scope)
    return None if found is None else found.path


@pytest.mark.parametrize(
    ('name', 'registry', 'scope', 'expected'),
    [
        ('RetinaHead', 'MODELS', 'mmdet', 'mmdet.models.dense_heads.retina_head.RetinaHead'),
        ('mmdet.RetinaHead', 'MODELS', 'mmengine', 'mmdet.models.dense_heads.retina_head.RetinaHead'),
        ('RetinaHead', 'MODELS', 'mmengine', None),
        ('RetinaHead', 'TRANSFORMS', 'mmdet', None),
        ('RetinaHead', None, 'mmdet', 'mmdet.models.dense_heads.retina_head.RetinaHead'),
        # The scope hides the root, and falls back to it, but never to a sibling.
        ('Resize', 'TRANSFORMS', 'mmdet', 'mmdet.datasets.transforms.transforms.Resize'),
        ('Resize', 'TRANSFORMS', 'mmengine', 'mmcv.transforms.processing.Resize'),
        ('mmengine.Resize', 'TRANSFORMS', 'mmdet', 'mmcv.transforms.processing.Resize'),
        ('CenterCrop', 'TRANSFORMS', 'mmdet', 'mmcv.transforms.processing.CenterCrop'),
        ('ConvNeXt', 'MODELS', 'mmdet', None),
        ('mmpretrain.ConvNeXt', 'MODELS', 'mmdet', 'mmpretrain.models.backbones.convnext.ConvNeXt'),
        # A foreign prefix falls back to the root, the own one does not.
        (
            'mmpretrain.ImgDataPreprocessor',
            'MODELS',
            'mmdet',
            'mmengine.model.base_model.data_preprocessor.ImgDataPreprocessor',
        ),
        ('mmdet.ImgDataPreprocessor', 'MODELS', 'mmdet', None),
        ('CheckpointHook', 'HOOKS', 'mmdet', 'mmengine.hooks.checkpoint_hook.CheckpointHook'),
        ('AdamW', 'OPTIMIZERS', 'mmdet', 'torch.optim.adamw.AdamW'),
        ('BN', 'MODELS', 'mmdet', 'torch.nn.modules.batchnorm.BatchNorm2d'),
        ('SyncBN', 'MODELS', 'mmdet', 'mmengine.utils.dl_utils.parrots_wrapper.SyncBatchNorm'),
        ('DCNv2', 'MODELS', 'mmdet', 'mmcv.ops.modulated_deform_conv.ModulatedDeformConv2dPack'),
        # What is not registered is tried as a path.
        ('torch.nn.Linear', 'MODELS', 'mmdet', 'torch.nn.modules.linear.Linear'),
        ('mmdet.models.RetinaHead', 'MODELS', 'mmdet', 'mmdet.models.dense_heads.retina_head.RetinaHead'),
        ('mmdet.models.RetinaHeda', 'MODELS', 'mmdet', None),
        ('mmdet.models', 'MODELS', 'mmdet', None),
        ('retinahead', 'MODELS', 'mmdet', None),
        ('', 'MODELS', 'mmdet', None),
        ('.', 'MODELS', 'mmdet', None),
        ('a.b.c.d.e.f.g.h', 'MODELS', 'mmdet', 'a.b.c.d.e.f.g.h'),
    ],
)
def test_find(mmdet: Installation, name: str, registry: str | None, scope: str, expected: str | None) -> None:
    assert path(mmdet, name, registry, scope) == expected


def test_the_component_of_a_library_without_a_catalog_is_unknown(mmdet: Installation) -> None:
    found = mmdet.find('timm.models.ResNet', 'MODELS', 'mmdet')
    assert found is not None
    assert found.kind == 'unknown'
    assert mmdet.signature(found).open


def test_torchvision_transforms_of_mmpretrain() -> None:
    installation = Installation({'mmpretrain': '1.2.0'})
    found = installation.find('torchvision/RandomHorizontalFlip', 'TRANSFORMS', 'mmpretrain')
    assert found is not None
    assert list(installation.signature(found).parameters) == ['p']
    assert installation.find('torchvision/InterpolationMode', 'TRANSFORMS', 'mmpretrain') is None


def test_optimizers_follow_the_release_of_torch() -> None:
    old, new = Installation({'torch': '1.8.1'}), Installation({'torch': '2.13.0'})
    assert old.find('Muon', 'OPTIMIZERS') is None
    assert new.find('Muon', 'OPTIMIZERS') is not None
    adam = {one: one.signature_at('torch.optim.Adam') for one in (old, new)}
    assert (adam[old].accepts('fused'), adam[new].accepts('fused')) == (False, True)


def test_adafactor_of_torch_was_renamed() -> None:
    for release, name in (('0.10.5', 'Adafactor'), ('0.10.6', 'TorchAdafactor')):
        found = Installation({'mmengine': release, 'torch': '2.13.0'}).find('TorchAdafactor', 'OPTIMIZERS')
        assert (found is not None) is (name == 'TorchAdafactor')


def test_heads_that_another_library_registers_need_that_library() -> None:
    assert Installation({'mmdet': '3.3.0'}).find('AVARoIHead', 'MODELS', 'mmdet') is None
    with_mmaction = Installation({'mmaction2': '1.2.0'})
    found = with_mmaction.find('AVARoIHead', 'MODELS', 'mmdet')
    assert found is not None
    assert found.library == 'mmaction2'


@pytest.mark.parametrize(
    ('dotted', 'kind'),
    [
        ('mmdet.models.RetinaHead', 'class'),
        ('mmdet.models', 'module'),
        ('mmdet.datasets.CocoDataset', 'class'),
        ('mmengine.dataset.sampler.DefaultSampler', 'class'),
        ('mmengine.dataset.pseudo_collate', 'function'),
        ('torch.optim.lr_scheduler.StepLR', 'class'),
        ('torch.Tensor', 'unknown'),
        ('transformers.AutoModel', 'unknown'),
    ],
)
def test_by_path(mmdet: Installation, dotted: str, kind: str) -> None:
    found = mmdet.by_path(dotted)
    assert isinstance(found, Component)
    assert found.kind == kind


@pytest.mark.parametrize(
    ('dotted', 'missing'),
    [
        ('mmdet.models.RetinaHed', Missing('mmdet.models', 'RetinaHed')),
        ('mmdet.modles.RetinaHead', Missing('mmdet', 'modles')),
        ('mmengine.hooks.NoHook', Missing('mmengine.hooks', 'NoHook')),
    ],
)
def test_what_a_path_lacks(mmdet: Installation, dotted: str, missing: Missing) -> None:
    assert mmdet.by_path(dotted) == missing


def test_a_bare_word_is_no_path(mmdet: Installation) -> None:
    assert isinstance(mmdet.by_path('int'), Unknown)


def test_releases_are_chosen_to_fit() -> None:
    installation = Installation({'mmdet': '3.3.0'})
    chosen = {name: installation.release(name) for name in ('mmcv', 'mmengine', 'mmpretrain')}
    assert {name: release.version for name, release in chosen.items() if release} == {
        'mmcv': '2.1.0',
        'mmengine': '0.10.7',
        'mmpretrain': '1.2.0',
    }
    assert installation.release('nothing') is None


def test_a_release_that_is_not_known_is_the_last_before_it() -> None:
    found = Installation({'mmdet': '3.2.5'}).release('mmdet')
    assert found is not None
    assert found.version == '3.2.0'


@pytest.mark.parametrize(
    ('name', 'library'),
    [
        ('mmseg', 'mmsegmentation'),
        ('mmaction', 'mmaction2'),
        ('mmdet', 'mmdet'),
        ('mmcv-full', 'mmcv'),
        ('mmcv_lite', 'mmcv'),
        ('mmengine-lite', 'mmengine'),
        ('nothing', None),
    ],
)
def test_libraries_by_scope(name: str, library: str | None) -> None:
    assert libraries.library_of(name) == library


def test_the_days_of_0_x() -> None:
    installation = Installation({'mmdet': '2.28.2'})
    assert (installation.era, installation.root) == (0, 'mmcv')
    assert path(installation, 'ResNet', 'BACKBONES') == 'mmdet.models.backbones.resnet.ResNet'
    assert path(installation, 'Collect', 'PIPELINES') == 'mmdet.datasets.pipelines.formatting.Collect'
    assert path(installation, 'CheckpointHook', 'HOOKS') == 'mmcv.runner.hooks.checkpoint.CheckpointHook'
    release = installation.release('mmcv')
    assert release is not None
    assert release.version == '1.7.2'


def test_releases_differ() -> None:
    old, new = Installation({'mmdet': '3.0.0'}), Installation({'mmdet': '3.3.0'})
    assert path(old, 'GLIP') is None
    assert path(new, 'GLIP') is not None


def test_a_hook_that_hands_on_its_kwargs_refuses_misspellings(mmdet: Installation) -> None:
    found = mmdet.find('CheckpointHook', 'HOOKS', 'mmdet')
    assert found is not None
    assert mmdet.signature(found).accepts('intervall') is False
    assert mmdet.signature(found).extra is Extra.REFUSED


def test_a_component_knows_its_place(mmdet: Installation) -> None:
    found = mmdet.find('RetinaHead', 'MODELS', 'mmdet')
    assert found is not None
    assert (found.library, found.release, found.module, found.line) == (
        'mmdet',
        '3.3.0',
        'mmdet.models.dense_heads.retina_head',
        10,
    )
    assert mmdet.derives(found.path, 'mmengine.model.BaseModule')
    assert not mmdet.derives(found.path, 'mmengine.hooks.Hook')


@pytest.mark.parametrize('library', libraries.libraries())
def test_every_catalog_can_be_read_whole(library: str) -> None:
    """Each line decodes, each registered name leads to an object or out of the library."""
    release = libraries.newest(library) or libraries.releases(library)[-1]
    installation = Installation({library: release})
    code = installation.release(library)
    assert code is not None
    scope = libraries.scope_of(library)
    for registry in installation.registries(scope):
        for name in installation.names(registry, scope):
            found = installation.find(f'{scope}.{name}', registry, installation.root)
            assert found is not None, name
            installation.signature(found)
    for module in code.catalog.modules():
        code.module(module)


def test_local_code_registers_beside_a_library(indexed: Callable[..., Installation]) -> None:
    installation = indexed(
        {
            'project/heads.py': """
        from mmdet.registry import MODELS
        from mmdet.models import RetinaHead

        @MODELS.register_module()
        class MyHead(RetinaHead): ...
    """
        },
        mmdet='3.3.0',
    )
    found = installation.find('MyHead', 'MODELS', 'mmdet')
    assert found is not None
    assert (found.path, found.library, found.line) == ('project.heads.MyHead', '', 6)
    assert installation.signature(found).required == ('num_classes', 'in_channels')


def test_a_library_that_is_worked_on_replaces_its_catalog(indexed: Callable[..., Installation]) -> None:
    installation = indexed(
        {
            'mmdet/__init__.py': '',
            'mmdet/registry.py': """
            from mmengine.registry import MODELS as MMENGINE_MODELS
            from mmengine.registry import Registry
            MODELS = Registry('model', parent=MMENGINE_MODELS)
        """,
            'mmdet/head.py': """
            from .registry import MODELS

            @MODELS.register_module()
            class OnlyHead: ...
        """,
        }
    )
    assert installation.find('OnlyHead', 'MODELS', 'mmdet') is not None
    assert installation.find('RetinaHead', 'MODELS', 'mmdet') is None
