"""Which files equal a config that a library's release ships: their defects are the library's.

A digest leaves out comments and white space, but for the lines and their indentation. `data/configs/digests.json.zz` is made by
`tools/build_official.py` from the releases on PyPI: library → ranges of releases → the digests of their configs, in a row.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import zlib
from functools import cache
from typing import Final

from cfglint.catalog import libraries
from cfglint.catalog.store import DATA, SUFFIX

NAME: Final = os.path.join('configs', f'digests{SUFFIX}')
WIDTH: Final = 6
"""The bytes of a digest: there are some 12,000, so that one in twenty billion other files is taken for one of them."""

_PART: Final = re.compile(
    r'(?P<text>"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r'|(?P<aside>#[^\n]*|\\\n|[ \t\r\f]+)|(?P<line>\n(?P<indent>[ \t]*))|(?P<bracket>[()\[\]{}])|(?P<word>\w+|.)',
    re.DOTALL,
)


def digest(text: str) -> bytes:
    """Return a digest of a config's text that does not change with comments and white space."""
    parts: list[str] = []
    depth = 0
    for found in _PART.finditer(text.replace('\r\n', '\n').lstrip('\ufeff')):
        kind = found.lastgroup
        if kind == 'aside':
            continue
        if found['line'] is not None:
            if not depth:
                if parts and parts[-1].startswith('\n'):
                    parts.pop()
                parts.append(found['line'])
            continue
        if kind == 'bracket':
            depth = max(depth + (1 if found[0] in '([{' else -1), 0)
        parts.append(found[0])
    whole = ' '.join(parts).strip()
    return hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).digest()[:WIDTH]


def releases(text: str) -> dict[str, frozenset[str]]:
    """Return the releases that ship a config with this text, by library."""
    found: dict[str, set[str]] = {}
    for library, since, until in _table().get(digest(text), ()):
        found.setdefault(library, set()).update(libraries.releases(library)[since : until + 1])
    return {library: frozenset(versions) for library, versions in found.items()}


@cache
def _table() -> dict[bytes, list[tuple[str, int, int]]]:
    """Digest → the libraries with the first and last release (by their index) that have it."""
    with open(os.path.join(DATA, NAME), 'rb') as file:
        data = json.loads(zlib.decompress(file.read()))
    table: dict[bytes, list[tuple[str, int, int]]] = {}
    for library, ranges in data.items():
        for between, packed in ranges.items():
            since, until = map(int, between.split('-'))
            row = base64.b64decode(packed)
            for at in range(0, len(row), WIDTH):
                table.setdefault(row[at : at + WIDTH], []).append((library, since, until))
    return table
