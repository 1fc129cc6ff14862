"""default_hooks and custom_hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.sections.hooks.checkpoint import checkpoint_relations
from cfglint.sections.hooks.early_stopping import early_stopping_relations
from cfglint.sections.hooks.ema import ema_relations
from cfglint.sections.hooks.logger import logger_relations
from cfglint.sections.hooks.profiler import npu_profiler_relations, profiler_relations
from cfglint.sections.slots import Component, Many, Spec
from cfglint.sections.terms import quoted, undecided
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cfglint.sections.terms import Dict


PRIORITIES: Final = (
    'HIGHEST',
    'VERY_HIGH',
    'HIGH',
    'ABOVE_NORMAL',
    'NORMAL',
    'BELOW_NORMAL',
    'LOW',
    'VERY_LOW',
    'LOWEST',
)
DEFAULT_SLOTS: Final = {
    'runtime_info': 'RuntimeInfoHook',
    'timer': 'IterTimerHook',
    'sampler_seed': 'DistSamplerSeedHook',
    'logger': 'LoggerHook',
    'param_scheduler': 'ParamSchedulerHook',
    'checkpoint': 'CheckpointHook',
}
_NO_ARGUMENTS: Final = (
    'IterTimerHook',
    'ParamSchedulerHook',
    'RuntimeInfoHook',
    'DistSamplerSeedHook',
    'SyncBuffersHook',
)


def _any_hook(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """`priority` is read by the Runner, whatever the hook."""
    priority = value.get('priority')
    if priority is None or undecided(priority):
        return
    place = (*path, 'priority')
    if isinstance(priority, int):
        if not 0 <= priority <= 100:
            message = (
                f'`priority` must be from 0 to 100, got `{priority:.0f}`'
                if abs(priority) < 1e9
                else '`priority` must be from 0 to 100'
            )
            said = 'ValueError: priority must be between 0 and 100'
            yield Violation(place, 'out-of-range', message, raises=said)
    elif isinstance(priority, str):
        if priority.upper() not in PRIORITIES:
            from cfglint.sections.wording import nearest, show

            message = f'`priority` must be an integer from 0 to 100 or a name such as `NORMAL`, got {show(priority)}'
            suggestion = nearest(priority, PRIORITIES)
            advice = None if suggestion else Advice(f'write one of {quoted(PRIORITIES)}')
            yield Violation(place, 'invalid-choice', message, suggestion, raises='KeyError', advice=advice)
    else:
        from cfglint.sections.wording import show

        message = f'`priority` must be an integer from 0 to 100 or a name such as `NORMAL`, got {show(priority)}'
        said = 'TypeError: priority must be an integer or Priority enum value'
        yield Violation(place, 'wrong-type', message, raises=said)


HOOK = Component(
    'a hook',
    {
        **{name: Spec('hooks:NoArgumentsHook') for name in _NO_ARGUMENTS},
        'CheckpointHook': Spec('hooks:CheckpointHook', checkpoint_relations),
        'LoggerHook': Spec('hooks:LoggerHook', logger_relations),
        'EMAHook': Spec('hooks:EMAHook', ema_relations),
        'EarlyStoppingHook': Spec('hooks:EarlyStoppingHook', early_stopping_relations),
        'ProfilerHook': Spec('hooks:ProfilerHook', profiler_relations),
        'NPUProfilerHook': Spec('hooks:NPUProfilerHook', npu_profiler_relations),
        'EmptyCacheHook': Spec('hooks:EmptyCacheHook'),
        'NaiveVisualizationHook': Spec('hooks:NaiveVisualizationHook'),
        'PrepareTTAHook': Spec('hooks:PrepareTTAHook'),
    },
    says='TypeError: hook should be an instance of Hook or dict',
    always=_any_hook,
)


class DefaultHooks:
    """A dict of hooks; six of its names have a hook by default, which None removes."""

    item = HOOK

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if not isinstance(value, dict):
            if value is not None and not undecided(value):
                from cfglint.sections.wording import show

                message = f'`default_hooks` must be a dict of hooks, got {show(value)}'
                said = "AttributeError: object has no attribute 'items'"
                yield Violation(path, 'wrong-type', message, raises=said)
            return
        for name, hook in value.items():
            if not isinstance(name, str) or name in ('_delete_', '_scope_'):
                continue
            if hook is not None:
                yield from self.item.check(hook, (*path, name), shadowed)
                yield from _misspelt(name, value, path)
            elif name not in DEFAULT_SLOTS:
                from cfglint.sections.wording import nearest

                message = f'`{name:.60}` has no default hook that None would remove'
                suggestion = nearest(name, DEFAULT_SLOTS)
                advice = None if suggestion else Advice(f'remove it, or write one of {quoted(DEFAULT_SLOTS)}')
                yield Violation(
                    (*path, name), 'unknown-field', message, suggestion, raises='AssertionError', advice=advice
                )


def _misspelt(name: str, hooks: Dict, path: Path) -> Iterator[Violation]:
    """A hook that should replace a default one, but stands under another name, comes on top of it."""
    hook = hooks[name]
    kind = hook.get('type') if isinstance(hook, dict) else None
    if name in DEFAULT_SLOTS or not isinstance(kind, str):
        return
    slot = next((slot for slot, default in DEFAULT_SLOTS.items() if default == kind), None)
    if slot is not None and slot not in hooks:
        message = f'`{name:.30}` does not replace the default `{kind}`, which is called `{slot}`: both run'
        yield Violation((*path, name), 'unknown-field', message, slot, 'warning')


DEFAULT_HOOKS = DefaultHooks()
CUSTOM_HOOKS = Many('`custom_hooks`', HOOK, optional=True, says='TypeError: hook should be an instance of Hook or dict')
