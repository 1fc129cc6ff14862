"""What a name that does not exist may have meant."""

from __future__ import annotations

import pytest

from cfglint.catalog import Installation, libraries, suggest


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


@pytest.mark.parametrize(
    ('name', 'scope', 'to'),
    [
        ('Collect', 'mmdet', 'PackDetInputs'),
        ('mmdet.Collect', 'mmpretrain', 'PackDetInputs'),
        ('RResize', 'mmrotate', 'mmdet.Resize'),
        ('EpochBasedRunner', 'mmdet', 'EpochBasedTrainLoop'),
    ],
)
def test_successors(name: str, scope: str, to: str) -> None:
    found = suggest.successor(name, scope)
    assert found is not None
    assert found.to == to


def test_no_successor() -> None:
    assert suggest.successor('RetinaHead', 'mmdet') is None
    gone = suggest.successor('MMDetWandbHook', 'mmdet')
    assert gone is not None
    assert gone.to is None


@pytest.mark.parametrize('row', list(suggest.successors()), ids=lambda row: f'{row.scope}.{row.name}')
def test_every_successor_exists_and_its_predecessor_is_gone(row: suggest.Successor) -> None:
    library = libraries.library_of(row.scope)
    assert library is not None
    installation = _installation(library)
    assert row.to is None or installation.find(row.to, None, row.scope) is not None
    assert installation.find(row.name, None, row.scope) is None


_INSTALLATIONS: dict[str, Installation] = {}


def _installation(library: str) -> Installation:
    if library not in _INSTALLATIONS:
        release = libraries.newest(library)
        assert release is not None
        _INSTALLATIONS[library] = Installation({library: release})
    return _INSTALLATIONS[library]


def test_arguments_that_were_renamed(mmdet: Installation) -> None:
    found = mmdet.find('RandomFlip', 'TRANSFORMS', 'mmdet')
    assert found is not None
    assert suggest.renamed_argument(found, 'flip_ratio') == 'prob'
    assert suggest.renamed_argument(found, 'other') is None


@pytest.mark.parametrize('row', suggest.renamed_arguments(), ids=lambda row: f'{row.names[0]}.{row.argument}')
def test_every_renamed_argument_is_gone_and_the_new_one_is_there(row: suggest.RenamedArgument) -> None:
    seen = 0
    for scope in row.scopes:
        library = libraries.library_of(scope)
        assert library is not None
        for name in row.names:
            found = _installation(library).find(name, None, scope)
            if found is not None and found.scope == scope:
                seen += 1
                signature = _installation(library).signature(found)
                assert row.to in signature.parameters
                assert row.argument not in signature.parameters
    assert seen


def test_scopes_that_were_renamed() -> None:
    assert suggest.renamed_scope('mmcls') == 'mmpretrain'
    assert suggest.renamed_scope('mmdet') is None
