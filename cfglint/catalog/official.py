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
from typing import Final, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.store import DATA, SUFFIX

NAME: Final = os.path.join('configs', f'digests{SUFFIX}')
WIDTH: Final = 6
"""The bytes of a digest: there are some 12,000, so that one in twenty billion other files is taken for one of them."""

_LONGEST: Final = 100_000
"""No config that a library ships has more characters: the longest has 75,000."""

_PART: Final = re.compile(
    r'(?P<text>"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r'|(?P<aside>#[^\n]*|\\\n|[ \t\r\f]+)|(?P<line>\n(?P<indent>[ \t]*))|(?P<bracket>[()\[\]{}])|(?P<word>\w+|.)',
    re.DOTALL,
)


def digest(text: str) -> bytes:
    """Return a digest of a config's text that does not change with comments and white space."""
    parts: list[str] = []
    depth = 0
    for quoted, aside, line, _, bracket, word in _PART.findall(text.replace('\r\n', '\n').lstrip('\ufeff')):
        if aside:
            continue
        if line:
            if not depth:
                if parts and parts[-1].startswith('\n'):
                    parts.pop()
                parts.append(line)
            continue
        if bracket:
            depth = max(depth + (1 if bracket in '([{' else -1), 0)
        parts.append(quoted or bracket or word)
    whole = ' '.join(parts).strip()
    return hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).digest()[:WIDTH]


def releases(text: str) -> dict[str, frozenset[str]]:
    """Return the releases that ship a config with this text, by library."""
    if len(text) > _LONGEST:
        return {}
    found: dict[str, set[str]] = {}
    wanted = digest(text)
    for each in _ranges():
        if each.has(wanted):
            found.setdefault(each.library, set()).update(libraries.releases(each.library)[each.since : each.until + 1])
    return {library: frozenset(versions) for library, versions in found.items()}


class _Range(NamedTuple):
    """The configs that some releases of a library ship: the digests in a row, the first and last release by their index."""

    library: str
    since: int
    until: int
    digests: bytes

    def has(self, wanted: bytes) -> bool:
        at = self.digests.find(wanted)
        while at > 0 and at % WIDTH:  # between two others
            at = self.digests.find(wanted, at + 1)
        return at >= 0


@cache
def _ranges() -> list[_Range]:
    with open(os.path.join(DATA, NAME), 'rb') as file:
        data = json.loads(zlib.decompress(file.read()))
    found = []
    for library, ranges in data.items():
        for between, packed in ranges.items():
            since, until = map(int, between.split('-'))
            found.append(_Range(library, since, until, base64.b64decode(packed)))
    return found
