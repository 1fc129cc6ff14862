"""Does a run fit a device that is not here? Estimated from two small runs on the CPU, by the tensors that live at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cfglint.smoke.quantities import GIB, in_gib
from cfglint.smoke.results import Failure, Result, Status
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from cfglint.smoke.batch_size import Trial

SIZES = (2, 4)
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
    results = []
    for size in SIZES:
        results.append(trial(size))
        if results[-1].status not in (Status.OK, Status.PARTIAL):
            return results[-1]
    small, large = (_peak(result) for result in results)
    if small is None or large is None:
        return replace(results[-1], status=Status.UNSUPPORTED, reason='the memory of tensors needs torch 2.1 or newer')
    each = max(0.0, (large - small) / (SIZES[1] - SIZES[0]))
    fixed = small - each * SIZES[0] + CONTEXT
    batch = wanted or results[-1].details.get('batch_size') or SIZES[1]
    largest = int((limit - fixed) / each) if each and limit > fixed else 0
    found = {
        'batch_size': batch, 'needed': int(fixed + each * batch), 'limit': limit, 'largest': largest,
        'fixed': int(fixed), 'each': int(each),
    }  # fmt: skip
    result = replace(results[-1], details={**results[-1].details, 'fit': found})
    return result if found['needed'] <= limit else replace(result, status=Status.FAILED, failure=_too_large(found))


def _peak(result: Result) -> int | None:
    return (result.details.get('memory') or {}).get('peak_live')


def _too_large(found: dict[str, Any]) -> Failure:
    words = f'a batch of {found["batch_size"]} takes about {in_gib(found["needed"])} of {in_gib(found["limit"])}'
    remedy = 'not even one sample fits: use mixed precision, activation checkpointing or shards'
    if found['largest']:
        remedy = f'about {found["largest"]} fit: write `batch_size={found["largest"]}`, or accumulate'
    return Failure(stage='out of memory', message=words, key=KEY, remedy=remedy)
