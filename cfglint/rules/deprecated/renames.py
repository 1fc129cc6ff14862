"""Libraries that others took over, and modules that moved."""

from __future__ import annotations

SCOPES = {
    'mmcls': 'mmpretrain',
    'mmselfsup': 'mmpretrain',
    'mmgen': 'mmagic',
    'mmedit': 'mmagic',
    'mmtrack': 'mmdet',
}
"""Libraries that others took over."""

LAST_BEFORE = {
    'mmcls': {
        'mmdet': '3.0.0',
        'mmsegmentation': '1.0.0',
        'mmpose': '1.0.0',
        'mmaction2': '1.0.0',
        'mmyolo': '0.6.0',
        'mmrotate': '1.0.0rc1',
        'mmrazor': '1.0.0',
        'mmselfsup': '1.0.0',
    }
}
"""The last releases of other libraries whose configs import the old one, not the one that took it over."""

MODULES = {
    **SCOPES,
    'mmcv.runner': 'mmengine',
    'mmcv.utils': 'mmengine',
    'mmcv.fileio': 'mmengine.fileio',
    'mmcv.parallel': 'mmengine.model',
}
"""Modules that configs import, and where what they held is now."""
