"""Where the documentation is."""

from __future__ import annotations

HOME = 'https://mmcfglint.readthedocs.io/en/latest'


def page(rule: str) -> str:
    """Return the address of a rule's page."""
    return f'{HOME}/rules/{rule}/'
