"""What a name is: a rule, a family, a section, a key or a component of 0.x, a component, an argument."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from cfglint.catalog import library_index, successors, suggest
from cfglint.catalog.libraries import ROOT_SCOPES, library_of
from cfglint.explain import families, sections
from cfglint.report import component_page
from cfglint.report.rules import page as rule_page
from cfglint.rules import all_rules
from cfglint.rules import families as all_families
from cfglint.sections.table import LEGACY_KEYS, READ_KEYS, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog import Component, Installation
    from cfglint.catalog.run_libraries import Libraries

_NEARLY = 0.85
"""How much alike a name and a rule's must be, from 0 to 1, to be taken for each other."""
_LONG = 4
"""How many letters a part of a name has at least."""
_FEW = 4
"""How many places of one name are told of."""


def pages(name: str, known: Libraries) -> Iterator[str]:
    """Yield the pages about a name: whatever it is the name of."""
    rule = _rule(name)
    if rule is not None:
        yield rule_page(rule)
        return
    if name.lower() in all_families():
        yield families.page(name.lower())
        return
    if name in SECTIONS:
        yield sections.page(name)
    for each in rules_of_key(name):
        yield rule_page(each)
    if name in READ_KEYS:
        return
    installation = known.installation('mmengine')
    found = component_page.find(name, installation) or _in_any_case(name, installation)
    yield from (component_page.page_of(each, installation) for each in found)


def notes(name: str, known: Libraries) -> Iterator[str]:
    """Yield what is known of a name in an error message: which libraries have it, and what became of it since 0.x."""
    if name in LEGACY_KEYS:
        yield from (f'`{name}` is a top-level key of 0.x: see `cfglint explain {rule}`' for rule in rules_of_key(name))
    found = component_page.find(name, known.installation('mmengine'))
    for component in found[:_FEW]:
        if component.scope not in ROOT_SCOPES:
            yield f'`{name}` is in the {component.registry} of {component.library}: {_write(component)}'
    yield from () if found else _became(name)
    yield from _arguments(name)


def fields(name: str) -> Iterator[str]:
    """Yield the sections in which a name is a field."""
    for section, field in list(sections.holding(name).items())[:_FEW]:
        yield f'`{name}` is a field of `{section}`: {field.text or field.accepts}'


def all_names(known: Libraries) -> Iterator[str]:
    """Yield all that has a page, but rules: families, sections, keys of 0.x and components."""
    yield from (*all_families(), *SECTIONS, *_keys())
    installation = known.installation('mmengine')
    yield from (each for names in _names(installation).values() for each in names)


def rules_of_key(name: str) -> list[str]:
    """Return the rules about a top-level key of 0.x."""
    return [] if name in READ_KEYS - LEGACY_KEYS else _keys().get(name, [])


def is_of_component(name: str) -> bool:
    """Tell whether a name is written like that of a component: rules and keys have neither small and large letters nor dots."""
    return '.' in name or name not in (name.lower(), name.upper())


def containing(word: str, known: Libraries) -> list[str]:
    """Return the names of which a word is a part."""
    part = _plain(word)
    return [name for name in all_names(known) if part in _plain(name)] if len(part) >= _LONG else []


def _rule(name: str) -> str | None:
    """Return the rule of that name, or the only one whose name is nearly that."""
    plain = name.lower().replace('_', '-')
    if plain in all_rules() or '-' not in plain:
        return plain if plain in all_rules() else None
    return next(iter(get_close_matches(plain, all_rules(), n=1, cutoff=_NEARLY)), None)


@cache
def _keys() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for rule in all_rules().values():
        for key in rule.needs if rule.family == 'deprecated' else ():
            found.setdefault(key, []).append(rule.name)
    return found


def _in_any_case(name: str, installation: Installation) -> list[Component]:
    """Return the components whose name is the same but for capitals and underscores."""
    alike = _names(installation).get(_plain(name), {})
    return [each for spelt in alike for each in component_page.find(spelt, installation)]


def _names(installation: Installation) -> dict[str, dict[str, None]]:
    """Return the names of all components, by how they are spelt without capitals and underscores."""
    found: dict[str, dict[str, None]] = {}
    for scope in installation.scopes:
        for registry in installation.registries(scope):
            for name in installation.names(registry, scope):
                found.setdefault(_plain(name), {})[name] = None
    return found


def _plain(name: str) -> str:
    return name.lower().replace('_', '')


def _write(component: Component) -> str:
    return f"with another default scope, write `type='{suggest.qualified(component)}'`"


def slips(name: str, known: Libraries) -> Iterator[str]:
    """Yield what a name that nothing has may have meant, if it is written like a component's."""
    if not name.isidentifier() or not name[0].isupper():
        return
    installation = known.installation('mmengine')
    near = suggest.nearest(name, (each for names in _names(installation).values() for each in names))
    if near:
        yield f'`{name}` is in no library; did you mean {" or ".join(f"`{each}`" for each in near)}?'


def _became(name: str) -> Iterator[str]:
    """Yield what became of a component of 0.x."""
    for scope, kinds in library_index.gone().items():
        row = successors.row_of(name, scope) if name in kinds else None
        if row is not None:
            new = successors.type_instead(name, scope)
            told = f'it is `{new}`' if new else getattr(row.facts, 'todo', None) or 'nothing replaces it'
            yield f'`{name}` is of 0.x; in {_of(scope)}1.x: {told}'


def _of(scope: str) -> str:
    return '' if scope == 'mmengine' else f'{library_of(scope)} '


def _arguments(name: str) -> Iterator[str]:
    """Yield the new names of an argument of 0.x, each once for all components in which it has it."""
    became: dict[str, dict[str, None]] = {}
    for scope, arguments in library_index.old_arguments().items():
        for kind in (kind for kind, old in arguments.items() if name in old):
            new = successors.argument_instead(kind, scope, name)
            if new is not None:
                became.setdefault(new, {})[f'`{kind}`'] = None
    for new, kinds in became.items():
        shown = ', '.join([*kinds][:_FEW]) + (', …' if len(kinds) > _FEW else '')
        yield f'`{name}` of {shown} is `{new}` in 1.x'
