"""Each renamed or dropped component and argument, in a config of its library, of 0.x and of 1.x."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.diagnostics import Severity
from cfglint.rules.deprecated import arguments, components, datasets, models, renames
from cfglint.rules.deprecated.libraries import SUCCESSORS
from tests.rules.deprecated.kit import diagnose, found, serious

if TYPE_CHECKING:
    from pathlib import Path

    from cfglint.diagnostics import Diagnostic

MARK = {
    'mmdet': 'CocoDataset',
    'mmseg': 'ADE20KDataset',
    'mmcls': 'ImageNet',
    'mmselfsup': 'MultiViewDataset',
    'mmpose': 'FreiHandDataset',
    'mmaction': 'VideoDataset',
    'mmocr': 'IcdarDataset',
    'mmedit': 'AdobeComp1kDataset',
    'mmgen': 'SinGANDataset',
    'mmrotate': 'DOTADataset',
    'mmtrack': 'ReIDDataset',
    'mmflow': 'FlyingChairs',
    'mmdet3d': 'KittiDataset',
}
"""A dataset that tells the library."""


def legacy(folder: Path, library: str, part: str) -> list[Diagnostic]:
    """Return what is said of a part in a 0.x config of a library."""
    text = f"custom = {part}\ndata = dict(val=dict(type='{MARK[library]}'))\n"
    return diagnose(folder, text)


def modern(folder: Path, scope: str, part: str) -> list[Diagnostic]:
    """Return what is said of a part in a 1.x config of a scope."""
    return diagnose(folder, f"default_scope = '{scope}'\nmodel = dict(part={part})\n")


def new_name(text: str) -> str:
    """Return what a message has to say of a row: the new name, or the beginning of the sentence."""
    return text[1:].partition('; ')[0] if text[0] in '=~' else text.partition('`')[0]


TYPES = [
    (library, kind, text)
    for group in (components.TRANSFORMS, datasets.DATASETS, models.MODELS)
    for library, table in group.items()
    for kind, text in table.items()
]


@pytest.mark.parametrize(('library', 'kind', 'text'), TYPES, ids=[f'{row[0]}-{row[1]}' for row in TYPES])
def test_each_removed_type(library: str, kind: str, text: str, tmp_path: Path) -> None:
    part = f"dict(type='{kind}')"
    diagnostic = found(legacy(tmp_path / 'old', library, part), 'custom.type')
    assert new_name(text) in diagnostic.message and diagnostic.severity is Severity.ERROR
    scope = SUCCESSORS[library]
    said = modern(tmp_path / 'new', scope, part)
    if kind in components.KEPT.get(scope, ()):
        assert said == []
    else:
        assert f'not in the registries of `{scope}`' in found(said, 'model.part.type').message


@pytest.mark.parametrize('library', MARK)
def test_packing(library: str, tmp_path: Path) -> None:
    for kind in ('Collect', 'DefaultFormatBundle'):
        diagnostic = found(legacy(tmp_path / library, library, f"[dict(type='{kind}')]"), 'custom.0.type')
        assert 'Pack' in diagnostic.message and diagnostic.rule == 'removed-transform'


KEPT_IN_MODERN = ('Normalize', 'Pad', 'ImageToTensor', 'ToTensor', 'MultiScaleFlipAug', 'Resize', 'RandomFlip')


@pytest.mark.parametrize('scope', sorted(set(SUCCESSORS.values())))
def test_what_1x_still_has_is_not_reported(scope: str, tmp_path: Path) -> None:
    parts = ', '.join(f'dict(type={kind!r})' for kind in KEPT_IN_MODERN)
    assert [each.key for each in modern(tmp_path, scope, f'[{parts}]') if each.rule != 'renamed-scope'] == []


def test_collect_is_still_there_in_mmpretrain(tmp_path: Path) -> None:
    assert modern(tmp_path, 'mmpretrain', "dict(type='Collect')") == []
    assert serious(modern(tmp_path, 'mmyolo', "dict(type='Collect')")) == []
    assert serious(modern(tmp_path, 'mmyolo', "dict(type='mmdet.Collect')")) == [
        ('removed-transform', 'model.part.type')
    ]


@pytest.mark.parametrize('kind', models.HOOKS)
def test_each_removed_hook(kind: str, tmp_path: Path) -> None:
    text = f"data = dict()\ncustom_hooks = [dict(type='{kind}')]\n"
    assert found(diagnose(tmp_path, text), 'custom_hooks.0.type').rule == 'removed-hook'
    text = f"default_scope = 'mmdet'\ncustom_hooks = [dict(type='{kind}')]\n"
    assert found(diagnose(tmp_path, text), 'custom_hooks.0.type').severity is Severity.ERROR


ARGUMENTS = [
    (library, kind, name, text)
    for library, rows in arguments.ARGUMENTS.items()
    for kind, table in rows.items()
    for name, text in table.items()
]


@pytest.mark.parametrize(
    ('library', 'kind', 'name', 'text'), ARGUMENTS, ids=[f'{r[0]}-{r[1]}-{r[2]}' for r in ARGUMENTS]
)
def test_each_renamed_argument(library: str, kind: str, name: str, text: str, tmp_path: Path) -> None:
    part = f"dict(type='{kind}', {name}='x')"
    if kind not in components.ALL_TRANSFORMS:
        diagnostic = found(legacy(tmp_path / 'old', library, part), f'custom.{name}')
        assert new_name(text).partition('{')[0] in diagnostic.message
    said = [each for each in modern(tmp_path / 'new', SUCCESSORS[library], part) if each.key == f'model.part.{name}']
    assert [each.severity for each in said] == [Severity.ERROR] and 'unexpected keyword argument' in said[0].message


DATASET_ARGUMENTS = [
    (library, name, text) for library, table in arguments.DATASET_ARGUMENTS.items() for name, text in table.items()
]


@pytest.mark.parametrize(
    ('library', 'name', 'text'), DATASET_ARGUMENTS, ids=[f'{r[0]}-{r[1]}' for r in DATASET_ARGUMENTS]
)
def test_each_dataset_argument(library: str, name: str, text: str, tmp_path: Path) -> None:
    part = f"dict(type='{MARK[library]}', {name}='x')"
    said = diagnose(tmp_path / 'old', f'data = dict(train={part})\n')
    assert new_name(text).partition('{')[0] in found(said, f'data.train.{name}').message
    said = diagnose(
        tmp_path / 'new', f"default_scope = '{SUCCESSORS[library]}'\ntrain_dataloader = dict(dataset={part})\n"
    )
    found(said, f'train_dataloader.dataset.{name}')


def test_a_dataset_of_the_user_takes_what_it_likes(tmp_path: Path) -> None:
    text = (
        "default_scope = 'mmdet'\ntrain_dataloader = dict(dataset=dict(type='MyDataset', img_prefix='a', classes=()))\n"
    )
    assert diagnose(tmp_path, text) == []


PRETRAINED = {'mmdet': 'RetinaNet', 'mmocr': 'DBNet', 'mmedit': 'EDVR', 'mmtrack': 'SELSA', 'mmrotate': 'R3Det'}


@pytest.mark.parametrize('library', PRETRAINED)
def test_model_level_pretrained(library: str, tmp_path: Path) -> None:
    text = f"data = dict()\nmodel = dict(type='{PRETRAINED[library]}', pretrained='torchvision://resnet50')\n"
    message = found(diagnose(tmp_path, text), 'model.pretrained').message
    assert "init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50')" in message


@pytest.mark.parametrize(
    'text',
    [
        "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', pretrained='a')\n",
        "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', pretrained='a')\n",
        "default_scope = 'mmdet'\nmodel = dict(type='MyDetector', pretrained='a')\n",
        "data = dict(train=dict(type='ADE20KDataset'))\nmodel = dict(type='EncoderDecoder', pretrained='a')\n",
    ],
)
def test_models_that_still_take_pretrained(text: str, tmp_path: Path) -> None:
    assert 'model-level-pretrained' not in [rule for rule, _ in serious(diagnose(tmp_path, text))]


RENAMES = [(scope, kind, text) for scope, table in renames.COMPONENTS.items() for kind, text in table.items()]


@pytest.mark.parametrize(('scope', 'kind', 'text'), RENAMES, ids=[f'{row[0]}-{row[1]}' for row in RENAMES])
def test_each_component_renamed_within_1x(scope: str, kind: str, text: str, tmp_path: Path) -> None:
    said = [each for each in modern(tmp_path, scope, f"dict(type='{kind}')") if each.rule == 'renamed-component']
    assert len(said) == 1 and new_name(text) in said[0].message


@pytest.mark.parametrize('scope', renames.SCOPES)
def test_each_renamed_scope(scope: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, f"default_scope = '{scope}'\n")
    assert serious(diagnostics) == [('renamed-scope', 'default_scope')]
    assert renames.SCOPES[scope] in diagnostics[0].message


@pytest.mark.parametrize('name', renames.CONSTRUCTORS)
def test_each_optimizer_constructor(name: str, tmp_path: Path) -> None:
    text = f"optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), constructor='{name}')\n"
    assert renames.CONSTRUCTORS[name] in found(diagnose(tmp_path, text), 'optim_wrapper.constructor').message


@pytest.mark.parametrize('name', ['mmcls.models', 'mmselfsup.models', 'mmcv.runner', 'mmgen.models'])
def test_custom_imports(name: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, f"custom_imports = dict(imports=['{name}', 'mine'], allow_failed_imports=False)\n")
    assert [each.rule for each in diagnostics] == ['renamed-module']
    assert diagnose(tmp_path / 'own', "default_scope = 'mmgen'\ncustom_imports = dict(imports='mmgen.models')\n")[
        0
    ].rule == ('renamed-scope')


AXES = [(library, kind, name) for library, table in arguments.AXES.items() for kind, name in table.items()]


@pytest.mark.parametrize(('library', 'kind', 'name'), AXES)
def test_each_swapped_size(library: str, kind: str, name: str, tmp_path: Path) -> None:
    said = [
        each for each in legacy(tmp_path, library, f"dict(type='{kind}', {name}=(800, 1333))") if 'axis' in each.rule
    ]
    assert [each.key for each in said] == [f'custom.{name}'] and '(1333, 800)' in said[0].message
    said = legacy(tmp_path, library, f"dict(type='{kind}', {name}=(640, 640))")
    assert 'swapped-axis-order' not in [each.rule for each in said]


def test_a_crop_by_range_keeps_its_order(tmp_path: Path) -> None:
    part = "dict(type='RandomCrop', crop_size=(384, 600), crop_type='absolute_range')"
    assert serious(legacy(tmp_path, 'mmdet', part)) == [('removed-data', 'data'), ('removed-data', 'data.val')]


def test_file_client_args_is_advice(tmp_path: Path) -> None:
    said = modern(tmp_path, 'mmdet', "dict(type='LoadImageFromFile', file_client_args=dict(backend='petrel'))")
    assert [each.severity for each in said] == [Severity.INFO]
    assert modern(tmp_path, 'mmdet', "dict(type='MyLoader', file_client_args=dict())") == []


def test_a_value_that_several_sections_share_is_one_place(tmp_path: Path) -> None:
    text = (
        "default_scope = 'mmdet'\ntrain_pipeline = [dict(type='Collect', keys=['img'])]\n"
        'train_dataloader = dict(dataset=dict(pipeline=train_pipeline))\nval_dataloader = train_dataloader\n'
    )
    said = diagnose(tmp_path, text)
    assert serious(said) == [('removed-transform', 'train_dataloader.dataset.pipeline.0.type')]


def test_scope_of_an_outer_dict(tmp_path: Path) -> None:
    text = "default_scope = 'mmpretrain'\nmodel = dict(_scope_='mmdet', part=dict(type='CustomDataset'))\n"
    assert serious(diagnose(tmp_path, text)) == [('removed-dataset', 'model.part.type')]
    assert diagnose(tmp_path, text.replace("_scope_='mmdet', ", '')) == []
