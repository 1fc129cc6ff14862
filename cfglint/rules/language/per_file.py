"""Rules about what one file says: asked once a file, however many configs inherit it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.config import Config
    from cfglint.rules.context import Context


def per_file(find: Callable[[Context, Config], Iterable[Diagnostic]]) -> Callable[[Context], Iterator[Diagnostic]]:
    """Make a rule's check out of a function that looks at one file, of the config or of its bases."""

    @functools.wraps(find)
    def check(context: Context) -> Iterator[Diagnostic]:
        for config in context.lineage:
            yield from context.shared(context.rule.name, config, lambda config=config: tuple(find(context, config)))

    return check
