"""Completion, without the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.server.features.completion import completion, documented
from tests.server.kit import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from lsprotocol import types

BASE = """\
default_scope = 'mmdet'
model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50))
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
val_evaluator = dict(type='CocoMetric', ann_file='a.json', metric='bbox')
val_dataloader = dict(batch_size=1, num_workers=1, dataset=dict(type='CocoDataset'), sampler=dict(type='DefaultSampler', shuffle=False))
val_cfg = dict(type='ValLoop')
img_scale = (1333, 800)
"""
HOOK = '''\
from mmdet.registry import MODELS


@MODELS.register_module()
class MyNeck:
    """Joins levels."""

    def __init__(self, in_channels, levels=4): ...
'''


@pytest.fixture(scope='module')
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder: Path = tmp_path_factory.mktemp('repo')
    child = "_base_ = ['./base.py']\n"
    return Repo(folder, {'configs/base.py': BASE, 'configs/child.py': child, 'configs/_base_/runtime.py': 'x = dict(a=1)\n',
                         'project/neck.py': HOOK})  # fmt: skip


def proposed(repo: Repo, text: str) -> dict[str, types.CompletionItem]:
    document, position = repo.at('configs/child.py', text)
    return {each.label: each for each in completion(document, position).items}


CHILD = "_base_ = ['./base.py']\n"


@pytest.mark.parametrize(
    ('text', 'expected', 'absent'),
    [
        (f'{CHILD}tra|', ['train_cfg', 'train_dataloader'], ['lr_config']),
        (f'{CHILD}val_evaluator = dict(met|)', ['metric'], ['ann_fil']),
        (f'{CHILD}train_dataloader = dict(pers|', ['persistent_workers'], ['type']),
        (f'{CHILD}train_dataloader = dict(\n    batch_size=2,\n    |\n)\n', ['num_workers', 'sampler'], ['batch_size']),
        (f"{CHILD}model = dict(neck=dict(type='FP|", ['FPN'], ['SGD']),
        (f"{CHILD}model = dict(neck=dict(type='My|'))", ['MyNeck'], []),
        (f"{CHILD}model = dict(neck=dict(type='FPN', |))", ['in_channels', 'num_outs'], ['type']),
        (f"{CHILD}model = dict(neck=dict(type='MyNeck', |))", ['in_channels', 'levels'], []),
        (f"{CHILD}model = dict(backbone=dict(type='mmpretrain.|'))", ['mmpretrain.VisionTransformer'], ['ResNet']),
        (f'{CHILD}model = dict(backbone=dict(|))', ['depth', 'frozen_stages', '_delete_'], ['type']),
        (f"{CHILD}optim_wrapper = dict(optimizer=dict(type='Ada|'))", ['AdamW'], ['RetinaNet']),
        (f"{CHILD}param_scheduler = [dict(type='|", ['LinearLR', 'MultiStepLR'], ['SGD']),
        (f"{CHILD}param_scheduler = [dict(type='LinearLR', |", ['start_factor', 'by_epoch'], ['milestones']),
        (f"{CHILD}custom_hooks = [dict(type='EMA|')]", ['EMAHook'], ['AdamW']),
        (f'{CHILD}default_hooks = dict(ch|)', ['checkpoint'], []),
        (f"{CHILD}val_evaluator = dict(metric='|')", ['bbox', 'segm'], ['mIoU']),
        (f"{CHILD}val_evaluator = dict(metric=['bbox', '|'])", ['segm'], []),
        (f"{CHILD}val_evaluator = dict(_delete_=True, type='mmseg.DepthMetric', crop_type='|')", ['nyu_crop'], ['None']),
        (f"{CHILD}default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='|'))", ['auto', 'coco/bbox_mAP'], []),
        (f'{CHILD}default_hooks = dict(checkpoint=dict(type="CheckpointHook", by_epoch=|))', ['True', 'False'], []),
        (f'{CHILD}model = dict(backbone=dict(depth=|))', ['50', '101'], []),
        (f'{CHILD}a = _base_.|', ['img_scale', 'model'], []),
        (f'{CHILD}a = _base_.model.back|', ['backbone'], ['img_scale']),
        (f"{CHILD}a = '{{{{_base_.img|}}}}'", ['img_scale'], []),
        ("_base_ = ['|']", ['./', '../', './base.py', '_base_/'], ['./child.py']),
        ("_base_ = ['_base_/|']", ['_base_/runtime.py'], []),
        (f'{CHILD}pipe = [dict(a=1)]\ntest_dataloader = dict(dataset=dict(pipeline=pi|))', ['pipe'], []),
        (f'{CHILD}# a comment with type=|', [], ['train_cfg']),
    ],
)  # fmt: skip
def test_what_is_proposed(repo: Repo, text: str, expected: list[str], absent: list[str]) -> None:
    found = proposed(repo, text)
    expected = [each for each in expected if each not in ('./', './base.py')] if "_base_ = ['|']" in text else expected
    assert [each for each in expected if each not in found] == []
    assert [each for each in absent if each in found] == []


def test_what_fits_the_key_of_a_part_comes_first(repo: Repo) -> None:
    names = list(proposed(repo, f"{CHILD}model = dict(bbox_head=dict(anchor_generator=dict(type='|')))"))
    assert names[0].endswith('AnchorGenerator')
    assert names.index('RetinaHead') > names.index('AnchorGenerator')


def test_a_field_has_its_documentation_and_default(repo: Repo) -> None:
    item = proposed(repo, f'{CHILD}train_dataloader = dict(persistent|')['persistent_workers']
    assert item.documentation is not None and 'workers' in str(item.documentation)
    assert item.text_edit is not None and item.text_edit.new_text == 'persistent_workers='
    item = proposed(repo, f"{CHILD}model = dict(neck=dict(type='FPN', num_|))")['num_outs']
    assert item.detail == 'required'
    item = proposed(repo, f'{CHILD}optim_wrapper = dict(optimizer=dict(l|))')['lr']
    assert item.detail == 'inherited: 0.01'


def test_in_a_key_only_the_name_is_replaced(repo: Repo) -> None:
    item = proposed(repo, f'{CHILD}train_dataloader = dict(num_w|rkers=2)')['num_workers']
    assert item.text_edit is not None and item.text_edit.new_text == 'num_workers'


def test_a_type_is_documented_when_it_is_looked_at(repo: Repo) -> None:
    document, position = repo.at('configs/child.py', f"{CHILD}model = dict(neck=dict(type='|'))")
    for name, words in (('MyNeck', 'Joins levels.'), ('FPN', 'num_outs')):
        item = next(each for each in completion(document, position).items if each.label == name)
        found = documented(document, item).documentation
        assert words in ('' if found is None else found.value)  # type: ignore[union-attr]


def test_a_broken_line_above_does_not_matter(repo: Repo) -> None:
    found = proposed(repo, f"{CHILD}model = dict(backbone=dict(type='ResNet'\nval_evaluator = dict(metr|\n")
    assert 'metric' in found


def test_an_argument_says_since_when_it_is_there(repo: Repo) -> None:
    item = proposed(repo, f"{CHILD}model = dict(data_preprocessor=dict(type='DetDataPreprocessor', non_b|))")[
        'non_blocking'
    ]
    assert item.detail == 'default: False'


def test_links_in_a_circle_and_what_is_no_path_end_no_completion(repo: Repo) -> None:
    (repo.folder / 'configs' / 'around.py').symlink_to('around.py')
    assert './base.py' in proposed(repo, "_base_ = ['./|']")
    assert not proposed(repo, "_base_ = ['\0/|']")
