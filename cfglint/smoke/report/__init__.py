"""What smoke runs found, one module an output format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfglint.smoke.results import Report

FORMATS = ('text', 'json', 'github', 'junit', 'markdown')
"""The names of the formats."""


def render(report: Report, output_format: str) -> str:
    """Return all results in one of the formats."""
    module = import_module(f'{__name__}.{"as_json" if output_format == "json" else output_format}')
    text: str = module.render(report)
    return text
