"""What the tests of the migration share."""

from __future__ import annotations

from typing import Any

from cfglint.catalog.library_facts import library
from cfglint.language.loader import Loader
from cfglint.language.source import SourceFile
from cfglint.migrate.mapping.whole import Mapped, map_config


def mapped(text: str, lib: str = 'mmdet', successor: str | None = None) -> Mapped:
    """Map the text of a config of a library."""
    config = Loader().load('/nowhere/config.py', SourceFile('/nowhere/config.py', text))
    return map_config(config.table, library(lib, successor))


def value(text: str, lib: str = 'mmdet', successor: str | None = None) -> dict[str, Any]:
    """Map the text of a config of a library, which leaves no questions."""
    found = mapped(text, lib, successor)
    assert found.todos() == []
    return found.value()
