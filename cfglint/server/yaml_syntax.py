"""What stands where in a config in YAML, by its lines and their indentation, also while it is being typed.

Collections in braces or brackets are values of one piece.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cfglint.server.syntax import Node

_ITEM = re.compile(r'-(?:[ ]+|$)')
_KEY = re.compile(r"""(?P<key>"[^"\n]*"|'[^'\n]*'|[^\s#"'{}\[\],&*?|>!%@`:-](?:[^#:\n]*[^#:\s])?)[ ]*:(?:[ ]+|$)""")
_VALUE = re.compile(r"""(?:"(?:\\.|[^"\\])*"?|'[^']*'?|[^#\n]|(?<=\S)\#)*""")
_PLAIN = re.compile(r'[^\W\d][\w./:-]*')


class _Open(NamedTuple):
    """A value that may still get what the next lines hold.

    Attributes:
        indent: The column of its key, or of its dash.
        node: The value.
    """

    indent: int
    node: Node


def parse_yaml(text: str) -> Node:
    """Return the file, as `syntax.parse` does for Python."""
    root = Node(None, 0)
    root.kind, root.opened, root.closed, root.end = 'dict', 0, len(text), len(text)
    stack = [_Open(-1, root)]
    start = 0
    for line in text.split('\n'):
        content = line.lstrip(' ')
        if content.strip() and not content.startswith(('#', '---', '%')):
            _line(stack, start, line)
        start += len(line) + 1
    for each in stack[1:]:
        _end(each.node)
    return root


def _line(stack: list[_Open], start: int, line: str) -> None:
    """Read a line: dashes, then a key or a value."""
    column = len(line) - len(line.lstrip(' '))
    while (dash := _ITEM.match(line, column)) is not None:
        _close(stack, column, is_item=True)
        holder = stack[-1].node
        holder.kind = 'list'
        item = Node(holder, start + dash.end(), len(holder.children))
        _add(holder, item)
        stack.append(_Open(column, item))
        column = dash.end()
        if column >= len(line):
            return
    key = _KEY.match(line, column)
    if key is None:
        _value(stack, start, line, column)
        return
    _close(stack, column, is_item=False)
    holder = stack[-1].node
    if holder.kind != 'list':
        holder.kind = 'dict'
    node = Node(holder, start + key.end(), key['key'].strip('\'"'))
    node.key_start, node.key_end = start + key.start('key'), start + key.end('key')
    _add(holder, node)
    _write(node, start, line, key.end())
    stack.append(_Open(column, node))


def _value(stack: list[_Open], start: int, line: str, column: int) -> None:
    """Read what is no key: the value of an item, or a word that may become a key."""
    top = stack[-1]
    if top.node.key_start is None and top.node.start == start + column:
        _write(top.node, start, line, column)
        return
    _close(stack, column, is_item=False)
    holder = stack[-1].node
    if holder.text:
        return  # a text of several lines goes on
    word = Node(holder, start + column)
    _write(word, start, line, column)
    _add(holder, word)


def _write(node: Node, start: int, line: str, column: int) -> None:
    """Note the value that stands on the line of its key."""
    match = _VALUE.match(line, column)
    node.text = '' if match is None else match[0].strip()
    node.is_plain = _PLAIN.fullmatch(node.text) is not None
    node.start = start + column
    node.end = node.start + len(node.text)


def _add(holder: Node, node: Node) -> None:
    if holder.opened is None:
        holder.opened = node.start if node.key_start is None else node.key_start
    holder.children.append(node)


def _close(stack: list[_Open], column: int, *, is_item: bool) -> None:
    """End what a line at a column does not belong to; the dashes of a list may stand below its key."""
    while len(stack) > 1 and (
        stack[-1].indent > column
        or (stack[-1].indent == column and not (is_item and stack[-1].node.key_start is not None))
    ):
        _end(stack.pop().node)


def _end(node: Node) -> None:
    if node.children:
        node.closed = node.end = max(child.end for child in node.children)
