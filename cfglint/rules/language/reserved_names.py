"""Top-level names that mean something else to MMEngine's `Config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.reserved import RESERVED
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context

METHODS = frozenset(name for name in dir(dict) if not name.startswith('_')) | {
    'build_lazy', 'deepcopy', 'dump', 'freeze', 'fromfile', 'fromstring', 'merge', 'merge_from_dict', 'to_dict',
    'unfreeze',
}  # fmt: skip


@rule(era='all', raises='KeyError: is reserved for config file', reads=RESERVED, needs=RESERVED)
def reserved_name(context: Context) -> Iterator[Diagnostic]:
    """A top-level name that MMEngine keeps for itself: `filename`, `text`, `pretty_text`, `env_variables`.

    `Config` refuses it with a `KeyError`, also when it is inherited. Below the top level the names are free.

    ```py title="bad"
    text = 'a photo of'
    ```

    ```py title="good"
    prompt = 'a photo of'
    ```
    """
    if not any(name in context for name in RESERVED):
        return
    for item in context.root.items():
        if item.name in RESERVED:
            message = f'`{item.name}` is reserved by `Config`'
            raises = f'KeyError: {item.name} is reserved for config file'
            yield context.report(item, message, raises=raises, advice=Advice('rename it'))


@rule(severity=Severity.INFO, era='all', reads=METHODS, needs=METHODS)
def method_as_name(context: Context) -> Iterator[Diagnostic]:
    """A top-level name that is a method of `Config`: `cfg.items` is never the value.

    Only `cfg['items']` reads it.

    ```py title="bad"
    items = ['cat', 'dog']
    ```

    ```py title="good"
    classes = ['cat', 'dog']
    ```
    """
    if not any(name in context for name in METHODS):
        return
    for item in context.root.items():
        if item.name in METHODS:
            message = f'`cfg.{item.name}` is a method of `Config`, not this value'
            advice = Advice('rename it, or read it with', f"cfg['{item.name}']")
            yield context.report(item, message, advice=advice)
