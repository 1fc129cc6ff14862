"""Reading source files, as MMEngine would."""

from __future__ import annotations

import os
import stat

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError
from cfglint.language.places import Range
from cfglint.language.source import SourceFile

MAX_FILE_SIZE = 320 * 1024
"""In bytes. The largest config of the official zoos has 75 kB; parsing 320 kB may take half a second."""


def read(path: str) -> SourceFile:
    """Read a file as MMEngine would: UTF-8, whatever a coding cookie says.

    Raises:
        ConfigError: The file is absent, no regular file, too large, not readable or not UTF-8
            (``mmengine.config.Config._file2dict`` opens every file with ``encoding='utf-8'``).
    """
    try:
        # Not open() first: a FIFO would block, /dev/zero would never end.
        status = os.stat(path)
    except OSError as error:
        what = 'a broken link' if os.path.islink(path) else _reason(error)
        raise ConfigError('unreadable-file', f'cannot read `{path}`: {what}') from None
    if not stat.S_ISREG(status.st_mode):
        kind = 'a folder' if stat.S_ISDIR(status.st_mode) else 'not a regular file'
        raise ConfigError('unreadable-file', f'cannot read `{path}`: it is {kind}')
    if status.st_size > MAX_FILE_SIZE:
        raise _too_large(path, status.st_size)
    try:
        data = _content(path, status.st_size or MAX_FILE_SIZE + 1)  # the kernel's own files say 0
    except OSError as error:
        raise ConfigError('unreadable-file', f'cannot read `{path}`: {_reason(error)}') from None
    if len(data) > MAX_FILE_SIZE:
        raise _too_large(path, len(data))
    return decode(path, data)


def _too_large(path: str, size: int) -> ConfigError:
    limit = f'{size / 1024 / 1024:.1f} MB; the limit is {MAX_FILE_SIZE // 1024} kB'
    return ConfigError('unreadable-file', f'`{path}` is too large for a config ({limit})')


def _content(path: str, size: int) -> bytes:
    """Return the first `size` bytes of a file, or all that it has: `open` asks the system for twice as much.

    Raises:
        OSError: The file cannot be read.
    """
    file = os.open(path, os.O_RDONLY | getattr(os, 'O_BINARY', 0))
    try:
        data = os.read(file, size)
        while data and len(data) < size and (more := os.read(file, size - len(data))):
            data += more
        return data
    finally:
        os.close(file)


def decode(path: str, data: bytes) -> SourceFile:
    """Turn the bytes of a file into a `SourceFile`.

    Raises:
        ConfigError: The bytes are not UTF-8, or hold a NUL byte or a byte order mark, which Python refuses.
    """
    try:
        source = SourceFile(path, data.decode('utf-8'))
    except UnicodeDecodeError as error:
        source = SourceFile(path, data.decode('utf-8', 'replace'))
        row = data[: error.start].count(b'\n') + 1
        message = f'not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}'
        advice = Advice('save the file as UTF-8')
        start = source.offset_of_row(row)
        raise ConfigError(
            'unreadable-file', message, source, Range(start, start), raises='UnicodeDecodeError', advice=advice
        ) from None
    if '\0' in source.text:
        at = source.text.index('\0')
        advice = Advice('remove it')
        raise ConfigError('unreadable-file', 'the file has a NUL byte', source, Range(at, at + 1), advice=advice)
    if source.text.startswith('\ufeff') and not path.endswith(('.yaml', '.yml')):
        raise ConfigError(
            'unreadable-file',
            'the file starts with a byte order mark',
            source,
            Range(0, 1),
            raises='SyntaxError: invalid non-printable character U+FEFF',
            advice=Advice('save it as UTF-8 without a byte order mark'),
        )
    return source


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
