"""Variables of a 0.x config in which something is renamed or gone: one diagnostic each, with all of it as it is in 1.x."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from cfglint.catalog.library_index import gone as without_successors
from cfglint.rules.deprecated.keys import advice_of, replacements_in, writers
from cfglint.rules.reading.items import Item
from cfglint.rules.reading.lookup import installation_of
from cfglint.sections.table import LEGACY_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.config import Config
    from cfglint.rules.context import Context

Kind = Literal['pipeline', 'dataset', 'model', 'hooks']
_SHOWN = 2
_WORD = re.compile(r'\w+')


def variables(context: Context, kind: Kind) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each variable of a kind, in the file that says it, in which there are parts of 0.x."""
    for config in writers(context):
        for name, found in replacements_in(context, config).items():
            # A second name for the same thing is no second thing.
            is_new = (
                name in found.sections and f'{name} = ' in found.code and not found.code[len(name) + 3 :].isidentifier()
            )
            if is_new and name not in LEGACY_KEYS and _kind_of(name, config.own[name]) == kind:
                yield from _diagnostic(context, config, name)


def _diagnostic(context: Context, config: Config, name: str) -> tuple[Diagnostic, ...]:
    return context.shared((context.rule.name, name), config.own, lambda: _diagnostics(context, config, name))


def _kind_of(name: str, value: Any) -> Kind | None:
    if name == 'custom_hooks':
        return 'hooks'
    if isinstance(value, (list, tuple)) or 'pipeline' in name:
        return 'pipeline'
    if not isinstance(value, dict) or name in ('train_cfg', 'test_cfg'):
        return None
    return 'dataset' if 'pipeline' in value or 'dataset' in name else 'model'


def _diagnostics(context: Context, config: Config, name: str) -> tuple[Diagnostic, ...]:
    found = replacements_in(context, config)[name]
    kept = {} if found.questions else {key: value for key, value in config.own.items() if key != name}
    gone = _gone(config.own[name], found.code, kept)
    if not gone and found.questions:  # it is left as it is, for a person to decide
        gone = [
            kind
            for kind in _types(config.own[name])
            if kind in without_successors()['mmengine'] and not _is_own(context, kind)
        ]
    if not gone:
        return ()  # what is added to it comes from elsewhere, and is told of there
    words = ', '.join(f'`{each}`' for each in gone[:_SHOWN])
    more = f' and {len(gone) - _SHOWN} more' if len(gone) > _SHOWN else ''
    item = Item(name, config.own[name], config.own.origins.get(name), context.root)
    return (context.report(item, f'`{name}` has parts of 0.x: {words}{more}', advice=advice_of(found)),)


def _gone(value: Any, code: str, variables: Mapping[str, Any]) -> list[str]:
    """Return the types, then the arguments, in a value that its replacement, with the variables it reads, does not have."""
    types: dict[str, None] = {}
    names: dict[str, None] = {}
    _collect(value, types, names)
    words = set(_WORD.findall(code))
    kept: dict[str, None] = {}
    _collect([variables[word] for word in words & variables.keys()], kept, kept)
    return [each for each in (*types, *names) if each not in words and each not in kept]


def _types(value: Any) -> Iterable[str]:
    types: dict[str, None] = {}
    _collect(value, types, {})
    return types


def _is_own(context: Context, kind: str) -> bool:
    found = installation_of(context).find(kind, None, context.scope)
    return found is not None and not found.library and found.kind != 'unknown'


def _collect(value: Any, types: dict[str, None], names: dict[str, None]) -> None:
    if isinstance(value, dict):
        if isinstance(value.get('type'), str):
            types[value['type'].rpartition('.')[2]] = None
        names.update(dict.fromkeys(key for key in value if isinstance(key, str) and key != '_delete_'))
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return
    for each in value:
        _collect(each, types, names)
