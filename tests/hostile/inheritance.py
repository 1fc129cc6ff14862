"""Trees that grow by what they inherit: tokens, layers of bases, values that double from file to file."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.kit import Case, Files


def _chain(length: int, first: str, line: str) -> Files:
    """Return files of which each inherits the one before; `{n}` is its number."""
    files = {'configs/0.py': first}
    for n in range(1, length):
        files[f'configs/{n}.py'] = f'_base_ = "{n - 1}.py"\n{line.format(n=n, m=n - 1)}\n'
    return files


def _layers(depth: int, width: int, line: str = 'a{i}_{j} = 1') -> Files:
    """Return layers of files of which each inherits all of the next layer."""
    files = {}
    for i in range(depth):
        bases = [f'{i + 1}_{j}.py' for j in range(width)] if i + 1 < depth else []
        for j in range(1 if i == 0 else width):
            files[f'configs/{i}_{j}.py'] = f'_base_ = {bases}\n{line.format(i=i, j=j)}\n'
    return files


def _lazy_layers(depth: int, width: int) -> Files:
    files = {}
    for i in range(depth):
        lines = ''.join(f'    from .l{i + 1}_{j} import *\n' for j in range(width)) if i + 1 < depth else ''
        head = f'from mmengine.config import read_base\nwith read_base():\n{lines}' if lines else ''
        for j in range(1 if i == 0 else width):
            files[f'configs/l{i}_{j}.py'] = f'{head}a{i}_{j} = dict(b=[{j}] * 100)\n'
    return files


def _many_bases(count: int, text: str) -> Files:
    bases = [f'b{n}.py' for n in range(count)]
    return {'configs/a.py': f'_base_ = {bases}\n', **{f'configs/b{n}.py': text.format(n=n) for n in range(count)}}


def _side_bases(length: int, text: str) -> Files:
    """Return a chain of which each file inherits another one, too."""
    files = {f'configs/{n}.py': f'_base_ = ["w{n}.py", "{n + 1}.py"]\n' for n in range(length)}
    return {**files, f'configs/{length}.py': 'a = 1\n', **{f'configs/w{n}.py': text.format(n=n) for n in range(length)}}


_WIDE = 'x{n} = [' + '[{n}, 0], ' * 4_000 + ']\n'
_Y = 'y' * 59
_DATA = ', '.join(f'k{n}=dict(a={n}, b=[{n}])' for n in range(2_000))

TREES = {
    'tokens that double': lambda: _chain(40, 'a0 = [1]', 'a{n} = [{{{{_base_.a{m}}}}}, {{{{_base_.a{m}}}}}]'),
    'tokens that double one name': lambda: _chain(40, 'a = [1]', 'a = [{{{{_base_.a}}}}, {{{{_base_.a}}}}]'),
    'tokens that double dicts': lambda: _chain(40, 'a0 = dict(x=1)', 'a{n} = dict(x={{{{_base_.a{m}}}}}, y={{{{_base_.a{m}}}}})'),
    'tokens times ten': lambda: _chain(12, 'a0 = [1]', 'a{n} = [' + '{{{{_base_.a{m}}}}}, ' * 10 + ']'),
    'tokens that nest': lambda: _chain(58, 'a0 = ' + '[' * 90 + ']' * 90, 'a{n} = ' + '[' * 90 + '{{{{_base_.a{m}}}}}' + ']' * 90),
    'tokens that nest dicts': lambda: _chain(
        58, 'a0 = dict()', 'a{n} = ' + 'dict(b=' * 60 + '{{{{_base_.a{m}}}}}' + ')' * 60
    ),
    'tokens of one name many times': lambda: _chain(3, 'a0 = [' + '1, ' * 9_000 + ']', 'a{n} = [' + '{{{{_base_.a{m}}}}}, ' * 450 + ']'),
    'bases that double': lambda: _chain(40, 'a0 = [1]', 'a{n} = [_base_.a{m}, _base_.a{m}]'),
    'bases that double in place': lambda: _chain(40, 'a = [1]', '_base_.a += _base_.a'),
    'bases that double by items': lambda: _chain(40, 'a0 = dict(x=1)', '_base_.a{n} = dict(x=_base_.a{m}, y=_base_.a{m})'),
    'bases that double texts': lambda: _chain(40, 'a0 = "x"', 'a{n} = _base_.a{m} + _base_.a{m}'),
    'bases that double texts by tokens': lambda: _chain(40, 'a0 = "x" * 99', 'a{n} = f"{{{{_base_.a{m}}}}}" * 2'),
    'bases that double ints': lambda: _chain(40, 'a0 = 3', 'a{n} = _base_.a{m} * _base_.a{m}'),
    'copies at every level': lambda: _chain(58, f'a = dict({_DATA})', 'b{n} = _base_.a\n_base_.a.x = {n}'),
    'own values at every level': lambda: _chain(58, 'a0 = 0', 'a{n} = [[{n}, 0] for i in range(30_000)]'),
    'own texts at every level': lambda: _chain(58, 'a0 = 0', 'a{n} = [str(i) * 90 for i in range(9_000)]'),
    'layers of 12': lambda: _layers(12, 12),
    'layers of 190': lambda: _layers(4, 190),
    'layers of 2, deep': lambda: _layers(50, 2),
    'layers that define the same': lambda: _layers(5, 40, 'a = 1'),
    'layers with large dicts': lambda: _layers(4, 40, f'a{{i}}_{{j}} = dict({_DATA})'),
    'pure-Python layers of 12': lambda: _lazy_layers(8, 12),
    'pure-Python layers of 60': lambda: _lazy_layers(4, 60),
    'pure-Python layers of 2, deep': lambda: _lazy_layers(40, 2),
    '20 wide bases': lambda: _many_bases(20, _WIDE),
    '190 wide bases': lambda: _many_bases(190, _WIDE),
    '190 computed bases': lambda: _many_bases(190, 'x{n} = [[i, 0] for i in range(30_000)]\n'),
    'computed bases at every level': lambda: _side_bases(40, 'x{n} = [[i, 0] for i in range(9_000)]\n'),
    '190 bases of texts': lambda: _many_bases(190, 'x{n} = ["x" * 99_000 + str(i) for i in range(99)]\n'),
    'merging large dicts at every level': lambda: _chain(58, f'a = dict({_DATA})', f'a = dict({_DATA})'),
    'a base named 190 times': lambda: {'configs/a.py': f'_base_ = {["b.py"] * 190}\n', 'configs/b.py': f'a = dict({_DATA})\n'},
    'bases of bases in a circle': lambda: {f'configs/{n}.py': f'_base_ = {[f"{m}.py" for m in range(60)]}\n' for n in range(60)},
    'circles of two at every level': lambda: {
        f'configs/{n}.py': f'_base_ = ["{n + 1}.py", "{n - 1}.py"]\n' for n in range(1, 58)
    } | {'configs/0.py': 'a = 1\n', 'configs/58.py': 'b = 1\n'},
    'bases that are missing, many names': lambda: {
        'configs/a.py': f'_base_ = {[f"x{n}/" + "y" * 60 + ".py" for n in range(190)]}\n', **{f'configs/{_Y}{n}.py': 'a = 1\n' for n in range(300)},
    },
    'a base with a long path': lambda: {'configs/a.py': '_base_ = "' + '../' * 60_000 + 'b.py"\n'},
    'a base with many dots': lambda: {'configs/a.py': '_base_ = "' + './' * 60_000 + 'b.py"\n', 'configs/b.py': 'a = 1\n'},
    'a base of control characters': lambda: {'configs/a.py': '_base_ = "\\x1b[31m\\n\\r\\u202e.py"\n'},
    'imports of large modules': lambda: {
        'configs/a.py': 'from mmengine.config import read_base\nwith read_base():\n' + ''.join(f'    from .b{n} import *\n' for n in range(150)),
        **{f'configs/b{n}.py': f'a{n} = dict({_DATA})\n' for n in range(150)},
    },
    'a package of a deep name': lambda: {'configs/a.py': 'from mmengine.config import read_base\nwith read_base():\n    from ' + 'a.' * 20_000 + 'b import *\n'},
    'data that inherit data': lambda: {
        f'configs/{n}.yaml': (f'_base_: {n + 1}.yaml\n' if n < 58 else '') + f'a{n}: [{{x: 1}}, 2]\nmodel: {{type: A{n}}}\n' for n in range(59)
    },
    'data with tokens': lambda: {
        'configs/0.yaml': 'a0: [1]\n',
        **{f'configs/{n}.json': f'{{"_base_": "{n - 1}.{"yaml" if n == 1 else "json"}", "a{n}": ["{{{{_base_.a{n - 1}}}}}", "{{{{_base_.a{n - 1}}}}}"]}}' for n in range(1, 40)},
    },
    'deletes at every level': lambda: _chain(58, f'a = dict({_DATA})', f'a = dict(_delete_=True, {_DATA})'),
    'a dict over a list at every key': lambda: {
        'configs/b.py': ''.join(f'a{n} = [1]\n' for n in range(5_000)), 'configs/a.py': '_base_ = "b.py"\n' + ''.join(f'a{n} = dict(x=1)\n' for n in range(5_000)),
    },
    'undefined tokens': lambda: {'configs/b.py': 'a = 1\n', 'configs/a.py': '_base_ = "b.py"\n' + ''.join(f'a{n} = {{{{_base_.b{n}}}}}\n' for n in range(490))},
    'undefined names of a base': lambda: {'configs/b.py': 'a = 1\n', 'configs/a.py': '_base_ = "b.py"\n' + ''.join(f'a{n} = _base_.b{n}\n' for n in range(5_000))},
    'two bases with the same keys': lambda: {'configs/a.py': '_base_ = ["b.py", "c.py"]\n', 'configs/b.py': ''.join(f'a{n} = 1\n' for n in range(9_000)), 'configs/c.py': ''.join(f'a{n} = 1\n' for n in range(9_000))},
}  # fmt: skip
"""The files of each tree."""


def cases() -> Iterator[Case]:
    """Yield all."""
    for name, files in TREES.items():
        yield Case('inheritance', name, files)
