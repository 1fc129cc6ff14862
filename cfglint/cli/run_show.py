"""What ``cfglint show`` does, once its options are read."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint import files
from cfglint.cli import exits
from cfglint.cli.guard import report_crash
from cfglint.cli.terminal import wants_colour
from cfglint.language.encoding import encode
from cfglint.language.errors import ConfigError
from cfglint.report.sources import shown
from cfglint.reserved import refuse_reserved
from cfglint.usage import UsageError
from cfglint.workspace import CarefulLoader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.cli.terminal import Colour
    from cfglint.language.config import Config
    from cfglint.language.values import Table


class Options(NamedTuple):
    """The command line."""

    files: tuple[str, ...] = ()
    key: str | None = None
    format: str | None = None
    origins: bool = False
    cfg_options: tuple[str, ...] = ()
    batch: str | None = None
    color: Colour = 'auto'
    as_modern: bool = False
    schedule: bool = False
    output: str | None = None
    diff: bool = False
    at: tuple[str, ...] = ()


def run(options: Options) -> int:
    """Print, and return the exit code."""
    if options.output is not None and not options.schedule:
        raise UsageError('--output goes with --schedule')
    if options.batch is not None:
        return _batch(options)
    if not options.files:
        raise UsageError('name a config, or give --batch LISTFILE')
    if options.format == 'jsonl':
        raise UsageError('--output-format jsonl goes with --batch')
    if options.schedule or options.diff:
        return _looked(options)
    if len(options.at) > 1:
        raise UsageError('two revisions are for --diff')
    given = Given(options, options.files[0], next(iter(options.at), None))
    try:
        config = given.load()
    except ConfigError as error:
        return given.refused(error)
    sys.stdout.write(_rendered(modern(config) if options.as_modern else config.printed(), options))
    return exits.OK


def _looked(options: Options) -> int:
    """Draw schedules, or compare two configs."""
    if options.origins or (options.schedule and options.diff):
        raise UsageError('choose one of --origins, --schedule and --diff')
    if options.schedule:
        from cfglint.cli.run_schedule import run as run_schedule

        return run_schedule(options)
    from cfglint.cli.run_diff import run as run_diff

    return run_diff(options)


class Given:
    """A config that is to be shown.

    Args:
        options: The command line.
        file: The path, as it was given.
        revision: The revision of git that it is read at; none for what is on disk.
    """

    def __init__(self, options: Options, file: str, revision: str | None) -> None:
        self.file = file
        self.path = os.path.abspath(file)
        self.revision = revision
        self._options = options
        self._loader = CarefulLoader() if revision is None else _loader_at(revision, self.path)

    @property
    def name(self) -> str:
        """What tells it from another one."""
        return shown(self.path) if self.revision is None else f'{shown(self.path)} at {self.revision}'

    def load(self) -> Config:
        """Return the config, overridden by `--cfg-options`; say what of it is not known.

        Raises:
            UsageError: There is no such file.
            ConfigError: MMEngine refuses it.
        """
        if not self._loader.exists(self.path):
            where = '' if self.revision is None else f' at the revision `{self.revision}`'
            raise UsageError(f'`{self.file}` does not exist{where}')
        config = self._loader.load(self.path)
        refuse_reserved(config)
        if self._options.cfg_options:
            from cfglint.language.options import override

            config = override(config, self._options.cfg_options)
        if config.partial:
            print(f'cfglint: {config.partial}: what comes from there is unknown', file=sys.stderr)
        return config

    def refused(self, error: ConfigError) -> int:
        """Say why MMEngine would refuse the config, as `cfglint check` does; return the exit code."""
        for crash in self._loader.crashes:
            report_crash(f'{crash.path}: {crash.what}', crash.traceback)
        if self._loader.crashes:
            return exits.INTERNAL
        from cfglint.engine import reader_diagnostic
        from cfglint.report import full
        from cfglint.report.sources import Sources
        from cfglint.report.style import Style
        from cfglint.rules import all_rules

        diagnostic = reader_diagnostic(error, all_rules()[error.rule], self.path)
        sources = Sources({} if error.source is None else {error.source.path: error.source})
        style = Style(wants_colour(self._options.color, sys.stderr))
        sys.stderr.write(full.render([diagnostic], sources, style))
        return exits.DIAGNOSTICS


def _loader_at(revision: str, path: str) -> CarefulLoader:
    from cfglint.revision import loader_at

    return loader_at(revision, os.path.dirname(path))


def modern(config: Config) -> Table:
    """Return what a config of 0.x becomes; a config of 1.x is what it is."""
    from cfglint.catalog.library_facts import library
    from cfglint.era import era_of
    from cfglint.language.values import Table
    from cfglint.migrate.mapping.whole import OddValues, map_config
    from cfglint.migrate.old_library import library_of

    if era_of(config) in ('1.x', 'mixed'):
        return config.printed()
    try:
        return Table(map_config(config.table, library(library_of(config) or 'mmengine')).value())
    except OddValues as error:
        raise UsageError(f'cannot migrate `{config.path}`: {error}; correct that first') from None


def _rendered(table: Table, options: Options) -> str:
    from cfglint.report import origins, python
    from cfglint.report.style import Style

    style = Style(wants_colour(options.color, sys.stdout))
    entry = origins.Entry('', table, None) if options.key is None else origins.lookup(table, options.key)
    if options.format == 'json':
        return (
            origins.as_json(entry)
            if options.origins
            else json.dumps(encode(entry.value), indent=2, ensure_ascii=False) + '\n'
        )
    if options.origins:
        return origins.listing(entry, style)
    if options.key is None:
        return python.render(table)
    column = len(entry.key) + 3
    return f'{style.bold(entry.key)} = {python.text(entry.value, column)}\n\n{origins.chain(entry, style)}'


def _batch(options: Options) -> int:
    """Print a line for each file; a file that cannot be resolved gets its reason, and the rest goes on."""
    if (options.files or options.origins or options.schedule or options.diff or options.at) or options.format not in (
        None,
        'jsonl',
    ):
        raise UsageError(
            '--batch prints whole configs as jsonl: it goes with no FILE, no --origins and no other --output-format'
        )
    loader = CarefulLoader()
    for path in _listed(options.batch or '-'):
        sys.stdout.write(json.dumps(_line(path, loader), ensure_ascii=False) + '\n')
        sys.stdout.flush()
    return exits.INTERNAL if loader.crashes else exits.OK


def _listed(listfile: str) -> Iterator[str]:
    try:
        if listfile == '-':
            yield from (line.rstrip('\n') for line in sys.stdin if line.strip())
            return
        # Not by `files.contents`: the user names it, it may be a pipe, and each path is answered when it comes.
        with open(listfile, encoding='utf-8', errors='surrogateescape') as file:
            yield from (line.rstrip('\n') for line in file if line.strip())
    except OSError as error:
        raise UsageError(f'cannot read `{listfile}`: {files.reason(error)}') from None


def _line(path: str, loader: CarefulLoader) -> dict[str, Any]:
    try:
        config = loader.load(path)
        refuse_reserved(config)
        return {'path': path, 'config': encode(config.printed()), 'error': None}
    except ConfigError as error:
        return {'path': path, 'config': None, 'error': error.message}
