"""What ``cfglint show --diff`` does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cfglint.cli import exits
from cfglint.cli.run_show import Given, modern
from cfglint.cli.terminal import wants_colour
from cfglint.differences import differences
from cfglint.language.errors import ConfigError
from cfglint.report import differences as report
from cfglint.report.style import Style
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from cfglint.cli.run_show import Options


def run(options: Options) -> int:
    """Print in what two configs differ, and return the exit code.

    Raises:
        UsageError: There are not two.
    """
    configs = []
    for given in _two(options):
        try:
            configs.append(given.load())
        except ConfigError as error:
            return given.refused(error)
    before, after = (modern(config) if options.as_modern else config.printed() for config in configs)
    found = list(differences(before, after))
    if options.format == 'json':
        sys.stdout.write(report.as_json(found))
        return exits.OK
    names = tuple(given.name for given in _two(options))
    style = Style(wants_colour(options.color, sys.stdout))
    sys.stdout.write(report.text(names[0], names[1], found, style))
    return exits.OK


def _two(options: Options) -> tuple[Given, Given]:
    """Return what is compared: two files, or one file at two revisions, of which the last may be what is on disk."""
    files, revisions = options.files, options.at
    if len(files) > 2 or len(revisions) > 2 or len(files) + len(revisions) < 2:
        raise UsageError('--diff compares two configs, or one config at a revision (--at REV) with another or the file')
    second = revisions[-1] if len(revisions) == 2 or (len(files) == 2 and revisions) else None
    return Given(options, files[0], next(iter(revisions), None)), Given(options, files[-1], second)
