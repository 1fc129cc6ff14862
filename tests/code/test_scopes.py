"""Names in scope: what they stand for, as Python would have it."""

from __future__ import annotations

import ast

import pytest

from cfglint.code.scopes import Scopes


def paths(text: str, package: tuple[str, ...] = ('own',)) -> list[str | None]:
    """Return what the expressions stand for that a text shows with `show(…)`."""
    tree = ast.parse(text)
    scopes = Scopes(tree, package)
    shown = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'show'
    ]
    return [scopes.path(node) for node in shown]


@pytest.mark.parametrize(('text', 'path'), [
    ('import mmcv\nshow(mmcv.Config)', 'mmcv.Config'),
    ('import mmcv as m\nshow(m.Config)', 'mmcv.Config'),
    ('import mmcv.runner\nshow(mmcv.runner.Hook)', 'mmcv.runner.Hook'),
    ('import mmcv.runner as r\nshow(r.Hook)', 'mmcv.runner.Hook'),
    ('from mmcv.runner import Hook as H\nshow(H)', 'mmcv.runner.Hook'),
    ('from . import heads\nshow(heads.Head)', 'own.heads.Head'),
    ('from ..core import x\nshow(x)', 'core.x'),
    ('import mmcv\ndef f():\n    show(mmcv.Config)', 'mmcv.Config'),
    ('def f():\n    import mmcv\n    def g():\n        show(mmcv)', 'mmcv'),
    ('import mmcv\ndef f(mmcv):\n    show(mmcv)', None),
    ('import mmcv\ndef f():\n    mmcv = 1\n    show(mmcv)', None),
    ('import mmcv\nmmcv = 1\nshow(mmcv)', None),
    ('import mmcv\nx = [show(mmcv) for mmcv in y]', None),
    ('import mmcv\nx = [show(mmcv) for each in y]', 'mmcv'),
    ('import mmcv\nx = lambda mmcv: show(mmcv)', None),
    ('class A:\n    import mmcv\n    def f(self):\n        show(mmcv)', None),
    ('class A:\n    import mmcv\n    show(mmcv)', 'mmcv'),
    ('def f():\n    global mmcv\n    import mmcv\ndef g():\n    show(mmcv)', 'mmcv'),
    ('try:\n    import a as x\nexcept ImportError:\n    import b as x\nshow(x)', None),
    ('try:\n    pass\nexcept E as mmcv:\n    show(mmcv)\nimport mmcv', None),
    ('import mmcv\nmatch x:\n    case [mmcv]:\n        show(mmcv)', None),
    ('import mmcv\n@show(mmcv)\ndef f(mmcv): pass', 'mmcv'),
    ('import mmcv\ndef f(mmcv=show(mmcv.x)): pass', 'mmcv.x'),
    ('show(len)', None),
])  # fmt: skip
def test_path(text: str, path: str | None) -> None:
    assert paths(text) == [path]


def test_uses_are_those_of_one_import() -> None:
    tree = ast.parse('import a\na.x\ndef f(a): a.y\ndef g():\n    a.z\n')
    scopes = Scopes(tree, ())
    assert [name.lineno for name in scopes.uses(scopes.imports[0])] == [2, 5]
