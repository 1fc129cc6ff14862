"""What the modules behind a config take from the libraries, and what these do not have any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.fixing.edits import apply
from cfglint.report.parts import in_a_line
from cfglint.rules import family
from tests.kit.repo import run, write
from tests.rules.code.kit import CONFIG, diagnose


@pytest.mark.parametrize(('line', 'words'), [
    ('from mmcv.runner import BaseModule', "(MMEngine raises ModuleNotFoundError: No module named 'mmcv.runner'); write `from mmengine.model import BaseModule`"),
    ('from mmcv.runner.hooks import HOOKS, Hook', "No module named 'mmcv.runner'); write `from mmengine.registry import HOOKS; from mmengine.hooks import Hook`"),
    ('from mmcv.runner import force_fp32', 'drop `force_fp32`: `AmpOptimWrapper` does it'),
    ('from mmcv.utils import Registry', "(MMEngine raises ImportError: cannot import name 'Registry' from 'mmcv.utils'); write `from mmengine.registry import Registry`"),
    ('from mmcv import Config', 'write `from mmengine.config import Config`'),
    ('from mmcv.cnn import xavier_init', 'write `from mmengine.model import xavier_init`'),
    ('from mmdet.core import bbox2roi', 'write `from mmdet.structures.bbox import bbox2roi`'),
    ('from mmdet.core import bbox_overlaps', 'write `from mmdet.structures.bbox import bbox_overlaps`'),
    ('from mmdet.core.bbox.builder import BBOX_ASSIGNERS', 'use `TASK_UTILS` for `BBOX_ASSIGNERS`; write `from mmdet.registry import TASK_UTILS`'),
    ('from mmdet.models.builder import HEADS, build_loss', 'use `MODELS` for `HEADS`; write `MODELS.build(…)` for `build_loss`; write `from mmdet.registry import MODELS`'),
    ('from mmdet.datasets.builder import PIPELINES', 'use `TRANSFORMS` for `PIPELINES`; write'),
    ('from mmcv.cnn.bricks.transformer import ATTENTION', 'use `MODELS` for `ATTENTION`; write `from mmengine.registry import MODELS`'),
    ('from mmcv.parallel import collate', 'use `pseudo_collate` for `collate` (it leaves samples as they are: there is no `DataContainer`); write `from mmengine.dataset import pseudo_collate`'),
    ('from mmcls.core import accuracy', "No module named 'mmcls.core'"),
    ('from mmdet.core import *', "No module named 'mmdet.core'"),
    ('import mmcv.parallel', "No module named 'mmcv.parallel'); see `mmengine.model` and `mmengine.dataset`"),
    ('import torch, mmcv.runner as runner', "No module named 'mmcv.runner'"),
])  # fmt: skip
def test_removed_import(line: str, words: str, tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, {'mine.py': f'import torch\n{line}\n'})
    assert (found.rule, Path(found.path).name) == ('removed-import', 'mine.py')
    assert words in in_a_line(found)
    assert found.related[0].span is not None and Path(found.related[0].span.path).name == 'config.py'


@pytest.mark.parametrize('text', [
    'from mmengine.model import BaseModule\nfrom mmcv.cnn import ConvModule\nfrom mmdet.registry import MODELS\n',
    'try:\n    from mmcv.runner import BaseModule\nexcept ImportError:\n    from mmengine.model import BaseModule\n',
    'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mmcv.runner import BaseModule\n',
    'from mmcv._ext import nms\nfrom mmcv.nowhere import anything\n',  # what no release ever had
    'from mmunknown.runner import BaseModule\nfrom torch.nowhere import x\n',
    'from mmseg.models.builder import HEADS\n',  # it is still there
    'from mmdet.core import (\n',  # Python says what is wrong with it
])  # fmt: skip
def test_no_removed_import(text: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, {'mine.py': text}) == []


def test_release_decides(tmp_path: Path) -> None:
    text = 'from mmdet.core import bbox2roi\n'
    assert len(diagnose(tmp_path, {'mine.py': text}, ('mmdet==3.0.0',))) == 1
    assert diagnose(tmp_path, {'mine.py': text}, ('mmdet==2.28.2',)) == []


def test_the_users_own_library_is_not_compared(tmp_path: Path) -> None:
    files = {'mmdet/__init__.py': '', 'mine.py': 'from mmdet.core import bbox2roi\n'}
    assert diagnose(tmp_path, files) == []


@pytest.mark.parametrize('config', [
    "_base_ = 'other.py'\ncustom_imports = dict(imports=['mine'])\n",
    "custom_imports = dict(imports=['mine'])\n",
])  # fmt: skip
def test_configs_of_no_generation_do_not_tell_what_their_modules_need(config: str, tmp_path: Path) -> None:
    files = {'config.py': config, 'mine.py': 'from mmcv.runner import BaseModule\n', 'other.py': ''}
    assert diagnose(tmp_path, files) == []


def test_modules_are_followed(tmp_path: Path) -> None:
    old = 'from mmcv.runner import BaseModule\n'
    files = {
        'config.py': CONFIG.replace("['mine']", "'lib.heads'"),
        'lib/__init__.py': 'from . import tools\n',
        'lib/tools.py': f'from .below.deep import deep\n{old}',
        'lib/below/__init__.py': old,
        'lib/below/deep.py': f'import lib.heads\n{old}',
        'lib/heads.py': f'from lib.plain import thing\n{old}',
        'lib/plain.py': old,
        'lib/unused.py': old,
    }
    removed = [each for each in diagnose(tmp_path, files) if each.rule == 'removed-import']
    found = {Path(each.path).relative_to(tmp_path).as_posix() for each in removed}
    assert found == set(files) - {'config.py', 'lib/__init__.py', 'lib/unused.py'}


def test_components_lead_to_their_modules(tmp_path: Path) -> None:
    files = {
        'config.py': "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', neck=dict(type='MyNeck'))\n"
        "train_dataloader = dict()\n",
        'mynecks.py': 'from mmdet.registry import MODELS\nfrom mmcv.runner import auto_fp16\n\n\n'
        '@MODELS.register_module()\nclass MyNeck:\n    pass\n',
    }  # fmt: skip
    (found,) = diagnose(tmp_path, files)
    assert Path(found.path).name == 'mynecks.py'


def test_fix_names_the_new_module(tmp_path: Path) -> None:
    text = 'from mmcv.runner import (BaseModule,  # keep\n                         ModuleList)\n'
    (found,) = diagnose(tmp_path, {'mine.py': text})
    assert found.fix is not None
    fixed = apply(text, found.fix.edits)
    assert fixed == text.replace('mmcv.runner', 'mmengine.model')
    assert diagnose(tmp_path, {'mine.py': fixed}) == []


def test_fix_splits_a_statement(tmp_path: Path) -> None:
    text = 'import torch\nfrom mmcv.runner import (BaseModule as Base,\n                         Hook, ModuleList)\n'
    (found,) = diagnose(tmp_path, {'mine.py': text})
    assert found.fix is not None
    assert apply(text, found.fix.edits) == (
        'import torch\nfrom mmengine.model import BaseModule as Base, ModuleList\nfrom mmengine.hooks import Hook\n'
    )


@pytest.mark.parametrize('names', ['BaseModule, Hook; import torch', 'EvalHook', '*'])
def test_no_fix_where_more_has_to_change(names: str, tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, {'mine.py': f'from mmcv.runner import {names}\nprint(EvalHook)\n'})
    assert found.fix is None


def test_modules_of_0x_configs_are_to_be_migrated_with_them(tmp_path: Path) -> None:
    config = "custom_imports = dict(imports=['mine'])\ndata = dict(samples_per_gpu=2)\n"
    files = {'config.py': config, 'mine.py': 'from mmcv.runner import BaseModule\n'}
    assert [each.rule for each in diagnose(tmp_path, files)] == ['removed-import']
    assert diagnose(tmp_path, files, ('mmdet==2.28.2',)) == []


def test_imports_inside_of_functions_only_fail_when_they_are_called(tmp_path: Path) -> None:
    text = 'def build():\n    from mmcv.runner import BaseModule\n    return BaseModule()\n'
    (found,) = diagnose(tmp_path, {'mine.py': text})
    assert str(found.severity) == 'warning'


def test_several_configs_share_one_diagnostic(tmp_path: Path) -> None:
    write(tmp_path, {'mine.py': 'import mmcv.runner  # cfglint: ignore[code] -- known\nimport mmcv.parallel\n'})
    (found,) = diagnose(tmp_path, {})
    assert len(found.affects) == 1


@pytest.mark.parametrize(('text', 'words'), [
    ('import mmcv\n\nmmcv.mkdir_or_exist("x")\n', "(MMEngine raises AttributeError: module 'mmcv' has no attribute 'mkdir_or_exist'); write `mmengine.utils.mkdir_or_exist`"),
    ('import mmcv as m\n\n\ndef load(path):\n    return m.Config.fromfile(path)\n', 'write `mmengine.config.Config`'),
    ('from mmcv import utils\n\n\nclass A:\n    registry = utils.Registry("x")\n', 'write `mmengine.registry.Registry`'),
    ('import mmcv\n\n\nclass A(mmcv.runner.BaseModule):\n    pass\n', 'write `mmengine.model.BaseModule`'),
    ('import mmcv\n\n\ndef f(config: mmcv.Config):\n    pass\n', 'write `mmengine.config.Config`'),
    ('import mmdet\n\n\n@mmdet.core.auto_fp16\ndef f():\n    pass\n', "module 'mmdet' has no attribute 'core'"),
])  # fmt: skip
def test_removed_attribute(text: str, words: str, tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, {'mine.py': text})
    assert found.rule == 'removed-attribute' and words in in_a_line(found)


@pytest.mark.parametrize('text', [
    'import mmcv\n\nmmcv.imread("x")\nmmcv.cnn.ConvModule\nmmcv.nothing_ever\n',
    'import mmcv\n\ntry:\n    Config = mmcv.Config\nexcept AttributeError:\n    Config = dict\n',
    'import mmcv\n\nif mmcv.__version__ < "2":\n    mmcv.mkdir_or_exist("x")\n',
    'import mmcv\n\nif hasattr(mmcv, "Config"):\n    mmcv.Config()\n',
    'import mmcv\n\n\ndef f(mmcv):\n    return mmcv.Config\n',
    'import mmcv\n\nmmcv = object()\nmmcv.Config\n',
    'import mmcv\n\nmmcv.Config = dict\n',
    'from __future__ import annotations\nimport mmcv\n\n\ndef f(config: mmcv.Config) -> mmcv.Config:\n    x: mmcv.Config = config\n',
])  # fmt: skip
def test_no_removed_attribute(text: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, {'mine.py': text}) == []


def test_an_attribute_is_told_once_for_a_module(tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, {'mine.py': 'import mmcv\n\nmmcv.load("a")\nmmcv.load("b")\n'})
    assert [each.message for each in found.related][:2] == ['and here', 'the config needs this module here']


def test_nothing_is_read_for_configs_without_code(tmp_path: Path) -> None:
    text = "default_scope = 'mmdet'\ncustom_imports = dict(imports=['mmdet.models'])\n"
    result = run(tmp_path, text, rules=family('code'), targets=('mmdet==3.3.0',))
    assert result.diagnostics == [] and not result.dependencies.local_code


@pytest.mark.parametrize('data', [
    b'\xff\xfe', b'x = "\0"', b'x = ' + b'(' * 3000, b'x = ' + b'-' * 30_000 + b'1', b'import mmcv\n' + b'mmcv' + b'.a' * 20_000, b'#' * 400_000,
])  # fmt: skip
def test_odd_files_are_left_alone(data: bytes, tmp_path: Path) -> None:
    (tmp_path / 'odd.py').write_bytes(data)
    config = CONFIG.replace("['mine']", "['odd', 'mine']")
    found = diagnose(tmp_path, {'config.py': config, 'mine.py': 'import mmcv.parallel\n'})
    assert [Path(each.path).name for each in found] == ['mine.py']


@pytest.mark.parametrize('code', [
    'IS_OLD = mmcv.__version__ < "2"\ndef f():\n    return mmcv.Config if IS_OLD else None\n',
    'def f():\n    if digit_version(mmcv.__version__) >= digit_version("2.0"):\n        return 1\n    return mmcv.Config\n',
    'def f():\n    import mmengine as mmcv\n    return mmcv.Config\n',
    'from contextlib import suppress\nwith suppress(AttributeError):\n    x = mmcv.Config\n',
    'x = hasattr(mmcv, "Config") and mmcv.Config\n',
    'try:\n    import mmengine\n    NEW = True\nexcept ImportError:\n    NEW = False\nif not NEW:\n    x = mmcv.Config\n',
    'try:\n    x = mmcv.Config\nexcept AttributeError:\n    x = None\n',
    'class mmcv:\n    Config = 1\nx = mmcv.Config\n',
])  # fmt: skip
def test_code_for_several_releases(code: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, {'mine.py': f'import mmcv\n{code}'}) == []


@pytest.mark.parametrize('code', [
    'def f(x):\n    if x:\n        return 1\n    return mmcv.Config\n',
    'try:\n    x = mmcv.Config\nfinally:\n    pass\n',
    'def f():\n    import mmcv\n    return mmcv.Config\n',
])  # fmt: skip
def test_code_for_old_releases_only(code: str, tmp_path: Path) -> None:
    assert [each.rule for each in diagnose(tmp_path, {'mine.py': f'import mmcv\n{code}'})] == ['removed-attribute']


def test_imports_that_may_fail(tmp_path: Path) -> None:
    config = "default_scope = 'mmdet'\ncustom_imports = dict(imports=['mine'], allow_failed_imports=True)\n"
    (found,) = diagnose(tmp_path, {'config.py': config, 'mine.py': 'from mmcv.runner import BaseModule\n'})
    assert str(found.severity) == 'warning'
