"""What ``cfglint check --fix`` and ``--diff`` do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cfglint.cli.run_check import finish, show
from cfglint.cli.terminal import wants_colour
from cfglint.diagnostics import Applicability
from cfglint.fixing.run import fix
from cfglint.fixing.writing import write
from cfglint.report.sources import Sources

if TYPE_CHECKING:
    from cfglint.cli.options import CheckOptions
    from cfglint.cli.run_check import Run
    from cfglint.fixing.run import Fixed
    from cfglint.settings import Settings


def run_fix(run: Run, settings: Settings, options: CheckOptions) -> int:
    """Fix what can be fixed; with ``--diff`` only show it. The exit code is about what is on disk afterwards."""
    trust = Applicability.UNSAFE if options.unsafe_fixes else Applicability.SAFE
    done = fix(run.check(), run.found.files, run.engine, run.workspace, trust)
    if options.diff:
        from cfglint.report import diff
        from cfglint.report.style import Style

        sys.stdout.write(diff.render(done.texts, done.originals, Style(wants_colour(options.color, sys.stdout))))
        sys.stdout.flush()
        return finish(done.before, settings, options, run.found, _told(done, 'would fix'))
    write(done.texts, done.originals)
    show(done.result, Sources(done.texts), settings, options)
    return finish(done.result, settings, options, run.found, _told(done, 'fixed'))


def _told(done: Fixed, verb: str) -> str:
    count = done.applied.total()
    files = len(done.texts)
    if not count:
        return ''
    return f'{verb} {count} diagnostic{"s" * (count != 1)} in {files} file{"s" * (files != 1)}; '
