"""What the text of a module tells without being parsed: which names it may register, and which modules it imports."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_DEFINED: Final = re.compile(rb'^[ \t]*(?:class|(?:async )?def)[ \t]+([\w\x80-\xff]+)', re.MULTILINE)
_REGISTERED: Final = re.compile(rb'register_module\(([^)]*)\)')
_OPEN: Final = re.compile(rb'_register_module\b|register_module\([^)]*\bmodule\s*=|register_module\([^)]*\)\s*\(')
_WORD: Final = re.compile(rb'[\w\x80-\xff]+')
_IMPORT: Final = re.compile(
    rb'^([ \t]*)(?:from[ \t]+(\.*[\w.\x80-\xff]*)[ \t]+import\b|import[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)*))',
    re.MULTILINE,
)


class Scan(NamedTuple):
    """What a module's text tells.

    Attributes:
        words: The names under which it may register something; none where it registers nothing.
        is_open: Whether it may register other names, too: objects that it imports, or that a loop gives.
        makes_registries: Whether it may make a registry.
        imports: The modules that it imports whenever it is imported itself, as written.
        mentioned: The modules that it imports anywhere, as written.
    """

    words: frozenset[str]
    is_open: bool
    makes_registries: bool
    imports: tuple[str, ...]
    mentioned: tuple[str, ...]


def scan(data: bytes) -> Scan:
    """Scan the text of a module."""
    words: set[bytes] = set()
    is_open = False
    if b'register_module' in data:
        words.update(_DEFINED.findall(data))
        for arguments in _REGISTERED.findall(data):
            words.update(_WORD.findall(arguments))
        is_open = _OPEN.search(data) is not None
    imports: list[str] = []
    mentioned: list[str] = []
    for indent, source, plain in _IMPORT.findall(data) if b'import' in data else ():
        names = (
            [source.decode('utf-8', 'replace')]
            if source
            else [part.strip().decode('utf-8', 'replace') for part in plain.split(b',')]
        )
        mentioned += names
        if not indent:
            imports += names
    return Scan(
        frozenset(word.decode('utf-8', 'replace') for word in words),
        is_open,
        b'Registry(' in data,
        tuple(dict.fromkeys(imports)),
        tuple(dict.fromkeys(mentioned)),
    )
