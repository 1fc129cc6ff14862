"""Results as JSON, for other tools and for `--resume`. Its schema is `schemas/output/smoke.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfglint import __version__
from cfglint.smoke.results import Report, Result

if TYPE_CHECKING:
    from pathlib import Path


def render(report: Report) -> str:
    """Return the document, ending in a newline."""
    whole = {
        'cfglint': __version__,
        'versions': report.versions,
        'devices': report.devices,
        'results': [result.to_json() for result in report.results],
    }
    return json.dumps(whole, indent=1, allow_nan=False) + '\n'


def write(report: Report, path: Path) -> None:
    """Write all results into one file. It is replaced, not rewritten: an interrupted run leaves the last whole one."""
    new = path.with_name(path.name + '.new')
    new.write_text(render(report), encoding='utf-8')
    new.replace(path)


def read(path: Path) -> Report:
    """Return what a file holds.

    Raises:
        ValueError, KeyError, TypeError: It holds something else.
    """
    whole: dict[str, Any] = json.loads(path.read_text(encoding='utf-8'))
    return Report(tuple(Result.from_json(item) for item in whole['results']), whole['versions'])
