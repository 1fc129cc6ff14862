"""The hooks that a run has: those of the slots, given or by default, and the custom ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.numbers import is_number
from cfglint.language.values import Unknown
from cfglint.rules.reading.loop import is_whole
from cfglint.rules.reading.types import mmengine_type, type_name

if TYPE_CHECKING:
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

DEFAULTS: dict[str, dict[str, Any]] = {
    'runtime_info': {'type': 'RuntimeInfoHook'},
    'timer': {'type': 'IterTimerHook'},
    'sampler_seed': {'type': 'DistSamplerSeedHook'},
    'logger': {'type': 'LoggerHook'},
    'param_scheduler': {'type': 'ParamSchedulerHook'},
    'checkpoint': {'type': 'CheckpointHook', 'interval': 1},
}
"""What MMEngine registers for a slot that the config does not mention."""


class Hook(NamedTuple):
    """A hook.

    Attributes:
        kind: The class, if it is MMEngine's own.
        key: Its dotted key: also that of a default hook, which is written nowhere.
        value: Its dict.
        item: Where it is written; none for a default hook.
        slot: Its name in `default_hooks`; none for a custom hook.
    """

    kind: str | None
    key: str
    value: dict[Any, Any]
    item: Item | None
    slot: str | None

    @property
    def type_name(self) -> str | None:
        """The name in its `type`, whosever the class is."""
        return type_name(self.value.get('type'))

    def field(self, name: str) -> Item | None:
        """Return one of its fields, None if it is not written."""
        return None if self.item is None else self.item.get(name)

    def number(self, name: str, default: float | None = None) -> float | None:
        """Return the number in one of its fields, None where that is undecided or none."""
        value = self.value.get(name, default)
        return value if is_number(value) else None


def hooks(context: Context) -> tuple[Hook, ...]:
    """Return the hooks of a run; nothing where only half of the config is known."""
    return context.once('facts.hooks', lambda: tuple(_hooks(context)) if is_whole(context) else ())


def hooks_of(context: Context, kind: str) -> list[Hook]:
    """Return the hooks of one of MMEngine's classes."""
    return [hook for hook in hooks(context) if hook.kind == kind]


def _hooks(context: Context) -> list[Hook]:
    found = []
    section = context.section('default_hooks')
    given = {} if section is None or section.value is None else section.value
    if isinstance(given, dict):
        if not any(isinstance(name, Unknown) for name in given):
            found += [
                Hook(value['type'], f'default_hooks.{slot}', value, None, slot)
                for slot, value in DEFAULTS.items()
                if slot not in given
            ]
        if section is not None and section.value is not None:
            found += [_hook(item, item.name) for item in section.items() if isinstance(item.value, dict)]
    custom = context.section('custom_hooks')
    if custom is not None and isinstance(custom.value, (list, tuple)):
        found += [_hook(item, None) for item in custom.items() if isinstance(item.value, dict)]
    return found


def _hook(item: Item, slot: str | None) -> Hook:
    return Hook(mmengine_type(item.value), item.key, item.value, item, slot)
