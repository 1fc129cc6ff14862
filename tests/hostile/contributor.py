"""Trees as somebody would send them who wants to be believed, to hide, or to be a nuisance: names, links, comments, settings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from tests.hostile.kit import Case, Files, Link, of_text

_CONFIG = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'
_MARK = '# cfglint: ignore'
_ODD = ['.' * 900, 'a..b', '', '-m', '/etc/passwd', 'os\0', 'é' * 9_000, '__main__', 'sys']
TEXTS = {
    'a suppression of 9,000 names': f'{_CONFIG[:-1]}  {_MARK}[' + ','.join(f'rule-{n}' for n in range(9_000)) + ']\n',
    'a suppression in a text': f'a = """\n{_MARK}-file\n"""\n{_CONFIG}',
    'a suppression that steers the terminal': f'{_CONFIG[:-1]}  {_MARK}[\x1b[31m\u202ered]\n',
    'a suppression without an end': f'{_CONFIG[:-1]}  {_MARK}[' + '[' * 9_000 + '\n',
    'suppressions in one comment': f'{_CONFIG[:-1]}  ' + f'{_MARK}[a] ' * 4_000 + '\n',
    'a suppression after a form feed': f'\f{_MARK}-file\f\n{_CONFIG}',
    'a suppression after other line ends': f'a = 1\u2028{_MARK}-file\n{_CONFIG}',
    'a suppression of letters that look alike': f'{_CONFIG[:-1]}  # сfglint: ignore\n',
    'a suppression with a long reason': f'{_CONFIG[:-1]}  {_MARK} -- ' + 'x' * 90_000 + '\n',
    'names of compatible letters': 'ｔｒａｉｎ_cfg = dict(by_epoch=True, max_epoch=12)\n𝐚 = 1\nﬁeld = 2\n',
    'names of 9,000 marks': 'a' + '\u0301' * 9_000 + ' = 1\n',
    'text in another order': '# \u202e } \u2066if admin\u2069 \u2066 begin\na = "\u202e" "\u2066"\n' + _CONFIG,
    'keys that look alike': 'train_dataloader = dict(**{"batсh_size": 1, "batch_size\u200b": 2})\n',
    'a key of variants': 'model = dict(**{"type\ufe0f": 1, "\U000e0061": 2})\n',
    'an encoding that is declared': '# -*- coding: utf-7 -*-\n+AGE- = 1\n',
    'an encoding that nobody has': '# coding: evil\na = 1\n',
    'an encoding with an escape': '# coding: \x1b[31m\na = 1\n',
    'a base of nothing': '_base_ = [""]\n', 'a base of a blank': '_base_ = [" "]\n', 'a base of a slash': '_base_ = "/"\n',
    'a base of tildes': '_base_ = ["~/x.py", "~root/x.py", "$HOME/x.py", "%APPDATA%/x.py"]\n',
    'a base of addresses': '_base_ = ["http://evil/x.py", "file:///etc/passwd.py", "s3://x/y.py", "\\\\\\\\evil\\\\x.py"]\n',
    'a base of a stream': '_base_ = ["a.py::$DATA", "C:a.py", "CON.py", "nul.py", "a.py."]\n',
    'a base of packages': '_base_ = ["mmdet::../../../etc/passwd.py", "mmdet::/etc/passwd.py", "mmdet::a/\\0.py"]\n',
    'a base of 60,000 characters': '_base_ = "' + 'é' * 60_000 + '.py"\n',
    'an import of many dots': 'from mmengine.config import read_base\nwith read_base():\n    from ' + '.' * 20_000 + 'x import *\n',
    'imports to look for': f'custom_imports = dict(imports={_ODD!r})\n',
    'classes named by paths': 'model = dict(type="os.system", cmd="touch ran")\nhook = dict(type="builtins.eval")\n',
    'a type of control characters': 'model = dict(type="\\x1b]8;;http://evil\\x07Retina\\x1b]8;;\\x07Net")\n',
    'a type of commands': 'model = dict(type="::error file=x::y")\ntrain_cfg = dict(type="%0A::set-output name=a::b")\n',
    'a type of markdown': 'model = dict(type="![x](http://evil/x.png)<details>|`")\n',
    'floats of all kinds': 'train_cfg = dict(max_epochs=float("nan"), val_interval=1e400, val_begin=-0.0)\noptim_wrapper = dict(optimizer=dict(type="SGD", lr=1e-400))\n',
    'switches of many words': 'train_cfg = dict(by_epoch="tr" "ue" * 9_000, max_epochs=True)\n',
    'conditions of nothing': ''.join('if not []:\n' + ' ' * n for n in range(1, 90)) + 'a = 1\n',
    'walruses': 'a = [(b := n) for n in range(9_000)]\nc = (d := b)\n',
    'patterns': 'match {"a": 1}:\n    case {"a": x, **rest}:\n        b = x\n    case [*y] | (y):\n        b = y\n',
    'decorators': 'def f(g):\n    return lambda *a: f\n@f\ndef h(): ...\na = h(1)(2)(3)\n',
    'classes of classes': 'class A(dict):\n    __getattr__ = dict.get\na = A(b=1).b\nclass M(type):\n    __call__ = eval\n',
    'ways out': 'a = ().__class__.__bases__[0].__subclasses__()\nb = [].__reduce_ex__(2)\nc = __import__("os").system("touch ran")\n',
    'builtins by other names': 'e = __builtins__["eval"] if isinstance(__builtins__, dict) else __builtins__.eval\na = e("1")\ng = globals()["__loader__"]\n',
    'formats that look inside': 'a = "{0.__class__.__init__.__globals__}".format([])\nb = f"{[].__class__!r:>{9}}"\n',
    'schedules without an end': 'param_scheduler = [dict(type="LinearLR", begin=0, end=10**18, by_epoch=True)]\ntrain_cfg = dict(by_epoch=True, max_epochs=10**18)\noptim_wrapper = dict(optimizer=dict(type="SGD", lr=0.1))\n',
    'schedules of nothing': 'param_scheduler = [dict(type="MultiStepLR", milestones=[], gamma=float("inf")), {}, None, 1]\ntrain_cfg = dict(max_epochs=0)\noptim_wrapper = dict(optimizer=dict(type="SGD", lr=float("nan")))\n',
    'groups of patterns': 'optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.1), paramwise_cfg=dict(custom_keys={"(a+)+$": dict(lr_mult=2), "": 1, ".": dict(lr_mult="x")}))\ntrain_cfg = dict(max_epochs=2)\n',
    '0.x of control characters': 'optimizer = dict(type="SGD\\x1b[31m", lr=0.1)\nrunner = dict(type="EpochBasedRunner", max_epochs=1)\nlr_config = dict(policy="st\\nep", step=[1])\ndata = dict(samples_per_gpu="\\u202e")\n',
    '0.x of other kinds': 'optimizer = []\nrunner = 1\nlr_config = dict(policy=[], step={})\ndata = dict(train=1, val=[dict()], test=())\nevaluation = "x"\nworkflow = {1: 2}\n',
    '0.x that hold themselves': 'data = dict(train=dict(type="RepeatDataset", dataset=None))\ndata["train"]["dataset"] = data\noptimizer = dict(type="SGD")\n',
}  # fmt: skip
_YAML = {
    'merges of merges': ''.join(f'a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]\n  k{n}: 1\n' if n else 'a0: &a0 {k: 1}\n' for n in range(60)),
    'merges in other places': 'a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a\n  z: 4\n  <<: {y: 5, w: 6}\n',
    'a merge of itself': 'a: &a\n  <<: *a\n  b: 1\n',
    'merges of scalars': 'a:\n  <<: 1\n', 'merges of lists': 'a:\n  <<: [1, [2]]\n',
    'tags of Python': 'a: !!python/object/apply:os.system ["touch ran"]\n',
    'keys of all kinds': '? [1, 2]\n: a\n? {b: 1}\n: c\n~: d\n1.5: e\ntrue: f\n',
    'documents': '--- {a: 1}\n--- {b: 2}\n...\n', 'directives': '%YAML 9.9\n%TAG ! tag:evil,2000:\n--- !x {a: 1}\n',
}  # fmt: skip


def _folders(name: str) -> Files:
    """Return a base whose name is written in one normal form, and lies on disk in the other."""
    composed, decomposed = unicodedata.normalize('NFC', name), unicodedata.normalize('NFD', name)
    return {f'configs/{decomposed}.py': 'b = 1\n', 'configs/a.py': f'_base_ = "{composed}.py"\n{_CONFIG}'}


TREES: dict[str, Files] = {
    'a base in another normal form': _folders('é' * 40),
    'a base in other letters': {'configs/B.py': 'b = 1\n', 'configs/a.py': f'_base_ = "b.PY"\n{_CONFIG}'},
    'bases that differ by case': {'configs/B.py': 'b = 1\n', 'configs/b.py': 'b = 2\n', 'configs/a.py': '_base_ = ["B.py", "b.py"]\n'},
    'a base through a circle of links': {'configs/x': Link('y'), 'configs/y': Link('x'), 'configs/a.py': f'_base_ = "x/b.py"\n{_CONFIG}'},
    'a base through links to above': {'configs/up': Link('..'), 'configs/a.py': '_base_ = "' + 'up/configs/' * 300 + 'b.py"\n', 'configs/b.py': 'b = 1\n'},
    'a base of itself by a link': {'configs/b.py': Link('a.py'), 'configs/a.py': f'_base_ = "b.py"\n{_CONFIG}'},
    'a base that leads out': {'configs/b.py': Link('/etc/hostname'), 'configs/a.py': '_base_ = ["b.py", "/etc/passwd", "../../../../../../etc/shadow"]\n'},
    'a folder of a base that is a file': {'configs/b': 'b = 1\n', 'configs/a.py': f'_base_ = "b/c.py"\n{_CONFIG}'},
    'names that steer the terminal': {'configs/\x1b[31m\n.py': _CONFIG, 'configs/\u202eyp.a.py': _CONFIG, 'configs/a%0A::error::.py': _CONFIG},
    'names of formulas': {'configs/=cmd|x.py': _CONFIG, 'configs/@a.py': _CONFIG, 'configs/+a.py': _CONFIG, 'configs/<b>.py': _CONFIG},
    'names of many marks': {f'configs/{"a" + chr(0x301) * 120}.py': _CONFIG},
    'a cache of their own': {'.cache/cfglint/answers/x.json': '{}', '.cfglint_cache/x': 'x', 'configs/a.py': _CONFIG},
    'settings of other kinds': {'pyproject.toml': '[tool.cfglint]\nselect = {}\nignore = [1]\nexclude = "x"\nfail-on = 1\n', 'configs/a.py': _CONFIG},
    'settings of settings': {'pyproject.toml': 'tool.cfglint.per-file-ignores."**/**/**/**/*.py" = ["a"]\n' + ''.join(f'tool.x{n}.y = 1\n' for n in range(9_000)), 'configs/a.py': _CONFIG},
    'settings with control characters': {'pyproject.toml': '[tool.cfglint]\n"\\u001b[31m\\n" = 1\ntarget = ["\\u202emmdet"]\n', 'configs/a.py': _CONFIG},
    'settings of many patterns': {'cfglint.toml': 'exclude = [' + '"**/a*b*c*d*e*", ' * 3_000 + ']\n', 'configs/a.py': _CONFIG},
    'settings outside': {'cfglint.toml': Link('/etc/passwd'), 'configs/a.py': _CONFIG},
    'a work tree that leads out': {'.git': 'gitdir: ../../../../../../etc\n', 'configs/a.py': _CONFIG},
    'an index that expands': {'.git/HEAD': '', '.gitignore': 'configs\n', '.git/index': b'DIRC\0\0\0\4\0\0\xff\xff' + (b'\0' * 63 + b'a\0') * 60_000, 'configs/a.py': _CONFIG},
    'alternates': {'.git/HEAD': '', '.git/objects/info/alternates': '/dev/zero\n/proc/kmsg\n', 'configs/a.py': _CONFIG},
}  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield all."""
    yield from of_text('contributor', TEXTS)
    yield from of_text('contributor', {f'YAML, {name}': text for name, text in _YAML.items()}, '.yaml')
    for name, files in TREES.items():
        yield Case('contributor', name, lambda files=files: files)
