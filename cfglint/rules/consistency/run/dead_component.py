"""Hooks and wrappers of optimizers at the top level, where nobody builds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.values import Table
from cfglint.rules.reading.lookup import installation_of
from cfglint.rules.reading.quoted import stands_in_quotes
from cfglint.rules.rule import rule
from cfglint.sections.table import READ_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

PLACES: Final = {
    'HOOKS': ('a hook', 'custom_hooks = [{name}]'),
    'OPTIM_WRAPPERS': ('a wrapper of an optimizer', 'optim_wrapper = dict(type={type!r})'),
    'PARAM_SCHEDULERS': ('a scheduler', 'param_scheduler = [{name}]'),
}
"""Registry → what is in it, and where it belongs."""
INVENTED: Final = {
    **dict.fromkeys(('amp', 'use_amp'), "optim_wrapper = dict(type='AmpOptimWrapper')"),
    **dict.fromkeys(('clip_grad', 'grad_clip'), 'optim_wrapper = dict(clip_grad={name})'),
    'accumulative_counts': 'optim_wrapper = dict(accumulative_counts={name})',
    'paramwise_cfg': 'optim_wrapper = dict(paramwise_cfg={name})',
}
"""Settings that people look for at the top level → where they are."""


@rule(scope='entry', severity=Severity.WARNING)
def dead_component(context: Context) -> Iterator[Diagnostic]:
    """A hook, a scheduler or a wrapper of an optimizer under a top-level name that nothing reads.

    `ema = dict(type='EMAHook')` is a variable: MMEngine builds what stands in `custom_hooks`, `param_scheduler` and so on. Told
    where no expression reads the name, no base had it, and nothing else has the same value.

    ```py title="bad"
    early_stopping = dict(type='EarlyStoppingHook', monitor='toy/zeros', patience=5, min_delta=0.001)
    ```

    ```py title="good"
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='toy/zeros', patience=5, min_delta=0.001)]
    ```
    """
    for name in context.config.own:
        item = context.root.get(name)
        if item is None or name in context.loads or item.origin is None or item.origin.overrides is not None:
            continue
        if name in READ_KEYS or not item.value or stands_in_quotes(context, name):
            continue
        what, code = ('it', INVENTED[name]) if name in INVENTED else _place(context, item)
        if code:
            message = f'nothing reads the top-level `{name}`: {what} has no effect there'
            code = code.format(name=name, type=item.type_name)
            yield context.report(item, message, ignored=True, advice=Advice('put it where it is read:', code))


def _place(context: Context, item: Item) -> tuple[str, str]:
    """Return what a component is, and where it belongs; nothing if that is not known."""
    kind = item.value.get('type') if isinstance(item.value, Table) else None
    found = installation_of(context).find(kind, None, context.given_scope) if isinstance(kind, str) else None
    return ('', '') if found is None else PLACES.get(found.registry, ('', ''))
