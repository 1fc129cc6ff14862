"""Small libraries, written as text."""

from __future__ import annotations

from tests.catalog.conftest import indexed, write

__all__ = ['indexed', 'write']
