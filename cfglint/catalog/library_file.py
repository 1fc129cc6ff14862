"""The files of facts, `data/libraries/LIB.json`, where LIB is the package of a library: what is known of it beside the catalogs.

Their parts follow the schemas of `library_facts` (how its 0.x configs are migrated), `model_facts` and `data_facts`.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any, Final

from cfglint.catalog.store import DATA

_FOLDER: Final = os.path.join(DATA, 'libraries')


@cache
def library_names() -> tuple[str, ...]:
    """Return the names of the libraries that have a file."""
    return tuple(sorted(name[: -len('.json')] for name in os.listdir(_FOLDER) if name.endswith('.json')))


@cache
def library_file(name: str) -> dict[str, Any]:
    """Return what the file of a library holds; nothing for one that has none."""
    if name not in library_names():
        return {}
    with open(os.path.join(_FOLDER, f'{name}.json'), 'rb') as file:
        found: dict[str, Any] = json.load(file)
    return found
