"""The time that a whole run may take."""

from __future__ import annotations

import time

from cfglint.smoke.quantities import in_words


class OutOfTime(Exception):
    """The time is used up. The message says so."""


class Budget:
    """Time, from now on.

    Args:
        seconds: How much; None for no limit.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    def check(self) -> None:
        """Go on as long as there is time.

        Raises:
            OutOfTime: There is none left.
        """
        if self._end is not None and self._seconds is not None and time.monotonic() > self._end:
            raise OutOfTime(f'the time budget of {in_words(self._seconds)} was used up')
