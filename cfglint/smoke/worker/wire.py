"""What the worker tells its parent: one JSON object a line.

Each is preceded by a line's end, for a process that was killed may have left half a line before it.
"""

from __future__ import annotations

import json
import math
import os
from typing import Any, Iterable, Iterator


def plain(value: Any) -> Any:
    """`value` as strict JSON can hold it: numbers that are not finite become text, other objects their `repr`."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return repr(value)


class Wire:
    """Events of one job. Unbuffered, so that what was said before a crash is not lost."""

    def __init__(self, fd: int, job: int = 0) -> None:
        self.fd = fd
        self.job = job

    def send(self, event: str, **fields: Any) -> None:
        line = json.dumps({'event': event, 'job': self.job, **plain(fields)})
        data = f'\n{line}\n'.encode('utf-8', 'backslashreplace')
        while data:
            data = data[os.write(self.fd, data) :]


MAX_LINE = 4 * 1024 * 1024
"""Bytes of one event. A job runs what a config names, and that can write to the wire, too."""


_START = b'{"event": '


def events_of(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """What was told, without what was only half told, and what is no event."""
    for line in lines:
        try:
            event = json.loads(line) if line.startswith(_START) and len(line) <= MAX_LINE else None
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict) and isinstance(event.get('event'), str) and 'job' in event:
            yield event
