"""Settings that a model says more than once."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog.model_facts import model_facts
from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.lookup import installation_of, is_stock
from cfglint.rules.reading.parts import component_of, holding, literal_default, packages_in
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.model_facts import Agreement
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', severity=Severity.WARNING, reads=('model',))
def repeated_setting_mismatch(context: Context) -> Iterator[Diagnostic]:
    """Parts of a model that have to agree on a setting, and do not.

    The necks and heads of mmyolo scale their channels by their own `widen_factor`; the deformable attention of DETRs is made
    for `num_levels` of features, which the neck puts out; CenterPoint makes its targets with one `out_size_factor` and
    decodes with another. Some of it is raised, some only makes the results wrong.

    Sources: `mmyolo/models/necks/base_yolo_neck.py`, `mmdet/models/detectors/deformable_detr.py`,
    `mmdet3d/models/dense_heads/centerpoint_head.py`, `mmaction/models/heads/tsm_head.py`,
    `mmrotate/models/task_modules/coders/delta_xywht_rbbox_coder.py`.

    ```py title="bad"
    default_scope = 'mmyolo'
    model = dict(
        type='YOLODetector',
        backbone=dict(type='YOLOv8CSPDarknet', widen_factor=0.25),
        neck=dict(type='YOLOv8PAFPN', in_channels=[256, 512, 1024], out_channels=[256, 512, 1024], widen_factor=0.5))
    ```

    ```py title="good"
    default_scope = 'mmyolo'
    model = dict(
        type='YOLODetector',
        backbone=dict(type='YOLOv8CSPDarknet', widen_factor=0.5),
        neck=dict(type='YOLOv8PAFPN', in_channels=[256, 512, 1024], out_channels=[256, 512, 1024], widen_factor=0.5))
    ```
    """
    model, scope = context.section('model'), context.given_scope
    if model is None or not isinstance(model.value, dict):
        return
    holders = frozenset[str]().union(*map(_holders, packages_in(context, model.value)))
    for part in holding(context, model, holders, _is_typed):
        told: set[str] = set()
        for agreement in _agreements(context, part, scope):
            odd, other = _disagreement(context, part, agreement)
            if odd is None or other is None or not told.isdisjoint((odd.key, other.key)):
                continue
            if all(is_stock(context, _owner(each.place)) for each in (odd, other)):
                told.update((odd.key, other.key))
                yield _report(context, odd, other, agreement.error)


class _Setting(NamedTuple):
    """A setting as it is given, or as it is by default, with what says so."""

    key: str
    value: Any
    place: Item
    by_default: bool


@cache
def _holders(scope: str) -> frozenset[str]:
    """Return the names with which the settings begin that a library has facts about."""
    agreements = chain.from_iterable(model_facts(scope).agreements.values())
    return frozenset(setting.partition('.')[0] for agreement in agreements for setting in agreement.settings)


def _is_typed(part: dict[Any, Any]) -> bool:
    return 'type' in part


def _owner(place: Item) -> Item:
    """Return the component that a setting is for: the nearest dict above it with a type."""
    while place.parent is not None and not (isinstance(place.value, dict) and 'type' in place.value):
        place = place.parent
    return place


def _agreements(context: Context, part: Item, scope: str) -> Iterator[Agreement]:
    """Yield what is known of the class of a part: by its own library, and by the one that the config is for."""
    found = component_of(context, part)
    for path in () if found is None else installation_of(context).mro(found.path):
        for package in dict.fromkeys((path.partition('.')[0], scope)):
            yield from model_facts(package).agreements.get(path, ())


def _disagreement(context: Context, part: Item, agreement: Agreement) -> tuple[_Setting | None, _Setting | None]:
    """Return the setting that differs from the others and one of these; None and None if all agree."""
    settings = [found for name in agreement.settings if (found := _setting(context, part, name)) is not None]
    counts = Counter(each.value for each in settings)
    if len(counts) < 2 or all(each.by_default for each in settings):
        return None, None
    usual = counts.most_common(1)[0][0]
    odd = next(each for each in settings if each.value != usual)
    return odd, next(each for each in settings if each.value == usual)


def _report(context: Context, odd: _Setting, other: _Setting, error: str) -> Diagnostic:
    default = ' by default' if odd.by_default else ''
    message = f'`{odd.key}` is {odd.value!r}{default}, but `{other.key}` is {other.value!r}'
    advice = Advice('let all parts have the same:', f'{odd.key.rpartition(".")[2]}={other.value!r}')
    parts: dict[str, Any] = {'severity': Severity.ERROR, 'raises': error} if error else {}
    return report_between(context, odd.place, (other.place,), message, key=odd.key, advice=advice, **parts)


def _setting(context: Context, part: Item, name: str) -> _Setting | None:
    """Return a setting of a part or of what is inside of it, None where it is not known."""
    item, (above, _, argument) = item_below(part, name), name.rpartition('.')
    if item is not None:
        return _Setting(item.key, item.value, item, False) if _is_plain(item.value) else None
    holder = item_below(part, above) if above else part
    place = None if holder is None or not isinstance(holder.value, dict) else holder.get('type')
    if holder is None or place is None:
        return None
    value = literal_default(context, holder, argument)
    return _Setting(f'{holder.key}.{argument}', value, place, True) if _is_plain(value) else None


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) or is_number(value)
