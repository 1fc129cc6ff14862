"""Which release is checked against, and what is known to break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.catalog import libraries
from cfglint.catalog.asked import Origin, TargetError
from cfglint.catalog.incompatibilities import incompatibilities
from cfglint.catalog.targets import Targets, is_fork_installed
from cfglint.catalog.versions import is_prerelease, matches, version_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def nothing(distribution: str) -> None:
    """Nothing is installed."""


def test_versions_sort_as_pip_sorts_them() -> None:
    ordered = ['2.0.0.dev1', '2.0.0a1', '2.0.0b0', '2.0.0rc1', '2.0.0rc4', '2.0.0', '2.0.0.post1', '2.0.1', '2.10']
    assert sorted(ordered, key=version_key) == ordered
    assert version_key('2.13.0+cpu') == version_key('2.13')
    assert version_key('no version') < version_key('0.0.1')


def test_prereleases() -> None:
    assert [is_prerelease(version) for version in ('1.0.0rc1', '1.0.0', '1.0.0.dev3', '1.0.post1')] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ('specifier', 'expected'),
    [
        ('', True),
        ('==3.3.0', True),
        ('==3.3', True),
        ('>=3.0,<3.3', False),
        ('~=3.2', True),
        ('~=3.2.0', False),
        ('==3.*', True),
        ('!=3.*', False),
        ('==3.30.*', False),
        ('!=3.3.0', False),
        ('>3.2', True),
        ('@ file:x', True),
    ],
)
def test_specifiers(specifier: str, expected: bool) -> None:
    assert matches('3.3.0', specifier) is expected


def test_an_option_wins_over_everything(write: Callable[[dict[str, str]], Path]) -> None:
    root = write({'requirements.txt': 'mmdet==3.1.0'})
    targets = Targets(['mmdet==3.3.0'], {'mmdet': '3.2.0'}, [root], {'mmdet': '3.0.0'}.get)
    found = targets.known('mmdet')
    assert found is not None
    assert (found.release, found.origin, found.why) == ('3.3.0', Origin.OPTION, 'asked for mmdet==3.3.0')


def test_settings_then_installed_then_requirements_then_newest(write: Callable[[dict[str, str]], Path]) -> None:
    root = write({'requirements.txt': 'mmpose>=1.0,<1.2\nmmengine>=0.8'})
    targets = Targets([], {'mmseg': '1.1.0'}, [root], {'mmengine': '0.10.4', 'mmcv': '2.0.1'}.get)
    installation = targets.installation(['mmseg', 'mmpose', 'mmdet'])
    found = {
        name: targets.chosen(name, installation) for name in ('mmsegmentation', 'mmengine', 'mmcv', 'mmpose', 'mmdet')
    }
    assert {name: (item.release, item.origin) for name, item in found.items() if item} == {
        'mmsegmentation': ('1.1.0', Origin.SETTINGS),
        'mmengine': ('0.10.4', Origin.INSTALLED),
        'mmcv': ('2.0.1', Origin.INSTALLED),
        'mmpose': ('1.1.0', Origin.REQUIREMENTS),
        'mmdet': ('3.3.0', Origin.NEWEST),
    }
    assert found['mmpose'] is not None
    assert found['mmpose'].why == 'requirements.txt:1 requires mmpose>=1.0,<1.2'


def test_the_newest_that_a_target_accepts() -> None:
    targets = Targets(['mmdet==3.3.0'], installed=nothing)
    found = targets.chosen('mmcv', targets.installation(['mmdet']))
    assert found is not None
    assert (found.release, found.why) == ('2.1.0', 'the newest that mmdet 3.3.0 accepts')


def required(write: Callable[[dict[str, str]], Path], text: str, library: str, scope: str = 'mmdet') -> tuple[str, str]:
    """Return the release of a library in a repository with these requirements, and the reason."""
    targets = Targets([], {}, [write({'requirements.txt': text})], nothing)
    found = targets.chosen(library, targets.installation([scope], era=targets.era()))
    assert found is not None
    return found.release, found.why


@pytest.mark.parametrize(
    ('text', 'library', 'release', 'why'),
    [
        ('mmdet>=3.0,<3.2', 'mmdet', '3.1.0', 'requirements.txt:1 requires mmdet>=3.0,<3.2'),
        (
            'mmcv>=2.0.0',
            'mmcv',
            '2.1.0',
            'requirements.txt:1 requires mmcv>=2.0.0; the newest that mmdet 3.3.0 accepts',
        ),
        ('mmcv==2.2.0\nmmdet==3.3.0', 'mmcv', '2.2.0', 'requirements.txt:1 requires mmcv==2.2.0'),
        ('mmdet>=3.0\nmmdet==3.1.0', 'mmdet', '3.1.0', 'requirements.txt:2 requires mmdet==3.1.0'),
        ('mmdet==3.0.0\nmmdet==3.1.0', 'mmdet', '3.0.0', 'requirements.txt:1 requires mmdet==3.0.0'),
        ('mmdet>=2.11\nmmcv-full', 'mmdet', '2.28.2', 'requirements.txt:1 requires mmdet>=2.11'),
        (
            'mmcv-full==1.7.0',
            'mmcv',
            '1.7.2',
            'requirements.txt:1 requires mmcv-full==1.7.0; 1.7.2 is the nearest release in the catalog',
        ),
        ('mmdet==2.25.1', 'mmcv', '1.6.2', 'the newest that mmdet 2.25.3 accepts'),
        ('mmcv-full==1.2.7', 'mmdet', '2.11.0', 'the newest that accepts mmcv 1.2.7'),
        ('mmdet==1.x', 'mmdet', '3.3.0', 'the newest release'),
    ],
)
def test_what_requirements_choose(
    write: Callable[[dict[str, str]], Path], text: str, library: str, release: str, why: str
) -> None:
    assert required(write, text, library) == (release, why)


def test_what_is_installed_for_another_era_is_not_for_this_repository(
    write: Callable[[dict[str, str]], Path],
) -> None:
    targets = Targets([], {}, [write({'requirements.txt': 'mmdet<3'})], {'mmdet': '3.3.0'}.get)
    found = targets.known('mmdet')
    assert found is not None and (found.release, targets.era()) == ('2.28.2', 0)


@pytest.mark.parametrize(
    ('options', 'words'),
    [
        (
            ['mmcv==2.2.0', 'mmdet==3.3.0'],
            'mmdet 3.3.0 and mmcv 2.2.0 cannot be installed together: mmdet asserts mmcv>=2.0.0rc4,<2.2.0',
        ),
        (['mmdet==2.28.2', 'mmpretrain==1.2.0'], 'mmdet 2.28.2 and mmpretrain 1.2.0 cannot be installed together'),
    ],
)
def test_targets_that_cannot_live_together(options: list[str], words: str) -> None:
    with pytest.raises(TargetError, match=words):
        Targets(options)


def test_all_newest_releases_can_live_together() -> None:
    for library in libraries.libraries():
        if libraries.newest(library) is not None and library not in ('torch', 'torchvision'):
            installation = Targets(installed=nothing).installation([library], era=1)
            chosen = {name: release.version for name in installation.used if (release := installation.release(name))}
            Targets([f'{name}=={version}' for name, version in chosen.items()])


def test_what_is_installed_but_not_known_is_the_nearest() -> None:
    found = Targets(installed={'mmdet': '3.3.1'}.get).known('mmdet')
    assert found is not None
    assert (found.release, found.why) == ('3.3.0', '3.3.1 is installed; 3.3.0 is the nearest release in the catalog')


@pytest.mark.parametrize(
    ('installed', 'expected'),
    [({}, True), ({'mmdet': '3.3.0'}, False), ({'mmdet': '3.3.1'}, False), ({'mmdet': '3.4.0'}, True)],
)
def test_an_installed_fork_is_known_by_its_metadata(installed: dict[str, str], expected: bool) -> None:
    folder = {'mmdet': '/site-packages/mmdet'}
    assert is_fork_installed('mmdet', installed.get, folder.get) is expected
    assert not is_fork_installed('mmpose', installed.get, folder.get)
    assert ('mmdet' in Targets(is_fork=lambda library: expected).forks) is expected
    assert 'mmdet' not in Targets(['mmdet==3.3.0'], is_fork=lambda library: expected).forks


@pytest.mark.parametrize(
    'option', ['mmdet', 'nothing==1.0', 'nothing>1', 'mmdet==9.9', 'mmdet>=9', 'mmdet>=x', 'mmdet=>3']
)
def test_targets_that_make_no_sense(option: str) -> None:
    with pytest.raises(TargetError):
        Targets([option])


def test_of_a_range_the_newest_release_that_fits_counts() -> None:
    targets = Targets(['mmdet>=3.1,<3.4', 'mmcv>=2'], {'mmpose': '==1.2.*', 'mmdet': '2.28.2'}, installed=nothing)
    found = {name: target for name in ('mmdet', 'mmcv', 'mmpose') if (target := targets.known(name)) is not None}
    assert {name: target.release for name, target in found.items()} == {
        'mmdet': '3.3.0',
        'mmcv': '2.1.0',  # mmdet 3.3.0 refuses 2.2.0
        'mmpose': '1.2.0',
    }
    assert found['mmdet'].why == 'asked for mmdet>=3.1,<3.4; the newest that fits of 3 releases'
    assert targets.ranges['mmdet'] == ('3.1.0', '3.2.0', '3.3.0') and targets.ranges['mmpose'] == ('1.2.0',)
    with pytest.raises(TargetError, match='cannot be installed together'):
        Targets(['mmdet>=3.3', 'mmcv>=2.2'], installed=nothing)


def names(installed: dict[str, str], python: tuple[int, int] = (3, 10)) -> list[str]:
    base = {'packaging': '24', 'setuptools': '70', 'mmengine': '0.10.7'}
    return [item.name for item in incompatibilities({**base, **installed}.get, python)]


@pytest.mark.parametrize(
    ('installed', 'python', 'expected'),
    [
        ({}, (3, 10), []),
        ({'torch': '2.5.1'}, (3, 10), []),
        ({'torch': '2.6.0+cu124'}, (3, 10), ['torch-loads-weights-only']),
        ({'torch': '2.6.0', 'mmengine': '0.11.0rc2'}, (3, 12), []),
        ({'setuptools': '81.0.0'}, (3, 10), []),
        ({'setuptools': '82.0.0'}, (3, 10), ['no-pkg-resources']),
        ({}, (3, 11), ['stdlib-import-makes-lazy']),
        ({'mmcv': '2.1.0'}, (3, 14), ['no-find-loader', 'stdlib-import-makes-lazy']),
        ({'mmengine': '0.8.4', 'yapf': '0.40.2'}, (3, 10), ['yapf-verify']),
        ({'mmengine': '0.8.5', 'yapf': '0.40.2'}, (3, 10), []),
        ({'mmengine': '0.10.5', 'torch': '2.5.0', 'transformers': '4.40'}, (3, 10), ['adafactor-twice']),
        ({'torch': '2.5.0', 'transformers': '4.40'}, (3, 10), ['adafactor-is-transformers']),
        ({'mmdet': '3.3.0', 'mmcv': '2.1.0'}, (3, 10), []),
        ({'mmdet': '3.3.0', 'mmcv': '2.2.0'}, (3, 10), ['mmdet-asserts-mmcv']),
        ({'mmdet': '3.2.0', 'mmcv': '2.2.0'}, (3, 10), ['mmdet-asserts-mmcv']),
        ({'=mmcv': '2.1.0', '=mmcv-lite': '2.1.0', 'mmcv': '2.1.0'}, (3, 10), ['several-mmcvs']),
        ({'=mmcv-lite': '2.1.0', 'mmcv': '2.1.0', 'mmdet': '3.3.0'}, (3, 10), ['no-mmcv-operators']),
    ],
)
def test_environments(installed: dict[str, str], python: tuple[int, int], expected: list[str]) -> None:
    assert names(installed, python) == expected


def test_without_setuptools_and_packaging() -> None:
    found = incompatibilities({'mmengine': '0.10.7'}.get, (3, 12))
    assert [item.name for item in found if item.certain] == ['no-distutils', 'no-packaging']


def test_an_empty_environment_has_nothing_to_break() -> None:
    assert incompatibilities(nothing, (3, 14)) == []
