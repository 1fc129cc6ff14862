"""Arguments that every dataset of MMEngine has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.language.values import ConfigTable, Lazy, Opaque, OpenTable, Table, Unknown
from cfglint.rules.reading.loaders import Section, is_new, is_wrapper, loaders
from cfglint.rules.reading.types import ClassName, class_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(raises='transform must be a callable object or dict', reads=LOADERS)
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
        for item, message, raises, advice in loader.find('dataset arguments', _faults):
            if is_new(item, seen):
                yield context.report(item, message, at='value', raises=raises, advice=advice)


class Fault(NamedTuple):
    """An item that MMEngine cannot use, and the parts of a diagnostic."""

    item: Item
    message: str
    raises: str
    advice: Advice


def _faults(loader: Section) -> Iterator[Fault]:
    for dataset in loader.datasets:
        given = dataset.value
        if not _are_dicts(given.get('pipeline')):
            yield from _pipeline(dataset.get('pipeline'))
        if is_wrapper(dataset):
            yield from _several(dataset.get('datasets'))
        elif 'indices' in given:
            yield from _indices(dataset.get('indices'))
        known = class_name(given, loader.scope)
        if known is not None and known.name in data_facts(known.package).prefix_dicts:
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


def _pipeline(item: Item | None) -> Iterator[Fault]:
    if item is None:
        return
    raises = 'TypeError: transform must be a callable object or dict'
    if isinstance(item.value, dict):
        advice = Advice('write `[` before and `]` after it')
        yield Fault(item, 'a pipeline must be a list of dicts, got a dict', raises, advice)
    elif isinstance(item.value, (list, tuple)):
        for each in item.items():
            if isinstance(each.value, (list, tuple)):
                message = 'a pipeline must be a flat list of dicts, got a list in it'
                yield Fault(each, message, raises, Advice('write `*` before it'))
            elif not isinstance(each.value, (dict, Unknown, Lazy, Opaque)):
                message = f'a transform must be a dict with a `type`, got {_shown(each.value)}'
                name = each.value if isinstance(each.value, str) else 'LoadImageFromFile'
                yield Fault(each, message, raises, Advice('write a dict, such as', f'dict(type={name!r})'))


def _shown(value: Any) -> str:
    text = repr(value)
    return f'`{text}`' if len(text) <= 40 else f'a {type(value).__name__}'


def _several(item: Item | None) -> Iterator[Fault]:
    if item is not None and isinstance(item.value, dict) and 'type' in item.value:
        raises = 'TypeError: elements in datasets sequence should be config or `BaseDataset` instance'
        advice = Advice('write `[` before and `]` after it')
        yield Fault(item, '`datasets` must be a list of datasets, got a single one', raises, advice)


def _indices(item: Item | None) -> Iterator[Fault]:
    if item is None or item.value is None:
        return
    if isinstance(item.value, float):
        message = f'`indices` must be an integer or a list of integers, got `{item.value}`'
        advice = Advice('write a whole number:', f'indices={max(1, int(item.value))}')
        yield Fault(item, message, "TypeError: 'float' object is not iterable", advice)
    elif item.value in (0, [], ()) and not isinstance(item.value, bool):
        message, raises = f'`indices={item.value!r}` leaves no sample', 'ValueError: need at least one array'
        yield Fault(item, message, raises, Advice('to keep all samples, write', 'indices=None'))


def _ann_file(item: Item | None) -> Iterator[Fault]:
    if item is not None and isinstance(item.value, (list, tuple)):
        raises = 'TypeError: expected str, bytes or os.PathLike object'
        advice = Advice('give each file a dataset of its own, and join them in a `ConcatDataset`')
        yield Fault(item, '`ann_file` must be one path, got several', raises, advice)


def _kind_of_file(dataset: ClassName) -> str:
    """Return the key of `data_prefix` under which a dataset finds what it reads first."""
    by_name = {'Video': 'video', 'Audio': 'audio'} if dataset.package == 'mmaction' else {}
    found = next((key for start, key in by_name.items() if dataset.name.startswith(start)), None)
    return found or ('img_path' if dataset.package in ('mmseg', 'mmocr') else 'img')


def _prefix(item: Item | None, kind_of_file: str) -> Iterator[Fault]:
    if item is None:
        return
    if item.value is None or isinstance(item.value, (str, list, tuple)):
        kind = next((base.__name__ for base in (str, list, tuple) if isinstance(item.value, base)), 'NoneType')
        raises = f"AttributeError: '{kind}' object has no attribute 'items'"
        folder = item.value if isinstance(item.value, str) else 'images/'
        advice = Advice('write a dict:', f'data_prefix=dict({kind_of_file}={folder!r})')
        yield Fault(item, f'`data_prefix` must be a dict, got {_shown(item.value)}', raises, advice)
    elif isinstance(item.value, dict):
        for each in item.items():
            if not isinstance(each.value, (str, Unknown)):
                message = f'a prefix must be a string, got {_shown(each.value)}'
                raises = 'TypeError: prefix should be a string'
                yield Fault(each, message, raises, Advice('write a folder, or, for none,', "''"))
