"""Interfaces of 0.x: what is said of them, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog import Component, Installation
from cfglint.catalog.code_facts import PACKAGES, code_facts, moved
from cfglint.catalog.interfaces import interfaces
from tests.code.kit import diagnose, migrated

HEAD = 'from mmdet.models.dense_heads import AnchorHead\n\n\nclass Own(AnchorHead):\n'
HOOK = 'from mmengine.hooks import Hook\n\n\nclass Own(Hook):\n'
MODEL = 'from mmengine.model import BaseModel\n\n\nclass Own(BaseModel):\n'
DATASET = 'from mmdet.datasets import CocoDataset\n\n\nclass Own(CocoDataset):\n'
ASSIGNER = 'from mmdet.models.task_modules import BaseAssigner\n\n\nclass Own(BaseAssigner):\n'


@pytest.mark.parametrize(('before', 'after'), [
    (f'{HOOK}    def after_train_iter(self, runner):\n        print(runner.iter)\n',
     f'{HOOK}    def after_train_iter(self,\n                         runner,\n                         batch_idx,\n                         data_batch=None,\n'
     '                         outputs=None):\n        print(runner.iter)\n'),
    (f'{HOOK}    def after_val_epoch(self, runner): pass\n', f'{HOOK}    def after_val_epoch(self, runner, metrics=None): pass\n'),
    (f'{HOOK}    def before_run(self, runner):\n        if self.every_n_iters(runner, 2):\n            runner.optimizer.step()\n',
     f'{HOOK}    def before_run(self, runner):\n        if self.every_n_train_iters(runner, 2):\n            runner.optim_wrapper.step()\n'),
    (f'{HEAD}    def loss_single(self, x):\n        return super().loss_single(x)\n',
     f'{HEAD}    def loss_by_feat_single(self, x):\n        return super().loss_by_feat_single(x)\n'),
    (f'{ASSIGNER}    def assign(self, bboxes, gt_bboxes, gt_bboxes_ignore=None, gt_labels=None):\n        """Assign."""\n        return bboxes, gt_labels\n',
     f'{ASSIGNER}    def assign(self,\n               pred_instances,\n               gt_instances,\n               gt_instances_ignore=None,\n'
     '               **kwargs):\n        """Assign."""\n        bboxes = pred_instances.priors\n        gt_labels = gt_instances.labels\n        return bboxes, gt_labels\n'),
    (f"{DATASET}    CLASSES = ('a', )\n", f"{DATASET}    METAINFO = dict(classes=('a', ))\n"),
    (f"{DATASET}    CLASSES = ('a', )\n    PALETTE = [1]\n\n    def f(self):\n        return self.CLASSES\n",
     f"{DATASET}    METAINFO = dict(\n        classes=('a', ),\n        palette=[1])\n\n    def f(self):\n        return self.metainfo['classes']\n"),
    (f'{MODEL}    def train_step(self, data, optimizer=None):\n        return self.data_preprocessor(data), optimizer\n',
     f'{MODEL}    def train_step(self, data, optim_wrapper=None):\n        return self.data_preprocessor(data), optim_wrapper\n'),
    (f'{MODEL}    def forward(self, x, return_loss=True):\n        if return_loss:\n            return dict(loss=x)\n        return [x]\n',
     f"{MODEL}    def forward(self, x, mode='tensor'):\n        if mode == 'loss':\n            return dict(loss=x)\n        return [x]\n"),
    ('import torch.nn as nn\n\n\nclass Own(nn.Module):\n    def __init__(self, init_cfg):\n        super().__init__(init_cfg)\n\n    def forward(self): ...\n\n    def train_step(self, data, optimizer):\n        self.data_preprocessor(data, optimizer)\n',
     'import torch.nn as nn\nfrom mmengine.model import BaseModel\n\n\nclass Own(BaseModel):\n    def __init__(self, init_cfg):\n        super().__init__(init_cfg=init_cfg)\n\n    def forward(self): ...\n\n    def train_step(self, data, optim_wrapper):\n        self.data_preprocessor(data, optim_wrapper)\n'),
])  # fmt: skip
def test_mechanical(before: str, after: str, tmp_path: Path) -> None:
    result = migrated(tmp_path, before)
    # An import that was used and is not any more goes away, too.
    assert result.text in (after, after.replace('import torch.nn as nn\n', ''))
    assert migrated(tmp_path, result.text).text == result.text


def test_what_the_parameters_are_today_may_need_torch(tmp_path: Path) -> None:
    text = 'from mmcls.models.heads import ClsHead\n\n\nclass Own(ClsHead):\n    def loss(self, cls_score, gt_label):\n        return gt_label\n'
    result = migrated(tmp_path, text).text
    assert 'import torch\n' in result and 'gt_label = torch.cat([each.gt_label for each in data_samples])' in result


def test_what_a_person_has_to_do_is_written_into_the_method(tmp_path: Path) -> None:
    text = (
        f'{HEAD}    def get_bboxes(self, cls_scores, img_metas=None):\n        return [each for each in img_metas]\n\n'
        '    def loss(self, cls_scores, gt_bboxes, gt_labels, img_metas):\n        return gt_bboxes, len(img_metas)\n'
    )
    result = migrated(tmp_path, text)
    assert (
        'def predict_by_feat(self, cls_scores, batch_img_metas=None):\n        # TODO(cfglint): return an'
        in result.text
    )
    assert 'gt_bboxes = [each.bboxes for each in batch_gt_instances]' in result.text
    assert 'gt_labels' not in result.text
    assert len(result.todos) == 2
    again = migrated(tmp_path, result.text)
    assert (again.text, len(again.todos)) == (result.text, 2)


@pytest.mark.parametrize(('text', 'words'), [
    (f'{MODEL}    def train_step(self, data, optim_wrapper):\n        data = self.data_preprocessor(data)\n        loss = self(data)\n        loss.backward()\n        optim_wrapper.step()\n',
     'optim_wrapper.update_params(loss)'),
    (f'{MODEL}    def train_d(self, data, optimizer):\n        loss = self(data)\n        optimizer["d"].zero_grad()\n        loss.backward()\n        optimizer["d"].step()\n',
     'optimizer["d"].update_params(loss)'),
    (f'{MODEL}    def train_step(self, data, optim_wrapper):\n        loss = self(data["inputs"])\n        optim_wrapper.update_params(loss)\n',
     'data = self.data_preprocessor(data, True)'),
])  # fmt: skip
def test_the_form_of_1x_stands_beside_the_lines(text: str, words: str, tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, text)
    assert found.advice is not None and found.advice.code == words


@pytest.mark.parametrize('text', [
    f'{HEAD}    def get_bboxes(self): ...\n\n    def predict_by_feat(self):\n        return self.get_bboxes()\n',
    f'{HEAD}    def loss(self, x, batch_data_samples): ...\n',
    f'{HOOK}    def after_train_iter(self, runner, **kwargs): ...\n',
    f'{HOOK}    def every_n_iters(self, n): ...\n\n    def before_run(self, runner):\n        self.every_n_iters(3)\n',
    f'{MODEL}    def train_step(self, data, optim_wrapper):\n        return self.train_all(data, optim_wrapper)\n',
    f'{MODEL}    def train_step(self, data, optim_wrapper):\n        raise NotImplementedError\n',
    f'{MODEL}    def train_step(self, data, optim_wrapper):\n        data = self.data_preprocessor(data)\n        optim_wrapper.backward(self(data))\n        optim_wrapper.step()\n',
    'class Own:\n    def get_bboxes(self): ...\n\n    def train_step(self, data, optimizer): ...\n',
    'from torch import nn\n\n\nclass Own(nn.Module):\n    def forward(self, x, return_loss=True): ...\n',
    'from mmunknown import Head\n\n\nclass Own(Head):\n    def get_bboxes(self): ...\n',
    f'{DATASET}    METAINFO = dict(classes=())\n    CLASSES = ()\n',
    f'{DATASET}    def __init__(self, names):\n        self.CLASSES = names\n        super().__init__(metainfo=dict(classes=self.CLASSES))\n',
])  # fmt: skip
def test_nothing_is_said(text: str, tmp_path: Path) -> None:
    assert [each.message for each in diagnose(tmp_path, text)] == []


def test_a_model_without_forward_cannot_derive_from_base_model(tmp_path: Path) -> None:
    text = 'from torch import nn\n\n\nclass Own(nn.Module):\n    def train_step(self, data, optimizer):\n        return self.data_preprocessor(data)\n'
    result = migrated(tmp_path, text)
    assert result.text == text and any('define `forward`' in reason for _, reason in result.todos)


def test_a_method_that_a_person_has_to_change_stays_as_it_is(tmp_path: Path) -> None:
    text = 'from mmagic.models import BaseEditModel\n\n\nclass Own(BaseEditModel):\n    def forward_train(self, lq, gt):\n        return lq\n'
    result = migrated(tmp_path, text)
    assert result.text == text
    assert 'its arguments are others: it takes `inputs, data_samples`' in result.todos[0][1]


def test_a_training_step_that_does_not_train(tmp_path: Path) -> None:
    text = f'{MODEL}    def train_step(self, data, optim_wrapper):\n        return self(self.data_preprocessor(data))\n'
    (found,) = diagnose(tmp_path, text)
    assert found.message == '`Own.train_step` never uses `optim_wrapper`: nothing is trained'


def test_a_training_step_that_ignores_its_optimizer_is_not_renamed(tmp_path: Path) -> None:
    text = (
        f'{MODEL}    def train_step(self, data, optimizer=None):\n        return self(self.data_preprocessor(data))\n'
    )
    result = migrated(tmp_path, text)
    assert result.text == text and 'drop it: `BaseModel.train_step` calls' in result.todos[0][1]


def test_what_took_over_is_there() -> None:
    today = Installation(
        {'mmdet': '3.3.0', 'mmsegmentation': '1.2.2', 'mmpretrain': '1.2.0', 'mmagic': '1.2.0', 'mmcv': '2.1.0', 'mmaction2': '1.2.0'},
        era=1,
    )  # fmt: skip
    places = [each.to for each in code_facts().renamed.values() if not each.to.startswith('mmdeploy')]
    places += [
        place for package in ('mmcv', 'mmdet', 'mmseg', 'mmcls', 'mmgen', 'mmedit') for place in moved(package).values()
    ]
    assert len(places) > 1000
    assert [place for place in places if not isinstance(today.by_path(place), Component)] == []


def test_the_tables_follow_their_schema() -> None:
    assert all(moved(package) for package in PACKAGES)
    assert code_facts().builders.keys().isdisjoint(code_facts().registries)
    for each in interfaces():
        assert each.of and each.classes and all('.' in name for name in each.classes)
        for name, became in each.methods.items():
            assert became.to or became.note or became.minor, name
            assert became.to != name or became.old, name
