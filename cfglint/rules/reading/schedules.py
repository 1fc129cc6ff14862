"""The parameter schedulers, with their windows in the unit in which they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.numbers import is_number
from cfglint.language.values import Unknown
from cfglint.rules.reading.loop import Loop, is_whole, train_loop
from cfglint.rules.reading.types import mmengine_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_KINDS = (
    'CosineAnnealing', 'CosineRestart', 'ReduceOnPlateau', 'Exponential', 'MultiStep', 'Constant', 'OneCycle', 'Linear',
    'Poly', 'Step',
)  # fmt: skip
_TARGETS = {'LR': 'lr', 'Momentum': 'momentum'}


class Schedule(NamedTuple):
    """A scheduler of MMEngine's own.

    Attributes:
        item: The dict.
        kind: What it does, such as `MultiStep`.
        target: The parameter that it changes, such as `lr`; with the optimizer, where there are several.
        by_epoch: Whether its numbers count epochs; else they count iterations.
        converts: Whether MMEngine multiplies them by the length of an epoch, to step in iterations.
        begin: Its first step.
        end: The step at which it stops; none where that is not decided.
        is_open: Whether it gives no end itself, so that MMEngine fills in that of training.
    """

    item: Item
    kind: str
    target: str
    by_epoch: bool
    converts: bool
    begin: float
    end: float | None
    is_open: bool

    @property
    def name(self) -> str:
        """The class, as it stands in messages."""
        return str(mmengine_type(self.item.value))

    @property
    def unit(self) -> str:
        """What its numbers count, in the plural."""
        return 'epochs' if self.by_epoch else 'iterations'

    @property
    def is_warmup(self) -> bool:
        """Whether it ends where the optimizer's own value is reached, so that nothing has to follow."""
        return self.kind == 'Constant' or (self.kind == 'Linear' and self.item.value.get('end_factor', 1.0) == 1.0)

    def number(self, name: str) -> float | None:
        """Return the number in one of its fields, None where there is none."""
        value = self.item.value.get(name)
        return value if is_number(value) else None


class Schedules(NamedTuple):
    """The schedulers of a config."""

    known: tuple[Schedule, ...]
    complete: bool
    """Whether there are no others, of custom classes or undecided."""
    others: tuple[Item, ...] = ()
    """Those of custom classes, or with undecided fields."""

    def by_target(self) -> dict[str, list[Schedule]]:
        """Return the schedulers of each parameter, in the order of the list."""
        found: dict[str, list[Schedule]] = {}
        for schedule in self.known:
            found.setdefault(schedule.target, []).append(schedule)
        return found


def schedules(context: Context) -> Schedules:
    """Return the schedulers of a config."""
    return context.once('facts.schedules', lambda: _schedules(context))


def fitting(context: Context) -> list[Schedule]:
    """Return the schedulers that count what the training loop counts."""
    loop = train_loop(context)
    if loop is None:
        return []
    return [schedule for schedule in schedules(context).known if schedule.by_epoch == loop.by_epoch]


def _schedules(context: Context) -> Schedules:
    section = context.section('param_scheduler')
    if section is None or section.value is None or not is_whole(context):
        return Schedules((), is_whole(context))
    found: list[Schedule] = []
    others: list[Item] = []
    complete = True
    for item, optimizer in _dicts(section):
        schedule = None if item is None else _schedule(item, optimizer, train_loop(context))
        if schedule is None:
            complete = False
            others += [] if item is None else [item]
        else:
            found.append(schedule)
    return Schedules(tuple(found), complete, tuple(others))


def _dicts(section: Item) -> Iterator[tuple[Item | None, str]]:
    """Yield each scheduler with the name of its optimizer; None for what is not decided."""
    value = section.value
    if isinstance(value, dict) and 'type' not in value:
        for each in section.items():
            for item, _ in _dicts(each) if not isinstance(each.value, dict) else [(each, '')]:
                yield item, str(each.name)
    elif isinstance(value, dict):
        yield section, ''
    elif isinstance(value, (list, tuple)):
        for item in section.items():
            yield (item if isinstance(item.value, dict) else None), ''
    else:
        yield None, ''


def _schedule(item: Item, optimizer: str, loop: Loop | None) -> Schedule | None:
    value = item.value
    kind, target = _split(mmengine_type(value), value)
    by_epoch, converts = value.get('by_epoch', True), value.get('convert_to_iter_based', False)
    begin = value.get('begin', 0)
    if kind is None or target is None or isinstance(by_epoch, Unknown) or isinstance(converts, Unknown):
        return None
    if not is_number(begin):
        return None
    end = value.get('end')
    is_open = 'end' not in value
    if is_open and loop is not None:
        # MMEngine fills in the epochs of an iteration-based loop, which are always 1.
        end = loop.length if bool(by_epoch) == loop.by_epoch else 1 if by_epoch else None
    elif not is_number(end):
        end = None
    where = f'{optimizer}.{target}' if optimizer else target
    return Schedule(item, kind, where, bool(by_epoch), bool(converts), begin, end, is_open)


def _split(name: str | None, value: dict[Any, Any]) -> tuple[str | None, str | None]:
    """Split the name of a class into what it does and what it changes."""
    if name is None:
        return None, None
    for kind in _KINDS:
        if name.startswith(kind):
            rest = name[len(kind) :]
            target = value.get('param_name') if rest == 'ParamScheduler' else _TARGETS.get(rest)
            return (kind, target) if isinstance(target, str) else (None, None)
    return None, None
