"""Values and keys that MMEngine cannot print: it prints the whole config when a run starts."""

from __future__ import annotations

import ast
import keyword
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.style import always_builtin
from cfglint.language.values import Opaque
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.config import Config
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_KINDS = {'type': 'class', 'builtin_function_or_method': 'function', 'method': 'function', 'module': 'module'}


@rule(raises='SyntaxError: Failed to format the config file')
def unprintable_value(context: Context) -> Iterator[Diagnostic]:
    """A value that cannot be printed as Python: a class, a function, a module.

    A run prints its config (`cfg.pretty_text`) before anything else, and fails with `SyntaxError: Failed to format the
    config file` when the text is no Python. In a text-style config, functions and modules at the top level are left
    out; classes, and functions in dicts and lists, are not. In a pure-Python config, only what is imported by name is.

    ```py title="bad"
    dtype = float
    ```

    ```py title="good"
    dtype = 'float'
    ```
    """
    if not any(config.has_objects for config in context.lineage):
        return
    left_out = frozenset().union(*map(_imported_names, context.lineage)) if context.style == 'lazy' else frozenset()
    for top in context.root.items():
        if top.name in left_out:
            continue
        for item in top.walk():
            if isinstance(item.value, Opaque):
                kind = _KINDS.get(item.value.kind, item.value.kind)
                name = f' `{item.value.name}`' if item.value.name else ''
                message = f'MMEngine cannot print the {kind}{name}, and fails when the run starts'
                yield context.report(item, message, advice=_remedy(context, item))


def _remedy(context: Context, item: Item) -> Advice:
    if item.parent is context.root:
        return Advice('at the end of the file, write', f'del {item.name}')
    assert isinstance(item.value, Opaque)
    return Advice('write its name as a string', repr(item.value.name) if item.value.name else None)


def _imported_names(config: Config) -> set[str]:
    """Return the names of a pure-Python config that MMEngine leaves out when it prints."""
    return {name for name, node in config.imported.items() if not _is_kept(name, node)}


def _is_kept(name: str, node: ast.stmt) -> bool:
    # `import sys` is really run and not noted as imported; `import sys as x` is noted. Most of the standard library
    # becomes a placeholder on some interpreters, which another rule tells.
    return isinstance(node, ast.Import) and node.names[0].asname is None and always_builtin(name)


@rule(raises='SyntaxError: Failed to format the config file')
def unprintable_key(context: Context) -> Iterator[Diagnostic]:
    """A key that cannot be printed as Python: a keyword such as `class`, or one with a quote.

    A run prints its config (`cfg.pretty_text`) before anything else, dicts as `dict(key=value)`, and fails with
    `SyntaxError: Failed to format the config file` when the text is no Python.

    ```py title="bad"
    weights = {'class': 1.0, 'box': 5.0}
    ```

    ```py title="good"
    weights = {'cls': 1.0, 'box': 5.0}
    ```
    """
    if not any(config.has_odd_keys for config in context.lineage):
        return
    for item in context.root.walk():
        if isinstance(item.value, dict):
            keys = [key for key in item.value if isinstance(key, str)]
            is_quoted = not all(str(key).isidentifier() for key in item.value)
            for key in keys:
                if (not is_quoted and key.islower() and keyword.iskeyword(key)) or "'" in key or '\n' in key:
                    child = item.get(key)
                    assert child is not None
                    message = f'MMEngine cannot print the key `{key:.60}`, and fails when the run starts'
                    yield context.report(child, message, advice=Advice('rename it'))
