"""Small libraries, written as text."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from cfglint.catalog.installation import Installation
from cfglint.catalog.local import LocalCode, index
from tests.kit import repo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Write files below a folder of their own."""

    def write_files(files: dict[str, str]) -> Path:
        repo.write(tmp_path, {name: dedent(text) for name, text in files.items()})
        return tmp_path

    return write_files


@pytest.fixture
def indexed(write: Callable[[dict[str, str]], Path]) -> Callable[..., Installation]:
    """An installation of the shipped catalogs, with the given files as the user's code."""

    def install(files: dict[str, str], **targets: str) -> Installation:
        libraries = Installation(targets)
        local: LocalCode = index([write(files)], libraries.registry_key)
        return Installation(targets, local)

    return install
