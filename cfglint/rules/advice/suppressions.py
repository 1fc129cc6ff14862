"""What is wrong with suppressions; `cfglint.suppress` reports it, each rule only documents it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.rules.context import Context


@rule(scope='reader', era='all', severity=Severity.WARNING, fixable=True)
def unused_suppression(context: Context) -> Iterable[Diagnostic]:
    """A `# cfglint: ignore` comment has nothing to suppress.

    The diagnostic that it was written for is gone, or stands on another line. A comment that stays behind hides the
    next mistake on its line. Nothing is said about rules that this run does not ask.

    ```py title="bad"
    work_dir = 'runs/baseline'  # cfglint: ignore[syntax-error] -- was fixed long ago
    ```

    ```py title="good"
    work_dir = 'runs/baseline'
    ```
    """
    return ()


@rule(scope='reader', era='all', severity=Severity.WARNING)
def invalid_suppression(context: Context) -> Iterable[Diagnostic]:
    """A `# cfglint:` comment names no known rule, or is not understood.

    It suppresses nothing. The form is `# cfglint: ignore[rule-name, family] -- reason` for a line, and
    `# cfglint: ignore-file[rule-name]` for a file.

    ```py title="bad"
    work_dir = 'runs/baseline'  # cfglint: ignore[sintax-error]
    ```

    ```py title="good"
    work_dir = 'runs/baseline'
    ```
    """
    return ()
