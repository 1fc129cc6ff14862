"""Trackers: what mmdet 3.x took over from mmtrack (TRK-04 to TRK-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, List, Tree, merged, opened
from cfglint.migrate.mapping import yolox
from cfglint.migrate.mapping.preprocessors import steps_of

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
        return _with_detector(old, item, fields)
    alone = opened(fields.pop(name))
    if name == 'detector' and 'data_preprocessor' in fields:
        kind = Dict({'type': Computed('DetDataPreprocessor')})
        fields['data_preprocessor'] = merged(fields['data_preprocessor'], kind)
    return {**alone.items, **fields} if isinstance(alone, Dict) else fields


def _with_detector(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """What a YOLOX did with the sizes of batches, and pictures that only a detector learns from, are the preprocessor's."""
    detector = item.get('detector')
    if detector is not None and detector.type == 'YOLOX' and isinstance(tree := opened(fields['detector']), Dict):
        found = yolox.model(old, detector, dict(tree.items))
        fields['data_preprocessor'] = merged(fields.get('data_preprocessor', Dict({})), found.pop('data_preprocessor'))
        fields['detector'] = tree._replace(items=found)
    if any(step.type == 'Collect' for step in steps_of(old)):
        by_detector = Dict({'use_det_processor': Computed(True)})
        fields['data_preprocessor'] = merged(fields.get('data_preprocessor', Dict({})), by_detector)
    return fields


def _alone(old: Old, item: Item) -> str | None:
    """Return which part of a tracker is trained by itself; none if the whole is."""
    detector, reid = item.get('detector'), item.get('reid')
    if 'type' in item:
        return None
    if old.plain('USE_MMDET') and detector is not None and detector.is_dict:
        return 'detector'
    return 'reid' if reid is not None and reid.is_dict and detector is None else None


INTERPOLATION = 'interpolate_tracks_cfg'


def metric(kind: str, dataset: Item) -> dict[str, Tree]:
    """The metric fills gaps in tracks, which the dataset did."""
    settings = dataset.get(INTERPOLATION)
    if kind != 'MOTChallengeMetric' or settings is None or not settings.is_dict:
        return {}
    step = {'type': Computed('InterpolateTracklets'), **{name: Kept(each) for name, each in settings.fields().items()}}
    return {'postprocess_tracklet_cfg': List((Dict(dict(step)),))}
