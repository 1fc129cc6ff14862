"""The values of a resolved config: plain Python data that remembers where it was written.

Containers are subclasses of ``dict``, ``list`` and ``tuple``, so that everything which works on plain data
(Pydantic, ``json``, ``==``) works on them. Scalars stay plain. A value is never changed after the evaluation
of the file that made it: configs that inherit the same base share it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.language.places import Place
    from cfglint.language.source import SourceFile


class Origin(NamedTuple):
    """Where a key (of a dict, or of the config itself) or an item (of a list or tuple) was written."""

    source: SourceFile
    key: Place | None
    """The node of the key: a keyword, a dict key, an assignment's target; none for an item of a list."""
    value: Place
    """The node of the value."""
    overrides: Origin | None = None
    """What a base had said for the same key."""
    replaced: Any = None
    """The value that a base had given to the same key (only when `overrides` is set)."""


new_origin: Callable[[type[Origin], tuple[Any, ...]], Origin] = tuple.__new__
"""Makes an `Origin` of all its fields, in a third of the time: there is one for every key of every config."""


class Table(dict[Any, Any]):
    """A dict that remembers, per key, where the key was written and what it replaced."""

    __slots__ = ('origins',)

    origins: dict[Any, Origin]

    def __init__(self, items: Any = (), origins: dict[Any, Origin] | None = None) -> None:
        if items:
            self.update(items)
        self.origins = {} if origins is None else origins


new_table: Callable[[type[Table]], Table] = Table.__new__
"""Makes a `Table` without origins, which have to be given to it."""


class ConfigTable(Table):
    """A dict as MMEngine's ``ConfigDict``: keys can be read as attributes. Only bases hand out such dicts."""

    __slots__ = ()


class OpenTable(Table):
    """A dict of which a part is not known, since it is merged into a base that is not.

    What it lacks may stand there: `get` gives `Unknown`. Only what it is, its `type`, is asked for as it stands here.
    """

    __slots__ = ()

    def get(self, key: Any, default: Any = None) -> Any:
        """Return the value of a key, what is unknown where there is none."""
        return super().get(key, default if key in ('type', '_scope_') else _IN_THE_BASE)


def closed(table: Table) -> Table:
    """Return a dict as it is written, without what a base that is not known may add to it."""
    items = {name: closed(value) if isinstance(value, OpenTable) else value for name, value in table.items()}
    return Table(items, table.origins)


class Array(list[Any]):
    """A list that remembers, per item, where the item was written; none for what code computed."""

    __slots__ = ('origins',)

    origins: list[Origin | None]

    def __init__(self, items: Any = (), origins: list[Origin | None] | None = None) -> None:
        if items:
            self.extend(items)
        self.origins = [None] * len(self) if origins is None else origins


class Row(tuple[Any, ...]):
    """A tuple that remembers, per item, where the item was written; none for what code computed."""

    origins: tuple[Origin | None, ...]

    def __new__(cls, items: Any = (), origins: tuple[Origin | None, ...] | None = None) -> Row:
        row = tuple.__new__(cls, items)
        row.origins = (None,) * len(row) if origins is None else origins
        return row


class Unknown:
    """What cannot be decided without running code. It satisfies every schema and never causes a diagnostic."""

    __slots__ = ('reason',)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return f'Unknown({self.reason!r})'


_IN_THE_BASE = Unknown('it may stand in a base that is not known')


class Lazy:
    """A module, class or function that a config names by an import, such as ``mmdet.models.RetinaNet``.

    As in MMEngine, each is equal to itself only.
    """

    __slots__ = ('name',)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        """Return what MMEngine prints."""
        return self.name.rpartition('.')[2]


class Opaque:
    """A value that exists in MMEngine but has no data in it: a function, a class, a module, an object.

    `kind` is the name of its Python type, such as ``function`` or ``type``.
    """

    __slots__ = ('kind', 'name')

    def __init__(self, kind: str, name: str = '') -> None:
        self.kind = kind
        self.name = name

    @property
    def is_of_python(self) -> bool:
        """Whether it is a function or class of Python's own, which nothing can be added to."""
        return self.kind == 'builtin_function_or_method'

    def __repr__(self) -> str:
        return f'Opaque({self.kind!r}, {self.name!r})'


def is_known(value: Any) -> bool:
    """Tell whether no part of a value is one that only running would tell."""
    if isinstance(value, dict):
        return all(is_known(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return all(is_known(item) for item in value)
    return not isinstance(value, Unknown)


def is_plain(value: Any) -> bool:
    """Tell whether a value is known and plain data: no class or function is in it, nor a dict of which a part is not known."""
    if isinstance(value, dict):
        return not isinstance(value, OpenTable) and all(map(is_plain, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    return not isinstance(value, (Unknown, Lazy, Opaque))
