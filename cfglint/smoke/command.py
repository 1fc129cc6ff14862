"""What ``cfglint smoke`` does, once its options are read."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfglint.discover import discover
from cfglint.era import is_below_base_folder
from cfglint.language.errors import ConfigError
from cfglint.language.files import read
from cfglint.recognition import is_expected, why_no_config
from cfglint.smoke.junit import write_junit
from cfglint.smoke.results import Result, Status, dump_json, read_json, write_json
from cfglint.smoke.run import Smoke
from cfglint.smoke.static import StaticReader
from cfglint.smoke.text import render, summary
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from cfglint.smoke.options import Options


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
    traceback: bool = False
    details: bool = False


def run(request: Request) -> int:
    """Smoke the configs, print and write; returns the exit code."""
    configs = find_configs(request.paths)
    if not configs:
        raise UsageError('no configs here (files below a `_base_` folder are fragments)')
    done = _resumed(request.resume)
    session = _Session(request, StaticReader(), len(configs), done)
    results = session.run(configs)
    if request.format == 'json':
        sys.stdout.write(dump_json(results))
    elif len(results) > 1:
        print(summary(results))
    if request.junit is not None:
        write_junit(results, request.junit)
    return 0 if all(result.passed for result in results) else 1


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


def _resumed(path: Path | None) -> list[Result]:
    if path is None or not path.exists():
        return []
    try:
        return read_json(path)
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f'--resume: {path} holds no results of cfglint smoke ({error})') from None


class _Session:
    """One run of the command: results are printed and written as they come."""

    def __init__(self, request: Request, reader: StaticReader, total: int, done: list[Result]) -> None:
        self.request = request
        self.reader = reader
        self.total = total
        self.results = {result.config: result for result in done}
        self.details = request.details or (total == 1)

    def run(self, configs: list[str]) -> list[Result]:
        done = list(self.results.values())
        if not self.request.force:
            waiting = [config for config in configs if config not in self.results]
            for config, failure in self.reader.broken(waiting).items():
                result = Result(config, Status.FAILED, failure)
                done.append(result)
                self.note(result)
        smoke = Smoke(self.request.options, self.reader.locate, self.note)
        return smoke.run(configs, done)

    def note(self, result: Result) -> None:
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
