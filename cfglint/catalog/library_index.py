"""What 1.x configs may still say of 0.x, in short: enough to see whether there is anything, without the files of the libraries.

`data/library_index.json` is made by `tools/build_library_index.py` from these files and the catalogs.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cfglint.catalog.store import read_json


@cache
def _index() -> dict[str, Any]:
    found: dict[str, Any] = read_json('library_index.json')
    return found


def scope_of(library: str) -> str | None:
    """Return the scope of a library of 0.x in 1.x; none for one that is not known."""
    scopes: dict[str, str] = _index()['scopes']
    return scopes.get(library)


@cache
def libraries_of(scope: str | None) -> tuple[str, ...]:
    """Return the libraries of 0.x whose components are in a scope of 1.x, the one of the same name first."""
    found = [library for library, each in _index()['scopes'].items() if each == scope]
    return tuple(sorted(found, key=lambda library: library != scope))


def taken_over() -> dict[str, str]:
    """Return the scopes of 1.x that others took over: `mmcls` → `mmpretrain`."""
    found: dict[str, str] = _index()['taken_over']
    return found


def marks(kind: str = 'marks') -> dict[str, str]:
    """Return the datasets and whole models that only one library of 0.x had, with that library.

    Args:
        kind: `dataset_marks` for arguments of datasets; `key_marks` and `script_marks` for top-level keys that tell the
                same, where nothing else does and in any case.
    """
    found: dict[str, str] = _index()[kind]
    return found


def questions() -> dict[str, str]:
    """Return the top-level keys for which a person has to decide, in whichever library of 0.x, and what to do."""
    found: dict[str, str] = _index()['questions']
    return found


def gone() -> dict[str, dict[str, list[str]]]:
    """Return what a scope of 1.x does not have any more: scope → type → the library that had it, and in which table."""
    found: dict[str, dict[str, list[str]]] = _index()['gone']
    return found


def old_arguments() -> dict[str, dict[str, list[str]]]:
    """Return what components of 1.x do not take any more: scope → type → arguments."""
    found: dict[str, dict[str, list[str]]] = _index()['arguments']
    return found


def old_dataset_arguments() -> dict[str, list[str]]:
    """Return what no dataset of 1.x takes any more, by the library of 0.x."""
    found: dict[str, list[str]] = _index()['dataset_arguments']
    return found


def swapped() -> dict[str, dict[str, list[str]]]:
    """Return the sizes that were (h, w) in 0.x and are (w, h) in 1.x: library → type → arguments."""
    found: dict[str, dict[str, list[str]]] = _index()['swapped']
    return found


def last_before() -> dict[str, dict[str, str]]:
    """Return, for a scope that another took over, the last releases of other libraries whose configs import the old one."""
    found: dict[str, dict[str, str]] = _index()['last_before']
    return found


def modules() -> dict[str, str]:
    """Return modules of 0.x that configs import, and where what they held is now."""
    moved: dict[str, str] = _index()['modules']
    return {**taken_over(), **moved}


def constructors() -> dict[str, str]:
    """Return constructors of optimizers, also as the documentation misspells them, and their names in 1.x."""
    found: dict[str, str] = _index()['constructors']
    return found
