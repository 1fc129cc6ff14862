"""Where the documentation is."""

from __future__ import annotations

from cfglint.rules import FAMILIES

HOME = 'https://mmcfglint.readthedocs.io/en/latest'


def page(rule: str, family: str) -> str:
    """Return the address of a rule's page; for a rule of a plugin, that of the page about plugins."""
    return f'{HOME}/rules/{rule}/' if family in FAMILIES else f'{HOME}/python/'
