"""Trees with files that block, never end, or are not what they seem, wherever cfglint looks for one."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.kit import Case, Files, Link, Node, Pipe, Socket, Sparse

_CONFIG = (
    "custom_imports = dict(imports=['own.m'])\nmodel = dict(type='A')\ntrain_cfg = dict(by_epoch=True, max_epoch=12)\n"
)
NODES: dict[str, Node] = {
    'a pipe': Pipe(),
    'a link to zeros': Link('/dev/zero'),
    'a link to random bytes': Link('/dev/urandom'),
    'a link to a terminal': Link('/dev/tty'),
    "a link to the kernel's messages": Link('/proc/kmsg'),
    'a link to nothing': Link('nothing'),
    'a link to itself': Link('.'),
    'a link to the memory': Link('/proc/self/mem'),
    'a socket': Socket(),
    'a file of ten terabytes of zeros': Sparse(10 << 40),
    'a file of some zeros': Sparse(9_000),
    'bytes': bytes(range(256)) * 9,
    'a mark and blanks': b'\xef\xbb\xbf \xef\xbb\xbf\n',
    'text with NUL': b'a = 1\0\nb = 2\n',
    'a large file': b'#' * 3_000_000 + b'\n',
    'UTF-16': '\ufeffa = 1\n'.encode('utf-16'),
}
PLACES = (
    '.gitignore', 'configs/.gitignore', '.git/info/exclude', '.git/index', '.git/HEAD', '.git', '.git/config', 'cfglint.toml', 'pyproject.toml',
    'configs/a.py', 'configs/b.py', 'configs/a.yaml', 'configs/b.json', 'own/m.py', 'own/__init__.py', 'requirements.txt',
    'requirements/a.txt', 'setup.cfg', 'setup.py', 'environment.yml', 'Dockerfile', '.cfglint-baseline.json', 'train.py', 'tools/train.py', 'mmdet/version.py', 'mmdet/__init__.py',
    'poetry.lock', 'uv.lock', 'pixi.toml', 'own/evil.so', '.pre-commit-config.yaml',
)  # fmt: skip
SHAPES: dict[str, Files] = {
    'folders in a circle': {'configs/a/b': Link('../..'), 'configs/c.py': _CONFIG},
    'links to each other': {'configs/a.py': Link('b.py'), 'configs/b.py': Link('a.py'), 'configs/c.py': _CONFIG},
    'a link out of the tree': {'configs/a.py': Link('/etc/passwd'), 'configs/b': Link('/etc'), 'configs/c.py': _CONFIG},
    'deep folders': {'/'.join(['configs', *['a' * 20] * 90, 'a.py']): _CONFIG},
    'deeper folders': {'/'.join(['configs', *['a'] * 900, 'a.py']): _CONFIG},
    'long names': {f'configs/{"a" * 250}.py': _CONFIG},
    'many files': {f'configs/{n}.py': 'train_cfg = dict(max_epoch=1)\n' for n in range(300)},
    'names that are no UTF-8': {'configs/\udcff\udcfe.py': _CONFIG, 'configs/\udcff/a.py': '_base_ = "b.py"\n'},
    'names of options': {'configs/-v.py': _CONFIG, 'configs/--fix': 'a = 1\n', 'configs/a b.py': _CONFIG},
    'names of patterns': {'configs/[a].py': _CONFIG, 'configs/*.py': _CONFIG, 'configs/a?.py': _CONFIG, 'configs/\\.py': _CONFIG},
    'only dots': {'configs/.py': _CONFIG, 'configs/...py': _CONFIG, 'configs/..a.py': _CONFIG},
    'folders with names of files': {'configs/a.py/b.py': _CONFIG, 'requirements.txt/a': '', 'setup.cfg/a': '', 'configs/c.py': _CONFIG},
    'folders in the places of settings': {'cfglint.toml/a': '', 'pyproject.toml/a': '', '.gitignore/a': '', 'configs/c.py': _CONFIG},
    'an index of nonsense': {'.git/index': b'DIRC\0\0\0\4\xff\xff\xff\xff' + b'\xff' * 900, '.gitignore': 'configs\n', 'configs/a.py': _CONFIG},
    'an index that is cut': {'.git/index': b'DIRC\0\0\0\2\0\0\0\x09' + b'\0' * 70, '.gitignore': 'configs\n', 'configs/a.py': _CONFIG},
    'a work tree of itself': {'.git': 'gitdir: .git\n', 'configs/a.py': _CONFIG},
    'a work tree of a device': {'.git': 'gitdir: /dev/zero\n', 'configs/a.py': _CONFIG},
    'a work tree with NUL': {'.git': b'gitdir: \0\n', 'configs/a.py': _CONFIG},
    'a common folder with NUL': {'.git/commondir': b'\0', '.git/HEAD': '', 'configs/a.py': _CONFIG},
    'a base that is a device': {'configs/a.py': '_base_ = ["/dev/zero", "/dev/stdin", "/proc/kmsg", "/dev/fd/0"]\n'},
    'a base that is a folder': {'configs/a.py': '_base_ = ["b.py", "."]\n', 'configs/b.py/c': ''},
    'a base with NUL': {'configs/a.py': '_base_ = ["a\\0.py", "\\udcff.py", "\\ud800.py", ""]\n'},
    'files that configs name': {'configs/a.py': 'load_from = "/dev/zero"\ntrain_dataloader = dict(dataset=dict(type="CocoDataset", ann_file="/proc/kmsg", metainfo=dict(from_file="/dev/zero")))\nmetainfo = dict(from_file="pipe")\n', 'pipe': Pipe(), 'configs/pipe': Pipe()},
    'modules in a circle': {'configs/a.py': _CONFIG, 'own/__init__.py': 'from .m import *\n', 'own/m.py': 'from . import *\nfrom .n import *\n', 'own/n.py': 'from .m import *\nfrom own import *\n'},
    'modules of many layers': {'configs/a.py': _CONFIG, 'own/__init__.py': '', 'own/m.py': 'from own.l0 import *\nfrom own.r0 import *\n', **{f'own/{side}{n}.py': f'from own.l{n + 1} import *\nfrom own.r{n + 1} import *\n' for n in range(60) for side in 'lr'}},
    'a package without an end': {'configs/a.py': _CONFIG, **{'/'.join(['own'] * n + ['__init__.py']): 'from .own import *\n' for n in range(1, 90)}},
    'many modules': {'configs/a.py': _CONFIG, 'own/__init__.py': '', **{f'own/m{n}.py': f'from own.m{n + 1} import *\n' for n in range(900)}, 'own/m.py': 'from own.m0 import *\n'},
    "names of Python's own modules": {f'{name}.py': 'raise SystemExit(77)\n' for name in ('json', 'typing', 'os', 'sys', 're', 'ast', 'yaml', 'pydantic', 'typer', 'cfglint', 'sitecustomize')} | {'configs/a.py': _CONFIG},
    'a baseline of nonsense': {'cfglint.toml': 'baseline = "b.json"\n', 'b.json': '{"entries": [[[]]]}', 'configs/a.py': _CONFIG},
    'a baseline nested deep': {'cfglint.toml': 'baseline = "b.json"\n', 'b.json': '[' * 90_000, 'configs/a.py': _CONFIG},
    'a baseline of digits': {'cfglint.toml': 'baseline = "b.json"\n', 'b.json': '1' * 5_000, 'configs/a.py': _CONFIG},
    'a baseline of a pipe': {'cfglint.toml': 'baseline = "b.json"\n', 'b.json': Pipe(), 'configs/a.py': _CONFIG},
    'a baseline of control characters': {'cfglint.toml': 'baseline = "b\\u001b[31m.json"\n', 'configs/a.py': _CONFIG},
}  # fmt: skip


def _with(place: str, node: Node) -> Files:
    below = place + '/'
    base = {
        'configs/a.py': _CONFIG + '_base_ = ["b.py", "b.json"]\n',
        'configs/b.py': 'b = 1\n',
        'configs/b.json': '{"c": 1}',
        'own/__init__.py': '',
        'own/m.py': '',
    }
    return {name: text for name, text in base.items() if not name.startswith(below)} | {place: node}


def cases() -> Iterator[Case]:
    """Yield all."""
    for name, files in SHAPES.items():
        yield Case('trees', name, lambda files=files: files)
    for place in PLACES:
        for name, node in NODES.items():
            yield Case('places', f'{place} is {name}', lambda place=place, node=node: _with(place, node))
