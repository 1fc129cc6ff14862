"""Make `cfglint/catalog/data/library_index.json` from the files of facts and the catalogs.

    python tools/build_library_index.py

What the newest release of 1.x still has, or still takes, is left out. What holds for all libraries stands with `mmengine`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfglint.catalog.library_facts import Library, known, library
from cfglint.catalog.store import DATA
from cfglint.catalog.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.catalog import Installation
    from cfglint.catalog.library_facts import Component, Dataset

PLACE = Path(DATA, 'library_index.json')


def build() -> dict[str, Any]:
    """Return the index."""
    facts = {name: library(name) for name in known()}
    old = {name: each for name, each in facts.items() if name != 'mmengine'}
    scopes = {name: each.scope for name, each in old.items()}
    installations = {
        scope: Targets(installed=lambda distribution: None).installation([scope], None, era=1)
        for scope in (*scopes.values(), 'mmengine')
    }
    return {
        'scopes': scopes,
        'taken_over': {name: each.renamed.scope for name, each in old.items() if each.renamed is not None},
        'marks': {mark: name for name, each in old.items() for mark in each.marks},
        'dataset_marks': {mark: name for name, each in old.items() for mark in each.dataset_marks},
        'key_marks': {mark: name for name, each in old.items() for mark in each.key_marks},
        'questions': {key: why for each in old.values() for key, why in each.questions.items()},
        'script_marks': {mark: name for name, each in old.items() for mark in each.script_marks},
        'last_before': {
            name: dict(each.renamed.last_before)
            for name, each in old.items()
            if each.renamed is not None and each.renamed.last_before
        },
        'modules': dict(facts['mmengine'].modules),
        'constructors': dict(facts['mmengine'].constructors),
        'gone': {scope: _gone(scope, installation, facts) for scope, installation in installations.items()},
        'arguments': {
            scope: found
            for scope, installation in installations.items()
            if (found := _arguments(scope, installation, facts))
        },
        'dataset_arguments': {
            name: found for name, each in old.items() if (found := _of_datasets(each, installations[each.scope]))
        },
        'swapped': {name: found for name, each in old.items() if (found := _swapped(each))},
    }


def _tables(each: Library) -> Iterator[tuple[str, Mapping[str, Component | Dataset]]]:
    yield 'transforms', each.transforms
    yield 'datasets', each.datasets.types
    yield 'components', each.components
    yield 'hook_types', each.hook_types


def _gone(scope: str, installation: Installation, facts: dict[str, Library]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in (each for each in facts if facts[each].scope == scope):
        for table, rows in _tables(facts[name]):
            for kind, row in rows.items():
                is_row = row.type not in (None, kind) or row.todo or getattr(row, 'role', None)
                if is_row and not _is_there(installation, kind, scope):
                    found.setdefault(kind, [name, table])
    for name, each in facts.items():
        if each.renamed is not None and each.renamed.scope == scope:
            for kind, row in each.renamed.components.items():
                if (row.type or row.todo) and not _is_there(installation, kind, scope):
                    found.setdefault(kind, [name, 'renamed'])
    return dict(sorted(found.items()))


def _is_there(installation: Installation, kind: str, scope: str) -> bool:
    found = installation.find(kind, None, scope)
    return found is not None and found.kind != 'unknown'


def _arguments(scope: str, installation: Installation, facts: dict[str, Library]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in (each for each in facts.values() if each.scope == scope):
        for table, rows in _tables(each):
            for kind, row in rows.items() if table != 'datasets' else ():
                given = {
                    **row.arguments,
                    **row.argument_todos,
                    **{old: '' for pair in row.pairs.values() for old in pair},
                }
                component = installation.find(kind, None, scope)
                if component is None or component.kind == 'unknown':
                    names = [] if installation.has_scope(scope) else list(given)
                else:
                    signature = installation.signature(component)
                    names = [name for name in given if signature.accepts(name) is False]
                if names:
                    found[kind] = sorted({*found.get(kind, ()), *names})
    return dict(sorted(found.items()))


def _of_datasets(each: Library, installation: Installation) -> list[str]:
    facts = each.datasets
    given = [*facts.prefixes, *facts.metainfo, *facts.filters, *facts.renamed, *facts.todos]
    classes = [installation.find(mark, None, each.scope) for mark in each.marks if mark.endswith(('Dataset', 'Net'))]
    signatures = [installation.signature(each) for each in classes if each is not None and each.kind == 'class']
    return [name for name in given if not any(signature.accepts(name) for signature in signatures)]


def _swapped(each: Library) -> dict[str, list[str]]:
    return {kind: list(row.swap) for kind, row in each.transforms.items() if row.swap}


def main() -> None:
    """Write the index."""
    PLACE.write_text(f'{json.dumps(build(), ensure_ascii=False, separators=(",", ":"))}\n', encoding='utf-8')


if __name__ == '__main__':
    main()
