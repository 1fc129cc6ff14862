"""A rule says nothing about what a rule that it yields to has claimed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.rules import all_rules
from cfglint.rules.context import Context
from cfglint.rules.declaration import Rule
from cfglint.rules.rule import rule
from tests.kit.repo import diagnose

CONFIG = 'model = dict(neck=dict(depth=1, parts=[dict(size=2)]), head=dict(size=3))\n'


def rule_about(name: str, *keys: str, yields_to: tuple[str, ...] = (), explains: str = '') -> Rule:
    """Return a rule that says something about some keys."""

    def find(context: Context):  # noqa: ANN202
        also = context.find(explains) if explains else None
        for key in keys:
            item = context.find(key)
            assert item is not None
            yield context.report(item, 'this is wrong', explains=() if also is None else (also,))

    find.__name__ = name
    return rule(yields_to=yields_to)(find)


@pytest.mark.parametrize(('cause', 'explains', 'said'), [
    pytest.param('model.neck', '', {'model.head', 'model.head.size'}, id='what-is-inside'),
    pytest.param('model.neck.depth', '', {'model.neck.parts.0.size', 'model.head', 'model.head.size'}, id='the-item-and-its-dict'),
    pytest.param('model.head.size', 'model.neck.parts.0.size', {'model.neck', 'model.neck.depth'}, id='what-is-explained'),
])  # fmt: skip
def test_what_is_claimed_is_said_once(tmp_path: Path, cause: str, explains: str, said: set[str]) -> None:
    keys = ('model.neck', 'model.neck.depth', 'model.neck.parts.0.size', 'model.head', 'model.head.size')
    rules = [rule_about('cause', cause, explains=explains), rule_about('effect', *keys, yields_to=('cause',))]
    found = diagnose(tmp_path, CONFIG, rules=rules)
    assert {each.key for each in found if each.rule == 'effect'} == said
    assert [each.key for each in found if each.rule == 'cause'] == [cause]


def test_nothing_is_left_out_where_the_other_rule_is_not_asked(tmp_path: Path) -> None:
    found = diagnose(tmp_path, CONFIG, rules=[rule_about('effect', 'model.neck', yields_to=('cause',))])
    assert [each.key for each in found] == ['model.neck']


def test_rules_yield_to_rules_that_exist() -> None:
    known = all_rules()
    assert {other for each in known.values() for other in each.yields_to} <= known.keys()
    assert not [name for name, each in known.items() for other in each.yields_to if name in known[other].yields_to]
