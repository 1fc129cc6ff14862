"""Which devices the user sees, and how a worker is made to see only one of them."""

from __future__ import annotations

import os
import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = '`cuda`, `cuda:N`, `mps`, `cpu`, `auto`'
"""What `--device` takes."""
_NAME = re.compile(r'cpu|auto|mps|cuda(:\d+)?')
_MASKS = ('CUDA_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES')
"""What says which devices are seen. ROCm reads both, and the second goes before the first."""


class NoDevice(UsageError):
    """A device was asked for that is not there."""


def is_name(device: str) -> bool:
    """Tell whether a text names a device, there or not."""
    return _NAME.fullmatch(device) is not None


def is_cuda(device: str) -> bool:
    """Tell whether a device is CUDA's, or ROCm's under that name."""
    return device.startswith('cuda')


def index_of(device: str) -> int | None:
    """Return the index of `cuda:N`, None for a device without one."""
    index = device.partition(':')[2]
    return int(index) if index else None


def hidden() -> dict[str, str]:
    """Return the environment in which no device is seen."""
    return dict.fromkeys(_MASKS, '-1')


def only(index: int) -> dict[str, str]:
    """Return the environment in which only the device is seen that is the `index`-th of those that are seen now.

    Raises:
        NoDevice: Fewer are seen.
    """
    lists = {mask: names for mask in _MASKS if (names := _names(mask)) is not None}
    for mask, names in lists.items():
        if index >= len(names):
            seen = f'only {", ".join(names)}' if names else 'none'
            raise NoDevice(f'there is no `cuda:{index}`: of the devices, {mask}={os.environ[mask]} shows {seen}')
    return {mask: names[index] for mask, names in lists.items()} or {_MASKS[0]: str(index)}


def _names(mask: str) -> list[str] | None:
    """Return what a variable shows, None where it is not set. A number below 0 ends the list."""
    if mask not in os.environ:
        return None
    names = [name.strip() for name in os.environ[mask].split(',')]
    return list(takewhile(lambda name: name and not name.startswith('-'), names))


def chosen(device: str, ready: Mapping[str, Any], python: str) -> str:
    """Return the device of a run, from what was asked for and what a worker found.

    Args:
        device: What was asked for; `auto` is CUDA, else Metal, where there is one.
        ready: What the worker said: its `devices`, whether it has `mps`, and its `versions`.
        python: Its interpreter.

    Raises:
        NoDevice: There is none.
    """
    devices, versions = int(ready['devices']), ready['versions']
    if device == 'auto':
        return 'cuda' if devices else 'mps' if ready['mps'] else 'cpu'
    if (device == 'mps' and ready['mps']) or (is_cuda(device) and devices):
        return device
    build = f'torch {versions["torch"]} of {python}'
    if device == 'mps':
        reason = 'sees no Metal device'
    elif not versions['cuda'] and not versions['hip']:
        reason = 'was built without CUDA'
    elif index_of(device) is not None:
        reason = f'sees no `{device}`'
    else:
        reason = f'sees no {"CUDA" if versions["cuda"] else "ROCm"} device'
    raise NoDevice(f'{build} {reason}; give --device cpu to run on the CPU, or --device auto to take what there is')
