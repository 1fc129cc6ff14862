"""Reading source files, as MMEngine would."""

from __future__ import annotations

import os

from cfglint import files
from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError
from cfglint.language.places import Range
from cfglint.language.source import SourceFile, weight_of

MAX_FILE_SIZE = 1024 * 1024
"""In bytes. The largest config that MMEngine wrote out for the official zoos has 343 kB, most of them indentation."""
MAX_WEIGHT = 320 * 1024
"""Where eight blanks count for one character: 111 kB there. Parsing 320 kB may take half a second."""


def read(path: str) -> SourceFile:
    """Read a file as MMEngine would: UTF-8, whatever a coding cookie says.

    Raises:
        ConfigError: The file is absent, no regular file, too large, not readable or not UTF-8
            (``mmengine.config.Config._file2dict`` opens every file with ``encoding='utf-8'``).
    """
    try:
        return decode(path, files.contents(path, MAX_FILE_SIZE))
    except files.TooLargeError as error:
        raise _too_large(path, error.size, MAX_FILE_SIZE) from None
    except OSError as error:
        what = 'a broken link' if isinstance(error, FileNotFoundError) and os.path.islink(path) else files.reason(error)
        raise ConfigError('unreadable-file', f'cannot read `{path}`: {what}') from None


def refuse_large(source: SourceFile) -> None:
    """Refuse a text that would take too long.

    Raises:
        ConfigError: It is too large for a config.
    """
    if len(source.text) > MAX_FILE_SIZE:
        raise _too_large(source.path, len(source.text), MAX_FILE_SIZE)
    if source.weight > MAX_WEIGHT:
        raise _too_large(source.path, source.weight, MAX_WEIGHT, ', blanks as an eighth')


def is_large(text: str) -> bool:
    """Tell whether a text would be refused."""
    return len(text) > MAX_FILE_SIZE or weight_of(text) > MAX_WEIGHT


def _too_large(path: str, size: int, limit: int, what: str = '') -> ConfigError:
    words = f'{size / 1024 / 1024:.1f} MB{what}; the limit is {limit // 1024} kB'
    return ConfigError('unreadable-file', f'`{path}` is too large for a config ({words})')


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
