"""Parts of a model that have no `type`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.values import Lazy, Table
from cfglint.rules.component.arguments import OF_ARGUMENTS
from cfglint.rules.reading.heads import parts_of
from cfglint.rules.reading.items import item_at
from cfglint.rules.reading.lookup import Use, holder_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', raises='must contain the key "type"', yields_to=OF_ARGUMENTS)
def typeless_component(context: Context) -> Iterator[Diagnostic]:
    """A head, backbone or loss without `type`: most often an override of something that the base does not have.

    MMEngine fails with ``KeyError: `cfg` or `default_args` must contain the key "type"``.

    ```py title="bad"
    model = dict(type='ToyWrapper', head=dict(num_classes=2))
    ```

    ```py title="good"
    model = dict(type='ToyWrapper', head=dict(type='ToyModel', num_classes=2))
    ```
    """
    model = context.section('model')
    if model is None or not isinstance(model.value, dict) or context.partial is not None:
        return
    paths = parts_of(context, model.value).typeless
    told: set[str] = set()
    for path in paths:
        item = item_at(model, path)
        if _is_prepared(context, item):
            continue
        if item.name == 'init_cfg' and not item.value:
            continue  # `BaseModule` initializes nothing then
        listed = _new_list(context, item)
        if listed is not None:
            if listed.key not in told:
                told.add(listed.key)
                yield _report_list(context, listed)
            continue
        message = f'`{item.key}` has no `type`'
        if item.origin is not None and item.origin.source is context.config.source and context.config.bases:
            if item.origin.overrides is None:
                message += ': the base has nothing there that this could override'
            else:
                message += ': it replaces what the base has there'
        layers = item.name in ('norm_cfg', 'act_cfg', 'conv_cfg')
        raises = f'KeyError: {"the cfg dict" if layers else "`cfg` or `default_args`"} must contain the key "type"'
        yield context.report(item, message, raises=raises, advice=Advice('add the `type` of the component'))


def _new_list(context: Context, item: Item) -> Item | None:
    """Return the list that holds an item, if the config replaces a list of its base with it."""
    listed = item.parent
    if listed is None or not isinstance(listed.value, (list, tuple)) or listed.origin is None:
        return None
    is_own = listed.origin.source is context.config.source
    return listed if is_own and isinstance(listed.origin.replaced, (list, tuple)) else None


def _report_list(context: Context, listed: Item) -> Diagnostic:
    message = 'this list replaces that of the base, and its items have no `type`'
    advice = Advice('lists are not merged; change the items of the base:', f'items = _base_.{listed.key}')
    raises = 'KeyError: `cfg` or `default_args` must contain the key "type"'
    return context.report(listed, message, raises=raises, advice=advice)


def _is_prepared(context: Context, item: Item) -> bool:
    """Tell whether a class of the user's own may do something with a dict before, or instead of, building from it."""
    owner: Item | None = item.parent
    key = item.name
    while owner is not None and not isinstance(owner.value, Table):
        key, owner = owner.name, owner.parent
    if owner is None:
        return False
    kind = owner.get('type')
    if kind is None or not isinstance(kind.value, (str, Lazy)):
        return False
    holder = holder_of(context, Use(owner, kind, None, context.scope, owner.name))
    if holder is None:
        return False
    if not item.value:
        return True  # `dict(_delete_=True)` takes away what the base has: the class may build something else
    handling = context.libraries.handling((holder[0], (key,)))
    return handling.is_open or handling.gives_more or bool(handling.taken) or 'type' in handling.given
