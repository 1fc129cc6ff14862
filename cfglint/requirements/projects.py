"""Project files: pyproject.toml (PEP 621, PEP 735, Poetry, PDM, uv, pixi) and setup.cfg."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from cfglint.requirements.lines import is_relevant, of_table, parse
from cfglint.requirements.model import Requirement, line_of, toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.requirements.model import Reader


def pyproject(folder: str, reader: Reader) -> Iterator[Requirement]:
    """Yield what a `pyproject.toml` says."""
    path = os.path.join(folder, 'pyproject.toml')
    text = reader.text(path)
    if text is None or not is_relevant(text):
        return
    data = toml(text)
    for item in _listed(data):
        parsed = parse(item)
        if parsed is not None:
            yield Requirement(*parsed, path, line_of(text, item))
    for table in _tables(_table(data, 'tool')):
        for name, specifier in of_table(table):
            yield Requirement(name, specifier, path, line_of(text, f'\n{name}'))


def _table(data: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _listed(data: dict[str, Any]) -> Iterator[str]:
    """Yield the requirements that are written as texts in lists."""
    groups = [
        _table(data, 'project').get('dependencies'),
        *_table(data, 'project', 'optional-dependencies').values(),
        *_table(data, 'dependency-groups').values(),
        *_table(data, 'tool', 'pdm', 'dev-dependencies').values(),
        _table(data, 'tool', 'uv').get('dev-dependencies'),
        _table(data, 'tool', 'uv').get('constraint-dependencies'),
    ]
    for group in groups:
        yield from (item for item in group if isinstance(item, str)) if isinstance(group, list) else ()


def _tables(tools: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the requirements that are written as tables, by their names."""
    poetry = _table(tools, 'poetry')
    yield _table(poetry, 'dependencies')
    yield _table(poetry, 'dev-dependencies')
    for group in _table(poetry, 'group').values():
        yield _table(group, 'dependencies')
    yield _table(tools, 'pixi', 'dependencies')
    yield _table(tools, 'pixi', 'pypi-dependencies')


def setup_cfg(folder: str, reader: Reader) -> Iterator[Requirement]:
    """Yield what a `setup.cfg` says."""
    path = os.path.join(folder, 'setup.cfg')
    text = reader.text(path)
    if text is None or not is_relevant(text):
        return
    import configparser  # few repositories say something there

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    said = [parser.get('options', 'install_requires', fallback='')]
    if parser.has_section('options.extras_require'):
        said += [value for _, value in parser.items('options.extras_require')]
    for line in '\n'.join(said).split('\n'):
        parsed = parse(line)
        if parsed is not None:
            yield Requirement(*parsed, path, line_of(text, line.strip()))
