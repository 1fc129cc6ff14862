"""How much is tried of what nobody can try all of in a few minutes: a sample, or everything with CFGLINT_THOROUGH=1."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar('T')
THOROUGH = bool(os.environ.get('CFGLINT_THOROUGH'))


def sample(items: Sequence[T], turn: int, turns: int) -> Sequence[T]:
    """Return every so manieth item, beginning with another one at each turn; all turns together have all of them."""
    return items if THOROUGH else items[turn % turns :: turns]
