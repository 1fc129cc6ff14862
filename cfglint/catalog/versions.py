"""Compare release numbers, without importing a package for it."""

from __future__ import annotations

import re
from functools import lru_cache

_VERSION = re.compile(
    r'v?(?P<release>\d+(?:\.\d+)*)(?:[._-]?(?P<stage>a|alpha|b|beta|c|rc|pre|preview)[._-]?(?P<stage_number>\d*))?'
    r'(?P<post>[._-]?(?:post|rev|r)[._-]?\d*|-\d+)?(?P<dev>[._-]?dev[._-]?\d*)?(?:\+.*)?',
    re.IGNORECASE,
)
_STAGES = {'a': 0, 'alpha': 0, 'b': 1, 'beta': 1, 'c': 2, 'rc': 2, 'pre': 2, 'preview': 2}

VersionKey = tuple[tuple[int, ...], int, int, int]


@lru_cache(maxsize=4096)
def version_key(version: str) -> VersionKey:
    """A key that sorts like PEP 440 (local parts ignored); text that is no version sorts first."""
    found = _VERSION.fullmatch(version.strip())
    if found is None:
        return (), 0, 0, 0
    release = tuple(int(part) for part in found['release'].split('.'))
    while release and release[-1] == 0:
        release = release[:-1]
    # A development release of a final version comes before its pre-releases.
    stage = _STAGES[found['stage'].lower()] if found['stage'] else -1 if found['dev'] and not found['post'] else 3
    return release, stage, int(found['stage_number'] or 0), 1 if found['post'] else 0


def is_prerelease(version: str) -> bool:
    """Whether pip would pass it over unless asked."""
    found = _VERSION.fullmatch(version.strip())
    return found is not None and bool(found['stage'] or found['dev'])


def matches(version: str, specifier: str) -> bool:
    """Whether a version satisfies `>=2.0.0rc4,<2.2.0`; a part that cannot be read is satisfied by everything."""
    return all(_matches_one(version, part.strip()) for part in specifier.split(',') if part.strip())


def _matches_one(version: str, part: str) -> bool:
    found = re.fullmatch(r'(===|==|~=|!=|<=|>=|<|>)\s*([\w.+*!-]+)', part)
    if found is None:
        return True
    operator, wanted = found.groups()
    if wanted.endswith('.*'):
        prefix = version_key(wanted[:-2])[0]
        same = _padded(version, len(prefix)) == _padded(wanted[:-2], len(prefix))
        return same if operator == '==' else not same
    key, bound = version_key(version), version_key(wanted)
    if operator == '~=':
        parts = wanted.split('.')
        return key >= bound and _padded(version, len(parts) - 1) == _padded(wanted, len(parts) - 1)
    return {
        '==': key == bound,
        '===': key == bound,
        '!=': key != bound,
        '<=': key <= bound,
        '>=': key >= bound,
        '<': key < bound,
        '>': key > bound,
    }[operator]


def _padded(version: str, length: int) -> tuple[int, ...]:
    release = version_key(version)[0]
    return (release + (0,) * length)[:length]
