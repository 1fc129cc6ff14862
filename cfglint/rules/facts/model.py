"""What is inside of a model: which heads predict how many classes, and which parts have no `type`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.language.values import Unknown
from cfglint.rules.context import type_name
from cfglint.rules.facts.data import is_int
from cfglint.rules.words import words_in

if TYPE_CHECKING:
    from cfglint.rules.context import Context
    from cfglint.rules.memo import Memo

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
    return _known(context, context.memo('parts'), model)


def _known(context: Context, memo: Memo, part: Any) -> Parts:
    known: Parts | None = memo.get(None, part)
    if known is None:
        known = _NOTHING if _NAMES.isdisjoint(words_in(context, part)) else _parts(context, memo, part)
        memo.keep(None, part, known)
    return known


def _parts(context: Context, memo: Memo, value: Any) -> Parts:
    heads: list[tuple[Path, int]] = []
    typeless: list[Path] = []
    named = isinstance(value, dict)
    built = named and 'type' in value
    for key, item in value.items() if named else enumerate(value):
        kind = type(item)
        if kind in _SCALARS or key in _SETTINGS or not isinstance(item, (dict, list, tuple)):
            continue
        if built and key in PARTS:
            typeless += [(key, *path) for path in _typeless(item)]
        if key in SLOTS:
            heads += [((key, *path), count) for path, count in _counts(item)]
        below = _known(context, memo, item)
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
    return (
        isinstance(value, dict)
        and bool(value)
        and 'type' not in value
        and not any(isinstance(key, Unknown) for key in value)
    )
