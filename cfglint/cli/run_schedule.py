"""What ``cfglint show --schedule`` does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cfglint import files
from cfglint.cli import exits
from cfglint.cli.run_show import Given
from cfglint.cli.terminal import terminal, wants_colour
from cfglint.language.errors import ConfigError
from cfglint.report.sources import shown
from cfglint.timeline.timeline import Timelines
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.cli.run_show import Options
    from cfglint.timeline.timeline import Timeline


def run(options: Options) -> int:
    """Draw the schedules of configs, and return the exit code.

    Raises:
        UsageError: No config says how long training lasts, or the picture cannot be written.
    """
    if options.as_modern:
        raise UsageError('--schedule draws configs of 0.x as they are: leave out --as')
    if len(options.at) > 1:
        raise UsageError('two revisions are for --diff')
    if options.output is not None and not options.output.endswith('.svg'):
        raise UsageError(f'`{options.output}`: only SVG is written, to a file named .svg')
    computed = Timelines()
    timelines, code = [], exits.OK
    for file in options.files:
        given = Given(options, file, next(iter(options.at), None))
        try:
            timelines.append(computed.of(given.load()))
        except ConfigError as error:
            code = max(code, given.refused(error))
    if not timelines:
        return code
    if not any(timeline.curves or timeline.events for timeline in timelines):
        first = timelines[0]
        raise UsageError(f'`{shown(first.path)}` has no schedule: {first.notes[0]}')
    _write(timelines, options)
    return code


def _write(timelines: Sequence[Timeline], options: Options) -> None:
    if options.output is not None:
        from cfglint.report.schedule_svg import svg

        try:
            with open(options.output, 'w', encoding='utf-8') as file:
                file.write(svg(timelines))
        except OSError as error:
            raise UsageError(f'cannot write `{options.output}`: {files.reason(error)}') from None
        return
    from cfglint.report import schedule
    from cfglint.report.style import Style

    if options.format == 'json':
        sys.stdout.write(schedule.as_json(timelines))
        return
    columns, _ = terminal(sys.stdout)
    style = Style(wants_colour(options.color, sys.stdout), columns)
    sys.stdout.write(schedule.text(timelines, style))
