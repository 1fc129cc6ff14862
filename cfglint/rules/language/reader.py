"""What the reader of the config language reports while it reads; each rule only documents it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.rules.context import Context


@rule(scope='reader', era='all', raises='SyntaxError')
def syntax_error(context: Context) -> Iterable[Diagnostic]:
    """The file is no valid Python, YAML or JSON.

    MMEngine parses the file before anything else and fails with a `SyntaxError` (or the parser's own error).

    ```py title="bad"
    model = dict(
        type='RetinaNet'
        backbone=dict(type='ResNet'))
    ```

    ```py title="good"
    model = dict(
        type='RetinaNet',
        backbone=dict(type='ResNet'))
    ```
    """
    return ()
