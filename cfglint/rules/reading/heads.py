"""What is inside of a model: which heads predict how many classes, and which parts have no `type`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.model_facts import model_facts
from cfglint.language.numbers import is_int
from cfglint.language.values import Unknown
from cfglint.rules.reading.types import type_name
from cfglint.rules.reading.words import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.memos import Memo
    from cfglint.rules.context import Context

Path = tuple[str | int, ...]

SLOTS: Final = frozenset({'bbox_head', 'mask_head', 'decode_head', 'auxiliary_head', 'head', 'cls_head', 'head_module'})
"""Where the libraries keep what predicts the classes of the dataset."""
OTHER_CLASSES: Final = frozenset({'STDCHead', 'PointRCNNBboxHead', 'Cylinder3DHead'})
"""Heads that predict something else than the classes of the dataset: edges, objects of any class, or also no class."""
PARTS: Final = frozenset({
    'backbone', 'neck', 'head', 'bbox_head', 'mask_head', 'rpn_head', 'roi_head', 'decode_head', 'auxiliary_head',
    'cls_head',
    'keypoint_head', 'semantic_head', 'bbox_roi_extractor', 'mask_roi_extractor', 'anchor_generator', 'bbox_coder',
    'loss_cls', 'loss_bbox', 'loss_mask', 'loss_decode',
})  # fmt: skip
"""Names under which all libraries build something from a dict."""


class Parts(NamedTuple):
    """What was found in a model, each with its place below it."""

    heads: tuple[tuple[Path, int], ...] = ()
    typeless: tuple[Path, ...] = ()


def parts_of(context: Context, model: dict[Any, Any]) -> Parts:
    """Return what is inside of a model; what other models share with it is looked at once."""
    scope = context.scope
    return _known(context, context.memo(f'parts {scope}'), model, _built(scope))


@cache
def _built(scope: str) -> frozenset[str]:
    """Return the arguments that are built from a registry."""
    return PARTS | frozenset(model_facts(scope).typed_parts)


def _known(context: Context, memo: Memo, part: Any, built: frozenset[str]) -> Parts:
    known: Parts | None = memo.get(None, part)
    if known is None:
        words = words_in(context, part)
        known = _NOTHING if _NAMES.isdisjoint(words) and built.isdisjoint(words) else _parts(context, memo, part, built)
        memo.keep(None, part, known)
    return known


def _parts(context: Context, memo: Memo, value: Any, names: frozenset[str]) -> Parts:
    heads: list[tuple[Path, int]] = []
    typeless: list[Path] = []
    named = isinstance(value, dict)
    built = named and 'type' in value
    for key, item in value.items() if named else enumerate(value):
        kind = type(item)
        if key in _SETTINGS and isinstance(item, dict):
            typeless += [(key, *path) for path in _typeless_settings(item)]
        if kind in _SCALARS or key in _SETTINGS or not isinstance(item, (dict, list, tuple)):
            continue
        if built and key in names:
            typeless += [(key, *path) for path in _typeless(item)]
        if key in SLOTS:
            heads += [((key, *path), count) for path, count in _counts(item)]
        below = _known(context, memo, item, names)
        if below is _NOTHING:
            continue
        if key != 'reid':  # it tells objects apart, not classes
            heads += [((key, *path), count) for path, count in below.heads]
        typeless += [(key, *path) for path in below.typeless]
    return Parts(tuple(heads), tuple(typeless)) if heads or typeless else _NOTHING


_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_NOTHING: Final = Parts()
_NAMES: Final = SLOTS | PARTS
_SETTINGS: Final = frozenset({'train_cfg', 'test_cfg'})
_OF_TASKS: Final = frozenset({'assigner', 'initial_assigner', 'sampler', 'iou_calculator'})
"""What heads build of their `train_cfg`."""


def _typeless_settings(settings: Any) -> Iterator[Path]:
    """Yield what heads build of their settings and that has no `type`."""
    for key, item in settings.items() if isinstance(settings, dict) else enumerate(settings):
        if key in _OF_TASKS:
            yield from ((key, *path) for path in _typeless(item))
        if isinstance(item, (dict, list, tuple)):
            yield from ((key, *path) for path in _typeless_settings(item))


def _counts(head: Any) -> list[tuple[Path, int]]:
    """Return how many classes a head predicts, or each of several heads."""
    if isinstance(head, dict):
        count = head.get('num_classes')
        if is_int(count) and type_name(head.get('type')) not in OTHER_CLASSES:
            return [(('num_classes',), count)]
        return []
    return [
        ((index, *path), count)
        for index, each in enumerate(head)
        if isinstance(each, dict)
        for path, count in _counts(each)
    ]


def _typeless(part: Any) -> list[Path]:
    """Return which of a part, or of a list of parts, has no `type`."""
    if isinstance(part, (list, tuple)):
        return [(index,) for index, each in enumerate(part) if _is_typeless(each)]
    return [()] if _is_typeless(part) else []


def _is_typeless(value: Any) -> bool:
    return isinstance(value, dict) and 'type' not in value and not any(isinstance(key, Unknown) for key in value)
