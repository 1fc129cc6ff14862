"""Which releases the catalogs hold, oldest first: all of 1.x, and of 0.x the last patch of minor versions in use."""

from __future__ import annotations

from typing import Final, NamedTuple


class Library(NamedTuple):
    """A distribution on PyPI and what is read of it.

    `only` limits reading to some modules (prefixes); `wheels` says platform and Python of the wheel to take, a version
    each, where there is no pure one.
    """

    distribution: str
    package: str
    versions: tuple[str, ...]
    only: tuple[str, ...] = ()
    wheels: tuple[tuple[str, str], ...] = ()


def _versions(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# torch's wheels for Linux carry CUDA libraries; the ones for macOS are small and hold the same Python files.
_MACOS: Final = (
    ('macosx_10_9_x86_64', '3.9'),
    ('macosx_11_0_arm64', '3.10'),
    ('macosx_11_0_arm64', '3.10'),
    ('macosx_11_0_arm64', '3.11'),
    ('macosx_14_0_arm64', '3.11'),
)

LIBRARIES: Final = (
    Library(
        'mmengine',
        'mmengine',
        _versions(
            '0.7.0 0.7.1 0.7.2 0.7.3 0.7.4 0.8.0 0.8.1 0.8.2 0.8.3 0.8.4 0.8.5 0.9.0 0.9.1 '
            '0.10.0 0.10.1 0.10.2 0.10.3 0.10.4 0.10.5 0.10.6 0.10.7 0.11.0rc0 0.11.0rc2 0.11.0rc3'
        ),
    ),
    Library(
        'mmcv',
        'mmcv',
        _versions('1.2.7 1.3.18 1.4.8 1.5.3 1.6.2 1.7.2 2.0.0rc1 2.0.0rc2 2.0.0rc3 2.0.0rc4 2.0.0 2.0.1 2.1.0 2.2.0'),
    ),
    Library(
        'mmdet',
        'mmdet',
        _versions(
            '2.3.0 2.5.0 2.7.0 2.8.0 2.9.0 2.10.0 2.11.0 2.12.0 2.13.0 2.14.0 2.15.1 2.16.0 2.17.0 2.18.1 2.19.1 2.20.0 2.21.0 2.22.0 2.23.0 2.24.1 2.25.3 2.26.0 2.27.0 2.28.2 3.0.0rc0 3.0.0rc1 3.0.0rc2 3.0.0rc3 3.0.0rc4 3.0.0rc5 3.0.0rc6 3.0.0 3.1.0 3.2.0 3.3.0'
        ),
    ),
    Library(
        'mmsegmentation',
        'mmseg',
        _versions(
            '0.8.0 0.11.0 0.14.1 0.16.0 0.17.0 0.18.0 0.19.0 0.20.2 0.21.1 0.22.1 0.23.0 0.24.1 0.25.0 0.26.0 0.27.0 0.28.0 0.29.1 0.30.0 1.0.0rc0 1.0.0rc1 1.0.0rc2 1.0.0rc3 1.0.0rc4 1.0.0rc5 1.0.0rc6 1.0.0 1.1.0 1.1.1 1.1.2 '
            '1.2.0 1.2.1 1.2.2'
        ),
    ),
    Library(
        'mmcls', 'mmcls', _versions('0.12.0 0.15.0 0.17.0 0.19.0 0.20.1 0.21.0 0.22.1 0.23.2 0.24.1 0.25.0 1.0.0rc6')
    ),
    Library('mmpretrain', 'mmpretrain', _versions('1.0.0rc5 1.0.0rc7 1.0.0rc8 1.0.0 1.0.1 1.0.2 1.1.0 1.1.1 1.2.0')),
    Library(
        'mmpose',
        'mmpose',
        _versions(
            '0.13.0 0.18.0 0.20.0 0.22.0 0.24.0 0.25.1 0.26.0 0.27.0 0.28.1 0.29.0 1.0.0b0 1.0.0rc0 1.0.0rc1 1.0.0 1.1.0 1.2.0 1.3.0 1.3.1 1.3.2'
        ),
    ),
    Library(
        'mmaction2',
        'mmaction',
        _versions(
            '0.12.0 0.15.0 0.18.0 0.20.0 0.21.0 0.22.0 0.23.0 0.24.1 1.0.0rc0 1.0.0rc1 1.0.0rc2 1.0.0rc3 1.0.0 1.1.0 1.2.0'
        ),
    ),
    Library(
        'mmocr',
        'mmocr',
        _versions(
            '0.2.1 0.3.0 0.4.1 0.5.0 0.6.0 0.6.3 1.0.0rc0 1.0.0rc1 1.0.0rc2 1.0.0rc3 1.0.0rc4 1.0.0rc5 1.0.0rc6 1.0.0 1.0.1'
        ),
    ),
    Library('mmedit', 'mmedit', _versions('0.9.0 0.12.0 0.14.0 0.15.2 0.16.1 1.0.0rc7')),
    Library('mmgen', 'mmgen', _versions('0.4.0 0.6.0 0.7.3 1.0.0rc0')),
    Library('mmagic', 'mmagic', _versions('1.0.0 1.0.1 1.0.2 1.1.0 1.2.0')),
    Library(
        'mmdet3d',
        'mmdet3d',
        _versions(
            '0.11.0 0.13.0 0.14.0 0.15.0 0.16.0 0.17.3 0.18.1 1.0.0rc1 1.0.0rc3 1.0.0rc4 1.0.0rc6 1.1.0rc0 1.1.0rc1 1.1.0rc2 1.1.0rc3 1.1.0 1.1.1 1.2.0 1.3.0 1.4.0'
        ),
    ),
    Library('mmyolo', 'mmyolo', _versions('0.1.0 0.1.1 0.1.2 0.1.3 0.2.0 0.3.0 0.4.0 0.5.0 0.6.0')),
    Library('mmrotate', 'mmrotate', _versions('0.1.1 0.2.0 0.3.0 0.3.2 0.3.4 1.0.0rc0 1.0.0rc1')),
    Library('mmselfsup', 'mmselfsup', _versions('0.7.1 0.9.2 0.10.1 0.11.0 1.0.0')),
    Library('mmrazor', 'mmrazor', _versions('0.2.0 0.3.1 1.0.0')),
    Library('mmtrack', 'mmtrack', _versions('0.8.0 0.11.0 0.12.0 0.13.0 0.14.0 1.0.0rc1')),
    Library('mmflow', 'mmflow', _versions('0.3.0 0.4.2 0.5.2 1.0.0rc0')),
    Library(
        'torch',
        'torch',
        _versions('1.8.1 1.13.1 2.0.1 2.6.0 2.13.0'),
        only=('torch.optim', 'torch.nn', 'torch.utils.data', 'torch.distributed.fsdp', 'torch.distributed.optim'),
        wheels=_MACOS,
    ),
    Library(
        'torchvision',
        'torchvision',
        _versions('0.9.1 0.14.1 0.15.2 0.21.0 0.28.0'),
        only=('torchvision.transforms', 'torchvision.datasets', 'torchvision.models', 'torchvision.ops'),
        wheels=_MACOS,
    ),
)
