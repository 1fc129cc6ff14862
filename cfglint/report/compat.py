"""In which releases configs work, as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfglint.compat import ranges
from cfglint.report.sources import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfglint.catalog.incompatibilities import Incompatibility
    from cfglint.compat import Compatibility, Reason
    from cfglint.report.sources import Sources

_SHOWN = 12


def text(path: str, found: Sequence[Compatibility], sources: Sources) -> str:
    """Return the table of one config: a line for each library, and for each run of its releases."""
    lines = [shown(path)]
    for each in found:
        lines.append(f'  {_summary(each)}')
        for first, last, reasons in ranges(each.tried):
            releases = first if first == last else f'{first} … {last}'
            lines.append(f'    {releases}: {"works" if not reasons else ""}'.rstrip(' :') + (':' if reasons else ''))
            lines += [f'      {_place(reason, sources)}{reason.message}' for reason in reasons[:_SHOWN]]
            if len(reasons) > _SHOWN:
                lines.append(f'      and {len(reasons) - _SHOWN} more (--output-format json has all)')
    if not found:
        lines.append('  uses no component of a known library')
    return '\n'.join(lines) + '\n'


def _summary(found: Compatibility) -> str:
    if found.first is None:
        of_era = '' if found.era else ' of 0.x'
        return f'{found.library}: none of {len(found.tried)} releases{of_era} works'
    count = f'{len(found.working)} of {len(found.tried)} releases'
    if not found.era:
        span = found.first if found.first == found.last else f'{found.first} … {found.last}'
        return f'0.x: works with {found.library} {span} ({count})'
    if found.first == found.last:
        return f'{found.library}: works in {found.first} ({count})'
    return f'{found.library}: works from {found.first} to {found.last} ({count})'


def _place(reason: Reason, sources: Sources) -> str:
    if reason.span is None:
        return ''
    start = sources.start(reason.span)
    return f'{shown(reason.span.path)}:{start.row}:{start.column}: '


def environment_text(found: Sequence[Incompatibility]) -> str:
    """Return what will break with the versions that are installed."""
    if not found:
        return 'nothing is known to break with the versions that are installed\n'
    lines = []
    for each in found:
        lines.append(f'{"error" if each.certain else "warning"}[{each.name}]: {each.message}')
        lines.append(f'  {each.fix}')
    return '\n'.join(lines) + '\n'


def as_json(
    configs: Mapping[str, Sequence[Compatibility] | str],
    environment: Sequence[Incompatibility] | None,
    sources: Sources,
) -> str:
    """Return all of it as JSON; a config that cannot be read has its `error`."""
    data: dict[str, Any] = {'configs': [_config(path, found, sources) for path, found in configs.items()]}
    if environment is not None:
        data['environment'] = [each._asdict() for each in environment]
    return json.dumps(data, indent=2, ensure_ascii=False) + '\n'


def _config(path: str, found: Sequence[Compatibility] | str, sources: Sources) -> dict[str, Any]:
    if isinstance(found, str):
        return {'filename': path, 'error': found, 'libraries': []}
    return {'filename': path, 'error': None, 'libraries': [_library(each, sources) for each in found]}


def _library(found: Compatibility, sources: Sources) -> dict[str, Any]:
    releases = [
        {
            'release': tried.release,
            'works': tried.works,
            'reasons': [_reason(reason, sources) for reason in tried.reasons],
        }
        for tried in found.tried
    ]
    return {
        'library': found.library,
        'era': f'{found.era}.x',
        'first': found.first,
        'last': found.last,
        'releases': releases,
    }


def _reason(reason: Reason, sources: Sources) -> dict[str, Any]:
    start = None if reason.span is None else sources.start(reason.span)
    return {
        'message': reason.message,
        'key': reason.key,
        'filename': None if reason.span is None else reason.span.path,
        'location': None if start is None else {'row': start.row, 'column': start.column},
    }
