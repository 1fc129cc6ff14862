"""One requirement as pip, Poetry or conda writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_LENGTH: Final = 500
_RELEVANT: Final = re.compile(r'\b(?:mm|open-mmlab|torch)', re.IGNORECASE)
_OPTIONS: Final = re.compile(r'\s--?[A-Za-z].*$')
_COMMENT: Final = re.compile(r'(?:^|\s)#.*$')
_TAG: Final = re.compile(r'v?(?P<version>\d+(?:\.\d+)+(?:(?:a|b|rc)\d+)?)')
_BRANCH: Final = re.compile(r'(?:dev-)?(?P<major>\d+)\.x')
_REPOSITORY: Final = re.compile(
    r'[/:](?P<owner>[\w.-]+)/(?P<name>mm[a-z0-9]+)(?:\.git)?(?:@(?P<ref>[^#\s;&]+))?(?=$|[#\s;&])', re.IGNORECASE
)
_WHEEL: Final = re.compile(r'/(?P<name>mm\w+)-(?P<version>\d[^-/+]*)[^-/]*-[^/]*\.whl', re.IGNORECASE)
_LOOSE: Final = re.compile(r'(?P<name>[A-Za-z0-9][\w.-]*?)\s*(?:\[[^\]]{0,200}\])?\s*(?P<specifier>[=<>!~^(].*)?')

REPOSITORIES: Final = {
    'mmdetection': 'mmdet',
    'mmclassification': 'mmcls',
    'mmdetection3d': 'mmdet3d',
    'mmediting': 'mmedit',
    'mmgeneration': 'mmgen',
    'mmtracking': 'mmtrack',
}
"""Repositories on GitHub whose distribution has another name."""


def is_relevant(text: str) -> bool:
    """Tell whether a text may name one of the libraries: most lines of most files do not."""
    return _RELEVANT.search(text) is not None


def parse(text: str) -> tuple[str, str] | None:
    """Return name and specifier of a requirement (``mmdet[extra] >= 3.0, < 4 ; python_version > "3.8"``).

    Comments, markers, hashes and options (``-f URL``, ``--no-deps``) are left out. A URL counts where it tells the
    version: a tag of a repository of OpenMMLab (``mmdet @ git+https://…/mmdetection.git@v3.1.0``), or a wheel's name; one of
    a fork is named with its owner (``someone/mmdetection``).
    None for anything else: options, paths, other URLs.
    """
    words = ' '.join(text.split())
    text = _OPTIONS.sub('', ' ' + _COMMENT.sub('', words)).rstrip('\\').strip()
    if not text or text[0] in '-./' or len(text) > _MAX_LENGTH:
        return None
    if '://' in text or ' @ ' in text or 'git@' in text:
        return _of_url(text)
    return _of_specifier(text.partition(';')[0].strip())


def _of_url(text: str) -> tuple[str, str] | None:
    repository = _REPOSITORY.search(text)
    if repository is not None:
        name, specifier = repository['name'].lower(), _of_reference(repository['ref'] or '')
        if repository['owner'].lower() == 'open-mmlab':
            return REPOSITORIES.get(name, name), specifier
        return f'{repository["owner"]}/{name}', specifier
    wheel = _WHEEL.search(text)
    return None if wheel is None else (wheel['name'].replace('_', '-'), f'=={wheel["version"]}')


def _of_reference(reference: str) -> str:
    """Return the versions of a tag or a branch (``v3.1.0``, ``dev-3.x``)."""
    tag, branch = _TAG.fullmatch(reference), _BRANCH.fullmatch(reference)
    if tag is not None:
        return f'=={tag["version"]}'
    return '' if branch is None else f'=={branch["major"]}.*'


def _of_specifier(text: str) -> tuple[str, str] | None:
    found = _LOOSE.fullmatch(text)
    if found is None:
        return None
    return found['name'], specifier_of(found['specifier'] or '')


def specifier_of(text: str) -> str:
    """Return a specifier in the words of PEP 440: conda's ``=1.7.0``, Poetry's ``^3.0`` and ``~3.1``, ``3.0.*``."""
    parts = (part.strip() for part in text.strip().strip('()').replace('||', '|').split('|')[0].split(','))
    return ','.join(each for part in parts if part for each in _normal(''.join(part.split())))


def _normal(part: str) -> list[str]:
    if part in ('*', 'latest'):
        return []
    if part[:1] == '^':
        return _caret(part[1:])
    if part[:1] == '~' and part[:2] != '~=':
        return [f'>={part[1:]}', f'=={".".join(part[1:].split(".")[:2])}.*']
    if part[:1] == '=' and part[:2] != '==':
        version = part[1:].partition('=')[0]  # conda: a build may follow
        return [f'=={version}' if version.endswith('*') else f'=={version}.*']
    if part[:1].isdigit():
        return [f'=={part}']
    return [part]


def _caret(version: str) -> list[str]:
    numbers = [int(number) for number in re.findall(r'\d{1,9}', version.partition('-')[0])[:3]]
    significant = next((at for at, number in enumerate(numbers) if number), len(numbers) - 1)
    if not numbers:
        return []
    top = [*numbers[:significant], numbers[significant] + 1]
    return [f'>={version}', f'<{".".join(map(str, top))}']


def of_table(dependencies: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return names and specifiers of a table (Poetry, pixi): ``mmdet = "^3.0"``, ``mmcv = {version = "2.0.1"}``."""
    found = []
    for name, said in dependencies.items():
        if isinstance(said, dict):
            address = said.get('git') or said.get('url')
            if isinstance(address, str):
                parsed = parse(f'{address}@{said.get("tag") or said.get("branch") or ""}'.rstrip('@'))
                found += [] if parsed is None else [(parsed[0] if '/' in parsed[0] else name, parsed[1])]
                continue
            said = said.get('version')
        if isinstance(said, str):
            found.append((name, specifier_of(said)))
    return found
