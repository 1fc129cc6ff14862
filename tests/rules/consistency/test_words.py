"""What the rules say: short sentences, with advice that can be pasted and that helps."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from cfglint.diagnostics import Advice
from cfglint.language.loader import Loader
from cfglint.rules import family
from cfglint.rules.declaration import Rule
from tests.kit.complete import example_files
from tests.kit.repo import found_by

RULES = family('consistency')
ELSEWHERE = {
    'unread-dataset-classes',  # in a class of the user's
    'invalid-dataset-classes',
    'missing-dataset-classes',
    'lost-list-items',  # a first line, from which the list is changed
    'unreached-pipeline-switch',  # the pipeline's name is the user's
}
"""Rules whose advice is not for the key alone."""
PROSE = {
    'anchor-count-mismatch', 'annotations-out-of-step', 'box-type-mismatch', 'missing-decoder', 'missing-transform',
    'target-of-another-head', 'transform-after-packing', 'unloaded-annotations',
    'early-stopping-without-validation', 'empty-schedule', 'flexible-runner-with-cut-epoch',
    'ignored-by-flexible-runner', 'ignored-custom-key', 'ignored-data-preprocessor', 'image-channels-mismatch',
    'incomplete-tta', 'inconsistent-keypoints', 'input-count-mismatch', 'iterations-count-batches',
    'loop-settings-in-model', 'missing-model', 'missing-part-setting', 'misspelt-metainfo', 'momentum-scheduler-without-momentum',
    'naive-visualization-in-test', 'normalized-twice', 'overlapping-decays', 'palette-mismatch',
    'panoptic-classes-mismatch', 'plateau-without-validation', 'point-dimensions-mismatch', 'prefix-of-plain-checkpoint', 'repeated-hook',
    'schedule-after-training', 'task-classes-mismatch', 'tensor-before-packing', 'training-hook-in-test',
    'typeless-component', 'typeless-item', 'unpacked-pipeline', 'upper-case-metainfo',
    'unread-samples', 'validation-interval-never-changes', 'validation-settings-without-validation', 'weights-of-another-network',
}  # fmt: skip
"""Rules whose advice is words: something is to be removed, renamed or moved, or only the user knows what is right."""


@pytest.fixture
def files(rule: Rule) -> dict[str, str]:
    """Return the rule's bad example."""
    return example_files(rule, 'bad')


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.name)
def test_message_says_only_what_is_wrong_and_advice_parses(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    for found in found_by(rule, tmp_path, files):
        assert len(found.message) <= 120
        assert not re.search(r'raises|; |did you mean|\b[A-Z]\w+Error\b', found.message)
        assert found.advice is not None
        assert found.advice.code is None or ast.parse(found.advice.code).body


@pytest.mark.parametrize('rule', [each for each in RULES if each.name not in ELSEWHERE], ids=lambda rule: rule.name)
def test_followed_advice_makes_the_rule_silent(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    first = found_by(rule, tmp_path, files)[0]
    assert first.advice is not None and (first.advice.code is None) == (rule.name in PROSE)
    if first.advice.code is None:
        return
    path = str(tmp_path / 'config.py')
    added = line(Loader().load(path).table, first.key or '', first.advice)
    again = found_by(rule, tmp_path, {**files, 'config.py': files['config.py'] + added})
    assert Loader().load(path).partial is None
    assert [each for each in again if each.key == first.key] == []


def line(config: dict[str, Any], key: str, advice: Advice) -> str:
    """Return what has to be added to a config to follow advice about a key.

    `name = value` is a line; `name=value` belongs in the dict that the text names, else it is the key, above it, in it
    or beside it; another expression replaces the value of the key.
    """
    code, path = advice.code or '', key.split('.')
    keyword = re.fullmatch(r'(\w+)=(?!=)(.+)', code, re.DOTALL)
    if keyword is None:
        is_line = isinstance(ast.parse(code).body[0], ast.Assign)
        return f'{code}\n' if is_line else f'{access(path)} = {code}\n'
    name, value = keyword.groups()
    owner = re.search(r'in `([\w.]+)`', advice.text)
    if owner is not None:
        path = [*owner.group(1).split('.'), name]
    elif name in path:
        path = path[: len(path) - path[::-1].index(name)]
    else:
        path = [*(path if isinstance(value_of(config, path), dict) else path[:-1]), name]
    if value.startswith('dict(') and 'type=' not in value and isinstance(value_of(config, path), dict):
        return f'{access(path)}.update({value})\n'
    return f'{access(path)} = {value}\n'


def value_of(config: dict[str, Any], path: list[str]) -> Any:
    value: Any = config
    for part in path:
        value = value[int(part)] if isinstance(value, (list, tuple)) else value.get(part)
    return value


def access(path: list[str]) -> str:
    """Return the expression for a dotted key."""
    parts: list[Any] = [int(part) if part.isdigit() else part for part in path[1:]]
    return path[0] + ''.join(f'[{part!r}]' for part in parts)
