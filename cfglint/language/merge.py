"""How MMEngine merges a child into its bases (``mmengine.config.Config._merge_a_into_b``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError, Note, nearest
from cfglint.language.evaluation.limits import is_container
from cfglint.language.evaluation.operators import type_name
from cfglint.language.values import Array, OpenTable, Origin, Row, Table, Unknown, new_origin

if TYPE_CHECKING:
    from cfglint.language.source import SourceFile


def merge(child: Table, base: Table, source: SourceFile, errors: list[ConfigError], path: str = '') -> Table:
    """Return `child` merged into `base`; neither is changed, and what only one of them has is shared.

    Where a dict of the child meets something in the base that is no dict, that is added to `errors`, and the value is
    not known.
    """
    if not base:
        return Table(child, dict(child.origins))
    result = Table(base, dict(base.origins))
    origins = result.origins
    for key, value in child.items():
        mine = child.origins.get(key)
        if key in base:
            theirs = base.origins.get(key)
            if isinstance(value, Table):
                value = _merge_value(value, base[key], source, mine, theirs, errors, f'{path}{key}')
            if mine is not None:
                mine = new_origin(Origin, (mine.source, mine.key, mine.value, theirs, base[key]))
        result[key] = value
        if mine is not None:
            origins[key] = mine
    return result


def opened(table: Table, deleted: Table | None) -> Table:
    """Return what a file resolves to whose base is not known: each dict that is merged into that may have more keys.

    Args:
        table: What is known of it.
        deleted: What the file itself says, with the dicts that replace those of a base; none below a new key.
    """
    result = OpenTable(table, table.origins)
    for key, value in table.items():
        if isinstance(value, Table):
            said = None if deleted is None else deleted.get(key)
            if not (isinstance(said, Table) and said.get('_delete_') is True):
                result[key] = opened(value, said if isinstance(said, Table) else None)
    return result


def without_deletes(child: Table, base: Any) -> Table:
    """Return `child` without each ``_delete_`` that may have something to delete in what is not known of its base.

    What stands in a list, or in a dict that replaces another, is never merged: ``_delete_`` stays there.
    """
    known = base if isinstance(base, Table) else Table()
    result = child
    for key, value in child.items():
        if isinstance(value, Table) and not ('_delete_' in value and key in known):  # that one, merging takes away
            cleared = _without_delete(value, known.get(key))
            if cleared is not value:
                result = Table(child, child.origins) if result is child else result
                result[key] = cleared
    return result


def _without_delete(value: Table, base: Any) -> Table:
    if '_delete_' not in value:
        return without_deletes(value, base)
    rest = Table(value, {key: origin for key, origin in value.origins.items() if key != '_delete_'})
    return rest if rest.pop('_delete_') else without_deletes(rest, base)


def _merge_value(
    value: Table,
    base: Any,
    source: SourceFile,
    mine: Origin | None,
    theirs: Origin | None,
    errors: list[ConfigError],
    path: str,
) -> Any:
    if '_delete_' in value:
        delete = value['_delete_']
        value = Table(value, dict(value.origins))
        del value['_delete_']
        if isinstance(delete, Unknown):
            return delete
        if delete:
            return value
    if isinstance(base, Table):
        return merge(value, base, source, errors, f'{path}.')
    if isinstance(base, Unknown):
        return base
    if mine is not None:
        source = mine.source
    notes = () if theirs is None else (Note(theirs.source, theirs.value, 'the base says'),)
    place = None if mine is None else mine.value
    error = ConfigError(
        'dict-over-non-dict',
        f'`{path}` is a dict here but {_described(base)} in the base',
        source,
        place,
        key=path,
        exception='TypeError',
        raises=f'TypeError: cannot inherit from base because {path.rpartition(".")[2]} is a dict in the child config',
        advice=Advice('to replace what the base says, add to the dict', '_delete_=True'),
        notes=notes,
    )
    errors.append(error)
    return Unknown('MMEngine fails to merge it')


def _described(value: Any) -> str:
    return '`None`' if value is None else f'of type `{type_name(value)}`'


def with_scope(value: Any, scope: str) -> Any:
    """Tag the outermost dicts that have a `type` with ``_scope_``, as MMEngine does for bases of another package."""
    if isinstance(value, Table):
        if 'type' in value:
            if value.get('_scope_') is not None:
                return value
            return Table({**value, '_scope_': scope}, value.origins)
        return Table({key: with_scope(item, scope) for key, item in value.items()}, value.origins)
    if isinstance(value, Array):
        return Array([with_scope(item, scope) for item in value], value.origins)
    if isinstance(value, Row):
        return Row([with_scope(item, scope) for item in value], value.origins)
    return value


def replace_tokens(
    own: Table, tokens: dict[str, str], base: Table, partial: str | None, source: SourceFile, errors: list[ConfigError]
) -> Table:
    """Replace the tokens of ``{{ _base_.key }}``; what MMEngine refuses is added to `errors`.

    Args:
        own: What the file itself says.
        tokens: The dotted key of each token.
        base: What the file inherits.
        partial: Why some of that is not known, else none.
        source: The file.
        errors: Where to add to.
    """
    replacement = _Tokens(tokens, base, partial, source)
    own = replacement.replaced(own)
    errors += replacement.errors
    return own


class _Tokens:
    """Replaces the tokens of ``{{ _base_.key }}`` by what the base says (``Config._substitute_base_vars``).

    Attributes:
        errors: What MMEngine refuses: the base has no such key.
    """

    def __init__(self, tokens: dict[str, str], base: Table, partial: str | None, source: SourceFile) -> None:
        self.errors: list[ConfigError] = []
        self._tokens = tokens
        self._base = base
        self._partial = partial
        self._source = source

    def replaced(self, value: Any) -> Any:
        """Return a value with what its tokens stand for."""
        if not isinstance(value, (Table, Array, Row)):
            return value
        changed: dict[Any, Any] = {}
        for key, item in value.items() if isinstance(value, Table) else enumerate(value):
            if type(item) is str:
                if item in self._tokens:
                    origin = value.origins.get(key) if isinstance(value, Table) else value.origins[key]
                    changed[key] = self._looked_up(self._tokens[item], origin)
            elif is_container(item):
                new = self.replaced(item)
                if new is not item:
                    changed[key] = new
        if not changed:
            return value
        if isinstance(value, Table):
            return Table({**value, **changed}, value.origins)
        items = [changed.get(index, item) for index, item in enumerate(value)]
        return Row(items, value.origins) if isinstance(value, Row) else Array(items, value.origins)

    def _looked_up(self, path: str, origin: Origin | None) -> Any:
        value: Any = self._base
        for key in path.split('.'):
            if isinstance(value, Unknown):
                return value
            if not isinstance(value, Table) or key not in value:
                if self._partial is not None:
                    return Unknown(self._partial)
                return self._missing(path, key, value, origin)
            value = value[key]
        return value

    def _missing(self, path: str, key: str, value: Any, origin: Origin | None) -> Unknown:
        place = None if origin is None else origin.value
        near = nearest(key, value) if isinstance(value, Table) else None
        error = ConfigError(
            'undefined-base-variable',
            f'no base defines `{path}`',
            self._source,
            place,
            exception='KeyError',
            raises=f'KeyError: {key!r}',
            advice=None if near is None else Advice(f'for `{key}`, write', near),
        )
        error.absent = path if near is None else None
        self.errors.append(error)
        return Unknown(f'no base defines `{path}`')
