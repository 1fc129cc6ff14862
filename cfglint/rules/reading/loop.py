"""How long training lasts, and in which unit it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.language.numbers import is_int, is_number
from cfglint.language.values import Unknown
from cfglint.rules.reading.types import mmengine_type
from cfglint.sections.table import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item
    from cfglint.sections.table import Stage


class Loop(NamedTuple):
    """A training loop of MMEngine's own.

    Attributes:
        item: The section, `train_cfg`.
        by_epoch: Whether it counts epochs; else it counts iterations.
        length: How many of them; none where that is not decided.
        length_item: Where that is written.
    """

    item: Item
    by_epoch: bool
    length: float | None
    length_item: Item

    @property
    def unit(self) -> str:
        """What it counts, in the plural."""
        return 'epochs' if self.by_epoch else 'iterations'

    def counted(self, number: float) -> str:
        """Return a number of what it counts, as it stands in messages."""
        return f'{show(number)} {self.unit[:-1] if number == 1 else self.unit}'

    def number(self, name: str) -> float | None:
        """Return the number in one of its fields, None where there is none."""
        value = self.item.value.get(name)
        return value if is_number(value) else None


def show(number: float) -> str:
    """Return a number as it stands in messages: whole ones without a point or an exponent."""
    return str(int(number)) if number == int(number) else f'{number:g}'


def is_whole(context: Context) -> bool:
    """Tell whether all of the config is known: what seems to be missing may stand in a base that is not."""
    return context.partial is None


def is_for_inference(context: Context) -> bool:
    """Tell whether the only thing that a config says of data is a dataloader whose pipeline the inferencers read.

    They build no dataset: `cfg.test_dataloader.dataset.pipeline` of `mmpose/apis/inferencers/pose2d_inferencer.py`.
    """
    there = [name for names in STAGES.values() for name in names if name in context]
    return set(there) <= {'val_dataloader', 'test_dataloader'}


def train_loop(context: Context) -> Loop | None:
    """Return the training loop, None if there is none or only a custom class knows how it counts."""
    return context.once('facts.train_loop', lambda: _train_loop(context))


def _train_loop(context: Context) -> Loop | None:
    item = context.section('train_cfg')
    if item is None or not isinstance(item.value, dict) or not is_whole(context):
        return None
    value = item.value
    if 'type' in value:
        kind = mmengine_type(value)
        if kind not in ('EpochBasedTrainLoop', 'IterBasedTrainLoop'):
            return None
        by_epoch = kind == 'EpochBasedTrainLoop'
    else:
        given = value.get('by_epoch', False)
        if isinstance(given, Unknown):
            return None
        by_epoch = bool(given)
    length_item = item.get('max_epochs' if by_epoch else 'max_iters')
    if length_item is None:  # refused, so that no one knows what is meant
        return None
    length = length_item.value if is_number(length_item.value) else None
    return Loop(item, by_epoch, length, length_item)


def validations(loop: Loop) -> int | None:
    """Return how often a run validates, None where that is not decided."""
    length, begin = loop.length, loop.item.value.get('val_begin', 1)
    interval = loop.item.value.get('val_interval', 1 if loop.by_epoch else 1000)
    if (
        not (is_int(length) and is_int(begin) and is_int(interval))
        or interval < 1
        or 'dynamic_intervals' in loop.item.value
    ):
        return None
    regular = length // interval - (max(begin, 1) - 1) // interval
    return max(regular, 0) + (length % interval > 0 and length >= begin)  # the last one, too


def is_set(context: Context, section: str) -> bool | None:
    """Tell whether a section is there and not None; None where that is not known."""
    return are_set(context, (section,))[section]


def are_set(context: Context, sections: Iterable[str]) -> dict[str, bool | None]:
    """Tell the same of several sections."""
    found: dict[str, bool | None] = dict.fromkeys(sections, False if is_whole(context) else None)
    for name, value, _ in context.present(found):
        found[name] = None if isinstance(value, Unknown) else value is not None
    return found


def has_stage(context: Context, stage: Stage) -> bool | None:
    """Tell whether a stage (train, val, test) is configured; None where that is not known, or only half of it is."""
    states = set(are_set(context, STAGES[stage]).values())
    return states.pop() if len(states) == 1 else None
