"""Trackers: what mmdet 3.x took over from mmtrack (TRK-04 to TRK-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Dict, Tree, merged, opened

if TYPE_CHECKING:
    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old


def model(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """The tracker knows how things move; a model for re-identification alone is the model."""
    tracker = item.get('tracker')
    if 'motion' in fields and tracker is not None and tracker.is_dict:
        motion = Dict({'motion': fields.pop('motion')})
        fields['tracker'] = merged(fields['tracker'], motion)
    reid = item.get('reid')
    if 'type' in item or reid is None or not reid.is_dict or item.get('detector') is not None:
        return fields
    alone = opened(fields.pop('reid'))
    return {**alone.items, **fields} if isinstance(alone, Dict) else fields
