"""The largest power of two that fits the memory, found by trying: each size in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cfglint.smoke.results import Failure, Result, Status

LARGEST = 1 << 16
OF_BATCHES = ('dataloader', 'forward', 'backward')
"""Stages in which a batch may be too small."""
ENOUGH = 8
"""A batch of so many samples, or of the config's own number if that is less, is not too small."""
Trial = Callable[[int], Result]


def find_batch_size(trial: Trial) -> Result:
    """Double the batch size until it does not fit; the result is that of the largest one that did.

    Any other failure than a lack of memory ends the search as that failure: a larger batch must not hide it. But a batch that
    is smaller than the config's may fail for that, as where layers normalise what is pooled to one pixel.
    """
    tried: list[dict[str, Any]] = []
    best: Result | None = None
    largest, size = 0, 1
    while size <= LARGEST:
        result = trial(size)
        tried.append(_summary(size, result))
        if best is None and may_be_too_small(result, size):
            size *= 2
            continue
        if result.status is Status.FAILED:
            return _with_trials(best if best and _too_large(result.failure) else result, tried, largest)
        if result.status not in (Status.OK, Status.PARTIAL):
            return result
        best, largest = result, size
        if size >= (result.details.get('samples') or LARGEST):
            break  # the dataset is no larger
        size *= 2
    assert best is not None
    return _with_trials(best, tried, largest)


def may_be_too_small(result: Result, size: int) -> bool:
    """Tell whether a batch may have failed because it was smaller than the one that the config asks for."""
    asked, failure = result.details.get('batch_size'), result.failure
    is_smaller = isinstance(asked, int) and size < min(asked, ENOUGH)
    return is_smaller and failure is not None and failure.stage in OF_BATCHES


def _too_large(failure: Failure | None) -> bool:
    return failure is not None and failure.stage == 'out of memory'


def _summary(size: int, result: Result) -> dict[str, Any]:
    memory = result.details.get('memory') or {}
    batches = result.details.get('micro_batches') or []
    return {
        'size': size,
        'status': result.status.value,
        'peak': memory.get('peak_reserved') or memory.get('peak_rss'),
        'seconds': batches[-1]['seconds'] if batches else None,
    }


def _with_trials(result: Result, tried: list[dict[str, Any]], largest: int) -> Result:
    return replace(result, details={**result.details, 'largest_batch_size': largest, 'trials': tried})
