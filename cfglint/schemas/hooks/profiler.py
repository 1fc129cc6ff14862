"""Hooks that measure where the time goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from cfglint.language.values import Lazy, Opaque
from cfglint.schemas.base import (
    Dict,
    Flag,
    Mapped,
    Number,
    Says,
    Text,
    Words,
    decided_keys,
    found,
    is_number,
    undecided,
)
from cfglint.schemas.hooks.common import Hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation

Switch = Annotated[bool, Words('a bool'), Says('AssertionError: should be a boolean')]
HANDLERS = ('log_trace', 'tb_trace')
SCHEDULE = ('wait', 'warmup', 'active', 'repeat', 'skip_first', 'skip_first_wait')


class ProfilerHook(Hook):
    """Profiles training with torch.profiler.

    Source: mmengine.hooks.profiler_hook:ProfilerHook
    """

    by_epoch: Switch = Field(True, description='Whether `profile_times` counts epochs.')
    profile_times: Annotated[
        Number,
        Field(ge=1),
        Words('an integer of at least 1'),
        Says('ValueError: profile_iters should be greater than 0'),
    ] = Field(1, description='The number of epochs (or iterations) that are profiled.')
    activity_with_cpu: Switch = Field(True, description='Whether the CPU is profiled.')
    activity_with_cuda: Switch = Field(False, description='Whether the GPU is profiled.')
    schedule: Annotated[Mapped | None, Says('AssertionError: ``schedule`` should be a dict.')] = Field(
        None, description='The arguments of torch.profiler.schedule.'
    )
    on_trace_ready: Any = Field(None, description="Where the trace goes: a dict of type 'log_trace' or 'tb_trace'.")
    record_shapes: Flag = Field(False, description='Whether the shapes of inputs are recorded.')
    profile_memory: Flag = Field(False, description='Whether memory is tracked.')
    with_stack: Flag = Field(False, description='Whether source lines are recorded.')
    with_flops: Flag = Field(False, description='Whether operations are counted.')
    json_trace_path: Text | None = Field(None, description='The file for a Chrome trace.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        times = given.get('profile_times', 1)
        if given.get('by_epoch', True) is True and is_number(times) and times > 1:
            message = f'`profile_times` must be 1 with `by_epoch`, got `{times}`'
            said = 'ValueError: Profiler will profile 0-n epochs.'
            yield found('conflict', message, 'profile_times', says=said)
        schedule = given.get('schedule')
        if isinstance(schedule, dict) and decided_keys(schedule):
            yield from _schedule(schedule)
        yield from _handler(given.get('on_trace_ready'))


def _schedule(schedule: Dict) -> Iterator[Violation]:
    from cfglint.schemas.errors import nearest

    for key in SCHEDULE[:3]:
        if key not in schedule:
            said = f"TypeError: schedule() missing 1 required keyword-only argument: '{key}'"
            yield found('missing-field', f'`schedule` needs `{key}`; MMEngine raises {said}', 'schedule')
    for key in schedule:
        if key not in SCHEDULE and key != '_delete_':
            said = f"TypeError: schedule() got an unexpected keyword argument '{key:.60}'"
            message = f'`schedule` does not take `{key:.60}`'
            yield found('unknown-field', message, 'schedule', key, says=said, suggestion=nearest(key, SCHEDULE))


def _handler(handler: Any) -> Iterator[Violation]:
    if handler is None or isinstance(handler, (Lazy, Opaque)) or undecided(handler):
        return
    said = 'ValueError: trace_type should be "log_trace" or "tb_trace"'
    kind = handler.get('type') if isinstance(handler, dict) else None
    if not isinstance(handler, dict):
        from cfglint.schemas.errors import show

        message = f'`on_trace_ready` must be a dict with a type, or a callable, got {show(handler)}'
        said = 'ValueError: ``on_trace_ready`` should be a handler, or dict, or None'
        yield found('wrong-type', message, 'on_trace_ready', says=said)
    elif isinstance(kind, str) and kind not in HANDLERS:
        from cfglint.schemas.errors import nearest, show

        message = (
            f'`on_trace_ready.type` must be one of `log_trace`, `tb_trace`, got {show(kind)}; MMEngine raises {said}'
        )
        yield found('invalid-choice', message, 'on_trace_ready', 'type', suggestion=nearest(kind, HANDLERS))


class NPUProfilerHook(Hook):
    """Profiles training on an Ascend NPU.

    Source: mmengine.hooks.profiler_hook:NPUProfilerHook
    """

    begin: Number = Field(0, description='The iteration at which profiling begins.')
    end: Number = Field(1, description='The iteration at which it ends.')
    result_path: Text = Field('cann_profiling', description='The folder of the results.')
    exit_after_profiling: Flag = Field(True, description='Whether the program ends when profiling does.')
    use_e2e_profiler: Flag = Field(False, description='Whether the whole chain is profiled.')
    ge_profiling_to_std_out: Flag = Field(False, description='Whether results are printed.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        begin, end = given.get('begin', 0), given.get('end', 1)
        if is_number(begin, end) and begin >= end:
            message = f'`end` must be larger than `begin`, got `{end}` and `{begin}`'
            said = 'ValueError: The iteration to start profiling should not be greaterthan or equal to profile end'
            yield found('conflict', message, 'end' if 'end' in given else 'begin', says=said)
