"""Which files of a folder are configs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cfglint.discover import discover
from cfglint.engine import check
from cfglint.language.source import SourceFile
from cfglint.recognition import why_no_config, why_no_config_data
from tests.cli.conftest import Ran
from tests.kit.repo import write

CONFIGS = {
    'scope alone': "default_scope = 'mmdet'\n",
    'base': "_base_ = ['../x.py']\n",
    'base of pure Python': 'from mmengine.config import read_base\n\nwith read_base():\n    from .base import *\n',
    'base that is computed': "_base_ = ['a.py'] + ['b.py']\n",
    'section of MMEngine': 'train_dataloader = dict(batch_size=2)\n',
    'section in braces': "default_hooks = {'logger': {'interval': 10}}\n",
    'misspelt section': "optim_wraper = dict(type='OptimWrapper')\n",
    'schedulers': "param_scheduler = [dict(type='LinearLR', start_factor=0.1)]\n",
    'schedulers that are joined': "param_scheduler = [dict(type='LinearLR')] + more\n",
    'model': "model = dict(type='RetinaNet')\n",
    'model of a lazy config': 'from mmdet.models import RetinaNet\n\nmodel = dict(type=RetinaNet)\n',
    'pipeline': "dataset_type = 'A'\ntrain_pipeline = [dict(type='LoadImageFromFile')]\n",
    'old optimizer': "optimizer = dict(type='SGD', lr=0.1)\n",
    'old optimizer of a child': 'optimizer = dict(lr=0.1)\n',
    'old schedule': "lr_config = dict(policy='step', step=[8, 11])\ntotal_epochs = 12\n",
    'old data': 'data = dict(samples_per_gpu=2)\n',
    'old runtime': "workflow = [('train', 1)]\nload_from = None\n",
    'with functions': "def scaled(x):\n    return 2 * x\n\n\noptim_wrapper = dict(optimizer=dict(type='SGD', lr=scaled(0.1)))\n",
    'with a class': 'class A:\n    pass\n\n\ntrain_dataloader = dict(dataset=dict(type=A))\n',
    'in a branch': "if True:\n    optim_wrapper = dict(type='OptimWrapper')\n",
    'changed later': "model = dict(type='A')\nmodel.update(b=1)\n",
}

OTHERS = {
    'nothing': '',
    'plain names': "root = 'data'\nclasses = ('a', 'b')\n",
    'a model that is made': "from mmdet.apis import init_detector\n\nmodel = init_detector('configs/a.py', 'a.pth')\nprint(model)\n",
    'an optimizer that is made': 'import torch\n\noptimizer = torch.optim.SGD([], lr=0.1)\n',
    'a script': "import json\n\nwith open('a.txt') as file:\n    data = {'train': file.read()}\n",
    'a request': "import requests\n\ndata = {'image': 'a'}\nrequests.post('http://x', data=data)\n",
    'what is run': "optim_wrapper = dict(type='OptimWrapper')\n\nif __name__ == '__main__':\n    print(optim_wrapper)\n",
    'functions': "model = {'name': 'a'}\n\n\ndef build():\n    return model\n",
    'classes': 'optimizer = dict(lr=1)\n\n\nclass Trainer:\n    pass\n',
    'names of sections': "SECTIONS = ('optim_wrapper', 'train_dataloader')\nLEGACY = {'lr_config': 'param_scheduler'}\n",
    'tests': "optim_wrapper = dict(type='OptimWrapper')\n\n\ndef test_it():\n    assert optim_wrapper\n",
    'a JSON schema': "schema = {'type': 'object', 'properties': {'a': {'type': 'string'}}}\n",
    'what is built': "from mmdet.registry import MODELS\n\ncfg = dict(type='A')\nmodel = MODELS.build(cfg)\nprint(model)\n",
    'lazy calls': 'from detectron2.config import LazyCall as L\n\nmodel = L(RetinaNet)(depth=50)\noptimizer = L(SGD)(lr=0.1)\n',
    'a dunder list': "from x import y\n\n__all__ = ['y']\n",
}


def verdict(name: str, text: str) -> str | None:
    return why_no_config(SourceFile(name, text))


@pytest.mark.parametrize('text', CONFIGS.values(), ids=list(CONFIGS))
def test_configs(text: str) -> None:
    assert verdict('/x/a.py', text) is None


@pytest.mark.parametrize('text', OTHERS.values(), ids=list(OTHERS))
def test_other_modules(text: str) -> None:
    assert verdict('/x/a.py', text) is not None


@pytest.mark.parametrize('name', ['__init__.py', 'conftest.py', 'setup.py'])
def test_names_of_modules(name: str) -> None:
    assert verdict(f'/x/{name}', CONFIGS['model']) is not None


@pytest.mark.parametrize(
    'text', ["dataset_info = dict(dataset_name='a')\n", 'from own.one import info\n\ninfo = info.build()\n']
)
def test_variables_in_a_folder_of_configs_are_configs(text: str) -> None:
    assert verdict('/x/configs/a.py', text) is None
    assert verdict('/x/config/a.py', text) is not None
    assert verdict('/x/configs/a.py', f'{text}print(1)\n') is not None
    assert verdict('/x/configs/settings.py', "DATABASES = {'default': {}}\n") is not None


def test_what_cannot_be_parsed_is_a_config_by_its_place_or_its_beginning() -> None:
    assert verdict('/x/configs/a.py', 'a = (\n') is None
    assert verdict('/x/_base_/datasets/a.py', 'a = (\n') is None
    assert verdict('/x/tools/a.py', "optim_wrapper = dict(\n    type='A'\nx = 1\n") is None
    assert verdict('/x/tools/a.py', 'a = (\n') is not None
    assert verdict('/x/configs/a.py', 'import os\n\n\ndef f():\n    print os.sep\n') is not None


TEMPLATES = {
    'cookiecutter': "_base_ = './{{ cookiecutter.model }}.py'\nnum_classes = {{ cookiecutter.num_classes }}\n",
    'blocks of Jinja': "_base_ = './a.py'\n{% for name in names %}\nmodel = dict(type='A')\n{% endfor %}\n",
    'names after a dollar': "_base_ = ['./a.py']\nmodel = dict(head=dict(num_classes=$NUM_CLASSES))\n",
    'percent': "default_scope = 'mmdet'\ntrain_dataloader = dict(batch_size=%(size)d)\n",
    'angle brackets': "_base_ = './a.py'\nload_from = <CHECKPOINT>\n",
}


@pytest.mark.parametrize('text', TEMPLATES.values(), ids=list(TEMPLATES))
def test_templates_are_no_configs(text: str) -> None:
    assert verdict('/x/configs/a.py', text) == 'a template that a program fills in'
    assert verdict('/x/configs/{{model}}.py', CONFIGS['model']) == 'a template that a program fills in'


def test_what_looks_like_a_gap_in_a_text_is_none() -> None:
    assert (
        verdict('/x/configs/a.py', "_base_ = './a.py'\nfmt = '[%(asctime)s] (%(name)s)'\nx = {{ _base_.y }}\n") is None
    )


@pytest.mark.parametrize(
    ('table', 'is_config'),
    [
        ({'model': {'type': 'RetinaNet'}}, True),
        ({'train_dataloader': {'batch_size': 2}}, True),
        ({'model': {'name': 'resnet50'}, 'optimizer': {'lr': 0.1}}, False),
        ({'defaults': ['_self_'], 'train_dataloader': {'batch_size': 2}}, False),
        ({'model': {'_target_': 'a.B'}, 'train_dataloader': {'_target_': 'a.C'}}, False),
        ({'lr_config': {'policy': 'step'}, 'size': '${voxel_size}'}, False),
        ({'type': 'object', 'properties': {'optim_wrapper': {}}}, False),
        ({'metrics': [{'type': 'CocoMetric'}], 'model': {'heads': ['A']}, 'visualizer': 'V'}, False),
    ],
)
def test_data(table: dict[str, object], is_config: bool) -> None:
    assert (why_no_config_data(table, inherits=False) is None) is is_config


def test_data_beside_a_config_of_another_tool_is_of_that_tool(tmp_path: Path) -> None:
    write(tmp_path, {
        'configs/default.yaml': 'checkpoint_config:\n  interval: 1\nrunner:\n  max_epochs: ${max_epochs}\n',
        'configs/det/lss.yaml': 'lr_config:\n  policy: step\n',
        'configs/det/child.yaml': "_base_: '../../plain/a.yaml'\n",
        'plain/a.yaml': 'lr_config:\n  policy: step\n',
    })  # fmt: skip
    assert statuses(tmp_path) == {'configs/det/child.yaml': 'checked', 'plain/a.yaml': 'checked'}
    assert len(discover([str(tmp_path)]).skipped) == 2


def statuses(folder: Path) -> dict[str, str]:
    found = discover([str(folder)])
    outcomes = check(found.files, [], candidates=found.candidates).outcomes
    return {os.path.relpath(each.path, folder): each.status for each in outcomes}


def test_what_a_config_inherits_is_a_config(tmp_path: Path) -> None:
    write(tmp_path, {
        'a.py': "_base_ = 'parts/data.py'\n",
        'parts/data.py': "_base_ = 'root.py'\nclasses = ('a',)\n",
        'parts/root.py': "root = 'data'\n",
        'parts/other.py': "root = 'data'\n",
    })  # fmt: skip
    assert statuses(tmp_path) == {
        'a.py': 'checked', 'parts/data.py': 'checked', 'parts/root.py': 'checked', 'parts/other.py': 'no config',
    }  # fmt: skip


def test_what_cannot_be_parsed_beside_configs_is_reported(tmp_path: Path) -> None:
    write(tmp_path, {'a/a.py': CONFIGS['model'], 'a/b.py': 'b = (\n', 'c/c.py': 'c = (\n'})
    assert statuses(tmp_path) == {'a/a.py': 'checked', 'a/b.py': 'broken', 'c/c.py': 'no config'}


def test_what_cannot_be_read_is_reported_where_configs_are(tmp_path: Path) -> None:
    for folder in ('configs', 'tools'):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / 'a.py').symlink_to(tmp_path / 'nowhere')
    assert statuses(tmp_path) == {'configs/a.py': 'broken', 'tools/a.py': 'no config'}


def test_a_named_file_is_always_read(cli: Callable[..., Ran], tmp_path: Path) -> None:
    write(tmp_path, {'tool.py': 'def f(): pass\nx = y\n', 'a.py': CONFIGS['model']})
    ran = cli('check', 'tool.py', '--output-format', 'json')
    assert [each['code'] for each in json.loads(ran.out)] == ['undefined-name']
    ran = cli('check', '.')
    assert ran.code == 0
    assert 'checked 1 file, passed over 1 file that is no config: found nothing' in ran.err
    assert 'cfglint: no config: tool.py: a Python module' in cli('check', '.', '-v').err


def test_a_hook_passes_over_modules_that_it_names(cli: Callable[..., Ran], tmp_path: Path) -> None:
    write(tmp_path, {'config/tool.py': 'def f(): pass\nx = y\n'})
    ran = cli('check', '--force-exclude', 'config/tool.py')
    assert (ran.code, ran.err) == (0, 'checked nothing, passed over 1 file that is no config\n')


def test_a_folder_without_configs_is_a_mistake(cli: Callable[..., Ran], tmp_path: Path) -> None:
    write(tmp_path, {'src/tool.py': 'def f(): pass\n', 'configs/a.py': CONFIGS['model'], 'empty/a.txt': ''})
    ran = cli('check', 'src', '--output-format', 'json')
    assert (ran.code, ran.out) == (2, '[]\n')
    assert 'error: there is no config in `src` (1 file passed over; a file that you name is read)' in ran.err
    assert cli('check', 'src', 'configs').code == 2
    assert 'there is no config in `empty`\n' in cli('check', 'empty').err
    assert cli('check', '.').code == 0


@pytest.mark.parametrize('name', ['what is run', 'tests'])
def test_a_config_among_configs_does_not_hide_as_a_program(name: str) -> None:
    assert why_no_config(SourceFile('/x/configs/y/a.py', OTHERS[name])) is None
    assert why_no_config(SourceFile('/x/tools/a.py', OTHERS[name])) is not None
    assert why_no_config(SourceFile('/x/configs/y/a.py', OTHERS['functions'])) is not None
