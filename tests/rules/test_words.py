"""What every rule says of its bad example: a short sentence, and advice whose code parses and, pasted, helps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cfglint.language.places import Span
from cfglint.rules import all_rules
from cfglint.rules.declaration import Rule
from tests.kit.complete import example_files
from tests.kit.repo import found_by

RULES = list(all_rules().values())
ELSEWHERE = {
    'second-base',  # two statements become one
    'changed-base-value',  # the line is above the marked one, and needs an import
    'model-without-train-step',  # what is imported has to be used
}
"""Rules whose advice is not for the place that is marked alone."""
PROSE = {
    # What is right is known to nobody else: a name, a value, what a class is to return, what to install.
    'broken-import', 'circular-base', 'duplicate-base-key', 'endless-evaluation', 'failing-expression',
    'interpreter-dependent-call', 'interpreter-dependent-style', 'lazy-call-at-parse-time', 'lost-assignment', 'missing-argument',
    'missing-base', 'missing-field', 'missing-import', 'model-without-mode', 'model-without-val-step', 'no-mapping',
    'optimizer-without-module', 'outdated-losses', 'outdated-results', 'renamed-method', 'reserved-name', 'syntax-error',
    'text-style-key', 'type-of-another-release', 'uncovered-mode', 'undefined-base-variable', 'undefined-environment-variable',
    'undumped-name', 'uninstalled-package', 'unprintable-key', 'unreadable-file', 'unreplaced-placeholder', 'unsupported-with',
    'value-out-of-range', 'wrong-registry', 'wrong-type',
    # Something is to be removed or moved.
    'argument-set-by-subclass', 'conflicting-fields', 'leaked-delete', 'misplaced-base', 'nested-base', 'repeated-key',
    'trailing-comma-tuple', 'unknown-argument', 'unknown-field', 'unknown-part-argument', 'unused-suppression',
    # The words are a library's, or stand in a comment or within a line of code.
    'deprecated-argument', 'deprecated-type', 'invalid-suppression', 'outdated-forward', 'outdated-runner',
    'outdated-signature', 'outdated-train-step',
}  # fmt: skip
"""Rules whose advice is words: there is nothing to paste."""

PASTED = [
    rule
    for rule in RULES
    if rule.family in ('component', 'language', 'code', 'advice', 'schema') and rule.name not in ELSEWHERE
]
"""Those whose advice is for the place that is marked; `tests/rules/consistency/test_words.py` has the others."""


@pytest.fixture
def files(rule: Rule) -> dict[str, str]:
    """Return the rule's bad example."""
    return example_files(rule, 'bad')


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.name)
def test_message_is_short_and_advice_parses(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    for found in found_by(rule, tmp_path, files):
        message = found.message.replace(str(tmp_path), '')
        assert len(message) <= 120 and not message.endswith('.')
        assert not re.search(r'MMEngine (raises|ignores)|MMEngine: `|did you mean', message)
        code = None if found.advice is None or rule.name == 'legacy-config' else found.advice.code  # that is a command
        assert code is None or ast.parse(code) is not None


@pytest.mark.parametrize('rule', PASTED, ids=lambda rule: rule.name)
def test_pasted_advice_makes_the_rule_silent(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    first = found_by(rule, tmp_path, files)[0]
    code = None if first.advice is None else first.advice.code
    assert (code is None) == (rule.name in PROSE)
    if code is None or first.span is None:
        return
    name = Path(first.path).relative_to(tmp_path).as_posix()
    for changed in pasted(files[name], first.span, code):
        found = found_by(rule, tmp_path, {**files, name: changed})
        if not any((each.key, each.message) == (first.key, first.message) for each in found):
            return
    raise AssertionError(f'no way to paste `{code}` helps')


def pasted(text: str, span: Span, code: str) -> Iterator[str]:
    """Yield the text with code pasted where a person would paste it, as far as the result is still Python.

    An expression or a name goes over what is marked; `name=value` over that argument, or as a further one of a dict
    around; a statement over one of its kind, or at the top or the end of the file.
    """
    ways = []
    if re.match(r'\w+=(?!=)', code):
        for node, start, end in around(text, span):
            if isinstance(node, ast.keyword) and code.startswith(f'{node.arg}='):
                ways.append(text[:start] + code + text[end:])
            elif text[start:].startswith('dict('):
                ways.append(f'{text[: start + 5]}{code}, {text[start + 5 :]}')
    elif not isinstance(statement := ast.parse(code).body[0], ast.Expr):
        for node, start, end in around(text, span):
            if isinstance(node, _KINDS.get(type(statement), type(statement))):
                ways.append(text[:start] + code + text[end:])
        ways += [f'{code}\n{text}', f'{text}{code}\n']
    else:
        ways.append(text[: span.start] + code + text[span.end :])
    for way in ways:
        try:
            ast.parse(way)
        except SyntaxError:
            continue
        yield way


_KINDS = {ast.Assign: (ast.Assign, ast.AnnAssign), ast.ImportFrom: (ast.Import, ast.ImportFrom)}
"""What a statement may replace, where that is more than its own kind."""


def around(text: str, span: Span) -> list[tuple[ast.AST, int, int]]:
    """Return the parts of the code that hold a place, the smallest first, with where they start and end."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:row])) for row in range(len(lines) + 1)]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.stmt, ast.keyword)):
            place = start, end = _place(node, starts)
            if start <= span.start and span.end <= end:
                found.append((node, *place))
                if isinstance(node, (ast.Assign, ast.keyword)):  # `name` is marked, `dict(…)` is meant
                    found.append((node.value, *_place(node.value, starts)))
    return sorted(found, key=lambda each: each[2] - each[1])


def _place(node: ast.expr | ast.stmt | ast.keyword, starts: list[int]) -> tuple[int, int]:
    start = starts[node.lineno - 1] + node.col_offset
    return start, starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
