"""Which library the user wants to migrate to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.library_facts import known, library
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def scope_for(targets: Sequence[str]) -> str | None:
    """Return the library of 0.x whose facts hold for the targets; none if they leave it open.

    Raises:
        UsageError: No library of 0.x became one of the targets.
    """
    for target in targets:
        name = target.partition('==')[0]
        found = [each for each in known() if name in (library(each).successor, library(each).scope, each)]
        if not found:
            raise UsageError(f'no library of 0.x became `{name}`')
        if len(found) == 1:
            return found[0]
    return None
