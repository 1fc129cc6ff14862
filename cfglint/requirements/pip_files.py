"""Files of requirements, as pip reads them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from cfglint.requirements.lines import is_relevant, parse
from cfglint.requirements.model import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.requirements.model import Reader

_INCLUDE: Final = re.compile(r'(?:-r|-c|--requirement|--constraint)[\s=]*(?P<path>\S+)')
_EDITABLE: Final = re.compile(r'(?:-e|--editable)[\s=]+')
_WORD: Final = re.compile('requirements?')
_LATE: Final = ('docs', 'readthedocs', 'tests', 'test', 'build', 'lint', 'dev')
"""Names of files that say what a documentation or a test takes: they count after the others."""


def pip_files(folder: str, reader: Reader) -> Iterator[Requirement]:
    """Yield what `requirement*.txt` and `requirements/*.txt` say; each file is read once, however often it is included."""
    below = os.path.join(folder, 'requirements')
    paths = [os.path.join(folder, name) for name in reader.names(folder) if _is_list(name)]
    paths += [os.path.join(below, name) for name in reader.names(below) if name.endswith(('.txt', '.in'))]
    seen: set[str] = set()
    for path in sorted(paths, key=_rank):
        yield from pip_file(path, reader, seen)


def _is_list(name: str) -> bool:
    return name.endswith(('.txt', '.in')) and ('requirement' in name or name.startswith('constraints'))


def _rank(path: str) -> bool:
    return _WORD.sub('', os.path.splitext(os.path.basename(path))[0]).strip('-_.') in _LATE


def pip_file(path: str, reader: Reader, seen: set[str]) -> Iterator[Requirement]:
    """Yield what a file says, and those that it includes."""
    waiting = [os.path.normpath(path)]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for number, line in _joined(reader.text(path) or ''):
            include = _INCLUDE.match(line)
            if include is not None and '://' not in include['path']:
                waiting.append(os.path.normpath(os.path.join(os.path.dirname(path), include['path'])))
            elif is_relevant(line):
                parsed = parse(_EDITABLE.sub('', line, count=1))
                if parsed is not None:
                    yield Requirement(*parsed, path, number)


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers; one that ends in a backslash goes on in the next."""
    parts: list[str] = []
    start = 1
    for number, line in enumerate(text.split('\n'), 1):
        start = start if parts else number
        parts.append(line.rstrip())
        if not parts[-1].endswith('\\') or parts[-1].lstrip().startswith('#'):
            yield start, ' '.join(part.rstrip('\\') for part in parts).strip()
            parts = []
    if parts:
        yield start, ' '.join(part.rstrip('\\') for part in parts).strip()
