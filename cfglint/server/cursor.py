"""The place in a text that a request is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from cfglint.server.syntax import tokens

if TYPE_CHECKING:
    from cfglint.server.syntax import Key, Node, Token

Role = Literal['key', 'value', 'inside']


class Cursor(NamedTuple):
    """A place in the text.

    Attributes:
        offset: The character.
        node: The value that it is in or at, or whose key it is in; what holds it, where it is between values.
        role: Whether it is in the key or in the value of the node, or in its brackets, between what it holds.
        token: The word or string that it is in or directly behind; none where there is neither.
    """

    offset: int
    node: Node
    role: Role
    token: Token | None

    @property
    def holder(self) -> Node:
        """The dict, list or call that holds what is here."""
        return self.node if self.role == 'inside' or self.node.parent is None else self.node.parent

    @property
    def is_new(self) -> bool:
        """Whether a key may be typed here: between values, or in a bare word that may become one."""
        return self.role == 'inside' or (self.node.key_start is None and self.role == 'value')

    @property
    def path(self) -> tuple[Key, ...] | None:
        """The keys from the file to the node."""
        return self.node.path

    @property
    def is_in_string(self) -> bool:
        """Whether it is within quotes, which need not be closed."""
        token = self.token
        return token is not None and token.kind == 'string' and token.start < self.offset and not self._is_behind(token)

    def _is_behind(self, token: Token) -> bool:
        return self.offset >= token.end and len(token.text) > 1 and token.text[-1] == token.text.lstrip('rRbBuUfF')[:1]

    @property
    def typed(self) -> str:
        """What stands between the beginning of the word, or the opening quote, and the place."""
        start = self.replaced[0]
        return '' if self.token is None else self.token.text[start - self.token.start : self.offset - self.token.start]

    @property
    def replaced(self) -> tuple[int, int]:
        """The characters that a completion replaces: the word, or what is within the quotes."""
        token = self.token
        if token is None or token.kind not in ('name', 'string', 'number'):
            return self.offset, self.offset
        if token.kind != 'string':
            return token.start, token.end
        quote = token.text.lstrip('rRbBuUfF')[:1]
        start = token.start + token.text.index(quote) + 1
        is_closed = token.text.endswith(quote) and token.end - start > 0
        return start, token.end - is_closed


def cursor(text: str, root: Node, offset: int) -> Cursor:
    """Return what is at a character of a text, which `root` is read from."""
    node, role = _find(root, offset)
    return Cursor(offset, node, role, _token(text, offset))


def _find(root: Node, offset: int) -> tuple[Node, Role]:
    node = root
    while True:
        inner = next((child for child in reversed(node.children) if _begin(child) <= offset <= child.end), None)
        if inner is None:
            return node, 'inside'
        if inner.key_start is not None and offset <= inner.key_end:
            return inner, 'key'
        if inner.opened is None or not inner.opened <= offset <= inner.closed:
            return inner, 'value'
        node = inner


def _begin(node: Node) -> int:
    return node.start if node.key_start is None else node.key_start


def _token(text: str, offset: int) -> Token | None:
    """Return the token that a character is in; in a row of tokens that touch, the one before it."""
    start = text.rfind('\n', 0, offset) + 1
    found = None
    for token in tokens(text[start : text.find('\n', offset) if '\n' in text[offset:] else len(text)]):
        moved = token._replace(start=token.start + start)
        if moved.start > offset:
            break
        if moved.kind in ('name', 'string', 'number') and offset <= moved.end:
            found = moved
    return found
