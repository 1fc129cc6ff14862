"""Lists of parts that a child writes anew, with less than the base's items had."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.values import Array, Row, Table
from cfglint.rules.reading.metainfo import OPEN, literal
from cfglint.rules.reading.parts import default_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

SECTIONS: Final = ('model', 'custom_hooks', 'val_evaluator', 'test_evaluator')
"""The sections whose lists are judged: steps of a pipeline are often left out, or done in another way, on purpose."""
_ADDED: Final = frozenset({'_scope_'})
"""What MMEngine writes into the dicts of a base that it takes from a package, such as `mmdet::rtmdet/….py`."""


@rule(severity=Severity.WARNING)
def lost_list_items(context: Context) -> Iterator[Diagnostic]:
    """A list of parts of the model, or of hooks, that replaces the base's, whose items had arguments that are gone.

    Dicts are merged, lists are replaced: the three heads of a cascade that a child writes as
    `[dict(type='Shared2FCBBoxHead', num_classes=1), …]` fall back to the defaults of their class. Told where the list has as
    many items of the same types as the base's, or is one of hooks of which the base has one of each type, and an argument is
    dropped whose value was not the default.

    ```py title="bad/base.py"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder',
        auxiliary_head=[dict(type='FCNHead', in_channels=8, channels=8, num_classes=19, num_convs=1, concat_input=False)])
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    model = dict(auxiliary_head=[dict(type='FCNHead', in_channels=8, channels=8, num_classes=2)])
    ```

    ```py title="good/base.py"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder',
        auxiliary_head=[dict(type='FCNHead', in_channels=8, channels=8, num_classes=19, num_convs=1, concat_input=False)])
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    heads = _base_.model.auxiliary_head
    for head in heads:
        head.update(num_classes=2)
    model = dict(auxiliary_head=heads)
    ```
    """
    config = context.config
    for item in _written(context) if config.bases else ():
        origin = item.origin
        if origin is None or origin.source is not config.source or not isinstance(origin.replaced, (list, tuple)):
            continue
        pairs = _pairs(item, origin.replaced) if isinstance(origin.value, (ast.List, ast.Tuple)) else []
        lost = [_lost(context, new, old) for new, old in pairs]
        names = list(dict.fromkeys(name for each in lost if each is not None for name in each))
        if None not in lost and names:
            shown = ', '.join(f'`{name}`' for name in names[:4]) + (' and more' if len(names) > 4 else '')
            message = f'this list replaces that of the base, whose items also had {shown}'
            path = f'_base_.{item.key}'
            advice = Advice('change the items of the base:', f'items = {path}')
            yield context.report(item, message, advice=advice)


def _pairs(item: Item, replaced: list[Any] | tuple[Any, ...]) -> list[tuple[Item, Any]]:
    """Return the items of a list, each with the one of the base's that it replaces; of hooks, that of the same type."""
    items = list(item.items())
    old = {each.get('type'): each for each in replaced if isinstance(each, dict)} if item.key == 'custom_hooks' else {}
    kinds = [each.value.get('type') for each in items if isinstance(each.value, dict)]
    if len(old) == len(replaced) and len(set(kinds)) == len(items) and set(kinds) <= old.keys():
        return [(each, old[each.value['type']]) for each in items]
    return list(zip(items, replaced, strict=True)) if len(items) == len(replaced) else []


def _written(context: Context) -> Iterator[Item]:
    """Yield the lists of dicts that a file writes in the sections whose lists are judged."""
    for section in SECTIONS:
        own, item = context.config.own.get(section), context.section(section)
        if item is not None and isinstance(own, Table):
            yield from _lists(item, own)
        elif item is not None and _has_dicts(own):
            yield item


def _has_dicts(value: Any) -> bool:
    return isinstance(value, (Array, Row)) and bool(value) and all(isinstance(each, Table) for each in value)


def _lists(item: Item, own: Any) -> Iterator[Item]:
    """Yield the lists that a file writes below a section."""
    for name, value in own.items():
        below = item.get(name)
        if below is None:
            continue
        if isinstance(value, Table):
            yield from _lists(below, value)
        elif _has_dicts(value):
            yield below


def _lost(context: Context, new: Item, old: Any) -> list[str] | None:
    """Return what an item of a list has lost; None if it is something else than the old one."""
    if not isinstance(old, dict) or not isinstance(new.value, dict):
        return None
    if new.type_name is None or new.value.get('type') != old.get('type'):
        return None
    names = old.keys() - _ADDED
    if not new.value.keys() < names:
        return [] if new.value.keys() == names else None
    return [name for name in old if name in names - new.value.keys() and not _is_default(context, new, name, old[name])]


def _is_default(context: Context, new: Item, name: str, value: Any) -> bool:
    default = default_of(context, new, name)
    if default is None:
        return False
    try:
        found = literal(ast.parse(default, mode='eval').body)
    except SyntaxError:
        return True
    return found is OPEN or _plain(found) == _plain(value)


def _plain(value: Any) -> Any:
    """Return a value with tuples as lists, as a class may take both."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value
