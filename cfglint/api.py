"""cfglint from Python: ``cfglint.check`` and ``cfglint.load``, what the commands `check` and `show` do, as values."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.discover import discover, discover_by_default, excludes_of
from cfglint.engine import Engine
from cfglint.language.loader import Loader
from cfglint.selection import per_file_ignores, select_rules
from cfglint.settings import project
from cfglint.severities import as_settings_say
from cfglint.targeting import libraries_for
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.findings import Result
    from cfglint.language.config import Config

Path = str | os.PathLike[str]


class InternalError(Exception):
    """A failure of cfglint itself, please report it: the message names the file and the rule.

    Attributes:
        diagnostics: What was found all the same.
    """

    def __init__(self, message: str, diagnostics: list[Diagnostic]) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


def check(
    paths: Path | Iterable[Path] = (),
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    targets: Sequence[str] = (),
    config: Path | None = None,
) -> list[Diagnostic]:
    """Check configs, as ``cfglint check`` does without a cache and without a baseline.

    Args:
        paths: Files, folders or globs; what the settings or the folders of configs say if there are none.
        select: The rules to ask, by name or family, instead of those of the settings.
        ignore: Rules or families not to ask, in addition to those of the settings.
        targets: Releases to check against, such as ``mmdet==3.3.0``; what the settings and the project say for all others.
        config: The settings file; by default the nearest one from the current folder upwards.

    Returns:
        What is found, sorted by path and place. Fixes are verified: those that would do harm are not offered.

    Raises:
        UsageError: A path, a rule, a target or the settings are wrong.
        InternalError: cfglint failed.
    """
    where = project(os.getcwd(), None if config is None else os.fspath(config))
    settings = where.settings
    rules = select_rules(settings, select, ignore)
    excludes = excludes_of(settings, where.folder)
    named = [os.fspath(paths)] if isinstance(paths, str | os.PathLike) else [os.fspath(path) for path in paths]
    named = named or [os.path.join(where.folder, path) for path in settings.paths]
    found = discover(named, excludes) if named else discover_by_default(os.getcwd(), excludes)
    engine = Engine(rules, per_file_ignores(settings, where.folder))
    workspace = Workspace(libraries_for(found.files, where, targets))
    result = engine.check(workspace, found.files, found.candidates)
    if any(each.fix is not None for each in result.diagnostics):
        from cfglint.fixing.run import offered

        result = offered(result, found.files, engine, workspace)
    diagnostics = as_settings_say(result.diagnostics, settings, where.folder)
    _require_success(result, diagnostics)
    return diagnostics


def load(path: Path, cfg_options: Sequence[str] = ()) -> Config:
    """Return a config as MMEngine would see it; nothing of it is run.

    Args:
        path: A file of Python, YAML or JSON.
        cfg_options: Overrides as on the command line, such as ``train_cfg.max_epochs=24``.

    Returns:
        The config: ``config.table`` is a dict of the values; what cannot be known without running code is an
        `cfglint.language.values.Unknown` in its place.

    Raises:
        ConfigError: MMEngine refuses it, or there is no such file.
    """
    config = Loader().load(os.path.abspath(path))
    if not cfg_options:
        return config
    from cfglint.language.options import override

    return override(config, cfg_options)


def _require_success(result: Result, diagnostics: list[Diagnostic]) -> None:
    if result.crashes:
        first = result.crashes[0]
        more = f' (and {len(result.crashes) - 1} more failures)' if len(result.crashes) > 1 else ''
        raise InternalError(f'{first.path}: {first.what}{more}', diagnostics)
