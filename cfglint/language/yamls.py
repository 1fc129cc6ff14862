"""Parsing YAML, with the place of every key and item. Tags that would run code give an `Unknown`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from cfglint.language.errors import ConfigError
from cfglint.language.evaluation.limits import MAX_DEPTH, MAX_ITEMS, TooLarge, Weight
from cfglint.language.places import Range
from cfglint.language.values import Array, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    from cfglint.language.source import SourceFile

_TAG = 'tag:yaml.org,2002:'
_PYTHON = f'{_TAG}python/'
_MAX_NUMBER = 1000
"""Characters of a number: YAML 1.1 has numbers in base 60, which take quadratic time to read."""


class _Loader(yaml.CSafeLoader if hasattr(yaml, 'CSafeLoader') else yaml.SafeLoader):  # type: ignore[misc]
    """YAML 1.1 as MMEngine's loader reads it, without the tags that run code."""


def parse(source: SourceFile) -> Any:
    """Parse the text of a file.

    Raises:
        ConfigError: It is malformed.
        TooLarge: It is nested too deeply, or grows beyond the bounds.
    """
    try:
        _check_depth(source.code)
        return _Reader(source).read(yaml.compose(source.code, _Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Range(0, 0) if mark is None else source.range_of_code(mark.index, mark.index)
        words = f'malformed: {error.problem or error}'
        raise ConfigError('syntax-error', words, source, place, raises=type(error).__name__) from None
    except yaml.YAMLError as error:
        words = f'malformed: {str(error).splitlines()[0]}'
        raise ConfigError('syntax-error', words, source, Range(0, 0), raises=type(error).__name__) from None


def _check_depth(text: str) -> None:
    """Stop before the parser's own recursion becomes too deep for the stack."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise TooLarge(f'a value nested more than {MAX_DEPTH} levels deep')
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Disputed(yaml.ScalarNode):
    """The value of a key that several mappings of one ``<<: […]`` have: up to PyYAML 6.0.3 the first goes, later the last.

    Source: `yaml/constructor.py`, `SafeConstructor.flatten_mapping`, of both.
    """


def _disputed(sources: list[list[tuple[yaml.Node, yaml.Node]]]) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return the keys that several of the mappings which are merged have, with other values."""
    found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    values: dict[str, yaml.Node] = {}
    for pairs in sources if len(sources) > 1 else ():
        own = {key.value: (key, value) for key, value in pairs if isinstance(key, yaml.ScalarNode)}
        for name, (key, value) in own.items():
            if not _is_same(values.setdefault(name, value), value):
                found[name] = (key, _Disputed('', '', value.start_mark, value.end_mark))
    return list(found.values())


def _is_same(one: yaml.Node, other: yaml.Node) -> bool:
    both_scalars = isinstance(one, yaml.ScalarNode) and isinstance(other, yaml.ScalarNode)
    return one is other or (both_scalars and (one.tag, one.value) == (other.tag, other.value))


class _Reader:
    """Builds values from composed nodes; anchors that are used twice are shared."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.loader = yaml.SafeLoader('')
        self.seen: dict[int, Any] = {}
        self.merged = 0

    def read(self, node: yaml.Node | None) -> Any:
        """Return the value of a node."""
        if node is None:
            return None
        if id(node) in self.seen:
            return self.seen[id(node)]
        if isinstance(node, _Disputed):
            return Unknown('releases of PyYAML differ in which of the merged mappings goes first')
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node)
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode) -> Any:
        if node.tag.startswith(_PYTHON) and node.tag != f'{_PYTHON}dict':
            return self._python(node)
        if node.tag not in (f'{_TAG}map', f'{_TAG}set', f'{_PYTHON}dict'):
            self._refuse_tag(node)
        table = Table()
        self.seen[id(node)] = table
        for key_node, value_node in self._pairs(node):
            key = self.read(key_node)
            try:
                Weight(key)  # hashing it comes to an end
                table[key] = self.read(value_node)
            except TypeError:
                raise ConfigError(
                    'syntax-error', 'a mapping or list is no key', self.source, self._range(key_node)
                ) from None
            table.origins[key] = Origin(self.source, self._range(key_node), self._range(value_node))
        if node.tag == f'{_TAG}set':
            self.seen[id(node)] = set(table)
            return self.seen[id(node)]
        return table

    def _pairs(self, node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
        """Return the pairs of a mapping, those of ``<<`` first; within bounds, unlike PyYAML's own way."""
        if not any(key.tag == f'{_TAG}merge' for key, _ in node.value):
            return list(node.value)
        merged: list[tuple[yaml.Node, yaml.Node]] = []
        rest = []
        for key, value in node.value:
            if key.tag != f'{_TAG}merge':
                rest.append((key, value))
                continue
            sources = [self._source(each, node) for each in reversed(self._sources(value))]
            for pairs in sources:
                merged += pairs
                self._count(len(merged))
            merged += _disputed(sources)
        node.value = [*merged, *rest]
        return [*merged, *rest]

    def _sources(self, value: yaml.Node) -> list[yaml.MappingNode]:
        """Return the mappings that ``<<`` names.

        Raises:
            ConfigError: It names something else.
        """
        named = value.value if isinstance(value, yaml.SequenceNode) else [value]
        found = [each for each in named if isinstance(each, yaml.MappingNode)]
        if len(found) < len(named):
            raise ConfigError('syntax-error', 'expected a mapping to merge', self.source, self._range(value))
        return found

    def _source(self, each: yaml.MappingNode, into: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
        if (id(each) in self.seen and not isinstance(self.seen[id(each)], Table)) or each is into:
            raise TooLarge('a value that contains itself')
        return self._pairs(each)

    def _count(self, items: int) -> None:
        self.merged += items
        if self.merged > MAX_ITEMS:
            raise TooLarge(f'merged mappings of more than {MAX_ITEMS} items')

    def _sequence(self, node: yaml.SequenceNode) -> Any:
        if node.tag.startswith(_PYTHON) and node.tag not in (f'{_PYTHON}tuple', f'{_PYTHON}list'):
            return self._python(node)
        if node.tag in (f'{_TAG}omap', f'{_TAG}pairs'):
            return Array([self._pair(child) for child in node.value])
        if node.tag not in (f'{_TAG}seq', f'{_PYTHON}tuple', f'{_PYTHON}list'):
            self._refuse_tag(node)
        array = Array()
        self.seen[id(node)] = array
        for child in node.value:
            array.append(self.read(child))
            array.origins.append(Origin(self.source, None, self._range(child)))
        if node.tag == f'{_PYTHON}tuple':
            self.seen[id(node)] = Row(array, tuple(array.origins))
        return self.seen[id(node)]

    def _pair(self, node: yaml.Node) -> Row:
        """Return an item of ``!!omap`` or ``!!pairs``: a mapping of one key."""
        if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
            message = 'expected a mapping of one key'
            raise ConfigError('syntax-error', message, self.source, self._range(node), raises='ConstructorError')
        ((key, value),) = node.value
        return Row((self.read(key), self.read(value)))

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag.startswith(_PYTHON):
            return self._python(node)
        if node.tag in (f'{_TAG}int', f'{_TAG}float') and len(node.value) > _MAX_NUMBER:
            raise TooLarge(f'a number of {len(node.value)} characters')
        try:
            return self.loader.construct_object(node)
        except (ValueError, OverflowError, IndexError, KeyError) as error:
            raise ConfigError('syntax-error', f'malformed value: {error}', self.source, self._range(node)) from None

    def _python(self, node: yaml.Node) -> Any:
        return Unknown(f'the YAML tag `!!python/{node.tag[len(_PYTHON) :]}`')

    def _refuse_tag(self, node: yaml.Node) -> None:
        message = f'unknown tag `{node.tag:.60}`'
        raise ConfigError('syntax-error', message, self.source, self._range(node), raises='ConstructorError')

    def _range(self, node: yaml.Node) -> Range:
        return self.source.range_of_code(node.start_mark.index, node.end_mark.index)
