"""What ``cfglint show --schedule`` does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cfglint import files
from cfglint.cli import exits
from cfglint.cli.run_show import Given
from cfglint.cli.terminal import terminal, wants_colour
from cfglint.course.course import Courses
from cfglint.language.errors import ConfigError
from cfglint.report.sources import shown
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.cli.run_show import Options
    from cfglint.course.course import Course


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
    computed = Courses()
    courses, code = [], exits.OK
    for file in options.files:
        given = Given(options, file, next(iter(options.at), None))
        try:
            courses.append(computed.of(given.load()))
        except ConfigError as error:
            code = max(code, given.refused(error))
    if not courses:
        return code
    if not any(course.curves or course.events for course in courses):
        first = courses[0]
        raise UsageError(f'`{shown(first.path)}` has no schedule: {first.notes[0]}')
    _write(courses, options)
    return code


def _write(courses: Sequence[Course], options: Options) -> None:
    if options.output is not None:
        from cfglint.report.schedule_svg import svg

        try:
            with open(options.output, 'w', encoding='utf-8') as file:
                file.write(svg(courses))
        except OSError as error:
            raise UsageError(f'cannot write `{options.output}`: {files.reason(error)}') from None
        return
    from cfglint.report import schedule
    from cfglint.report.style import Style

    if options.format == 'json':
        sys.stdout.write(schedule.as_json(courses))
        return
    columns, _ = terminal(sys.stdout)
    style = Style(wants_colour(options.color, sys.stdout), columns)
    sys.stdout.write(schedule.text(courses, style))
