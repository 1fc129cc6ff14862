"""The facts of MMEngine's config language, one by one, against the real MMEngine.

The numbers are those of the contract: "Config language", 1-01 to 1-78.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfglint.language.config import Config
from cfglint.language.errors import ConfigError
from cfglint.language.values import Unknown
from tests.language.oracle import Files, agree, cfglint, mmengine, plain, refuse, write

LAZY = 'from mmengine.config import read_base\n'
BASE = (
    "model = dict(type='A', depth=50, norm=dict(type='BN', eps=1), stages=[1, 2], none=None, size=(1, 2))\nlr = 0.1\n"
)


def child(text: str, base: str = BASE) -> Files:
    """Return a config of text style with one base."""
    return {'base.py': base, 'config.py': f"_base_ = 'base.py'\n{text}"}


def lazy(text: str, base: str = BASE, names: str = '*') -> Files:
    """Return a pure-Python config with one base."""
    return {'base.py': base, 'config.py': f'{LAZY}with read_base():\n    from .base import {names}\n{text}'}


EQUAL: dict[str, Files | str] = {
    '1-02 yml': {'config.yml': 'a: 1\nb: [1, 2.5, null, yes, "x"]\n'},
    '1-02 json': {'config.json': '{"a": 1, "b": [1, 2.5, null, true, "x"], "c": {"d": 1e3, "e": NaN, "f": -Infinity}}'},
    '1-05 coding cookie': {'config.py': "# -*- coding: latin-1 -*-\na = 'é'\n"},
    '1-06 empty': '',
    '1-06 only comments': '# nothing\n',
    '1-07 inner keys that are no strings': {'config.yaml': 'a: {1: x, 2.5: y, null: z, true: w}\n'},
    '1-08 reserved names below': 'a = dict(filename=1, text=2, pretty_text=3, env_variables=4)\n',
    '1-09 names of methods': 'items = 1\nkeys = 2\nget = 3\nupdate = 4\ncopy = 5\ndump = 6\n',
    '1-12 templates in comments': '# {{ fileBasename }} {{$HOME:x}} {{_base_.x}}\na = 1\n',
    '1-13 relative import': 'from .x import y\na = 1\n',
    '1-13 foreign import': 'from mmdet.models import RetinaNet\nmodel = dict(type=RetinaNet)\n',
    '1-13 read_base in a function comes later': f'{LAZY}a = 1\n',
    '1-14 mmengine.Config alone': "from mmengine import Config\na = '{{ fileExtname }}'\n",
    '1-14 mmengine.Config with more': "from mmengine import Config, Runner\na = '{{ fileExtname }}'\n",
    '1-14 mmengine.config': "from mmengine.config import read_base\na = '{{ fileExtname }}'\n",
    '1-15 base before imports': {'base.py': 'x = 1\n', 'config.py': "_base_ = 'base.py'\nimport os\nb = os.path.join('a', 'b')\n"},
    '1-15 import in a function': {
        'base.py': 'x = 1\n',
        'config.py': "def f():\n    import torch\n    return 1\n_base_ = 'base.py'\na = f is None\n",
    },
    '1-17 functions whose bodies do not run': child('def f():\n    yield 1\nasync def g():\n    return 1\na = 1\n'),
    'a set of a base under two names': child("_base_['a'].update([3])\n", 'a = b = {1}\nc = [b, a]\n'),
    'a set of a base in another value': child('x = _base_.c[0]\nx.add(3)\ny = _base_.b\n', 'b = {1}\nc = [b]\nd = {1}\n'),
    '1-17 with after _base_': {'base.py': 'x = 1\n', 'config.py': "_base_ = 'base.py'\ndef f():\n    with open('x') as g:\n        pass\n"},
    '1-20 standard library': "import math\nimport copy\nfrom os import path as osp\na = math.sqrt(4)\nb = copy.deepcopy([1])\nc = osp.join('x', 'y')\n",
    '1-23 predefined variables': "a = '{{ fileDirname }}'\nb = '{{fileBasename}}'\nc = '{{  fileBasenameNoExtension}}'\nd = '{{fileExtname }}'\ne = '{{ fileName }}'\n",
    '1-23 a base sees its own name': {'x/base.one.py': "a = '{{ fileBasenameNoExtension }}'\n", 'config.py': "_base_ = 'x/base.one.py'\n"},
    '1-23 in yaml': {'config.yaml': 'a: "{{ fileBasename }}"\n'},
    '1-23 unquoted': {'config.yaml': 'a: {{ fileBasename }}\n'},
    '1-25 default': "a = '{{$CFGLINT_ABSENT:data/coco}}/x'\nb = '{{ $CFGLINT_ABSENT : 5 }}'\n",
    '1-25 set': "a = '{{$CFGLINT_SET:data/coco}}/x'\n",
    '1-25 quoted number': "a = {{'$CFGLINT_ABSENT:5'}}\nb = {{\"$CFGLINT_ABSENT:1.5\"}}\n",
    '1-25 no colon': "a = '{{$CFGLINT_ABSENT}}'\nb = '{{$CFGLINT_ABSENT:a b}}'\n",
    '1-27 unquoted in yaml': {'config.yaml': 'a: {{$CFGLINT_ABSENT:5}}\n'},
    '1-28 characters of regular expressions': "a = '{{$CFGLINT_ABSENT:a+b(c)}}'\nb = '{{$CFGLINT_ABSENT:x.y}}'\nc = '{{$CFGLINT_ABSENT:a?}}'\n",
    '1-28 escapes in the value': "a = '{{$CFGLINT_ESCAPE:x}}'\n",
    '1-30 base variables': child('a = {{_base_.model.depth}}\nb = [{{ _base_.lr }}, ({{_base_.model.norm}}, 1)]\nc = dict(x={{_base_.model}})\n'),
    '1-30 in compound statements': child('if True:\n    a = dict(x={{_base_.lr}}, y=[{{ _base_.model.depth }}])\n'),
    '1-30 beside an f-string': child("n = 1\na = [f'{n:>4}', {{_base_.lr}}]\n"),
    '1-30 with an import': child('import os\na = dict(x={{_base_.lr}}, y=os.sep)\n'),
    '1-30 replaced in copies': child('p = [dict(x={{_base_.lr}}), dict(y=1)]\nq = [p, (p[1], 2)]\n'),
    '1-31 as an argument': child('def f(x):\n    return [x]\na = f({{_base_.lr}})\n'),
    '1-32 in a comment': child('a = 1  # {{ _base_.nothing }}\n'),
    '1-32 in yaml': {'base.py': BASE, 'config.yaml': '_base_: base.py\nkey: {{_base_.model.norm}}\nlist: [{{ _base_.lr }}]\n'},
    '1-32 in json': {'base.py': BASE, 'config.json': '{"_base_": "base.py", "key": {{_base_.model.norm}}}'},
    '1-28 default of several words': "a = '{{$CFGLINT_ABSENT:x|y.z|{w}}}'\nb = 'y.z}}'\nc = '{{$CFGLINT_ABSENT:|v}}'\n",
    '1-28 default in braces': "a = '{{ $CFGLINT_ABSENT : {x} }}'\n",
    '1-33 not in pure-Python configs': "from mmdet.x import y\na = '{{ fileBasename }}'\nb = '{{$X:1}}'\n",
    '1-34 expressions': {'x/base.py': BASE, 'config.py': "_base_ = ['x' + '/base.py' for _ in range(1)]\n"},
    '1-34 os of MMEngine itself': {'x/base.py': BASE, 'config.py': "_base_ = osp.join('x', 'base.py')\n"},
    '1-35 no bases': '_base_ = []\na = 1\n',
    '1-36 the first counts': {'base.py': 'x = 1\n', 'other.py': 'y = 1\n', 'config.py': "_base_ = 'base.py'\n_base_ = 'other.py'\n"},
    '1-36 annotated': {'base.py': 'x = 1\n', 'config.py': "_base_: str = 'base.py'\na = 1\n"},
    '1-36 chained': {'base.py': 'x = 1\n', 'config.py': "_base_ = q = 'base.py'\na = 1\n"},
    '1-36 second of a chain': {'base.py': 'x = 1\n', 'config.py': "q = _base_ = 'base.py'\na = 1\n"},
    '1-36 in a function': child("def f():\n    _base_ = 'y'\n    return _base_.lr\na = f()\n"),
    '1-37 without bases': 'a = len(_base_)\n_base_.x = 1\n',
    '1-38 mixed files': {
        'base.json': '{"x": {"y": 1}}',
        'base.yaml': 'z: 1\n',
        'x/y.py': "_base_ = ['../base.json', '../base.yaml']\n",
        'config.py': "_base_ = './x/../x/y.py'\nx = dict(w=2)\n",
    },
    '1-42 functions do not clash': {
        'a.py': 'import os\ndef f():\n    pass\nx = 1\n',
        'b.py': 'import os\ndef f():\n    pass\ny = 1\n',
        'config.py': "_base_ = ['a.py', 'b.py']\n",
    },
    '1-45 expressions': child(
        "a = _base_.model\nb = _base_['model']['norm'].get('eps')\nc = len(_base_)\nd = list(_base_.model)\n"
        "e = dict(**_base_.model)\nf = {**_base_.model.norm, 'x': 1}\ng = _base_.model.stages + [3]\nh = _base_.model.norm | dict(y=1)\n"
        "i = [*_base_.model.stages]\nj = _base_.get('nothing')\nk = 'lr' in _base_\n"
    ),
    '1-46 attribute': child('_base_.model.depth = 18\n_base_.new = dict(a=1)\n'),
    '1-46 attribute and all': child('x = _base_.model\n_base_.model.depth = 18\ny = dict(**_base_)\n_base_.update(lr=2)\nz = _base_.lr\n'),
    '1-46 attribute of a method': child("x = _base_.model\n_base_.setdefault('lr', 7)\n_base_.model.pop('depth')\n"),
    '1-46 pop': child("_base_.pop('model')\n_base_.pop('nothing')\n"),
    '1-46 item': child("x = _base_.model\nx['depth'] = 18\n"),
    '1-46 list': child('_base_.model.stages.append(3)\nl = _base_.model.stages\nl[0] = 9\n'),
    '1-46 shallow copy': child("n = dict(**_base_.model)\nn['norm']['eps'] = 5\n"),
    '1-46 deep copy': child("import copy\nn = copy.deepcopy(_base_.model)\nn['norm']['eps'] = 5\nn.norm.type = 'GN'\n"),
    '1-46 update merges': child('_base_.model.update(dict(norm=dict(eps=2)), depth=1)\n_base_.model.merge(dict(norm=dict(_delete_=True, a=1)))\n'),
    '1-48 merge': child('model = dict(depth=18, norm=dict(eps=2), new=dict(x=1))\nlr = dict\nlr = 2\n'),
    '1-49 order': child("z = 1\nmodel = dict(z=1, type='B', a=2)\nb = 1\n"),
    '1-50 lists are replaced': child('model = dict(stages=[9], size=[3])\n'),
    '1-50 None over a dict': child('model = None\n'),
    '1-50 an empty dict changes nothing': child('model = dict()\n'),
    '1-51 delete': child("model = dict(_delete_=True, type='B')\n"),
    '1-51 do not delete': child("model = dict(_delete_=False, type='B', norm=dict(_delete_=0, eps=3))\n"),
    '1-51 delete over a list': child('model = dict(stages=dict(_delete_=True, a=1))\n'),
    '1-52 leaks': child(
        'new = dict(_delete_=True, a=1)\nmodel = dict(_delete_=True, x=dict(_delete_=True, y=1))\nl = [dict(_delete_=True)]\n_delete_ = True\n'
    ),
    '1-53 other keys': child("model = {'1': 1, 'norm': {1: 2, '1': 3}}\nnested = dict(_base_='x.py')\n"),
    '1-54 underscores': child('_private = 1\n__dropped = 2\n'),
    '1-55 names that stay': (
        'import os\nfrom math import sqrt\ndef f():\n    pass\ng = lambda: 1\nclass C:\n    x = 1\nfor i in range(3):\n    j = i\n'
        'try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    k = 1\n(m := 5)\nn, *o = 1, 2, 3\np: int = 1\nq: int\nr = [len, f, C, g]\n'
        's = [].append\nt = print\n'
    ),
    '1-56 __name__': 'a = __name__\n',
    '1-56 __file__ of a pure-Python config': 'from mmdet.x import y\na = __file__\n',
    '1-58 statements': (
        "a = []\nfor i in range(5):\n    if i == 1:\n        continue\n    if i == 4:\n        break\n    a.append(i)\nelse:\n    a.append('no')\n"
        "while len(a) < 6:\n    a += [0]\nassert a\ndel i\ndef f(x, *y, z=1, **w):\n    global b\n    b = 2\n    return [x, y, z, w]\n"
        "c = f(1, 2, 3, z=4, q=5)\ntry:\n    {}['x']\nexcept KeyError:\n    d = 1\nelse:\n    d = 2\nfinally:\n    e = 3\n"
    ),
    '1-59 deprecation': child("_deprecation_ = dict(expected='x.py', reference='y')\n", "_deprecation_ = 'old'\nx = 1\n"),
    '1-59 in yaml': {'config.yaml': '_deprecation_: {expected: x}\na: 1\n'},
    '1-59 not in pure-Python configs': "from mmdet.x import y\n_deprecation_ = dict(expected='x')\n",
    '1-63 a second block': {**lazy(''), 'config.py': f'{LAZY}with read_base():\n    from .base import lr\nx = lr\n'},
    '1-64 read_base not imported': {'base.py': BASE, 'config.py': 'with read_base():\n    from .base import *\n'},
    '1-64 _base_ below': lazy("_base_ = 'other.py'\n"),
    '1-66 levels': {'base.py': BASE, 'x/y/config.py': f'{LAZY}with read_base():\n    from ...base import lr\n'},
    '1-66 dotted': {'x/base.py': BASE, 'config.py': f'{LAZY}with read_base():\n    from .x.base import *\n'},
    '1-67 names': lazy('', names='lr as rate, model'),
    '1-67 everything': {
        'base.py': 'from mmdet.a import B\n_private = 1\ndef f(x):\n    return x + 1\n',
        'config.py': f'{LAZY}with read_base():\n    from .base import *\na = f(1)\nb = dict(type=B)\n',
    },
    '1-67 the later wins': {
        'a.py': 'x = dict(a=1)\n',
        'b.py': 'x = dict(b=1)\n',
        'config.py': f'{LAZY}with read_base():\n    from .a import *\n    from .b import *\n',
    },
    '1-69 ConfigDict from bases': lazy("model.update(dict(norm=dict(eps=2)))\nmodel.norm.type = 'GN'\nx = model.pop('nothing')\n"),
    '1-69 plain dicts of the same file': lazy('own = dict(a=dict(b=1, c=2))\nown.update(dict(a=dict(b=3)))\n'),
    '1-70 update keeps _delete_': lazy("model.update(dict(norm=dict(_delete_=True, type='GN')))\n"),
    '1-70 merge understands _delete_': lazy(
        "model.merge(dict(norm=dict(_delete_=True, type='GN'), new=dict(_delete_=True, x=dict(_delete_=True, y=1)), none=dict(_delete_=True)))\n"
    ),
    '1-71 copies': {'base.py': 'm = dict(a=1)\nn = dict(x=m)\n', 'config.py': f'{LAZY}with read_base():\n    from .base import *\nm.a = 2\n'},
    '1-71 aliases in the same file': lazy('own = dict(a=1)\nother = dict(x=own)\nown["a"] = 2\n'),
    '1-72 imports': (
        'import torch.nn as nn\nimport mmdet.a\nimport mmseg.b\nimport mmdet.c\nimport sys\nfrom mmdet.d import E, F as G\n'
        'x = dict(a=nn.ReLU, b=mmdet.c.X, c=mmseg.b, d=E, e=G)\n'
    ),
    '1-72 in blocks': 'from mmdet.a import B\nif True:\n    from mmdet.b import C\n    x = dict(type=C)\ndef f():\n    from mmdet.c import D\n    return D\ny = f()\n',
    '1-73 modules that do not exist': 'from nowhere.at_all import Nothing\nimport nowhere2\nx = dict(type=Nothing, y=nowhere2.z)\n',
    '1-74 truth, text and attributes': "from mmdet.a import B\nx = 1 if B else 2\ny = f'{B}' + str(B.c)\nz = B.__name__\n",
    '1-75 names that stay': 'from mmdet.a import B\nimport sys\ndef f():\n    pass\nclass C:\n    pass\n__hidden = 1\nLazyObject = 1\n',
    '1-78 scope': lazy("x = dict(type='A', _scope_='mmdet')\n"),
}  # fmt: skip

REFUSED: dict[str, tuple[Files | str, str, str]] = {
    '1-02 suffix': ({'config.txt': 'a = 1\n'}, 'OSError', 'unreadable-file'),
    '1-02 upper case': ({'config.PY': 'a = 1\n'}, 'OSError', 'unreadable-file'),
    '1-05 byte order mark': ({'config.py': '\ufeffa = 1\n'}, 'SyntaxError', 'unreadable-file'),
    '1-05 not UTF-8': ({'config.py': "a = 'é'\n".encode('latin-1')}, 'UnicodeDecodeError', 'unreadable-file'),
    '1-06 empty yaml': ({'config.yaml': ''}, 'AttributeError', 'no-mapping'),
    '1-06 list': ({'config.yaml': '- a\n'}, 'AttributeError', 'no-mapping'),
    '1-06 JSON comments': ({'config.json': '{"a": 1} // x'}, 'JSONDecodeError', 'syntax-error'),
    '1-07 a number as key': ({'config.yaml': '1: x\n'}, 'AttributeError', 'no-mapping'),
    '1-13 other with': ("with open('x') as f:\n    pass\n", 'ConfigParsingError', 'unsupported-with'),
    '1-16 import above _base_': ({'base.py': 'x = 1\n', 'config.py': "import torch\n_base_ = 'base.py'\n"}, 'ConfigParsingError', 'mixed-config-styles'),
    '1-17 dotted read_base': ('import mmengine.config\nwith mmengine.config.read_base():\n    from .a import b\n', 'AttributeError', 'unsupported-with'),
    '1-17 with in a function': ("def f():\n    with open('x') as g:\n        pass\n", 'ConfigParsingError', 'unsupported-with'),
    '1-26 blank before the quote': ("a = {{ '$X:5' }}\n", 'TypeError', 'failing-expression'),
    '1-26 a list': ("a = {{'$CFGLINT_ABSENT:[1,2]'}}\n", 'TypeError', 'failing-expression'),
    '1-26 a word': ("a = {{'$CFGLINT_ABSENT:abc'}}\n", 'NameError', 'undefined-name'),
    '1-27 unquoted': ('a = {{$X:1}}\n', 'SyntaxError', 'syntax-error'),
    '1-28 group reference in the value': ("a = '{{$CFGLINT_GROUP:x}}'\n", 'error', 'failing-expression'),
    '1-28 no regular expression': ("a = '{{$CFGLINT_ABSENT:a(b}}'\n", 'error', 'failing-expression'),
    '1-29 no default': ("a = '{{$CFGLINT_ABSENT:}}'\n", 'KeyError', 'undefined-environment-variable'),
    '1-29 in a comment': ('# {{$CFGLINT_ABSENT:}}\na = 1\n', 'KeyError', 'undefined-environment-variable'),
    '1-29 empty': ("a = '{{$CFGLINT_EMPTY:x}}'\n", 'KeyError', 'undefined-environment-variable'),
    '1-31 before a string': (child("a = dict(x={{_base_.lr}} 'b', y=1)\n"), 'SyntaxError', 'syntax-error'),
    '1-31 after a string': (child("a = dict(x=['b' {{_base_.lr}}])\n"), 'SyntaxError', 'syntax-error'),
    '1-31 after a string and a comment': (child("a = ['b'  # c,\n {{_base_.lr}}, 1]\n"), 'SyntaxError', 'syntax-error'),
    '1-31 a pattern': (child('match 1:\n    case [{{_base_.lr}}, 1]:\n        a = 1\n'), 'SyntaxError', 'syntax-error'),
    '1-32 a keyword': (child('a = dict(x={{_base_.class}})\n'), 'SyntaxError', 'syntax-error'),
    '1-31 double quotes': (child('a = "{{_base_.lr}}"\n'), 'SyntaxError', 'syntax-error'),
    '1-32 list index': (child('a = {{_base_.model.stages.0}}\n'), 'SyntaxError', 'syntax-error'),
    '1-32 missing': (child('a = {{_base_.nothing}}\n'), 'KeyError', 'undefined-base-variable'),
    '1-32 no base': ('a = {{_base_.nothing}}\n', 'KeyError', 'undefined-base-variable'),
    '1-33 _base_ in a pure-Python config': ('from mmdet.x import y\na = {{_base_.x}}\n', 'NameError', 'undefined-name'),
    '1-34 a variable': ({'base.py': BASE, 'config.py': "name = 'base.py'\n_base_ = name\n"}, 'NameError', 'undefined-name'),
    '1-35 tuple': ({'base.py': BASE, 'config.py': "_base_ = ('base.py',)\n"}, 'TypeError', 'invalid-base'),
    '1-35 None': ('_base_ = None\n', 'TypeError', 'invalid-base'),
    '1-35 empty string': ("_base_ = ''\n", 'FileNotFoundError', 'unreadable-file'),
    '1-36 augmented': (child("_base_ += ['x']\n"), 'TypeError', 'failing-expression'),
    '1-36 in an if': ({'base.py': BASE, 'config.py': "if True:\n    _base_ = 'base.py'\n"}, 'ValueError', 'misplaced-base'),
    '1-38 home': ("_base_ = '~/base.py'\n", 'FileNotFoundError', 'missing-base'),
    '1-38 backslash': ({'x/base.py': BASE, 'config.py': "_base_ = 'x\\\\base.py'\n"}, 'FileNotFoundError', 'missing-base'),
    '1-38 address': ("_base_ = 'https://example.com/base.py'\n", 'FileNotFoundError', 'missing-base'),
    '1-39 itself': ("_base_ = './config.py'\n", 'RecursionError', 'circular-base'),
    '1-39 each other': ({'a.py': "_base_ = 'config.py'\n", 'config.py': "_base_ = 'a.py'\n"}, 'RecursionError', 'circular-base'),
    '1-40 no folder': ("_base_ = 'mmdet::x.py'\n", 'ValueError', 'invalid-base'),
    '1-40 twice': ("_base_ = 'mmdet::x/y::z.py'\n", 'ValueError', 'invalid-base'),
    '1-40 unknown package': ("_base_ = 'nothing::x/y.py'\n", 'AssertionError', 'invalid-base'),
    '1-42 clash': ({'a.py': 'x = 1\n', 'b.py': 'x = 1\n', 'config.py': "_base_ = ['a.py', 'b.py']\n"}, 'KeyError', 'duplicate-base-key'),
    '1-42 private': ({'a.py': '_x = 1\n', 'b.py': '_x = 1\n', 'config.py': "_base_ = ['a.py', 'b.py']\n"}, 'KeyError', 'duplicate-base-key'),
    '1-42 classes': ({'a.py': 'class X:\n    pass\n', 'b.py': 'class X:\n    pass\n', 'config.py': "_base_ = ['a.py', 'b.py']\n"}, 'KeyError', 'duplicate-base-key'),
    '1-42 diamond': (
        {'z.py': 'x = 1\n', 'a.py': "_base_ = 'z.py'\n", 'b.py': "_base_ = 'z.py'\n", 'config.py': "_base_ = ['a.py', 'b.py']\n"},
        'KeyError', 'duplicate-base-key',
    ),
    '1-45 attribute': (child('a = _base_.model.nothing\n'), 'AttributeError', 'failing-expression'),
    '1-45 bare name': (child('a = model\n'), 'NameError', 'undefined-name'),
    '1-47 plain dict': ('x = dict(a=1)\ny = x.a\n', 'AttributeError', 'failing-expression'),
    '1-48 None': (child('model = dict(none=dict(a=1))\n'), 'TypeError', 'dict-over-non-dict'),
    '1-48 number': (child('lr = dict(a=1)\n'), 'TypeError', 'dict-over-non-dict'),
    '1-48 list': (child('model = dict(stages=dict(a=1))\n'), 'TypeError', 'dict-over-non-dict'),
    '1-56 __file__': ('a = __file__\n', 'NameError', 'undefined-name'),
    '1-57 generator': ('a = (x for x in [1])\n', 'TypeError', 'failing-expression'),
    '1-57 module in a container': ('import os\na = [os]\n', 'TypeError', 'failing-expression'),
    '1-57 dict view': ('a = dict(x=dict(y=1).keys())\n', 'TypeError', 'failing-expression'),
    '1-58 division': ('a = 1 / 0\n', 'ZeroDivisionError', 'failing-expression'),
    '1-58 assertion': ("assert 1 > 2, 'no'\n", 'AssertionError', 'failing-expression'),
    '1-58 exit': ('raise SystemExit\n', 'SystemExit', 'failing-expression'),
    '1-58 break outside of a loop': ('if True:\n    break\n', 'SyntaxError', 'syntax-error'),
    '1-58 return outside of a function': ('return 1\n', 'SyntaxError', 'syntax-error'),
    '1-58 repeated keyword': ('a = dict(x=1, x=2)\n', 'SyntaxError', 'repeated-key'),
    '1-58 keyword given twice': ('a = dict(x=1)\nb = dict(x=2, **a)\n', 'TypeError', 'repeated-key'),
    '1-59 truth value': ('_deprecation_ = True\n', 'TypeError', 'invalid-deprecation'),
    '1-59 text with the word': ("_deprecation_ = 'expected: x.py'\n", 'TypeError', 'invalid-deprecation'),
    '1-63 star in a second block': (
        {'base.py': BASE, 'config.py': f'{LAZY}with read_base():\n    from .base import lr\nwith read_base():\n    from .base2 import *\n'},
        'ConfigParsingError', 'unsupported-import',
    ),
    '1-63 nested': ({'base.py': BASE, 'config.py': f'{LAZY}if True:\n    with read_base():\n        from .base import *\n'}, 'ConfigParsingError', 'unsupported-import'),
    '1-65 import': (f'{LAZY}with read_base():\n    import base\n', 'AssertionError', 'unsupported-import'),
    '1-65 from dot': (f'{LAZY}with read_base():\n    from . import base\n', 'AssertionError', 'unsupported-import'),
    '1-65 assignment': (f'{LAZY}with read_base():\n    x = 1\n', 'AssertionError', 'unsupported-import'),
    '1-65 two context managers': (f'{LAZY}with read_base(), read_base():\n    from .base import x\n', 'ConfigParsingError', 'unsupported-with'),
    '1-66 absent': (f'{LAZY}with read_base():\n    from .nothing import *\n', 'ConfigParsingError', 'missing-base'),
    '1-66 package': ({'base/__init__.py': '', 'config.py': f'{LAZY}with read_base():\n    from .base import x\n'}, 'ConfigParsingError', 'missing-base'),
    '1-66 one component': (f'{LAZY}with read_base():\n    from json import *\n', 'ConfigParsingError', 'missing-base'),
    '1-67 missing name': (lazy('', names='nothing'), 'KeyError', 'undefined-base-variable'),
    '1-68 text base': ({'z.py': 'x = 1\n', **lazy('', "_base_ = 'z.py'\n")}, 'ConfigParsingError', 'mixed-config-styles'),
    '1-68 text child': (child('', 'from mmdet.a import B\n'), 'RuntimeError', 'mixed-config-styles'),
    '1-68 cycle': ({'base.py': f'{LAZY}with read_base():\n    from .config import *\n', 'config.py': lazy('')['config.py']}, 'RecursionError', 'circular-base'),
    '1-69 merge of a plain dict': (lazy('own = dict(a=1)\nown.merge(dict(b=1))\n'), 'AttributeError', 'failing-expression'),
    '1-72 star': ('from mmdet.a import *\n', 'ConfigParsingError', 'unsupported-import'),
    '1-72 star of the standard library': ('from mmdet.a import B\nfrom math import *\n', 'ConfigParsingError', 'unsupported-import'),
    '1-72 two modules': ('import mmdet, mmseg\n', 'AssertionError', 'unsupported-import'),
    '1-72 two modules in a function': ('from mmdet.a import B\ndef f():\n    import os, sys\n', 'AssertionError', 'unsupported-import'),
    '1-74 call': ('from mmdet.a import B\nx = B(1)\n', 'RuntimeError', 'lazy-call-at-parse-time'),
    '1-74 call of an attribute': ('import torch\nx = torch.tensor(1)\n', 'RuntimeError', 'lazy-call-at-parse-time'),
    '1-74 arithmetic': ('from mmdet.a import B\nx = B + 1\n', 'TypeError', 'failing-expression'),
    '1-74 subscript': ('from mmdet.a import B\nx = B[0]\n', 'TypeError', 'failing-expression'),
    '1-74 loop': ('from mmdet.a import B\nfor x in B:\n    pass\n', 'TypeError', 'failing-expression'),
    '1-74 annotation': ('from mmdet.a import B\nx: B[int] = 1\n', 'TypeError', 'failing-expression'),
}  # fmt: skip


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {'SET': 'data/other', 'EMPTY': '', 'ESCAPE': r'a\tb', 'GROUP': r'a\1'}.items():
        monkeypatch.setenv(f'CFGLINT_{name}', value)
    monkeypatch.delenv('CFGLINT_ABSENT', raising=False)


@pytest.mark.parametrize('name', EQUAL)
def test_equal(name: str, tmp_path: Path) -> None:
    result = agree(tmp_path, EQUAL[name])
    assert isinstance(result, Config), result


@pytest.mark.parametrize('name', REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    assert refuse(tmp_path, *REFUSED[name]).message


@pytest.mark.parametrize('name', ['filename', 'text', 'pretty_text', 'env_variables'])
def test_reserved_names_are_left_to_a_rule(name: str, tmp_path: Path) -> None:
    """1-08: only the file that is run may not have them; whether a file is run is not for the reader to say."""
    from tests.language.oracle import Refusal

    path = write(tmp_path, child('', f'{name} = 1\n'))
    assert isinstance(mmengine(path), Refusal)
    assert isinstance(cfglint(path), Config)


def test_a_package_base_gets_its_scope(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1-43: the outermost dicts with a type are marked, through lists and tuples."""
    from cfglint.language.loader import Loader

    package = tmp_path / 'mmdet'
    (package / '.mim' / 'configs' / 'x').mkdir(parents=True)
    (package / '.mim' / 'configs' / 'x' / 'y.py').write_text(
        "a = dict(type='A', b=dict(type='B'))\nc = [dict(type='C'), (dict(d=dict(type='D', _scope_='mmseg')),)]\ne = 1\n"
    )
    config = tmp_path / 'config.py'
    config.write_text("_base_ = 'mmdet::x/y.py'\nf = _base_.a.b\n")
    loader = Loader(package_root=lambda name: str(package) if name == 'mmdet' else None)
    assert plain(loader.load(str(config))) == {
        'a': {'type': 'A', 'b': {'type': 'B'}, '_scope_': 'mmdet'},
        'c': [{'type': 'C', '_scope_': 'mmdet'}, {'$tuple': [{'d': {'type': 'D', '_scope_': 'mmseg'}}]}],
        'e': 1,
        'f': {'type': 'B'},
    }


def test_an_absent_package_leaves_values_unknown(tmp_path: Path) -> None:
    """1-40: MMEngine fails only where the package is absent; here nothing is known of what it defines."""
    from cfglint.language.loader import Loader

    config = tmp_path / 'config.py'
    config.write_text("_base_ = 'mmdet::x/y.py'\na = _base_.b.c + 1\nd = 2\n")
    result = Loader(package_root=lambda name: None).load(str(config))
    assert result.partial
    assert [warning.rule for warning in result.warnings] == ['uninstalled-package']
    assert plain(result)['d'] == 2 and list(plain(result)['a']) == ['$unknown']


def test_an_absent_package_of_a_pure_python_config(tmp_path: Path) -> None:
    from cfglint.language.loader import Loader

    config = tmp_path / 'config.py'
    config.write_text(
        f'{LAZY}with read_base():\n    from mmdet.configs.x import *\n    from mmdet.configs.y import z\nmodel.update(a=1)\nb = z\n'
    )
    result = Loader(package_root=lambda name: None).load(str(config))
    assert result.partial and list(plain(result)['b']) == ['$unknown']
    assert {warning.rule for warning in result.warnings} == {'uninstalled-package'}


def test_the_place_of_an_error_is_where_the_mistake_is(tmp_path: Path) -> None:
    error = refuse(
        tmp_path, child('a = 1\nmodel = dict(norm=dict(type=dict(x=1)))\n'), 'TypeError', 'dict-over-non-dict'
    )
    assert isinstance(error, ConfigError) and error.source is not None and error.place is not None
    span = error.source.span(error.place)
    assert error.source.text[span.start : span.end] == 'dict(x=1)' and error.key == 'model.norm.type'
    assert [os.path.basename(note.source.path) for note in error.notes] == ['base.py']


LAZY_OF_PLAIN = {
    'functions stay': 'def f():\n    pass\nlr = 1\n',
    'templates are left alone': "lr = '{{ fileBasename }}' + '{{$X:1}}'\n",
    '__file__ exists': 'lr = __file__\n',
    'aliases are copied': 'a = dict(x=1)\nlr = [a, a]\n',
}


@pytest.mark.parametrize('name', LAZY_OF_PLAIN)
def test_a_base_without_imports_is_read_as_its_child(name: str, tmp_path: Path) -> None:
    """1-68: a file without imports may be the base of either style, and means what that style makes of it."""
    assert isinstance(agree(tmp_path, lazy('', LAZY_OF_PLAIN[name])), Config)


def test_a_module_that_is_no_config_is_named_where_it_is_inherited(tmp_path: Path) -> None:
    files = {
        'base.py': 'from .x import y\n\n\n@y.register()\nclass Z(y):\n    pass\n',
        'config.py': "_base_ = ['./base.py']\n",
    }
    error = refuse(tmp_path, files, 'RuntimeError', 'mixed-config-styles')
    assert error.source is not None and error.source.path == str(tmp_path / 'config.py')
    assert [note.source.path for note in error.notes] == [str(tmp_path / 'base.py')]


def test_an_absent_base_hides_no_undefined_name(tmp_path: Path) -> None:
    """1-45: names of a base are not in reach of a text-style config, whatever they are."""
    from cfglint.language.loader import Loader

    config = tmp_path / 'config.py'
    config.write_text("_base_ = 'mmdet::x/y.py'\na = lr\n")
    with pytest.raises(ConfigError, match='`lr` is not defined'):
        Loader(package_root=lambda name: None).load(str(config))


def test_code_that_may_define_any_name_leaves_the_config_partly_unknown(tmp_path: Path) -> None:
    config = tmp_path / 'config.py'
    config.write_text("a = 1\nexec('a = 2; b = 3')\nc = b\n")
    from cfglint.language.loader import Loader

    result = Loader().load(str(config))
    assert result.partial
    assert [list(value) for value in plain(result).values()] == [['$unknown'], ['$unknown']]


UNDECIDED = {
    'a handler may run': 'import random\ntry:\n    for x in random.sample([1], 1):\n        y = undefined\nexcept NameError:\n    z = 1\na = z\n',
    'a value may be changed by code that is not run': 'import random\na = [1, 2]\nrandom.shuffle(a)\n',
    'through another name': 'import random\nb = [1, 2]\na = dict(x=b)\nrandom.shuffle(b)\n',
    'in a base': 'import random\nrandom.shuffle(_base_.steps)\na = _base_.steps\n',
    'by a method that is not evaluated': 'a = [1]\na.__iadd__([2])\n',
    'in a block that may not run': 'import random\na = dict(x=1)\nif random.random() > 2:\n    a.update(x=2)\n',
    'in a loop that may end early': 'import random\na = 0\nfor i in range(3):\n    if random.random() > 2:\n        break\n    a = i\n',
    'in a function that may return early': 'import random\ndef f():\n    if random.random() > 2:\n        return 1\n    return 2\na = f()\n',
    'by what matches': 'import random\na = 1\nmatch random.random():\n    case a:\n        pass\n',
    'the order of a set': "a = [x for x in {'b', 'c'}]\n",
}  # fmt: skip


@pytest.mark.parametrize('name', UNDECIDED)
def test_what_only_running_would_tell_is_unknown(name: str, tmp_path: Path) -> None:
    from tests.language.oracle import cfglint, write

    result = cfglint(
        write(tmp_path, {'base.py': 'steps = [8, 11]\n', 'config.py': f"_base_ = 'base.py'\n{UNDECIDED[name]}"})
    )
    assert isinstance(result, Config), result
    assert '$unknown' in str(plain(result)['a'])


def test_a_placeholder_that_is_built_is_what_it_stands_for(tmp_path: Path) -> None:
    """1-74: `LazyObject.build()` and `LazyAttr.build()` import, and return the object: it is not known here."""
    text = 'from mmengine import version\nx = version.__version__.build()\n'
    path = write(tmp_path, text)
    theirs, ours = mmengine(path), cfglint(path)
    assert isinstance(theirs, dict), theirs
    assert isinstance(ours, Config), ours
    assert isinstance(ours.table['x'], Unknown)
