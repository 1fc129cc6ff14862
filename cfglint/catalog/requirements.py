"""What a repository's requirement files say about libraries. Read as data; `setup.py` is not executed."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_SIZE: Final = 1_000_000
_REQUIREMENT: Final = re.compile(
    r'^\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*'
    r'\(?(?P<specifier>(?:===|==|~=|!=|<=|>=|<|>)\s*[^;#()]*?)?\)?\s*(?:;.*|\s#.*|#.*)?$'
)


class Requirement(NamedTuple):
    """A library with its version specifier, and where it is written."""

    name: str
    specifier: str
    file: str
    line: int | None


def parse(text: str) -> tuple[str, str] | None:
    """Name and specifier of `mmdet[extra] >= 3.0, < 4 ; python_version > "3.8"`; None for options, paths and URLs."""
    found = _REQUIREMENT.match(text.strip())
    if found is None:
        return None
    return found['name'], ''.join((found['specifier'] or '').split())


def requirements(root: str | os.PathLike[str]) -> Iterator[Requirement]:
    """The requirements in pyproject.toml, setup.cfg, requirements*.txt and requirements/*.txt below `root`."""
    for path in fixed_files(root):
        text = _text(path)
        if text is not None:
            yield from _pyproject(path, text) if path.endswith('.toml') else _setup_cfg(path, text)
    for path in text_files(root):
        for number, line in enumerate((_text(path) or '').split('\n'), 1):
            parsed = parse(line)
            if parsed is not None:
                yield Requirement(*parsed, path, number)


def _text(path: str) -> str | None:
    try:
        if os.path.getsize(path) > _MAX_SIZE:
            return None
        with open(path, encoding='utf-8') as file:
            return file.read()
    except (OSError, ValueError):
        return None


def fixed_files(root: str | os.PathLike[str]) -> list[str]:
    """Return the files of a fixed name that may tell what a repository requires, whether they are there or not."""
    return [os.path.join(root, name) for name in ('pyproject.toml', 'setup.cfg')]


def text_files(root: str | os.PathLike[str]) -> list[str]:
    """Return the lists of requirements of a repository."""
    folder = os.path.join(root, 'requirements')
    files = [os.path.join(root, name) for name in _names(root) if name.startswith('requirements')]
    files += [os.path.join(folder, name) for name in _names(folder)]
    return [path for path in files if path.endswith('.txt')]


def _names(folder: str | os.PathLike[str]) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _pyproject(path: str, text: str) -> Iterator[Requirement]:
    project = _toml(text).get('project')
    if not isinstance(project, dict):
        return
    groups = [project.get('dependencies')]
    optional = project.get('optional-dependencies')
    if isinstance(optional, dict):
        groups += optional.values()
    for group in groups:
        for item in group if isinstance(group, list) else ():
            parsed = parse(item) if isinstance(item, str) else None
            if parsed is not None:
                yield Requirement(*parsed, path, _line(text, item))


def _toml(text: str) -> dict[str, Any]:
    try:
        import tomllib
    except ImportError:  # Python 3.10
        try:
            import tomli as tomllib
        except ImportError:
            return {}
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _setup_cfg(path: str, text: str) -> Iterator[Requirement]:
    import configparser  # few repositories have such a file

    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    for line in parser.get('options', 'install_requires', fallback='').split('\n'):
        parsed = parse(line) if line.strip() else None
        if parsed is not None:
            yield Requirement(*parsed, path, _line(text, line.strip()))


def _line(text: str, part: str) -> int | None:
    return next((number for number, line in enumerate(text.split('\n'), 1) if part in line), None)
