"""Failures that smoke makes itself, because it refuses what a real run may do. They are not the config's."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING, Iterator

from .failure import NeedsDownload, Unfit, Unsupported, chain, walk_chain
from .guard import ForbiddenNetwork, ForbiddenWrite
from .weights import SkippedWeights

if TYPE_CHECKING:
    from .guard import Walls

FETCHING = frozenset({'OfflineModeIsEnabled', 'LocalEntryNotFoundError', 'gaierror'})
HUB = re.compile(r'huggingface\.co|download\w* (the )?(model|weights|file|checkpoint)', re.I)
WITHOUT_GROUP = re.compile(r'process group (has|is) not (been )?initialized', re.I)
ONLY_ON_CUDA = re.compile(r'implementation for device cpu not found|not compiled with CUDA enabled', re.I)
NEAR = 3
"""How many of the innermost frames count as those that computed with a value."""


def unfit_of(error: BaseException, key: str | None, walls: Walls | None, on_cpu: bool) -> Unfit | None:
    """What smoke could not do, if that is why `error` was raised."""
    errors = list(_all_of(error))
    subject = f'`{key}`' if key else 'the run'
    for each in errors:
        if isinstance(each, ForbiddenNetwork) or type(each).__name__ in FETCHING or _from_hub(each):
            return NeedsDownload(f'{subject} fetches something ({_line(each)}); --allow-downloads lets it')
        if isinstance(each, ForbiddenWrite) or (walls is not None and _refused_by_kernel(each, walls)):
            return Unsupported(f'{subject} writes where it may not ({_line(each)}); --allow-writes lets it')
        if isinstance(each, OSError) and each.errno == errno.EFBIG:
            return Unsupported(f'{subject} writes a larger file than smoke allows ({_line(each)})')
        if on_cpu and ONLY_ON_CUDA.search(str(each)):
            return Unsupported(f'{subject} has no CPU version ({_line(each)}): run it with --device cuda')
        if WITHOUT_GROUP.search(str(each)):
            return Unsupported(f'{subject} needs a group of processes: run it with --nproc 2')
    if _holds_skipped_weights(error):
        return NeedsDownload(f'{subject} computes with weights that were not loaded; --allow-downloads loads them')
    return None


def _all_of(error: BaseException) -> Iterator[BaseException]:
    """`error`, and all that it came from, wrapped as exceptions are: as cause, as context or as an argument."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (each.__cause__, each.__context__, getattr(each, 'reason', None), *each.args)
        waiting += [item for item in inner if isinstance(item, BaseException)]


def _from_hub(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno is None and bool(HUB.search(str(error)))


def _refused_by_kernel(error: BaseException, walls: Walls) -> bool:
    """Tell whether the walls refused a write, and not the permissions of the file."""
    if not isinstance(error, PermissionError) or error.errno != errno.EACCES or not isinstance(error.filename, str):
        return False
    path = os.path.abspath(error.filename)
    place = path if os.path.exists(path) else os.path.dirname(path)
    return not walls.allows(path) and os.access(place, os.W_OK)


def _holds_skipped_weights(error: BaseException) -> bool:
    """Tell whether the code that failed had weights in its hands that stand for those not loaded."""
    steps = walk_chain(chain(error))[-NEAR:]
    return any(isinstance(value, SkippedWeights) for frame, _ in steps for value in frame.f_locals.values())


def _line(error: BaseException) -> str:
    text = str(error).strip().partition('\n')[0] or type(error).__name__
    return text if len(text) <= 120 else text[:117] + '...'
