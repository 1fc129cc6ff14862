"""Modules of `custom_imports` that a child drops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context


@rule(
    scope='entry',
    severity=Severity.WARNING,
    era='all',
    fixable=False,
    reads=('custom_imports',),
    needs=('custom_imports',),
)
def dropped_imports(context: Context) -> Iterator[Diagnostic]:
    """`custom_imports` of a child that leaves out modules which the base imports.

    Lists are replaced, not joined: what the dropped modules register is not found any more, and MMEngine fails with
    `is not in the … registry` as soon as something that is inherited needs it. Repeat the base's modules, or write
    `imports=[*_base_.custom_imports.imports, 'mine']`.

    ```py title="bad/base.py"
    custom_imports = dict(imports=['my_backbones'])
    model = dict(type='ToyModel')
    train_dataloader = dict(dataset=dict(type='ToyDataset'))
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    custom_imports = dict(imports=['my_datasets'])
    ```

    ```py title="good/base.py"
    custom_imports = dict(imports=['my_backbones'])
    model = dict(type='ToyModel')
    train_dataloader = dict(dataset=dict(type='ToyDataset'))
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    custom_imports = dict(imports=['my_backbones', 'my_datasets'])
    ```
    """
    item = context.find('custom_imports.imports')
    if item is None or item.origin is None or item.origin.overrides is None:
        return
    now, before = _modules(item.value), _modules(item.origin.replaced)
    dropped = [name for name in before if now and not any(_imports(other, name) for other in now)]
    if dropped:
        names = ', '.join(f'`{name}`' for name in dropped[:2]) + (', …' if len(dropped) > 2 else '')
        verb = 'is' if len(dropped) == 1 else 'are'
        message = f'this list replaces that of the base: {names} {verb} not imported any more'
        advice = Advice('repeat the modules that are needed:', f'imports={[*dropped, *now]}')
        yield context.report(item, message, advice=advice)


def _modules(value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names):
        return list(names)
    return []


def _imports(module: str, other: str) -> bool:
    """Tell whether importing a module also imports another: its package, or, as usual, what is below it."""
    return module == other or module.startswith(f'{other}.') or other.startswith(f'{module}.')
