"""What a report names: the releases of what is imported."""

from __future__ import annotations

import sys

LIBRARIES = (
    'mmengine', 'numpy', 'mmcv', 'mmpretrain', 'mmcls', 'mmseg', 'mmdet', 'mmdet3d', 'mmrotate', 'mmyolo', 'mmtrack',
    'mmpose', 'mmaction', 'mmagic', 'mmedit', 'mmgen', 'mmocr', 'mmrazor', 'mmselfsup', 'mmflow',
)  # fmt: skip


def versions() -> dict[str, str | None]:
    """By name; None for CUDA and ROCm where torch was built without. Does not start CUDA."""
    import torch

    found: dict[str, str | None] = {'python': sys.version.split()[0], 'torch': str(torch.__version__)}
    found.update(cuda=torch.version.cuda, hip=torch.version.hip)
    for name in LIBRARIES:
        version = getattr(sys.modules.get(name), '__version__', None)
        if version is not None:
            found[name] = str(version)
    return found
