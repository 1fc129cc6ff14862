"""Where each value of a config comes from, and what it overrides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.encoding import encode
from cfglint.language.values import Array, Origin, Row, Table
from cfglint.report.python import inline
from cfglint.report.sources import shown
from cfglint.report.style import PLAIN, printable
from cfglint.usage import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.report.style import Style

_MAX_VALUE = 60


class Entry(NamedTuple):
    """A value of a config, with its dotted key and where it was written (none for what code computed)."""

    key: str
    value: Any
    origin: Origin | None


def lookup(table: Table, key: str) -> Entry:
    """Return the value of a dotted key; items of lists are numbers.

    Raises:
        UsageError: There is no such key.
    """
    entry = Entry('', table, None)
    parts = key.split('.')
    while parts:
        children = {str(name): child for name, child in _children(entry)}
        # A key may itself hold dots: the longest one that fits is meant.
        for count in range(len(parts), 0, -1):
            name = '.'.join(parts[:count])
            if name in children:
                entry, parts = children[name], parts[count:]
                break
        else:
            where = f'`{entry.key}`' if entry.key else 'the config'
            hint = did_you_mean(parts[0], children) or (f'; it has {", ".join(children)}' if children else '')
            raise UsageError(f'{where} has no `{parts[0]}`{hint}')
    return entry


def leaves(entry: Entry) -> Iterator[Entry]:
    """Yield the values below an entry that hold no further keys: scalars, and lists without dicts."""
    children = [child for _, child in _children(entry)]
    if not children or not (isinstance(entry.value, dict) or any(isinstance(child.value, Table) for child in children)):
        yield entry
        return
    for child in children:
        yield from leaves(child)


def _children(entry: Entry) -> Iterator[tuple[Any, Entry]]:
    value = entry.value
    prefix = f'{entry.key}.' if entry.key else ''
    if isinstance(value, Table):
        for name, item in value.items():
            yield name, Entry(f'{prefix}{name}', item, value.origins.get(name, entry.origin))
    elif isinstance(value, (Array, Row)):
        for index, item in enumerate(value):
            origin = value.origins[index] if index < len(value.origins) else None
            yield index, Entry(f'{prefix}{index}', item, origin or entry.origin)


def history(origin: Origin | None) -> Iterator[tuple[Origin, Any]]:
    """Yield what the origin overrides, nearest first, each with the value that it had."""
    while origin is not None and origin.overrides is not None:
        yield origin.overrides, origin.replaced
        origin = origin.overrides


def listing(entry: Entry, style: Style = PLAIN) -> str:
    """Return a line for each value: key, value, where it was written, and what it overrides there."""
    rows = [(leaf.key, _short(leaf.value), _story(leaf)) for leaf in leaves(entry)]
    keys = min(max((len(key) for key, _, _ in rows), default=0), 60)
    values = min(max((len(value) for _, value, _ in rows), default=0), 40)
    return ''.join(
        f'{style.bold(key.ljust(keys))} = {value.ljust(values)}  {style.faint(f"# {story}")}\n'
        for key, value, story in rows
    )


def chain(entry: Entry, style: Style = PLAIN) -> str:
    """Return the story of one key, a place a line, the one that counts first."""
    if entry.origin is None:
        return 'computed by code\n'
    lines = [f'{style.bold("set in   ")} {place(entry.origin)}: {_line(entry.origin)}']
    for origin, value in history(entry.origin):
        is_merged = isinstance(value, dict) and isinstance(entry.value, dict)
        lines.append(f'{style.bold("extends  " if is_merged else "overrides")} {place(origin)}: {_line(origin)}')
    return '\n'.join(lines) + '\n'


def as_json(entry: Entry) -> str:
    """Return the same as a JSON list."""
    return json.dumps([_data(leaf) for leaf in leaves(entry)], indent=2, ensure_ascii=False) + '\n'


def _data(entry: Entry) -> dict[str, Any]:
    overrides = [{**place_data(origin), 'value': encode(value)} for origin, value in history(entry.origin)]
    origin = None if entry.origin is None else place_data(entry.origin)
    return {'key': entry.key, 'value': encode(entry.value), 'origin': origin, 'overrides': overrides}


def place_data(origin: Origin) -> dict[str, Any]:
    """Return where something was written, as JSON has it."""
    location = _location(origin)
    return {'filename': origin.source.path, 'location': {'row': location.row, 'column': location.column}}


def place(origin: Origin) -> str:
    """Return ``path:row`` of an origin."""
    return f'{printable(shown(origin.source.path))}:{_location(origin).row}'


def _location(origin: Origin) -> Any:
    source = origin.source
    return source.location(source.span(origin.key if origin.key is not None else origin.value).start)


def _line(origin: Origin) -> str:
    return printable(origin.source.line(_location(origin).row).strip())


def _story(entry: Entry) -> str:
    if entry.origin is None:
        return 'computed by code'
    overridden = [f'overrides {place(origin)} ({_short(value)})' for origin, value in history(entry.origin)]
    return ', '.join([place(entry.origin), *overridden])


def _short(value: Any) -> str:
    text = printable(inline(value))
    return text if len(text) <= _MAX_VALUE else text[: _MAX_VALUE - 1] + '…'
