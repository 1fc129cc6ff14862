"""Models of the user's own, and how MMEngine would call them."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from cfglint.rules.code.model_stages import model_without_val_step, uncovered_mode
from cfglint.rules.code.models import model_without_mode, model_without_train_step
from tests.kit.complete import complete, examples
from tests.kit.oracle import train
from tests.kit.repo import write
from tests.rules.code.kit import diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfglint.rules.declaration import Rule

HEAD = 'from mmengine.model import BaseModel, BaseModule\nfrom mmengine.registry import MODELS\nimport torch.nn as nn\n\n\n'
CONFIG = complete("custom_imports = dict(imports=['mine'])\nmodel = dict(type='Mine')\n")


def rules_of(folder: Path, text: str, config: str = CONFIG, head: str = HEAD) -> list[str]:
    """Return the rules that tell of a model."""
    text = text.replace('class Mine', '@MODELS.register_module()\nclass Mine')
    return [each.rule for each in diagnose(folder, {'config.py': config, 'mine.py': head + text})]


@pytest.mark.parametrize('text', [
    'class Mine(BaseModel):\n    def forward(self, inputs): ...\n',
    'class Mine(BaseModel):\n    def forward(self, inputs, /, *args): ...\n',
    'class Base(BaseModel):\n    def forward(self, inputs): ...\n\n\nclass Mine(Base):\n    def loss(self): ...\n',
    'class Mine(BaseModel, nn.Module):\n    def forward(self, inputs): ...\n    def val_step(self, data): ...\n',
])  # fmt: skip
def test_forward_without_mode(text: str, tmp_path: Path) -> None:
    assert rules_of(tmp_path, text) == ['model-without-mode']


@pytest.mark.parametrize('text', [
    'class Mine(BaseModel):\n    def forward(self, inputs, mode): ...\n',
    'class Mine(BaseModel):\n    def forward(self, inputs, *, mode="loss"): ...\n',
    'class Mine(BaseModel):\n    def forward(self, inputs, **kwargs): ...\n',
    'class Mine(BaseModel):\n    def forward(self, inputs): ...\n    def train_step(self, data, optim_wrapper): ...\n',
    'class Mine(BaseModel):\n    def forward(self, inputs): ...\n    def _run_forward(self, data, mode): ...\n',
    'class Mine(BaseModel):\n    def forward(self, inputs): ...\n    train_step = None\n',
    'class Mine(BaseModel):\n    @staticmethod\n    def forward(inputs): ...\n',
    'class Mine(BaseModel):\n    if nn:\n        def forward(self, inputs): ...\n',
    'class Mine(BaseModel):\n    def loss(self, inputs): ...\n',
    'from elsewhere import Mixin\n\n\nclass Mine(Mixin, BaseModel):\n    def forward(self, inputs): ...\n',
    'def base():\n    return BaseModel\n\n\nclass Mine(base()):\n    def forward(self, inputs): ...\n',
    'from mmagic.models import BaseEditModel\n\n\nclass Mine(BaseEditModel):\n    def forward(self, inputs): ...\n',
    'class Mine(nn.Module):\n    def train_step(self, data, optim_wrapper): ...\n    def val_step(self, data): ...\n    test_step = val_step\n',
    'class Mine(nn.Module):\n    def __getattr__(self, name): ...\n',
])  # fmt: skip
def test_callable_models(text: str, tmp_path: Path) -> None:
    assert rules_of(tmp_path, text) == []


@pytest.mark.parametrize('base', ['nn.Module', 'BaseModule', 'nn.Sequential'])
def test_plain_modules(base: str, tmp_path: Path) -> None:
    assert rules_of(tmp_path, f'class Mine({base}):\n    def forward(self, inputs): ...\n') == [
        'model-without-train-step'
    ]


@pytest.mark.parametrize(('old', 'new', 'said'), [
    ("'EpochBasedTrainLoop'", "'IterBasedTrainLoop'", True),
    ("'EpochBasedTrainLoop'", "'MyLoop'", False),
    ('default_scope', "runner_type = 'MyRunner'\ndefault_scope", False),
    ("model = dict(type='Mine')", "model = dict(type='ToyModel', backbone=dict(type='Mine'))", False),
])  # fmt: skip
def test_what_the_config_says(old: str, new: str, said: bool, tmp_path: Path) -> None:
    text = 'class Mine(BaseModel):\n    def forward(self, inputs): ...\n'
    assert old in CONFIG and rules_of(tmp_path, text, CONFIG.replace(old, new)) == ['model-without-mode'] * said


def test_a_config_that_only_tests(tmp_path: Path) -> None:
    sections = ('train_dataloader', 'train_cfg', 'optim_wrapper')
    config = CONFIG + ''.join(f'{name} = None\n' for name in sections)
    text = HEAD + '@MODELS.register_module()\nclass Mine(BaseModel):\n    def forward(self, inputs): ...\n'
    (found,) = diagnose(tmp_path, {'config.py': config, 'mine.py': text})
    assert "mode='predict'" in found.message
    plain = text.replace('(BaseModel)', '(nn.Module)')
    assert diagnose(tmp_path, {'config.py': config, 'mine.py': plain}) == []


@pytest.fixture
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules Python finds, and forgets afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], '__file__', '')).startswith(str(tmp_path)):
            del sys.modules[name]
    gc.collect()


@pytest.mark.usefixtures('bare_mmengine')
@pytest.mark.parametrize(
    'rule',
    [model_without_mode, model_without_train_step, model_without_val_step, uncovered_mode],
    ids=lambda rule: rule.name,
)
@pytest.mark.parametrize('kind', ['bad', 'good'])
def test_mmengine_agrees(rule: Rule, kind: str, importable: Path) -> None:
    files = examples(rule.doc)[kind]
    write(importable, {**files, 'config.py': complete(files['config.py'])})
    if kind == 'good':
        train(importable / 'config.py', importable / 'work')
        return
    assert rule.raises is not None
    with pytest.raises((TypeError, AssertionError, AttributeError), match=rule.raises.partition(': ')[2]):
        train(importable / 'config.py', importable / 'work')


@pytest.mark.parametrize('line', [
    'import mmcv.runner', 'from mmcv.runner.hooks import Hook', 'from mmcv.utils import Registry', 'from mmcv import Config',
])  # fmt: skip
def test_python_says_what_is_quoted(line: str, importable: Path) -> None:
    (found,) = diagnose(importable / 'repository', {'mine.py': f'{line}\n'})
    kind, _, words = found.consequence.removeprefix('raises ').partition(': ')
    # What is left of mmcv, so that Python finds the package and not the rest.
    write(importable, {'mmcv/__init__.py': '', 'mmcv/utils.py': '', 'statement.py': f'{line}\n'})
    with pytest.raises(ImportError) as error:
        importlib.import_module('statement')
    assert type(error.value).__name__ == kind and str(error.value).startswith(words)


FORWARD = HEAD + '@MODELS.register_module()\nclass Mine(BaseModel):\n    def forward(self, inputs, mode):\n'


@pytest.mark.parametrize(('body', 'said'), [
    ("if mode == 'loss':\n    return {}\nelif mode == 'predict':\n    return []\nelse:\n    pass\n", False),
    ("if mode == 'loss':\n    return {}\nreturn []\n", False),
    ("if mode in ('loss', 'predict'):\n    return {}\nraise ValueError(f'{mode}')\n", False),
    ('return getattr(self, mode)(inputs)\n', False),
    ("for each in inputs:\n    if mode == 'predict':\n        return each\n    elif mode == 'loss':\n        return {}\n", False),
    ("with torch.no_grad():\n    if mode != 'tensor':\n        return {}\n", False),
    ("if mode == 'loss':\n    return {}\n", True),
    ("if mode == 'predict':\n    return []\nraise ValueError(mode)\n", False),
    ("if mode == 'predict':\n    return []\nraise ValueError\n", True),
    ("if mode == 'loss' :\n    self.x = 1\n    return None\nreturn []\n", True),
])  # fmt: skip
def test_modes_that_forward_knows(body: str, said: bool, tmp_path: Path) -> None:
    text = FORWARD + ''.join(f'        {line}\n' for line in body.splitlines())
    found = [each.rule for each in diagnose(tmp_path, {'config.py': CONFIG, 'mine.py': text})]
    assert found == ['uncovered-mode'] * said


@pytest.mark.parametrize(('samples', 'said'), [
    ('len(inputs)', ['outdated-losses']),
    ('torch.tensor(len(inputs)).float()', []),
    ('samples', []),
])  # fmt: skip
def test_a_number_of_samples_may_be_a_tensor(samples: str, said: list[str], tmp_path: Path) -> None:
    text = (
        'import torch\nfrom mmengine.model import BaseModel\nfrom mmengine.registry import MODELS\n\n\n'
        "class Mine(BaseModel):\n    def forward(self, inputs, mode='tensor'):\n        if mode == 'loss':\n"
        f'            samples = torch.ones(1)\n            return dict(loss=samples, num_samples={samples})\n        return inputs\n'
    )
    assert rules_of(tmp_path, text, head='') == said
