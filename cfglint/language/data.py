"""YAML and JSON configs, with the place of every key and item."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from cfglint.language.errors import ConfigError
from cfglint.language.limits import TooLarge, expanded_size
from cfglint.language.source import Range
from cfglint.language.values import Array, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    from cfglint.language.source import SourceFile


class _Loader(yaml.CSafeLoader if hasattr(yaml, 'CSafeLoader') else yaml.SafeLoader):  # type: ignore[misc]
    """YAML 1.1 as MMEngine's loader reads it, without the tags that run code."""


def load(source: SourceFile) -> Table:
    """Parse a YAML or JSON config.

    Raises:
        ConfigError: It is malformed, or its top level is no mapping of strings.
    """
    try:
        node = yaml.compose(source.code, _Loader)
        value = _Reader(source).read(node)
        expanded_size(value)
        if source.path.endswith('.json'):
            value = _exact(json.loads(source.code), value)
    except json.JSONDecodeError as error:
        raise ConfigError('syntax-error', f'not JSON: {error.msg}', source, Range(error.pos, error.pos)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = None if mark is None else Range(mark.index, mark.index)
        raise ConfigError('syntax-error', f'malformed: {error.problem or error}', source, place) from None
    except yaml.YAMLError as error:
        raise ConfigError('syntax-error', f'malformed: {str(error).splitlines()[0]}', source) from None
    except (RecursionError, TooLarge) as error:
        message = f'evaluation stopped: {error if isinstance(error, TooLarge) else "nested too deeply"}'
        raise ConfigError('endless-evaluation', message, source) from None
    if not isinstance(value, Table):
        kind = 'empty' if node is None else f'a {type(value).__name__.lower()}'
        message = f'the top level of a config has to be a mapping; it is {kind} (MMEngine: `AttributeError`)'
        raise ConfigError('no-mapping', message, source, Range(0, 0))
    for key, origin in value.origins.items():
        if not isinstance(key, str):
            message = f'the top-level key `{key}` is no string (MMEngine: `AttributeError`); quote it'
            raise ConfigError('no-mapping', message, source, origin.key)
    return value


def _exact(plain: Any, placed: Any) -> Any:
    """Return what JSON says with the places that YAML, which reads JSON too, found for it."""
    if isinstance(plain, dict) and isinstance(placed, Table):
        return Table({key: _exact(item, placed.get(key)) for key, item in plain.items()}, placed.origins)
    if isinstance(plain, list) and isinstance(placed, Array):
        return Array([_exact(*pair) for pair in zip(plain, placed, strict=True)], placed.origins)
    return plain


class _Reader:
    """Builds values from composed nodes; anchors that are used twice are shared."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.loader = yaml.SafeLoader('')
        self.seen: dict[int, Any] = {}

    def read(self, node: yaml.Node | None) -> Any:
        if node is None:
            return None
        if id(node) in self.seen:
            return self.seen[id(node)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node)
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode) -> Any:
        table = Table()
        self.seen[id(node)] = table
        self.loader.flatten_mapping(node)
        for key_node, value_node in node.value:
            key = self.read(key_node)
            try:
                table[key] = self.read(value_node)
            except TypeError:
                raise ConfigError('syntax-error', 'a mapping or list is no key', self.source, _range(key_node)) from None
            table.origins[key] = Origin(self.source, _range(key_node), _range(value_node))
        return table

    def _sequence(self, node: yaml.SequenceNode) -> Any:
        array = Array()
        self.seen[id(node)] = array
        for child in node.value:
            array.append(self.read(child))
            array.origins.append(Origin(self.source, None, _range(child)))
        if node.tag == 'tag:yaml.org,2002:python/tuple':
            return Row(array, tuple(array.origins))
        return array

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag.startswith('tag:yaml.org,2002:python/'):
            return Unknown(f'the YAML tag `!!python/{node.tag.rpartition("python/")[2]}`')
        try:
            return self.loader.construct_object(node)
        except (ValueError, OverflowError) as error:
            raise ConfigError('syntax-error', f'malformed value: {error}', self.source, _range(node)) from None


def _range(node: yaml.Node) -> Range:
    return Range(node.start_mark.index, node.end_mark.index)
