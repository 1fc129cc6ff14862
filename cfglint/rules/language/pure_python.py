"""What the reader reports about pure-Python configs (`read_base()`, lazy imports); each rule only documents it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.rules.context import Context


@rule(scope='reader', era='all', raises='RuntimeError')
def lazy_call_at_parse_time(context: Context) -> Iterable[Diagnostic]:
    """An imported function or class is called while a pure-Python config is read.

    There, an import is a placeholder until the value is used. Calling it raises a `RuntimeError` without a message.
    Write a dict with a `type`, or the value itself.

    ```py title="bad"
    import torch
    threshold = torch.tensor(0.5)
    ```

    ```py title="good"
    import torch
    threshold = dict(type=torch.tensor, data=0.5)
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='AssertionError: Illegal syntax in config file! Only `from ... import ...`')
def unsupported_import(context: Context) -> Iterable[Diagnostic]:
    """An import that MMEngine cannot turn into a placeholder.

    In `with read_base():` only `from .module import names` may stand. Elsewhere, `import a, b` and
    `from module import *` are refused. Only the first `with read_base():` at the top level counts.

    ```py title="bad"
    from mmengine.config import read_base

    with read_base():
        import base
    ```

    ```py title="good/base.py"
    lr = 0.01
    ```

    ```py title="good/config.py"
    from mmengine.config import read_base

    with read_base():
        from .base import *
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='ConfigParsingError: Only `read_base` context manager can be used')
def unsupported_with(context: Context) -> Iterable[Diagnostic]:
    """A `with` statement over anything but `read_base()`.

    MMEngine takes every `with` for an inheritance, even one in a function, unless `_base_` is assigned at the top
    level. The call has to be the plain name `read_base`.

    ```py title="bad"
    with open('classes.txt') as file:
        classes = file.read().split()
    ```

    ```py title="good"
    classes = ['cat', 'dog']
    ```
    """
    return ()


@rule(severity=Severity.WARNING, scope='reader', era='all')
def interpreter_dependent_call(context: Context) -> Iterable[Diagnostic]:
    """A pure-Python config calls the standard library, which some interpreters make a placeholder.

    MMEngine recognises the standard library by paths: in a virtual environment it calls nearly all of it foreign, on
    Python 3.11 and later `os` everywhere. The call then raises a `RuntimeError` without a message.

    ```py title="bad"
    import os
    from mmengine.runner import EpochBasedTrainLoop
    train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=10)
    load_from = os.path.join('runs', 'epoch_3.pth')
    ```

    ```py title="good"
    from mmengine.runner import EpochBasedTrainLoop
    train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=10)
    load_from = 'runs/epoch_3.pth'
    ```
    """
    return ()
