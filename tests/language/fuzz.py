"""Random changes of configs: of their characters, and of their syntax trees."""

from __future__ import annotations

import ast
import copy
import random

SEEDS = [
    """_base_ = ['base.py']
norm_cfg = dict(type='SyncBN', requires_grad=True)
model = dict(
    backbone=dict(_delete_=True, type='ResNet', depth=18, norm_cfg=norm_cfg, stages=[1, 2, 3][1:]),
    head=dict(classes=_base_.model.classes, weight={{_base_.lr}}))
data_root = 'data/coco/'
train = dict(ann=data_root + 'train.json', prefix=f'{data_root}x', size=(640, 480), k={'a': 1, 2: 3})
pipeline = [dict(type='Load'), *_base_.pipeline, dict(type=name) if name else None for name in 'ab'] if False else []
for i in range(3):
    pipeline.append(dict(type='T', i=i))
lr = _base_.lr * 2 ** -1
_base_.model.update(dict(x=1))
work_dir = './work/{{ fileBasenameNoExtension }}'
""".replace("for name in 'ab'] if False else []", ']'),
    """import os.path as osp
from math import sqrt
import copy
def step(x, *args, y=1, **kwargs):
    global counter
    counter = x
    return [x * y, args, kwargs]
class Thing:
    size = 3
    def __init__(self):
        pass
a = [step(i, y=2, z=3) for i in range(4) if i % 2]
b = {k: v for k, v in zip('abc', [1, 2, 3])}
c = copy.deepcopy(b)
c.update(d=4, **{'e': 5})
try:
    d = b['nothing']
except KeyError:
    d = c.pop('a')
finally:
    e = sorted(b.items(), key=lambda item: -item[1])
while len(a) < 6:
    a += [sqrt(4)]
f = osp.join('x', 'y') if a else None
g, *h = 1, 2, 3
assert a and not None, 'x'
i = {1, 2} | {3}
j = '%s-%d' % ('x', 1) + '{:>3}'.format(5) + '-'.join(['a', 'b'])
k = max(a, key=str), min([1, 2]), sum([1, 2]), any(x for x in a), len(a), isinstance(a, list)
del g
(m := 1)
""",
    """from mmengine.config import read_base
from mmdet.models import RetinaNet
import torch.nn as nn
with read_base():
    from .lazybase import *
    from .lazybase import model as other
model.update(dict(type=RetinaNet, act=nn.ReLU))
model.merge(dict(backbone=dict(_delete_=True, depth=1)))
x = dict(**other, y=[nn.A.B])
del other
""",
]
ODD = [
    'match x:\n    case {"a": 1, **rest}:\n        y = rest\n    case [1, *z]:\n        pass\n    case w:\n        del x',
    'async def f():\n    async with a as b:\n        await c\n    async for d in e:\n        yield d',
    'def f():\n    nonlocal q\n    yield from [1]',
    'with open("x") as f, g:\n    h = f.read()',
    'try:\n    import nothing\nexcept (ImportError, x.Error) as error:\n    nothing = error\nelse:\n    x = 1',
    'lambda *a, b=1, **c: (yield)',
    'x = yield',
    'x[1:2, ...] = y[::2] = {**z}',
    'global a, b',
    'raise ValueError("x") from None',
    'x @= y; x //= 0; x **= -1; x <<= 3; x |= {}',
    'print(*[1], **{"sep": 1})',
    '@a.b(1)\n@c\nclass D(E, metaclass=F):\n    x: int = 1\n    x += 1',
    'def g(a, /, b, *, c=(d := 5)) -> "x": ...',
    'for x, (y, *z) in [(1, (2, 3))]:\n    if x: break\n    continue\nelse:\n    pass',
    'a = b = c.d = e["f"] = {1: [2, (3, {4})]}',
    '"{0[a]}{0.b!r:>{1}}".format(a, 3)',
    '[*{}.items()][0][0].x',
    'dict(a=1).setdefault("b", []).append([].pop)',
    '{}.popitem(); [].sort(key=len, reverse=True); set().add(1); "".join(1)',
    'x = [lambda: y for y in range(3)]; z = [f() for f in x]',
    'globals()["x"] = 1; exec("y = 2"); vars().update(z=3)',
    'x: list[int]',
    'if unknown(): return_ = 1\nelif a.b: x["y"] = 2',
    '_base_ = {{_base_.x}}; _base_.y = {{ fileDirname }}',
    'while unknown():\n    x = 1\n    if x: continue',
    '_deprecation_ = dict(expected=1)',
    'from . import x; from .y import *; import os, sys',
    'sum([[]], []); dict([(1, 2)], a=3); dict.fromkeys("ab"); list(zip([1], [2])); round(1.5, 1); sorted({3, 1})',
    'x = iter([1]); y = next(x); z = type(1); w = slice(1)',
]  # fmt: skip


def mutate(seed: int) -> str:
    """Return a config that is nearly one."""
    rng = random.Random(seed)
    return mutated(rng, rng.choice(SEEDS))


def mutated(rng: random.Random, text: str) -> str:
    """Return what becomes of a config when lines are inserted, parts of it put elsewhere, and characters changed."""
    lines = text.splitlines(keepends=True)
    for _ in range(rng.randrange(3)):
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(ODD) + '\n')
    text = ''.join(lines)
    if rng.random() < 0.6:
        text = _mutate_tree(rng, text)
    for _ in range(rng.choice([0, 0, 1, 3])):
        text = _mutate_characters(rng, text)
    return text


def _mutate_characters(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 + rng.randrange(3) :]
    if kind == 1:
        return text[:at] + rng.choice('()[]{}:,=.*"\'\n\t \\0é{{_') + text[at:]
    other = rng.randrange(len(text) + 1)
    piece = text[other : other + rng.randrange(30)]
    return text[:at] + piece + text[at + (len(piece) if kind == 2 else 0) :]


def _mutate_tree(rng: random.Random, text: str) -> str:
    try:
        tree = ast.parse(text.replace('{{_base_.lr}}', '_base_.lr'))
    except (SyntaxError, ValueError):
        return text
    for _ in range(rng.randrange(1, 4)):
        expressions = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
        holders = [
            (node, name)
            for node in ast.walk(tree)
            for name, value in ast.iter_fields(node)
            if isinstance(value, ast.expr) and isinstance(getattr(value, 'ctx', ast.Load()), ast.Load)
        ]
        if not holders:
            break
        node, name = rng.choice(holders)
        setattr(node, name, copy.deepcopy(rng.choice(expressions)))
        if rng.random() < 0.3:
            rng.shuffle(tree.body)
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except (AttributeError, RecursionError, ValueError, TypeError, KeyError):
        return text
