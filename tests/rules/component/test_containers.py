"""Classes of the user's own that change the dicts they get before they build what these describe, against MMEngine itself.

Where `MODELS.build` succeeds nothing may be said; where it fails, something must be said if the code can be followed.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest
from mmengine import Config
from mmengine.registry import MODELS

from cfglint.rules import family
from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = """
import copy
from mmengine.model import BaseModule
from mmengine.registry import MODELS, Registry, build_from_cfg


@MODELS.register_module(force=True)
class ToyHead(BaseModule):
    def __init__(self, channels, classes=2, init_cfg=None):
        super().__init__(init_cfg)


def plain(cfg):
    return MODELS.build(cfg)


def without(cfg, *names):
    cfg = dict(cfg)
    for name in names:
        cfg.pop(name, None)
    return cfg

"""
GOOD = "dict(type='ToyHead', channels=1)"
TASK = "dict(type='ToyHead', channels=1, task='ice')"
BARE = "dict(type='ToyHead')"


def own(body: str, more: str = '', base: str = 'BaseModule') -> str:
    """A module with a container `Toy(heads, **kwargs)` whose constructor has this body."""
    lines = '\n'.join(f'        {line}' for line in body.strip('\n').split('\n'))
    methods = '\n'.join(f'    {line}' for line in more.strip('\n').split('\n'))
    return (
        f'{HEAD}\n@MODELS.register_module(force=True)\nclass Toy({base}):\n'
        f'    def __init__(self, heads, names=(), **kwargs):\n        super().__init__()\n{lines}\n\n{methods}\n'
    )


CASES = {
    # What the container takes away is no argument.
    'pop': (own("self.task = heads.pop('task')\nself.head = MODELS.build(heads)"), TASK),
    'pop in a loop': (own("for cfg in heads:\n    t = cfg.pop('task', None)\n    MODELS.build(cfg)"), f'[{TASK}]'),
    'pop in an enumeration': (own("for i, cfg in enumerate(heads):\n    cfg.pop('task')\n    MODELS.build(cfg)"), f'[{TASK}]'),
    'del': (own("del heads['task']\nself.head = MODELS.build(heads)"), TASK),
    'pop after a copy': (own("cfg = copy.deepcopy(heads)\ncfg.pop('task')\nself.head = MODELS.build(cfg)"), TASK),
    'pop from a dict of it': (own("cfg = dict(heads)\ncfg.pop('task')\nself.head = MODELS.build(cfg)"), TASK),
    'helper method': (
        own('self.make(heads)', "def make(self, heads):\n    for c in heads:\n        c.pop('task')\n        MODELS.build(c)"),
        f'[{TASK}]',
    ),
    'helper that returns': (
        own('self.head = MODELS.build(self.clean(heads))', "def clean(self, cfg):\n    cfg.pop('task')\n    return cfg"),
        TASK,
    ),
    'static helper': (
        own('self.head = self.make(heads)', "@staticmethod\ndef make(cfg):\n    cfg.pop('task')\n    return MODELS.build(cfg)"),
        TASK,
    ),
    'attribute': (
        own('self.cfg = heads\nself.make()', "def make(self):\n    self.cfg.pop('task')\n    self.head = MODELS.build(self.cfg)"),
        TASK,
    ),
    'nested function': (
        own("def make(cfg):\n    cfg.pop('task')\n    return MODELS.build(cfg)\nself.heads = [make(c) for c in heads]"),
        f'[{TASK}]',
    ),
    'comprehension filter': (own("self.head = MODELS.build({k: v for k, v in heads.items() if k != 'task'})"), TASK),
    'names in a loop': (own("for k in ('task', 'x'):\n    heads.pop(k, None)\nself.head = MODELS.build(heads)"), TASK),
    'names that are given': (own('for k in names:\n    heads.pop(k, None)\nself.head = MODELS.build(heads)'), TASK, "names=('task',)"),
    'function of the module': (own("self.head = plain(without(heads, 'task'))"), TASK),
    'comprehension': (own("self.heads = [(c.pop('task'), MODELS.build(c)) for c in heads]"), f'[{TASK}]'),
    'dict of heads': (own("for n, c in heads.items():\n    c.pop('task')\n    MODELS.build(c)"), f'dict(a={TASK})'),
    'values': (own("for c in heads.values():\n    c.pop('task')\n    MODELS.build(c)"), f'dict(a={TASK})'),
    'a part at a key': (own("cfg = heads['a']\ncfg.pop('task')\nself.head = MODELS.build(cfg)"), f'dict(a={TASK})'),
    'never built': (own('self.cfg = heads'), "dict(type='Nothing', task=1)"),
    'from kwargs': (own("c = kwargs.pop('extra')\nc.pop('task')\nself.head = MODELS.build(c)"), GOOD, f'extra={TASK}'),
    'a base that builds': (
        own('', '').replace('class Toy(BaseModule)', 'class Old(BaseModule)').replace(
            'super().__init__()', "super().__init__()\n        heads.pop('task')\n        self.h = MODELS.build(heads)"
        )
        + '@MODELS.register_module(force=True)\nclass Toy(Old):\n    def __init__(self, **kwargs):\n'
        '        super().__init__(**kwargs)\n',
        TASK,
    ),
    'hook for subclasses': (
        own('self.make(heads)', 'def make(self, cfg):\n    self.head = MODELS.build(cfg)').replace('class Toy', 'class Old')
        + "@MODELS.register_module(force=True)\nclass Toy(Old):\n    def make(self, cfg):\n        cfg.pop('task')\n"
        '        super().make(cfg)\n',
        TASK,
    ),
    # What it adds is not missing.
    'set': (own("heads['channels'] = 4\nself.head = MODELS.build(heads)"), BARE),
    'update': (own('heads.update(channels=4)\nself.head = MODELS.build(heads)'), BARE),
    'setdefault': (own("heads.setdefault('channels', 4)\nself.head = MODELS.build(heads)"), BARE),
    'keyword': (own('self.head = build_from_cfg(cfg=heads, registry=MODELS, default_args=dict(channels=4))'), BARE),
    'default_args': (own('self.head = build_from_cfg(heads, MODELS, dict(channels=4))'), BARE),
    'spread': (own('self.head = MODELS.build({**heads, "channels": 4})'), BARE),
    'dict of': (own('self.head = MODELS.build(dict(heads, channels=4))'), BARE),
    'two dicts in one': (
        own('self.head = MODELS.build({**heads, **names})'), BARE, 'names=dict(channels=1)'
    ),
    'two dicts joined': (own('self.head = MODELS.build(heads | names)'), BARE, 'names=dict(channels=1)'),
    'a dict of both': (own('self.head = MODELS.build(dict(heads, **names))'), BARE, 'names=dict(channels=1)'),
    'under a name of its own': (own("k = 'channels'\nself.head = MODELS.build({**heads, k: 1})"), BARE),
    'unknown update': (own('heads.update(names)\nself.head = MODELS.build(heads)'), BARE, 'names=dict(channels=1)'),
    # A registry of its own, whose types nobody else has.
    'own registry': (
        own('self.head = HEADS.build(heads)').replace(
            'def plain', "HEADS = Registry('head')\n@HEADS.register_module()\nclass OwnHead:\n    def __init__(self, a): ...\ndef plain"
        ),
        "dict(type='OwnHead', a=1)",
    ),
    'own builder': (
        own('self.head = HEADS.build(heads)').replace(
            'def plain', "HEADS = Registry('head', build_func=lambda cfg, registry, **kw: cfg)\ndef plain"
        ),
        "dict(type='Whatever', a=1)",
    ),
    # What stays as it is is checked.
    'plain': (own('self.head = MODELS.build(heads)'), GOOD),
    'plain, task': (own('self.head = MODELS.build(heads)'), TASK),
    'plain, bare': (own('self.head = MODELS.build(heads)'), BARE),
    'plain list, task': (own('self.heads = [MODELS.build(c) for c in heads]'), f'[{TASK}]'),
    'plain function, task': (own('self.head = plain(heads)'), TASK),
    'plain method, task': (own('self.make(heads)', 'def make(self, c):\n    self.head = MODELS.build(c)'), TASK),
    'plain dict of heads, task': (own('for n, c in heads.items():\n    self.add_module(n, MODELS.build(c))'), f'dict(a={TASK})'),
    'if given, task': (own('if heads is not None:\n    heads = MODELS.build(heads)\nself.head = heads'), TASK),
    'an object or a dict, task': (
        own('if isinstance(heads, BaseModule):\n    self.head = eval("use")(heads)\nelse:\n    self.head = MODELS.build(heads)'), TASK,
    ),
    'a layer for blocks': (
        own("norm_cfg = kwargs.pop('norm_cfg')\nfor block in (MODELS.build,):\n    block(cfg=norm_cfg)"), GOOD,
        "norm_cfg=dict(type='ToyHead', chanels=1)",
    ),
    'another is popped, task': (own("heads.pop('other', None)\nself.head = MODELS.build(heads)"), TASK),
    'own registry, task': (
        own('self.head = HEADS.build(heads)').replace(
            'def plain', "HEADS = Registry('head')\n@HEADS.register_module()\nclass OwnHead:\n    def __init__(self, a): ...\ndef plain"
        ),
        "dict(type='OwnHead', a=1, task=2)",
    ),
    'own registry, absent': (
        own('self.head = HEADS.build(heads)').replace(
            'def plain', "HEADS = Registry('head')\n@HEADS.register_module()\nclass OwnHead:\n    def __init__(self, a): ...\ndef plain"
        ),
        "dict(type='OwnHaed', a=1)",
    ),
}  # fmt: skip


@pytest.fixture
def fresh() -> Iterator[None]:
    """Forget the module of a case."""
    yield
    sys.modules.pop('toy', None)


def fails(folder: Path) -> bool:
    """Build the model of a config as MMEngine does."""
    spec = importlib.util.spec_from_file_location('toy', folder / 'toy.py')
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules['toy'] = module
    spec.loader.exec_module(module)
    config = Config.fromfile(str(folder / 'config.py'), import_custom_modules=False)
    try:
        MODELS.build(config.model)
    except (TypeError, KeyError):
        return True
    return False


@pytest.mark.usefixtures('fresh')
@pytest.mark.parametrize('case', CASES)
def test_as_mmengine_builds_it(tmp_path: Path, case: str) -> None:
    code, heads, *more = CASES[case]
    arguments = ', '.join([f'heads={heads}', *more])
    text = (
        f"default_scope = 'mmengine'\ncustom_imports = dict(imports=['toy'])\nmodel = dict(type='Toy', {arguments})\n"
    )
    text += 'train_dataloader = dict(batch_size=1)\n'  # it can run
    said = diagnose(tmp_path, {'toy.py': code, 'config.py': text}, 'config.py', rules=family('component'))
    assert bool(said) == fails(tmp_path), said
