"""The hook that saves checkpoints."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any

from cfglint.sections.hooks.common import GREATER, LESS, cannot_infer, inferable, storage
from cfglint.sections.terms import Dict, absent, found, undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation

RULES = ('greater', 'less')


def checkpoint_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from storage(given)
    yield from _best(given)
    yield from _rules(given)
    yield from _template(given)
    # Whoever writes `interval=-1` beside it wants none, to measure speed for example.
    if given.get('save_last') is False and absent(given, 'interval') and absent(given, 'save_best'):
        message = 'no checkpoint is ever saved: `save_last` is False, and `interval` is not given'
        yield found('conflict', message, 'save_last', severity='warning', depends_on=('interval', 'save_best'))
    keys = given.get('published_keys')
    if isinstance(keys, (list, tuple)) and _repeats(keys):
        message = '`published_keys` has a key twice'
        said = 'AssertionError: Find duplicate elements in "published_keys".'
        yield found('conflict', message, 'published_keys', raises=said)


def _repeats(words: Any) -> bool:
    return all(isinstance(word, str) for word in words) and len(set(words)) < len(words)


def _best(given: Dict) -> Iterator[Violation]:
    best = given.get('save_best')
    if not isinstance(best, list):
        return
    if 'auto' in best and len(best) > 1:
        message = "`save_best` cannot have other metrics besides `'auto'`"
        said = 'AssertionError: Only support one "auto" in "save_best" list.'
        yield found('conflict', message, 'save_best', raises=said)
    elif _repeats(best):
        message = '`save_best` has a metric twice'
        said = 'AssertionError: Find duplicate element in "save_best".'
        yield found('conflict', message, 'save_best', raises=said)


def _rules(given: Dict) -> Iterator[Violation]:
    rule, best = given.get('rule'), given.get('save_best')
    if undecided(rule) or undecided(best):
        return
    if best is None:
        if isinstance(rule, list):
            message = '`rule` is a list, but there is no `save_best`'
            said = "TypeError: object of type 'NoneType' has no len()"
            yield found('conflict', message, 'rule', raises=said, depends_on=('save_best',))
        elif isinstance(rule, str):
            message = '`rule` has no effect without `save_best`'
            yield found('conflict', message, 'rule', severity='warning', depends_on=('save_best',))
        return
    metrics = best if isinstance(best, list) else [best]
    if isinstance(rule, list) and len(rule) not in (1, len(metrics)):
        message = (
            f'`rule` must have one item, or one for each metric of `save_best`, got {len(rule)} for {len(metrics)}'
        )
        said = 'AssertionError: Number of "rule" must be 1 or the same as number of "save_best"'
        yield found('conflict', message, 'rule', raises=said, depends_on=('save_best',))
        return
    for index, item in enumerate(rule if isinstance(rule, list) else [rule]):
        if isinstance(item, str) and item not in RULES:
            yield _no_rule(item, *(('rule', index) if isinstance(rule, list) else ('rule',)))
    if rule is None:
        greater, less = _keys(given.get('greater_keys'), GREATER), _keys(given.get('less_keys'), LESS)
        for metric in metrics:
            certain = isinstance(metric, str) and greater is not None and less is not None
            if certain and metric != 'auto' and not inferable(metric, greater or (), less or ()):
                said = (
                    f'ValueError: Cannot infer the rule for key {metric:.60}, thus a specific rule must be specified.'
                )
                yield cannot_infer(metric, 'save_best', raises=said)


def _no_rule(rule: str, *path: str | int) -> Violation:
    from cfglint.sections.wording import nearest, show

    message = f'`rule` must be one of `greater`, `less`, got {show(rule)}'
    said = 'KeyError: rule must be greater, less or None'
    return found('invalid-choice', message, *path, suggestion=nearest(rule, RULES), raises=said)


def _keys(given: Any, default: tuple[str, ...]) -> tuple[str, ...] | None:
    """The parts of names to look for; none if they are not known."""
    if given is None:
        return default
    keys = given if isinstance(given, (list, tuple)) else (given,)
    return tuple(keys) if all(isinstance(key, str) for key in keys) else None


def _template(given: Dict) -> Iterator[Violation]:
    template = given.get('filename_tmpl')
    if not isinstance(template, str):
        return
    message = f'`filename_tmpl` must have exactly one `{{}}`, got `{template[:60]!r}`'
    try:
        template.format(1)
    except (IndexError, KeyError, ValueError, AttributeError, TypeError) as error:
        raised = f'{type(error).__name__} when it saves the first checkpoint'
        yield found('invalid-choice', message, 'filename_tmpl', raises=raised)
        return
    if not any(field is not None for _, field, _, _ in Formatter().parse(template)):
        yield found(
            'invalid-choice', f'{message}: each checkpoint replaces the last', 'filename_tmpl', severity='warning'
        )
