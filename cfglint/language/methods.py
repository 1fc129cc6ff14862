"""The methods of config values: those of `dict`, `list`, `tuple`, `str`, and of MMEngine's `ConfigDict`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.limits import check_length, check_text, expanded_size, has_unknown
from cfglint.language.operators import check_widths, format_value, origins_of
from cfglint.language.values import Array, ConfigTable, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from cfglint.language.evaluator import Evaluator

    Implementation = Callable[[Evaluator, ast.Call, Any, list[Any], dict[str, Any]], Any]


def find(value: Any, name: str) -> Implementation | None:
    """Return the implementation of a method, None if there is none."""
    if isinstance(value, ConfigTable):
        return CONFIG_METHODS.get(name)
    for kind, table in ((Table, TABLE_METHODS), (Array, ARRAY_METHODS), (Row, ROW_METHODS), (str, TEXT_METHODS)):
        if isinstance(value, kind):
            return table.get(name)
    return None


def deep_copy(value: Any, memo: dict[int, Any]) -> Any:
    """Copy containers as ``copy.deepcopy`` does: what is shared inside stays shared. Origins are kept."""
    if not isinstance(value, (Table, Array, Row)):
        return value
    known = memo.get(id(value))
    if known is not None:
        return known
    result: Any
    if isinstance(value, Table):
        result = type(value)({}, dict(value.origins))
        memo[id(value)] = result
        for key, item in value.items():
            result[key] = deep_copy(item, memo)
        return result
    items = [deep_copy(item, memo) for item in value]
    result = Array(items, list(value.origins)) if isinstance(value, Array) else Row(items, value.origins)
    memo[id(value)] = result
    return result


def config_copy(value: Any) -> Any:
    """Copy as MMEngine does to hand a base out (``Config._dict_to_config_dict``): nothing stays shared."""
    if isinstance(value, Table):
        return ConfigTable({key: config_copy(item) for key, item in value.items()}, dict(value.origins))
    if isinstance(value, Array):
        return Array([config_copy(item) for item in value], list(value.origins))
    if isinstance(value, Row):
        return Row([config_copy(item) for item in value], value.origins)
    return value


def shallow_copy(value: Any) -> Any:
    """Copy the outermost container only."""
    if isinstance(value, Table):
        return type(value)(value, dict(value.origins))
    if isinstance(value, Array):
        return Array(value, list(value.origins))
    return value


def as_config(value: Any) -> Any:
    """Convert as ``ConfigDict._hook`` does: plain dicts below become ``ConfigDict`` copies, lists are rebuilt."""
    if isinstance(value, ConfigTable):
        return value
    if isinstance(value, Table):
        return ConfigTable({key: as_config(item) for key, item in value.items()}, dict(value.origins))
    if isinstance(value, Array):
        return Array([as_config(item) for item in value], list(value.origins))
    if isinstance(value, Row):
        return Row([as_config(item) for item in value], value.origins)
    return value


def set_item(ev: Evaluator, owner: Any, key: Any, value: Any, key_node: ast.expr, node: ast.expr) -> None:
    """Do ``owner[key] = value``, as Python or as ``ConfigDict`` would."""
    if isinstance(owner, Table):
        owner[key] = as_config(value) if isinstance(owner, ConfigTable) else value
        owner.origins[key] = Origin(ev.source, key_node, node, owner.origins.get(key))
    elif isinstance(owner, Array):
        if isinstance(key, slice):
            origins = origins_of(owner)
            items = list(value)
            list.__setitem__(owner, key, items)
            origins[key] = [Origin(ev.source, None, node)] * len(items)
            owner.origins = origins
        else:
            owner[key] = value
            owner.origins = origins_of(owner)
            owner.origins[key] = Origin(ev.source, None, node)
    else:
        owner[key] = value


def delete_item(owner: Any, key: Any) -> None:
    """Do ``del owner[key]``."""
    if isinstance(owner, Array):
        owner.origins = origins_of(owner)
        del owner.origins[key]
    del owner[key]
    if isinstance(owner, Table):
        owner.origins.pop(key, None)


_MISSING = object()


def _get(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return owner.get(*args, *kwargs.values())


def _pop(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if isinstance(owner, ConfigTable) and len(args) == 1:
        args = [args[0], kwargs.get('default')]
    owner.origins.pop(args[0], None)
    return owner.pop(*args)


def _update(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    other, origins = _mapping_of(ev, node, args, kwargs)
    owner.update(other)
    owner.origins.update(origins)


def _mapping_of(
    ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]
) -> tuple[dict[Any, Any], dict[Any, Origin]]:
    """Return the new items of an ``update`` call, with their origins."""
    items: dict[Any, Any] = {}
    origins: dict[Any, Origin] = {}
    if args:
        (first,) = args
        items.update(first)
        origins.update(first.origins if isinstance(first, Table) else dict.fromkeys(items, Origin(ev.source, None, node)))
    keywords = {keyword.arg: keyword for keyword in node.keywords}
    for key, value in kwargs.items():
        items[key] = value
        keyword = keywords.get(key)
        origins[key] = Origin(ev.source, None, node) if keyword is None else Origin(ev.source, keyword, keyword.value)
    return items, origins


def _config_update(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items, origins = _mapping_of(ev, node, args, kwargs)
    _update_config(ev, owner, items, origins)


def _update_config(ev: Evaluator, owner: Table, items: dict[Any, Any], origins: dict[Any, Origin]) -> None:
    for key, value in items.items():
        mine = owner.get(key)
        if isinstance(mine, ConfigTable) and isinstance(value, Table):
            _update_config(ev, mine, value, value.origins)
        else:
            owner[key] = as_config(value)
            if key in origins:
                owner.origins[key] = origins[key]._replace(overrides=owner.origins.get(key))


def _config_merge(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (other,) = args or kwargs.values()
    merged = _merged(deep_copy(other, {}), deep_copy(owner, {}))
    owner.clear()
    owner.origins.clear()
    for key, value in merged.items():
        owner[key] = as_config(value)
    owner.origins.update(merged.origins)


def _merged(new: Any, old: Any) -> Any:
    """Merge as ``ConfigDict.merge`` does: ``_delete_`` works at every depth, also for new keys."""
    if not isinstance(new, Table):
        return new
    delete = new.pop('_delete_', False)
    if not isinstance(old, Table):
        return new
    if delete:
        old = Table()
    result = Table()
    for key in [*old, *(key for key in new if key not in old)]:
        if key == '_delete_':
            continue
        result[key] = old[key] if key not in new else _merged(new[key], old.get(key, _MISSING))
        origin = new.origins.get(key) or old.origins.get(key)
        if origin is not None:
            result.origins[key] = origin
    return result


def _setdefault(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if args[0] not in owner:
        owner.origins[args[0]] = Origin(ev.source, None, node)
    return owner.setdefault(*args)


def _clear(ev: Evaluator, node: ast.Call, owner: Table | Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    owner.clear()
    owner.origins.clear()


def _keys(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return Array(owner)


def _values(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return Array(owner.values(), [owner.origins.get(key) for key in owner])


def _items(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return Array([Row(item) for item in owner.items()])


def _copy(ev: Evaluator, node: ast.Call, owner: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return shallow_copy(owner)


def _to_dict(ev: Evaluator, node: ast.Call, owner: Table, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return _plain(owner)


def _plain(value: Any) -> Any:
    if isinstance(value, Table):
        return Table({key: _plain(item) for key, item in value.items()}, dict(value.origins))
    if isinstance(value, Array):
        return Array([_plain(item) for item in value], list(value.origins))
    return value


def _append(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    check_length(len(owner) + 1)
    owner.origins = origins_of(owner)
    owner.append(*args)
    owner.origins.append(Origin(ev.source, None, node.args[0]))


def _extend(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (other,) = args
    items = list(other)
    check_length(len(owner) + len(items))
    added = origins_of(other) if isinstance(other, (Array, Row)) else [Origin(ev.source, None, node.args[0])] * len(items)
    owner.origins = origins_of(owner) + added
    owner.extend(items)


def _insert(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    check_length(len(owner) + 1)
    owner.origins = origins_of(owner)
    owner.insert(*args)
    owner.origins.insert(args[0], Origin(ev.source, None, node.args[1]))


def _pop_item(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    origins = origins_of(owner)
    value = owner.pop(*args)
    origins.pop(*args)
    owner.origins = origins
    return value


def _remove(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    _pop_item(ev, node, owner, [owner.index(*args)], {})


def _reverse(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    owner.origins = origins_of(owner)[::-1]
    owner.reverse()


def _sort(ev: Evaluator, node: ast.Call, owner: Array, args: list[Any], kwargs: dict[str, Any]) -> Any:
    from cfglint.language.builtins import BUILTINS

    ordered = BUILTINS['sorted'].implementation(ev, node, [owner], kwargs)
    list.__setitem__(owner, slice(None), ordered if isinstance(ordered, Array) else [ordered] * len(owner))
    owner.origins = []


def _asked(name: str) -> Implementation:
    """Make an implementation of a method that only asks: ``index``, ``count``."""

    def implementation(ev: Evaluator, node: ast.Call, owner: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        expanded_size(owner)
        if has_unknown(owner) or any(has_unknown(arg) for arg in args):
            return Unknown('a search among values that are not known')
        return getattr(owner, name)(*args)

    return implementation


def _text(name: str) -> Implementation:
    """Make an implementation of a method of `str`."""

    def implementation(ev: Evaluator, node: ast.Call, owner: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if any(has_unknown(value) for value in (*args, *kwargs.values())):
            return Unknown('a text made of a value that is not known')
        if name == 'join':
            check_text(sum(len(item) + len(owner) for item in args[0]))
        elif name == 'replace':
            check_text(len(owner) * max(1, len(args[1])))
        elif name == 'zfill':
            check_text(args[0])
        result = getattr(owner, name)(*args, **kwargs)
        if isinstance(result, list):
            return Array(result)
        return Row(result) if isinstance(result, tuple) else result

    return implementation


def _format(ev: Evaluator, node: ast.Call, owner: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    for value in (*args, *kwargs.values()):
        if isinstance(format_value(value, ''), Unknown):
            return Unknown('a text made of a value that is not known')
    check_widths(owner)
    result = owner.format(*args, **kwargs)
    check_text(len(result))
    return result


_TEXT = ('join', 'split', 'rsplit', 'replace', 'strip', 'lstrip', 'rstrip', 'lower', 'upper', 'title', 'capitalize',
         'startswith', 'endswith', 'find', 'rfind', 'index', 'count', 'partition', 'rpartition', 'zfill', 'isdigit',
         'splitlines', 'removeprefix', 'removesuffix', 'swapcase', 'isalpha', 'isupper', 'islower')  # fmt: skip

TEXT_METHODS: dict[str, Implementation] = {**{name: _text(name) for name in _TEXT}, 'format': _format}
ROW_METHODS: dict[str, Implementation] = {'index': _asked('index'), 'count': _asked('count')}
ARRAY_METHODS: dict[str, Implementation] = {
    **ROW_METHODS,
    'append': _append,
    'extend': _extend,
    'insert': _insert,
    'pop': _pop_item,
    'remove': _remove,
    'reverse': _reverse,
    'sort': _sort,
    'clear': _clear,
    'copy': _copy,
}
TABLE_METHODS: dict[str, Implementation] = {
    'get': _get,
    'pop': _pop,
    'update': _update,
    'setdefault': _setdefault,
    'clear': _clear,
    'keys': _keys,
    'values': _values,
    'items': _items,
    'copy': _copy,
}
CONFIG_METHODS: dict[str, Implementation] = {
    **TABLE_METHODS,
    'update': _config_update,
    'merge': _config_merge,
    'to_dict': _to_dict,
}
