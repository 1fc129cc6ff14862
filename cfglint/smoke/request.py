"""What is asked of ``cfglint smoke``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.smoke.options import Options


@dataclass(frozen=True)
class Request:
    """The command line: what to run, how, and what to write."""

    paths: tuple[str, ...]
    options: Options
    outputs: Sequence[tuple[str, str | None]] = (('text', None),)
    """Formats, each with the file that it is written to; None for the standard output."""
    since: str | None = None
    changed: bool = False
    resume: str | None = None
    force: bool = False
    strict: bool = False
    retry_failed: bool = False
    traceback: bool = False
    details: bool = False

    @property
    def revision(self) -> str | None:
        """What is changed is so against this state; None if it does not matter what is."""
        return 'HEAD' if self.changed else self.since
