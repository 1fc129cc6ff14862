"""What the worker tells its parent: one JSON object a line."""

from __future__ import annotations

import json
import math
import os
from typing import Any


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
        line = json.dumps({'event': event, 'job': self.job, **plain(fields)}) + '\n'
        data = line.encode('utf-8', 'backslashreplace')
        while data:
            data = data[os.write(self.fd, data) :]
