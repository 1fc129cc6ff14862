"""What is said of types and arguments, release by release, with and without the user's own code."""

from __future__ import annotations

from pathlib import Path

import pytest

import cfglint
from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.report.parts import in_a_line
from cfglint.rules import family
from cfglint.workspace import Workspace
from tests.kit import repo
from tests.kit.repo import write

HEAD = """\
from mmdet.registry import MODELS
from mmdet.models import RetinaHead


@MODELS.register_module()
class MyHead(RetinaHead):
    def __init__(self, extra, **kwargs):
        super().__init__(**kwargs)
"""


def diagnose(folder: Path, files: dict[str, str], *targets: str) -> list[tuple[str, str | None, str]]:
    """Return the rule, key and message of all that is said of ``config.py``; most examples are too short to be complete."""
    asked = [rule for rule in family('component') if rule.name != 'missing-argument']
    found = repo.diagnose(folder, files, 'config.py', rules=asked, targets=targets)
    return [(each.rule, each.key, in_a_line(each)) for each in found]


def rules(folder: Path, text: str, *targets: str) -> list[tuple[str, str | None]]:
    """Return the rule and key of all that is said of one config."""
    return [(rule, key) for rule, key, _ in diagnose(folder, {'config.py': text}, *targets)]


MMDET = "default_scope = 'mmdet'\n"


@pytest.mark.parametrize(('text', 'expected'), [
    ("model = dict(type='RetinaNett')", ('unknown-type', 'model.type')),
    ("model = dict(type='mmdett.RetinaNet')", ('unknown-type', 'model.type')),
    ("model = dict(backbone=dict(type='TimeSformer'))", ('unknown-type', 'model.backbone.type')),
    ("custom_hooks = [dict(type='RandomFlip', prob=0.5)]", ('wrong-registry', 'custom_hooks.0.type')),
    ("model = dict(neck=dict(type='FPN', in_chanels=[1], out_channels=2, num_outs=3))", ('misspelt-argument', 'model.neck.in_chanels')),
    ("model = dict(neck=dict(type='FPN', sizes=1))", ('unknown-argument', 'model.neck.sizes')),
    ("model = dict(b=dict(type='ResNetV1d', depth=50, deep_stem=True))", ('argument-set-by-subclass', 'model.b.deep_stem')),
    ("model = dict(b=dict(type='DCNv2', deformable_groups=2))", ('deprecated-argument', 'model.b.deformable_groups')),
])  # fmt: skip
def test_one_fault_one_diagnostic(tmp_path: Path, text: str, expected: tuple[str, str]) -> None:
    assert rules(tmp_path, MMDET + text) == [expected]


@pytest.mark.parametrize(('text', 'key'), [
    ("model = dict(b=dict(type='ResNet', depth=50, num_stages='4'))", 'model.b.num_stages'),  # by its default
    ("model = dict(b=dict(type='RetinaHead', num_classes='3', in_channels=1))", None),  # not annotated, no default
    ("model = dict(b=dict(type='FocalLoss', loss_weight='high'))", 'model.b.loss_weight'),
    ("model = dict(b=dict(type='FocalLoss', use_sigmoid='False'))", 'model.b.use_sigmoid'),
    ("model = dict(b=dict(type='ResNet', depth=50, style='caffe', frozen_stages=-1))", None),
    ("model = dict(b=dict(type='SwinTransformer', mlp_ratio=4, drop_rate='{}'.format(0)))", 'model.b.drop_rate'),
])  # fmt: skip
def test_a_string_for_a_number(tmp_path: Path, text: str, key: str | None) -> None:
    assert rules(tmp_path, MMDET + text) == ([] if key is None else [('wrong-argument-type', key)])


def test_a_number_in_quotes_can_be_fixed(tmp_path: Path) -> None:
    text = MMDET + "model = dict(loss=dict(type='FocalLoss', loss_weight='0.5', use_sigmoid='true', gamma='big'))"
    found = repo.diagnose(tmp_path, text, rules=family('component'))
    fixes = [
        None if each.fix is None else each.fix.edits[0].content for each in sorted(found, key=lambda each: each.key)
    ]
    assert fixes == [None, '0.5', 'True']


def test_type_since_a_release(tmp_path: Path) -> None:
    text = MMDET + "model = dict(type='DDQDETR')"
    ((rule, key, message),) = diagnose(tmp_path, {'config.py': text}, 'mmdet==3.0.0')
    assert (rule, key) == ('type-of-another-release', 'model.type')
    assert message.startswith('`DDQDETR` is in mmdet since 3.2.0, not in 3.0.0 (')
    assert diagnose(tmp_path, {'config.py': text}, 'mmdet==3.3.0') == []


@pytest.mark.parametrize('kind', ['LN2d', 'DDQDETR', 'RetinaNett'])
@pytest.mark.parametrize(
    ('imports', 'is_told'), [('elsewhere', False), ('mmdet.own_part', False), ('mmdet.models', True)]
)
def test_what_is_imported_may_have_what_other_libraries_have(
    tmp_path: Path, kind: str, imports: str, *, is_told: bool
) -> None:
    text = f"{MMDET}custom_imports = dict(imports=['{imports}'])\nmodel = dict(type='{kind}')\n"
    found = [
        key for rule, key, _ in diagnose(tmp_path, {'config.py': text}, 'mmdet==3.0.0') if rule != 'missing-module'
    ]
    assert found == (['model.type'] if is_told else [])


@pytest.mark.parametrize(('arguments', 'words'), [
    ('height=1', 'takes `height` and does nothing with it'),
    ('height=1, depth=2', 'takes `height` and `depth` and does nothing with them'),
    ('height=1, depth=2, way=3, far=4', 'takes `height`, `depth` and 2 more and does nothing with them'),
])  # fmt: skip
def test_swallowed_arguments_of_one_component_are_told_at_once(tmp_path: Path, arguments: str, words: str) -> None:
    own = HEAD.replace('super().__init__(**kwargs)', 'super().__init__(num_classes=1, in_channels=1)')
    config = f"{MMDET}model = dict(bbox_head=dict(type='MyHead', extra=1, {arguments}))\n"
    [(rule, key, message)] = diagnose(
        tmp_path, {'own.py': own, 'config.py': f"custom_imports = dict(imports=['own'])\n{config}"}
    )
    assert (rule, key) == ('swallowed-argument', 'model.bbox_head.height')
    assert words in message and 'or write' not in message


def test_a_swallowed_argument_is_advice_unless_it_looks_misspelt(tmp_path: Path) -> None:
    text = "default_scope = 'mmseg'\nval_evaluator = dict(type='IoUMetric', iou_metric=['mIoU'], threads=3)"
    found = repo.diagnose(tmp_path, text, rules=family('component'))
    assert [(each.key, str(each.severity)) for each in found] == [
        ('val_evaluator.iou_metric', 'warning'),
        ('val_evaluator.threads', 'info'),
    ]


@pytest.mark.parametrize(('names', 'words'), [
    (['OwnA'], '`OwnA`:'),
    (['OwnA', 'OwnA'], '`OwnA`:'),
    (['OwnA', 'OwnB'], '`OwnA` and `OwnB`'),
    (['OwnA', 'OwnB', 'OwnC'], '`OwnA` and 2 more'),
])  # fmt: skip
def test_a_module_that_nothing_imports_is_told_of_once(tmp_path: Path, names: list[str], words: str) -> None:
    classes = (f'\n\n@TRANSFORMS.register_module()\nclass {name}:\n    pass\n' for name in dict.fromkeys(names))
    steps = ', '.join(f"dict(type='{name}')" for name in names)
    files = {
        'own.py': f'from mmdet.registry import TRANSFORMS\n{"".join(classes)}',
        'config.py': f"{MMDET}train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[{steps}]))\n",
    }
    [(rule, key, message)] = diagnose(tmp_path, files)
    assert (rule, key) == ('unimported-type', 'train_dataloader.dataset.pipeline.0.type')
    assert words.rstrip(':') in message and (words.endswith(':') == (' and ' not in message.partition(':')[0]))


@pytest.mark.parametrize('argument', ['ann_file', 'data_root'])
def test_argument_that_belongs_one_wrapper_down(tmp_path: Path, argument: str) -> None:
    text = (
        MMDET
        + f"train_dataloader = dict(dataset=dict(type='MultiImageMixDataset', pipeline=[], {argument}='a', dataset=dict(type='CocoDataset')))"
    )
    ((rule, key, message),) = diagnose(tmp_path, {'config.py': text})
    assert (rule, key) == ('unknown-argument', f'train_dataloader.dataset.{argument}')
    assert message.endswith('move it to `train_dataloader.dataset.dataset`, which takes it')


def test_argument_that_belongs_one_wrapper_up(tmp_path: Path) -> None:
    text = (
        MMDET
        + "train_dataloader = dict(dataset=dict(type='MultiImageMixDataset', pipeline=[], dataset=dict(type='CocoDataset', skip_type_keys=[])))"
    )
    ((_, _, message),) = diagnose(tmp_path, {'config.py': text})
    assert message.endswith('move it to `train_dataloader.dataset`, which takes it')


def test_nothing_is_said_of_what_is_inside_a_refused_argument(tmp_path: Path) -> None:
    text = MMDET + "model = dict(backbone=dict(type='ResNet', depth=50, norm_cgf=dict(type='BN', requires_grad=True)))"
    assert rules(tmp_path, text) == [('misspelt-argument', 'model.backbone.norm_cgf')]
    text = MMDET + "model = dict(backbone=dict(type='ResNet', depth=50, extra=dict(type='FPN', wrong=1)))"
    assert rules(tmp_path, text) == [('unknown-argument', 'model.backbone.extra')]


def test_constructor_of_a_library_builds_as_the_default_one_does(tmp_path: Path) -> None:
    more = "paramwise_cfg=dict(decay_rate=0.9, decay_type='layer_wise', num_layers=12), clip_grads=dict(max_norm=1), optimizer=dict(type='AdamW', lr=-1)"
    text = f"default_scope = 'mmseg'\noptim_wrapper = dict(constructor='LearningRateDecayOptimizerConstructor', {more})"
    found = repo.diagnose(tmp_path, text, rules=family('schema'))
    assert [(each.rule, each.key) for each in found] == [
        ('misspelt-field', 'optim_wrapper.clip_grads'), ('value-out-of-range', 'optim_wrapper.optimizer.lr')
    ]  # fmt: skip


def test_optimizers_of_libraries_are_checked(tmp_path: Path) -> None:
    text = "default_scope = 'mmpretrain'\noptim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='LARS', lr=1, momentun=0.9))"
    assert rules(tmp_path, text) == [('misspelt-argument', 'optim_wrapper.optimizer.momentun')]


@pytest.mark.parametrize(('argument', 'rule'), [('in_chanels=3', 'misspelt-argument'), ('', 'missing-argument')])
def test_a_misspelt_required_argument_is_not_missing_as_well(tmp_path: Path, argument: str, rule: str) -> None:
    text = MMDET + f"model = dict(rpn_head=dict(type='RPNHead', {argument}))\ntrain_dataloader = dict()"
    (found,) = repo.diagnose(tmp_path, text, rules=family('component'))
    assert found.rule == rule


@pytest.mark.parametrize(('text', 'expected'), [
    ("default_scope = 'mmdett'\nmodel = dict(type='RetinaNet')", [('unknown-default-scope', 'default_scope')]),
    ("default_scope = 'mmaction2'\nmodel = dict(type='Recognizer3D')", [('unknown-default-scope', 'default_scope')]),
    ("default_scope = 'somelib'\nmodel = dict(type='Thing', scale=1)", []),
    ("model = dict(type='RetinaNet', depth=3)\nval_dataloader = dict()", [('missing-default-scope', 'default_scope')]),
    ("default_scope = 'mmseg'\nmodel = dict(type='RetinaNet')\ntrain_dataloader = dict(dataset=dict(type='VOCDataset'))",
     [('wrong-default-scope', 'default_scope')]),
])  # fmt: skip
def test_scopes(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert rules(tmp_path, text) == expected


def test_own_code_is_checked_too(tmp_path: Path) -> None:
    text = (
        MMDET
        + "custom_imports = dict(imports=['heads'])\nmodel = dict(bbox_head=dict(type='MyHead', extra=1, num_clases=2))"
    )
    found = diagnose(tmp_path, {'config.py': text, 'heads.py': HEAD})
    assert [(rule, key) for rule, key, _ in found] == [('misspelt-argument', 'model.bbox_head.num_clases')]


@pytest.mark.parametrize(('files', 'is_told'), [
    ({}, True),
    ({'train.py': 'import mylib.heads\n'}, False),
    ({'mylib/__init__.py': 'from .heads import MyHead\n', 'train.py': 'import mylib\n'}, False),
    ({'other.py': "from mylib import heads\ndefault_scope = 'mmdet'\n"}, True),
    ({'mylib/heads.py': f"{HEAD}\n\nRunner.from_cfg('config.py').train()\n"}, False),
])  # fmt: skip
def test_own_type_that_nothing_imports(tmp_path: Path, files: dict[str, str], is_told: bool) -> None:
    text = MMDET + "model = dict(bbox_head=dict(type='MyHead', extra=1))"
    found = diagnose(tmp_path, {'config.py': text, 'mylib/heads.py': HEAD, **files})
    assert [rule for rule, _, _ in found] == ['unimported-type'] * is_told
    if is_told:
        assert found[0][2].startswith('nothing imports `mylib.heads`, which registers `MyHead`')
        assert "'mylib.heads'" in found[0][2]


def test_imports_of_a_lazy_config(tmp_path: Path) -> None:
    text = (
        'import torch.nn as nn\nfrom mmengine.config import read_base\nfrom mmdet.models import FPN, RetinaHed\nfrom mmdet.modls import ResNet\n'
        'from mylib.heads import MyHead\nfrom mylib.nothing import Here\nfrom unknown_library import Thing\n'
        'model = dict(type=nn.Nothing, head=dict(type=MyHead, foo=1), other=Thing)\n'
    )
    found = diagnose(tmp_path, {'config.py': text, 'mylib/heads.py': HEAD})
    assert [(rule, key) for rule, key, _ in found] == [
        ('missing-import', 'RetinaHed'), ('missing-import', 'ResNet'), ('missing-import', 'Here'), ('missing-import', 'model.type'),
        ('unknown-argument', 'model.head.foo'),
    ]  # fmt: skip


def test_what_a_missing_base_may_say_is_not_judged(tmp_path: Path) -> None:
    text = "_base_ = 'mmdet::retinanet/retinanet_r50_fpn_1x_coco.py'\ntrain_pipeline = [dict(type='LoadAnnotations', with_mask=True)]\n"
    text += 'train_dataloader = dict(dataset=dict(pipeline=train_pipeline))\n'
    assert rules(tmp_path, text) == []


@pytest.mark.parametrize(
    ('requirement', 'expected'),
    [
        ('mmdet==3.3.0', {'unknown-type', 'unknown-argument', 'missing-import'}),
        (
            'git+https://github.com/open-mmlab/mmdetection@v3.3.0',
            {'unknown-type', 'unknown-argument', 'missing-import'},
        ),
        ('git+https://github.com/someone/mmdetection@v3.3.0', set()),
        ('some-mmdetection==3.5.1', set()),
        ('mmdet>=3.9', set()),
    ],
)
def test_a_fork_that_is_not_here_may_have_more(requirement: str, expected: set[str], tmp_path: Path) -> None:
    (tmp_path / '.git').mkdir()
    (tmp_path / 'requirements.txt').write_text(requirement)
    (tmp_path / 'text.py').write_text(
        MMDET
        + "model = dict(type='LaneNet', neck=dict(type='FPN', in_channels=[1], out_channels=1, num_outs=1, lanes=3))\n"
    )
    (tmp_path / 'lazy.py').write_text('from mmdet.lanes import Head\n\nmodel = dict(type=Head)\n')
    assert {each.rule for each in cfglint.check([tmp_path], select=['component'])} == expected


def test_unchecked_components_are_counted(tmp_path: Path) -> None:
    paths = write(tmp_path, MMDET + "model = dict(type='somelib.Model', a=dict(type='FPN', in_channels=1))")
    libraries = Libraries()
    check(paths, family('component'), workspace=Workspace(libraries))
    assert libraries.unchecked() == {'somelib.Model': 'forks, and libraries without a catalog'}
    assert [(target.library, target.release) for target in libraries.chosen()] == [('mmdet', '3.3.0')]


def test_a_registry_without_parent_is_searched_from_all_scopes(tmp_path: Path) -> None:
    text = (
        "default_scope = 'mmrazor'\nmodel = dict(type='DCFF', architecture=dict(type='mmpose.TopdownPoseEstimator',\n"
        "    head=dict(type='{}', decoder=dict(type='MSRAHeatmap', input_size=(1, 1), heatmap_size=(1, 1), sigma=2))))\n"
    )
    assert rules(tmp_path, text.format('mmpose.HeatmapHead')) == []
    assert rules(tmp_path, text.format('HeatmapHead')) == [('unknown-type', 'model.architecture.head.type')]


def test_candidates_and_units_of_mmrazor(tmp_path: Path) -> None:
    text = """
default_scope = 'mmrazor'
model = dict(type='SPOS', architecture=dict(backbone=dict(type='SearchableShuffleNetV2', arch_setting=[[64, 4, dict(
    type='OneShotMutableOP', candidates=dict(
        a=dict(type='ShuffleBlock', kernel_size=3), b=dict(type='ShuffleBlock', kernal_size=5)))]])),
    mutator=dict(type='GroupFisherChannelMutator', channel_unit_cfg=dict(
        type='GroupFisherChannelUnit', default_args=dict(normalization_type='act'), units=dict(), args=1)))
train_dataloader = dict(batch_size=1)
"""
    candidates = 'model.architecture.backbone.arch_setting.0.2.candidates'
    found = repo.diagnose(tmp_path, text, rules=family('component'))
    assert sorted((each.rule, each.key) for each in found if each.rule != 'swallowed-argument') == [
        ('misspelt-argument', f'{candidates}.b.kernal_size'),
        ('unknown-argument', 'model.mutator.channel_unit_cfg.args'),
    ]


def test_scope_of_what_a_model_hands_to_its_parts(tmp_path: Path) -> None:
    text = (
        "default_scope = 'mmdet3d'\nmodel = dict(type='ImVoteNet', img_rpn_head=dict(_scope_='mmdet', type='RPNHead'),\n"
        "    train_cfg=dict({}img_rpn=dict(assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.7, neg_iou_thr=0.3))))\n"
    )
    assert rules(tmp_path, text.format("_scope_='mmdet', ")) == []
    assert rules(tmp_path, text.format('')) == [('unknown-type', 'model.train_cfg.img_rpn.assigner.type')]


def test_what_is_deprecated_is_told_once(tmp_path: Path) -> None:
    text = (
        MMDET + "model = dict(type='YOLOV3', pretrained='a')\nval_dataloader = dict(dataset=dict(pipeline=[\n"
        "    dict(type='LoadImageFromFile', file_client_args=dict(backend='disk'))]))\n"
    )
    found = repo.diagnose(tmp_path, text, rules=[*family('component'), *family('deprecated')])
    told = {each.key: each.rule for each in found if each.rule != 'missing-argument'}
    assert told == {
        'model.pretrained': 'model-level-pretrained',
        'val_dataloader.dataset.pipeline.0.file_client_args': 'deprecated-file-client-args',
    }
    assert len(found) == len(told) + sum(each.rule == 'missing-argument' for each in found)


def test_whose_a_type_is(tmp_path: Path) -> None:
    text = "default_scope = 'mmrotate'\nmodel = dict(type='RefineSingleStageDetector', backbone=dict(type='ResNet'),\n    neck=dict(type='ChannelMapper'), train_cfg=dict(a=dict(type='ATSSAssigner')))\n"
    said = {key: message for _, key, message in diagnose(tmp_path, {'config.py': text})}
    assert said['model.backbone.type'].startswith('`ResNet` is in mmdet, mmseg, mmpretrain and others, not in mmrotate')
    assert said['model.neck.type'].startswith('`ChannelMapper` is in mmdet, mmpose, not in mmrotate')
    assert said['model.train_cfg.a.type'].startswith('`ATSSAssigner` is in mmdet, not in mmrotate')
    assert said['model.train_cfg.a.type'].endswith("write `'mmdet.ATSSAssigner'`")
