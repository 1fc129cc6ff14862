"""What several rules ask about dataloaders and evaluators: what is inside of them, and of which library."""

from __future__ import annotations

import os.path
import posixpath
import re
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from cfglint.rules.reading.types import type_name
from cfglint.rules.reading.words import words_in
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Set

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

T = TypeVar('T')

EVALUATORS = {'val_evaluator': 'val_dataloader', 'test_evaluator': 'test_dataloader'}


class Section:
    """A dataloader or an evaluator, and what is known of it. Shared by all configs that hold its value.

    Attributes:
        item: The dataloader or evaluator.
        scope: The default scope of the config.
        words: What stands in it; see `words_in`.
    """

    def __init__(self, item: Item, scope: str, words: Set[Any]) -> None:
        self.item = item
        self.scope = scope
        self.words = words
        self._found: dict[str, list[Any]] = {}

    def find(self, name: str, search: Callable[[Section], Iterable[T]]) -> list[T]:
        """Return what a search yields, searched once."""
        if name not in self._found:
            self._found[name] = list(search(self))
        return self._found[name]

    @cached_property
    def datasets(self) -> list[Item]:
        """The datasets of a dataloader, outer ones first: a wrapper holds others as `dataset` or `datasets`."""
        top = self.item.get('dataset')
        return [] if top is None or not isinstance(top.value, dict) else list(_with_inner(top))

    @cached_property
    def leaves(self) -> list[Item]:
        """The datasets of a dataloader that read data themselves."""
        return [dataset for dataset in self.datasets if not is_wrapper(dataset)]

    @cached_property
    def plain_transforms(self) -> list[dict[Any, Any]]:
        """The same as `transforms` without their places, to see whether a closer look is needed."""
        return [each for dataset in self.datasets for each in plain_transforms(dataset.value.get('pipeline'))]

    @cached_property
    def transforms(self) -> list[Item]:
        """The transforms of all datasets of a dataloader."""
        return [each for dataset in self.datasets for each in transforms(dataset.get('pipeline'))]

    @cached_property
    def metrics(self) -> list[Item]:
        """The metrics of an evaluator."""
        return list(_metrics(self.item))


def loaders(context: Context, *names: str) -> list[Section]:
    """Return the dataloaders that are dicts; of a list of dataloaders, each."""
    return [section for name in names or LOADERS for section in _sections(context, name)]


def evaluators(context: Context) -> list[Section]:
    """Return the evaluators that a config has."""
    return [section for name in EVALUATORS for section in _sections(context, name)]


def _sections(context: Context, name: str) -> list[Section]:
    found: list[Section] = context.once(f'data of {name}', lambda: _find(context, name))
    return found


def _find(context: Context, name: str) -> list[Section]:
    item, scope = context.section(name), context.given_scope
    if item is None:
        return []
    items = [item]
    if name in LOADERS:
        items = [
            each for each in (item.items() if isinstance(item.value, list) else items) if isinstance(each.value, dict)
        ]
    return [context.shared((each.key, scope), each.value, partial(_section, context, each, scope)) for each in items]


def _with_inner(dataset: Item) -> Iterator[Item]:
    yield dataset
    if not is_wrapper(dataset):
        return
    inner = dataset.get('dataset')
    if inner is not None and isinstance(inner.value, dict):
        yield from _with_inner(inner)
    several = dataset.get('datasets')
    if several is not None and isinstance(several.value, (list, tuple)):
        for each in several.items():
            if isinstance(each.value, dict):
                yield from _with_inner(each)


def is_wrapper(dataset: Item) -> bool:
    """Tell whether a dataset holds others."""
    return 'dataset' in dataset.value or 'datasets' in dataset.value


def plain_transforms(pipeline: Any) -> Iterator[dict[Any, Any]]:
    """Yield the transforms of a pipeline, also those inside of other transforms, without their places."""
    if isinstance(pipeline, (list, tuple)):
        for each in pipeline:
            if isinstance(each, dict):
                yield each
                if 'transforms' in each and not is_foreign(each):
                    yield from plain_transforms(each['transforms'])
            elif isinstance(each, (list, tuple)):
                yield from plain_transforms(each)


def transforms(pipeline: Item | None) -> Iterator[Item]:
    """Yield the transforms of a pipeline, also those inside of other transforms."""
    if pipeline is None or not isinstance(pipeline.value, (list, tuple)):
        return
    for each in pipeline.items():
        if isinstance(each.value, dict):
            yield each
            if not is_foreign(each.value):
                yield from transforms(each.get('transforms'))
        elif isinstance(each.value, (list, tuple)):
            yield from transforms(each)


def is_foreign(transform: dict[Any, Any]) -> bool:
    """Tell whether a transform's own transforms are those of another library, Albumentations."""
    return (type_name(transform.get('type')) or '').startswith('Albu')


def _metrics(item: Item) -> Iterator[Item]:
    if isinstance(item.value, list):
        for each in item.items():
            yield from _metrics(each)
    elif isinstance(item.value, dict):
        inner = item.get('metrics')
        if inner is not None:
            yield from _metrics(inner)
        else:
            yield item


def _section(context: Context, item: Item, scope: str) -> Section:
    return Section(item, scope, words_in(context, item.value))


def is_new(item: Item, seen: set[int]) -> bool:
    """Tell whether what is written there was not seen before: `test_evaluator = val_evaluator` is one place."""
    place = id(item.value) if item.origin is None else id(item.origin.value)
    if place in seen:
        return False
    seen.add(place)
    return True


def is_remote_or_absolute(path: str) -> bool:
    """Tell whether MMEngine leaves a path as it is instead of joining it to `data_root`."""
    return path.startswith(('http://', 'https://', 's3://')) or os.path.isabs(path) or _DRIVE.match(path) is not None


_DRIVE = re.compile(r'[A-Za-z]:[\\/]')
"""A config may be for another system than ours."""


def joined(root: Any, path: Any) -> str | None:
    """Return what a dataset makes of `data_root` and a path below it; None when either is not known."""
    if not isinstance(path, str) or not (root is None or isinstance(root, str)):
        return None
    if not path or not root or is_remote_or_absolute(path):
        return normalised(path) if path else ''
    return normalised(posixpath.join(root, path))


def normalised(path: str) -> str:
    """Return a path without what does not count in it; the two slashes of `s3://` do."""
    scheme, separator, rest = path.partition('://')
    return f'{scheme}://{posixpath.normpath(rest)}' if separator else posixpath.normpath(path)
