"""Which class of the user's own a name means: several projects, registries and packages in one tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.component.test_components import diagnose

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
from mmdet.registry import MODELS


@MODELS.register_module({})
class MyHead:
    def __init__(self, {}): ...
"""
TWO = {
    'projects/A/a.py': HEAD.format('', 'a'),
    'projects/B/b.py': HEAD.format('', 'b'),
    'projects/A/__init__.py': 'from .a import MyHead\n',
    'projects/B/__init__.py': 'from .b import MyHead\n',
}
MMDET = "default_scope = 'mmdet'\n"


def config(argument: str, imports: str = '', kind: str = 'MyHead') -> str:
    listed = f'custom_imports = dict(imports={imports})\n' if imports else ''
    return f"{MMDET}{listed}model = dict(bbox_head=dict(type='{kind}', {argument}=1))\n"


@pytest.mark.parametrize(('imports', 'argument', 'said'), [
    ("['projects.A.a']", 'a', []),
    ("['projects.A.a']", 'b', ['unknown-argument']),
    ("['projects.B.b']", 'a', ['unknown-argument']),
    ("['projects.B.b']", 'b', []),
    ("['projects.B']", 'a', ['unknown-argument']),
    ("'projects.A'", 'b', ['unknown-argument']),
    ("['projects.A', 'projects.B']", 'z', []),
    ("['somewhere.else']", 'z', ['unimported-type']),
])  # fmt: skip
def test_the_class_that_the_config_imports(tmp_path: Path, imports: str, argument: str, said: list[str]) -> None:
    found = diagnose(tmp_path, {**TWO, 'config.py': config(argument, imports)})
    assert [rule for rule, *_ in found] == said


def test_configs_of_one_run_each_have_their_own(tmp_path: Path) -> None:
    for imports, argument, said in [
        ("['projects.A']", 'a', 0), ("['projects.B']", 'a', 1), ("['projects.A']", 'b', 1), ("['projects.B']", 'b', 0),
    ]:  # fmt: skip
        found = diagnose(tmp_path, {**TWO, 'base.py': config('a'), 'config.py': config(argument, imports)})
        assert len(found) == said


@pytest.mark.parametrize(('force', 'imports', 'argument', 'said'), [
    ('force=True', "['heads']", 'a', []),
    ('force=True', "['heads']", 'num_classes', ['unknown-argument']),
    ('force=True', '', 'a', ['unknown-argument']),
])  # fmt: skip
def test_a_class_that_replaces_one_of_the_library(
    tmp_path: Path, force: str, imports: str, argument: str, said: list[str]
) -> None:
    code = HEAD.format(force, 'a').replace('MyHead', 'RetinaHead')
    found = diagnose(tmp_path, {'heads.py': code, 'config.py': config(argument, imports, 'RetinaHead')})
    assert [rule for rule, *_ in found] == said


OWN = """\
from mmengine.registry import MODELS, Registry

HEADS = Registry('head'{})


@HEADS.register_module()
class MyHead:
    def __init__(self, a): ...
"""


@pytest.mark.parametrize('parent', ['', ', parent=MODELS', ", parent=MODELS, scope='own'"])
@pytest.mark.parametrize('kind', ['MyHead', 'own.MyHead'])
def test_a_name_in_a_registry_of_ones_own_is_never_told_to_be_misspelt(tmp_path: Path, parent: str, kind: str) -> None:
    found = diagnose(tmp_path, {
        'own/__init__.py': 'from .heads import MyHead\n',
        'own/heads.py': OWN.format(parent),
        'config.py': config('a', "['own']", kind),
    })  # fmt: skip
    assert found == []


@pytest.mark.parametrize('register', [
    'def register(cls):\n    MODELS.register_module(module=cls)\n    return cls\n@register\nclass MyHead: ...',
    'def add(cls, registry=MODELS):\n    registry.register_module(module=cls.load, name=cls.__name__)\nadd(Head)',
    'for name in names():\n    MODELS.register_module(name=name, module=make(name))',
    'MODELS.register_module(name=NAME, module=Head)',
    'def make(name):\n    @MODELS.register_module(name=name)\n    class Head: ...\n    return Head\nmake("MyHead")',
    "for n in ('My', 'Your'):\n    MODELS.register_module(f'{n}Head', module=Head)",
])  # fmt: skip
@pytest.mark.parametrize('name', ['MyHead', 'VisionTransformer'])
def test_names_that_only_running_the_code_tells(tmp_path: Path, register: str, name: str) -> None:
    """Not even if another library has the name."""
    code = f'from mmdet.registry import MODELS\nclass Head:\n    def __init__(self, **kw): ...\n{register}\n'
    assert diagnose(tmp_path, {'heads.py': code, 'config.py': config('a', kind=name)}) == []


def test_a_slip_in_the_name_of_ones_own_class_is_told(tmp_path: Path) -> None:
    files = {'heads.py': HEAD.format('', 'a'), 'config.py': config('a', "['heads']", 'MyHaed')}
    [(rule, key, message)] = diagnose(tmp_path, files)
    assert (rule, key) == ('unknown-type', 'model.bbox_head.type')
    assert "write `'MyHead'`" in message


def test_what_cannot_be_found_from_there_is_no_guess(tmp_path: Path) -> None:
    code = HEAD.format('', 'a').replace('mmdet', 'mmseg')
    found = diagnose(tmp_path, {'heads.py': code, 'config.py': config('a', "['heads']", 'MyHaed')})
    assert all('; write' not in message for *_, message in found)


@pytest.mark.parametrize(('kind', 'said'), [
    ('MyHead', []), ('MyHaed', ['unknown-type']), ('RetinaHaed', ['unknown-type']), ('OtherHead', []),
])  # fmt: skip
def test_names_in_configs_of_0x(tmp_path: Path, kind: str, said: list[str]) -> None:
    code = 'from mmdet.models.builder import HEADS\n@HEADS.register_module()\nclass MyHead:\n    def __init__(self, a): ...\n'
    text = f"model = dict(type='RetinaNet', bbox_head=dict(type='{kind}', a=1))\ndata = dict(train=dict(type='CocoDataset'))\n"
    text += "optimizer = dict(type='SGD', lr=0.1)\nrunner = dict(type='EpochBasedRunner', max_epochs=1)\nlr_config = dict(policy='step')\n"
    found = diagnose(tmp_path, {'heads.py': code, 'config.py': text}, 'mmdet==2.28.2')
    assert [rule for rule, *_ in found] == said


@pytest.mark.parametrize(('body', 'said'), [
    ("self.task = bbox_head.pop('task')\n        self.head = MODELS.build(bbox_head)", 0),
    ('self.head = MODELS.build(bbox_head)', 1),
])  # fmt: skip
def test_a_container_in_a_copy_of_the_library(tmp_path: Path, body: str, said: int) -> None:
    files = {
        'mmdet/__init__.py': "__version__ = '3.3.0'\n",
        'mmdet/registry.py': 'from mmengine.registry import MODELS as ROOT, Registry\n'
        "MODELS = Registry('model', parent=ROOT, locations=['mmdet.models'])\n",
        'mmdet/models/__init__.py': 'from mmdet.registry import MODELS\n'
        '@MODELS.register_module()\nclass Net:\n    def __init__(self, bbox_head):\n        ' + body + '\n'
        '@MODELS.register_module()\nclass Head:\n    def __init__(self, a): ...\n',
        'config.py': f"{MMDET}model = dict(type='Net', bbox_head=dict(type='Head', a=1, task='ice'))\n",
    }
    assert len(diagnose(tmp_path, files)) == said


OVERRIDES = """\
from mmseg.models import EncoderDecoder
from mmseg.registry import MODELS


@MODELS.register_module()
class Net(EncoderDecoder):
    def __init__(self, backbone, decode_head, **kwargs):
        super().__init__(backbone, decode_head, **kwargs)
{}
"""
POPS = """\
    def _init_decode_head(self, decode_head):
        self.scale = decode_head.pop('scale')
        super()._init_decode_head(decode_head)
"""


@pytest.mark.parametrize(('method', 'said'), [(POPS, []), ('', ['unknown-argument'])])
def test_a_method_that_the_base_of_the_library_calls(tmp_path: Path, method: str, said: list[str]) -> None:
    text = "default_scope = 'mmseg'\ncustom_imports = dict(imports=['net'])\nmodel = dict(type='Net', decode_head=dict(type='FCNHead', scale=2))\n"
    found = diagnose(tmp_path, {'net.py': OVERRIDES.format(method), 'config.py': text})
    assert [rule for rule, *_ in found] == said


@pytest.mark.parametrize(('kind', 'said'), [('MaskRCNN', []), ('RetinaNet', ['missing-default-scope'])])
def test_a_library_forked_under_another_name(tmp_path: Path, kind: str, said: list[str]) -> None:
    files = {
        'visdet/__init__.py': '',
        'visdet/registry.py': (
            'from visengine.registry import MODELS as ROOT, Registry\n\n'
            "MODELS = Registry('model', parent=ROOT, scope='visdet')\n"
        ),
        'visdet/models.py': 'from visdet.registry import MODELS\n\n\n@MODELS.register_module()\nclass MaskRCNN: ...\n',
        'config.py': f"model = dict(type='{kind}')\ntest_pipeline = [dict(type='LoadAnnotations', with_mask=True)]\nval_dataloader = dict()\n",
    }
    assert [rule for rule, *_ in diagnose(tmp_path, files)] == said
