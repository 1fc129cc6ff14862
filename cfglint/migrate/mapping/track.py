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
    name = _alone(old, item)
    if name is None:
        return fields
    alone = opened(fields.pop(name))
    return {**alone.items, **fields} if isinstance(alone, Dict) else fields


def _alone(old: Old, item: Item) -> str | None:
    """Return which part of a tracker is trained by itself; none if the whole is."""
    detector, reid = item.get('detector'), item.get('reid')
    if 'type' in item:
        return None
    if old.plain('USE_MMDET') and detector is not None and detector.is_dict:
        return 'detector'
    return 'reid' if reid is not None and reid.is_dict and detector is None else None
