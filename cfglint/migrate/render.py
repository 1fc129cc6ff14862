"""Trees as nodes of source text: the user's own text wherever it still says the right thing."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import TODO as PREFIX
from cfglint.language.values import Table
from cfglint.migrate.change import Computed, Dict, Kept, List, Todo, Tree, opened, plain, value_of
from cfglint.migrate.items import Item
from cfglint.migrate.layout import Element, Group, Node, Raw
from cfglint.migrate.text import loaded_names

if TYPE_CHECKING:
    from cfglint.migrate.text import Text

_BUILTINS = frozenset(dir(builtins))


class Renderer:
    """Renders trees for one file.

    Args:
        text: The file.
        unchanged: The names whose values the new file has as the old one had them.
        variables: The new values of the names that changed and that the new file still has.
    """

    def __init__(self, text: Text, unchanged: frozenset[str], variables: dict[str, Any]) -> None:
        self.text = text
        self.unchanged = unchanged
        self.variables = variables
        self.moved: frozenset[str] = frozenset()
        """The statements that disappear: their comments go where their values go."""
        self.led: set[str] = set()
        """Those of them whose comments are written."""
        self.section = ''
        """The top-level key that is rendered."""
        self.owners: dict[int, str] = {}
        """The section that has the comments of a row: what is used in several sections has them in the first one."""
        self.literal = False
        """Whether nothing of the user's text is to be used."""

    def node(self, tree: Tree) -> Node:
        """Return the node of a tree."""
        match tree:
            case Kept(item) | Todo(_, item):
                return self._kept(item)
            case Computed(value, near):
                name = self._variable(near, value)
                return self.value(value) if name is None else name
            case Dict(_, like):
                name = self._variable(like, value_of(tree)) if not tree.delete else None
                return name or self._dict(tree)
            case List(_, like):
                return self._variable(like, value_of(tree)) or self._list(tree)

    # The user's own

    def is_own(self, item: Item) -> bool:
        """Tell whether an item was written in this file."""
        return item.origin is not None and item.origin.source.path == self.text.source.path

    def _place(self, item: Item | None) -> ast.expr | None:
        if item is None or self.literal or not self.is_own(item):
            return None
        assert item.origin is not None
        return item.origin.value if isinstance(item.origin.value, ast.expr) else None

    def _variable(self, item: Item | None, value: Any) -> Raw | None:
        """Return the name that the user wrote, if the variable has the value that is wanted."""
        place = self._place(item)
        if not isinstance(place, ast.Name):
            return None
        given = self.variables.get(place.id)
        if given is None and place.id in self.unchanged:
            given = plain(self.text.config.table.get(place.id))
        return Raw(place.id) if given is not None and given == plain(value) else None

    def _kept(self, item: Item) -> Node:
        place = self._place(item)
        if place is not None:
            if self._is_usable(place):
                start, _ = self.text.span(place)
                return Raw(self._bracketed(place), self.text.indent(start), self.text.column(start))
            name = self._variable(item, item.value)
            if name is not None:
                return name
        tree = opened(Kept(item))
        if isinstance(tree, Dict):
            return self._dict(tree)
        if isinstance(tree, List):
            return self._list(tree)
        return self.value(item.value)

    def _is_usable(self, place: ast.expr) -> bool:
        if any(isinstance(each, ast.keyword) and each.arg == '_delete_' for each in ast.walk(place)):
            return False
        return all(name in self.unchanged or name in _BUILTINS for name in loaded_names(place))

    def _bracketed(self, place: ast.expr) -> str:
        """Return the text of an expression, in brackets if it is broken without any of its own."""
        text = self.text.of(place)
        if '\n' in text and isinstance(place, (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Constant)):
            return f'({text})'
        return text

    # Dicts

    def _dict(self, tree: Dict) -> Node:
        place = self._place(tree.like)
        items = dict(tree.items)
        if (
            isinstance(place, ast.Call)
            and isinstance(place.func, ast.Name)
            and place.func.id == 'dict'
            and not place.args
        ):
            return self._rewritten(tree, place, [(each, each.arg, each.value) for each in place.keywords])
        if isinstance(place, ast.Dict):
            keys = [
                (key, key.value if isinstance(key, ast.Constant) else None, value)
                for key, value in zip(place.keys, place.values, strict=True)
            ]
            return self._rewritten(tree, place, keys)
        elements = [Element('_delete_=', Raw('True'))] if tree.delete else []
        as_call = all(isinstance(key, str) and key.isidentifier() for key in items)
        for key, each in items.items():
            elements.append(self._element(key, each, as_call=as_call))
        if not as_call and tree.delete:
            elements[0] = Element("'_delete_': ", Raw('True'))
        return Group('dict(', elements, ')') if as_call else Group('{', elements, '}')

    def _element(self, key: Any, tree: Tree, *, as_call: bool) -> Element:
        head = f'{key}=' if as_call else f'{self._scalar(key)}: '
        lead, tail = self._comments_of(tree)
        return Element(head, self.node(tree), [*lead, *todo_comments(tree)], tail)

    def _comments_of(self, tree: Tree) -> tuple[list[str], str]:
        """Return the comments of a whole statement whose value moves into a dict."""
        match tree:
            case Kept(item) | Computed(_, Item() as item) | Dict(_, Item() as item) | List(_, Item() as item):
                pass
            case _:
                return [], ''
        if self._place(item) is None:
            return [], ''
        assert item.origin is not None
        key = item.origin.key
        if not isinstance(key, (ast.Name, ast.keyword)):
            return [], ''
        start, _ = self.text.span(key)
        _, end = self.text.span(item.origin.value)
        if isinstance(key, ast.Name):
            return (self.text.lead(start, 0) if key.id in self.moved else []), self.text.tail(end)
        return (self._lead(start), self.text.tail(end)) if self._is_first(start) else ([], '')

    def _is_first(self, start: int) -> bool:
        """Tell whether the section that is rendered has the comments of what begins at a character."""
        return self.owners.setdefault(self.text.row(start), self.section) == self.section

    def _lead(self, start: int) -> list[str]:
        """Return the comments above a part of a dict; those above its statement go with the first part, if that is gone."""
        head = self.text.text[self.text.text.rfind('\n', 0, start) + 1 : start]
        if not head.strip():
            return self.text.lead(start, 0)
        name = head.partition('=')[0].strip()
        if name not in self.moved or name in self.led:
            return []
        self.led.add(name)
        return self.text.lead(start, 0)

    def _rewritten(self, tree: Dict, place: ast.Call | ast.Dict, parts: list[tuple[Any, Any, ast.expr]]) -> Node:
        """Return a dict display with its own elements where they are still wanted, and the new ones behind them."""
        as_call = isinstance(place, ast.Call)
        wanted: dict[Any, Tree] = dict(tree.items)
        if any(not isinstance(key, str) or not key.isidentifier() for key in wanted):
            as_call = False
        if tree.delete:
            wanted = {'_delete_': Computed(True), **wanted}
        by_place = {id(node): key for key, each in wanted.items() if (node := _key_node(each)) is not None}
        elements: list[Element] = []
        places: list[Any] = []
        done: set[Any] = set()
        hidden: set[Any] = set()
        previous = self.text.row(self.text.span(place)[0])
        for node, name, value in parts:
            start = self.text.span(node if node is not None else value)[0]
            end = self.text.span(value)[1]
            lead, tail = self.text.lead(start, previous), self.text.tail(end)
            self._is_first(start)
            previous = self.text.row(end)
            if (node is None or name is None) and not isinstance(node, ast.Constant):
                spread = self._spread(value, wanted, parts)
                if spread is not None and as_call == isinstance(place, ast.Call):
                    done |= spread
                    elements.append(Element('**', Raw(self.text.of(value)), lead, tail))
                    places.append(None)
                    hidden |= spread
                continue
            key = by_place.get(id(node), name if name in wanted else None)
            if key is None or key in done:
                continue
            done.add(key)
            places.append(key)
            each = wanted[key]
            head = f'{key}=' if as_call else f'{self._scalar(key)}: '
            elements.append(
                Element(
                    head, self.node(each), [*(c for c in lead if not c.startswith(PREFIX)), *todo_comments(each)], tail
                )
            )
        shown = {key: each for key, each in wanted.items() if key not in hidden}
        self._insert(elements, places, shown, as_call=as_call)
        return self._group(place, elements, 'dict(' if as_call else '{', ')' if as_call else '}', previous)

    def _insert(self, elements: list[Element], places: list[Any], wanted: dict[Any, Tree], *, as_call: bool) -> None:
        """Add what is new, each behind what it follows in the tree."""
        before: Any = None
        for key, each in wanted.items():
            if key not in places:
                index = places.index(before) + 1 if before is not None else 0
                elements.insert(index, self._element(key, each, as_call=as_call))
                places.insert(index, key)
            before = key

    def _spread(
        self, value: ast.expr, wanted: dict[Any, Tree], parts: list[tuple[Any, Any, ast.expr]]
    ) -> set[Any] | None:
        """Return the keys that `**value` gives, if all of them are wanted as they are."""
        if not isinstance(value, ast.Name) or value.id not in self.unchanged:
            return None
        given = self.text.config.table.get(value.id)
        explicit = {name for _, name, _ in parts}
        if not isinstance(given, Table):
            return None
        for key, each in given.items():
            if key in explicit:
                continue
            if key not in wanted or value_of(wanted[key]) != plain(each):
                return None
        return {key for key in given if key not in explicit}

    def _group(self, place: ast.expr, elements: list[Element], opening: str, closing: str, last_row: int) -> Group:
        start, end = self.text.span(place)
        text = self.text.text[start:end]
        body = text[:-1].rstrip(' ')
        stripped = body.rstrip()
        foot = self.text.lead(end - 1, last_row)
        return Group(opening, elements, closing, body.endswith('\n'), stripped.endswith(','), foot)

    # Lists

    def _list(self, tree: List) -> Node:
        opening, closing = ('(', ')') if tree.is_tuple else ('[', ']')
        place = self._place(tree.like)
        display = isinstance(place, (ast.List, ast.Tuple))
        parts = place.elts if isinstance(place, (ast.List, ast.Tuple)) else []
        rows: dict[int, tuple[list[str], str]] = {}
        previous = self.text.row(self.text.span(place)[0]) if place is not None and display else 0
        for part in parts:
            start, end = self.text.span(part)
            rows[id(part)] = self.text.lead(start, previous), self.text.tail(end)
            previous = self.text.row(end)
        elements = []
        for each in tree.items:
            node = _value_node(each)
            lead, tail = rows.get(id(node), ([], '')) if node is not None else ([], '')
            if node is not None and id(node) not in rows and self._place_of(each) is not None:
                start, end = self.text.span(node)
                lead, tail = self._lead(start), self.text.tail(end)
            lead = [c for c in lead if not c.startswith(PREFIX)]
            elements.append(Element('', self.node(each), [*lead, *todo_comments(each)], tail))
        if place is not None and display and self.text.of(place)[:1] in '[(':
            return self._group(place, elements, opening, closing, previous)
        has_dicts = any(isinstance(each.body, Group) for each in elements)
        return Group(opening, elements, closing, own_line=has_dicts, comma=has_dicts)

    def comments_within(self, tree: Tree) -> list[str]:
        """Return the comments on lines of their own in what the user wrote of a tree."""
        match tree:
            case Kept(item) | Todo(_, item) | Dict(_, Item() as item) | List(_, Item() as item):
                place = self._place(item)
                if place is not None:
                    start, end = self.text.span(place)
                    rows = range(self.text.row(start), self.text.row(end) + 1)
                    return [found.text for row in rows if (found := self.text.comments.get(row)) and found.alone]
        parts = tree.items if isinstance(tree, (Dict, List)) else ()
        each = parts.values() if isinstance(parts, dict) else parts
        return [comment for part in each for comment in self.comments_within(part)]

    def _place_of(self, tree: Tree) -> ast.expr | None:
        match tree:
            case (
                Kept(item)
                | Todo(_, item)
                | Computed(_, Item() as item)
                | Dict(_, Item() as item)
                | List(_, Item() as item)
            ):
                return self._place(item)
        return None

    # Values

    def value(self, value: Any) -> Node:
        """Return the node of a value that nobody wrote."""
        if isinstance(value, dict):
            return self._dict(Dict({key: Computed(each) for key, each in value.items()}))
        if isinstance(value, (list, tuple)):
            return self._list(List(tuple(map(Computed, value)), None, isinstance(value, tuple)))
        return Raw(self._scalar(value))

    def _scalar(self, value: Any) -> str:
        if isinstance(value, float) and value in (float('inf'), float('-inf')):
            return f"float('{value}')"
        text = repr(value)
        if isinstance(value, str) and self.text.quote == '"' and '"' not in value and '\\' not in text:
            return f'"{value}"'
        return text


def _key_node(tree: Tree) -> Any:
    match tree:
        case (
            Kept(item) | Todo(_, item) | Computed(_, Item() as item) | Dict(_, Item() as item) | List(_, Item() as item)
        ):
            return None if item.origin is None else item.origin.key
    return None


def _value_node(tree: Tree) -> Any:
    match tree:
        case (
            Kept(item) | Todo(_, item) | Computed(_, Item() as item) | Dict(_, Item() as item) | List(_, Item() as item)
        ):
            place = None if item.origin is None else item.origin.value
            return place if isinstance(place, ast.expr) else None
    return None


def todo_comments(tree: Tree) -> list[str]:
    match tree:
        case Todo(reason):
            return [f'{PREFIX}{in_a_line(reason)}']
        case Dict(todos=todos) | List(todos=todos):
            return [f'{PREFIX}{in_a_line(reason)}' for reason in todos]
    return []


def in_a_line(reason: str) -> str:
    """Return a reason as a comment: a value with a line end in it must not become a line of Python."""
    return reason if reason.isprintable() else ''.join(map(_visible, reason))


def _visible(char: str) -> str:
    return char if char.isprintable() else char.encode('unicode_escape').decode('ascii')
