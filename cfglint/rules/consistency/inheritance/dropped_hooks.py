"""Items of inherited lists that a child leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

LISTS: Final = ('custom_hooks', 'visualizer.vis_backends')


@rule(scope='entry', severity=Severity.INFO)
def dropped_hooks(context: Context) -> Iterator[Diagnostic]:
    """A list of hooks or visualization backends that leaves out what the base had in it.

    Lists are replaced, not joined. A `SyncBuffersHook` is not missed: bases have it for runs on many GPUs, and the
    official configs leave it out themselves. Where that is meant, nothing is wrong; else repeat the base's items, or write
    `custom_hooks = [*_base_.custom_hooks, dict(…)]`.

    ```py title="bad/base.py"
    model = dict(type='ToyModel')
    train_dataloader = dict(dataset=dict(type='ToyDataset'))
    custom_hooks = [dict(type='EMAHook')]
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    custom_hooks = [dict(type='EmptyCacheHook')]
    ```

    ```py title="good/base.py"
    model = dict(type='ToyModel')
    train_dataloader = dict(dataset=dict(type='ToyDataset'))
    custom_hooks = [dict(type='EMAHook')]
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    custom_hooks = [*_base_.custom_hooks, dict(type='EmptyCacheHook')]
    ```
    """
    for key in LISTS:
        item = context.find(key)
        if item is None or item.origin is None or not item.value:
            continue
        now, before = _types(item.value), _types(item.origin.replaced)
        dropped = [name for name in before if name not in now and name != 'SyncBuffersHook']
        if now and dropped and item.origin.source is context.config.source:
            names = ', '.join(f'`{name}`' for name in dropped[:3]) + (', …' if len(dropped) > 3 else '')
            message = f'this list replaces that of the base, which also had {names}'
            yield context.report(item, message, advice=_joined(context, item, key))


def _joined(context: Context, item: Item, key: str) -> Advice:
    text = context.source_text(item)
    if context.style != 'text' or text is None or not text.startswith('[') or '\n' in text:
        return Advice("if the base's are wanted, too, repeat them")
    return Advice("if the base's are wanted, too, write", f'[*_base_.{key}, {text[1:]}')


def _types(value: Any) -> list[str]:
    items = value if isinstance(value, (list, tuple)) else [value]
    names = [type_name(item.get('type')) for item in items if isinstance(item, dict)]
    return [name for name in names if name is not None]
