"""Top-level keys that MMEngine does not read, but nearly."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability
from cfglint.rules.rule import rule
from cfglint.sections.table import LEGACY_KEYS, SECTIONS, TOP_LEVEL_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(fixable=True)
def misspelt_section(context: Context) -> Iterator[Diagnostic]:
    """A top-level key that is nearly one which MMEngine reads.

    `Runner.from_cfg` reads the keys that it knows and ignores all others without a message: a misspelt section has no
    effect, or leaves its section missing.

    ```py title="bad"
    optim_wraper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
    ```

    ```py title="good"
    optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
    ```
    """
    for name in [name for name in context.config.own if name not in _KNOWN]:
        meant = nearest_section(name)
        if meant is None or name in context.loads:
            continue
        item = context.section(name)
        if item is None:
            continue
        message = f'`{name:.60}` is no section that MMEngine reads'
        words = f'Rename to `{meant}`'
        fix = None if meant in context.config.own else context.replace_key(item, meant, words, Applicability.UNSAFE)
        advice = Advice('write', meant)
        yield context.report(item, message, misspelt=meant, fix=fix, ignored=True, advice=advice)


_KNOWN = TOP_LEVEL_KEYS | LEGACY_KEYS
_LETTERS = {section: frozenset(section) for section in SECTIONS}
_NEAR = 0.84
"""How much of two names has to be alike: the letters that both have, in order, of all letters."""


@lru_cache(maxsize=4096)
def nearest_section(name: str) -> str | None:
    """Return the section that a top-level name is likely a misspelling of, None if it has a meaning of its own."""
    if not isinstance(name, str) or name in _KNOWN or name.startswith('_'):
        return None
    own = set(name)
    # Letters that only one of both has rule out nearly all sections; to compare takes far longer.
    likely = [
        section
        for section, letters in _LETTERS.items()
        if 2 * min(len(name) - len(own - letters), len(section) - len(letters - own))
        >= _NEAR * (len(name) + len(section))
    ]
    if not likely:
        return None
    import difflib  # few runs have to guess

    near = difflib.get_close_matches(name, likely, 1, _NEAR)
    return near[0] if near else None
