"""Top-level keys that MMEngine does not read, but nearly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Applicability
from cfglint.rules.rule import rule
from cfglint.sections import SECTIONS, validate
from cfglint.sections.misspelt import nearest_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

_FEW: Final = 3
"""So few fields may all be wrong."""


@rule(fixable=True)
def misspelt_section(context: Context) -> Iterator[Diagnostic]:
    """A top-level key that is nearly one which MMEngine reads.

    `Runner.from_cfg` reads the keys that it knows and ignores all others without a message: a misspelt section has no
    effect, or leaves its section missing.

    ```py title="bad"
    optim_wraper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
    ```

    ```py title="good"
    optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
    ```
    """
    for name in context.config.own:
        meant = nearest_section(name)
        if meant is None or name in context.loads or _is_another(context, name, meant):
            continue
        item = context.section(name)
        if item is None or not _fits(item.value, meant):
            continue
        message = f'`{name:.60}` is no section that MMEngine reads'
        words = f'Rename to `{meant}`'
        fix = context.replace_key(item, meant, words, Applicability.UNSAFE)
        advice = Advice('write', meant)
        yield context.report(item, message, misspelt=meant, fix=fix, ignored=True, advice=advice)


def _is_another(context: Context, name: str, meant: str) -> bool:
    """Tell whether a file has both: `train_eval_dataloader` beside `train_dataloader` is for a loop of the user's own."""
    return any(name in config.own and meant in config.own for config in context.lineage)


def _fits(value: Any, meant: str) -> bool:
    """Tell whether a dict may be the section that is meant: one with `accelerator` and `devices` is of another program."""
    if not isinstance(value, dict) or len(value) <= _FEW or meant not in SECTIONS:
        return True
    unknown = [each for each in validate(meant, value) if each.kind == 'unknown-field' and len(each.path) == 1]
    return 2 * len(unknown) <= len(value)
