"""Failures that are not believed before the config has run once more, in another way."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cfglint.smoke.batch_size import ENOUGH, OF_BATCHES
from cfglint.smoke.devices import is_cuda
from cfglint.smoke.results import Status
from cfglint.smoke.worker.overrides import SLOW_CPU

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfglint.smoke.results import Result

_TOLD_LATE = re.compile(
    r'device-side assert|illegal memory access|misaligned address|illegal instruction|unspecified launch failure'
    r'|invalid program counter|an illegal .* was encountered|memory access fault by gpu',
    re.IGNORECASE,
)
_BATCH = 'train_dataloader.batch_size'
_WORSE_IN_FULL = ('timeout', 'out of memory')
_BLOCKING = {'CUDA_LAUNCH_BLOCKING': '1', 'AMD_SERIALIZE_KERNEL': '3'}


class SecondRuns:
    """Keeps first results until the second ones are there."""

    def __init__(self) -> None:
        self._first: dict[str, Result] = {}
        self._full: set[str] = set()
        self._cut: dict[str, Result] = {}

    def wanted(self, job: Mapping[str, Any], result: Result) -> dict[str, Any] | None:
        """Return the job to run before the result of `job` is believed; None if it can be."""
        if result.config in self._first or result.config in self._cut:
            return None
        if _was_told_late(result):
            self._first[result.config] = result
            return {**job, 'environment': _BLOCKING}
        shrunk = (result.details.get('small') or {}).get('factor')
        if shrunk and result.failure is not None and result.failure.stage not in _WORSE_IN_FULL:
            self._full.add(result.config)  # that it failed may be our own doing
            return {**job, 'overrides': {**job.get('overrides', {}), 'small': False}}
        asked = result.details.get('batch_size')
        if _had_a_cut_batch(result) and isinstance(asked, int):
            self._cut[result.config] = result  # that it failed may be our own doing as well
            return {**job, 'overrides': {**job.get('overrides', {}), 'batch_size': min(asked, ENOUGH)}}
        return None

    def settled(self, result: Result) -> Result:
        """Return what to believe, once there is nothing more to run."""
        if result.config in self._full:
            small = {'factor': None, 'left_alone': 'for it failed when it was small'}
            result = replace(result, details={**result.details, 'small': small})
        cut = self._cut.pop(result.config, None)
        if cut is not None and result.status is Status.FAILED:
            result = _doubted(cut)
        first = self._first.pop(result.config, None)
        if first is None or first.failure is None or not result.passed:
            return result
        words = f'{first.failure.message}\nit did not happen again with CUDA_LAUNCH_BLOCKING=1: the place is a guess'
        return first.with_failure(replace(first.failure, message=words))


def _had_a_cut_batch(result: Result) -> bool:
    """Tell whether something failed that got a smaller batch than the config asks for."""
    changes = result.details.get('changes', ())
    is_cut = any(change['key'] == _BATCH and change['why'] == SLOW_CPU for change in changes)
    return is_cut and result.failure is not None and result.failure.stage in OF_BATCHES


def _doubted(result: Result) -> Result:
    """Say of what failed with few samples that its own batch was not tried."""
    asked = result.details['batch_size']
    if asked <= ENOUGH:
        return result
    text = f'it failed with batches of 2 and {ENOUGH}; should it need all {asked} samples, give --batch-size {asked}'
    hint = {'kind': 'smaller batch', 'key': _BATCH, 'message': text}
    return replace(result, details={**result.details, 'hints': [*result.details.get('hints', ()), hint]})


def _was_told_late(result: Result) -> bool:
    """Tell whether a device failed in a way that it tells only at a later call, whose place means nothing."""
    failure = result.failure
    if failure is None or not is_cuda(result.device):
        return False
    return _TOLD_LATE.search(f'{failure.message}\n{failure.traceback}') is not None
