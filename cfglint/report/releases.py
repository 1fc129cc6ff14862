"""Which releases of libraries configs were checked against, and what could not be checked."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from cfglint.catalog.asked import Origin
from cfglint.catalog.libraries import ROOT_SCOPES, newest
from cfglint.requirements import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cfglint.catalog.asked import Target
    from cfglint.catalog.run_libraries import Libraries


_MODEL: Final = re.compile(r'^model\s*=\s*dict\(', re.MULTILINE)
_MOST: Final = 50
"""How many files are looked into for a model."""


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


def unknown(libraries: Libraries, files: Iterable[str]) -> str | None:
    """Say that no component was checked of configs that name some; None where some were, or could not be."""
    reader = Reader()
    if (
        against(libraries)
        or _has_own(libraries)
        or not any(_MODEL.search(reader.text(path) or '') for path in islice(files, _MOST))
    ):
        return None
    return (
        'no component was checked: most types here are of no library that is known, and of no code in this repository'
    )


def _has_own(libraries: Libraries) -> bool:
    """Tell whether components of the repository's own code are known, or of its copy of a library."""
    own = libraries.own
    has_copy = any(each.is_copy for each in libraries.targets.stated.by_library.values())
    return has_copy or (own.is_indexed and own.code is not None and any(own.code.registry_keys()))


def as_legacy(libraries: Libraries) -> str | None:
    """Say how to have configs checked as those of 0.x that they are; None where something says that they are for 1.x."""
    targets = libraries.targets
    if targets.is_for_mmengine or targets.stated.eras:
        return None
    named = (target.library for target in libraries.chosen() if target.library not in ROOT_SCOPES)
    library = next((name for name in named if newest(name, 0) is not None), 'mmcv')
    return f'nothing here says a release: `--target {library}=={newest(library, 0)}` checks configs of 0.x as what they are'


def table(targets: Sequence[Target]) -> str:
    """Return a line for each library: its release, who chose it, and why."""
    rows = [('library', 'release', 'from', 'why')]
    rows += [(target.library, target.release, target.origin.value, target.why) for target in targets]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ''.join('  '.join([*map(str.ljust, row[:3], widths), row[3]]).rstrip() + '\n' for row in rows)
