"""YOLOX: what changed the size of batches is the data preprocessor's (HOOK-08, DET-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Tree, merged

if TYPE_CHECKING:
    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old


def model(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """Return the fields of the model, with sizes that change from batch to batch."""
    low, high = item.plain('random_size_range', (15, 25))
    multiplier = item.plain('size_multiplier', 32)
    augment = {
        'type': 'BatchSyncRandomResize',
        'random_size_range': (low * multiplier, high * multiplier),
        'size_divisor': 32,
        'interval': item.plain('random_size_interval', 10),
    }
    gone = ('input_size', 'size_multiplier', 'random_size_range', 'random_size_interval')
    fields = {name: tree for name, tree in fields.items() if name not in gone}
    extra = Dict({'pad_size_divisor': Computed(32), 'batch_augments': Computed([augment])})
    fields['data_preprocessor'] = merged(fields.get('data_preprocessor', Dict({})), extra)
    return fields
