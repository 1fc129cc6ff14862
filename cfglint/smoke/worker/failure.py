"""An exception as data: stage, config key, the frames that matter."""

from __future__ import annotations

import linecache
import os
import re
import sysconfig
import traceback
from typing import TYPE_CHECKING, Any

from . import stages

if TYPE_CHECKING:
    from .blame import Blame, Step

OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
LIBRARIES = tuple(
    {os.path.realpath(path) + os.sep for path in sysconfig.get_paths().values() if os.path.basename(path) != ''}
)
# As torch, NumPy and C++ say it; as CUDA, ROCm and their libraries do; as mmcv's operators name the error.
OUT_OF_MEMORY = re.compile(
    r"out of memory|can't allocate memory|cannot allocate memory|unable to allocate|std::bad_alloc|failed to allocate"
    r'|status_alloc_failed|allocation_failed|status_memory_error|memoryallocation|erroroutofmemory|statusallocfailed',
    re.IGNORECASE,
)
NOT_REGISTERED = ('registry. please check whether', 'must contain the key "type"', 'type must be a str or valid type',
                  'none is not a callable object', 'registry must be a mmengine.registry')  # fmt: skip
NOT_INSTALLED = re.compile(r'\b(?:is|are) not installed\b|\b(?:pip|mim) install\b|\bplease install\b', re.IGNORECASE)
"""As libraries say it of optional packages, whatever they raise."""
MAX_MESSAGE = 4000


class Unfit(Exception):
    """No training config: a fragment, or one for testing only."""

    status = 'unfit'


class Unsupported(Unfit):
    """A training config that needs what smoke cannot do, or does not allow: no fault of the config."""

    status = 'unsupported'


class NeedsDownload(Unsupported):
    """The run fetches something, which smoke does not allow."""

    status = 'needs a download'


class Unhealthy(Exception):
    """What is wrong in our own words, where the error itself tells less, or where there was none: a loss that is NaN…"""

    def __init__(self, message: str, stage: str, key: str | None = None) -> None:
        super().__init__(message)
        self.stage = stage
        self.key = key


def describe(error: BaseException, stage: str, blame: Blame | None) -> dict[str, Any]:
    """The failure that a result carries."""
    errors = chain(error)
    root, steps = errors[0], walk_chain(errors)
    told = next((each for each in reversed(errors) if isinstance(each, Unhealthy)), None)
    message = _messages(errors) if told is None else str(told)
    if stage == stages.DATASET and _collates(steps):
        stage = stages.DATALOADER
    key = None if told is None else told.key
    if key is None and blame is not None:
        key = blame.key(steps, stage, message)
        message = blame.missing_type(key, message) or message
    found = _refine_data(_refine(root, stage, message), key, steps) if told is None else told.stage
    return {
        'stage': found,
        'during': stage if told is None else told.stage,
        'key': key,
        'type': type(root).__name__,
        'message': message[:MAX_MESSAGE],
        'frames': frames(steps),
        'traceback': ''.join(traceback.format_exception(type(error), error, error.__traceback__))[-20000:],
    }


def chain(error: BaseException) -> list[BaseException]:
    """The errors of `raise … from …`, the one that started it first."""
    errors = [error]
    while errors[-1].__cause__ is not None:
        errors.append(errors[-1].__cause__)
    return errors[::-1]


def walk_chain(errors: list[BaseException]) -> list[Step]:
    """The frames and lines from the outermost to where the first error was raised, each frame once."""
    found: list[Step] = []
    for error in reversed(errors):
        steps = list(traceback.walk_tb(error.__traceback__))
        if steps and found and found[-1][0] is steps[0][0]:
            found.pop()
        found += steps
    return found


def _messages(errors: list[BaseException]) -> str:
    """What the first error says, and what others made of it."""
    root = _message(errors[0])
    later = [f'raised as {type(each).__name__}: {_message(each)}' for each in errors[1:] if _message(each) != root]
    return '\n'.join([root, *later])


def _message(error: BaseException) -> str:
    if isinstance(error, KeyError) and len(error.args) == 1 and isinstance(error.args[0], str) and ' ' in error.args[0]:
        return error.args[0]
    if isinstance(error, SystemExit):
        return f'something called sys.exit({error.code!r})'
    return str(error) or '(no message)'


def _refine(error: BaseException, stage: str, message: str) -> str:
    lower = message.lower()
    if isinstance(error, MemoryError) or OUT_OF_MEMORY.search(message):
        return stages.MEMORY
    if isinstance(error, (KeyError, TypeError)) and any(words in lower for words in NOT_REGISTERED):
        return stages.REGISTRY
    if isinstance(error, ImportError) or NOT_INSTALLED.search(message):
        return stages.IMPORT
    return stage


def _refine_data(stage: str, key: str | None, steps: list[Step]) -> str:
    """Reading a sample is the dataset's, putting a batch together is the dataloader's."""
    if stage not in (stages.DATASET, stages.DATALOADER):
        return stage
    if key is not None and key.startswith('train_cfg'):
        return stages.CONFIG
    if _collates(steps):
        return stages.DATALOADER
    inside = key is not None and key.partition('.')[2].startswith('dataset')
    return stages.DATASET if inside or stage == stages.DATASET else stages.DATALOADER


def _collates(steps: list[Step]) -> bool:
    return any('collate' in frame.f_code.co_name for frame, _ in steps)


def frames(steps: list[Step]) -> list[dict[str, Any]]:
    """All frames but our own, the innermost last; `user` marks code that is no installed library."""
    found = []
    for frame, line in steps:
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
