"""MMEngine's textual templates: ``{{ fileDirname }}``, ``{{$ENV:default}}`` and ``{{ _base_.key }}``.

MMEngine replaces them in the whole text, comments and strings included, before it parses a text-style config
(``mmengine.config.Config._substitute_predefined_vars``, ``_substitute_env_variables``, ``_pre_substitute_base_vars``).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cfglint.language.errors import ConfigError
from cfglint.language.source import Range, Shift

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cfglint.language.source import SourceFile

_PREDEFINED = ('fileDirname', 'fileBasename', 'fileBasenameNoExtension', 'fileExtname')
_ENVIRONMENT = re.compile(r'\{\{[\'\"]?\s*\$(\w+)\s*\:\s*(\S*?)\s*[\'\"]?\}\}')
_BASE = re.compile(r'\{\{\s*_base_\.([\w\.]+)\s*\}\}')

TOKEN = '_{}_cfglint'
"""What stands for ``{{ _base_.key }}`` until the bases are known; MMEngine uses a random suffix."""


def substitute(source: SourceFile, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Replace the templates of `source`: sets its `code` and `shifts`.

    Returns:
        The token of every ``{{ _base_.key }}``, with its dotted key.

    Raises:
        ConfigError: An environment variable is not set and has no default (`KeyError` in MMEngine).
    """
    if '{{' not in source.text:
        return {}
    text = _Text(source)
    # MMEngine gets an absolute path here, whatever the user wrote.
    path = os.path.abspath(source.path)
    stem, extension = os.path.splitext(os.path.basename(path))
    values = dict(zip(_PREDEFINED, (os.path.dirname(path), stem + extension, stem, extension), strict=True))
    for name, value in values.items():
        text.replace(re.compile(r'\{\{\s*' + name + r'\s*\}\}'), lambda _, value=value: value.replace('\\', '/'))
    text.replace(_ENVIRONMENT, lambda match: _environment_value(source, match, environment))
    tokens: dict[str, str] = {}

    def token(match: re.Match[str]) -> str:
        name = TOKEN.format(match[1])
        tokens[name] = match[1]
        return f'"{name}"'

    text.replace(_BASE, token)
    source.code, source.shifts = text.code, text.shifts
    return tokens


def _environment_value(source: SourceFile, match: re.Match[str], environment: Mapping[str, str]) -> str:
    name, default = match[1], match[2]
    value = environment.get(name, default)
    if not value:
        message = (
            f'environment variable `{name}` is not set and has no default: MMEngine fails with '
            f'`KeyError: cannot be found in os.environ`; write `{{{{${name}:default}}}}`'
        )
        at = source.text.find(match[0])
        place = Range(at, at + len(match[0])) if at >= 0 else None
        raise ConfigError('undefined-environment-variable', message, source, place, exception='KeyError')
    return value


class _Text:
    """A text under replacement that knows where its characters came from."""

    def __init__(self, source: SourceFile) -> None:
        self.code = source.text
        self.shifts: list[Shift] = []

    def replace(self, pattern: re.Pattern[str], value: Callable[[re.Match[str]], str]) -> None:
        pieces: list[str] = []
        new: list[tuple[int, int, int]] = []  # start and end in the old code, length of the replacement
        end = 0
        for match in pattern.finditer(self.code):
            replacement = value(match)
            pieces += (self.code[end : match.start()], replacement)
            new.append((match.start(), match.end(), len(replacement)))
            end = match.end()
        if new:
            self.code = ''.join(pieces) + self.code[end:]
            self.shifts = self._compose(new)

    def _compose(self, new: list[tuple[int, int, int]]) -> list[Shift]:
        """Merge replacements in the present code with the earlier ones, which moved the original text."""
        shifts = [
            Shift(shift.text_start, shift.text_end, shift.code_start + _moved(new, shift.code_start),
                  shift.code_end + _moved(new, shift.code_start))
            for shift in self.shifts
        ]  # fmt: skip
        for start, end, length in new:
            at = start + _moved(new, start)
            before = sum((s.text_end - s.text_start) - (s.code_end - s.code_start) for s in self.shifts if s.code_end <= start)
            shifts.append(Shift(start + before, end + before, at, at + length))
        return sorted(shifts)


def _moved(new: list[tuple[int, int, int]], position: int) -> int:
    return sum(length - (end - start) for start, end, length in new if end <= position)
