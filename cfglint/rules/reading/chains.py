"""What the samples of a dataloader go through."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.language.values import is_known
from cfglint.rules.reading.loaders import Section, is_wrapper, transforms
from cfglint.rules.reading.lookup import is_stock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


class Chain(NamedTuple):
    """What a sample goes through: the transforms of its dataset, then those of the wrappers around that.

    Attributes:
        dataset: The dataset that reads the samples.
        steps: The transforms up to the first of which it is not known what it does.
        is_whole: Whether these are all.
    """

    dataset: Item
    steps: list[Item]
    is_whole: bool


def chains(context: Context, loader: Section) -> list[Chain]:
    """Return what the samples of a dataloader go through, as far as it is known."""
    return loader.find('chains', lambda each: _chains(context, each))


def _chains(context: Context, loader: Section) -> Iterator[Chain]:
    dataset = loader.item.get('dataset')
    for leaf, steps in () if dataset is None or not isinstance(dataset.value, dict) else _ways(dataset):
        if steps and all(is_known(each.value) for each in steps) and is_stock(context, leaf):
            known = []
            for each in steps:
                if not is_stock(context, each):
                    break
                known.append(each)
            yield Chain(leaf, known, len(known) == len(steps))


def _ways(dataset: Item) -> Iterator[tuple[Item, list[Item]]]:
    """Yield the datasets inside of one, or itself, with the transforms from there outwards."""
    pipeline = dataset.get('pipeline')
    if pipeline is not None and not is_known(pipeline.value):
        return
    own = list(transforms(pipeline))
    if not is_wrapper(dataset):
        yield dataset, own
        return
    inner, several = dataset.get('dataset'), dataset.get('datasets')
    for each in (inner, *(several.items() if several is not None else ())):
        if each is not None and isinstance(each.value, dict):
            yield from ((leaf, [*steps, *own]) for leaf, steps in _ways(each))
