"""Where rules about data, models and inheritance say nothing, and where they point."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.report.parts import in_a_line
from tests.kit.complete import complete
from tests.kit.repo import diagnose

TRAIN = "train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(classes=('a', 'b'))))\n"
ONE_STAGE = "default_scope = 'mmdet'\nval_dataloader = test_dataloader = None\n" + TRAIN
SEGMENTOR = """default_scope = 'mmseg'
model = dict(
    type='EncoderDecoder',
    backbone=dict(type='ResNetV1c', depth=50),
    decode_head=dict(type='UPerHead', in_channels=[256, 512, 1024, 2048], in_index=[0, 1, 2, 3]),
    auxiliary_head=[dict(type='FCNHead', in_channels=1024, in_index=2), dict(type='FCNHead', in_channels={}, in_index={})])
"""


def check(rule: str, folder: Path, text: str, **bases: str) -> list[str]:
    """Return what a rule says of a config with some bases, in a line each; one without is completed."""
    files = {f'{name}.py': base for name, base in bases.items()}
    text = text if '_base_' in text else complete(text)
    found = diagnose(folder, {**files, 'config.py': text}, 'config.py', rules=[rule])
    return [f'{Path(each.path).name}: {in_a_line(each)}' for each in found]


@pytest.mark.parametrize(
    'model',
    [
        "dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=2))",
        "dict(type='FasterRCNN', rpn_head=dict(type='RPNHead', num_classes=1))",
        "dict(type='GLIP', language_model=dict(type='BertModel'), bbox_head=dict(type='ATSSVLFusionHead', num_classes=80))",
        "dict(type='Mine', reid=dict(head=dict(type='LinearReIDHead', num_classes=380)))",
        "dict(type='Mine', bbox_head=dict(type='MyHead', num_classes=int(input())))",
        "dict(type='mmdet3d.PointRCNN', roi_head=dict(bbox_head=dict(type='mmdet3d.PointRCNNBboxHead', num_classes=1)))",
        "dict(type='mmdet3d.Cylinder3D', decode_head=dict(type='mmdet3d.Cylinder3DHead', num_classes=3))",
    ],
)
def test_heads_that_fit(model: str, tmp_path: Path) -> None:
    assert check('num-classes-mismatch', tmp_path, f'{ONE_STAGE}model = {model}\n') == []


@pytest.mark.parametrize(('scope', 'expected'), [('mmdet', ['upper-case-metainfo']), ('mmtrack', [])])
def test_classes_in_capitals(scope: str, expected: list[str], tmp_path: Path) -> None:
    text = f"""default_scope = '{scope}'
model = dict(type='mmdet.RetinaNet', bbox_head=dict(type='mmdet.RetinaHead', num_classes=1))
train_dataloader = dict(dataset=dict(type='mmdet.CocoDataset', metainfo=dict(CLASSES=('pedestrian', ))))
val_dataloader = test_dataloader = None
"""
    rules = ('upper-case-metainfo', 'num-classes-mismatch')
    assert [rule for rule in rules if check(rule, tmp_path, text)] == expected


def test_the_forgotten_head_is_named(tmp_path: Path) -> None:
    model = """model = dict(type='MaskRCNN', roi_head=dict(
    bbox_head=[dict(type='H', num_classes=2), dict(type='H', num_classes=2)], mask_head=dict(type='M', num_classes=80)))
"""
    found = check('num-classes-mismatch', tmp_path, ONE_STAGE + model)
    assert len(found) == 1 and '`model.roi_head.mask_head.num_classes` is 80' in found[0] and 'names 2' in found[0]


def test_classes_of_a_stock_dataset_within_wrappers(tmp_path: Path) -> None:
    text = """default_scope = 'mmdet'
model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=3))
train_dataloader = dict(dataset=dict(type='RepeatDataset', times=2, dataset=dict(type='ConcatDataset', datasets=[
    dict(type='CocoDataset', ann_file='a.json')])))
val_dataloader = test_dataloader = None
"""
    found = check('num-classes-mismatch', tmp_path, text)
    assert len(found) == 1 and '`CocoDataset` of `train_dataloader` has 80 by itself' in found[0]


def test_a_custom_dataset_is_not_known(tmp_path: Path) -> None:
    text = """default_scope = 'mmdet'
model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=3))
train_dataloader = dict(dataset=dict(type='MyDataset'))
val_dataloader = test_dataloader = None
"""
    assert check('num-classes-mismatch', tmp_path, text) == []


def test_a_mismatch_stands_in_the_config_that_brings_it(tmp_path: Path) -> None:
    base = (
        "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80))\n"
    )
    found = check('num-classes-mismatch', tmp_path, "_base_ = './base.py'\n" + TRAIN, base=base)
    assert len(found) == 1 and found[0].startswith('config.py: ')


BASE = """data_root = 'old/'
max_epochs = 12
train_dataloader = dict(dataset=dict(type='ToyDataset', data_root=data_root))
train_cfg = dict(max_epochs=max_epochs)
"""


@pytest.mark.parametrize(
    'child',
    [
        "data_root = 'new/'\ntrain_dataloader = dict(dataset=dict(data_root=data_root))",
        "data_root = 'new/'\ntrain_dataloader = dict(dataset=dict(data_root='new/'))",
        "data_root = 'new/'\ntrain_dataloader = dict(_delete_=True, dataset=dict(type='Mine'))",
        "data_root = 'old/'",
        "data_root = 'old'",
        "data_root = 'new/'\nother = '{{_base_.data_root}}'",
        'max_epochs = 24\ntrain_cfg = dict(max_epochs=24)',
        "unrelated = 'new/'",
    ],
)
def test_helper_variables_that_reach_their_places(child: str, tmp_path: Path) -> None:
    text = f"_base_ = './base.py'\nmodel = dict(type='ToyModel')\n{child}\n"
    assert check('stale-helper-variable', tmp_path, text, base=BASE) == []


def test_a_helper_variable_of_the_base_of_a_base(tmp_path: Path) -> None:
    middle = "_base_ = './base.py'\n"
    text = "_base_ = './middle.py'\nmodel = dict(type='ToyModel')\nmax_epochs = 24\n"
    found = check('stale-helper-variable', tmp_path, text, base=BASE, middle=middle)
    assert len(found) == 1 and 'train_cfg = dict(max_epochs=max_epochs)' in found[0]


def test_a_helper_variable_that_is_used_inside_of_an_expression(tmp_path: Path) -> None:
    base = BASE + "val_evaluator = dict(type='ToyMetric', ann_file=f'{data_root}val.json')\n"
    text = "_base_ = './base.py'\nmodel = dict(type='ToyModel')\ndata_root = 'new/'\ntrain_dataloader = dict(dataset=dict(data_root='new/'))\n"
    found = check('stale-helper-variable', tmp_path, text, base=base)
    assert len(found) == 1 and '`val_evaluator.ann_file`' in found[0]


@pytest.mark.parametrize(
    'imports', ["['mine', 'more']", "['mine.backbones']", "['mine', *_base_.custom_imports.imports]", "'mine'"]
)
def test_imports_that_keep_the_base(imports: str, tmp_path: Path) -> None:
    base = "custom_imports = dict(imports=['mine'])\n"
    text = f"_base_ = './base.py'\nmodel = dict(type='ToyModel')\ncustom_imports = dict(imports={imports})\n"
    assert check('dropped-imports', tmp_path, text + TRAIN, base=base) == []


@pytest.mark.parametrize(
    ('channels', 'index', 'words'),
    [
        ('2048', '3', None),
        ('2048', '-1', None),
        ('512', '3', 'puts out 2048'),
        ('1024', '4', 'reads output 4'),
        ('None', '3', None),
    ],
)
def test_inputs_of_a_segmentor_head(channels: str, index: str, words: str | None, tmp_path: Path) -> None:
    found = check('channel-mismatch', tmp_path, SEGMENTOR.format(channels, index))
    assert len(found) == (0 if words is None else 1) and (words is None or words in found[0])


@pytest.mark.parametrize(
    'backbone',
    ["dict(type='MyNet', depth=18)", "dict(type='ResNet', depth=int(input()))", "dict(type='other.ResNet', depth=18)"],
)
def test_backbones_that_are_not_known(backbone: str, tmp_path: Path) -> None:
    neck = "dict(type='FPN', in_channels=[256, 512, 1024, 2048], out_channels=256, num_outs=5)"
    text = f"default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone={backbone}, neck={neck})\n"
    assert check('channel-mismatch', tmp_path, text) == []


@pytest.mark.parametrize(('between', 'expected'), [('', 1), (", neck_3d=dict(type='OutdoorImVoxelNeck')", 0)])
def test_another_neck_before_the_head(between: str, expected: int, tmp_path: Path) -> None:
    neck = "dict(type='mmdet.FPN', in_channels=[256, 512, 1024, 2048], out_channels=64, num_outs=4)"
    head = "bbox_head=dict(type='Anchor3DHead', in_channels=256)"
    backbone = "dict(type='mmdet.ResNet', depth=50)"
    text = f"default_scope = 'mmdet3d'\nmodel = dict(type='ImVoxelNet', backbone={backbone}, neck={neck}, {head}{between})\n"
    assert len(check('channel-mismatch', tmp_path, text)) == expected


def test_levels_that_a_neck_does_not_use(tmp_path: Path) -> None:
    neck = "dict(type='FPN', in_channels=[1, 512, 1024, 2048], start_level=1, out_channels=256, num_outs=5)"
    text = f"default_scope = 'mmdet'\nmodel = dict(type='X', backbone=dict(type='ResNet', depth=50), neck={neck})\n"
    assert check('channel-mismatch', tmp_path, text) == []


@pytest.mark.parametrize(
    ('neck', 'head', 'words'),
    [
        (256, 256, None),
        (128, 256, '`model.rpn_head.in_channels` is 256'),
    ],
)
def test_heads_after_a_neck(neck: int, head: int, words: str | None, tmp_path: Path) -> None:
    text = f"""default_scope = 'mmdet'
model = dict(
    type='FasterRCNN',
    backbone=dict(type='SwinTransformer', embed_dims=96),
    neck=[dict(type='FPN', in_channels=[96, 192, 384, 768], out_channels={neck}, num_outs=5)],
    rpn_head=dict(type='RPNHead', in_channels={head}))
"""
    found = check('channel-mismatch', tmp_path, text)
    assert len(found) == (0 if words is None else 1) and (words is None or words in found[0])


@pytest.mark.parametrize(
    'path',
    [
        "data_root + '/val.json'",
        "data_root + '.json'",
        "prefix + 'val.json'",
        "f'{data_root}/val.json'",
        'data_root + name',
    ],
)
def test_joined_paths(path: str, tmp_path: Path) -> None:
    text = f"data_root = 'data/shelf'\nprefix = 'data/shelf_'\nname = '/val.json'\nval_evaluator = dict(type='ToyMetric', ann_file={path})\n"
    assert check('unjoined-path', tmp_path, text) == []


def test_annotations_of_instances_beside_panoptic_ones(tmp_path: Path) -> None:
    text = """default_scope = 'mmdet'
val_dataloader = dict(dataset=dict(type='CocoPanopticDataset', data_root='data/', ann_file='panoptic.json'))
val_evaluator = [dict(type='CocoPanopticMetric', ann_file='data/panoptic.json'), dict(type='CocoMetric', ann_file='data/instances.json')]
"""
    assert check('stale-annotations', tmp_path, text) == []


@pytest.mark.parametrize(('second', 'expected'), [('new', 0), ('old', 1)])
def test_annotations_of_parts_of_a_dataset(second: str, expected: int, tmp_path: Path) -> None:
    text = f"""default_scope = 'mmdet'
val_dataloader = dict(dataset=dict(type='CocoDataset', data_root='data/', ann_file='all.json'))
val_evaluator = [dict(type='CocoMetric', ann_file='data/old.json'), dict(type='CocoMetric', ann_file='data/{second}.json')]
"""
    assert len(check('stale-annotations', tmp_path, text)) == expected


@pytest.mark.parametrize(('root', 'expected'), [('s3://yard/', 0), ('s3://shelf/', 1)])
def test_annotations_in_a_store_of_objects(root: str, expected: int, tmp_path: Path) -> None:
    text = f"""default_scope = 'mmdet'
val_dataloader = dict(dataset=dict(type='CocoDataset', data_root='{root}', ann_file='val.json'))
val_evaluator = dict(type='CocoMetric', ann_file='s3://yard/./val.json')
"""
    found = check('stale-annotations', tmp_path, text)
    assert len(found) == expected and all(f"ann_file='{root}val.json'" in each for each in found)


@pytest.mark.parametrize('dataset', ["type='ImageNet', data_prefix='train'", "type='MyDataset', data_prefix='train'"])
def test_prefixes_that_may_be_strings(dataset: str, tmp_path: Path) -> None:
    text = f"default_scope = 'mmpretrain'\ntrain_dataloader = dict(dataset=dict({dataset}))\n"
    assert check('invalid-dataset-argument', tmp_path, text) == []


def test_transforms_of_other_libraries(tmp_path: Path) -> None:
    text = "default_scope = 'mmpose'\ntrain_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='RandomFlip')]))\n"
    assert check('invalid-transform-argument', tmp_path, text) == []


def test_the_same_place_is_reported_once(tmp_path: Path) -> None:
    text = "default_scope = 'mmdet'\nval_evaluator = dict(type='CocoMetric', metric='mAP')\ntest_evaluator = val_evaluator\n"
    assert len(check('unsupported-metric-value', tmp_path, text)) == 1


@pytest.mark.parametrize(
    ('scope', 'metric', 'expected'),
    [
        ('mmdet3d', "type='KittiMetric', metric=['bbox', 'map']", ['`KittiMetric` does not take `map` as `metric`']),
        ('mmdet', "type='CrowdHumanMetric', eval_mode=3", ['`CrowdHumanMetric` does not take `3` as `eval_mode`']),
        ('mmdet', "type='CrowdHumanMetric', eval_mode=2", []),
        ('mmocr', "type='WordMetric', mode='exactly'", ['`WordMetric` does not take `exactly` as `mode`']),
        ('mmocr', "type='WordMetric', mode=['exact', 'ignore_case']", []),
        ('mmseg', "type='DepthMetric', crop_type=None", []),
        ('toy', "type='CocoMetric', metric='mAP'", []),
    ],
)
def test_values_of_metrics(scope: str, metric: str, expected: list[str], tmp_path: Path) -> None:
    found = check('unsupported-metric-value', tmp_path, f'default_scope = {scope!r}\nval_evaluator = dict({metric})\n')
    assert [each.removeprefix('config.py: ').partition(';')[0] for each in found] == expected


def test_an_optimizer_that_a_base_has_used_is_a_helper_of_1_x(tmp_path: Path) -> None:
    base = "optimizer = dict(type='SGD', lr=0.1)\noptim_wrapper = dict(optimizer=optimizer)\nmodel = dict(type='ToyModel')\n"
    found = check('stale-helper-variable', tmp_path, "_base_ = './base.py'\noptimizer = dict(lr=0.2)\n", base=base)
    assert len(found) == 1 and '`optimizer` has no effect' in found[0]
    legacy = "optimizer = dict(type='SGD', lr=0.1)\nlr_config = dict(policy='step')\nevaluation = dict(best=optimizer)\nmodel = dict(type='ToyModel')\n"
    assert (
        check('stale-helper-variable', tmp_path, "_base_ = './base.py'\noptimizer = dict(lr=0.2)\n", base=legacy) == []
    )
