"""Known incompatibilities among installed versions (contract, section 11). Only version numbers are looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Final, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.releases import accepts
from cfglint.catalog.store import Catalog
from cfglint.catalog.targets import VARIANTS, installed_version
from cfglint.catalog.versions import version_key

Versions = Callable[[str], 'str | None']
"""The installed version of a distribution, None when it is not installed."""


class Incompatibility(NamedTuple):
    """Something that will break."""

    name: str
    """A short identifier."""
    message: str
    fix: str
    certain: bool
    """False when it breaks only what some configs use."""


def incompatibilities(
    installed: Versions = installed_version,
    python: tuple[int, int] = sys.version_info[:2],
) -> list[Incompatibility]:
    """What is known to break with the versions that are installed."""
    found = [item for check in _CHECKS for item in check(installed, python)]
    return sorted([*found, *_windows(installed)], key=lambda item: (not item.certain, item.name))


def refusals(names: Iterable[str], installed: Versions = installed_version) -> list[Incompatibility]:
    """Return why some libraries that are installed cannot be imported together with what else is installed."""
    present = frozenset(names)
    found = [*_windows(installed, present)]
    if 'mmcv' in present:
        found += _two_mmcvs(installed, sys.version_info[:2])
    if 'mmdet' in present:
        found += _no_operators(installed, sys.version_info[:2])
    return found


def _below(version: str | None, bound: str) -> bool:
    return version is not None and version_key(version) < version_key(bound)


def _from(version: str | None, bound: str) -> bool:
    return version is not None and version_key(version) >= version_key(bound)


def _windows(installed: Versions, names: Container[str] | None = None) -> Iterator[Incompatibility]:
    """The versions that libraries (those of some names, if they are given) assert when they are imported."""
    for library in libraries.libraries():
        version = installed(library) if names is None or library in names else None
        if version is None:
            continue
        catalog = Catalog.load(library)
        index = catalog.index(version)
        for other, window in catalog.windows(index).items() if index is not None else ():
            present = installed(other)
            if present is None or accepts(present, *window):
                continue
            wanted = window.specifier
            yield Incompatibility(
                f'{library}-asserts-{other}',
                f'{library} {version} refuses to be imported with {other} {present}: it asserts {other}{wanted}',
                f"pip install '{other}{wanted}'",
                True,
            )


def _weights_only(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    mmengine, torch = installed('mmengine'), installed('torch')
    if _below(mmengine, '0.11.0rc2') and _from(torch, '2.6'):
        yield Incompatibility(
            'torch-loads-weights-only',
            f'torch {torch} loads only weights by default, mmengine {mmengine} does not ask for more: `resume`, '
            '`load_from` and `init_cfg` fail on a checkpoint that mmengine wrote (`UnpicklingError: Weights only load '
            'failed`)',
            'set TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD=1 where the checkpoint is trusted, or use torch<2.6',
            False,
        )


def _pkg_resources(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    mmengine, setuptools = installed('mmengine'), installed('setuptools')
    if _below(mmengine, '0.11.0rc2') and (setuptools is None or _from(setuptools, '82')):
        state = 'setuptools is not installed' if setuptools is None else f'setuptools {setuptools} has no pkg_resources'
        yield Incompatibility(
            'no-pkg-resources',
            f'{state}, and mmengine {mmengine} needs it for `pkg::…` in `_base_` and `get_config` '
            '(`ModuleNotFoundError: pkg_resources`)',
            "pip install 'setuptools<82'",
            False,
        )


def _distutils(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    if installed('mmengine') is not None and python >= (3, 12) and installed('setuptools') is None:
        yield Incompatibility(
            'no-distutils',
            f'Python {python[0]}.{python[1]} has no distutils and setuptools is not installed: every '
            'Runner fails while it collects the environment',
            'pip install setuptools',
            True,
        )


def _packaging(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    if installed('mmengine') is not None and installed('packaging') is None:
        yield Incompatibility(
            'no-packaging',
            'mmengine imports packaging without requiring it: `import mmengine` fails',
            'pip install packaging',
            True,
        )


def _find_loader(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    if installed('mmengine') is not None and installed('mmcv') is not None and python >= (3, 14):
        yield Incompatibility(
            'no-find-loader',
            f'Python {python[0]}.{python[1]} has no pkgutil.find_loader, which mmengine calls when '
            'mmcv is installed: every Runner that is not distributed fails',
            'use Python 3.13 or older',
            True,
        )


def _frozen_modules(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    mmengine = installed('mmengine')
    if _from(mmengine, '0.8.0') and _below(mmengine, '0.11.0rc2') and python >= (3, 11):
        yield Incompatibility(
            'stdlib-import-makes-lazy',
            f'with Python {python[0]}.{python[1]}, mmengine {mmengine} takes a config that '
            'imports os (or, in a virtual environment, any standard library module) before `_base_` for a lazy one',
            'write `_base_` before the imports',
            False,
        )


def _adafactor(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    mmengine, torch, transformers = installed('mmengine'), installed('torch'), installed('transformers')
    if transformers is None or not _from(torch, '2.5') or mmengine is None:
        return
    if _from(mmengine, '0.9.0') and _below(mmengine, '0.10.6'):
        yield Incompatibility(
            'adafactor-twice',
            f'torch {torch} and transformers {transformers} both have Adafactor: `import '
            f'mmengine.runner` fails with mmengine {mmengine} (`KeyError: Adafactor is already registered`)',
            "pip install 'mmengine>=0.10.6'",
            True,
        )
    elif _from(mmengine, '0.10.6'):
        yield Incompatibility(
            'adafactor-is-transformers',
            "`type='Adafactor'` is the class of transformers; torch's is `TorchAdafactor`",
            "write `TorchAdafactor` where torch's is meant",
            False,
        )


def _yapf(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    mmengine, yapf = installed('mmengine'), installed('yapf')
    if _below(mmengine, '0.8.5') and _from(yapf, '0.40.2'):
        yield Incompatibility(
            'yapf-verify',
            f'yapf {yapf} has no `verify` argument, which mmengine {mmengine} passes: every Runner '
            'fails while it prints the config',
            "pip install 'yapf<0.40.2'",
            True,
        )


def _torchvision(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    mmengine = installed('mmengine')
    if mmengine is not None and not _from(mmengine, '0.4.1') and installed('torchvision') is None:
        yield Incompatibility(
            'no-torchvision', f'mmengine {mmengine} imports torchvision', 'pip install torchvision', True
        )


def _two_mmcvs(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    """mmcv and its variants install the same package over each other."""
    present = [(name, version) for name in VARIANTS['mmcv'] if (version := installed(f'={name}')) is not None]
    if len(present) > 1:
        names = ' and '.join(f'{name} {version}' for name, version in present)
        yield Incompatibility('several-mmcvs', f'{names} are installed over each other', 'uninstall all but one', True)


def _no_operators(installed: Versions, python: tuple[int, int]) -> Iterator[Incompatibility]:
    lite = installed('=mmcv-lite')
    if lite is not None and installed('=mmcv') is None and installed('mmdet') is not None:
        yield Incompatibility(
            'no-mmcv-operators',
            f'mmcv-lite {lite} has no compiled operators, which mmdet imports (`ModuleNotFoundError: mmcv._ext`)',
            f"pip uninstall mmcv-lite; pip install 'mmcv=={lite}'",
            True,
        )


_CHECKS: Final = (
    _weights_only,
    _pkg_resources,
    _distutils,
    _packaging,
    _find_loader,
    _frozen_modules,
    _adafactor,
    _yapf,
    _torchvision,
    _two_mmcvs,
    _no_operators,
)
