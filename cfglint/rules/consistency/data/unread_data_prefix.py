"""The keys of `data_prefix` against those that a dataset reads."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cfglint.catalog.data_facts import PrefixKeys, data_facts
from cfglint.diagnostics import Advice
from cfglint.language.values import OpenTable, is_known
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import is_new, loaders
from cfglint.rules.reading.own_datasets import own_dataset
from cfglint.rules.reading.parts import component_of
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

READING: Final = frozenset(
    {'_find_samples', '_join_prefix', 'full_init', 'get_data_info', 'load_data_list', 'parse_data_info'}
)
"""Methods by which a class of the user's own may read other keys."""


@rule(scope='entry', raises='KeyError', reads=LOADERS, words=('data_prefix',))
def unread_data_prefix(context: Context) -> Iterator[Diagnostic]:
    """A key of `data_prefix` that the dataset does not read: each library has its own names.

    `CocoDataset` of MMDetection and MMPose looks for the pictures below `img`, the datasets of MMSegmentation, MMPreTrain, MMOCR
    and MMRotate below `img_path`, those of MMSegmentation for the maps below `seg_map_path`; `VideoDataset` of MMAction2 wants
    `video`, `RawframeDataset` `img`. What a dataset needs and does not find is a `KeyError` at the first sample; another key
    is ignored, and the files are looked for elsewhere.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(type='CocoDataset', data_root='data/', ann_file='train.json', data_prefix=dict(img_path='train/')))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(type='CocoDataset', data_root='data/', ann_file='train.json', data_prefix=dict(img='train/')))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for dataset in loader.leaves:
            prefixes = dataset.get('data_prefix')
            if prefixes is None or not isinstance(prefixes.value, dict) or isinstance(prefixes.value, OpenTable):
                continue
            keys = _keys(context, dataset)
            for item in prefixes.items() if keys is not None else ():
                if keys is not None and _misses(item, prefixes, keys) and is_new(item, seen):
                    yield _report(context, dataset, prefixes, item, keys)


def _report(context: Context, dataset: Item, prefixes: Item, item: Item, keys: PrefixKeys) -> Diagnostic:
    lacking = [name for name in keys.needs if name not in prefixes.value]
    names = ', '.join(f'`{name}`' for name in (*keys.needs, *keys.takes))
    message = f'`{dataset.type_name}` does not read `{item.name}` of `data_prefix`, but {names}'
    meant = _meant(item, prefixes, keys)
    known = meant is not None and is_known(item.value)
    advice = (
        Advice('write', f'{meant}={item.value!r}') if known else Advice('remove it, or name it as the dataset does')
    )
    kind = dataset.get('type')
    if lacking:
        return report_between(context, item, (kind,), message, raises=f"KeyError: '{lacking[0]}'", advice=advice)
    return report_between(context, item, (kind,), message, ignored=True, advice=advice)


def _misses(item: Item, prefixes: Item, keys: PrefixKeys) -> bool:
    """Tell whether a key is not read in place of another: one that a base left beside what is read does no harm."""
    known = (*keys.needs, *keys.takes)
    if item.name in known:
        return False
    given = [name for name in known if name in prefixes.value]
    return not given or any(name not in given for name in keys.needs) or _meant(item, prefixes, keys) is not None


def _meant(item: Item, prefixes: Item, keys: PrefixKeys) -> str | None:
    """Return the key that was meant: the one that begins alike, or the only one that no other key can mean."""
    lacking = [name for name in keys.needs if name not in prefixes.value]
    free = lacking or [name for name in keys.takes if name not in prefixes.value]
    alike = [name for name in free if name[:3] == item.name[:3]]
    if alike:
        return alike[0]
    starts = {str(other)[:3] for other in prefixes.value}
    left = [name for name in free if name[:3] not in starts]
    return left[0] if len(left) == 1 and not (keys.needs and not lacking) else None


def _keys(context: Context, dataset: Item) -> PrefixKeys | None:
    """Return the keys that a dataset reads: a library's own, or a class of the user's that leaves the reading to it."""
    own = own_dataset(context, dataset, context.given_scope)
    if own is not None and any(_may_read(each.node) for each in own.classes):
        return None
    found = component_of(context, dataset)
    path = own.base if own is not None else None if found is None else found.path
    if path is None or context.libraries.own.holds(path.rpartition('.')[0]):
        return None
    return data_facts(path.partition('.')[0]).prefix_keys.get(path.rpartition('.')[2])


@lru_cache(maxsize=128)
def _may_read(node: ast.ClassDef) -> bool:
    """Tell whether a class may read prefixes itself."""
    methods = {each.name for each in node.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}
    return not READING.isdisjoint(methods) or 'prefix' in ast.unparse(node)
