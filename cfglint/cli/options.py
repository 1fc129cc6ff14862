"""What the command line of `cfglint check` says."""

from __future__ import annotations

from typing import NamedTuple


class CheckOptions(NamedTuple):
    """The command line. What is None or empty is left to the settings."""

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    output_format: str | None = None
    statistics: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    targets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    config: str | None = None
    isolated: bool = False
    cache: bool = True
    color: str = 'auto'
    quiet: bool = False
    verbose: bool = False
