"""The name of a variable in quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Applicability, Severity
from cfglint.language.values import Array, Row, Table
from cfglint.rules.facts.quoted import is_quoted_variable
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS, READ_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context, Item

SECTIONS: Final = (*LOADERS, 'model', 'train_cfg', 'optim_wrapper', 'val_evaluator', 'test_evaluator', 'default_hooks')

_QUOTES = re.compile(r"""['"]""")


@rule(severity=Severity.ERROR, era='all', fixable=True)
def quoted_variable(context: Context) -> Iterator[Diagnostic]:
    """A string that is the name of a variable of the config, where its value is meant.

    `pipeline='train_pipeline'` hands on the letters of the name. Told of arguments that take no such string, where the
    config has a variable of that name.

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
    names = quoted.intersection(config.own).difference(READ_KEYS)
    for section in SECTIONS if names else ():
        own = config.own.get(section)
        item = context.root.get(section) if isinstance(own, (Table, Array, Row)) else None
        for each in item.walk() if item is not None else ():
            if isinstance(each.value, str) and each.value in names and is_quoted_variable(context, each):
                yield _report(context, each)


def _report(context: Context, item: Item) -> Diagnostic:
    message = f'`{item.value}` is a variable: in quotes, `{item.name}` gets its name instead of its value'
    fix = context.replace_value(item, item.value, 'Remove the quotes', Applicability.UNSAFE)
    return context.report(item, message, at='value', fix=fix, advice=Advice('write', f'dict({item.name}={item.value})'))
