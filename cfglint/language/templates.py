"""MMEngine's textual templates: ``{{ fileDirname }}``, ``{{$ENV:default}}`` and ``{{ _base_.key }}``.

MMEngine replaces them in the whole text, comments and strings included, before it parses a text-style config
(``mmengine.config.Config._substitute_predefined_vars``, ``_substitute_env_variables``, ``_pre_substitute_base_vars``).
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from functools import partial
from itertools import accumulate
from keyword import iskeyword
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError
from cfglint.language.places import Range
from cfglint.language.source import Shift

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cfglint.language.source import SourceFile

MAX_TEMPLATES = 500
"""How many templates a file may have; the hungriest official config has some twenty."""

_PREDEFINED = ('fileDirname', 'fileBasename', 'fileBasenameNoExtension', 'fileExtname')
_OPENING = re.compile(r'\{\{[\'\"]?\s*\$(\w+)\s*\:\s*')
_BASE = re.compile(r'\{\{\s*_base_\.([\w\.]+)\s*\}\}')
# As an argument or an item: no string stands beside it that would be joined to one.
_PLAIN_BASE = re.compile(r'\{\{[ \t]*_base_\.([a-zA-Z_][\w.]*)[ \t]*\}\}[ \t]*[,)\]]', re.ASCII)
_BEFORE_PLAIN = ('=', '(', ',', '[')
# What matches itself as a regular expression (a dot any character, too), or in words one of which does: there MMEngine's
# pattern falls apart into `{{$X:a` and `b}}`. A later word that may be white space would make it slow.
_CHARACTER = r'(?:[^*+?()\[\]{|^$\\\s]|\{(?![\d,]))'
_PLAIN = re.compile(rf'{_CHARACTER}*(?:\|(?!\.){_CHARACTER}+)*')

TOKEN = '_{}_cfglint'
"""What stands for ``{{ _base_.key }}`` until the bases are known; MMEngine uses a random suffix."""


def substitute(source: SourceFile, environment: Mapping[str, str]) -> dict[str, str]:
    """Replace the templates of `source`: sets its `code` and `shifts`.

    Returns:
        The token of every ``{{ _base_.key }}``, with its dotted key.

    Raises:
        ConfigError: An environment variable is not set and has no default (`KeyError` in MMEngine).
    """
    if '{{' not in source.text:
        return {}
    if source.text.count('{{') > MAX_TEMPLATES:
        message = f'evaluation stopped: more than {MAX_TEMPLATES} templates; a config should not need it'
        raise ConfigError('endless-evaluation', message, source, Range(0, 0))
    text = _Text(source)
    # MMEngine gets an absolute path here, whatever the user wrote.
    path = os.path.abspath(source.path)
    stem, extension = os.path.splitext(os.path.basename(path))
    values = dict(zip(_PREDEFINED, (os.path.dirname(path), stem + extension, stem, extension), strict=True))
    for name, value in values.items():
        plain = value.replace('\\', '/')
        text.replace(re.compile(r'\{\{\s*' + name + r'\s*\}\}'), partial(_constant, plain))
    _substitute_environment(source, text, environment)
    tokens: dict[str, str] = {}

    def token(match: re.Match[str]) -> str:
        tokens[TOKEN.format(match[1])] = match[1]
        return _string(match)

    text.replace(_BASE, token)
    source.code, source.shifts = text.code, text.shifts
    return tokens


def _string(match: re.Match[str]) -> str:
    return f'"{TOKEN.format(match[1])}"'


def plain_code(text: str) -> str | None:
    """Return what `substitute` makes of a text in which templates cannot be a matter of syntax; none for another.

    Each is then a ``{{ _base_.key }}`` that is an argument or an item: before, a set stands there, after, a string.
    """
    count = text.count('{{')
    if not 0 < count <= MAX_TEMPLATES or _has_formatted(text):
        return None
    found = list(_PLAIN_BASE.finditer(text))
    return _BASE.sub(_string, text) if len(found) == count and all(map(_is_plain, found)) else None


def _has_formatted(text: str) -> bool:
    """Tell whether a text may have f-strings in it, which are parsed inside as well."""
    text = text.lower()
    return any(start in text for start in ('f"', "f'", 'fr"', "fr'"))


def _is_plain(match: re.Match[str]) -> bool:
    before = match.string[: match.start()].rstrip(' \t')
    names = match[1].split('.')
    return before.endswith(_BEFORE_PLAIN) and all(name.isidentifier() and not iskeyword(name) for name in names)


def _substitute_environment(source: SourceFile, text: _Text, environment: Mapping[str, str]) -> None:
    variables = _variables(text.code)
    for (name, default), written in variables.items():
        value = environment.get(name, default)
        if not value:
            raise ConfigError(
                'undefined-environment-variable',
                f'environment variable `{name}` is not set and has no default',
                source,
                _place(source, written),
                exception='KeyError',
                raises=f'KeyError: `{name}` cannot be found in `os.environ`',
                advice=Advice(f'set it, or write a default: `{{{{${name}:default}}}}`'),
            )
        # MMEngine takes the default for a regular expression, and the value for a replacement template.
        if _PLAIN.fullmatch(default) is not None:
            between = r'\s*' + default + r'\s*' if default else r'\s*'
            pattern = re.compile(r'\{\{[\'\"]?\s*\$' + name + r'\s*\:' + between + r'[\'\"]?\}\}')
            text.replace(pattern, partial(_expanded, source, value=value, written=written))
        else:
            _check_pattern(source, default, written)


def _variables(code: str) -> dict[tuple[str, str], str]:
    """Return names and defaults of the templates of environment variables, with one of the places as it is written.

    MMEngine's ``\\{\\{['"]?\\s*\\$(\\w+)\\s*:\\s*(\\S*?)\\s*['"]?\\}\\}``, which takes quadratic time, or cubic.
    """
    found: dict[tuple[str, str], str] = {}
    at = 0
    while (opening := _OPENING.search(code, at)) is not None:
        at, end = opening.end(), code.find('}}', opening.end())
        if end == -1:
            break
        default = code[at:end]
        default = (default[:-1] if default.endswith(("'", '"')) else default).rstrip()
        if len(default.split(None, 1)) < 2:
            at = end + 2
            found[opening[1], default] = code[opening.start() : at]
    return found


def _place(source: SourceFile, written: str) -> Range | None:
    at = source.text.find(written)
    return Range(at, at + len(written)) if at >= 0 else None


def _constant(text: str, match: re.Match[str]) -> str:
    return text


def _expanded(source: SourceFile, match: re.Match[str], value: str, written: str) -> str:
    try:
        return match.expand(value)
    except (re.error, IndexError) as error:
        raise ConfigError(
            'failing-expression',
            'MMEngine takes backslashes in the value of an environment variable for escapes',
            source,
            _place(source, written),
            exception='error',
            raises=f're.error: {error}',
            advice=Advice('write the path with `/`'),
        ) from None


def _check_pattern(source: SourceFile, default: str, written: str) -> None:
    """Report a default that is no regular expression; one that is does not match itself: nothing is replaced."""
    try:
        re.compile(default)
    except (re.error, RecursionError, OverflowError) as error:
        raise ConfigError(
            'failing-expression',
            'MMEngine takes the default of an environment variable for a regular expression',
            source,
            _place(source, written),
            exception='error',
            raises=f're.error: {error}',
            advice=Advice('give a plain default: letters, digits, `/`, `_` and `-`'),
        ) from None


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
        """Merge replacements in the present code with the earlier ones, which moved the original text; all are in order."""
        ends = [end for _, end, _ in new]
        moves = list(accumulate((length - (end - start) for start, end, length in new), initial=0))
        code_ends = [shift.code_end for shift in self.shifts]

        def moved(position: int) -> int:
            return moves[bisect_right(ends, position)]

        def in_text(position: int) -> int:
            """Lead a position in the present code, outside of earlier replacements, back to the text."""
            before = bisect_right(code_ends, position)
            return position + (self.shifts[before - 1].text_end - code_ends[before - 1] if before else 0)

        shifts = []
        for shift in self.shifts:
            at = bisect_right(ends, shift.code_start)
            if at == len(new) or new[at][0] >= shift.code_end:
                by = moves[at]
                shifts.append(Shift(shift.text_start, shift.text_end, shift.code_start + by, shift.code_end + by))
        for start, end, length in new:
            at = start + moved(start)
            shifts.append(Shift(in_text(start), in_text(end), at, at + length))
        return sorted(shifts)
