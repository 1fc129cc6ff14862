"""The names that ``cfglint show`` leaves out: those that ``Config.to_dict`` does."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmengine.config import Config

from cfglint.language.loader import Loader
from tests.language.oracle import Files, mmengine, write

READ_BASE = 'from mmengine.config import read_base\n'
CONFIGS: dict[str, Files | str] = {
    'class': 'from torch.optim import SGD\nlr = 1\na = dict(type=SGD)\n',
    'class under another name': 'from torch.optim import SGD as Optimizer\na = dict(type=Optimizer)\n',
    'function': 'from mmengine.dataset import pseudo_collate\na = dict(type=pseudo_collate)\n',
    'several': 'from torch.optim import SGD, Adam as A, AdamW\na = [SGD, A]\n',
    'module': 'import torch\nimport torch.optim\na = dict(type=torch.optim.SGD)\n',
    'module under another name': 'import torch.nn as nn\na = dict(type=nn.ReLU)\n',
    'standard library': 'import math\nimport os.path as osp\nfrom copy import deepcopy\nfrom torch import nn\na = math.pi\n',
    'read_base': f'{READ_BASE}from torch import nn\na = 1\n',
    'read_base in text style': f'{READ_BASE}a = 1\n',
    'text style': 'import os\nimport math as m\nfrom os.path import join\nfrom collections import OrderedDict\na = join("a", "b")\n',
    'text style with a base': {'config.py': "_base_ = './base.py'\nimport os\na = 1\n", 'base.py': 'import os\nb = 1\n'},
    'base': {
        'config.py': f'{READ_BASE}with read_base():\n    from .base import *\na.update(c=1)\n',
        'base.py': 'from torch.optim import SGD\na = dict(type=SGD)\n',
    },
    'one name of a base': {
        'config.py': f'{READ_BASE}with read_base():\n    from .base import a as b\nSGD = 3\n',
        'base.py': 'from torch.optim import SGD\na = dict(type=SGD)\n',
    },
    'base of a base': {
        'config.py': f'{READ_BASE}with read_base():\n    from .x.base import *\nc = 1\n',
        'x/base.py': f'{READ_BASE}with read_base():\n    from ..last import *\nfrom torch import nn\nb = nn\n',
        'last.py': 'from torch.optim import SGD\nimport torch.nn\na = dict(type=SGD)\n',
    },
    'bound again': 'from torch.optim import SGD\nSGD = dict(type=SGD)\na = SGD\n',
    'in a function': 'from torch import nn\n\n\ndef f():\n    from torch.optim import SGD\n    import torch.cuda\n    return 1\n\n\nSGD = f()\ntorch = 1\n',
    'data': {'config.yaml': 'os: 1\nread_base: 2\n'},
}  # fmt: skip


@pytest.mark.parametrize('name', CONFIGS)
def test_names_are_those_of_to_dict(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, CONFIGS[name])
    mmengine(path)  # tells MMEngine what is of the standard library
    theirs = Config.fromfile(path, import_custom_modules=False).to_dict()
    assert list(Loader().load(str(path)).printed()) == list(theirs)
