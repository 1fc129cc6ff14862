"""Values of settings that the parts of a model do not take, or that need others."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cfglint.catalog.model_facts import model_facts
from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import holding, inherited, packages_in
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(raises='AssertionError', reads=('model',))
def unsupported_part_value(context: Context) -> Iterator[Diagnostic]:
    """A value that a part of a model does not take: an unknown layout of a graph, a focal loss without sigmoid.

    Sources: `assert use_sigmoid is True` of `mmdet/models/losses/focal_loss.py` and `mmseg/models/losses/focal_loss.py`, `mmaction/models/utils/graph.py`, `mmaction/models/backbones/stgcn.py`, `mmdet/models/necks/fpn.py`,
    `mmseg/models/decode_heads/decode_head.py`, `mmocr/models/textdet/postprocessors/base.py`.

    ```py title="bad"
    default_scope = 'mmaction'
    model = dict(type='RecognizerGCN', backbone=dict(type='STGCN', graph_cfg=dict(layout='ntu-rgb+d')))
    ```

    ```py title="good"
    default_scope = 'mmaction'
    model = dict(type='RecognizerGCN', backbone=dict(type='STGCN', graph_cfg=dict(layout='nturgb+d')))
    ```
    """
    for part in _parts(context, _limited):
        limits = next(inherited(context, part, lambda facts: facts.part_values), {})
        for setting, values in limits.items():
            item = item_below(part, setting)
            if item is not None and _is_wrong(item.value, values) and is_stock(context, part):
                yield _report(context, part, item, values)


@rule(scope='entry', raises='AttributeError', reads=('model',))
def missing_part_setting(context: Context) -> Iterator[Diagnostic]:
    """A setting of a model without what it needs beside it, such as the size and stride of a window that slides.

    Source: `mmseg/models/segmentors/encoder_decoder.py`, `slide_inference`.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(type='EncoderDecoder', test_cfg=dict(mode='slide'))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(type='EncoderDecoder', test_cfg=dict(mode='slide', crop_size=(512, 512), stride=(341, 341)))
    ```
    """
    for part in _parts(context, _needing):
        for need in next(inherited(context, part, lambda facts: facts.needs), ()):
            item = item_below(part, need.setting)
            lacks = [name for name in need.needs if item_below(part, name) is None]
            if item is not None and item.value == need.value and lacks and is_stock(context, part):
                message = f'`{item.key}` is {item.value!r}, which needs ' + ' and '.join(f'`{name}`' for name in lacks)
                advice = Advice('give it, too: (height, width) in pixels')
                yield report_between(context, item, (), message, raises=need.error, advice=advice)


def _parts(context: Context, names_of: Callable[[str], frozenset[str]]) -> Iterator[Item]:
    """Yield the parts of the model that have one of the settings of which a library says something."""
    model = context.section('model')
    if model is not None and isinstance(model.value, dict):
        names = frozenset[str]().union(*map(names_of, packages_in(context, model.value)))
        yield from holding(context, model, names, _is_typed)


@cache
def _limited(scope: str) -> frozenset[str]:
    """Return the names with which the settings begin whose values are known."""
    settings = (setting for limits in model_facts(scope).part_values.values() for setting in limits)
    return frozenset(setting.partition('.')[0] for setting in settings)


@cache
def _needing(scope: str) -> frozenset[str]:
    """Return the names with which the settings begin that need others."""
    needs = (need for needs in model_facts(scope).needs.values() for need in needs)
    return frozenset(need.setting.partition('.')[0] for need in needs)


def _is_typed(part: dict[Any, Any]) -> bool:
    return 'type' in part


def _is_wrong(value: Any, values: tuple[int | str, ...]) -> bool:
    return (isinstance(value, (str, bool)) or is_int(value)) and value not in values


def _report(context: Context, part: Item, item: Item, values: tuple[int | str, ...]) -> Diagnostic:
    import difflib  # few runs have to guess

    near = difflib.get_close_matches(str(item.value), [str(value) for value in values], 1, 0.6)
    meant = next((value for value in values if near and str(value) == near[0]), values[0])
    message = f'`{part.type_name}` does not take `{item.value!s:.30}` as `{item.name}`'
    others = ', '.join(f'`{value}`' for value in values)
    advice = Advice(f'one of {others}, such as', f'{item.name}={meant!r}')
    return report_between(context, item, (part.get('type'),), message, at='value', advice=advice)
