"""Configs of another generation than the libraries that the project is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog import libraries
from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.rule import rule
from cfglint.sections.table import MODERN_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context


@rule(scope='entry', for_legacy=True, once=True, reads=('default_scope',))
def config_newer_than_target(context: Context) -> Iterator[Diagnostic]:
    """A config of 1.x in a project that is for a 0.x release of its library.

    The library's 0.x release builds its runner from `data`, `optimizer` and `runner`, and knows none of the sections of
    MMEngine: training ends at once with `AttributeError: 'ConfigDict' object has no attribute 'data'`. A warning where the
    release comes from a requirement that may be out of date; an error where it was asked for, or lies in the repository.

    ```py title="bad/requirements.txt"
    mmdet==2.28.2
    ```

    ```py title="bad/config.py"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet')
    train_dataloader = dict(batch_size=2)
    ```

    ```py title="good/requirements.txt"
    mmdet>=3.0
    ```

    ```py title="good/config.py"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet')
    train_dataloader = dict(batch_size=2)
    ```
    """
    targets = context.libraries.targets
    scope = context.value('default_scope')
    library = libraries.library_of(scope) if isinstance(scope, str) else None
    target = None if library is None else targets.known(library)
    if context.era != '1.x' or target is None or targets.era(library) != 0:
        return
    if 1 in targets.stated.eras_near(context.config.path, target.library):  # one project of several
        return
    item = next(
        found for key in context.config.table if key in MODERN_KEYS and (found := context.find(key)) is not None
    )
    message = f'this config is for 1.x, its target {target.library} {target.release} is of 0.x ({target.why})'
    yield context.report(item, message, severity=Severity.ERROR if targets.is_certain(target) else Severity.WARNING)
