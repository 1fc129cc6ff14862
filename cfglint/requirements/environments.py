"""Environments of conda, and images of Docker."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from cfglint.requirements.lines import is_relevant, parse
from cfglint.requirements.model import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.requirements.model import Reader

_CONDA: Final = re.compile(r'(?:environment|env|conda)[\w.-]*\.ya?ml', re.IGNORECASE)
_ITEM: Final = re.compile(r'- (?P<quote>["\']?)(?P<item>[^"\'#]+)(?P=quote) ?(?:#.*)?')
_INSTALL: Final = re.compile(r'\b(?:pip[\d.]*|mim|uv pip)\s+install\s+(?P<words>[^&|;\n]+)')
_ARGUMENT: Final = re.compile(r'"[^"]*"|\'[^\']*\'|\S+')
_TAKES_VALUE: Final = frozenset(
    {'-f', '--find-links', '-i', '--index-url', '--extra-index-url', '-r', '-c', '-t', '--target'}
)


def conda(folder: str, reader: Reader) -> Iterator[Requirement]:
    """Yield what `environment.yml` says, its pip section included. Only items of lists count, so lines do."""
    for name in reader.names(folder):
        if _CONDA.fullmatch(name) is None:
            continue
        path = os.path.join(folder, name)
        for number, line in enumerate((reader.text(path) or '').split('\n'), 1):
            found = _ITEM.fullmatch(' '.join(line.split())) if is_relevant(line) else None
            parsed = None if found is None else parse(found['item'].rpartition('::')[2].strip())
            if parsed is not None:
                yield Requirement(*parsed, path, number)


def dockerfile(folder: str, reader: Reader) -> Iterator[Requirement]:
    """Yield what the commands `pip install` and `mim install` of a Dockerfile name; variables are not followed."""
    for path in (os.path.join(folder, 'Dockerfile'), os.path.join(folder, 'docker', 'Dockerfile')):
        text = reader.text(path)
        line, counted = 1, 0
        for command in _INSTALL.finditer((text or '').replace('\\\n', ' \r')):
            if not is_relevant(command['words']):
                continue
            line += sum(command.string.count(end, counted, command.start()) for end in '\n\r')
            counted = command.start()
            for word in _arguments(command['words']):
                parsed = parse(word) if is_relevant(word) and '$' not in word else None
                if parsed is not None:
                    yield Requirement(*parsed, path, line)


def _arguments(words: str) -> Iterator[str]:
    """Yield what is installed: options and their values are left out."""
    skip = False
    for word in (each.strip('"\'') for each in _ARGUMENT.findall(words)):
        if not skip and not word.startswith('-'):
            yield word
        skip = not skip and word in _TAKES_VALUE
