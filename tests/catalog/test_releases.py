"""Windows of versions that libraries assert, such as `mmcv>=2.0.0rc4,<2.2.0`."""

from __future__ import annotations

import pytest

from cfglint.catalog.releases import accepts


@pytest.mark.parametrize(
    ('version', 'inclusive', 'accepted'),
    [
        ('2.0.0', False, True),
        ('2.0.0rc4', False, True),
        ('2.0.0rc3', False, False),
        ('2.1.0', False, True),
        ('2.2.0', False, False),
        ('2.2.0', True, True),
        ('2.3.0', True, False),
    ],
)
def test_a_window_has_its_ends(version: str, inclusive: bool, accepted: bool) -> None:
    assert accepts(version, '2.0.0rc4', '2.2.0', inclusive) is accepted
