"""A variable that was meant to be `_base_`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic
from cfglint.language.misspelt_base import misspelt_base as find
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context


@rule(scope='text', era='all')
def misspelt_base(context: Context) -> Iterator[Diagnostic]:
    """A name like `_base_` that holds paths of configs: nothing is inherited.

    MMEngine looks for `_base_` alone. `base_`, `_base`, `__base__` or `_bases_` are variables like any other; what the file
    was to inherit is missing, and most of what else is said of it would follow from that. Names that the file itself reads
    are left alone.

    ```py title="bad"
    base_ = ['./model.py', './runtime.py']
    ```

    ```py title="good/model.py"
    model = dict(type='RetinaNet')
    ```

    ```py title="good/config.py"
    _base_ = ['./model.py']
    ```
    """
    config = context.config
    target = find(config.tree) if config.style == 'text' else None
    if target is not None:
        span = config.source.span(target)
        message = f'`{target.id}` is a variable like any other: nothing is inherited from what it names'
        advice = Advice('rename it to', '_base_')
        yield context.report_at(span, message, key=target.id, ignored=True, advice=advice)
