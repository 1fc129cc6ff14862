"""Finding the parts of a model that hold some arguments, without walking what holds none of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cfglint.catalog.library_file import library_names
from cfglint.catalog.model_facts import ModelFacts, model_facts
from cfglint.language.values import Lazy
from cfglint.rules.reading.items import item_at
from cfglint.rules.reading.lookup import Use, installation_of, resolve
from cfglint.rules.reading.words import words_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Set

    from cfglint.catalog import Component
    from cfglint.catalog.model import Resolved
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

    _Wanted = tuple[Set[str], Callable[[dict[Any, Any]], bool] | None]

_TYPE: Final = frozenset({'type'})
_OPERATORS: Final = frozenset({'nms', 'roi_layer'})
"""Settings whose types are looked up among mmcv's operators."""

Path = tuple[str | int, ...]
_NO_METHODS: frozenset[str] = frozenset()
_Fact = TypeVar('_Fact')


def holding(
    context: Context, item: Item | None, names: Set[str], where: Callable[[dict[Any, Any]], bool] | None = None
) -> Iterator[Item]:
    """Yield the dicts at and below an item that have one of some keys, outer ones first.

    Args:
        context: The config.
        item: Where to look.
        names: The keys.
        where: Tells whether a dict that has one counts; a function of a module, since what it says is kept.
    """
    if item is not None and isinstance(item.value, (dict, list, tuple)):
        for path in _paths(context, item.value, (names, where)):
            yield item_at(item, path)


def components(context: Context, model: Item) -> Iterator[Item]:
    """Yield the dicts at and below a model that have a `type`, outer ones first."""
    return holding(context, model, _TYPE)


def _paths(context: Context, value: Any, wanted: _Wanted) -> list[Path]:
    """Return the ways from a value to the dicts at and below it that are wanted."""
    memo = context.memo('paths')
    known: list[Path] | None = memo.get(wanted, value)
    if known is not None:
        return known
    found: list[Path] = []
    names, where = wanted
    if not names.isdisjoint(words_in(context, value)):
        is_dict = isinstance(value, dict)
        if is_dict and not names.isdisjoint(value) and (where is None or where(value)):
            found.append(())
        for name, each in value.items() if is_dict else enumerate(value):
            if isinstance(each, (dict, list, tuple)):
                found += [(name, *path) for path in _paths(context, each, wanted)]
    return memo.keep(wanted, value, found)


def facts_of(context: Context, part: Item) -> ModelFacts:
    """Return the facts of the library that a part of a model is of; none if it is not surely a library's own."""
    if not isinstance(part.value, dict) or not isinstance(part.value.get('type'), (str, Lazy)):
        return _NONE
    known = _package(part)
    if known is not None and model_facts(known) == _NONE:
        return _NONE
    found = component_of(context, part)
    if found is None or not _is_of_library(context, found):
        return _NONE
    return model_facts(found.path.partition('.')[0])


def _package(part: Item) -> str | None:
    """Return the package that the prefix of a type names, None without one."""
    kind = part.value['type']
    prefix, dot, _ = (kind.name if isinstance(kind, Lazy) else kind).partition('.')
    return prefix if dot else None


def packages_in(context: Context, value: Any) -> frozenset[str]:
    """Return the libraries that the types in a value may be of: the config's own, and those that prefixes name."""
    memo = context.memo(f'packages {context.given_scope}')
    known: frozenset[str] | None = memo.get(None, value)
    if known is not None:
        return known
    named = {word.partition('.')[0] for word in words_in(context, value) if isinstance(word, str) and '.' in word}
    return memo.keep(None, value, frozenset(named & set(library_names())) | {context.given_scope})


def is_of_libraries(context: Context, model: Item) -> bool:
    """Tell whether all parts of a model are surely those of libraries, but for operators, which are in no registry.

    A part may also have its name from a table of what holds it: ``slow_pathway=dict(type='resnet3d')``.
    """
    parts = ((part, component_of(context, part)) for part in components(context, model) if part.name not in _OPERATORS)
    return all(
        str(part.type_name).islower() if found is None else _is_of_library(context, found) for part, found in parts
    )


def _is_of_library(context: Context, found: Component | None) -> bool:
    return found is not None and bool(found.library) and not context.libraries.own.holds(found.module)


def component_of(context: Context, part: Item) -> Component | None:
    """Return the component that a part's `type` names, None if it is not known."""
    found = _resolved(context, part)
    return None if found is None else found.component


def derives(context: Context, part: Item, bases: tuple[str, ...], by: Set[str] = _NO_METHODS) -> bool:
    """Tell whether the class of a part is one of some classes, or inherits one of them.

    Args:
        context: The config.
        part: A part of a model.
        bases: The classes.
        by: The methods that make it matter: a class of the user's own that has one of them anew does not count.
    """
    found = component_of(context, part)
    installation = installation_of(context)
    inherits = (base for base in bases if found is not None and installation.derives(found.path, base))
    return found is not None and any(not by or not installation.overrides(found.path, base, by) for base in inherits)


def inherited(
    context: Context, part: Item, facts: Callable[[ModelFacts], Mapping[str, _Fact]], by: Set[str] = _NO_METHODS
) -> Iterator[_Fact]:
    """Yield what is known of the class of a part, then of each class that it inherits.

    Args:
        context: The config.
        part: A part of a model.
        facts: Returns facts by the full name of a class.
        by: The methods that the facts are about: nothing is known of what a class of the user's own has anew.
    """
    found = component_of(context, part)
    installation = installation_of(context)
    for path in () if found is None else installation.mro(found.path):
        known = facts(model_facts(path.partition('.')[0])).get(path)
        if found is not None and known is not None and not (by and installation.overrides(found.path, path, by)):
            yield known


def default_of(context: Context, part: Item, name: str) -> str | None:
    """Return the source text of the default of an argument of a part's class, None if it is not known."""
    found = _resolved(context, part)
    parameter = None if found is None else found.signature.parameters.get(name)
    return None if parameter is None else parameter.default


def literal_default(context: Context, part: Item, name: str) -> Any:
    """Return the default of an argument of a part's class, None if it is not known, or not written out."""
    default = default_of(context, part, name)
    try:
        return None if default is None else ast.literal_eval(default)
    except (SyntaxError, ValueError):
        return None


def each_of(value: Item | None) -> Iterator[Item]:
    """Yield a dict, or the dicts of a list."""
    if value is not None and isinstance(value.value, dict):
        yield value
    elif value is not None and isinstance(value.value, (list, tuple)):
        yield from (each for each in value.items() if isinstance(each.value, dict))


def _resolved(context: Context, part: Item) -> Resolved | None:
    kind = part.get('type')
    if kind is None or not isinstance(kind.value, (str, Lazy)):
        return None
    return resolve(context, Use(part, kind, None, _scope(context, part), part.name))


def _scope(context: Context, part: Item) -> str:
    """Return the scope that the nearest `_scope_` above names; it holds for all that is built below."""
    item: Item | None = part
    while item is not None and item.parent is not None:
        scope = item.value.get('_scope_') if isinstance(item.value, dict) else None
        if isinstance(scope, str):
            return scope
        item = item.parent
    return context.scope


_NONE = ModelFacts()
