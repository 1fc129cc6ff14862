"""Workflow commands: GitHub shows each failure at the line of the key that made the failing thing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.report.github import command
from cfglint.report.sources import Sources
from cfglint.smoke.report.text import headline, shown_failure
from cfglint.smoke.results import Status

if TYPE_CHECKING:
    from cfglint.smoke.results import Report, Result

_NOT_RUN = (Status.UNFIT, Status.UNSUPPORTED, Status.NEEDS_DOWNLOAD, Status.LEFT_OUT)
_COMMANDS = {Status.FAILED: 'error', Status.PARTIAL: 'warning', **dict.fromkeys(_NOT_RUN, 'notice')}


def render(report: Report) -> str:
    """Return one workflow command for each config that failed, was skipped, or of which only a part ran."""
    sources = Sources()
    return ''.join(_of(result, sources) for result in report.results if result.status in _COMMANDS)


def _of(result: Result, sources: Sources) -> str:
    failure = result.failure
    path, line = result.config, ''
    if failure is not None and failure.place is not None:
        path, _, line = failure.place.rpartition(':')
    properties = {
        'title': f'cfglint smoke ({result.status.value if failure is None else failure.stage})',
        'file': sources.from_root(os.path.abspath(path)),
        **({'line': line} if line else {}),
    }
    words = headline(result) if failure is None else '\n'.join(shown_failure(failure))
    return command(
        _COMMANDS[result.status], properties, f'{sources.from_root(os.path.abspath(result.config))}: {words}'
    )
