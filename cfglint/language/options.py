"""Overrides from the command line: ``--cfg-options a.b=1 c=[1,2]``, as MMEngine's own tools read them.

(``mmengine.config.DictAction``, ``Config.merge_from_dict``.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from cfglint.language.errors import ConfigError
from cfglint.language.evaluation.operators import type_name
from cfglint.language.places import Range
from cfglint.language.source import SourceFile
from cfglint.language.values import Array, ConfigTable, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.language.config import Config


def override(config: Config, options: Sequence[str]) -> Config:
    """Return `config` with options such as ``model.depth=18`` merged into it; it is not changed itself.

    Raises:
        ConfigError: MMEngine would refuse an option.
    """
    wanted: dict[str, tuple[Any, Origin]] = {}
    for option in options:
        key, equals, text = option.partition('=')
        if not equals:
            _refuse(option, 'write KEY=VALUE', 'ValueError')
        source = SourceFile('--cfg-options', option)
        origin = Origin(source, Range(0, len(key)), Range(len(key) + 1, len(option)))
        try:
            wanted[key] = (parse_value(text), origin)
        except AssertionError:
            _refuse(option, 'the brackets are not balanced', 'AssertionError')
        except RecursionError:
            _refuse(option, 'MMEngine cannot read it; put brackets around the whole', 'RecursionError')
    table = _merged(_nested(wanted), config.table, '')
    return config.with_table(table)


def _refuse(option: str, words: str, exception: str) -> NoReturn:
    message = f'`--cfg-options {option}`: {words}'
    raise ConfigError('failing-expression', message, key=option.partition('=')[0], exception=exception)


def parse_value(text: str) -> Any:
    """Read the value of an option.

    Quotes around it are stripped and all blanks removed; then it is a number, a truth value, ``None``, a list, a tuple,
    or else a string.

    Raises:
        AssertionError: Brackets are not balanced.
        RecursionError: MMEngine does not come to an end.
    """
    text = text.strip('\'"').replace(' ', '')
    is_tuple = text.startswith('(') and text.endswith(')')
    if is_tuple or (text.startswith('[') and text.endswith(']')):
        text = text[1:-1]
    elif ',' not in text:
        return _scalar(text)
    values = []
    while text:
        end = _next_comma(text)
        values.append(parse_value(text[:end]))
        text = text[end + 1 :]
    return Row(values) if is_tuple else Array(values)


def _next_comma(text: str) -> int:
    """Return the position of the first comma outside of brackets, or the end."""
    assert text.count('(') == text.count(')') and text.count('[') == text.count(']')
    round_open = square_open = 0
    for index, character in enumerate(text):
        if character == ',' and round_open == square_open == 0:
            return index
        round_open += {'(': 1, ')': -1}.get(character, 0)
        square_open += {'[': 1, ']': -1}.get(character, 0)
    return len(text)


def _scalar(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass  # not a number of this kind
    if text.lower() in ('true', 'false'):
        return text.lower() == 'true'
    return None if text == 'None' else text


def _nested(wanted: dict[str, tuple[Any, Origin]]) -> Table:
    """Turn dotted keys into nested dicts."""
    result = Table()
    for key, (value, origin) in wanted.items():
        *parents, last = key.split('.')
        table: Any = result
        for parent in parents:
            if parent not in table:
                table[parent] = ConfigTable()
                table.origins[parent] = origin
            table = table[parent]
            if not isinstance(table, Table):
                _refuse(origin.source.text, f'`{parent}` has a value already', 'AttributeError')
        table[last] = value
        table.origins[last] = origin
    return result


def _merged(options: Table, base: Any, path: str) -> Any:
    """Merge as ``Config._merge_a_into_b`` does with list keys allowed: digits are indices of a list."""
    result: Any = Array(base, list(base.origins)) if isinstance(base, Array) else type(base)(base, dict(base.origins))
    for key, value in options.items():
        origin = options.origins[key]
        where = f'{path}{key}'
        if isinstance(result, Array):
            _set_in_list(result, key, value, origin, where)
            continue
        before = result.get(key)
        if isinstance(value, Table):
            value = _merged_value(value, key in result, before, origin, where)
        if key in result:
            origin = origin._replace(overrides=result.origins.get(key), replaced=before)
        result[key] = value
        result.origins[key] = origin
    return result


def _set_in_list(items: Array, key: str, value: Any, origin: Origin, where: str) -> None:
    option = origin.source.text
    if not key.isdigit():
        _refuse(option, f'`{where}`: a list has no keys, only indices', 'TypeError')
    index = int(key)
    if index >= len(items):
        _refuse(option, f'index {index} exceeds the length of the list ({len(items)})', 'KeyError')
    old = items[index]
    if isinstance(old, Unknown):
        return
    if not isinstance(value, Table) or not isinstance(old, (Table, Array)):
        _refuse(option, f'`{where}`: only dicts in a list can be changed; give the whole list', 'AttributeError')
    items[index] = _merged(value, old, f'{where}.')
    items.origins[index] = origin


def _merged_value(value: Table, exists: bool, base: Any, origin: Origin, where: str) -> Any:
    if not exists:
        return value
    value = Table(value, value.origins)
    if value.pop('_delete_', False):
        return value
    if isinstance(base, Unknown):
        return base
    if not isinstance(base, (Table, Array)):
        words = f'`{where}` is of type `{type_name(base)}`: add `{where}._delete_=True` to replace it'
        _refuse(origin.source.text, words, 'TypeError')
    return _merged(value, base, f'{where}.')
