"""The methods of dicts, lists, tuples and sets, and of MMEngine's `ConfigDict`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.copies import as_config, deep_copy, placed, plain_copy, shallow_copy
from cfglint.language.evaluation.attributes import METHODS, attribute_of, item_of, unknown_method
from cfglint.language.evaluation.calls import invoke
from cfglint.language.evaluation.evaluator import Evaluator, iterate
from cfglint.language.evaluation.iterables import Iterated, View
from cfglint.language.evaluation.limits import check_length
from cfglint.language.evaluation.mutation import check_key, put, replace_everywhere
from cfglint.language.evaluation.texts import TEXT_METHODS, format_text
from cfglint.language.values import Array, ConfigTable, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    import ast

    from cfglint.language.evaluation.callables import MethodImplementation

_MISSING = object()


def _get(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if any(isinstance(value, Unknown) for value in args[:1]):
        return args[0]
    check_key(ev, node, args[0])
    return owner.get(*args, **kwargs)


def _config_get(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return _get(ev, node, owner, _with_default(args, kwargs), {})


def _with_default(args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    """Return the arguments of ``ConfigDict.get(key, default=None)`` by position."""
    values = dict(zip(('key', 'default'), args, strict=False), **kwargs)
    if len(args) > 2 or not values.keys() <= {'key', 'default'} or 'key' not in values:
        raise TypeError('takes a key and a default')
    return [values['key'], values.get('default')]


def _pop(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if args and isinstance(args[0], Unknown):
        replace_everywhere(ev, [owner], args[0], node)
        return args[0]
    if args:
        check_key(ev, node, args[0])
    value = owner.pop(*args, **kwargs)
    owner.origins.pop(args[0], None)
    return value


def _config_pop(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return _pop(ev, node, owner, _with_default(args, kwargs), {})


def _pop_last(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    key, value = owner.popitem(*args, **kwargs)
    owner.origins.pop(key, None)
    return Row((key, value))


def _update(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    other = _mapping_of(ev, node, args, kwargs)
    if isinstance(other, Unknown):
        replace_everywhere(ev, [owner], other, node)
        return
    for key, value in other.items():
        put(owner, key, value, other.origins.get(key))


def _mapping_of(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Table | Unknown:
    """Return the new items of an ``update`` call, with their origins."""
    here = Origin(ev.source, None, node)
    items = Table()
    if args:
        (first,) = args
        if isinstance(first, Unknown):
            return first
        pairs = table_of(ev, node, first)
        if isinstance(pairs, Unknown):
            return pairs
        items = Table(pairs, dict(pairs.origins))
    keywords = {keyword.arg: keyword for keyword in node.keywords}
    for key, value in kwargs.items():
        items[key] = value
        keyword = keywords.get(key)
        items.origins[key] = here if keyword is None else Origin(ev.source, keyword, keyword.value)
    return items


def table_of(ev: Evaluator, node: ast.Call | ast.stmt, value: Any) -> Table | Unknown:
    """Return ``dict(value)``: of a mapping, or of pairs."""
    if isinstance(value, Table):
        return value
    pairs = iterate(ev, node, value)
    if isinstance(pairs, Unknown):
        return pairs
    table = Table()
    for pair in pairs:
        items = pair if type(pair) is Row else iterate(ev, node, pair)
        if isinstance(items, Unknown):
            return items
        ev.tick(node)
        if len(items) != 2:
            raise ValueError(f'dictionary update sequence element has length {len(items)}; 2 is required')
        if isinstance(items[0], Unknown):
            return items[0]
        check_key(ev, node, items[0])
        table[items[0]] = items[1]
    table.origins.update(dict.fromkeys(table, Origin(ev.source, None, node)))
    return table


def _config_update(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if args and not isinstance(args[0], (Table, Unknown)):
        raise TypeError("descriptor 'items' for 'dict' objects doesn't apply to this object")
    items = _mapping_of(ev, node, args, kwargs)
    if isinstance(items, Unknown):
        replace_everywhere(ev, [owner], items, node)
        return
    ev.weigh(node, items)
    _update_config(owner, items)


def _update_config(owner: Table, items: Table) -> None:
    for key, value in list(items.items()):
        mine = owner.get(key)
        if isinstance(mine, ConfigTable) and isinstance(value, Table):
            _update_config(mine, value)
        elif isinstance(mine, Table) and isinstance(value, Table):
            mine.update(value)
            mine.origins.update(value.origins)
        else:
            put(owner, key, value, items.origins.get(key))


def _config_merge(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (other,) = (*args, *kwargs.values())
    if isinstance(other, Unknown):
        replace_everywhere(ev, [owner], other, node)
        return
    ev.weigh(node, owner, other)
    merged = _merged(deep_copy(other, {}), deep_copy(owner, {}))
    if isinstance(merged, Unknown):
        replace_everywhere(ev, [owner], merged, node)
        return
    owner.clear()
    owner.origins.clear()
    for key, value in merged.items():
        owner[key] = as_config(value)
    owner.origins.update(merged.origins)


def _merged(new: Any, old: Any) -> Any:
    """Merge as ``ConfigDict.merge`` does: ``_delete_`` works at every depth, also for new keys."""
    if not isinstance(new, Table):
        return new
    if not isinstance(old, Table):
        new.pop('_delete_', None)
        new.origins.pop('_delete_', None)
        return new
    delete = new.pop('_delete_', False)
    if isinstance(delete, Unknown):
        return delete
    if delete:
        old = Table()
    result = Table()
    for key in [*old, *(key for key in new if key not in old)]:
        if key == '_delete_':
            continue
        result[key] = old[key] if key not in new else _merged(new[key], old.get(key, _MISSING))
        mine, theirs = new.origins.get(key), old.origins.get(key)
        if mine is not None and theirs is not None and mine.source is not theirs.source:
            mine = mine._replace(overrides=theirs, replaced=old.get(key))
        if (origin := mine or theirs) is not None:
            result.origins[key] = origin
    return result


def _setdefault(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    key, default = (*args, *kwargs.values(), None)[:2]
    check_key(ev, node, key)
    if key not in owner:
        put(owner, key, default, Origin(ev.source, None, node))
        return default  # `ConfigDict` keeps a copy
    return owner[key]


def _clear(ev: Evaluator, node: ast.Call, owner: Table | Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    owner.clear(*args, **kwargs)
    owner.origins.clear()


def _view(name: str) -> MethodImplementation:
    """Make an implementation of ``keys``, ``values`` or ``items`` of a plain dict."""

    def implementation(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
        ev.made_objects = ev.made_uncopyable = True
        return View(name, owner, _CONTENTS[name])

    return implementation


def _pairs(owner: Table) -> list[Any]:
    return [Row(item, (None, owner.origins.get(item[0]))) for item in owner.items()]


_CONTENTS: dict[str, Any] = {'keys': list, 'values': lambda owner: list(owner.values()), 'items': _pairs}


def _config_values(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return Array(owner.values(), [owner.origins.get(key) for key in owner])


def _config_items(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return Array(_pairs(owner))


def _copy(ev: Evaluator, node: ast.Call, owner: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return shallow_copy(owner)


def _deepcopy(ev: Evaluator, node: ast.Call, owner: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    ev.weigh(node, owner)
    return deep_copy(owner, {})


def _to_dict(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    ev.weigh(node, owner)
    return plain_copy(owner)


def _append(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    check_length(len(owner) + 1)
    owner.append(*args, **kwargs)
    owner.origins.append(Origin(ev.source, None, node.args[0] if node.args else node))


def _extend(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (other,) = args
    extend(ev, node, owner, other)


def extend(ev: Evaluator, node: ast.expr | ast.stmt, owner: Array, other: Any) -> Unknown | None:
    """Do ``owner.extend(other)``; return the reason where `owner` had to be given up."""
    items = iterate(ev, node, other)
    if isinstance(items, Unknown):
        replace_everywhere(ev, [owner], items, node)
        return items
    check_length(len(owner) + len(items))
    owner.origins += other.origins if isinstance(other, (Array, Row)) else [Origin(ev.source, None, node)] * len(items)
    list.extend(owner, items)
    return None


def _insert(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    check_length(len(owner) + 1)
    ev.tick(node, len(owner) >> 6)
    owner.insert(*args, **kwargs)
    owner.origins.insert(args[0], Origin(ev.source, None, node.args[-1]))


def _pop_item(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    ev.tick(node, len(owner) >> 6)
    value = owner.pop(*args, **kwargs)
    owner.origins.pop(*args)
    return value


def _remove(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if not ev.weigh(node, owner, *args):
        reason = Unknown('a search among values that are not known')
        replace_everywhere(ev, [owner], reason, node)
        return
    index = owner.index(*args, **kwargs)
    del owner[index], owner.origins[index]


def _reverse(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    ev.tick(node, len(owner) >> 4)
    owner.reverse(*args, **kwargs)
    owner.origins.reverse()


def _sort(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    order = order_of(ev, node, list(owner), **kwargs)
    if isinstance(order, Unknown):
        replace_everywhere(ev, [owner], order, node)
        return
    items, origins = list(owner), owner.origins
    list.__setitem__(owner, slice(None), [items[index] for index in order])
    owner.origins = [origins[index] for index in order]


def order_of(
    ev: Evaluator, node: ast.Call, items: list[Any], key: Any = None, reverse: Any = False
) -> list[int] | Unknown:
    """Return the order in which ``sorted(items, key=key, reverse=reverse)`` puts `items`."""
    keys = items if key is None else [invoke(ev, node, key, [item], {}) for item in items]
    if isinstance(reverse, Unknown) or not ev.weigh(node, Array(keys)):
        return Unknown('sorting values that are not known')
    return sorted(range(len(items)), key=keys.__getitem__, reverse=bool(reverse))


def _asked(name: str) -> MethodImplementation:
    """Make an implementation of a method that only asks: ``index``, ``count``."""

    def implementation(ev: Evaluator, node: ast.Call, owner: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if not ev.weigh(node, owner, *args):
            return Unknown('a search among values that are not known')
        return getattr(owner, name)(*args, **kwargs)

    return implementation


def _set_method(name: str) -> MethodImplementation:
    """Make an implementation of a method of `set` or `frozenset`."""

    def implementation(ev: Evaluator, node: ast.Call, owner: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        values = [iterate(ev, node, value) if isinstance(value, (Iterated, View)) else value for value in args]
        if not ev.weigh(node, *values) or (name == 'pop' and len(owner) > 1):
            return unknown_method(ev, node, owner, args, kwargs)
        return placed(getattr(owner, name)(*values, **kwargs))

    return implementation


def _format(ev: Evaluator, node: ast.Call, owner: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    ev.weigh(node, *args, *kwargs.values())
    text = format_text(owner, args, kwargs, attribute_of, item_of)
    if isinstance(text, str):
        ev.tick(node, len(text) >> 4)
        ev.make(node, 4 * len(text))
    return text


_SET_QUESTIONS = (
    'union',
    'intersection',
    'difference',
    'symmetric_difference',
    'issubset',
    'issuperset',
    'isdisjoint',
    'copy',
)
_SET_CHANGES = ('add', 'discard', 'remove', 'update', 'intersection_update', 'difference_update',
                'symmetric_difference_update', 'clear', 'pop')  # fmt: skip

_ROW: dict[str, MethodImplementation] = {'index': _asked('index'), 'count': _asked('count')}
_TABLE: dict[str, MethodImplementation] = {
    'get': _get,
    'pop': _pop,
    'popitem': _pop_last,
    'update': _update,
    'setdefault': _setdefault,
    'clear': _clear,
    'keys': _view('keys'),
    'values': _view('values'),
    'items': _view('items'),
    'copy': _copy,
}
_FROZEN: dict[str, MethodImplementation] = {name: _set_method(name) for name in _SET_QUESTIONS}

METHODS |= {
    ConfigTable: {
        **_TABLE,
        'get': _config_get,
        'pop': _config_pop,
        'update': _config_update,
        'merge': _config_merge,
        'to_dict': _to_dict,
        'deepcopy': _deepcopy,
        'values': _config_values,
        'items': _config_items,
    },
    Table: _TABLE,
    Array: {
        **_ROW,
        'append': _append,
        'extend': _extend,
        'insert': _insert,
        'pop': _pop_item,
        'remove': _remove,
        'reverse': _reverse,
        'sort': _sort,
        'clear': _clear,
        'copy': _copy,
    },
    Row: _ROW,
    str: {**TEXT_METHODS, 'format': _format},
    set: {**_FROZEN, **{name: _set_method(name) for name in _SET_CHANGES}},
    frozenset: _FROZEN,
}
