"""What `cfglint check` has to do: what the command line says, the settings, and the files that are meant."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from cfglint.cli.output import outputs
from cfglint.discover import NO_MORE, Excludes, Found, discover, discover_by_default, excludes_of
from cfglint.language.errors import ConfigError
from cfglint.language.files import MAX_FILE_SIZE, decode
from cfglint.language.source import SourceFile
from cfglint.settings import Project, Settings, project
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.cli.options import CheckOptions


class Task(NamedTuple):
    """A run.

    Attributes:
        options: What the command line says.
        where: The project, with its settings as they stand in the file.
        found: The files to check.
        excludes: What is left out of folders.
        given: The text of the file that stands on the standard input, if it is to be checked.
    """

    options: CheckOptions
    where: Project
    found: Found
    excludes: Excludes = NO_MORE
    given: SourceFile | None = None

    @property
    def settings(self) -> Settings:
        """The settings; the command line goes before the file."""
        return _with_options(self.where.settings, self.options)


def task_of(options: CheckOptions) -> Task:
    """Read the settings, and find the files.

    Raises:
        UsageError: Settings or options are wrong, or there is no such file.
    """
    where = Project(Settings(), os.getcwd()) if options.isolated else project(os.getcwd(), options.config)
    settings = _with_options(where.settings, options)
    wanted = outputs(options, settings.output_format)
    other = next((each.format for each in wanted if each.format not in ('full', 'concise', 'json')), None)
    if options.statistics and other is not None:
        raise UsageError(f'--statistics has no output format `{other}`')
    if options.diff and any(each != 'full' for each in options.output_formats):
        raise UsageError('--diff is printed as a diff: leave out the output format')
    if options.add_ignores is not None and (
        options.fix or options.diff or options.staged or options.write_baseline or '-' in options.paths
    ):
        raise UsageError('--add-ignores goes with no other option that writes files, nor with what is not on disk')
    if options.add_ignores is not None and not options.suppressions:
        raise UsageError('--add-ignores writes what --no-suppressions does not look at')
    excludes = excludes_of(settings, where.folder, options.exclude, force=options.force_exclude)
    paths = _paths(options, where)
    if '-' in options.paths or options.stdin_filename is not None:
        return _task_of_input(options, where, excludes)
    if options.code and not options.paths:
        return Task(options, where, discover((), excludes), excludes)
    found = discover(paths, excludes) if paths else discover_by_default(os.getcwd(), excludes)
    return Task(options, where, found, excludes)


def _task_of_input(options: CheckOptions, where: Project, excludes: Excludes) -> Task:
    """Read the standard input, which stands for a file."""
    if options.paths != ('-',):
        raise UsageError('the standard input is checked alone: give `-` as the only path')
    if options.fix or options.since is not None or options.staged or options.write_baseline:
        raise UsageError('the standard input is only checked: leave out what changes files or asks git')
    path = os.path.abspath(options.stdin_filename or 'stdin.py')
    try:
        source = decode(path, sys.stdin.buffer.read(MAX_FILE_SIZE + 1))
    except ConfigError as error:
        source = error.source or SourceFile(path, '')
    found = discover([path], excludes, known=True)
    return Task(options, where, found, excludes, source)


def _with_options(settings: Settings, options: CheckOptions) -> Settings:
    return settings if options.fail_on is None else settings._replace(fail_on=options.fail_on)  # type: ignore[arg-type]


def _paths(options: CheckOptions, where: Project) -> Sequence[str]:
    if options.paths or where.file is None:
        return options.paths or where.settings.paths
    return [os.path.join(where.folder, path) for path in where.settings.paths]
