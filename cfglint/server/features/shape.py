"""The shape of a learning rate schedule, as far as its schedulers are MMEngine's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.server.document import Document
    from cfglint.server.syntax import Key


def shape_of(document: Document, path: Sequence[Key]) -> Iterator[str]:
    """Yield a drawing of the schedule that a scheduler, or the list of them, makes."""
    return iter(())
