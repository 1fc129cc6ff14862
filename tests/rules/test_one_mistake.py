"""One mistake, one diagnostic: what all families together say of small configs, and where they keep silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Severity
from cfglint.report.parts import in_a_line
from cfglint.rules import FAMILIES, family
from tests.kit import repo

RULES = [rule for name in FAMILIES for rule in family(name)]
SHORT = {('missing-field', 'model'), ('missing-argument', 'model.type')}
"""Said of models that are short because they are examples."""
MMDET = "default_scope = 'mmdet'\n"
MMSEG = "default_scope = 'mmseg'\n"


def diagnose(folder: Path, text: str, **files: str) -> list[Diagnostic]:
    """Return what is said of ``config.py`` at warning or above; other files by name, `__` standing for `/`."""
    named = {f'{name.replace("__", "/")}.py': content for name, content in {'config': text, **files}.items()}
    found = repo.diagnose(folder, named, 'config.py')
    return [each for each in found if each.severity >= Severity.WARNING and (each.rule, each.key) not in SHORT]


def pipeline(transform: str, scope: str = MMDET) -> str:
    """Return a config with one transform."""
    return f'{scope}train_dataloader = dict(dataset=dict(pipeline=[dict({transform})]))\n'


def dataset(fields: str, scope: str = MMDET) -> str:
    """Return a config with one dataset for training."""
    return f'{scope}train_dataloader = dict(dataset=dict({fields}))\n'


LEFTOVERS = "_base_ = 'base.py'\nmodel = dict(backbone=dict(type='SwinTransformer'))\n"
RESNET = f"{MMDET}model = dict(backbone=dict(type='ResNet', depth=50, num_stages=4, style='pytorch'))\n"


@pytest.mark.parametrize(('text', 'rule', 'key', 'words'), [
    (pipeline("type='RandomFlip', flip_ratio=0.5"), 'renamed-argument', 'train_dataloader.dataset.pipeline.0.flip_ratio', 'write `prob=0.5`'),
    (pipeline("type='Resize', img_scale=(8, 8)"), 'renamed-argument', 'train_dataloader.dataset.pipeline.0.img_scale', 'write `scale=(8, 8); keep_ratio=True`'),
    (pipeline("type='RandomResizedCrop', size=8", "default_scope = 'mmpretrain'\n"), 'renamed-argument', 'train_dataloader.dataset.pipeline.0.size', 'write `scale=8`'),
    (dataset("type='CocoDataset', img_prefix='a/'"), 'renamed-dataset-argument', 'train_dataloader.dataset.img_prefix', "data_prefix=dict(img='a/')"),
    (dataset("type='ADE20KDataset', img_dir='a'", MMSEG), 'renamed-dataset-argument', 'train_dataloader.dataset.img_dir', "data_prefix=dict(img_path='a')"),
    (dataset("type='VideoDataset', ann_file='a', pipeline=[], data_prefix='v'", "default_scope = 'mmaction'\n"), 'invalid-dataset-argument', 'train_dataloader.dataset.data_prefix', "dict(video='v')"),
    (dataset("type='CocoDataset', ann_file=['a.json', 'b.json'], pipeline=[]"), 'invalid-dataset-argument', 'train_dataloader.dataset.ann_file', 'ConcatDataset'),
    (dataset("type='RepeatDataset', times=2, ann_file='a', dataset=dict(type='CocoDataset')"), 'unknown-field', 'train_dataloader.dataset.ann_file', 'one `dataset` further down'),
    (f"{MMDET}train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=2, disc_steps=3)", 'unknown-field', 'train_cfg.disc_steps', '`discriminator_steps` in the `model`'),
    ("train_cfg = dict(type='IterBasedTrainLoop', max_iter=20)", 'misspelt-field', 'train_cfg.max_iter', 'write `max_iters`'),
    ("param_scheduler = [dict(type='OneCycleLR', max_lr=0.1, total_steps=9)]", 'misspelt-field', 'param_scheduler.0.max_lr', '`eta_max`'),
    ("param_scheduler = [dict(type='LinearLR', warmup_ratio=0.1)]", 'unknown-field', 'param_scheduler.0.warmup_ratio', 'start_factor'),
    ("val_evaluator = dict(type='DumpResults', out_file_path='a.pkl'),\ntest_evaluator = val_evaluator\n", 'trailing-comma-tuple', 'val_evaluator', 'remove the comma'),
    (f"{MMDET}model = dict(type='FasterRCNN', roi_head=dict(type='StandardRoIHead'), bbox_head=dict(num_classes=3))", 'unknown-argument', 'model.bbox_head', 'move it to `model.roi_head`'),
    (f"{MMDET}model = dict(neck=dict(type='FPN', in_chanels=[1], in_channels=[1], out_channels=2, num_outs=3))", 'unknown-argument', 'model.neck.in_chanels', 'remove it: `in_channels` is given as well'),
    (f"{MMDET}model = dict(neck=dict(type='FPN', maps=[1], out_channels=2, num_outs=3))", 'unknown-argument', 'model.neck.maps', 'the argument that is missing, write `in_channels`'),
    (f"{MMDET}model = dict(backbone=dict(type='ResNet', depth=18, norm_cfg=dict(type='GNN')))", 'unknown-type', 'model.backbone.norm_cfg.type', 'mmdet::model registry'),
    (f"{MMSEG}model = dict(backbone=dict(type='ConvNeXt'))", 'unknown-type', 'model.backbone.type', "write `'mmpretrain.ConvNeXt'`"),
    ("default_scope = 'mmagic'\noptim_wrapper = dict(constructor='MultiOptimWrapperConstructor', generator=dict(type='Adam', lr=1))", 'wrong-registry', 'optim_wrapper.generator.type', "as `optimizer=dict(type='Adam')`"),
    (f"{MMDET}visualizer = dict(type='DetLocalVisualizer', vis_backends='LocalVisBackend')", 'wrong-type', 'visualizer.vis_backends', 'must be a dict or a list'),
    ("train_dataloader = dict(collate_fn='pseudo_collate')", 'wrong-type', 'train_dataloader.collate_fn', "write `dict(type='pseudo_collate')`"),
    ("resume = 'work_dirs/a.pth'", 'wrong-type', 'resume', '`load_from`'),
    (dataset("type='ConcatDataset', datasets=dict(type='CocoDataset', ann_file='a', pipeline=[])"), 'invalid-dataset-argument', 'train_dataloader.dataset.datasets', 'write `[` before'),
    ('env_cfg = dict(seed=1)', 'unknown-field', 'env_cfg.seed', 'randomness'),
    ('load_from = null', 'undefined-name', 'load_from', 'write `None`'),
    (f"{MMDET}visualizer = dict(type='DetLocalVisualiser')", 'unknown-type', 'visualizer.type', "write `'DetLocalVisualizer'`"),
    ("default_scope = 'mmdetection'", 'unknown-default-scope', 'default_scope', "write `'mmdet'`"),
    (f"{MMSEG}val_evaluator = dict(type='IoUMetric', metric=['mDice'])", 'swallowed-argument', 'val_evaluator.metric', 'write `iou_metrics`'),
])  # fmt: skip
def test_is_told_once_with_what_to_write(tmp_path: Path, text: str, rule: str, key: str, words: str) -> None:
    (said,) = diagnose(tmp_path, text)
    assert (said.rule, said.key) == (rule, key)
    assert words in in_a_line(said)


def test_leftovers_of_one_dict_are_one_mistake(tmp_path: Path) -> None:
    (said,) = diagnose(tmp_path, LEFTOVERS, base=RESNET)
    assert (said.rule, said.key) == ('argument-of-replaced-type', 'model.backbone.depth')
    assert 'to replace the whole dict of the base, add `_delete_=True`' in in_a_line(said) and len(said.related) == 3


def test_leftovers_of_an_optimizer_are_one_mistake(tmp_path: Path) -> None:
    base = "optim_wrapper = dict(optimizer=dict(type='SGD', lr=1, momentum=0.9, nesterov=True))\n"
    text = "_base_ = 'base.py'\noptim_wrapper = dict(optimizer=dict(type='AdamW'))\n"
    (said,) = diagnose(tmp_path, text, base=base)
    assert said.key == 'optim_wrapper.optimizer.momentum' and [each.message for each in said.related][1:] == [
        '`nesterov` is left over from here'
    ]


def test_settings_of_the_model_over_the_loop_of_a_base(tmp_path: Path) -> None:
    base = f"{MMDET}train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=2)\n"
    text = "_base_ = 'base.py'\ntrain_cfg = dict(rpn=dict(assigner=dict(type='MaxIoUAssigner')))\n"
    (said,) = diagnose(tmp_path, text, base=base)
    assert (said.rule, said.key) == ('model-settings-at-top-level', 'train_cfg')


def test_items_of_a_list_of_heads_want_a_type(tmp_path: Path) -> None:
    head = "dict(type='FCNHead', in_channels=8, channels=4, num_classes=19)"
    text = f"{MMSEG}model = dict(type='EncoderDecoder', backbone=None, decode_head={head}, auxiliary_head=[dict(num_classes=19)])\n"
    (said,) = diagnose(tmp_path, text + 'train_cfg = None\n')
    assert (said.rule, said.key) == ('typeless-component', 'model.auxiliary_head.0')


MODEL = f"{MMDET}model = dict(type='RetinaNet', backbone=None, neck=None, bbox_head=dict(type='RetinaHead', num_classes=2, in_channels=8))\n"


@pytest.mark.parametrize(('fields', 'rule'), [
    ("classes=('a', 'b')", 'renamed-dataset-argument'), ("metainfo=dict(CLASSES=('a', 'b'))", 'upper-case-metainfo')
])  # fmt: skip
def test_misplaced_classes_are_not_counted_as_well(tmp_path: Path, fields: str, rule: str) -> None:
    loader = f"train_dataloader = dict(batch_size=1, sampler=dict(type='DefaultSampler'), dataset=dict(type='CocoDataset', pipeline=[], {fields}))\ntrain_cfg = dict(by_epoch=True, max_epochs=1)\noptim_wrapper = dict(optimizer=dict(type='SGD', lr=1))\n"
    assert [each.rule for each in diagnose(tmp_path, MODEL + loader)] == [rule]


def test_metrics_clash_by_their_names_not_by_their_arguments(tmp_path: Path) -> None:
    metrics = "dict(type='CocoMetric', ann_file='a.json'), dict(type='CocoMetric', ann_file='a.json', classwise=True)"
    loader = "val_dataloader = dict(batch_size=1, dataset=dict(type='CocoDataset', ann_file='a.json', pipeline=[]))\nval_cfg = dict()\n"
    (said,) = diagnose(
        tmp_path,
        f'{MMDET}{loader}val_evaluator = [{metrics}]\nmodel = dict(type="RetinaNet", backbone=None, neck=None, bbox_head=None)\n',
    )
    assert (said.rule, said.key) == ('metric-keys-clash', 'val_evaluator.1')


def test_a_missing_separator_is_no_stale_path_as_well(tmp_path: Path) -> None:
    loader = "root = 'data/a'\nval_dataloader = dict(batch_size=1, dataset=dict(type='CocoDataset', data_root=root, ann_file='v.json', pipeline=[]))\nval_cfg = dict()\n"
    text = f"{MMDET}model = dict(type='RetinaNet', backbone=None, neck=None, bbox_head=None)\n{loader}data_root = root\nval_evaluator = dict(type='CocoMetric', ann_file=data_root + 'v.json')\n"
    (said,) = diagnose(tmp_path, text)
    assert said.rule == 'unjoined-path' and "'data/a/v.json'" in in_a_line(said)


def test_a_missing_separator_after_a_dot_is_no_stale_path_either(tmp_path: Path) -> None:
    loader = "data_root = './data'\nval_dataloader = dict(batch_size=1, dataset=dict(type='CocoDataset', data_root=data_root, ann_file='a/v.json', pipeline=[]))\nval_cfg = dict()\n"
    text = f"{MMDET}model = dict(type='RetinaNet', backbone=None, neck=None, bbox_head=None)\n{loader}val_evaluator = dict(type='CocoMetric', ann_file=data_root + 'a/v.json')\n"
    (said,) = diagnose(tmp_path, text)
    assert said.rule == 'unjoined-path' and "'./data/a/v.json'" in in_a_line(said)


def test_a_dataset_joins_the_root_itself(tmp_path: Path) -> None:
    text = f"{MODEL}data_root = 'data'\ntrain_cfg = dict(by_epoch=True, max_epochs=1)\ntrain_dataloader = dict(dataset=dict(type='CocoDataset', data_root=data_root, ann_file=data_root + 'a/t.json'))\n"
    (said,) = repo.diagnose(tmp_path, text, rules=['unjoined-path'])
    assert said.advice is not None and said.advice.code == "'a/t.json'"


def test_a_part_that_another_library_has_lost_is_told_once(tmp_path: Path) -> None:
    part = "dict(type='mmdet.Transformer', encoder=dict(type='mmdet.DetrTransformerEncoder', num_layers=6))"
    text = f"default_scope = 'mmaction'\nmodel = dict(type='Recognizer3D', backbone={part}, cls_head=None)\n"
    found = [(said.rule, said.key) for said in diagnose(tmp_path, text)]
    gone = ('model.backbone.type', 'model.backbone.encoder.type')
    assert [pair for pair in found if pair[1].startswith('model.backbone')] == [
        ('removed-model-part', key) for key in gone
    ]
    (said, _) = (each for each in diagnose(tmp_path, text) if each.rule == 'removed-model-part')
    assert said.advice is not None and said.advice.text.count('the transformer is no part') == 1


def test_a_doubled_root_is_no_stale_path_as_well(tmp_path: Path) -> None:
    loader = "val_dataloader = dict(batch_size=1, dataset=dict(type='CocoDataset', data_root='data/a/', ann_file='data/a/v.json', pipeline=[]))\nval_cfg = dict()\n"
    text = f"{MMDET}model = dict(type='RetinaNet', backbone=None, neck=None, bbox_head=None)\n{loader}val_evaluator = dict(type='CocoMetric', ann_file='data/a/v.json')\n"
    assert [said.rule for said in diagnose(tmp_path, text)] == ['doubled-root']


def test_a_section_under_a_misspelt_name_is_not_missing_as_well(tmp_path: Path) -> None:
    loader = "train_dataloader = dict(batch_size=1, sampler=dict(type='DefaultSampler'), dataset=dict(type='CocoDataset', pipeline=[]))\ntrain_cfg = dict(by_epoch=True, max_epochs=1)\n"
    (said,) = diagnose(
        tmp_path,
        f"{MODEL.replace('num_classes=2', 'num_classes=80')}{loader}optim_wraper = dict(optimizer=dict(type='SGD', lr=1))\n",
    )
    assert (said.rule, said.key) == ('misspelt-section', 'optim_wraper')


NECK = 'from mmdet.registry import MODELS\n\n\n@MODELS.register_module()\nclass CoNeck:\n    def __init__(self):\n        pass\n'


def test_modules_of_one_package_that_import_each_other_are_not_imported(tmp_path: Path) -> None:
    text = f"{MMDET}model = dict(neck=dict(type='CoNeck'))\n"
    files = {'projects__co__init': '', 'projects__co__neck': NECK, 'projects__co__heads': 'from .neck import CoNeck\n'}
    (said,) = diagnose(tmp_path, text, **files)
    assert said.rule == 'unimported-type' and 'projects.co.neck' in said.message
    imported = text + "custom_imports = dict(imports=['projects.co.heads'])\n"
    assert diagnose(tmp_path, imported, **files) == []
    assert diagnose(tmp_path, text, tools__train='import projects.co.heads\n', **files) == []


def test_a_class_of_the_users_own_is_suggested_first(tmp_path: Path) -> None:
    text = f"{MMDET}custom_imports = dict(imports=['necks'])\nmodel = dict(neck=dict(type='Coneck'))\n"
    (said,) = diagnose(tmp_path, text, necks=NECK)
    assert said.severity is Severity.ERROR and said.advice == Advice('write', "'CoNeck'")
    assert said.fix is not None and said.fix.applicability is Applicability.UNSAFE


@pytest.mark.parametrize(
    'more', ["custom_imports = dict(imports=['their_models'])\n", "plugin = True\nplugin_dir = 'projects/plugin/'\n"]
)
def test_what_an_unknown_module_may_register_is_not_guessed_at(tmp_path: Path, more: str) -> None:
    text = f"{MMDET}model = dict(backbone=dict(type='MyResNet'), neck=dict(type='FPNV2'), bbox_head=dict(type='RetinaHeadV2'))\n"
    assert diagnose(tmp_path, text + more) == []
    assert [str(each.severity) for each in diagnose(tmp_path, text)] == ['warning'] * 3
    (said,) = diagnose(tmp_path, f"{MMDET}{more}model = dict(neck=dict(type='Fpn'))\n")
    assert said.advice == Advice('write', "'FPN'")


def test_the_toy_of_a_user_is_not_the_one_in_a_corner_of_mmengine(tmp_path: Path) -> None:
    toy = 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\nclass ToyModel:\n    def __init__(self, width):\n        pass\n'
    text = (
        "default_scope = 'mmengine'\ncustom_imports = dict(imports=['toy'])\nmodel = dict(type='ToyModel', widht=8)\n"
    )
    (said,) = diagnose(tmp_path, text, toy=toy)
    assert (said.rule, said.key) == ('misspelt-argument', 'model.widht')


def test_what_is_refused_in_one_place_is_judged_where_it_is_taken(tmp_path: Path) -> None:
    text = (
        f"{MMSEG}dataset = dict(type='ADE20KDataset', pipeline=[dict(type='PackDetInputs')])\n"
        "val_dataloader = dict(type='Pad', size=(8, 8), dataset=dataset)\ntest_dataloader = dict(dataset=dataset)\n"
    )
    found = {(each.rule, each.key) for each in diagnose(tmp_path, text)}
    assert ('unknown-type', 'test_dataloader.dataset.pipeline.0.type') in found
    assert ('unknown-type', 'val_dataloader.dataset.pipeline.0.type') not in found


def test_what_a_child_of_the_child_adds_is_not_left_over(tmp_path: Path) -> None:
    child = "_base_ = 'base.py'\nmodel = dict(backbone=dict(type='ResNeXt', groups=32))\n"
    text = "_base_ = 'child.py'\nmodel = dict(backbone=dict(num_stage=4))\n"
    (said,) = diagnose(tmp_path, text, child=child, base=RESNET)
    assert (said.rule, said.key, Path(said.path).name) == ('misspelt-argument', 'model.backbone.num_stage', 'config.py')


def test_a_slip_is_one_mistake_whether_or_not_another_file_says_the_same_right(tmp_path: Path) -> None:
    base = f"{MMDET}model = dict(backbone=dict(type='ResNet', depth=50, num_stage=4))\n"
    text = "_base_ = 'base.py'\nmodel = dict(backbone=dict(num_stages=4))\n"
    (said,) = diagnose(tmp_path, text, base=base)
    assert (said.rule, Path(said.path).name) == ('misspelt-argument', 'base.py')


def test_a_slip_over_what_the_base_says_is_judged_as_it_was_meant(tmp_path: Path) -> None:
    base = (
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=5)\n"
        "param_scheduler = [dict(type='MultiStepLR', milestones=[6, 12])]\n"
    )
    (said,) = diagnose(tmp_path, "_base_ = 'base.py'\ntrain_cfg = dict(max_epoch=20)\n", base=base)
    assert (said.rule, said.key) == ('misspelt-field', 'train_cfg.max_epoch')


def test_a_misspelt_section_beside_that_of_a_base_is_merged_into_it(tmp_path: Path) -> None:
    loader = "test_dataloader = dict(batch_size=1, dataset=dict(type='CocoDataset', pipeline=[]))\n"
    others = "test_cfg = dict()\ntest_evaluator = dict(type='CocoMetric', ann_file='a.json')\n"
    text = f"_base_ = 'base.py'\n{MODEL.replace('num_classes=2', 'num_classes=80')}test_cfg_dataloader = dict(batch_size=3)\n"
    found = diagnose(tmp_path, text, base=loader + others)
    assert [(said.rule, said.key) for said in found] == [('misspelt-section', 'test_cfg_dataloader')]


def test_a_section_beside_the_one_that_it_is_nearly_called_is_another(tmp_path: Path) -> None:
    loader = "dict(batch_size=1, dataset=dict(type='CocoDataset', pipeline=[]))"
    base = f'train_dataloader = {loader}\ntrain_eval_dataloader = {loader}\n'
    for text in (base, "_base_ = 'base.py'\ntrain_eval_dataloader = dict(batch_size=3)\n"):
        assert 'misspelt-section' not in {said.rule for said in diagnose(tmp_path, text, base=base)}


def test_a_section_with_the_fields_of_another_program_is_no_misspelt_one(tmp_path: Path) -> None:
    lightning = "accelerator='auto', devices=8, strategy='ddp', precision=16, logger=True"
    text = f'{MODEL}trainer_cfg = dict(max_epochs=3, {lightning})\n'
    assert 'misspelt-section' not in {said.rule for said in diagnose(tmp_path, text)}
    text = f"{MODEL}trainn_cfg = dict(type='EpochBasedTrainLoop', max_epochs=3, val_begin=1, val_interval=2)\n"
    assert ('misspelt-section', 'trainn_cfg') in {(said.rule, said.key) for said in diagnose(tmp_path, text)}


def test_a_type_that_is_registered_nowhere_is_told_once_a_file(tmp_path: Path) -> None:
    loader = 'dict(batch_size=1, dataset=dict(type={!r}, pipeline=[]))'
    text = f'{MODEL}train_dataloader = {loader.format("Mine")}\nval_dataloader = {loader.format("Mine")}\n'
    text += f'test_dataloader = {loader.format("CocoDatset")}\n'
    keys = [said.key for said in diagnose(tmp_path, text) if said.rule == 'unknown-type']
    assert keys == ['train_dataloader.dataset.type', 'test_dataloader.dataset.type']


def test_a_schedule_without_the_end_of_its_name(tmp_path: Path) -> None:
    text = f"{MODEL}param_scheduler = dict(type='ReduceOnPlateau', monitor='mIoU')\n"
    (said,) = (each for each in diagnose(tmp_path, text) if each.rule == 'unknown-type')
    assert said.advice is not None and said.advice.code == "'ReduceOnPlateauLR'"
