"""Hypothesis strategies for trees of configs: what people write, and what only a fuzzer would."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NAMES = ['model', 'data', 'lr', 'steps', 'head', 'cfg_a', '_private', 'x']
KEYS = ['type', 'depth', 'norm', 'stages', 'lr', 'x']
BASE_NAMES = ['model', 'data', 'lr', 'steps']

scalars = st.sampled_from(
    ['0', '1', '-2', '3.5', '1e-3', 'True', 'None', "'ReLU'", "'é'", '"data/"', "''", "b'x'", '10**3', "float('inf')"]
)
keys = st.sampled_from(KEYS)
names = st.sampled_from(NAMES)


def _dict_text(items: list[tuple[str, str]], style: str) -> str:
    unique = dict(items)
    if style == 'call':
        return f'dict({", ".join(f"{key}={value}" for key, value in unique.items())})'
    return f'{{{", ".join(f"{key!r}: {value}" for key, value in unique.items())}}}'


def _containers(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(
            _dict_text, st.lists(st.tuples(keys, children), max_size=3), st.sampled_from(['call', 'call', 'display'])
        ),
        st.lists(children, max_size=3).map(lambda items: f'[{", ".join(items)}]'),
        st.lists(children, max_size=2).map(lambda items: f'({"".join(f"{item}, " for item in items)})'),
        children.map(lambda value: f'{{1: {value}, "1": 2}}'),
    )


literals = st.recursive(scalars, _containers, max_leaves=5)

places = st.sampled_from(
    [
        'model',
        'data',
        'lr',
        'steps',
        'model.type',
        'model.norm',
        'model.norm.type',
        'model.stages',
        'data.x',
        'data.norm',
        'steps.x',
    ]
)


def _subscripts(path: str) -> str:
    first, *rest = path.split('.')
    return first + ''.join(f'[{key!r}]' for key in rest)


from_base = st.one_of(
    places.map(lambda path: f'_base_.{path}'),
    places.map(lambda path: f'_base_[{path.partition(".")[0]!r}]'),
    st.builds(lambda path, key: f'_base_.{path}.get({key!r})', places, keys),
    st.builds(lambda path, key: f'_base_.{path}.pop({key!r}, 7)', places, keys),
)
in_lazy = places.map(_subscripts)


def _compound(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return expressions made of others."""
    pairs = st.tuples(children, children)
    return st.one_of(
        _containers(children),
        pairs.map(lambda p: f'({p[0]} + {p[1]})'),
        pairs.map(lambda p: f'({p[0]} * {p[1]})'),
        pairs.map(lambda p: f'({p[0]} % {p[1]})'),
        pairs.map(lambda p: f'({p[0]} | {p[1]})'),
        pairs.map(lambda p: f'({p[0]} if {p[1]} else 0)'),
        pairs.map(lambda p: f'({p[0]} or {p[1]})'),
        pairs.map(lambda p: f'({p[0]} == {p[1]})'),
        pairs.map(lambda p: f'({p[0]} in [{p[1]}])'),
        pairs.map(lambda p: f'dict({p[0]}, x={p[1]})'),
        pairs.map(lambda p: f'dict(**{p[0]}, head={p[1]})'),
        pairs.map(lambda p: f'{{**{p[0]}, "x": {p[1]}}}'),
        pairs.map(lambda p: f'[*{p[0]}, {p[1]}]'),
        pairs.map(lambda p: f'[(i, {p[1]}) for i in {p[0]} if i]'),
        pairs.map(lambda p: f'{{i: j for i, j in zip({p[0]}, {p[1]})}}'),
        pairs.map(lambda p: f'list(map(lambda i: [i, {p[1]}], {p[0]}))'),
        children.map(lambda v: f'copy.deepcopy({v})'),
        children.map(lambda v: f"f'{{{v}}}-x'" if "'" not in v and '"' not in v and '{' not in v else v),
        children.map(lambda v: f"'%s' % ({v},)"),
        children.map(lambda v: f"'{{0}}'.format({v})"),
        children.map(lambda v: f'{v}[0]'),
        children.map(lambda v: f'{v}[1:]'),
        children.map(lambda v: f'{v}[::-1]'),
        st.builds(lambda v, k: f'{v}[{k!r}]', children, keys),
        st.builds(lambda v, k: f'{v}.{k}', children, keys),
        *(
            children.map(lambda v, f=f: f'{f}({v})')
            for f in ('list', 'tuple', 'len', 'str', 'sorted', 'sum', 'set', 'max', 'bool')
        ),
        *(children.map(lambda v, f=f: f'{v}.{f}()') for f in ('keys', 'items', 'values', 'copy', 'upper', 'to_dict')),
        children.map(lambda v: f'list({v}.items())'),
        children.map(lambda v: f'[k for k in {v}.keys()]'),
        children.map(lambda v: f'list(enumerate({v}))'),
        children.map(lambda v: f'(lambda y: [y, y])({v})'),
        pairs.map(lambda p: f'any(i == {p[1]} for i in {p[0]})'),
        pairs.map(lambda p: f'next((i for i in {p[0]} if i), {p[1]})'),
        pairs.map(lambda p: f'({p[1]} in iter({p[0]}))'),
        pairs.map(lambda p: f'[*zip({p[0]}, reversed({p[1]}))]'),
        pairs.map(lambda p: f'(lambda y: [*zip(y, y)])(iter({p[0]}))'),
    )


def _expressions(references: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(st.one_of(scalars, literals, names, references, references), _compound, max_leaves=4)


_CHANGES = st.sampled_from(
    ['pop()', 'pop(0)', 'remove(x)', 'insert(0, 7)', 'pop(x)', 'update(y=1)', 'setdefault(x, 1)']
)


def _statements(expressions: st.SearchStrategy[str], references: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return statements, most of them assignments."""
    targets = st.one_of(
        names,
        st.builds(lambda n, k: f'{n}[{k!r}]', names, keys),
        st.builds(lambda r, k: f'{r}[{k!r}]', references.filter(lambda r: '(' not in r), keys),
        st.builds(lambda r, k: f'{r}.{k}', references.filter(lambda r: '(' not in r), keys),
    )
    owners = st.one_of(names, references)
    overrides = st.recursive(
        expressions,
        lambda inner: st.builds(
            lambda items, delete: _dict_text([*([('_delete_', delete)] if delete else []), *items], 'call'),
            st.lists(st.tuples(keys, inner), min_size=1, max_size=3),
            st.sampled_from(['', '', 'True', 'False', '1']),
        ),
        max_leaves=4,
    )
    simple = st.one_of(
        st.builds(lambda n, e: f'{n} = {e}', names, overrides),
        st.builds(lambda n, e: f'{n} = {e}', names, overrides),
        st.builds(lambda t, e: f'{t} = {e}', targets, expressions),
        st.builds(lambda a, b, e: f'{a}, *{b} = {e}', names, names, expressions),
        st.builds(lambda a, b, e: f'{a} = {b} = {e}', names, names, expressions),
        st.builds(lambda t, o, e: f'{t} {o}= {e}', targets, st.sampled_from(['+', '*', '|', '-']), expressions),
        st.builds(lambda t: f'del {t}', targets),
        st.builds(lambda o, e: f'{o}.update({e})', owners, overrides),
        st.builds(lambda o, k, e: f'{o}.update({k}={e})', owners, keys, overrides),
        st.builds(lambda o, e: f'{o}.merge({e})', owners, overrides),
        st.builds(lambda o, e: f'{o}.append({e})', owners, expressions),
        st.builds(lambda o, e: f'{o}.extend({e})', owners, expressions),
        st.builds(lambda o, e: f'{o}.insert(0, {e})', owners, expressions),
        st.builds(lambda o, k, e: f'{o}.setdefault({k!r}, {e})', owners, keys, expressions),
        st.builds(lambda o, m: f'{o}.{m}()', owners, st.sampled_from(['clear', 'pop', 'popitem', 'sort', 'reverse'])),
        st.builds(lambda o, k: f'{o}.pop({k!r})', owners, keys),
    )

    def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        bodies = st.lists(inner, min_size=1, max_size=2).map(
            lambda lines: '\n'.join(f'    {line}' for text in lines for line in text.splitlines())
        )
        return st.one_of(
            st.builds(lambda e, b: f'if {e}:\n{b}', expressions, bodies),
            st.builds(lambda e, b: f'for x in {e}:\n{b}', expressions, bodies),
            st.builds(lambda o, m, b: f'for x in {o}:\n    {o}.{m}\n{b}', owners, _CHANGES, bodies),
            st.builds(lambda n, e, b: f'{n} = (i for i in {e} if i)\n{b}\n{n} = list({n})', names, expressions, bodies),
            st.builds(lambda b, c: f'try:\n{b}\nexcept (KeyError, TypeError, AttributeError):\n{c}', bodies, bodies),
            st.builds(lambda b, e, n: f'def func(head, *data, x=1, **steps):\n{b}\n    return {e}\n{n} = func([1], 2, lr=3)',
                      bodies, expressions, names),
        )  # fmt: skip

    return st.one_of(simple, simple, simple, simple, blocks(simple))


BASE_TEXT = (
    "model = dict(type='A', depth=50, norm=dict(type='BN', eps=1e-5), stages=[1, (2, 3), dict(x=1)])\n"
    "data = dict(x=[dict(type='D', x=1), dict(type='E')], norm=None, lr={1: 'a', 'b': 2})\nlr = 0.01\nsteps = [8, 11]\n"
)
BASE_DATA: dict[str, Any] = {
    'model': {'type': 'A', 'depth': 50, 'norm': {'type': 'BN', 'eps': 1e-5}, 'stages': [1, [2, 3], {'x': 1}]},
    'data': {'x': [{'type': 'D', 'x': 1}, {'type': 'E'}], 'norm': None, 'lr': {'b': 2}},
    'lr': 0.01,
    'steps': [8, 11],
}

templates = st.one_of(
    places.map(lambda path: f'token = {{{{_base_.{path}}}}}'),
    places.map(lambda path: f'token = dict(x=[{{{{ _base_.{path} }}}}, 1], y=({{{{_base_.lr}}}},))'),
    st.sampled_from(
        [
            "head = 'work/{{ fileBasenameNoExtension }}'",
            "head = '{{$CFGLINT_ABSENT:data}}/x'",
            'lr = {{"$CFGLINT_ABSENT:0.5"}}',
        ]
    ),
)


def _survived(statement: str) -> str:
    """Return a statement that may fail, in a way that lets the file go on."""
    body = ''.join(f'    {line}\n' for line in statement.splitlines())
    return f'try:\n{body}except Exception:\n    steps = 5'


def _mostly_survived(statements: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    # Most random statements fail, and then nothing else is compared.
    survived = statements.map(_survived)
    return st.one_of(statements, *[survived] * 9)


text_statements = st.one_of(*[_mostly_survived(_statements(_expressions(from_base), from_base))] * 9, templates)
lazy_statements = _mostly_survived(
    _statements(_expressions(st.one_of(in_lazy, st.just('Lazy'), st.just('nn.ReLU'))), in_lazy)
)


def _joined(lines: list[str]) -> str:
    return ''.join(f'{line}\n' for line in lines)


@st.composite
def text_trees(draw: st.DrawFn) -> dict[str, str]:
    """Return a tree of text-style configs, in up to three levels."""
    kind = draw(st.sampled_from(['py', 'py', 'py', 'json', 'yaml']))
    files = {f'base.{kind}': BASE_TEXT if kind == 'py' else json.dumps(BASE_DATA)}
    base = f'base.{kind}'
    bases = [base]
    if draw(st.booleans()):
        files['middle.py'] = f"_base_ = '{base}'\nimport copy\n{_joined(draw(st.lists(text_statements, max_size=3)))}"
        bases = ['middle.py']
    if draw(st.integers(0, 3)) == 0:
        files['other.py'] = f'head = {draw(literals)}\n'
        bases.append('other.py')
    files['config.py'] = (
        f'_base_ = {bases!r}\nimport copy\n{_joined(draw(st.lists(text_statements, min_size=1, max_size=5)))}'
    )
    return files


@st.composite
def lazy_trees(draw: st.DrawFn) -> dict[str, str]:
    """Return a tree of pure-Python configs, in up to three levels."""
    imports = (
        'from mmengine.config import read_base\nfrom mmdet.models import Lazy\nimport torch.nn as nn\nimport copy\n'
    )
    files = {'base.py': BASE_TEXT}
    base = 'base'
    if draw(st.booleans()):
        body = _joined(draw(st.lists(lazy_statements, max_size=3)))
        files['middle.py'] = f'{imports}with read_base():\n    from .base import *\n{body}'
        base = 'middle'
    what = draw(st.sampled_from(['*', '*', 'model, data, lr, steps', 'model, data as x, lr as data, steps']))
    body = _joined(draw(st.lists(lazy_statements, min_size=1, max_size=5)))
    files['config.py'] = f'{imports}with read_base():\n    from .{base} import {what}\n{body}'
    return files
