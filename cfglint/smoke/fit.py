"""Does a run fit a device that is not here? Estimated from two small runs on the CPU, by the tensors that live at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.smoke.batch_size import ENOUGH, LARGEST, may_be_too_small
from cfglint.smoke.quantities import GIB, in_gib
from cfglint.smoke.results import Failure, Result, Status
from cfglint.smoke.worker import stages
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from cfglint.smoke.batch_size import Trial

SIZES = (2, 4)
_RAN = (Status.OK, Status.PARTIAL)
CONTEXT = GIB // 2
"""What CUDA itself takes."""
KEY = 'train_dataloader.batch_size'
GPUS = {
    't4': 14.6, 'v100-16': 15.8, 'v100-32': 31.7, 'l4': 22.0, 'a10': 22.1, 'rtx3090': 23.7, 'rtx4090': 23.6,
    'rtx5090': 31.4, 'a40': 44.4, 'l40s': 44.4, 'a6000': 47.4, 'a100-40': 39.4, 'a100-80': 79.2, 'h100-80': 79.1,
    'h200': 139.8,
}  # fmt: skip
"""The memory that torch sees on a device, in GiB; about, it differs with drivers."""


def memory_of_gpu(name: str) -> int:
    """Return the memory of a device, in bytes.

    Raises:
        UsageError: It is not known.
    """
    if name.lower() not in GPUS:
        raise UsageError(f'--gpu: `{name}` is none of {", ".join(GPUS)}; --max-memory takes any size')
    return int(GPUS[name.lower()] * GIB)


def fit(trial: Trial, limit: int, wanted: int | None = None) -> Result:
    """Estimate what a batch takes, and the largest one that the limit holds.

    Args:
        trial: Runs a batch size and measures it.
        limit: The memory of the device, in bytes.
        wanted: The batch size of the real run, if it is not the config's.

    Returns:
        The result of the last small run; a failure if the real one does not fit.
    """
    sizes, first = SIZES, trial(SIZES[0])
    if may_be_too_small(first, sizes[0]):
        sizes = (ENOUGH, 2 * ENOUGH)
        first = trial(sizes[0])
    results = [first]
    if first.status in _RAN:
        results.append(trial(sizes[1]))
    if results[-1].status not in _RAN:
        return results[-1]
    lines = _lines(_peaks(results[0]), _peaks(results[-1]), sizes)
    if not lines:
        return replace(results[-1], status=Status.UNSUPPORTED, reason='the memory of tensors needs torch 2.1 or newer')
    batch = wanted or results[-1].details.get('batch_size') or sizes[1]
    found = {
        'batch_size': batch, 'needed': int(max(line.at(batch) for line in lines)), 'limit': limit,
        'largest': max(0, int(min(line.largest(limit) for line in lines))),
    }  # fmt: skip
    result = replace(results[-1], details={**results[-1].details, 'fit': found})
    return result if found['needed'] <= limit else replace(result, status=Status.FAILED, failure=_too_large(found))


class _Line(NamedTuple):
    """The memory of one stage of an iteration: that of batches of any size, and that of each sample."""

    fixed: float
    each: float

    def at(self, batch: int) -> float:
        return self.fixed + self.each * batch

    def largest(self, limit: int) -> float:
        if self.each:
            return (limit - self.fixed) / self.each
        return LARGEST if self.fixed <= limit else 0


def _lines(small: dict[str, int], large: dict[str, int], sizes: tuple[int, int]) -> list[_Line]:
    """A line for each stage: the one that takes most with small batches is not the one that does with large ones.

    The same holds within the backward pass, which ends with all gradients and begins with all that the forward pass kept: it
    grows at least as that does.
    """
    growth = {stage: max(0.0, (large[stage] - small[stage]) / (sizes[1] - sizes[0])) for stage in small.keys() & large}
    if stages.BACKWARD in growth:
        growth[stages.BACKWARD] = max(growth[stages.BACKWARD], growth.get(stages.FORWARD, 0.0))
    return [_Line(max(small[stage], large[stage]) - each * sizes[1] + CONTEXT, each) for stage, each in growth.items()]


def _peaks(result: Result) -> dict[str, int]:
    return (result.details.get('memory') or {}).get('peak_live') or {}


def _too_large(found: dict[str, Any]) -> Failure:
    words = f'a batch of {found["batch_size"]} takes about {in_gib(found["needed"])} of {in_gib(found["limit"])}'
    remedy = 'not even one sample fits: use mixed precision, activation checkpointing or shards'
    if found['largest']:
        remedy = f'about {found["largest"]} fit: write `batch_size={found["largest"]}`, or accumulate'
    return Failure(stage='out of memory', message=words, key=KEY, remedy=remedy)
