"""What a hostile tree is made of, and how it gets on disk."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

RAW = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]')
"""What a terminal obeys, or shows in another order."""


class Link(NamedTuple):
    """A symbolic link."""

    target: str


class Pipe(NamedTuple):
    """A FIFO: whoever opens it to read waits for a writer."""


class Socket(NamedTuple):
    """A socket that nobody listens at."""


class Sparse(NamedTuple):
    """A file of zeros that takes no room."""

    size: int


Node = str | bytes | Link | Pipe | Socket | Sparse
Files = Mapping[str, Node]


class Case(NamedTuple):
    """A tree.

    Attributes:
        kind: What it wants.
        name: What it does.
        files: What lies in it, by path; texts are made when they are asked for.
    """

    kind: str
    name: str
    files: Callable[[], Files]

    @property
    def id(self) -> str:
        """The name of a test."""
        return f'{self.kind}: {self.name}'


def write(folder: Path, files: Files) -> None:
    """Write a tree."""
    for name, node in files.items():
        path = os.path.join(os.fsencode(folder), name.encode('utf-8', 'surrogateescape'))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(node, Link):
            os.symlink(node.target, path)
        elif isinstance(node, Pipe):
            os.mkfifo(path)
        elif isinstance(node, Socket):
            os.mknod(path, stat.S_IFSOCK | 0o600)
        elif isinstance(node, Sparse):
            with open(path, 'wb') as file:
                file.truncate(node.size)
        else:
            with open(path, 'wb') as file:
                file.write(node if isinstance(node, bytes) else node.encode('utf-8', 'surrogatepass'))


def of_text(kind: str, texts: Mapping[str, str], suffix: str = '.py') -> Iterator[Case]:
    """Yield a tree of one config for each text."""
    for name, text in texts.items():
        yield Case(kind, name, lambda text=text: {f'configs/a{suffix}': text})
