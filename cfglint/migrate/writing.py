"""One file, rewritten: new sections where the old ones stood, everything else as it was."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.migrate.bases import entries
from cfglint.migrate.change import Kept, Tree, plain, same, value_of
from cfglint.migrate.layout import text_of
from cfglint.migrate.render import Renderer, todo_comments
from cfglint.migrate.text import Text, assigned, loaded_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cfglint.language.config import Config
    from cfglint.migrate.mapping.whole import Mapped


class Edit(NamedTuple):
    """Characters to be replaced."""

    start: int
    end: int
    text: str


def rewritten(
    config: Config, mapped: Mapped, own: Mapping[str, Tree], literal: Iterable[str], bases: Mapping[str, str]
) -> str:
    """Return the text of a migrated file.

    Args:
        config: The file as it was.
        mapped: What it becomes.
        own: The part of that which it has to say itself.
        literal: The top-level keys that are written without the user's text, or `*`.
        bases: The bases that have other names, with these.
    """
    return _Writer(Text(config), mapped, own, frozenset(literal)).text(bases)


def assignments(config: Config, mapped: Mapped, own: Mapping[str, Tree]) -> dict[str, str]:
    """Return the text of each key that a migrated file says itself; for the arguments see `rewritten`."""
    return _Writer(Text(config), mapped, own, frozenset()).assignments()


class _Writer:
    def __init__(self, text: Text, mapped: Mapped, own: Mapping[str, Tree], literal: frozenset[str]) -> None:
        self.file = text
        self.mapped = mapped
        self.own = own
        self.literal = literal
        unchanged = self._unchanged()
        self._changed = self._names() - unchanged
        self.renderer = Renderer(text, unchanged, self._variables())
        self.leading = {given[0] for key in own if (given := self._given(key))}
        self.late = self._late()
        self.overtaken = self._overtaken()

    def _unchanged(self) -> frozenset[str]:
        """Return the names that have the value in the new file that they had in the old one."""
        found = set()
        for name in self._names():
            tree = self.mapped.trees.get(name)
            if isinstance(tree, Kept) or (tree is None and name in self.mapped.removed):
                found.add(name)
        bound = {
            alias.asname or alias.name.partition('.')[0] for each in self.file.statements for alias in _aliases(each)
        }
        return frozenset(found | bound)

    def _names(self) -> set[str]:
        return {name for each in self.file.statements for name in _stored(each)}

    def _variables(self) -> dict[str, Any]:
        names = self._names()
        return {
            name: value_of(tree)
            for name, tree in self.mapped.trees.items()
            if name in names and not isinstance(tree, Kept)
        }

    def _late(self) -> dict[str, ast.stmt]:
        """Return the names whose values later statements change (`pipeline.extend(…)`), each with the last of these.

        What such a name becomes is the value that it has after them.
        """
        found: dict[str, ast.stmt] = {}
        for key in self.own.keys() & self.file.assignments.keys():
            if isinstance(self.mapped.trees.get(key), Kept):
                continue
            first = self.file.statements.index(self.file.assignments[key])
            changing = [each for each in self.file.statements[first + 1 :] if key in _stored(each) | _looped(each)]
            if changing:
                found[key] = changing[-1]
        return found

    def _overtaken(self) -> set[ast.stmt]:
        """Return the statements that only say what such names were before, and that nothing reads meanwhile."""
        names = set(self.late)
        while True:
            gone = {each for each in self.file.statements if _stored(each) and _stored(each) <= names}
            read = {name for name in names if self._is_read_before(name, gone)}
            if not read:
                return gone
            names -= read

    def _is_read_before(self, name: str, gone: set[ast.stmt]) -> bool:
        last = self.file.statements.index(self.late[name])
        return any(
            name in loaded_names(each) or name in _stored(each)
            for each in self.file.statements[: last + 1]
            if each not in gone
        )

    def text(self, bases: Mapping[str, str]) -> str:
        """Return the new text, with other names of bases."""
        sections = self._sections()
        self.moved = {
            name
            for key in sections
            for name in self._merged(key)
            if self._anchor(key) is not self.file.assignments[name]
        }
        in_place = {key: edit for key in self.own if key not in self.late and (edit := self._in_place(key)) is not None}
        placed: dict[ast.stmt | None, list[str]] = {}
        for key, text in sections.items():
            placed.setdefault(self._anchor(key), []).append(text)
        edits = [*in_place.values(), *self._renamed(bases)]
        needed = self._needed(in_place, sections)
        for statement in self.file.statements:
            texts = placed.pop(statement, None)
            if self._is_gone(statement, needed):
                edits.append(self._replacement(statement, texts or []))
            elif texts:
                end = self.file.span(statement)[1]
                edits.append(Edit(end, end, ''.join(f'\n{each}' for each in texts)))
        text = _applied(self.file.text, edits)
        rest = placed.pop(None, [])
        if rest:
            text = text.rstrip('\r\n') + '\n' + '\n'.join(rest) + '\n'
        return _with_line_ends(_without_gaps(text, self.file.text), self.file.text)

    def assignments(self) -> dict[str, str]:
        """Return the assignment of each key."""
        return {key: self._assignment(key, tree) for key, tree in self.own.items()}

    def _renamed(self, bases: Mapping[str, str]) -> Iterator[Edit]:
        for node, entry in entries(self.file):
            if entry in bases:
                start, end = self.file.span(node)
                quote = self.file.text[end - 1]
                yield Edit(start, end, f'{quote}{bases[entry]}{quote}')

    # Sections

    def _sections(self) -> dict[str, str]:
        """Return the assignments of the keys that the file did not have."""
        found: dict[str, str] = {}
        for key, tree in self.own.items():
            if key in self.file.assignments and key not in self.late:
                continue
            same = {'test_dataloader': 'val_dataloader', 'test_evaluator': 'val_evaluator'}.get(key)
            if same in found and self.own[same] is not None and value_of(self.own[same]) == value_of(tree):
                kept = self.renderer.comments_within(self.own[same])
                lost = (each for each in self.renderer.comments_within(tree) if each not in kept)
                found[key] = ''.join(f'{each}\n' for each in lost) + f'{key} = {same}'
            else:
                found[key] = self._assignment(key, tree)
        return found

    def _assignment(self, key: str, tree: Tree) -> str:
        head = f'{key} = '
        lead = [*self._lead_of_overtaken(key), *todo_comments(tree)]
        comments = ''.join(f'{each}\n' for each in lead)
        return comments + head + self._rendered(key, tree, len(head))

    def _lead_of_overtaken(self, key: str) -> list[str]:
        """Return the comments above what a name was first, if that is gone: they go where its value goes."""
        statement = self.file.assignments.get(key)
        if statement is None or key not in self.late or statement not in self.overtaken:
            return []
        return self.file.lead(self.file.span(statement)[0], 0)

    def _merged(self, key: str) -> frozenset[str]:
        """Return the statements that end up in a section whose place is that of another one, and leave no section behind."""
        return frozenset(self._given(key)[1:]) & self.mapped.removed - self.leading

    def _given(self, key: str) -> list[str]:
        """Return the statements that a section comes from."""
        return [name for name in self.mapped.sources.get(key, ()) if name in self.file.assignments]

    def _rendered(self, key: str, tree: Tree, column: int) -> str:
        self.renderer.moved, self.renderer.led = self._merged(key), set()
        self.renderer.section = key
        self.renderer.literal = key in self.literal or '*' in self.literal
        return text_of(self.renderer.node(tree), 0, column, self.file.width)

    def _in_place(self, key: str) -> Edit | None:
        """Return the edit of a key that keeps its name."""
        statement = self.file.assignments.get(key)
        if statement is None:
            return None
        start, end = self.file.span(statement.value)
        head_start, _ = self.file.span(statement)
        todos = [each for each in todo_comments(self.own[key]) if each not in self.file.text]
        if not todos and self._is_as_before(key, statement):
            return None
        text = self._rendered(key, self.own[key], len(key) + 3)
        if text == self.file.text[start:end] and not todos:
            return None
        if todos:
            lead = ''.join(f'{each}\n' for each in todos)
            return Edit(head_start, end, f'{lead}{self.file.text[head_start:start]}{text}')
        return Edit(start, end, text)

    def _is_as_before(self, key: str, statement: ast.Assign) -> bool:
        """Tell whether a statement says what it should as it stands: so do the variables that it reads."""
        if key in self.literal or '*' in self.literal or not loaded_names(statement.value).isdisjoint(self._changed):
            return False
        return same(value_of(self.own[key]), plain(self.file.config.own.get(key)))

    def _anchor(self, key: str) -> ast.stmt | None:
        """Return the statement whose place a section takes; none if it comes last."""
        if key in self.late:
            return self.late[key]
        for source in self.mapped.sources.get(key, ()):
            statement = self.file.assignments.get(source)
            if statement is not None:
                return self._late_enough(statement, key)
        return None

    def _late_enough(self, statement: ast.stmt, key: str) -> ast.stmt:
        """Return the statement, or the last of those that assign what the section reads."""
        index = self.file.statements.index(statement)
        tree = ast.parse(self._assignment(key, self.own[key]))
        reads = loaded_names(tree)
        for position in range(len(self.file.statements) - 1, index, -1):
            if not reads.isdisjoint(_stored(self.file.statements[position])):
                return self.file.statements[position]
        return statement

    # What is gone

    def _needed(self, edits: Mapping[str, Edit], sections: Mapping[str, str]) -> set[str]:
        """Return the removed names that the new text reads."""
        reads = {name for text in sections.values() for name in loaded_names(ast.parse(text))}
        for key, edit in edits.items():
            text = edit.text if edit.text.lstrip().startswith('#') else f'{key} = {edit.text}'
            reads |= loaded_names(ast.parse(text))
        edited = {self.file.assignments[key] for key in edits}
        rest = [each for each in self.file.statements if each not in edited and each not in self.overtaken]
        while True:
            more = set(reads)
            for statement in reversed(rest):  # what a statement reads is stored above it
                stored = _stored(statement)
                if not stored & self.mapped.removed or stored & more:
                    more |= loaded_names(statement)
            if more == reads:
                return reads & self.mapped.removed
            reads = more

    def _is_gone(self, statement: ast.stmt, needed: set[str]) -> bool:
        if statement in self.overtaken:
            return True
        stored = _stored(statement)
        if len(stored) == 1 and stored <= self.mapped.replaced and stored.isdisjoint(self.own):
            return True
        if not stored or not stored & self.mapped.removed or stored & needed:
            return False
        return stored <= self.mapped.removed

    def _replacement(self, statement: ast.stmt, texts: list[str]) -> Edit:
        start, end = self.file.span(statement)
        if texts:
            return Edit(start, end, '\n'.join(texts))
        text = self.file.text
        name = assigned(statement)
        if name in self.moved or (name is not None and self._lead_of_overtaken(name)):
            start = self._start_of_lead(start)
        stop = text.find('\n', end)
        stop = len(text) if stop < 0 else stop + 1
        return Edit(start, stop, '') if not text[end:stop].partition('#')[0].strip(' ;\r\n') else Edit(start, end, '')

    def _start_of_lead(self, start: int) -> int:
        """Return where the comments above a statement begin."""
        count = len(self.file.lead(start, 0))
        return self.file.source.offset_of_row(self.file.row(start) - count) if count else start


def names_in(text: Text) -> frozenset[str]:
    """Return the names that a file assigns."""
    return frozenset(name for each in text.statements for name in _stored(each))


def _aliases(statement: ast.stmt) -> list[ast.alias]:
    return statement.names if isinstance(statement, (ast.Import, ast.ImportFrom)) else []


def _stored(statement: ast.stmt) -> set[str]:
    """Return the names that a statement assigns, or whose values it changes."""
    name = assigned(statement)
    if name is not None:
        return {name}
    found = {
        each.id
        for each in ast.walk(statement)
        if isinstance(each, ast.Name) and isinstance(each.ctx, (ast.Store, ast.Del))
    }
    for each in ast.walk(statement):
        if isinstance(each, (ast.Subscript, ast.Attribute)) and isinstance(each.ctx, (ast.Store, ast.Del)):
            found.add(_root(each))
        call = each.value if isinstance(each, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            found.add(_root(call.func))
    return found - {''}


def _looped(statement: ast.stmt) -> set[str]:
    """Return the names that a loop goes through: it may change what is in them under another name."""
    return loaded_names(statement.iter) if isinstance(statement, ast.For) else set()


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ''


def _without_gaps(text: str, before: str) -> str:
    """Return a text without more empty lines in a row than there were before."""
    most = max(map(len, re.findall(r'\n{2,}', before.replace('\r', ''))), default=2)
    return re.sub(rf'(\r?\n){{{most + 1},}}', lambda match: match[1] * most, text)


def _with_line_ends(text: str, before: str) -> str:
    """Return a text with the line ends that the file has; where it has both kinds, lines keep theirs."""
    has_one_kind = before.count('\r\n') == before.count('\n') > 0
    return re.sub(r'(?<!\r)\n', '\r\n', text) if has_one_kind else text


def _applied(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
