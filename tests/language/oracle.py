"""The real ``mmengine.Config.fromfile`` beside cfglint's reader."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any, NamedTuple

from cfglint.language.config import Config
from cfglint.language.encoding import encode
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from tests.kit import repo
from tests.kit.repo import Files

sys.path.append(str(Path(__file__).parents[2] / 'tools'))

from compare_resolution import difference, from_mmengine


class Refusal(NamedTuple):
    """MMEngine's exception, by the name of its class, and its words."""

    kind: str
    words: str


def write(folder: Path, files: Files | str) -> Path:
    """Write a tree of files; a lone text is ``config.py``. Return the path of the config."""
    paths = map(Path, repo.write(folder, files))
    return next(path for path in paths if path.name.startswith('config.'))


def mmengine(path: Path) -> Any:
    """Return what MMEngine makes of a config, as JSON data, or its refusal."""
    limit = sys.getrecursionlimit()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        sys.setrecursionlimit(1000)  # Python's own; cfglint raises it
        try:
            return json.loads(json.dumps(from_mmengine(str(path))))
        except (Exception, SystemExit) as error:
            return Refusal(type(error).__name__, str(error))
        finally:
            sys.setrecursionlimit(limit)


def cfglint(path: Path) -> Config | ConfigError:
    """Return what cfglint makes of a config, or its refusal."""
    try:
        return Loader().load(str(path))
    except ConfigError as error:
        return error


def plain(config: Config) -> Any:
    """Return a config as JSON data."""
    return json.loads(json.dumps(encode(config.table)))


def compare(path: Path) -> str | None:
    """Say where cfglint and MMEngine disagree about a config, None if they agree."""
    theirs = mmengine(path)
    ours = cfglint(path)
    if isinstance(theirs, Refusal):
        return None if isinstance(ours, ConfigError) else f'only MMEngine refuses: {theirs}'
    if isinstance(ours, ConfigError):
        return f'only cfglint refuses: {ours.rule}: {ours.message}'
    return difference(plain(ours), theirs)


def agree(folder: Path, files: Files | str) -> Config | ConfigError:
    """Make sure that cfglint and MMEngine agree about a config, and return what cfglint says."""
    path = write(folder, files)
    assert compare(path) is None
    return cfglint(path)


def refuse(folder: Path, files: Files | str, kind: str, rule: str) -> ConfigError:
    """Make sure that MMEngine refuses a config with an exception, and cfglint by a rule."""
    path = write(folder, files)
    theirs, ours = mmengine(path), cfglint(path)
    assert isinstance(theirs, Refusal), theirs
    assert isinstance(ours, ConfigError), plain(ours)
    assert (theirs.kind, ours.rule) == (kind, rule), (theirs, ours.message)
    return ours
