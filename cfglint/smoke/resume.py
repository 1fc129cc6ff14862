"""The file of `--resume`: the last result of every config that was ever asked for with it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cfglint.smoke.report import as_json
from cfglint.smoke.results import Report, Result, Status
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.smoke.fingerprint import Fingerprints


class ResumeFile:
    """What earlier runs found out. A result goes only when its config has run again.

    Args:
        path: The file, which need not be there yet.
        prints: Tell whether a result is still true.

    Raises:
        UsageError: The file holds something else.
    """

    def __init__(self, path: str, prints: Fingerprints) -> None:
        self._path = Path(path)
        self._prints = prints
        self._results: dict[str, Result] = {}
        self.versions: dict[str, str | None] = {}
        self._state: tuple[int, int] | None = None
        self._read()

    def still_true(self, configs: Sequence[str], *, retry_failed: bool) -> list[Result]:
        """Return those results of some configs that need no run, and say how many there are."""
        known = [result for config in configs if (result := self._of(config)) and result.status is not Status.LEFT_OUT]
        still = [result for result in known if result.fingerprint == self._prints.of(result.config)]
        kept = [result for result in still if result.passed or not retry_failed]
        # What was the same as another config says nothing without it.
        names = {os.path.abspath(result.config): result.config for result in kept}
        alone = [result for result in kept if result.status is Status.SAME and self._original(result) not in names]
        kept = [
            replace(result, reason=names[self._original(result)]) if result.status is Status.SAME else result
            for result in kept
            if result not in alone
        ]
        words = [f'{len(kept)} of {len(configs)} results are those of {self._path}']
        words += [f'{len(known) - len(still)} have changed'] * (len(still) < len(known))
        failed = len(still) - len(kept) - len(alone)
        words += [f'{failed} had failed'] * bool(failed)
        words += [f'{len(alone)} were the same as one that has none here'] * bool(alone)
        print(f'cfglint: {"; ".join(words)}', file=sys.stderr)
        return kept

    def add(self, result: Result, versions: dict[str, str | None]) -> Result:
        """Put in what a run found out; returns it with its fingerprint.

        Raises:
            UsageError: The file cannot be written.
        """
        result = replace(result, fingerprint=self._prints.of(result.config))
        try:
            with self._locked():
                self._read()
                key = os.path.abspath(result.config)
                # A run that had no time for a config knows less than the one before.
                if result.status is not Status.LEFT_OUT or key not in self._results:
                    self._results[key] = result
                self.versions = versions or self.versions
                as_json.write(Report(tuple(self._results.values()), self.versions), self._path)
                self._state = self._now()
        except OSError as error:
            raise UsageError(f'--resume: cannot write `{self._path}`: {(error.strerror or "").lower()}') from None
        return result

    def _of(self, config: str) -> Result | None:
        """The result of a config, whatever name it had when it ran."""
        found = self._results.get(os.path.abspath(config))
        return None if found is None else replace(found, config=config)

    @staticmethod
    def _original(result: Result) -> str:
        return os.path.abspath(result.reason or '')

    def _read(self) -> None:
        """Read what another command may have written meanwhile."""
        now = self._now()
        if now is None or now == self._state:
            return
        try:
            report = as_json.read(self._path)
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise UsageError(f'--resume: {self._path} holds no results of cfglint smoke ({error})') from None
        self._results = {os.path.abspath(result.config): result for result in report.results}
        self.versions = report.versions
        self._state = now

    def _now(self) -> tuple[int, int] | None:
        try:
            state = self._path.stat()
        except FileNotFoundError:
            return None
        return state.st_ino, state.st_mtime_ns

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other commands off the folder, where the system can."""
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):
                fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
