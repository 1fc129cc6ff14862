"""The name of a variable in quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.language.values import Array, Row, Table
from cfglint.rules.reading.items import Item
from cfglint.rules.reading.loaders import is_new
from cfglint.rules.reading.quoted import OBJECTS, is_quoted
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

_QUOTES = re.compile(r"""['"]""")


@rule(scope='file', severity=Severity.ERROR, era='all', fixable=True)
def quoted_variable(context: Context) -> Iterator[Diagnostic]:
    """A string that is the name of a variable of the config, where its value is meant.

    `pipeline='train_pipeline'` hands on the letters of the name. Told where the file has a variable of that name and the
    argument takes no such string, or is called like the variable: `backend_args='backend_args'`.

    ```py title="bad"
    train_pipeline = [dict(type='LoadImageFromFile')]
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline='train_pipeline'))
    ```

    ```py title="good"
    train_pipeline = [dict(type='LoadImageFromFile')]
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=train_pipeline))
    ```
    """
    config = context.config
    quoted = set(_QUOTES.split(config.source.text))  # between two quotes; some of these only look like a string
    names = quoted.intersection(config.own)
    if not names:
        return
    seen: set[int] = set()
    for section in Item('', config.own, None, None).items():
        for item in section.walk() if isinstance(section.value, (Table, Array, Row)) else ():
            if not isinstance(item.value, str) or item.value not in names or item.origin is None:
                continue
            owner = item if not item.name.isdigit() or item.parent is None else item.parent
            is_meant = is_quoted(owner.name if owner.name in OBJECTS else item.name, item.value, config.own[item.value])
            if is_meant and item.origin.source is config.source and is_new(item, seen):
                yield _report(context, item, owner.name)


def _report(context: Context, item: Item, argument: str) -> Diagnostic:
    message = f'`{item.value}` is a variable: in quotes, `{argument}` gets its name instead of its value'
    fix = context.replace_value(item, item.value, 'Remove the quotes', anywhere=True)
    code = f'dict({item.name}={item.value})' if item.name.isidentifier() else f'[{item.value}]'
    return context.report(item, message, at='value', fix=fix, advice=Advice('write', code))
