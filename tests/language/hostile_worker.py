"""Reads files under limits and prints, one JSON line each, what became of them; run by `test_bad_input.py`."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from pathlib import Path

MEMORY = 500 * 1024 * 1024
LONG = 0.5
ADDITIONS = 1_000_000
REFERENCE = 0.033
"""Seconds that a processor takes for so many additions; on a slower one, or a busy one, all takes longer."""


def slowness() -> float:
    """Return how many times as long a file takes here as on the processor of `REFERENCE`, at least 1."""
    return max(1.0, sorted(_additions() for _ in range(5))[2] / REFERENCE)


def _additions() -> float:
    start, total = time.process_time(), 0
    for each in range(ADDITIONS):
        total += each
    return time.process_time() - start


def peak_memory() -> int:
    """Return the most memory that this process has had, in MB."""
    try:
        # Not ru_maxrss: on Linux it starts with that of the process which started this one.
        status = Path('/proc/self/status').read_text()
        return int(status.partition('VmHWM:')[2].split()[0]) // 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Read the files whose paths stand in standard input."""
    from cfglint.language.errors import ConfigError
    from cfglint.language.loader import Loader

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    gc.set_threshold(500_000, 20, 1000)  # as the command line does
    loader = Loader()
    for path in sys.stdin.read().splitlines():
        print(json.dumps({'path': path}), flush=True)
        start = time.process_time()
        try:
            loader.load(path)
            rule, message = '', 'accepted'
        except ConfigError as error:
            rule, message = error.rule, error.message
            if error.source is not None and error.place is not None:
                error.source.span(error.place)
        seconds = time.process_time() - start
        if seconds > LONG:
            seconds /= slowness()
        memory = peak_memory()
        print(
            json.dumps({'path': path, 'rule': rule, 'message': message, 'seconds': seconds, 'megabytes': memory}),
            flush=True,
        )


if __name__ == '__main__':
    main()
