"""What a name that does not exist may have meant."""

from __future__ import annotations

import pytest

from cfglint.catalog import Installation, suggest


@pytest.fixture(scope='module')
def mmdet() -> Installation:
    return Installation({'mmdet': '3.3.0'})


@pytest.mark.parametrize(
    ('name', 'registry', 'scope', 'expected'),
    [
        ('RetinaHed', 'MODELS', 'mmdet', 'RetinaHead'),
        ('retina_head', 'MODELS', 'mmdet', 'RetinaHead'),
        ('CheckpointHok', 'HOOKS', 'mmdet', 'CheckpointHook'),
        ('mmpretrain.ConvNext', 'MODELS', 'mmdet', 'mmpretrain.ConvNeXt'),
        ('adamw', 'OPTIMIZERS', 'mmdet', 'AdamW'),
        ('PackDetInput', None, 'mmdet', 'PackDetInputs'),
    ],
)
def test_nearest_types(mmdet: Installation, name: str, registry: str | None, scope: str, expected: str) -> None:
    assert suggest.nearest_types(mmdet, name, registry, scope)[0] == expected


@pytest.mark.parametrize(
    ('name', 'meant', 'expected'),
    [
        ('RetinaHed', 'RetinaHead', True),
        ('RetinaHaed', 'RetinaHead', True),
        ('RetinaHeat', 'RetinaHead', True),
        ('retina-head', 'RetinaHead', True),
        ('RETINAHEAD', 'RetinaHead', True),
        ('num_clases', 'num_classes', True),
        ('FNP', 'FPN', True),
        ('RetinaHead', 'RetinaHead', False),
        ('L1Loss', 'L2Loss', False),
        ('ResNet18', 'ResNet50', False),
        ('MyResNet', 'ResNet', False),
        ('MyHead', 'DyHead', False),
        ('DropLoss', 'DIoULoss', False),
        ('channels', 'feat_channels', False),
        ('RotatedAnchorGenerator', 'FakeRotatedAnchorGenerator', False),
        ('ODMRefineHead', 'R3RefineHead', False),
        ('lr', 'l', False),
    ],
)
def test_a_slip_is_a_letter_or_two(name: str, meant: str, expected: bool) -> None:
    assert suggest.is_slip(name, meant) is expected


@pytest.mark.parametrize(
    ('name', 'meant', 'expected'),
    [
        ('DRN', 'DCN', False), ('ATS', 'ATSS', False), ('DRNHead', 'RPNHead', False), ('DRNHead', 'DyHead', False),
        ('FNP', 'FPN', True), ('FPNN', 'FPN', True), ('FCNHaed', 'FCNHead', True), ('RPNhead', 'RPNHead', True),
    ],
)  # fmt: skip
def test_each_letter_of_an_acronym_counts(name: str, meant: str, expected: bool) -> None:
    assert suggest.is_slip(name, meant) is expected


def test_nothing_near(mmdet: Installation) -> None:
    assert suggest.nearest_types(mmdet, 'Zzzyzx', 'MODELS', 'mmdet') == []


def test_nearest_arguments(mmdet: Installation) -> None:
    signature = mmdet.signature_at('mmdet.models.RetinaHead')
    assert suggest.nearest_arguments(signature, 'num_clases') == ['num_classes']
    assert suggest.nearest_arguments(signature, 'featChannels')[0] == 'feat_channels'


def test_the_library_that_has_it(mmdet: Installation) -> None:
    [found] = suggest.elsewhere(mmdet, 'Recognizer3D', 'MODELS')
    assert suggest.qualified(found) == 'mmaction.Recognizer3D'
    assert mmdet.find(suggest.qualified(found), 'MODELS', 'mmdet') is not None


def test_the_registry_that_has_it(mmdet: Installation) -> None:
    assert suggest.other_registries(mmdet, 'PackDetInputs', 'mmdet') == ['TRANSFORMS']


def test_the_releases_that_have_it() -> None:
    [found] = suggest.presence('GLIP', 'MODELS')
    assert (found.library, found.first, found.newest) == ('mmdet', '3.1.0', True)
    assert suggest.presence('NoSuchThing') == []
