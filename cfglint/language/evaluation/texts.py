"""Formatting of text, and the methods of `str`, within bounds and without a look into cfglint's own objects."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any

from cfglint.language.copies import placed
from cfglint.language.evaluation.evaluator import Evaluator, iterate
from cfglint.language.evaluation.limits import MAX_WIDTH, TooLarge, Weight, check_text
from cfglint.language.values import Unknown

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from cfglint.language.evaluation.callables import MethodImplementation

_CONVERSION = re.compile(r'%(?:\([^()]*\))?[-#0 +]*(\*|\d+)?(?:\.(\*|\d+)?)?')
_NUMBER = re.compile(r'\d+')
_NOT_KNOWN = 'a text made of a value that is not known'


def printf(template: str | bytes, values: Any) -> Any:
    """Format with ``%``."""
    weight = Weight(values)
    if not weight.plain or _has_set(values):
        return Unknown(_NOT_KNOWN)
    text = template if isinstance(template, str) else template.decode('latin-1')
    directives = _CONVERSION.findall(text)
    width = 0
    for part in (part for directive in directives for part in directive):
        if part == '*':
            for value in values if isinstance(values, tuple) else (values,):
                if isinstance(value, int):
                    _check_width(abs(value))
        elif part:
            _check_width(int(part[:10]))
            width += int(part[:10])
    check_text(width)
    # One value may be printed many times: `'%(a)s' * 1000 % dict(a=…)`.
    check_text(weight.characters * max(1, text.count('%(')))
    result = template % values
    check_text(len(result))
    return result


def _check_width(width: int) -> None:
    if width > MAX_WIDTH:
        raise TooLarge(f'a format with a width of more than {MAX_WIDTH}')


def _has_set(value: Any) -> bool:
    """Tell whether the text of `value` depends on the order of a set."""
    if isinstance(value, (set, frozenset)):
        return len(value) > 1
    if isinstance(value, dict):
        return any(_has_set(item) for item in value.values())
    return isinstance(value, (list, tuple)) and any(_has_set(item) for item in value)


def format_value(value: Any, spec: str) -> Any:
    """Format as f-strings, ``str.format`` and ``str(…)`` do."""
    if isinstance(value, str) and not spec:
        return value
    weight = Weight(value)
    if not weight.plain or _has_set(value):
        return Unknown(_NOT_KNOWN)
    check_text(weight.characters)
    for number in _NUMBER.findall(spec):
        _check_width(int(number[:10]))
    return format(value, spec)


def convert(value: Any, conversion: str | None) -> Any:
    """Apply ``!r``, ``!a`` or ``!s``."""
    if conversion is None:
        return value
    if conversion == 's':
        return format_value(value, '') if not isinstance(value, str) else value
    weight = Weight(value)
    if not weight.plain or _has_set(value):
        return Unknown(_NOT_KNOWN)
    check_text(weight.characters)
    return repr(value) if conversion == 'r' else ascii(value)


class _Undecided(Exception):
    """A part of a text is not known."""


class _Formatter(string.Formatter):
    """``str.format`` that reads attributes and items of configs only."""

    def __init__(self, attribute_of: Callable[[Any, str], Any], item_of: Callable[[Any, Any], Any]) -> None:
        self.attribute_of = attribute_of
        self.item_of = item_of
        self.length = 0

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        name, rest = string._string.formatter_field_name_split(field_name)  # type: ignore[attr-defined]
        value = self.get_value(name, args, kwargs)
        for is_attribute, key in rest:
            value = self._decided(self.attribute_of(value, key) if is_attribute else self.item_of(value, key))
        return value, name

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return self._decided(convert(value, conversion))

    def format_field(self, value: Any, format_spec: str) -> Any:
        text = self._decided(format_value(value, format_spec))
        self.length += len(text)
        check_text(self.length)
        return text

    @staticmethod
    def _decided(value: Any) -> Any:
        if isinstance(value, Unknown):
            raise _Undecided
        return value


def format_text(
    template: str,
    args: list[Any],
    kwargs: dict[str, Any],
    attribute_of: Callable[[Any, str], Any],
    item_of: Callable[[Any, Any], Any],
) -> Any:
    """Do ``template.format(*args, **kwargs)``."""
    try:
        return _Formatter(attribute_of, item_of).vformat(template, args, kwargs)
    except _Undecided:
        return Unknown(_NOT_KNOWN)


def _check_growth(name: str, owner: str, args: list[Any]) -> None:
    """Raise `TooLarge` before a method of `str` makes a text beyond the bounds."""
    if name in ('ljust', 'rjust', 'center', 'zfill') and args and isinstance(args[0], int):
        check_text(args[0])
    elif name == 'join' and args:
        items = args[0]
        check_text(sum(len(item) for item in items if isinstance(item, str)) + len(owner) * len(items))
    elif name == 'replace' and len(args) > 1 and isinstance(args[0], str) and isinstance(args[1], str):
        count = owner.count(args[0]) if args[0] else len(owner) + 1
        check_text(len(owner) + count * len(args[1]))
    elif name == 'expandtabs' and isinstance(args[0] if args else 8, int):
        check_text(len(owner) + owner.count('\t') * (args[0] if args else 8))


def _text_method(name: str) -> MethodImplementation:
    """Make an implementation of a method of `str`."""

    def implementation(ev: Evaluator, node: ast.Call, owner: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if name == 'join' and args:
            items = iterate(ev, node, args[0])
            if isinstance(items, Unknown):
                return items
            args = [items]
        if not ev.weigh(node, owner, *args, *kwargs.values()):
            return Unknown(_NOT_KNOWN)
        _check_growth(name, owner, args)
        return placed(getattr(owner, name)(*args, **kwargs))

    return implementation


_METHODS = ('join', 'split', 'rsplit', 'replace', 'strip', 'lstrip', 'rstrip', 'lower', 'upper', 'title', 'capitalize',
            'startswith', 'endswith', 'find', 'rfind', 'index', 'rindex', 'count', 'partition', 'rpartition', 'zfill',
            'ljust', 'rjust', 'center', 'expandtabs', 'splitlines', 'removeprefix', 'removesuffix', 'swapcase',
            'casefold', 'isdigit', 'isalpha', 'isalnum', 'isupper', 'islower', 'isspace', 'isnumeric', 'isdecimal',
            'isidentifier', 'istitle', 'isascii')  # fmt: skip

TEXT_METHODS: dict[str, MethodImplementation] = {name: _text_method(name) for name in _METHODS}
"""All but ``format``, which reads attributes and items of its arguments."""
