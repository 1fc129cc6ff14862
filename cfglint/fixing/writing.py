"""Writing files: what was saved meanwhile is never lost, and a file stays what it was but for its text."""

from __future__ import annotations

import os
import re
import signal
import stat
import sys
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cfglint import files
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.language.source import SourceFile

_PREFIX, _SUFFIX = '.cfglint-', '.tmp'
_OURS = re.compile(r'\.cfglint-(\d+)-\w+\.tmp')


def write(texts: Mapping[str, SourceFile], originals: Mapping[str, SourceFile]) -> None:
    """Write all files or none, as far as can be foreseen; each at once, with its owner, mode and attributes.

    Raises:
        UsageError: A file cannot be written, or was changed by someone else meanwhile.
    """
    targets = {os.path.realpath(path): path for path in texts}
    for target, path in targets.items():
        reason = _reason_against(target)
        if reason is not None:
            raise UsageError(f'cannot write `{path}`: {reason}; nothing was written')
    ready: dict[str, str] = {}
    with _signals_blocked():
        try:
            for target, path in targets.items():
                _clean(os.path.dirname(target))
                ready[target] = _written_beside(target, path, texts[path].text.encode())
            for target, path in targets.items():
                _require_unchanged(target, path, originals[path], '; nothing was written')
            _replace(targets, ready, originals)
        finally:
            for temporary in ready.values():
                with suppress(FileNotFoundError):
                    os.unlink(temporary)


def _replace(targets: Mapping[str, str], ready: Mapping[str, str], originals: Mapping[str, SourceFile]) -> None:
    """Put the new files in the places of the old ones; if one fails, the old ones come back."""
    kept: dict[str, str] = {}
    try:
        for target, path in targets.items():
            _require_unchanged(target, path, originals[path], '')
            before = f'{ready[target].removesuffix(_SUFFIX)}_{_SUFFIX}'
            try:
                os.link(target, before)
                kept[target] = before
                os.replace(ready[target], target)
            except OSError as error:
                raise UsageError(f'cannot write `{path}`: {_words(error)}') from None
    except UsageError as error:
        raise UsageError(f'{error}; {_restored(targets, kept)}') from None
    finally:
        for before in kept.values():
            with suppress(FileNotFoundError):
                os.unlink(before)


def _restored(targets: Mapping[str, str], kept: Mapping[str, str]) -> str:
    """Put old files back; return the words that say what is written now."""
    lost = []
    for target, before in kept.items():
        try:
            os.replace(before, target)
        except OSError:
            lost.append(targets[target])
    return f'these were written: {", ".join(f"`{each}`" for each in lost)}' if lost else 'nothing was written'


def _reason_against(target: str) -> str | None:
    """Return why a file cannot be replaced, as far as that can be known."""
    try:
        status = os.stat(target)
    except OSError as error:
        return _words(error)
    if not stat.S_ISREG(status.st_mode):
        return 'it is no regular file'
    if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
        return 'it is read-only'
    if status.st_nlink > 1:
        return f'it has {status.st_nlink} hard links, of which one would be changed'
    if target in _mount_points():
        return 'something is mounted there'
    if not os.access(os.path.dirname(target), os.W_OK | os.X_OK):
        return 'its folder is read-only'
    return None


def _mount_points() -> set[str]:
    try:
        with open('/proc/self/mountinfo', encoding='utf-8', errors='surrogateescape') as file:
            points = [line.split(' ')[4] for line in file]
    except (OSError, IndexError):  # only Linux tells
        return set()
    return {re.sub(r'\\([0-7]{3})', lambda match: chr(int(match[1], 8)), point) for point in points}


def _require_unchanged(target: str, path: str, original: SourceFile, done: str) -> None:
    try:
        same = files.contents(target) == original.text.encode()
    except OSError as error:
        raise UsageError(f'cannot read `{path}`: {_words(error)}{done}') from None
    if not same:
        raise UsageError(f'`{path}` was changed while it was checked{done}')


def _written_beside(target: str, path: str, data: bytes) -> str:
    """Write a new file beside the target, on disk before it takes the target's place."""
    temporary = ''
    try:
        folder = os.path.dirname(target)
        handle, temporary = tempfile.mkstemp(prefix=f'{_PREFIX}{os.getpid()}-', suffix=_SUFFIX, dir=folder)
        with os.fdopen(handle, 'wb') as file:
            file.write(data)
            _copy_attributes(target, file.fileno())
            file.flush()
            os.fsync(file.fileno())
        return temporary
    except BaseException as error:
        if temporary:
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise UsageError(f'cannot write `{path}`: {_words(error)}; nothing was written') from None
        raise


def _copy_attributes(target: str, handle: int) -> None:
    """Give an open file the owner, the mode and the attributes of another one.

    Raises:
        OSError: It cannot have them.
    """
    status = os.stat(target)
    if sys.platform != 'win32':
        mine = os.fstat(handle)
        if (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
            os.fchown(handle, status.st_uid, status.st_gid)
        os.fchmod(handle, stat.S_IMODE(status.st_mode))
    if sys.platform == 'linux':
        given = {name: os.getxattr(target, name) for name in os.listxattr(target)}
        for name, value in given.items():
            if name not in os.listxattr(handle) or os.getxattr(handle, name) != value:
                os.setxattr(handle, name, value)


def _clean(folder: str) -> None:
    """Remove what a run that was killed has left in a folder."""
    with suppress(OSError):
        for name in os.listdir(folder):
            match = _OURS.fullmatch(name)
            if match is not None and not _is_alive(int(match[1])):
                os.unlink(os.path.join(folder, name))


def _is_alive(process: int) -> bool:
    if sys.platform == 'win32':
        return True  # asking would end it
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Hold back signals, so that none ends the process while a temporary file is there."""
    if sys.platform == 'win32':
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
