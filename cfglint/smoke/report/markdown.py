"""A summary in Markdown, for `$GITHUB_STEP_SUMMARY` and comments of pull requests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.report.markdown import escaped
from cfglint.report.sources import Sources
from cfglint.smoke.report.text import WORDS, headline, shown_failure, summary
from cfglint.smoke.results import Status

if TYPE_CHECKING:
    from cfglint.smoke.results import Report, Result


def render(report: Report) -> str:
    """Return a headline, what the runs used, and a table of the configs: those that failed first."""
    sources = Sources()
    used = [f'{name} {version}' for name, version in report.versions.items() if version]
    used += [device['name'] for device in report.devices]
    rows = sorted(report.results, key=lambda each: (each.status is not Status.FAILED, each.passed and each.has_run))
    return '\n'.join(
        [
            '## cfglint smoke\n',
            escaped(summary(report.results)),
            *([f'\n{escaped(", ".join(used))}'] if used else []),
            '\n| config | | |\n|---|---|---|',
            *(_row(result, sources) for result in rows),
            '',
        ]
    )


def _row(result: Result, sources: Sources) -> str:
    lines = [headline(result)] if result.failure is None else shown_failure(result.failure)
    name = sources.from_root(os.path.abspath(result.config))
    return f'| {escaped(name)} | {WORDS[result.status]} | {"<br>".join(map(escaped, lines))} |'
