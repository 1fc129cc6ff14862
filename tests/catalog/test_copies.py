"""A library in the user's tree: a copy of all of it goes before the catalog, files laid over it complete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.catalog.code import is_copy

if TYPE_CHECKING:
    from collections.abc import Callable

REGISTRY = (
    'from mmengine.registry import MODELS as ROOT, Registry\n'
    "MODELS = Registry('model', parent=ROOT, locations=['mmdet.models'])\n"
)
HEAD = (
    'from mmdet.registry import MODELS\n@MODELS.register_module()\nclass {name}:\n    def __init__(self, {args}): ...\n'
)
COPY = {
    'mmdet/__init__.py': "__version__ = '3.3.0'\n",
    'mmdet/registry.py': REGISTRY,
    'mmdet/models/__init__.py': 'from .heads import *\n',
    'mmdet/models/heads/__init__.py': "from .retina_head import RetinaHead\n__all__ = ['RetinaHead']\n",
    'mmdet/models/heads/retina_head.py': HEAD.format(name='RetinaHead', args='edge=1.0'),
}


def test_a_copy_replaces_the_catalog(indexed: Callable) -> None:
    code = indexed(COPY, mmdet='3.3.0')
    head = code.find('RetinaHead', 'MODELS', 'mmdet')
    assert (head.path, head.library) == ('mmdet.models.heads.retina_head.RetinaHead', '')
    assert list(code.signature(head).parameters) == ['edge']
    assert code.find('FCOSHead', 'MODELS', 'mmdet') is None  # the copy has dropped it
    assert code.find('mmdet.FCOSHead', 'MODELS', 'mmseg') is None
    assert code.find('SGD', 'OPTIMIZERS', 'mmdet') is not None  # of MMEngine, which is not in the tree


def test_what_is_the_same_in_a_copy_is_the_librarys(indexed: Callable) -> None:
    code = indexed(COPY, mmdet='3.3.0')
    official = code.release('mmdet').object('mmdet.models.dense_heads.retina_head.RetinaHead')
    params = ', '.join(f'{name}={rest[0]}' if rest else name for name, *rest in official.body['init']['params'][:-1])
    text = (
        'from mmdet.registry import MODELS\nfrom .anchor_head import AnchorHead\n@MODELS.register_module()\nclass RetinaHead(AnchorHead):\n'
        f'    def __init__(self, {params}, **kwargs): ...\n'
    )
    path = 'mmdet/models/dense_heads/retina_head.py'
    same = indexed({path: text}, mmdet='3.3.0').find('RetinaHead', 'MODELS', 'mmdet')
    assert (same.library, same.release) == ('mmdet', '3.3.0')
    changed = indexed({path: text.replace(', **kwargs', ', edge=1, **kwargs')}, mmdet='3.3.0')
    assert changed.find('RetinaHead', 'MODELS', 'mmdet').library == ''


def test_what_no_release_has_is_the_users_own(indexed: Callable) -> None:
    mine = HEAD.format(name='MineHead', args='width')
    assert (
        indexed({**COPY, 'mmdet/models/mine.py': mine}, mmdet='3.3.0').find('MineHead', 'MODELS', 'mmdet').library == ''
    )


def test_a_copy_goes_before_what_lies_beside_it(indexed: Callable) -> None:
    other = HEAD.format(name='RetinaHead', args='other')
    code = indexed({**COPY, 'aaa/heads.py': other}, mmdet='3.3.0')
    assert code.find('RetinaHead', 'MODELS', 'mmdet').module == 'mmdet.models.heads.retina_head'


OVERLAY = {
    'mmdet/models/detectors/mine.py': (
        'from mmdet.registry import MODELS\nfrom .single_stage import SingleStageDetector\n'
        '@MODELS.register_module()\nclass Mine(SingleStageDetector):\n'
        '    def __init__(self, width, **kwargs):\n        super().__init__(**kwargs)\n'
    ),
    'mmdet/models/dense_heads/retina_head.py': (
        'from mmdet.registry import MODELS\nfrom .anchor_head import AnchorHead\n'
        '@MODELS.register_module()\nclass RetinaHead(AnchorHead):\n'
        '    def __init__(self, edge, **kwargs):\n        super().__init__(**kwargs)\n'
    ),
}


def test_files_laid_over_a_library(indexed: Callable) -> None:
    code = indexed(OVERLAY, mmdet='3.3.0')
    mine = code.signature(code.find('Mine', 'MODELS', 'mmdet'))
    assert mine.accepts('width') and mine.accepts('bbox_head') and mine.accepts('widht') is False
    head = code.signature(code.find('RetinaHead', 'MODELS', 'mmdet'))
    assert head.accepts('edge') and head.accepts('anchor_generator') and head.accepts('stacked_convs') is False
    # What inherits from a class that is replaced inherits from the new one.
    assert code.signature(code.find('RetinaSepBNHead', 'MODELS', 'mmdet')).accepts('num_ins')
    assert code.find('FCOSHead', 'MODELS', 'mmdet').library == 'mmdet'
    assert code.find('FCOSHeadd', 'MODELS', 'mmdet') is None


def test_what_a_replaced_module_does_not_define_is_absent(indexed: Callable) -> None:
    files = {'mmdet/models/dense_heads/retina_head.py': 'from mmdet.registry import MODELS\n'}
    code = indexed(files, mmdet='3.3.0')
    assert code.find('RetinaHead', 'MODELS', 'mmdet') is None
    assert code.find('FCOSHead', 'MODELS', 'mmdet') is not None


@pytest.mark.parametrize('files', [
    {'mmdet/__init__.py': '', **OVERLAY},  # no registry of its own
    {key: text for key, text in COPY.items() if key != 'mmdet/__init__.py'},
    {**COPY, 'mmdet/models/__init__.py': 'from .heads import *\nfrom .detectors import *\n'},
])  # fmt: skip
def test_what_is_no_copy(files: dict[str, str], indexed: Callable) -> None:
    code = indexed(files, mmdet='3.3.0')
    assert not is_copy(code.local, 'mmdet')
    assert code.find('FCOSHead', 'MODELS', 'mmdet') is not None


def test_a_copy_may_have_lost_a_module_or_two(indexed: Callable) -> None:
    many = {f'mmdet/models/m{number}.py': f'class C{number}: ...\n' for number in range(30)}
    code = indexed({**COPY, **many, 'mmdet/models/broken.py': 'from mmdet.gone import x\n'}, mmdet='3.3.0')
    assert is_copy(code.local, 'mmdet')


def test_what_is_generated_or_compiled_is_not_missed(indexed: Callable) -> None:
    init = 'from .version import __version__\nfrom ._ext import ops\nfrom .fast import nms\n'
    code = indexed({**COPY, 'mmdet/__init__.py': init, 'mmdet/fast.pyx': ''}, mmdet='3.3.0')
    assert is_copy(code.local, 'mmdet')


def test_a_package_of_which_only_a_part_is_here(indexed: Callable) -> None:
    files = {
        'otherlib/registry.py': REGISTRY.replace('mmdet', 'otherlib'),
        'otherlib/models/__init__.py': 'from .plain import PlainNet\nfrom .mine import MyNet\n',
        'otherlib/models/mine.py': HEAD.replace('mmdet', 'otherlib').format(name='MyNet', args='width'),
    }
    code = indexed(files)
    assert code.find('MyNet', 'MODELS', 'otherlib').kind == 'class'
    assert not code.local.is_whole('otherlib')
    assert code.find('otherlib.models.PlainNet', 'MODELS', 'otherlib').kind == 'unknown'


def test_a_method_anew_is_ones_own_unless_the_class_is_a_copy(indexed: Callable) -> None:
    base = 'mmdet.models.dense_heads.anchor_free_head.AnchorFreeHead'
    own = 'from mmdet.models import FCOSHead\nclass Head(FCOSHead):\n    def forward(self, x): ...\nclass Other(FCOSHead): ...\n'
    code = indexed({'own.py': own}, mmdet='3.3.0')
    assert code.overrides('own.Head', base, {'forward'}) and not code.overrides('own.Head', base, {'loss'})
    assert not code.overrides('own.Other', base, {'forward'})
    assert not code.is_copied('own.Head')


def test_a_copied_class_is_the_librarys(indexed: Callable) -> None:
    path, base = 'mmdet.models.necks.dyhead.DyHead', 'mmengine.model.BaseModule'
    text = """from mmengine.model import BaseModule
from mmdet.registry import MODELS
@MODELS.register_module()
class DyHead(BaseModule):
    def __init__(self, in_channels, out_channels, num_blocks=6, zero_init_offset=True{more}, init_cfg=None): ...
    def forward(self, inputs): ...
"""
    for more, copied in (('', True), (', edge=None', False)):
        code = indexed({'mmdet/models/necks/dyhead.py': text.format(more=more)}, mmdet='3.3.0')
        assert code.is_copied(path) is copied
        assert code.overrides(path, base, {'forward'}) is not copied
