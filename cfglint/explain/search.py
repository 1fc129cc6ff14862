"""The rules that a text is about, by its words: rare words count more, and so does what MMEngine raises."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

from cfglint.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.rules.declaration import Rule

_WORD = re.compile(r'[^\W\d]\w+')
_NAME, _SUMMARY, _DOC = 2, 1.5, 1
"""What a word counts in the name of a rule, in the first line of its documentation, and below."""
_RAISED = 6
"""What a word counts that stands in what is raised, if most of that is there."""
_MOST_OF_IT = 0.8
_ENOUGH = 0.5
"""Rules that have less than this part of the best one's points are not named."""
_LEAST = 0.75
"""So many points the best one needs, as a part of the weight of all words."""
_QUOTED = re.compile(r"'(\w+)'")
_EXCEPTION = re.compile(r'^[\w.]*(?:Error|Exception): ')


class _Page(NamedTuple):
    """A rule as it is searched.

    Attributes:
        rule: The rule.
        words: Each word with what it counts.
        raised: The words of each message that is raised, and those of them that stand in quotes.
    """

    rule: Rule
    words: dict[str, float]
    raised: list[tuple[frozenset[str], frozenset[str]]]


def rules(text: str) -> list[Rule]:
    """Return the rules that a text is about, the likeliest first; none if its words tell nothing."""
    asked = _words(text)
    points = {page.rule: _points(page, asked) for page in _pages()}
    ranked = sorted(points, key=lambda rule: -points[rule])
    best = points[ranked[0]]
    if not best or best < _LEAST * sum(map(_weight, asked)):
        return []
    return [rule for rule in ranked if points[rule] >= _ENOUGH * best]


def raised() -> dict[str, list[str]]:
    """Return what MMEngine and the libraries raise, by rule, with `…` for what differs."""
    found: dict[str, list[str]] = json.loads(files('cfglint.explain').joinpath('messages.json').read_text('utf-8'))
    return found


def _points(page: _Page, asked: frozenset[str]) -> float:
    told = sum(_weight(word) * page.words.get(word, 0) for word in asked)
    return told + max((_likeness(message, asked) for message, names in page.raised if names <= asked), default=0)


def _likeness(message: frozenset[str], asked: frozenset[str]) -> float:
    """Return what counts for a message of which most is asked about."""
    whole, common = (sum(map(_weight, words)) for words in (message, message & asked))
    return _RAISED * common * (common / whole) if whole and common >= _MOST_OF_IT * whole else 0


@cache
def _pages() -> list[_Page]:
    messages = raised()
    return [_page(rule, messages.get(rule.name, ())) for rule in all_rules().values()]


def _page(rule: Rule, messages: Iterable[str]) -> _Page:
    pairs = (f'{one}_{other}' for one, other in pairwise(rule.name.split('-')))  # `num_classes`
    name = ' '.join([rule.name.replace('-', ' '), *pairs])
    parts = ((_DOC, rule.doc), (_SUMMARY, rule.summary), (_NAME, name))
    words = {word: count for count, text in parts for word in _words(text)}
    return _Page(rule, words, [(_words(text), _words(' '.join(_QUOTED.findall(text)))) for text in messages])


@cache
def _counts() -> Counter[str]:
    """Return in how many rules each word stands."""
    return Counter(
        word for page in _pages() for word in {*page.words, *(each for said, _ in page.raised for each in said)}
    )


@cache
def _weight(word: str) -> float:
    return log((len(_pages()) + 1) / (_counts()[word] + 1))


def _words(text: str) -> frozenset[str]:
    """Return the words of a text, or of what an exception says: small, without the `s` of a plural."""
    said = _EXCEPTION.sub('', text).lower().replace('__init__', '')
    return frozenset(word.rstrip('s') or word for word in _WORD.findall(said))
