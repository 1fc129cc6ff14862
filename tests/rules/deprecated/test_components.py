"""Each renamed or dropped component and argument, in a config of its library, of 0.x and of 1.x."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.catalog.library_facts import library
from cfglint.catalog.library_index import (
    constructors,
    gone,
    old_arguments,
    old_dataset_arguments,
    scope_of,
    swapped,
    taken_over,
)
from cfglint.catalog.successors import row_of
from cfglint.diagnostics import Severity
from cfglint.rules import family
from tests.kit import repo
from tests.rules.deprecated.kit import advised, diagnose, found, serious

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


def legacy(folder: Path, library: str, *parts: str) -> dict[str, Diagnostic]:
    """Return what is said of parts in a 0.x config of a library, by key; parts are items of ``custom``."""
    text = f"custom = [{', '.join(parts)}]\ndata = dict(val=dict(type='{MARK[library]}'))\n"
    return by_key(diagnose(folder, text))


def modern(folder: Path, scope: str, *parts: str) -> dict[str, Diagnostic]:
    """Return what is said of parts in a 1.x config of a scope, by key; parts are items of ``model.parts``."""
    return by_key(diagnose(folder, f"default_scope = '{scope}'\nmodel = dict(parts=[{', '.join(parts)}])\n"))


def by_key(diagnostics: list[Diagnostic]) -> dict[str, Diagnostic]:
    """Return diagnostics by key, each key once."""
    wanted = [each for each in diagnostics if each.rule not in ('legacy-config', 'renamed-scope')]
    keys = [each.key or '' for each in wanted]
    assert len(keys) == len(set(keys)), keys
    return dict(zip(keys, wanted, strict=True))


SCOPES = sorted({scope for library in MARK if (scope := scope_of(library)) is not None})


@pytest.mark.parametrize('scope', SCOPES)
def test_each_type_that_is_gone(scope: str, tmp_path: Path) -> None:
    rows = [(kind, row) for kind in gone()[scope] if (row := row_of(kind, scope)) is not None]
    new = modern(tmp_path, scope, *(f"dict(type='{kind}')" for kind, row in rows))
    for index, (kind, row) in enumerate(rows):
        said = new.get(f'model.parts.{index}.type')
        assert said is not None and f'not in the registries of `{scope}`' in said.message, kind
        assert said.severity is Severity.ERROR, kind
        if row.facts.todo is not None:
            words = (row.facts.todo, "type='", f'`{row.facts.type}`')
            assert any(each in advised(said) for each in words), kind
        elif row.facts.type is not None and said.advice is not None:
            assert row.facts.type in advised(said), kind


@pytest.mark.parametrize('library', MARK)
def test_packing(library: str, tmp_path: Path) -> None:
    (said,) = modern(tmp_path, str(scope_of(library)), "dict(type='DefaultFormatBundle')").values()
    assert 'Pack' in advised(said) and said.rule == 'removed-transform'


KEPT_IN_MODERN = ('Normalize', 'Pad', 'ImageToTensor', 'ToTensor', 'MultiScaleFlipAug', 'Resize', 'RandomFlip')


@pytest.mark.parametrize('scope', SCOPES)
def test_what_1x_still_has_is_not_reported(scope: str, tmp_path: Path) -> None:
    assert modern(tmp_path, scope, *(f'dict(type={kind!r})' for kind in KEPT_IN_MODERN)) == {}


def test_collect_is_still_there_in_mmpretrain(tmp_path: Path) -> None:
    assert modern(tmp_path, 'mmpretrain', "dict(type='Collect')") == {}
    said = modern(tmp_path, 'mmyolo', "dict(type='Collect')", "dict(type='mmdet.Collect')")
    assert list(said) == ['model.parts.1.type']


def test_each_removed_hook(tmp_path: Path) -> None:
    kinds = [kind for kind, place in gone()['mmengine'].items() if place[1] == 'hook_types']
    hooks = f'custom_hooks = [{", ".join(f"dict(type={kind!r})" for kind in kinds)}]\n'
    said = by_key(diagnose(tmp_path, f"default_scope = 'mmdet'\n{hooks}"))
    for index, kind in enumerate(kinds):
        one = said[f'custom_hooks.{index}.type']
        facts = library('mmengine').hook_types[kind]
        assert one.rule == 'removed-hook', kind
        assert facts.todo is None or facts.todo in advised(one) or "type='" in advised(one), kind


@pytest.mark.parametrize('scope', [scope for scope in old_arguments() if scope != 'mmengine'])
def test_each_old_argument(scope: str, tmp_path: Path) -> None:
    rows = [(kind, name) for kind, names in old_arguments()[scope].items() for name in names]
    new = modern(tmp_path, scope, *(f"dict(type='{kind}', {name}='x')" for kind, name in rows))
    for index, (kind, name) in enumerate(rows):
        said = new[f'model.parts.{index}.{name}']
        assert said.severity is Severity.ERROR and 'unexpected keyword argument' in said.consequence, (kind, name)
        assert advised(said).startswith(('write', 'use', 'remove', 'give', 'split', 'it belongs', '`')), (
            kind,
            name,
            advised(said),
        )


@pytest.mark.parametrize('library', old_dataset_arguments())
def test_each_dataset_argument(library: str, tmp_path: Path) -> None:
    names = [name for name in old_dataset_arguments()[library] if name != 'data_prefix']
    part = f"dict(type='{MARK[library]}', {', '.join(f'{name}={name!r}' for name in names)})"
    text = f"default_scope = '{scope_of(library)}'\ntrain_dataloader = dict(dataset={part})\n"
    new = by_key(diagnose(tmp_path, text))
    for name in names:
        assert new[f'train_dataloader.dataset.{name}'].advice is not None, name


@pytest.mark.parametrize(('scope', 'part', 'words'), [
    ('mmdet', "type='CocoDataset', img_prefix='a/'", "data_prefix=dict(img='a/')"),
    ('mmdet', "type='CocoDataset', classes=('a', 'b')", "metainfo=dict(classes=('a', 'b'))"),
    ('mmdet', "type='CocoDataset', filter_empty_gt=False", 'filter_cfg=dict(filter_empty_gt=False, min_size=32)'),
    ('mmseg', "type='ADE20KDataset', split='a.txt'", "write `ann_file='a.txt'`"),
])  # fmt: skip
def test_what_dataset_arguments_become(scope: str, part: str, words: str, tmp_path: Path) -> None:
    text = f"default_scope = '{scope}'\ntrain_dataloader = dict(dataset=dict({part}))\n"
    (said,) = diagnose(tmp_path, text)
    assert words in advised(said)


def test_another_transform_does_it(tmp_path: Path) -> None:
    step = "dict(type='Resize', img_scale=[(1333, 640), (1333, 800)], multiscale_mode='value')"
    said = modern(tmp_path, 'mmdet', step)
    assert all("type='RandomChoiceResize'" in advised(each) for each in said.values()) and len(said) == 2


def test_a_dataset_of_the_user_takes_what_it_likes(tmp_path: Path) -> None:
    text = (
        "default_scope = 'mmdet'\ntrain_dataloader = dict(dataset=dict(type='MyDataset', img_prefix='a', classes=()))\n"
    )
    assert diagnose(tmp_path, text) == []


PRETRAINED = {'mmdet': 'RetinaNet', 'mmocr': 'DBNet', 'mmrotate': 'R3Det'}


@pytest.mark.parametrize('scope', PRETRAINED)
def test_model_level_pretrained(scope: str, tmp_path: Path) -> None:
    text = f"default_scope = '{scope}'\nmodel = dict(type='{PRETRAINED[scope]}', pretrained='torchvision://resnet50')\n"
    said = found(diagnose(tmp_path, text), 'model.pretrained')
    assert "init_cfg = dict(type='Pretrained', checkpoint='torchvision://resnet50')" in advised(said)


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


@pytest.mark.parametrize(
    ('scope', 'expected'), [("default_scope = 'mmselfsup'\n", 0), ("default_scope = 'mmpretrain'\n", 1), ('', 0)]
)
def test_a_hook_that_a_release_of_1x_still_has(scope: str, expected: int, tmp_path: Path) -> None:
    text = "train_cfg = dict(by_epoch=True, max_epochs=1)\ncustom_hooks = [dict(type='DeepClusterHook')]\n"
    assert [each.rule for each in diagnose(tmp_path, scope + text)].count('removed-hook') == expected


@pytest.mark.parametrize('scope', taken_over())
def test_each_renamed_scope(scope: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, f"default_scope = '{scope}'\n")
    assert serious(diagnostics) == [('renamed-scope', 'default_scope')]
    assert taken_over()[scope] in diagnostics[0].message


@pytest.mark.parametrize('name', constructors())
def test_each_optimizer_constructor(name: str, tmp_path: Path) -> None:
    text = f"optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), constructor='{name}')\n"
    assert constructors()[name] in found(diagnose(tmp_path, text), 'optim_wrapper.constructor').message


@pytest.mark.parametrize('name', ['mmcls.models', 'mmselfsup.models', 'mmcv.runner', 'mmgen.models'])
def test_custom_imports(name: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, f"custom_imports = dict(imports=['{name}', 'mine'], allow_failed_imports=False)\n")
    assert [each.rule for each in diagnostics] == ['renamed-module']
    assert diagnose(tmp_path / 'own', "default_scope = 'mmgen'\ncustom_imports = dict(imports='mmgen.models')\n")[
        0
    ].rule == ('renamed-scope')


def test_a_module_that_the_new_library_lacks_is_not_advised(tmp_path: Path) -> None:
    text = "custom_imports = dict(imports=['mmcls.models.nowhere.own'], allow_failed_imports=True)\n"
    [told] = [each for each in diagnose(tmp_path, text) if each.rule == 'renamed-module']
    assert (
        told.message == '`mmcls` was taken over by `mmpretrain`, which has no `models.nowhere.own`' and told.fix is None
    )


@pytest.mark.parametrize(
    ('target', 'severity'),
    [
        ('mmcls==1.0.0rc6', Severity.INFO),
        ('mmdet==3.0.0', Severity.INFO),
        ('mmdet==3.1.0', Severity.WARNING),
        ('mmocr==1.0.0', Severity.WARNING),
    ],
)
def test_a_library_of_its_time_is_no_mistake(target: str, severity: Severity, tmp_path: Path) -> None:
    text = "default_scope = 'mmcls'\n", "custom_imports = dict(imports=['mmcls.models'])\n"
    for name, each in zip(('scope', 'module'), text, strict=True):
        (diagnostic,) = repo.diagnose(tmp_path / name, each, rules=family('deprecated'), targets=(target,))
        assert diagnostic.severity is severity
        assert (diagnostic.fix is None) is (name == 'scope' or severity is Severity.INFO)


@pytest.mark.parametrize('library', swapped())
def test_each_swapped_size(library: str, tmp_path: Path) -> None:
    rows = swapped()[library]
    for folder, size in (('oblong', (800, 1333)), ('square', (640, 640))):
        text = ', '.join(f"dict(type='{kind}', {name}={size})" for kind, names in rows.items() for name in names)
        text = f"custom = [{text}]\ndata = dict(val=dict(type='{MARK[library]}'))\n"
        said = [each for each in diagnose(tmp_path / folder, text) if each.rule == 'swapped-axis-order']
        assert len(said) == (sum(map(len, rows.values())) if folder == 'oblong' else 0)
        assert all('(1333, 800)' in advised(each) for each in said)


def test_a_crop_by_range_keeps_its_order(tmp_path: Path) -> None:
    part = "dict(type='RandomCrop', crop_size=(384, 600), crop_type='absolute_range')"
    assert 'swapped-axis-order' not in [each.rule for each in legacy(tmp_path, 'mmdet', part).values()]


def test_file_client_args_is_advice(tmp_path: Path) -> None:
    said = modern(tmp_path, 'mmdet', "dict(type='LoadImageFromFile', file_client_args=dict(backend='petrel'))")
    assert [each.severity for each in said.values()] == [Severity.INFO]
    assert modern(tmp_path, 'mmdet', "dict(type='MyLoader', file_client_args=dict())") == {}


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


def test_a_variable_in_a_replacement_stands_for_what_it_holds(tmp_path: Path) -> None:
    head = "type='DAFormerHead', decoder_params=dict(fusion_cfg=dict(type='conv', norm_cfg=norm_cfg))"
    model = f"norm_cfg = dict(type='BN', requires_grad=True)\nmodel = dict(type='EncoderDecoder', decode_head=dict({head}))\n"
    norm = 'img_norm_cfg = dict(mean=[1, 2, 3], std=[4, 5, 6], to_rgb=True)\n'
    data = f"{norm}data = dict(val=dict(type='CityscapesDataset', pipeline=[dict(type='Normalize', **img_norm_cfg)]))\n"
    files = {'model.py': model, 'data.py': data, 'config.py': "_base_ = ['model.py', 'data.py']\n"}
    assert 'removed-model-part' not in {each.rule for each in diagnose(tmp_path, files)}


def test_a_variable_in_what_a_person_has_to_replace_tells_nothing(tmp_path: Path) -> None:
    text = (
        'settings = dict(ssn=dict(assigner=dict(positive_iou_threshold=0.7)))\n'
        "model = dict(type='SSN', backbone=dict(type='ResNet', depth=50), train_cfg=settings)\n"
        "data = dict(val=dict(type='SSNDataset'))\n"
    )
    said = [each for each in diagnose(tmp_path, text) if each.rule == 'removed-model-part']
    assert [each.key for each in said] == ['model']


def test_what_becomes_of_a_component_is_told_with_all_that_is_inside(tmp_path: Path) -> None:
    head = """dict(type='RotatedRetinaHead', anchor_generator=dict(type='RotatedAnchorGenerator'),
                bbox_coder=dict(type='DeltaXYWHAOBBoxCoder', angle_range='le90'))"""
    part = f"dict(type='S2ANet', fam_head={head}, own=dict(type='ODMRefineHead'))"
    assert [key for key in modern(tmp_path, 'mmrotate', part) if 'fam_head' in key] == []
    alone = {key for key in modern(tmp_path, 'mmrotate', head) if 'angle_range' not in key}
    assert alone == {'model.parts.0.anchor_generator.type', 'model.parts.0.bbox_coder.type'}
