"""The hook that logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.sections.hooks.common import storage
from cfglint.sections.terms import Dict, absent, found, undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def logger_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from storage(given)
    if absent(given, 'out_dir') and not absent(given, 'file_client_args') and not undecided(given['file_client_args']):
        message = '`file_client_args` needs `out_dir`'
        said = 'ValueError: file_client_args should be "None" when `out_dir` is notspecified.'
        yield found('conflict', message, 'file_client_args', raises=said, depends_on=('out_dir',))
