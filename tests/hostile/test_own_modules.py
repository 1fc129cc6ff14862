"""Modules of the user's own are looked at by many rules: their trees are walked once, and what they import is not asked of each class."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cfglint.code import walking
from cfglint.rules import all_rules
from cfglint.rules.code import plain_model
from tests.hostile.commands import run
from tests.hostile.kit import Files, write
from tests.hostile.long_examples import long_examples


def _written(folder: Path, rule: str, what: str, size: int, monkeypatch: pytest.MonkeyPatch) -> Files:
    example = next(each for each in long_examples(all_rules()[rule]) if each.name == f'{rule}, {what}')
    files = example.files(size)
    write(folder, {**files, '.git/HEAD': ''})
    monkeypatch.chdir(folder)
    return files


def test_imports_are_not_asked_of_each_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = _written(tmp_path, 'plain-model', 'bad, plain.py, definitions', 12_000, monkeypatch)
    asked = 0
    is_alone = plain_model.is_alone

    def noted(*args: object) -> bool:
        nonlocal asked
        asked += 1
        return is_alone(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(plain_model, 'is_alone', noted)
    ran = run('check', '--no-cache', '--isolated', '--output-format', 'concise', 'config.py')
    models = str(files['plain.py']).count('\nclass ')
    assert 30 < models <= ran.out.count('plain-model') and models <= asked < 4 * models, (models, asked, ran)


def test_functions_are_walked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _written(tmp_path, 'outdated-forward', 'bad, toy.py, dict 0', 3_000, monkeypatch)
    walked: list[ast.AST] = []
    walk = walking._walked

    def noted(node: ast.AST) -> list[ast.AST]:
        walked.append(node)
        return walk(node)

    monkeypatch.setattr(walking, '_walked', noted)
    run('check', '--no-cache', '--isolated', 'config.py')
    methods = [(type(node), getattr(node, 'name', '')) for node in walked]
    assert len(set(map(id, walked))) == len(walked) and 0 < len(methods) < 30, methods


@pytest.mark.parametrize(
    'text', ['a = [b, {c: d}]\n', 'def f(a: int = 1, *b) -> d:\n    return [g async for g in a]\n']
)
def test_walks_as_python_does(text: str) -> None:
    tree = ast.parse(text)
    assert walking.below(tree) == walking.below(tree) == list(ast.walk(tree))
