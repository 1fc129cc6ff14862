"""What a place in a config refers to, and all places that write or read the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.language.bases import resolve
from cfglint.language.errors import ConfigError
from cfglint.language.places import Range, Span
from cfglint.rules.reading.items import Item
from cfglint.server.document import item_at, key_span
from cfglint.server.syntax import content, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lsprotocol import types

    from cfglint.language.config import Config
    from cfglint.language.source import SourceFile
    from cfglint.language.values import Origin
    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document
    from cfglint.server.syntax import Key

_BASE = re.compile(r"""_base_((?:\s*\.\s*\w+|\[\s*(?:'[^'\n]*'|"[^"\n]*"|\d+)\s*\])+)""")
_STEP = re.compile(r"""\.\s*(?P<name>\w+)|\[\s*(?:'(?P<one>[^'\n]*)'|"(?P<two>[^"\n]*)"|(?P<number>\d+))\s*\]""")


class Reference(NamedTuple):
    """What a place refers to.

    Attributes:
        config: The base that it names, or whose value it takes.
        keys: The keys of the value; empty where the config itself is meant.
        item: The value.
    """

    config: Config | None
    keys: tuple[Key, ...] = ()
    item: Item | None = None


def reference_at(document: Document, cursor: Cursor) -> Reference | None:
    """Return what a place refers to: a base, a value of one, or a variable; None where it refers to nothing."""
    return _base_at(document, cursor) or _value_of_base(document, cursor) or _variable(document, cursor)


def base_file(document: Document, written: str) -> str | None:
    """Return the file that an entry of `_base_` names, None if MMEngine refuses the entry."""
    try:
        found = resolve(
            document.path,
            document.source,
            written,
            Range(0, 0),
            document.project.workspace.libraries.targets.find_package,
        )
    except ConfigError:
        return None
    return found.path


def _base_at(document: Document, cursor: Cursor) -> Reference | None:
    path = cursor.path
    token = cursor.token
    literal = cursor.node.literal() or (None if token is None else content(token.text))
    if path and path[0] == '_base_' and cursor.role == 'value' and literal:
        file = base_file(document, literal)
        config = None if file is None else document.project.config(file)
        return None if config is None else Reference(config)
    if document.config is None or not document.is_current or document.config.style != 'lazy':
        return None
    for base in document.config.bases:
        span = document.config.source.span(base.place)
        if span.start <= cursor.offset <= span.end:
            return Reference(base.config)
    return None


def _value_of_base(document: Document, cursor: Cursor) -> Reference | None:
    """Return what `_base_.x.y`, in braces or not, takes; up to the part that the place is in."""
    for start, keys in base_references(document.source.text):
        fitting = [key for key, begin, end in keys if begin <= cursor.offset]
        if start <= cursor.offset <= keys[-1][2] and document.config is not None:
            wanted = tuple(fitting) or (keys[0][0],)
            for base in document.config.bases:
                item = item_of(base.config, wanted)
                if item is not None:
                    return Reference(base.config, wanted, item)
    return None


def base_references(text: str) -> Iterator[tuple[int, list[tuple[Key, int, int]]]]:
    """Yield every `_base_.x.y` of a text: where it begins, and its keys with their places."""
    for match in _BASE.finditer(text):
        keys: list[tuple[Key, int, int]] = []
        for step in _STEP.finditer(text, match.start(1), match.end(1)):
            group = step.lastgroup or 'name'
            key: Key = int(step[group]) if group == 'number' else step[group]
            keys.append((key, step.start(group), step.end(group)))
        if keys:
            yield match.start(), keys


def item_of(config: Config, keys: Sequence[Key]) -> Item | None:
    """Return the item at some keys of a resolved config, None when there is none."""
    return item_at(Item('', config.table, None, None), keys)


def _variable(document: Document, cursor: Cursor) -> Reference | None:
    """Return the top-level value that a bare name in a value stands for."""
    token = cursor.token
    if token is None or token.kind != 'name' or cursor.role != 'value' or document.config is None:
        return None
    item = item_of(document.config, [token.text])
    return None if item is None else Reference(None, (token.text,), item)


class Occurrence(NamedTuple):
    """A place that writes or reads a key.

    Attributes:
        source: The text that it is in.
        span: The key, or the name, itself.
        is_written: Whether it gives the key a value.
    """

    source: SourceFile
    span: Span
    is_written: bool

    def location(self, document: Document) -> types.Location:
        """Return it as the protocol has it."""
        return document.location(self.span, self.source)


def occurrences(document: Document, keys: Sequence[Key]) -> list[Occurrence]:
    """Return all places that write or read a key, in the file, in what it inherits, and in all that inherit the same."""
    found: dict[Span, Occurrence] = {}
    configs = related_configs(document, keys)
    for config in configs:
        item = item_of(config, keys)
        for origin in _chain(None if item is None else item.origin):
            if _is_key(origin, keys[-1]):
                span = key_span(origin)
                found.setdefault(span, Occurrence(origin.source, span, is_written=True))
    spans = set(found)
    for config in configs:
        for read in (*_reads_of_base(config, keys), *(_reads_of_name(config, keys) if len(keys) == 1 else ())):
            if read.span not in spans:
                found.setdefault(read.span, read)
    return sorted(found.values(), key=lambda each: each.span)


def related_configs(document: Document, keys: Sequence[Key]) -> list[Config]:
    """Return the configs in which a key may be the same one: all that share a file that writes it."""
    config = document.config
    if config is None:
        return []
    item = item_of(config, keys)
    files = {document.path, *(each.source.path for each in _chain(None if item is None else item.origin))}
    checks = document.project.checks
    paths = {*files, *(each for file in files for each in checks.dependents(file))}
    found = (document.project.config(path) for path in sorted(paths))
    return [each for each in found if each is not None]


def _chain(origin: Origin | None) -> Iterator[Origin]:
    while origin is not None:
        yield origin
        origin = origin.overrides


def _is_key(origin: Origin, key: Key) -> bool:
    """Tell whether the key itself stands where an origin says, rather than what computes it."""
    span = key_span(origin)
    return origin.key is not None and str(key) in origin.source.text[span.start : span.end]


def _reads_of_base(config: Config, keys: Sequence[Key]) -> Iterator[Occurrence]:
    source = config.source
    for _, steps in base_references(source.text) if '_base_' in source.text else ():
        if [key for key, _, _ in steps[: len(keys)]] == list(keys):
            _, start, end = steps[len(keys) - 1]
            yield Occurrence(source, Span(config.path, start, end), is_written=False)


def _reads_of_name(config: Config, keys: Sequence[Key]) -> Iterator[Occurrence]:
    name = keys[0]
    if name not in config.loads:
        return
    previous = None
    depth_key = None
    for token in tokens(config.source.text):
        if token.kind == 'name' and token.text == name and (previous is None or previous.text != '.'):
            depth_key = token
        elif depth_key is not None:
            if token.text != '=' or token.kind != 'other':
                span = Span(config.path, depth_key.start, depth_key.end)
                yield Occurrence(config.source, span, is_written=False)
            depth_key = None
        previous = token
    if depth_key is not None:
        yield Occurrence(config.source, Span(config.path, depth_key.start, depth_key.end), is_written=False)


def references(document: Document, position: types.Position) -> list[types.Location]:
    """Return all places of the key or the variable at a position; elsewhere, the configs that inherit the file."""
    cursor = document.at(position)
    reference = reference_at(document, cursor)
    if reference is not None and reference.config is not None and not reference.keys:
        return _naming(document, reference.config.path)
    keys = reference.keys if reference is not None else cursor.path if cursor.role == 'key' else None
    if keys:
        return [each.location(document) for each in occurrences(document, keys)]
    return _naming(document, document.path) if cursor.role == 'inside' and cursor.node.parent is None else []


def _naming(document: Document, path: str) -> list[types.Location]:
    """Return the places at which configs name a file as their base."""
    found = []
    for heir in document.project.checks.dependents(path):
        config = document.project.config(heir)
        for base in () if config is None else config.bases:
            if config is not None and base.config.path == path:
                found.append(document.location(config.source.span(base.place), config.source))
    return found
