"""Which library a config is for that does not say so itself, as those of 0.x and fragments: what its types are found in tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.catalog import libraries
from cfglint.catalog.library_index import taken_over
from cfglint.catalog.suggest import elsewhere
from cfglint.language.values import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.catalog import Installation
    from cfglint.catalog.run_libraries import Libraries

UNKNOWN: Final = ''
"""The scope of a config whose library is not known: its components are not judged."""

_ENOUGH: Final = 0.6
"""The part of the types that a library, with those that it builds on, has to have."""
_ALL: Final = 3.0
"""The score of a library that has the model, all datasets and all types."""
_MAX_TYPES: Final = 60


def legacy_scope(config: Table, known: Libraries) -> str:
    """Return the scope of the library that has the datasets, the model and most of the types in a config that can run.

    Among those that have as many, the libraries of the project come first.
    """
    model, data = (config.get(section) for section in ('model', 'data'))
    if not isinstance(model, Table) or not isinstance(data, Table):
        return UNKNOWN
    datasets = list(dict.fromkeys(_types(data, 'pipeline')))[:_MAX_TYPES]
    types = list(dict.fromkeys([*_types(model), *_types(data)]))[:_MAX_TYPES]
    every = [name for name in libraries.libraries() if libraries.newest(name, 0) is not None and name != 'mmcv']
    every.sort(key=lambda name: known.targets.known(name) is None)
    best, most, share = UNKNOWN, 0.0, 0.0
    for scope in map(libraries.scope_of, every):
        found = _found(types, scope, known, is_own=False)
        score = (
            found + _found(datasets, scope, known, is_own=True) + _found([model.get('type')], scope, known, is_own=True)
        )
        if score > most:
            best, most, share = scope, score, found
        if score == _ALL:
            break
    is_known = share >= _ENOUGH and known.targets.is_covered(libraries.library_of(best) or '')
    return best if is_known else UNKNOWN


def fragment_scope(config: Table, known: Libraries) -> str:
    """Return the scope of the only library that has the types of a file; empty where several have, or none has.

    What MMEngine itself has tells nothing, nor do types that no library has.
    """
    installation = known.installation('mmengine')
    scopes: set[str] | None = None
    for name in list(dict.fromkeys(_types(config)))[:_MAX_TYPES]:
        if installation.find(name, None, 'mmengine') is None:
            having = {each.scope for each in elsewhere(installation, name)} | _superseded(installation, name)
            scopes = (having if scopes is None else scopes & having) if having else scopes
    return scopes.pop() if scopes is not None and len(scopes) == 1 else UNKNOWN


def _superseded(installation: Installation, name: str) -> set[str]:
    """Return the scopes that have a type, but of libraries that others took over since their last release."""
    found: set[str] = set()
    for scope in taken_over():
        release = installation.release(libraries.library_of(scope) or '')
        component = installation.find(f'{scope}.{name}', None, installation.root) if release is not None else None
        if component is not None and component.scope == scope and release is not None and 'rc' not in release.version:
            found.add(scope)
    return found


def _types(value: object, *without: str) -> Iterator[str]:
    """Yield the types in a section, but those below some keys."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Table):
            kind = value.get('type')
            if isinstance(kind, str) and '.' not in kind:
                yield kind
            waiting += [each for key, each in value.items() if key not in without]
        elif isinstance(value, (list, tuple)):
            waiting += value


def _found(types: Iterable[object], scope: str, known: Libraries, *, is_own: bool) -> float:
    """Return the part of types that a library has: itself, or with those that it builds on and the project's code."""
    installation = known.installation(scope, with_local=bool(known.roots) and not is_own)
    found = [installation.find(name, None, scope) if isinstance(name, str) else None for name in types]
    library = libraries.library_of(scope)
    return sum(each is not None and (not is_own or each.library == library) for each in found) / max(len(found), 1)
