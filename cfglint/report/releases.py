"""Which releases of libraries configs were checked against, and what could not be checked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cfglint.catalog.asked import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.catalog.asked import Target
    from cfglint.catalog.run_libraries import Libraries


def against(libraries: Libraries) -> str:
    """Return one line, empty when the configs use no component: ``against mmdet 3.3.0 (3.3.0 is installed); …``."""
    chosen = ', '.join(f'{target.library} {target.release} ({target.why})' for target in libraries.chosen())
    parts = [f'against {chosen}'] if chosen else []
    unchecked = Counter(libraries.unchecked().values())
    if unchecked:
        reasons = ', '.join(f'{reason}: {count}' for reason, count in sorted(unchecked.items()))
        total = unchecked.total()
        parts.append(f'{total} component{"s" * (total != 1)} not checked ({reasons})')
    return '; '.join(parts)


def refused(libraries: Libraries) -> list[str]:
    """Return a line for each library that configs use and that cannot be imported with what else is installed."""
    names = [target.library for target in libraries.chosen() if target.origin is Origin.INSTALLED]
    if not names:
        return []
    from cfglint.catalog.incompatibilities import refusals

    found = refusals(names, libraries.targets.installed)
    return [f'this environment cannot run them: {each.message}; {each.fix}' for each in found]


def table(targets: Sequence[Target]) -> str:
    """Return a line for each library: its release, who chose it, and why."""
    rows = [('library', 'release', 'from', 'why')]
    rows += [(target.library, target.release, target.origin.value, target.why) for target in targets]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ''.join('  '.join([*map(str.ljust, row[:3], widths), row[3]]).rstrip() + '\n' for row in rows)
