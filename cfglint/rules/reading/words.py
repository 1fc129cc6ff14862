"""Which words stand in a value: what looks for some of them need not walk a value that has none.

The configs of a library share most of their values, and most of what is looked for is in few of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.values import Lazy

if TYPE_CHECKING:
    from collections.abc import Set

    from cfglint.memos import Memo
    from cfglint.rules.context import Context

_SCALARS = frozenset({str, int, float, bool, type(None)})
_NONE: Set[Any] = frozenset()


def words_in(context: Context, value: Any) -> Set[Any]:
    """Return the keys of all dicts in a value and what their `type` names, strings with the scope and without."""
    return _words(value, context.memo('words')) if isinstance(value, (dict, list, tuple)) else _NONE


def _words(value: Any, memo: Memo) -> Set[Any]:
    words: Set[Any] | None = memo.get(None, value)
    return memo.keep(None, value, _collect(value, memo)) if words is None else words


def _collect(value: Any, memo: Memo) -> Set[Any]:
    found: set[Any] = set()
    items = value
    if isinstance(value, dict):
        _add(value, found)
        items = value.values()
    for item in items:
        if type(item) in _SCALARS:
            continue
        # Most dicts and lists hold nothing but scalars: to look is faster than to remember.
        if isinstance(item, dict):
            if _SCALARS.issuperset(map(type, item.values())):
                _add(item, found)
            else:
                found |= _words(item, memo)
        elif isinstance(item, (list, tuple)) and not _SCALARS.issuperset(map(type, item)):
            found |= _words(item, memo)
    return found


def _add(table: dict[Any, Any], found: set[Any]) -> None:
    found.update(table)
    kind = table.get('type')
    if type(kind) is str:
        found.add(kind)
        if '.' in kind:
            found.add(kind.rpartition('.')[2])
    elif type(kind) is Lazy:
        found.add(kind.name.rpartition('.')[2])
