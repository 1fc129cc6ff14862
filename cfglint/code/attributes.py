"""Uses of what has gone through an imported package: `mmcv.Config`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import Component
from cfglint.code.edits import added_after, indentation, is_alone, replaced, without_statement
from cfglint.code.renaming import calls_instead, without_decorator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.code.module import Code
    from cfglint.code.scopes import Import
    from cfglint.code.successors import Gone, Releases
    from cfglint.diagnostics import Edit


class Attribute(NamedTuple):
    """A use of something through an imported module.

    Attributes:
        node: The whole chain of names.
        path: The dotted path that it stands for.
        start: How many parts of the path are the import's.
        by: The import.
    """

    node: ast.Attribute
    path: str
    start: int
    by: Import


def attributes(code: Code) -> Iterator[Attribute]:
    """Yield the uses of imported modules, in the order of the text."""
    for name in code.scopes.loads:
        found = code.scopes.imported(name)
        node: ast.AST = name
        while isinstance(parent := code.parents.of(node), ast.Attribute):
            node = parent
        if found is not None and isinstance(node, ast.Attribute):
            path = code.scopes.path(node)
            if path is not None:
                yield Attribute(node, path, found.stands_for.count('.') + 1, found)


class Lost(NamedTuple):
    """A use of what has gone.

    Attributes:
        attribute: The use.
        gone: What has gone; with the successor of what is meant by the whole.
        end: How many parts of the path what took over stands for.
    """

    attribute: Attribute
    gone: Gone
    end: int


def lost(releases: Releases, attribute: Attribute) -> Lost | None:
    """Return the first part of what is used that has gone; None if all is there, or if the import fails already."""
    parts = attribute.path.split('.')
    imported = '.'.join(parts[: attribute.start])
    if attribute.start > 1 and releases.gone(*imported.rpartition('.')[::2]) is not None:
        return None
    return first_gone(releases, attribute)


def first_gone(releases: Releases, attribute: Attribute) -> Lost | None:
    """Return the first part of what is used, behind the import, that has gone."""
    parts = attribute.path.split('.')
    for end in range(attribute.start, len(parts)):
        found = releases.gone('.'.join(parts[:end]), parts[end])
        if found is None:
            continue
        for more in range(end + 1, len(parts)):
            # `mmcv.runner.BaseModule`: there is no `runner`, but what is meant is in there.
            deeper = releases.gone('.'.join(parts[:more]), parts[more])
            if deeper is not None and (deeper.place is not None or deeper.advice) and found.place is None:
                meant = deeper._replace(
                    library=found.library, release=found.release, module=found.module, name=found.name
                )
                return Lost(attribute, meant, more + 1)
        return Lost(attribute, found, end + 1)
    return None


class Instead(NamedTuple):
    """How a use of what has gone is written today.

    Attributes:
        edits: What changes.
        line: The import that it needs; empty if the module has it.
    """

    edits: list[Edit]
    line: str = ''


def instead(code: Code, releases: Releases, found: Lost) -> Instead | None:
    """Return what makes a use one of what took over; None where a person has to."""
    gone, node = found.gone, _part(found)
    if gone.use == 'decorator':
        decorated = code.parents.decorated(node)
        edit = None if decorated is None else without_decorator(code, decorated[0])
        return None if edit is None else Instead([edit])
    if gone.place is None or gone.use == 'other':
        return None
    line, name = _reach(code, releases, gone)
    if not name:
        return None
    edits = calls_instead(code, node, gone, name) if gone.use == 'call' else [replaced(code, node, name)]
    return None if edits is None else Instead(edits, line)


def with_lines(code: Code, by: Import, found: Iterable[Instead]) -> tuple[Edit, ...] | None:
    """Return the edits of several uses, and the imports that they need below another import; None where it is not alone."""
    found = list(found)
    lines = dict.fromkeys(each.line for each in found if each.line)
    if lines and not is_alone(code, by.statement):
        return None
    added = [added_after(code, by.statement, lines)] if lines else []
    return (*(edit for each in found for edit in each.edits), *added)


def plain_import(code: Code, releases: Releases, of: Import) -> tuple[Edit, ...] | None:
    """Return what mends an `import package.module` of a module that has gone; None where a person has to."""
    if not is_alone(code, of.statement):
        return None
    uses = [each for each in attributes(code) if each.by is of]
    if len(uses) != len(code.scopes.uses(of)):
        return None  # the module itself is handed on
    found: list[Instead] = []
    is_needed = False
    for use in uses:
        lost = first_gone(releases, use)
        one = None if lost is None else instead(code, releases, lost)
        if lost is not None and one is None:
            return None
        is_needed = is_needed or one is None
        found.extend([one] if one is not None else [])
    lines = list(dict.fromkeys(each.line for each in found if each.line))
    if is_needed and of.alias.asname is None:
        lines.insert(0, f'import {of.bound}')
    lead = indentation(code, of.statement)
    edit = replaced(code, of.statement, f'\n{lead}'.join(lines)) if lines else without_statement(code, of.statement)
    return (edit, *(one for each in found for one in each.edits))


def _part(found: Lost) -> ast.expr:
    """Return the part of the chain of names that stands for what has gone."""
    node: ast.expr = found.attribute.node
    for _ in range(found.attribute.path.count('.') + 1 - found.end):
        assert isinstance(node, ast.Attribute)
        node = node.value
    return node


def _reach(code: Code, releases: Releases, gone: Gone) -> tuple[str, str]:
    """Return the import that what took over needs, and how to write it then; nothing where both names are taken."""
    assert gone.place is not None
    module, name = gone.place
    root = module.partition('.')[0]
    is_short = isinstance(releases.installation.by_path(f'{root}.{name}'), Component) and root == 'mmengine'
    if is_short and code.scopes.is_free(root, root):
        return ('' if code.scopes.only_imports(root, root) else f'import {root}'), f'{root}.{name}'
    if code.scopes.is_free(name, f'{module}.{name}'):
        known = code.scopes.only_imports(name, f'{module}.{name}')
        return ('' if known else f'from {module} import {name}'), name
    return '', ''
