"""The name of a variable in quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.reading.items import Item, walk_shared
from cfglint.rules.reading.loaders import is_new
from cfglint.rules.reading.quoted import FILES, OBJECTS, is_quoted
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

_QUOTES = re.compile(r"""['"]""")
_BRACES = re.compile(r'(\$?)\{([A-Za-z_]\w*)\}')


@rule(scope='file', severity=Severity.ERROR, era='all', fixable=True)
def quoted_variable(context: Context) -> Iterator[Diagnostic]:
    """A string that is the name of a variable of the config, where its value is meant.

    `pipeline='train_pipeline'` hands on the letters of the name. Told where the file has a variable of that name and the
    argument takes no such string, or is called like the variable: `backend_args='backend_args'`. The same holds for variables of
    a base, with or without `_base_.`, and for `'{data_root}/a.json'` without an `f` before it.

    ```py title="bad"
    train_pipeline = [dict(type='LoadImageFromFile')]
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline='train_pipeline'))
    ```

    ```py title="good"
    train_pipeline = [dict(type='LoadImageFromFile')]
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=train_pipeline))
    ```
    """
    variables = _variables(context)
    texts = set(_QUOTES.split(context.config.source.text))  # between two quotes; some of these only look like a string
    wanted = {text: found for text in texts if (found := _named(text, variables)) is not None}
    if not wanted:
        return
    seen: set[int] = set()
    for item in walk_shared(Item('', context.config.own, None, None)):
        named = wanted.get(item.value) if isinstance(item.value, str) and item.parent is not None else None
        if named is None or item.origin is None or item.origin.source is not context.config.source:
            continue
        owner = item if not item.name.isdigit() or item.parent is None else item.parent
        if _is_meant(item, owner, named) and is_new(item, seen):
            yield _report(context, item, owner.name, named)


class Named(NamedTuple):
    """A variable that a string names.

    Attributes:
        value: Its value.
        code: What reads it.
        is_filled: Whether the string has it in braces, as one with an `f` before it.
    """

    value: Any
    code: str
    is_filled: bool = False


def _variables(context: Context) -> dict[str, Named]:
    """Return the variables of a file by what reads them, and those of its bases also by their bare name."""
    own = {name: Named(value, name) for name, value in context.config.own.items()}
    found: dict[str, Named] = {}
    for base in context.config.bases if '_base_' in context.config.source.text else ():
        for name, value in base.config.table.items():
            found[name] = found[f'_base_.{name}'] = Named(value, f'_base_.{name}')
    return {**found, **own}


def _named(text: str, variables: dict[str, Named]) -> Named | None:
    if text in variables:
        return variables[text]
    if text.startswith('_base_.'):
        holder = '.'.join(text.split('.')[:2])
        if holder in variables and all(map(str.isidentifier, text.split('.'))):
            return Named(None, text)
    found = _BRACES.findall(text) if '{' in text and '{{' not in text else []
    # `${name}` is filled in by who reads the config: a shell, or a template of the project's own.
    if found and all(not dollar and _is_text(variables.get(name)) for dollar, name in found):
        return Named(None, f'f{text!r}', is_filled=True)
    return None


def _is_text(variable: Named | None) -> bool:
    return variable is not None and isinstance(variable.value, str)


def _is_meant(item: Item, owner: Item, named: Named) -> bool:
    if named.is_filled:
        return not any(word in item.name for word in ('tmpl', 'template', 'format', 'fmt', 'pattern'))
    if item.parent is None or (item.parent.parent is None and item.name not in FILES):
        return item.value.startswith('_base_.')
    if item.value.startswith('_base_.'):
        return True
    return is_quoted(owner.name if owner.name in OBJECTS else item.name, item.value, named.value)


def _report(context: Context, item: Item, argument: str, named: Named) -> Diagnostic:
    message = f'`{item.value}` is a variable: in quotes, `{argument}` gets its name instead of its value'
    if named.is_filled:
        message = f'`{argument}` gets its braces as they are: there is no `f` before the string'
    fix = context.replace_value(item, named.code, 'Read the variable', anywhere=True)
    code = f'dict({item.name}={named.code})' if item.name.isidentifier() else f'[{named.code}]'
    if item.parent is not None and item.parent.parent is None:
        code = f'{item.name} = {named.code}'
    return context.report(item, message, at='value', fix=fix, advice=Advice('write', code))
