"""What ``cfglint smoke`` does, once its options are read."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cfglint.smoke.fingerprint import Fingerprints
from cfglint.smoke.option_checks import require_usable
from cfglint.smoke.report import as_json, render
from cfglint.smoke.report.text import one, summary
from cfglint.smoke.results import Report, Result, Status
from cfglint.smoke.resume import ResumeFile
from cfglint.smoke.run import Smoke
from cfglint.smoke.selection import changed_configs, find_configs
from cfglint.smoke.static import StaticReader
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.smoke.request import Request


def run(request: Request) -> int:
    """Smoke the configs, print and write; returns the exit code.

    Raises:
        UsageError: There are no configs, or an option cannot be used: nothing is run then.
    """
    require_usable(request)
    reader = StaticReader()
    configs = find_configs(request.paths)
    if request.revision is not None:
        among, configs = configs, changed_configs(configs, request.revision, reader.workspace)
        print(f'cfglint: of {len(among)} configs, {len(configs)} changed or depend on what did', file=sys.stderr)
    earlier, done = None, []
    if request.resume is not None:
        earlier = ResumeFile(request.resume, Fingerprints(request.options, reader.loader))
        done = earlier.still_true(configs, retry_failed=request.retry_failed)
    session = _Session(request, reader, len(configs), done, earlier)
    report = session.run(configs)
    for output_format, file in request.outputs:
        if file is not None:
            with _writing(file):
                Path(file).write_text(render(report, output_format), encoding='utf-8')
        elif output_format != 'text':
            sys.stdout.write(render(report, output_format))
        elif len(configs) > 1:
            print(summary(report.results))
    _tell_left_out(report)
    return 0 if all(each.has_run if request.strict else each.passed for each in report.results) else 1


@contextmanager
def _writing(file: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f'cannot write `{file}`: {(error.strerror or type(error).__name__).lower()}') from None


def _tell_left_out(report: Report) -> None:
    left = [result for result in report.results if result.status is Status.LEFT_OUT]
    if left:
        words = f'{len(left)} of {len(report.results)} configs were left out: {left[0].reason}'
        print(f'cfglint: {words} (--resume FILE goes on from there)', file=sys.stderr)


class _Session:
    """One run of the command: results are printed and written as they come."""

    def __init__(
        self, request: Request, reader: StaticReader, total: int, done: list[Result], earlier: ResumeFile | None
    ) -> None:
        self.earlier = earlier
        self.request = request
        self.reader = reader
        self.total = total
        self.results = {result.config: result for result in done}
        self.details = request.details or (total == 1)
        self.smoke = Smoke(request.options, reader.locate, self.note)
        self.prints_text = ('text', None) in [tuple(output) for output in request.outputs]
        self.files = {file for output_format, file in request.outputs if output_format == 'json' and file}

    def run(self, configs: list[str]) -> Report:
        done = list(self.results.values())
        for result in done if self.prints_text else ():
            if not result.passed or self.total == 1:
                self._print(result)
        if not self.request.force:
            waiting = [config for config in configs if config not in self.results]
            options = self.request.options
            val = options.val or options.until == 'checkpoint'
            for config, failure in self.reader.broken(waiting, val=val, cfg_options=options.cfg_options).items():
                result = Result(config, Status.FAILED, failure)
                done.append(result)
                self.note(result)
        self.smoke.run(configs, done)
        return Report(tuple(self.results[config] for config in configs), self.smoke.versions)

    def note(self, result: Result) -> None:
        if self.earlier is not None:
            result = self.earlier.add(result, self.smoke.versions)
        self.results[result.config] = result
        if self.prints_text:
            self._print(result)
        elif sys.stderr.isatty():
            print(
                f'{len(self.results)}/{self.total} {result.status.value} {result.config}', file=sys.stderr, flush=True
            )
        for file in self.files:
            with _writing(file):
                as_json.write(Report(tuple(self.results.values()), self.smoke.versions), Path(file))

    def _print(self, result: Result) -> None:
        print(one(result, traceback=self.request.traceback, details=self.details), flush=True)
