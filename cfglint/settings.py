"""The settings of a project: ``[tool.cfglint]`` in ``pyproject.toml``, or ``cfglint.toml``.

One run has one settings file: the nearest one, from the current folder upwards to the root of the repository. So the
command line, the pre-commit hook and CI, which all run in the repository, agree whatever files they are given.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_type_hints

from cfglint import files
from cfglint.usage import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

_OWN = 'cfglint.toml'

Level = Literal['error', 'warning', 'info']
FailOn = Literal['error', 'warning', 'info', 'never']
OutputFormat = Literal['full', 'concise', 'json', 'github', 'sarif', 'gitlab', 'junit', 'markdown']


def _kebab(name: str) -> str:
    return name.replace('_', '-')


class Settings(NamedTuple):
    """All settings, with their defaults. Pydantic validates what a file says; no file, no Pydantic."""

    paths: tuple[str, ...] = ()
    """What `cfglint check` looks at when it is given no paths: files, folders or globs. Empty: the folders of configs."""
    select: tuple[str, ...] = ()
    """The rules to ask, by name or family. Empty: all."""
    ignore: tuple[str, ...] = ()
    """The rules not to ask, by name or family. A rule that `select` names is asked even if `ignore` has its family."""
    extend_select: tuple[str, ...] = ()
    """The rules to ask in addition to those of `select`, by name or family."""
    severity: dict[str, Level] = {}  # noqa: RUF012
    """Severities by rule or family, such as `deprecated = "warning"`; a rule says more than its family."""
    per_file_severity: dict[str, dict[str, Level]] = {}  # noqa: RUF012
    """Patterns of files, each with severities that hold there."""
    baseline: str | None = None
    """A file with findings that do not count for now; see `cfglint check --write-baseline`."""
    per_file_ignores: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 (a named tuple has no factories; nobody changes it)
    """Patterns of files, each with the rules (names or families) whose diagnostics are dropped there."""
    exclude: tuple[str, ...] | None = None
    """Patterns of files and folders to leave out, as in a `.gitignore`. Replaces the default."""
    extend_exclude: tuple[str, ...] = ()
    """Further patterns to leave out, in addition to `exclude`."""
    fail_on: FailOn = 'warning'
    """The lowest severity that makes the exit code 1."""
    output_format: OutputFormat = 'full'
    """How diagnostics are printed."""
    targets: dict[str, str] = {}  # noqa: RUF012
    """The release of each library that the configs are for, such as `mmdet = "3.3.0"`, or a range of them: `">=3.1,<3.4"`."""
    plugins: tuple[str, ...] = ()
    """Rules of one's own: modules, or names of the entry points `cfglint.rules` of what is installed."""
    extra_paths: tuple[str, ...] = ()
    """Folders with Python packages that configs import or register, in addition to the current folder."""


class Project(NamedTuple):
    """Settings, and the folder that the patterns and paths in them are relative to."""

    settings: Settings
    folder: str
    file: str | None = None


def find(start: str) -> str | None:
    """Return the nearest settings file from the folder `start` upwards, None when there is none.

    A ``cfglint.toml`` goes before a ``pyproject.toml`` beside it; a ``pyproject.toml`` without ``[tool.cfglint]`` is
    passed over. The search ends at the root of the repository.
    """
    for path in places(start):
        if not os.path.isfile(path):
            continue
        if os.path.basename(path) == _OWN or ('cfglint' in _text(path) and 'cfglint' in _tools(_parsed(path))):
            return path
    return None


def places(start: str) -> Iterator[str]:
    """Yield where the settings of the folder `start` may stand, whether or not there is such a file; the nearest first."""
    folder, below = os.path.abspath(start), ''
    while folder != below:
        yield os.path.join(folder, _OWN)
        yield os.path.join(folder, 'pyproject.toml')
        if os.path.exists(os.path.join(folder, '.git')):
            return
        folder, below = os.path.dirname(folder), folder


def project(start: str, path: str | None = None) -> Project:
    """Return the project of a folder, or that of a named settings file.

    Raises:
        UsageError: Its settings are wrong.
    """
    path = find(start) if path is None else os.path.abspath(path)
    if path is None:
        return Project(Settings(), os.path.abspath(start))
    return Project(load(path), os.path.dirname(path), path)


def load(path: str) -> Settings:
    """Read a settings file.

    Raises:
        UsageError: It cannot be read, or has an unknown setting or a wrong value.
    """
    data = _parsed(path)
    if os.path.basename(path) == 'pyproject.toml':
        data = _tools(data).get('cfglint', {})
    return validate(data, path)


def validate(data: Any, path: str) -> Settings:
    """Turn what a file says into settings.

    Raises:
        UsageError: There is an unknown setting or a wrong value.
    """
    from pydantic import ValidationError

    if _has_nul(data):
        raise UsageError(f'{path}: a NUL character stands in a setting')
    try:
        said = model().model_validate(data)
    except ValidationError as error:
        raise UsageError(f'{path}: {_explain(error.errors()[0])}') from None
    return Settings(**dict(said))


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(each) for item in value.items() for each in item)
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and '\0' in value


def model() -> type[BaseModel]:
    """Return a model of what a settings file may say."""
    from pydantic import ConfigDict, create_model

    types, defaults = get_type_hints(Settings), Settings._field_defaults
    fields: dict[str, Any] = {name: (types[name], default) for name, default in defaults.items()}
    return create_model('Settings', __config__=ConfigDict(extra='forbid', alias_generator=_kebab), **fields)


def names() -> tuple[str, ...]:
    """Return the names of all settings, as they are written in a file."""
    return tuple(map(_kebab, Settings._fields))


def _explain(error: Any) -> str:
    where = '.'.join(str(part) for part in error['loc'])
    if error['type'] == 'extra_forbidden':
        return f'unknown setting `{where}`{did_you_mean(where, names())}'
    if error['type'] == 'model_type':
        return 'the settings must be a table'
    message = error['msg'].replace('valid tuple', 'list').replace('a valid dictionary', 'a table')
    return f'`{where}`: {message[:1].lower()}{message[1:]}' if where else message


def _tools(data: dict[str, Any]) -> dict[str, Any]:
    tools = data.get('tool')
    return tools if isinstance(tools, dict) else {}


def _text(path: str) -> str:
    try:
        return files.text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f'cannot read `{path}`: {files.reason(error)}') from None


def _parsed(path: str) -> dict[str, Any]:
    from cfglint.tomls import TomlError, parse

    try:
        return parse(_text(path))
    except TomlError as error:
        raise UsageError(f'{path}: {error}') from None
