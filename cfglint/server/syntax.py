"""What stands where in the text of a config, also while it is being typed and cannot be parsed.

The text is read as brackets, keys and values, nothing more: what does not fit together is passed over. In a file that cannot
be parsed, an assignment at the start of a line begins a new statement, whatever brackets are still open above it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = str | int
_TOKEN = re.compile(
    r"""(?P<string>[rRbBuUfF]{0,2}(?:\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)|'''(?:\\.|[^\\])*?(?:'''|\Z)
        |"(?:\\.|[^"\\\n])*(?:"|(?=\n)|\Z)|'(?:\\.|[^'\\\n])*(?:'|(?=\n)|\Z)))
    |(?P<comment>\#[^\n]*)
    |(?P<name>[^\W\d]\w*)
    |(?P<newline>\n)
    |(?P<space>(?:[ \t\r\f]|\\\n)+)
    |(?P<number>\d[\w.]*)
    |(?P<other>==|!=|<=|>=|\*\*|[^\s])""",
    re.VERBOSE | re.DOTALL,
)
_STATEMENT = re.compile(r'[^\W\d][\w.]*[ \t]*=(?!=)|with |from |import |if |for |del ')
_OPENING, _CLOSING = {'(': ')', '[': ']', '{': '}'}, {')': '(', ']': '[', '}': '{'}
_DICTS = frozenset({'dict', 'ConfigDict', 'OrderedDict'})
_MAX_DEPTH = 100
"""How deep brackets are followed; a model of the zoos has 12 levels."""


class Token(NamedTuple):
    """A piece of the text.

    Attributes:
        kind: ``string``, ``comment``, ``name``, ``newline``, ``number`` or ``other``.
        text: The piece.
        start: Where it begins.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


class Node:
    """A value, and what it holds.

    Attributes:
        key: Its key in the dict or list that holds it; none for what has no key, such as an argument of a function.
        key_start: Where the key begins; none for an item of a list.
        key_end: Where the key ends.
        start: Where the value begins.
        end: Where it ends, or the text does.
        kind: ``dict``, ``list``, ``call`` (of something else than a dict) or ``other``.
        children: What it holds.
        parent: What holds it; none for the file.
        opened: Where the inside of its brackets begins; none without brackets.
        closed: Where the inside of its brackets ends.
        text: The text of a value without brackets.
        is_plain: Whether the text is a string that needs no quotes, as in YAML.
    """

    __slots__ = (
        'children',
        'closed',
        'end',
        'is_plain',
        'key',
        'key_end',
        'key_start',
        'kind',
        'opened',
        'parent',
        'start',
        'text',
    )

    def __init__(self, parent: Node | None, start: int, key: Key | None = None) -> None:
        self.key = key
        self.key_start: int | None = None
        self.key_end = start
        self.start = start
        self.end = start
        self.kind = 'other'
        self.children: list[Node] = []
        self.parent = parent
        self.opened: int | None = None
        self.closed = start
        self.text = ''
        self.is_plain = False

    @property
    def path(self) -> tuple[Key, ...] | None:
        """The keys from the file to here; none where one of them is not known."""
        if self.parent is None:
            return ()
        above = self.parent.path
        if above is None or self.key is None:
            return None
        return (
            *above,
            *(self.key.split('.') if self.parent.parent is None and isinstance(self.key, str) else (self.key,)),
        )

    def walk(self) -> Iterator[Node]:
        """Yield it and all that it holds, outer ones first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def get(self, key: Key) -> Node | None:
        """Return the last child of a key."""
        return next((child for child in reversed(self.children) if child.key == key), None)

    def literal(self) -> str | None:
        """Return the content of a string without prefix, None if it is anything else."""
        return self.text if self.is_plain else content(self.text)


def content(text: str) -> str | None:
    """Return what stands between the quotes of a string, which may not be closed; None for any other text."""
    quote = text[:1]
    if quote not in ('"', "'") or text[:3] == quote * 3:
        return None
    inside = text[1:-1] if len(text) > 1 and text.endswith(quote) else text[1:]
    return inside if quote not in inside else None


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, blanks left out."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != 'space':
            yield Token(match.lastgroup or '', match[0], match.start())


def parse(text: str) -> Node:
    """Return the file: its children are the values of top-level keys, in the order of the text."""
    reader = _Reader(text, recovers=False)
    reader.read()
    if reader.is_whole:
        return reader.root
    reader = _Reader(text, recovers=True)
    reader.read()
    return reader.root


class _Reader:
    """Reads a text once.

    Args:
        text: The text.
        recovers: Whether a statement at the start of a line ends what is open.
    """

    def __init__(self, text: str, *, recovers: bool) -> None:
        self.root = Node(None, 0)
        self.root.kind, self.root.opened, self.root.closed = 'dict', 0, len(text)
        self.root.end = len(text)
        self.is_whole = True
        self._text = text
        self._recovers = recovers
        self._stack: list[tuple[Node, str]] = []
        self._item: Node | None = None
        self._before: list[Token] = []

    def read(self) -> None:
        """Read all of it."""
        for token in tokens(self._text):
            if token.kind == 'comment':
                continue
            if self._recovers and self._stack and self._begins(token):
                while self._stack:
                    self._close(token.start)
                self._end_item(token.start)
            if token.kind == 'newline':
                if not self._stack:
                    self._end_item(token.start)
                continue
            self._take(token)
        self.is_whole = self.is_whole and not self._stack
        while self._stack:
            self._close(len(self._text))
        self._end_item(len(self._text))

    def _begins(self, token: Token) -> bool:
        is_first = token.start == 0 or self._text[token.start - 1] == '\n'
        return is_first and token.kind == 'name' and _STATEMENT.match(self._text, token.start) is not None

    @property
    def _holder(self) -> Node:
        return self._stack[-1][0] if self._stack else self.root

    def _take(self, token: Token) -> None:
        if token.text in _OPENING:
            self._open(token)
        elif token.text in _CLOSING:
            self._meet_closing(token)
        elif token.text in (',', ';'):
            self._end_item(token.start)
        elif (token.text == '=' and self._is_key_before('=')) or (
            token.text == ':' and self._stack and self._stack[-1][1] == '{' and self._is_key_before(':')
        ):
            self._begin_value(token)
        else:
            self._before.append(token)

    def _is_key_before(self, sign: str) -> bool:
        if self._item is not None or not self._before:
            return False
        if sign == ':':
            return len(self._before) == 1
        return not self._stack or len(self._before) == 1

    def _begin_value(self, token: Token) -> None:
        """Make a value of what comes: what came before is its key."""
        first, last = self._before[0], self._before[-1]
        text = self._text[first.start : last.end]
        node = Node(self._holder, token.end, _key_of(text, is_string=first.kind == 'string', is_top=not self._stack))
        node.key_start, node.key_end = first.start, last.end
        self._holder.children.append(node)
        self._item, self._before = node, []

    def _open(self, token: Token) -> None:
        last = self._before[-1] if self._before else None
        is_subscript = token.text == '[' and last is not None and (last.kind in ('name', 'string') or last.text in ')]')
        if self._item is None and not self._stack and is_subscript:
            self._before.append(token)  # `model['backbone'] = …`
            return
        node = self._item
        if len(self._stack) >= _MAX_DEPTH:
            node = Node(self._holder, token.start)  # nobody looks into it
        elif node is None or node.opened is not None:
            node = Node(node or self._holder, token.start, None if node else self._next_index())
            (node.parent or self.root).children.append(node)
        node.opened = token.end
        node.kind = self._kind(token, last, is_subscript=is_subscript)
        self._stack.append((node, token.text))
        self._item, self._before = None, []

    @staticmethod
    def _kind(token: Token, last: Token | None, *, is_subscript: bool) -> str:
        if is_subscript:
            return 'call'
        if token.text == '(' and last is not None and last.kind == 'name':
            return 'dict' if last.text in _DICTS else 'call'
        return 'dict' if token.text == '{' else 'list'

    def _next_index(self) -> int | None:
        """Return the index of a new item of the list that is open; None in anything else."""
        return len(self._holder.children) if self._stack and self._holder.kind == 'list' else None

    def _meet_closing(self, token: Token) -> None:
        if not self._stack and self._before and any(each.text == '[' for each in self._before):
            self._before.append(token)
            return
        opening = _CLOSING[token.text]
        if all(sign != opening for _, sign in self._stack):
            self.is_whole = False
            return
        while self._stack[-1][1] != opening:
            self.is_whole = False
            self._close(token.start)
        self._close(token.start)

    def _close(self, at: int) -> None:
        self._end_item(at)
        node, _ = self._stack.pop()
        node.closed = at
        node.end = min(at + 1, len(self._text))
        self._item = node
        self._before = []

    def _end_item(self, at: int) -> None:
        node = self._item
        if node is None and self._before and self._stack:
            first = self._before[0]
            node = Node(self._holder, first.start, self._next_index())
            self._holder.children.append(node)
            node.text = self._text[first.start : self._before[-1].end]
            node.end = self._before[-1].end
        elif node is not None and node is not self.root:
            if node.opened is None:
                node.text = self._text[node.start : at].strip()
                node.start = node.start + len(self._text[node.start : at]) - len(self._text[node.start : at].lstrip())
                node.end = node.start + len(node.text)
            else:
                node.end = max(node.end, self._before[-1].end if self._before else node.end)
        self._item, self._before = None, []


def _key_of(text: str, *, is_string: bool, is_top: bool) -> Key | None:
    """Return the key that a piece of text names: a word, a string, or `a.b['c']` at the top."""
    if is_string:
        return content(text)
    if text.isidentifier():
        return text
    if not is_top:
        return None
    parts = re.fullmatch(r"""[^\W\d]\w*(?:\.[^\W\d]\w*|\[\s*(?:'[^'\n]*'|"[^"\n]*")\s*\])*""", text)
    return None if parts is None else '.'.join(re.findall(r'[^\W\d]\w*', text))
