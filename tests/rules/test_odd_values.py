"""Whatever stands in the place of a value, no rule fails: what it cannot judge, it leaves alone."""

from __future__ import annotations

import ast
import random
from itertools import zip_longest
from typing import TYPE_CHECKING

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import Collector
from cfglint.rules import FAMILIES, all_rules, family
from cfglint.workspace import Workspace
from tests.kit.complete import complete, examples
from tests.kit.repo import diagnose, write
from tests.kit.sample import THOROUGH, sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfglint.rules.declaration import Rule

CONFIG = """
default_scope = 'mmdet'
model = dict(
    type='RetinaNet', data_preprocessor=dict(type='DetDataPreprocessor', mean=[1.0, 2.0, 3.0], pad_size_divisor=32),
    backbone=dict(type='ResNet', depth=50, num_stages=4, out_indices=(0, 1, 2, 3), init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50')),
    neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048], out_channels=256, num_outs=5),
    bbox_head=dict(type='RetinaHead', num_classes=80, in_channels=256))
train_pipeline = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True), dict(type='PackDetInputs')]
dataset = dict(
    type='CocoDataset', data_root='data/', ann_file='a.json', metainfo=dict(classes=('a', 'b')), pipeline=train_pipeline)
train_dataloader = dict(
    batch_size=2, num_workers=2, persistent_workers=True, sampler=dict(type='DefaultSampler', shuffle=True),
    batch_sampler=dict(type='AspectRatioBatchSampler'), dataset=dict(type='RepeatDataset', times=3, dataset=dataset))
val_dataloader = dict(batch_size=1, num_workers=2, sampler=dict(type='DefaultSampler', shuffle=False), dataset=dataset)
test_dataloader = val_dataloader
val_evaluator = [dict(type='CocoMetric', metric=['bbox'], ann_file='data/a.json')]
test_evaluator = val_evaluator
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1, dynamic_intervals=[(8, 2)])
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop', fp16=False)
optim_wrapper = dict(
    type='AmpOptimWrapper', accumulative_counts=2, clip_grad=dict(max_norm=1.0), paramwise_cfg=dict(norm_decay_mult=0.0),
    constructor='DefaultOptimWrapperConstructor', optimizer=dict(type='SGD', lr=0.01, momentum=0.9))
param_scheduler = [
    dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
    dict(type='MultiStepLR', by_epoch=True, begin=0, end=12, milestones=[8, 11], gamma=0.1)]
default_hooks = dict(
    logger=dict(type='LoggerHook', interval=50), checkpoint=dict(type='CheckpointHook', interval=1, save_best='coco/bbox_mAP'))
custom_hooks = [dict(type='EMAHook', momentum=0.0001, begin_epoch=2), dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP')]
env_cfg = dict(cudnn_benchmark=False, mp_cfg=dict(mp_start_method='fork'), dist_cfg=dict(backend='nccl'))
randomness = dict(seed=0)
log_processor = dict(type='LogProcessor', window_size=50, by_epoch=True, custom_cfg=[dict(data_src='loss', method_name='mean')])
visualizer = dict(type='DetLocalVisualizer', vis_backends=[dict(type='LocalVisBackend')], name='v')
tta_model = dict(type='DetTTAModel', tta_cfg=dict(nms=dict(type='nms', iou_threshold=0.5)))
auto_scale_lr = dict(enable=False, base_batch_size=16)
custom_imports = dict(imports=['mine'], allow_failed_imports=False)
load_from = None
resume = False
work_dir = './work_dirs'
"""
ODD = (
    'None', '1', '-1', '0', "'x'", "''", '1.5', '[]', '{}', '()', 'True', '[None]', 'dict(type=3)', "dict(type='')", '{1: 2}',
    "{None: dict(type='FPN')}", "b'x'", "float('nan')", "float('inf')", '10**400', '10**9', "'a' * 2000", '[[]]', '[dict()]',
    "dict(type='mmdet.')", "{(1, 2): [dict(type='Resize')]}", 'len', '[dict(type=None)]', "dict(a=dict(type=['x']))", '{1, 2}',
    "'{{ x }}'", "'\\ud800'", '__import__("os").environ', 'dict(**{"a.b": 1})',
)  # fmt: skip
TURNS = 5
"""An odd value stands in the place of every fifth value: each place sees odd values of all kinds."""
CHANGES_OF_EXAMPLE = 20 if THOROUGH else 1
LIBRARIES = Libraries()


def failures(text: str, rules: list[Rule], path: Path) -> list[str]:
    """Return what failed when a config was checked."""
    path.write_text(text)
    collector = Collector(rules, Workspace(LIBRARIES))
    found = collector.collect([str(path)])
    assert [outcome.status for outcome in found.outcomes] != ['skipped']
    return [crash.what for crash in collector.overall().crashes]


def changed(text: str, odd: str, node: ast.expr) -> str:
    """Return the text with a value replaced, or for `{}` with a dict around the value whose key is no string."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    assert node.end_lineno is not None and node.end_col_offset is not None
    start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
    return text[:start] + (f'{{3: {text[start:end]}}}' if odd == '{}' else odd) + text[end:]


def values(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Call, ast.List, ast.Dict, ast.Tuple, ast.Constant)):
            yield node


def rounds(text: str) -> list[list[ast.expr]]:
    """Return all values of a config, in rounds: those of one round stand in different sections.

    What decides which rules are asked at all has a round of its own: an odd value there hides what another one does.
    """
    deciding, sections = [], []
    for statement in ast.parse(text).body:
        assert isinstance(statement, ast.Assign)
        nodes = list(values(statement))
        if ast.unparse(statement.targets[0]) in ('default_scope', 'custom_imports', 'train_cfg'):
            deciding += [[node] for node in nodes]
        else:
            sections.append(nodes)
    return deciding + [[node for node in nodes if node] for nodes in zip_longest(*sections)]


@pytest.mark.parametrize('odd', ODD)
def test_any_value_may_be_odd(odd: str, tmp_path: Path) -> None:
    path = tmp_path / 'config.py'
    rules = list(all_rules().values())
    assert failures(CONFIG, rules, path) == []
    for nodes in sample(rounds(CONFIG), ODD.index(odd), TURNS):
        text = CONFIG
        for node in reversed(nodes):
            text = changed(text, odd, node)
        assert failures(text, rules, path) == [], text


@pytest.mark.parametrize('rule', [rule for name in FAMILIES for rule in family(name)], ids=lambda rule: rule.name)
def test_any_value_of_an_example_may_be_odd(rule: Rule, tmp_path: Path) -> None:
    rules = list(all_rules().values())
    pick = random.Random(rule.name)
    for kind, files in examples(rule.doc).items():
        folder = tmp_path / kind
        write(folder, files)
        text = files.get('config.py', '')
        if not text.isascii() or not is_python(text):
            continue
        nodes = list(values(ast.parse(text)))
        text = complete(text) if '_base_' not in text else text  # what is added stands behind, and is the same in all
        for _ in range(CHANGES_OF_EXAMPLE if nodes else 0):
            other = changed(text, pick.choice(ODD), pick.choice(nodes))
            assert failures(other, rules, folder / 'config.py') == [], other


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize('length', [0, -1, -65536, True])
def test_queues_of_no_length_are_left_alone(length: int, tmp_path: Path) -> None:
    text = f"default_scope = 'mmpretrain'\nmodel = dict(type='MoCo', queue_len={length})\ntrain_dataloader = dict(batch_size=48)\n"
    assert 'queue-unlike-batch' not in {each.rule for each in diagnose(tmp_path, complete(text))}


def test_long_values_are_shown_shortened(tmp_path: Path) -> None:
    depth = '9' * 5_000
    text = f"default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=dict(type='ResNet', depth={depth!r}))\n"
    said = [each.message for each in diagnose(tmp_path, complete(text)) if each.rule == 'unknown-architecture']
    assert len(said) == 1 and len(said[0]) < 120
