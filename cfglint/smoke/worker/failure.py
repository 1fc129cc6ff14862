"""An exception as data: stage, config key, the frames that matter."""

from __future__ import annotations

import linecache
import os
import sysconfig
import traceback
from typing import TYPE_CHECKING, Any

from . import stages
from .blame import Blame, innermost

if TYPE_CHECKING:
    from types import TracebackType

OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
LIBRARIES = tuple(
    {os.path.realpath(path) + os.sep for path in sysconfig.get_paths().values() if os.path.basename(path) != ''}
)
OUT_OF_MEMORY = (
    'out of memory',
    "can't allocate memory",
    'cannot allocate memory',
    'unable to allocate',
    'std::bad_alloc',
)
NOT_REGISTERED = ('registry. please check whether', 'must contain the key "type"', 'type must be a str or valid type',
                  'none is not a callable object', 'registry must be a mmengine.registry')  # fmt: skip
MAX_MESSAGE = 4000


class Unfit(Exception):
    """The config is no training config, or uses what the smoke run does not drive."""


class Unhealthy(Exception):
    """The iteration ran, but what it computed is broken: a loss that is not finite, nothing moved…"""

    def __init__(self, message: str, stage: str, key: str | None = None) -> None:
        super().__init__(message)
        self.stage = stage
        self.key = key


def describe(error: BaseException, stage: str, blame: Blame | None) -> dict[str, Any]:
    """The failure that a result carries."""
    root = innermost(error)
    message = _message(root)
    if stage == stages.DATASET and _collates(root.__traceback__):
        stage = stages.DATALOADER
    found = _refine(root, stage, message)
    key = getattr(root, 'key', None) if isinstance(root, Unhealthy) else None
    if key is None and blame is not None:
        key = blame.key(root.__traceback__, stage, message)
    found = _refine_data(found, key, root.__traceback__)
    return {
        'stage': found,
        'during': stage,
        'key': key,
        'type': type(root).__name__,
        'message': message[:MAX_MESSAGE],
        'frames': frames(root.__traceback__),
        'traceback': ''.join(traceback.format_exception(type(error), error, error.__traceback__))[-20000:],
    }


def _message(error: BaseException) -> str:
    if isinstance(error, KeyError) and len(error.args) == 1 and isinstance(error.args[0], str) and ' ' in error.args[0]:
        return error.args[0]
    if isinstance(error, SystemExit):
        return f'something called sys.exit({error.code!r})'
    return str(error) or '(no message)'


def _refine(error: BaseException, stage: str, message: str) -> str:
    lower = message.lower()
    if isinstance(error, Unhealthy):
        return error.stage
    if isinstance(error, MemoryError) or any(words in lower for words in OUT_OF_MEMORY):
        return stages.MEMORY
    if isinstance(error, (KeyError, TypeError)) and any(words in lower for words in NOT_REGISTERED):
        return stages.REGISTRY
    if isinstance(error, ImportError):
        return stages.IMPORT
    return stage


def _refine_data(stage: str, key: str | None, trace: TracebackType | None) -> str:
    """Reading a sample is the dataset's, putting a batch together is the dataloader's."""
    if stage not in (stages.DATASET, stages.DATALOADER):
        return stage
    if key is not None and key.startswith('train_cfg'):
        return stages.CONFIG
    if _collates(trace):
        return stages.DATALOADER
    inside = key is not None and key.partition('.')[2].startswith('dataset')
    return stages.DATASET if inside or stage == stages.DATASET else stages.DATALOADER


def _collates(trace: TracebackType | None) -> bool:
    return any('collate' in frame.f_code.co_name for frame, _ in traceback.walk_tb(trace))


def frames(trace: TracebackType | None) -> list[dict[str, Any]]:
    """All frames but our own, the innermost last; `user` marks code that is no installed library."""
    found = []
    for frame, line in traceback.walk_tb(trace):
        path = os.path.abspath(frame.f_code.co_filename)
        if path.startswith(OWN_FOLDER):
            continue
        found.append({
            'file': path,
            'line': line,
            'function': frame.f_code.co_name,
            'text': linecache.getline(path, line).strip(),
            'user': os.path.exists(path) and not os.path.realpath(path).startswith(LIBRARIES),
        })  # fmt: skip
    return found[-30:]
