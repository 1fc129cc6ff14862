"""Hooks that measure where the time goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import are_numbers, is_number
from cfglint.language.values import Lazy, Opaque
from cfglint.sections.terms import Dict, decided_keys, found, undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation

HANDLERS = ('log_trace', 'tb_trace')

SCHEDULE = ('wait', 'warmup', 'active', 'repeat', 'skip_first', 'skip_first_wait')


def profiler_relations(given: Dict, name: str) -> Iterator[Violation]:
    times = given.get('profile_times', 1)
    if given.get('by_epoch', True) is True and is_number(times) and times > 1:
        message = f'`profile_times` must be 1 with `by_epoch`, got `{times}`'
        said = 'ValueError: Profiler will profile 0-n epochs.'
        yield found('conflict', message, 'profile_times', raises=said, depends_on=('by_epoch',))
    schedule = given.get('schedule')
    if isinstance(schedule, dict) and decided_keys(schedule):
        yield from _schedule(schedule)
    yield from _handler(given.get('on_trace_ready'))


def _schedule(schedule: Dict) -> Iterator[Violation]:
    from cfglint.sections.wording import nearest

    for key in SCHEDULE[:3]:
        if key not in schedule:
            said = f"TypeError: schedule() missing 1 required keyword-only argument: '{key}'"
            yield found('missing-field', f'`schedule` needs `{key}`', 'schedule', raises=said)
    for key in schedule:
        if key not in SCHEDULE and key != '_delete_':
            said = f"TypeError: schedule() got an unexpected keyword argument '{key:.60}'"
            message = f'`schedule` does not take `{key:.60}`'
            yield found('unknown-field', message, 'schedule', key, raises=said, suggestion=nearest(key, SCHEDULE))


def _handler(handler: Any) -> Iterator[Violation]:
    if handler is None or isinstance(handler, (Lazy, Opaque)) or undecided(handler):
        return
    said = 'ValueError: trace_type should be "log_trace" or "tb_trace"'
    kind = handler.get('type') if isinstance(handler, dict) else None
    if not isinstance(handler, dict):
        from cfglint.sections.wording import show

        message = f'`on_trace_ready` must be a dict with a type, or a callable, got {show(handler)}'
        said = 'ValueError: ``on_trace_ready`` should be a handler, or dict, or None'
        yield found('wrong-type', message, 'on_trace_ready', raises=said)
    elif isinstance(kind, str) and kind not in HANDLERS:
        from cfglint.sections.wording import nearest, show

        message = f'`on_trace_ready.type` must be one of `log_trace`, `tb_trace`, got {show(kind)}'
        yield found(
            'invalid-choice', message, 'on_trace_ready', 'type', suggestion=nearest(kind, HANDLERS), raises=said
        )


def npu_profiler_relations(given: Dict, name: str) -> Iterator[Violation]:
    begin, end = given.get('begin', 0), given.get('end', 1)
    if are_numbers(begin, end) and begin >= end:
        message = f'`end` must be larger than `begin`, got `{end}` and `{begin}`'
        said = 'ValueError: The iteration to start profiling should not be greaterthan or equal to profile end'
        yield found('conflict', message, 'end' if 'end' in given else 'begin', raises=said, depends_on=('begin',))
