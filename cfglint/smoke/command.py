"""What ``cfglint smoke`` does, once its options are read."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cfglint.discover import discover
from cfglint.era import is_below_base_folder
from cfglint.language.errors import ConfigError
from cfglint.language.files import read
from cfglint.recognition import is_expected, why_no_config
from cfglint.smoke.fingerprint import Fingerprints
from cfglint.smoke.junit import write_junit
from cfglint.smoke.results import Result, Status, dump_json, read_json, write_json
from cfglint.smoke.run import Smoke
from cfglint.smoke.static import StaticReader
from cfglint.smoke.text import render, summary
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cfglint.smoke.options import Options


_DEVICE = re.compile(r'cpu|auto|cuda(:\d+)?')
_EXECUTOR = re.compile(r'local|ray(://.+)?')


@dataclass(frozen=True)
class Request:
    """The command line: what to run, how, and what to write."""

    paths: tuple[str, ...]
    options: Options
    format: str = 'text'
    output: Path | None = None
    junit: Path | None = None
    resume: Path | None = None
    force: bool = False
    strict: bool = False
    retry_failed: bool = False
    traceback: bool = False
    details: bool = False


def run(request: Request) -> int:
    """Smoke the configs, print and write; returns the exit code.

    Raises:
        UsageError: There are no configs, or an option cannot be used: nothing is run then.
    """
    _require_usable(request)
    configs = find_configs(request.paths)
    if not configs:
        raise UsageError('no configs here (files below a `_base_` folder are fragments)')
    reader = StaticReader()
    prints = None if request.resume is None else Fingerprints(request.options, reader.loader)
    done = [] if prints is None else _resumed(request, configs, prints)
    session = _Session(request, reader, len(configs), done, prints)
    results = session.run(configs)
    if request.format == 'json':
        sys.stdout.write(dump_json(results))
    elif len(results) > 1:
        print(summary(results))
    if request.junit is not None:
        write_junit(results, request.junit)
    return 0 if all(result.has_run if request.strict else result.passed for result in results) else 1


def _require_usable(request: Request) -> None:
    """Refuse options that would fail only after the run, or in every config.

    Raises:
        UsageError: An option is wrong.
    """
    options = request.options
    if not _DEVICE.fullmatch(options.device):
        raise UsageError(f'--device: `{options.device}` is none of `cuda`, `cuda:N`, `cpu`, `auto`')
    if not _EXECUTOR.fullmatch(options.executor):
        raise UsageError(f'--executor: `{options.executor}` is none of `local`, `ray`, `ray://ADDRESS`')
    for text in options.cfg_options:
        if not text.partition('=')[0].strip() or '=' not in text:
            raise UsageError(f'--cfg-options: write KEY=VALUE instead of `{text}`')
    for option, path in (('--output', request.output), ('--junit', request.junit), ('--resume', request.resume)):
        if path is not None and not path.parent.is_dir():
            raise UsageError(f'{option}: there is no folder `{path.parent}`')


def find_configs(paths: tuple[str, ...]) -> list[str]:
    """The configs that files, folders and globs stand for, without the fragments that folders hold."""
    found = []
    for path in paths:
        given = discover([path])
        found += given.named
        found += [file for file in sorted(given.candidates) if not is_below_base_folder(file) and _is_config(file)]
    return list(dict.fromkeys(found))


def _is_config(path: str) -> bool:
    try:
        return not path.endswith('.py') or why_no_config(read(path)) is None
    except ConfigError:
        return is_expected(path)


def _resumed(request: Request, configs: Sequence[str], prints: Fingerprints) -> list[Result]:
    """Return the results of an earlier run that are still true, and say how many there are.

    Raises:
        UsageError: The file holds something else.
    """
    path = request.resume
    if path is None or not path.exists():
        return []
    try:
        known = [result for result in read_json(path) if result.config in configs]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f'--resume: {path} holds no results of cfglint smoke ({error})') from None
    still = [result for result in known if result.fingerprint == prints.of(result.config)]
    kept = [result for result in still if result.passed or not request.retry_failed]
    again = f'; {len(known) - len(still)} have changed' if len(still) < len(known) else ''
    failed = f'; {len(still) - len(kept)} had failed' if len(kept) < len(still) else ''
    print(f'cfglint: {len(kept)} of {len(configs)} results are those of {path}{again}{failed}', file=sys.stderr)
    return kept


class _Session:
    """One run of the command: results are printed and written as they come."""

    def __init__(
        self, request: Request, reader: StaticReader, total: int, done: list[Result], prints: Fingerprints | None
    ) -> None:
        self.prints = prints
        self.request = request
        self.reader = reader
        self.total = total
        self.results = {result.config: result for result in done}
        self.details = request.details or (total == 1)

    def run(self, configs: list[str]) -> list[Result]:
        done = list(self.results.values())
        if not self.request.force:
            waiting = [config for config in configs if config not in self.results]
            for config, failure in self.reader.broken(waiting, val=self.request.options.val).items():
                result = Result(config, Status.FAILED, failure)
                done.append(result)
                self.note(result)
        smoke = Smoke(self.request.options, self.reader.locate, self.note)
        return smoke.run(configs, done)

    def note(self, result: Result) -> None:
        if self.prints is not None:
            result = replace(result, fingerprint=self.prints.of(result.config))
        self.results[result.config] = result
        if self.request.format == 'text':
            print(render(result, traceback=self.request.traceback, details=self.details), flush=True)
        elif sys.stderr.isatty():
            print(
                f'{len(self.results)}/{self.total} {result.status.value} {result.config}', file=sys.stderr, flush=True
            )
        for path in {self.request.output, self.request.resume} - {None}:
            assert path is not None
            write_json(self.results.values(), path)
