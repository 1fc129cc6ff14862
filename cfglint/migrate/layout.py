"""How dicts and lists are laid out: on one line if they fit, else broken as OpenMMLab's configs are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Raw:
    """Text from the file.

    Attributes:
        text: The text.
        indent: The indentation of the line that it started on.
        column: Where it started.
    """

    text: str
    indent: int = 0
    column: int = 0


@dataclass
class Element:
    """An argument of a call or an item of a list, with the comments that belong to it."""

    head: str
    body: Node
    lead: list[str] = field(default_factory=list)
    tail: str = ''


@dataclass
class Group:
    """A dict or list: brackets around elements.

    Attributes:
        own_line: Whether the closing bracket stands on its own line, if the group is broken.
        comma: Whether a comma follows the last element, if the group is broken.
        foot: The comments after the last element.
    """

    opening: str
    elements: list[Element]
    closing: str
    own_line: bool = False
    comma: bool = False
    foot: list[str] = field(default_factory=list)


Node = Raw | Group

_STEP = 4


def flat(node: Node) -> str | None:
    """Return a node on one line; none if it has line ends or comments."""
    if isinstance(node, Raw):
        return None if '\n' in node.text else node.text
    if node.foot:
        return None
    parts = []
    for element in node.elements:
        text = flat(element.body)
        if text is None or element.lead or element.tail:
            return None
        parts.append(element.head + text)
    inner = ', '.join(parts)
    if node.opening == '(' and len(parts) == 1:
        inner += ','
    return f'{node.opening}{inner}{node.closing}'


def text_of(node: Node, indent: int, column: int, width: int, after: int = 0) -> str:
    """Return the text of a node.

    Args:
        node: The node.
        indent: The indentation of its line.
        column: Where it starts.
        width: How long lines may be.
        after: How many characters follow on its last line.
    """
    line = flat(node)
    if line is not None and (column + len(line) + after <= width or isinstance(node, Raw)):
        return line
    if isinstance(node, Raw):
        return shifted(node, indent, column)
    inner = indent + _STEP
    packed = _packed(node)
    if packed is not None and inner + len(packed) + len(node.closing) + after <= width and not node.own_line:
        return f'{node.opening}\n{" " * inner}{packed}{node.closing}'
    return _broken(node, indent, width, after)


def shifted(raw: Raw, indent: int, column: int) -> str:
    """Return text that moves to another indentation, or another column if its lines are aligned with its beginning."""
    second = raw.text.split('\n', 2)[1]
    is_aligned = len(second) - len(second.lstrip(' ')) > raw.column > raw.indent
    by = column - raw.column if is_aligned else indent - raw.indent
    if not by or '"""' in raw.text or "'''" in raw.text:
        return raw.text
    first, *rest = raw.text.split('\n')
    moved = (
        f'{" " * by}{line}' if by > 0 and line.strip() else re.sub(f'^ {{0,{max(-by, 0)}}}', '', line) for line in rest
    )
    return '\n'.join((first, *moved))


def _packed(node: Group) -> str | None:
    """Return the elements on one line of their own; lists of dicts stand below each other."""
    if not node.opening.endswith('(') or node.opening == '(':
        return None
    return flat(Group('', node.elements, '', foot=node.foot))


def _broken(node: Group, indent: int, width: int, after: int) -> str:
    inner = indent + _STEP
    lines = [node.opening]
    pad = ' ' * inner
    last = len(node.elements) - 1
    ends_open = node.own_line or bool(node.foot) or (bool(node.elements) and bool(node.elements[-1].tail))
    for index, element in enumerate(node.elements):
        lines += [pad + comment for comment in element.lead]
        is_last = index == last
        comma = '' if is_last and not node.comma and not (node.opening == '(' and last == 0) else ','
        room = len(node.closing) + after if is_last and not ends_open else 1
        body = text_of(element.body, inner, inner + len(element.head), width, room)
        tail = f'  {element.tail}' if element.tail else ''
        lines.append(f'{pad}{element.head}{body}{comma}{tail}')
    lines += [pad + comment for comment in node.foot]
    text = '\n'.join(lines)
    return f'{text}\n{" " * indent}{node.closing}' if ends_open else f'{text}{node.closing}'
