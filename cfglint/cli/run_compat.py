"""What ``cfglint compat`` does, once its options are read."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from cfglint.cli import exits
from cfglint.cli.guard import report_crash
from cfglint.cli.terminal import Progress
from cfglint.compat import Compatibility, Releases
from cfglint.discover import DEFAULT_EXCLUDE, Excludes, discover
from cfglint.language.errors import ConfigError
from cfglint.recognition import why_no_config
from cfglint.report import compat
from cfglint.report.sources import Sources, shown
from cfglint.settings import project
from cfglint.targeting import libraries_for
from cfglint.usage import UsageError
from cfglint.workspace import CarefulLoader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.catalog.incompatibilities import Incompatibility


class Options(NamedTuple):
    """The command line."""

    paths: tuple[str, ...] = ()
    format: str = 'text'
    environment: bool = False
    targets: tuple[str, ...] = ()
    config: str | None = None
    python: str | None = None


def run(options: Options) -> int:
    """Print, and return the exit code: 1 when a config works in no release of a library, or the environment breaks."""
    if not options.paths and not options.environment:
        raise UsageError('name a config, or give --environment')
    loader = CarefulLoader()
    configs = _configs(options, loader) if options.paths else {}
    environment = _environment(options.python) if options.environment else None
    _print(options, configs, environment)
    for crash in loader.crashes:
        report_crash(f'{shown(crash.path)}: {crash.what}', crash.traceback)
    if loader.crashes:
        return exits.INTERNAL
    fails = any(isinstance(found, str) or any(each.first is None for each in found) for found in configs.values())
    return exits.DIAGNOSTICS if fails or any(each.certain for each in environment or ()) else exits.OK


def _configs(options: Options, loader: CarefulLoader) -> dict[str, Sequence[Compatibility] | str]:
    """Return what is found for each config; for one that cannot be read, the error."""
    given = discover(options.paths, Excludes(names=DEFAULT_EXCLUDE))
    files, candidates = given.files, given.candidates
    releases = Releases(libraries_for(files, project(os.getcwd(), options.config), options.targets, options.python))
    found: dict[str, Sequence[Compatibility] | str] = {}
    with Progress(len(files), enabled=True) as progress:
        for path in files:
            progress(path)
            try:
                if path not in candidates or not path.endswith('.py') or why_no_config(loader.source(path)) is None:
                    found[path] = releases.of(loader.load(path))
            except ConfigError as error:
                found[path] = error.message
    if not found and given.folders:
        raise UsageError(f'there is no config in `{os.path.relpath(given.folders[0])}`')
    return found


def _environment(python: str | None) -> list[Incompatibility]:
    from cfglint.catalog.incompatibilities import incompatibilities

    if python is None:
        return incompatibilities()
    from cfglint.catalog.interpreters import interpreter
    from cfglint.catalog.targets import installed_version

    found = interpreter(python)
    return incompatibilities(
        lambda name: installed_version(name, found.installed), found.version or sys.version_info[:2]
    )


def _print(
    options: Options, configs: dict[str, Sequence[Compatibility] | str], environment: list[Incompatibility] | None
) -> None:
    sources = Sources()
    if options.format == 'json':
        sys.stdout.write(compat.as_json(configs, environment, sources))
        return
    for path, found in configs.items():
        if isinstance(found, str):
            sys.stdout.write(f'{shown(path)}\n  cannot be read: {found}\n')
        else:
            sys.stdout.write(compat.text(path, found, sources))
    if environment is not None:
        sys.stdout.write(compat.environment_text(environment))
