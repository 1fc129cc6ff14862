"""The hook that saves checkpoints."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cfglint.schemas.base import (
    Dict,
    Flag,
    Mapped,
    Number,
    Says,
    Strings,
    Text,
    Words,
    absent,
    found,
    is_number,
    undecided,
)
from cfglint.schemas.hooks.common import GREATER, LESS, Hook, cannot_infer, inferable, storage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation

RULES = ('greater', 'less')


class CheckpointHook(Hook):
    """Saves checkpoints, in intervals and when a metric is the best so far.

    Other arguments would be forwarded to Runner.save_checkpoint, which takes no more than these.

    Source: mmengine.hooks.checkpoint_hook:CheckpointHook, mmengine.runner.runner:Runner.save_checkpoint
    """

    CALL: ClassVar = 'Runner.save_checkpoint()'

    interval: Annotated[Number, Words('an integer'), Says("TypeError: '>' not supported between instances of")] = Field(
        -1, description='The number of epochs (or iterations) between two checkpoints; -1 saves none but the last.'
    )
    by_epoch: Flag = Field(True, description='Whether the interval is in epochs; else it is in iterations.')
    save_optimizer: Flag = Field(True, description="Whether the optimizer's state is saved, which resuming needs.")
    save_param_scheduler: Flag = Field(True, description="Whether the schedulers' states are saved.")
    out_dir: Text | None = Field(None, description='The folder of checkpoints, else `work_dir`.')
    max_keep_ckpts: Annotated[
        int | bool | Annotated[float, Field(le=0)],
        Words('an integer'),
        Says('TypeError: an integer is required', "TypeError: '>' not supported between instances of"),
    ] = Field(-1, description='How many checkpoints are kept; -1 keeps all.')
    save_last: Flag = Field(True, description='Whether the last checkpoint is saved in any case.')
    save_best: Annotated[
        str | list[str] | None,
        Words('a string, a list of strings, or None'),
        Says('AssertionError: "save_best" should be a str or list of str or None'),
    ] = Field(None, description="The metrics whose best checkpoint is kept, with their prefix; 'auto' takes the first.")
    rule: Annotated[
        str | list[str] | None,
        Words('`greater`, `less`, a list of these, or None'),
        Says('AssertionError: "rule" should be a str or list of str or None'),
    ] = Field(None, description='Whether a greater or a smaller value is better; else told by the name of the metric.')
    greater_keys: Strings | None = Field(None, description='Parts of the names of metrics of which more is better.')
    less_keys: Strings | None = Field(None, description='Parts of the names of metrics of which less is better.')
    file_client_args: Mapped | None = Field(None, description='The outdated name of `backend_args`.')
    filename_tmpl: Text | None = Field(None, description='The name of the files, with `{}` for the epoch or iteration.')
    backend_args: Mapped | None = Field(None, description='The storage of `out_dir`: its backend and arguments.')
    published_keys: Annotated[
        Strings | None,
        Words('a string, a list of strings, or None'),
        Says('TypeError: "published_keys" should be a str or a sequence of str or None'),
    ] = Field(None, description='The keys that stay in the published checkpoint, which is made when training ends.')
    save_begin: Annotated[
        Number, Field(ge=0), Words('a number of at least 0'), Says('ValueError: save_begin should not be less than 0')
    ] = Field(0, description='The epoch (or iteration) from which on checkpoints are saved.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from storage(given)
        yield from _best(given)
        yield from _rules(given)
        yield from _template(given)
        interval, last = given.get('interval', -1), given.get('save_last', True)
        if is_number(interval) and interval <= 0 and last is False and absent(given, 'save_best'):
            message = f'no checkpoint is ever saved: `interval` is `{interval}` and `save_last` is False'
            yield found('conflict', message, 'save_last', severity='warning')
        keys = given.get('published_keys')
        if isinstance(keys, (list, tuple)) and _repeats(keys):
            message = '`published_keys` has a key twice'
            said = 'AssertionError: Find duplicate elements in "published_keys".'
            yield found('conflict', message, 'published_keys', says=said)


def _repeats(words: Any) -> bool:
    return all(isinstance(word, str) for word in words) and len(set(words)) < len(words)


def _best(given: Dict) -> Iterator[Violation]:
    best = given.get('save_best')
    if not isinstance(best, list):
        return
    if 'auto' in best and len(best) > 1:
        message = "`save_best` cannot have other metrics besides `'auto'`"
        said = 'AssertionError: Only support one "auto" in "save_best" list.'
        yield found('conflict', message, 'save_best', says=said)
    elif _repeats(best):
        message = '`save_best` has a metric twice'
        said = 'AssertionError: Find duplicate element in "save_best".'
        yield found('conflict', message, 'save_best', says=said)


def _rules(given: Dict) -> Iterator[Violation]:
    rule, best = given.get('rule'), given.get('save_best')
    if undecided(rule) or undecided(best):
        return
    if best is None:
        if isinstance(rule, list):
            message = '`rule` is a list, but there is no `save_best`'
            said = "TypeError: object of type 'NoneType' has no len()"
            yield found('conflict', message, 'rule', says=said)
        elif isinstance(rule, str):
            message = '`rule` has no effect without `save_best`'
            yield found('conflict', message, 'rule', severity='warning')
        return
    metrics = best if isinstance(best, list) else [best]
    if isinstance(rule, list) and len(rule) not in (1, len(metrics)):
        message = (
            f'`rule` must have one item, or one for each metric of `save_best`, got {len(rule)} for {len(metrics)}'
        )
        said = 'AssertionError: Number of "rule" must be 1 or the same as number of "save_best"'
        yield found('conflict', message, 'rule', says=said)
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
                yield cannot_infer(metric, 'save_best', says=said)


def _no_rule(rule: str, *path: str | int) -> Violation:
    from cfglint.schemas.errors import nearest, show

    message = f'`rule` must be one of `greater`, `less`, got {show(rule)}'
    said = 'KeyError: rule must be greater, less or None'
    return found('invalid-choice', message, *path, suggestion=nearest(rule, RULES), says=said)


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
        raised = f'MMEngine raises `{type(error).__name__}` when it saves the first checkpoint'
        yield found('invalid-choice', f'{message}; {raised}', 'filename_tmpl')
        return
    if not any(field is not None for _, field, _, _ in Formatter().parse(template)):
        yield found(
            'invalid-choice', f'{message}: each checkpoint replaces the last', 'filename_tmpl', severity='warning'
        )
