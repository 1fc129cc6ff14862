"""What the static reader knows of a config: where its keys were written, and what is wrong with it before it runs."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.engine import check
from cfglint.language.errors import ConfigError
from cfglint.rules import all_rules
from cfglint.smoke.results import Failure
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from cfglint.language.values import Origin

DECIDING = frozenset({'default_scope', 'custom_imports'})
"""What decides how all else is read."""
PART = re.compile(r'\[(\d+)\]|([^.\[\]]+)')


class StaticReader:
    """Reads configs without running them."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.loader = self.workspace.loader

    def locate(self, config: str, key: str) -> str | None:
        """Where `key`, or the innermost part of it that is written anywhere, was written: `file:line`."""
        try:
            value: Any = self.loader.load(config).table
        except ConfigError:
            return None
        found: Origin | None = None
        for index, name in PART.findall(key):
            origin, value = _enter(value, int(index) if index else name)
            if origin is None:
                break
            found = origin
        return None if found is None else self._place(found)

    def _place(self, origin: Origin) -> str:
        span = origin.source.span(origin.key or origin.value)
        return f'{_shown(span.path)}:{origin.source.location(span.start).row}'

    def broken(
        self, configs: Sequence[str], *, val: bool = False, cfg_options: Sequence[str] = ()
    ) -> dict[str, Failure]:
        """Return the configs in which `cfglint check` finds what would end this run, each with the first such error.

        What MMEngine ignores ends no run; nor does what is wrong with the test set, with the validation that is not asked for,
        or in a section that `cfg_options` changes.
        """
        changed = {option.partition('=')[0].strip().partition('.')[0] for option in cfg_options}
        if changed & DECIDING:
            return {}
        absolute = {os.path.abspath(config): config for config in configs}
        found: dict[str, Failure] = {}
        for config in absolute:
            result = check([config], list(all_rules().values()), self.workspace)
            errors = sorted(
                (each for each in result.diagnostics if _ends_run(each, changed, val=val)), key=Diagnostic.sort_key
            )
            if errors:
                found[absolute[config]] = self._failure(errors)
        return found

    def _failure(self, errors: Sequence[Diagnostic]) -> Failure:
        first = errors[0]
        more = f' (and {len(errors) - 1} more; see `cfglint check`)' if len(errors) > 1 else ''
        place = None
        if first.span is not None:
            row = self.loader.source(first.span.path).location(first.span.start).row
            place = f'{_shown(first.span.path)}:{row}'
        return Failure(
            stage='check', type=first.rule, message=first.message + more, key=first.key, place=place,
            remedy='correct it, or go on with --force',
        )  # fmt: skip


def _ends_run(diagnostic: Diagnostic, changed: AbstractSet[str], *, val: bool) -> bool:
    """Tell whether something is wrong that raises while the run is built, or in its training iterations."""
    if diagnostic.severity < Severity.ERROR or not diagnostic.consequence.startswith('raises '):
        return False
    section = (diagnostic.key or '').partition('.')[0]
    if section in changed:
        return False  # the run will tell
    return not section.startswith(('test_', 'tta_')) and (val or not section.startswith('val_'))


def _enter(value: Any, part: str | int) -> tuple[Origin | None, Any]:
    """The origin and the value of one key or item."""
    origins = getattr(value, 'origins', None)
    try:
        return (None if origins is None else origins[part]), value[part]
    except (KeyError, IndexError, TypeError):
        return None, None


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith('..') else relative
