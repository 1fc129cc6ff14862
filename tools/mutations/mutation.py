"""One fault in one file, and what a mutation is made of."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from cfglint.language.values import Array, Table
from cfglint.rules.reading.types import type_name

if TYPE_CHECKING:
    from cfglint.catalog.model import Resolved
    from cfglint.language.source import SourceFile
    from cfglint.language.values import Origin
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item
    from cfglint.rules.reading.lookup import Use


class Mutation(NamedTuple):
    """A change of one file.

    Attributes:
        source: The file.
        start: Where the change begins, in characters.
        end: Where it ends.
        text: What stands there instead.
        keys: The dotted keys at which the fault may be reported.
        what: The change in words.
        rows: Further lines of the file (from 1, before the change) at which the fault may be reported.
    """

    source: SourceFile
    start: int
    end: int
    text: str
    keys: tuple[str, ...]
    what: str
    rows: tuple[int, ...] = ()

    def changed(self) -> str:
        """Return the text of the file with the fault."""
        return self.source.text[: self.start] + self.text + self.source.text[self.end :]

    def row(self) -> int:
        """Return the line of the fault, from 1."""
        return self.source.location(self.start).row


class Subject(NamedTuple):
    """A good config, and what is known of it."""

    context: Context
    uses: list[tuple[Use, Resolved]]


Kind = Callable[[Subject, random.Random], Iterator[Mutation]]
"""Yields mutations of a config, each of which breaks it."""


def misspelt(name: str, chance: random.Random) -> str:
    """Return a word with a typing error: a letter too few, too many, or two of them swapped."""
    spots = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()] or [len(name) - 1]
    at = chance.choice(spots)
    kind = chance.choice(('drop', 'double', 'swap'))
    if kind == 'swap' and at + 1 < len(name) and name[at] != name[at + 1]:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + name[at + 1 :] if kind == 'drop' else name[:at] + name[at] + name[at:]


def replace_value(item: Item, text: str, what: str, *keys: str) -> Mutation | None:
    """Return the mutation that writes another value."""
    if item.origin is None or (item.origin.overrides is not None and isinstance(item.value, (dict, list))):
        return None
    span = item.origin.source.span(item.origin.value)
    if span.start >= span.end:
        return None
    return Mutation(item.origin.source, span.start, span.end, text, (item.key, *keys), f'{item.key}: {what}')


def whole(origin: Origin) -> tuple[int, int] | None:
    """Return the range of `key=value` or `'key': value` in a call or a dict, with the comma that follows."""
    source = origin.source
    if origin.key is None or not isinstance(origin.key, (ast.keyword, ast.Constant)):
        return None
    start, end = source.span(origin.key).start, source.span(origin.value).end
    comma = re.compile(r'\s*,[ \t]*').match(source.text, end)
    if comma is not None:
        return start, comma.end()
    before = re.compile(r',\s*$').search(source.text[:start])
    return (start if before is None else before.start()), end


def remove(item: Item, *keys: str) -> Mutation | None:
    """Return the mutation that takes an argument out."""
    if item.origin is None or item.origin.overrides is not None:
        return None
    found = whole(item.origin)
    if found is None:
        return None
    parent = item.key.rpartition('.')[0]
    kind = None if item.parent is None else item.parent.get('type')
    rows = (
        () if kind is None or kind.origin is None or kind.origin.source is not item.origin.source else (row_of(kind),)
    )
    return Mutation(
        item.origin.source, *found, '', (item.key, parent, f'{parent}.type', *keys), f'{item.key} removed', rows
    )


def add(item: Item, text: str, *keys: str) -> Mutation | None:
    """Return the mutation that gives a dict another argument, after its `type`."""
    kind = item.get('type')
    if kind is None or kind.origin is None or not isinstance(kind.origin.key, ast.keyword):
        return None
    at = kind.origin.source.span(kind.origin.value).end
    return Mutation(kind.origin.source, at, at, f', {text}', (item.key, *keys), f'{item.key}: {text} added')


def wrap(item: Item, before: str, after: str, what: str, *keys: str) -> Mutation | None:
    """Return the mutation that writes something around a value."""
    if item.origin is None or item.origin.overrides is not None:
        return None
    span = item.origin.source.span(item.origin.value)
    text = f'{before}{item.origin.source.text[span.start : span.end]}{after}'
    return Mutation(item.origin.source, span.start, span.end, text, (item.key, *keys), f'{item.key}: {what}')


def append(source: SourceFile, text: str, what: str, *keys: str, line: int = 1) -> Mutation:
    """Return the mutation that writes lines at the end of a file; the fault is in the given one of them."""
    end = len(source.text)
    first = source.text.count('\n') + (not source.text.endswith('\n'))
    start = '' if source.text.endswith('\n') else '\n'
    return Mutation(source, end, end, f'{start}{text}\n', keys, what, (first + line,))


def named(item: Item | None) -> str:
    """Return the type of a dict, without its scope; empty if it has none."""
    return type_name(item.value.get('type')) or '' if item is not None and isinstance(item.value, dict) else ''


def dicts(item: Item | None) -> Iterator[Item]:
    """Yield the dicts at and below an item."""
    if item is None or not isinstance(item.value, (dict, list, tuple)):
        return
    if isinstance(item.value, dict):
        yield item
    for child in item.items():
        yield from dicts(child)


def row_of(item: Item) -> int:
    """Return the line of a value."""
    assert item.origin is not None
    return item.origin.source.location(item.origin.source.span(item.origin.value).start).row


def leaves(item: Item) -> Iterator[Item]:
    """Yield everything below an item."""
    if isinstance(item.value, (Table, Array, tuple)):
        for child in item.items():
            yield child
            yield from leaves(child)
