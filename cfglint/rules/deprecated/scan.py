"""Where a config uses a registered component by a name, or with an argument, that may be one of 0.x.

Values are shared between the configs that inherit them and never change: what was found in one is remembered by its
identity, and the value is kept alive as long as that holds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.values import Lazy, Table
from cfglint.rules.deprecated import arguments, components, models, renames

if TYPE_CHECKING:
    from cfglint.rules.context import Context, Item

READ = (
    'model', 'train_dataloader', 'val_dataloader', 'test_dataloader', 'optim_wrapper', 'param_scheduler', 'val_evaluator',
    'test_evaluator', 'train_cfg', 'val_cfg', 'test_cfg', 'default_hooks', 'custom_hooks', 'data_preprocessor', 'visualizer',
    'log_processor', 'model_wrapper_cfg', 'tta_model', 'tta_pipeline', 'strategy',
)  # fmt: skip
"""The top-level keys of 1.x from which something is built."""


class Hit(NamedTuple):
    """A dict worth a look, and the way to it."""

    path: tuple[Any, ...]
    table: Table


def _names() -> tuple[frozenset[str], frozenset[str]]:
    types = {*components.ALL_TRANSFORMS, 'Normalize', 'Pad', *models.HOOKS}
    names = {name for table in arguments.ALL_ARGUMENTS.values() for name in table}
    for group in (components.TRANSFORMS, components.DATASETS, models.MODELS):
        types.update(name for table in group.values() for name in table)
    types.update(name for table in renames.COMPONENTS.values() for name in table)
    types.update(name for table in arguments.AXES.values() for name in table)
    for rows in (*arguments.ARGUMENTS.values(), arguments.HOOK_ARGUMENTS):
        names.update(name for table in rows.values() for name in table)
    names.update(name for table in arguments.DATASET_ARGUMENTS.values() for name in table)
    return frozenset(types), frozenset({*names, 'pretrained'})


_TYPES, _ARGUMENTS = _names()
_MAX_MEMO = 100_000
_memo: dict[int, tuple[Any, tuple[Hit, ...]]] = {}


def scan(value: Any) -> tuple[Hit, ...]:
    """Return the dicts in a value that are worth a look, each once."""
    known = _memo.get(id(value))
    if known is not None:
        return known[1]
    hits: dict[int, Hit] = {}
    if isinstance(value, dict):
        if isinstance(value, Table) and _is_worth_a_look(value):
            hits[id(value)] = Hit((), value)
        children: Any = value.items()
    else:
        children = enumerate(value)
    for key, child in children:
        if isinstance(child, (dict, list, tuple)):
            for hit in scan(child):
                if id(hit.table) not in hits:
                    hits[id(hit.table)] = Hit((key, *hit.path), hit.table)
    if len(_memo) >= _MAX_MEMO:
        _memo.clear()
    found = tuple(hits.values())
    _memo[id(value)] = value, found
    return found


def _is_worth_a_look(table: Table) -> bool:
    kind = table.get('type')
    if kind.__class__ is str:
        if kind in _TYPES or ('.' in kind and kind.rpartition('.')[2] in _TYPES):
            return True
    elif isinstance(kind, Lazy):
        return False  # The import of the class fails first.
    return not _ARGUMENTS.isdisjoint(table)


@lru_cache(maxsize=2)
def components_of(context: Context) -> tuple[Item, ...]:
    """Return the dicts worth a look as items of the config, those with the shortest keys first.

    In a 1.x config only what MMEngine builds something from; in a 0.x one all that is written.
    """
    if context.era == 'neutral':
        return ()
    table = context.config.table
    names = tuple(table) if context.era == '0.x' else READ
    found: dict[int, tuple[Any, ...]] = {}
    for name in names:
        value = table.get(name)
        if not isinstance(value, (dict, list, tuple)):
            continue
        for hit in scan(value):
            known = found.get(id(hit.table))
            if known is None or len(hit.path) + 1 < len(known):
                found[id(hit.table)] = (name, *hit.path)
    return tuple(_item(context.root, path) for path in sorted(found.values(), key=len))


def _item(root: Item, path: tuple[Any, ...]) -> Item:
    item = root
    for key in path:
        below = item.get(key)
        if below is None:
            break
        item = below
    return item
