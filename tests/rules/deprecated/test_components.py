"""Each renamed or dropped component and argument, in a config of its library, of 0.x and of 1.x."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.catalog.targets import Targets
from cfglint.diagnostics import Severity
from cfglint.engine import check
from cfglint.rules.deprecated import renames, tables
from cfglint.rules.deprecated.libraries import SUCCESSORS
from cfglint.rules.libraries import Libraries
from cfglint.workspace import Workspace
from tests.rules.deprecated.kit import RULES, advised, diagnose, found, serious, write

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


def told(became: tables.Became) -> str:
    """Return what advice has to say of a row."""
    return (became.to or became.note).partition('{')[0]


@pytest.mark.parametrize('library', MARK)
def test_each_removed_type(library: str, tmp_path: Path) -> None:
    rows = [row for table in (tables.TRANSFORMS, tables.DATASETS, tables.MODELS) for row in table[library].items()]
    scope = SUCCESSORS[library]
    new = modern(tmp_path, scope, *(f"dict(type='{kind}')" for kind, _ in rows))
    for index, (kind, became) in enumerate(rows):
        said = new.get(f'model.parts.{index}.type')
        if kind in tables.KEPT.get(scope, ()):
            assert said is None, kind
        else:
            assert said is not None and f'not in the registries of `{scope}`' in said.message, kind
            assert said.severity is Severity.ERROR and told(became) in advised(said), kind


@pytest.mark.parametrize('library', MARK)
def test_packing(library: str, tmp_path: Path) -> None:
    (said,) = modern(tmp_path, SUCCESSORS[library], "dict(type='DefaultFormatBundle')").values()
    assert 'Pack' in advised(said) and said.rule == 'removed-transform'


KEPT_IN_MODERN = ('Normalize', 'Pad', 'ImageToTensor', 'ToTensor', 'MultiScaleFlipAug', 'Resize', 'RandomFlip')


@pytest.mark.parametrize('scope', sorted(set(SUCCESSORS.values())))
def test_what_1x_still_has_is_not_reported(scope: str, tmp_path: Path) -> None:
    assert modern(tmp_path, scope, *(f'dict(type={kind!r})' for kind in KEPT_IN_MODERN)) == {}


def test_collect_is_still_there_in_mmpretrain(tmp_path: Path) -> None:
    assert modern(tmp_path, 'mmpretrain', "dict(type='Collect')") == {}
    said = modern(tmp_path, 'mmyolo', "dict(type='Collect')", "dict(type='mmdet.Collect')")
    assert list(said) == ['model.parts.1.type']


def test_each_removed_hook(tmp_path: Path) -> None:
    hooks = f'custom_hooks = [{", ".join(f"dict(type={kind!r})" for kind in tables.HOOKS)}]\n'
    said = by_key(diagnose(tmp_path, f"default_scope = 'mmdet'\n{hooks}"))
    for index, (kind, became) in enumerate(tables.HOOKS.items()):
        one = said[f'custom_hooks.{index}.type']
        assert one.rule == 'removed-hook' and told(became) in advised(one), kind


@pytest.mark.parametrize('library', MARK)
def test_each_renamed_argument(library: str, tmp_path: Path) -> None:
    rows = [(kind, *row) for kind, table in tables.ARGUMENTS[library].items() for row in table.items()]
    new = modern(tmp_path, SUCCESSORS[library], *(f"dict(type='{kind}', {name}='x')" for kind, name, _ in rows))
    for index, (kind, name, became) in enumerate(rows):
        if name == 'data_prefix':
            continue  # still there in 1.x, as a dict
        said = new[f'model.parts.{index}.{name}']
        assert said.severity is Severity.ERROR and 'unexpected keyword argument' in said.consequence, (kind, name)
        assert told(became) in advised(said), (kind, name)


@pytest.mark.parametrize('library', MARK)
def test_each_dataset_argument(library: str, tmp_path: Path) -> None:
    table = tables.DATASET_ARGUMENTS[library]
    part = f"dict(type='{MARK[library]}', {', '.join(f'{name}={name!r}' for name in table)})"
    text = f"default_scope = '{SUCCESSORS[library]}'\ntrain_dataloader = dict(dataset={part})\n"
    new = by_key(diagnose(tmp_path, text))
    for name, became in table.items():
        if name != 'data_prefix':
            assert told(became) in advised(new[f'train_dataloader.dataset.{name}']), name


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


@pytest.mark.parametrize('scope', tables.COMPONENTS)
def test_each_component_renamed_within_1x(scope: str, tmp_path: Path) -> None:
    rows = tables.COMPONENTS[scope]
    said = modern(tmp_path, scope, *(f"dict(type='{kind}')" for kind in rows))
    for index, (kind, became) in enumerate(rows.items()):
        diagnostic = said[f'model.parts.{index}.type']
        assert diagnostic.rule == 'renamed-component' and told(became) in advised(diagnostic), kind


@pytest.mark.parametrize('scope', renames.SCOPES)
def test_each_renamed_scope(scope: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, f"default_scope = '{scope}'\n")
    assert serious(diagnostics) == [('renamed-scope', 'default_scope')]
    assert renames.SCOPES[scope] in diagnostics[0].message


@pytest.mark.parametrize('name', tables.CONSTRUCTORS)
def test_each_optimizer_constructor(name: str, tmp_path: Path) -> None:
    text = f"optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), constructor='{name}')\n"
    assert tables.CONSTRUCTORS[name] in found(diagnose(tmp_path, text), 'optim_wrapper.constructor').message


@pytest.mark.parametrize('name', ['mmcls.models', 'mmselfsup.models', 'mmcv.runner', 'mmgen.models'])
def test_custom_imports(name: str, tmp_path: Path) -> None:
    diagnostics = diagnose(tmp_path, f"custom_imports = dict(imports=['{name}', 'mine'], allow_failed_imports=False)\n")
    assert [each.rule for each in diagnostics] == ['renamed-module']
    assert diagnose(tmp_path / 'own', "default_scope = 'mmgen'\ncustom_imports = dict(imports='mmgen.models')\n")[
        0
    ].rule == ('renamed-scope')


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
        workspace = Workspace(Libraries(Targets([target], installed=lambda distribution: None)))
        files = write(tmp_path / name, each)
        (diagnostic,) = check(files, RULES, workspace=workspace).diagnostics
        assert diagnostic.severity is severity
        assert (diagnostic.fix is None) is (name == 'scope' or severity is Severity.INFO)


@pytest.mark.parametrize('library', tables.AXES)
def test_each_swapped_size(library: str, tmp_path: Path) -> None:
    rows = tables.AXES[library]
    for folder, size in (('oblong', (800, 1333)), ('square', (640, 640))):
        text = ', '.join(f"dict(type='{kind}', {name}={size})" for kind, name in rows.items())
        text = f"custom = [{text}]\ndata = dict(val=dict(type='{MARK[library]}'))\n"
        said = [each for each in diagnose(tmp_path / folder, text) if each.rule == 'swapped-axis-order']
        assert len(said) == (len(rows) if folder == 'oblong' else 0)
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
