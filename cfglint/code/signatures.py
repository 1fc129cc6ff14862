"""Parameters of methods, rewritten: what is called differently today."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from cfglint.code.edits import WIDTH, added_after, is_alone, replaced
from cfglint.code.scopes import parameters
from cfglint.code.walking import below
from cfglint.diagnostics import TODO, Edit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.language.places import Span


class Parameter(NamedTuple):
    """A parameter as it is written.

    Attributes:
        node: Its name.
        text: All of it: `*name: annotation = default`.
    """

    node: ast.arg
    text: str

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.arg


def names(function: Function) -> list[str]:
    """Return the names of all parameters of a method but the first, `self`."""
    return [each.arg for each in parameters(function.args)][1:]


def written(code: Code, function: Function) -> list[Parameter] | None:
    """Return the parameters as they are written; None where a bare `*` or `/` is among them, or a comment."""
    arguments = function.args
    if arguments.posonlyargs or (arguments.kwonlyargs and arguments.vararg is None):
        return None
    positional = arguments.args
    defaults: dict[ast.arg, ast.expr | None] = dict(
        zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
    )
    defaults.update(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    found = []
    for each in parameters(arguments):
        default = defaults.get(each)
        span = code.span(each)
        end = span.end if default is None else code.span(default).end
        stars = '*' if each is arguments.vararg else '**' if each is arguments.kwarg else ''
        found.append(Parameter(each, stars + code.text[span.start : end]))
    place = span_of(code, function)
    return None if place is None or '#' in code.text[place.start : place.end] else found


def span_of(code: Code, function: Function) -> Span | None:
    """Return where the parameters stand, without the brackets around them; None where there are none."""
    each = list(parameters(function.args))
    if not each:
        return None
    start = min(code.span(one).start for one in each)
    if function.args.vararg is each[0] or function.args.kwarg is each[0]:
        return None
    ends = [
        code.span(one).end for one in (*each, *function.args.defaults, *function.args.kw_defaults) if one is not None
    ]
    return code.span(each[0])._replace(start=start, end=max(ends))


def renamed(code: Code, function: Function, old: str, new: str) -> list[Edit] | None:
    """Return what renames a parameter with all that reads it; None where the new name is taken, or it is assigned."""
    arguments = [each for each in parameters(function.args) if each.arg == old]
    if not arguments:
        return []
    bound = {each.id for each in below(function) if isinstance(each, ast.Name)} | set(names(function))
    stored = any(
        isinstance(each, ast.Name) and each.id == old and not isinstance(each.ctx, ast.Load) for each in below(function)
    )
    if new in bound or stored:
        return None
    span = code.span(arguments[0])
    edits = [Edit(span._replace(end=span.start + len(old)), new)]
    reads = (each for each in below(function) if isinstance(each, ast.Name) and each.id == old)
    return [*edits, *(replaced(code, each, new) for each in reads if code.scopes.is_bound_by(each, arguments[0]))]


def rewritten(
    code: Code, function: Function, new: Sequence[str], gives: Mapping[str, str], note: str = '', shift: int = 0
) -> list[Edit] | None:
    """Return what gives a method new parameters, and what those that went away are at its beginning.

    Args:
        code: The module.
        function: The method.
        new: The parameters that come in the place of the old ones, as they are written.
        gives: Old parameter → what it is today; what is not among them stays.
        note: What a person has to change: it becomes a comment.
        shift: How much longer the name of the method becomes.
    """
    given = written(code, function)
    place = span_of(code, function)
    if given is None or place is None:
        return None
    gone = [each for each in given if each.name in gives]
    kept = [each for each in given if each.name not in gives]
    first = given.index(gone[0]) if gone else len(given)
    head = [each.text for each in kept if given.index(each) < first]
    tail = [each.text for each in kept if given.index(each) >= first]
    known = {each.name for each in kept}
    added = [each for each in new if each.lstrip('*').partition('=')[0] not in known]
    if any(each.startswith('**') for each in tail):
        added = [each for each in added if not each.startswith('**')]
    if (
        tail
        and any('=' in each or each.startswith('*') for each in added)
        and any('=' not in each and not each.startswith('*') for each in tail)
    ):
        return None  # one without a default would follow one with a default
    pieces = [*head, *_in_order(added, tail)]
    lines = _body_edit(
        code, function, [f'{name} = {value}' for name, value in gives.items() if _is_read(function, gone, name)], note
    )
    if lines is None:
        return None
    needs_torch = any('torch.' in value for name, value in gives.items() if _is_read(function, gone, name))
    return [Edit(place, _wrapped(code, place, pieces, shift)), *lines, *(_torch(code) if needs_torch else [])]


def _torch(code: Code) -> list[Edit]:
    """Return what imports torch, if the module does not."""
    if code.scopes.only_imports('torch', 'torch'):
        return []
    imports = [each.statement for each in code.scopes.imports if each.is_top and is_alone(code, each.statement)]
    return [added_after(code, imports[-1], ['import torch'])] if imports else []


def _in_order(added: Sequence[str], tail: Sequence[str]) -> list[str]:
    """Return parameters in an order that Python takes: `*args` and `**kwargs` last."""
    plain = [each for each in (*added, *tail) if '=' not in each and not each.startswith('*')]
    defaults = [each for each in (*added, *tail) if '=' in each and not each.startswith('*')]
    return [*plain, *defaults, *(each for each in (*tail, *added) if each.startswith('*'))]


def _is_read(function: Function, gone: Sequence[Parameter], name: str) -> bool:
    is_gone = any(each.name == name for each in gone)
    return is_gone and any(isinstance(each, ast.Name) and each.id == name for each in below(function))


def _wrapped(code: Code, place: Span, pieces: Sequence[str], shift: int) -> str:
    """Return parameters, one below the other where they would not fit into a line."""
    begin = code.text.rfind('\n', 0, place.start) + 1
    column = place.start - begin + shift
    line = ', '.join(pieces)
    if column + len(line) + 2 <= WIDTH and '\n' not in line:
        return line
    return f',\n{" " * column}'.join(pieces)


def with_note(code: Code, function: Function, note: str) -> list[Edit]:
    """Return what puts a note into a method, none where it has it, or where there is no room."""
    return _body_edit(code, function, [], note) or []


def _body_edit(code: Code, function: Function, lines: Sequence[str], note: str) -> list[Edit] | None:
    """Return what adds lines at the beginning of a body; None where the body has no lines of its own."""
    body = function.body
    is_text = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if is_text and len(body) > 1 else body[0]
    start = code.span(first).start
    begin = code.text.rfind('\n', 0, start) + 1
    lead = code.text[begin:start]
    comments = [f'{TODO}{note}'] if note else []
    if not lines and not comments:
        return []
    if lead.strip() or first is (body[0] if is_text else None):
        return None if lines else []
    place = code.span(first)._replace(start=begin, end=begin)
    return [Edit(place, ''.join(f'{lead}{line}\n' for line in (*comments, *lines)))]
