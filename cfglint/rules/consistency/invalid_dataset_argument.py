"""Arguments that every dataset of MMEngine has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.language.values import ConfigTable, Lazy, Opaque, OpenTable, Table, Unknown
from cfglint.rules.facts.data import Section, Stock, is_new, is_wrapper, loaders, stock
from cfglint.rules.facts.stock import PREFIX_DICTS
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context, Item


@rule(raises='transform must be a callable object or dict')
def invalid_dataset_argument(context: Context) -> Iterator[Diagnostic]:
    """A `pipeline`, `data_prefix`, `ann_file` or `indices` of a dataset that MMEngine cannot use.

    A pipeline is a flat list of dicts: else `TypeError: transform must be a callable object or dict`. Prefixes are a
    dict of strings, one for each kind of file: else `AttributeError: 'str' object has no attribute 'items'`, or
    `TypeError: prefix should be a string`. (Datasets of mmpretrain also take a string.)

    ```py title="bad"
    train_dataloader = dict(batch_size=2, dataset=dict(type='ToyDataset', pipeline=['ToyTransform']))
    ```

    ```py title="good"
    train_dataloader = dict(batch_size=2, dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for item, message in loader.find('dataset arguments', _faults):
            if is_new(item, seen):
                yield context.report(item, message, at='value')


def _faults(loader: Section) -> Iterator[tuple[Item, str]]:
    for dataset in loader.datasets:
        given = dataset.value
        if not _are_dicts(given.get('pipeline')):
            yield from _pipeline(dataset.get('pipeline'))
        if is_wrapper(dataset):
            yield from _several(dataset.get('datasets'))
        elif 'indices' in given:
            yield from _indices(dataset.get('indices'))
        known = stock(given, loader.scope)
        if known is not None and known.name in PREFIX_DICTS.get(known.package, ()):
            if not _are_strings(given.get('data_prefix')):
                yield from _prefix(dataset.get('data_prefix'), _kind_of_file(known))
            if not isinstance(given.get('ann_file'), str):
                yield from _ann_file(dataset.get('ann_file'))


def _are_dicts(pipeline: Any) -> bool:
    return isinstance(pipeline, (list, tuple)) and _DICTS.issuperset(map(type, pipeline))


def _are_strings(prefixes: Any) -> bool:
    return isinstance(prefixes, dict) and _STRINGS.issuperset(map(type, prefixes.values()))


_DICTS: Final = frozenset({Table, ConfigTable, OpenTable})
_STRINGS: Final = frozenset({str})


def _pipeline(item: Item | None) -> Iterator[tuple[Item, str]]:
    if item is None:
        return
    said = 'MMEngine raises `TypeError: transform must be a callable object or dict`'
    if isinstance(item.value, dict):
        yield item, f'a pipeline must be a list of dicts, got a dict; {said}'
    elif isinstance(item.value, (list, tuple)):
        for each in item.items():
            if isinstance(each.value, (list, tuple)):
                yield each, f'a pipeline must be a flat list of dicts, got a list in it; {said} (write `*` before it)'
            elif not isinstance(each.value, (dict, Unknown, Lazy, Opaque)):
                yield each, f'a transform must be a dict with a `type`, got `{each.value!r}`; {said}'


def _several(item: Item | None) -> Iterator[tuple[Item, str]]:
    if item is not None and isinstance(item.value, dict) and 'type' in item.value:
        said = 'TypeError: elements in datasets sequence should be config or `BaseDataset` instance'
        yield item, f'`datasets` must be a list of datasets, got one: write `[dict(…)]`; MMEngine raises `{said}`'


def _indices(item: Item | None) -> Iterator[tuple[Item, str]]:
    if item is None or item.value is None:
        return
    if isinstance(item.value, float):
        yield (
            item,
            f'`indices` must be an integer or a list of integers, got `{item.value}`; MMEngine raises `TypeError`',
        )
    elif item.value in (0, [], ()) and not isinstance(item.value, bool):
        yield item, f'`indices={item.value!r}` leaves no sample; MMEngine raises `ValueError: need at least one array`'


def _ann_file(item: Item | None) -> Iterator[tuple[Item, str]]:
    if item is not None and isinstance(item.value, (list, tuple)):
        said = 'TypeError: expected str, bytes or os.PathLike object'
        message = f'`ann_file` must be one path, got several: join datasets of one each in a `ConcatDataset`; MMEngine raises `{said}`'
        yield item, message


def _kind_of_file(dataset: Stock) -> str:
    """Return the key of `data_prefix` under which a dataset finds what it reads first."""
    by_name = {'Video': 'video', 'Audio': 'audio'} if dataset.package == 'mmaction' else {}
    found = next((key for start, key in by_name.items() if dataset.name.startswith(start)), None)
    return found or ('img_path' if dataset.package in ('mmseg', 'mmocr') else 'img')


def _prefix(item: Item | None, kind_of_file: str) -> Iterator[tuple[Item, str]]:
    if item is None:
        return
    if item.value is None or isinstance(item.value, (str, list, tuple)):
        kind = next((base.__name__ for base in (str, list, tuple) if isinstance(item.value, base)), 'NoneType')
        said = f"AttributeError: '{kind}' object has no attribute 'items'"
        example = repr(item.value) if isinstance(item.value, str) else '…'
        message = f'`data_prefix` must be a dict, such as `dict({kind_of_file}={example})`, got `{item.value!r}`'
        yield item, f'{message}; MMEngine raises `{said}`'
    elif isinstance(item.value, dict):
        for each in item.items():
            if not isinstance(each.value, (str, Unknown)):
                said = 'TypeError: prefix should be a string'
                yield each, f'a prefix must be a string, got `{each.value!r}`; MMEngine raises `{said}`'
